"""The roll-out's page: steps, units below, how it came about, and the sentence for the telephone."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from trienkhai.core import pages
from trienkhai.documents import Labels, Markup, burn_up
from trienkhai.organisation.requests import ActorRequest, signed_in
from trienkhai.progress import policies
from trienkhai.progress.models import Report
from trienkhai.progress.queries.overview import Course, FigureLine, Overview, UnitLine, courses, drawn_until, overview
from trienkhai.progress.queries.reports import corrections_since, latest_frozen
from trienkhai.progress.rules.figures import MAIN_FIGURE, FigureValue, Part, StepState
from trienkhai.progress.texts import FIGURE_NAMES, SHORT_NAMES, sentence
from trienkhai.progress.views.asking import Addresses, Asking, asking, entered_steps, report_url, working_url
from trienkhai.progress.views.cells import UnitsTable, day_rows, written
from trienkhai.rollouts.policies import can_act_for, can_manage
from trienkhai.rollouts.rules import FIGURE_BY_CODE, StepKind, Subject
from trienkhai.rollouts.texts import STEP_NAMES

_BAR = {StepState.NOT_DUE: "running", StepState.NONE: ""}
"""What colour the bar has where it is not the state's own."""


@dataclass(frozen=True)
class _Share:
    """A figure as it is shown: its name, share and the addresses of its facts (empty when they may not be opened)."""

    value: FigureValue
    name: object
    short: object
    state: StepState
    line: FigureLine | None
    url: str
    missing_url: str = ""
    declared_url: str = ""
    leaders_url: str = ""

    @property
    def share_state(self) -> str:
        """The colour of its bar."""
        return _BAR.get(self.state, str(self.state))


@dataclass(frozen=True)
class _Chart:
    title: str
    picture: Markup
    rows: SafeString


@signed_in
def rollout_page(request: ActorRequest, key: UUID) -> HttpResponse:
    """How far the roll-out has come in a unit, on a day, as known on a day."""
    found = asking(request, key)
    if isinstance(found, HttpResponse):
        return found
    asked, day = found.asked, found.today
    covered = policies.covered_units(request.actor, at=day)
    shown = overview(asked, covered=covered, is_covered=found.may_open)
    status = 422 if found.form.errors else 200
    context = {"rollout": asked.rollout, "asked": asked, "asking": found, "form": found.form, "today": day}
    if shown is None:
        return render(request, "progress/not_open.html", context, status=status)
    may_open = found.may_open
    frozen = latest_frozen(partial(policies.visible_reports, request.actor, at=day), asked.rollout, asked.unit_id)
    shares = _shares(shown, shown.unit.key, found.addresses, may_open=may_open)
    may_report = bool(policies.can_write_report(request.actor, asked.rollout, asked.unit_id, at=day))
    context |= {
        "unit": shown.unit,
        "is_lead": asked.unit_id == asked.rollout.lead_id,
        "trail": [(row.name, found.addresses.page(row.key)) for row in shown.above],
        "steps": [
            *_steps(shown, found, entered_steps(request.actor, found)),
            _last_step(found, frozen, may_report=may_report),
        ],
        "shares": shares,
        "leaders": [share for share in shares if share.value.leaders_denominator],
        "declared": [share for share in shares if share.value.has_declared],
        "counts": [_count(value, shown.unit.key, found.addresses, may_open=may_open) for value in shown.counts],
        **_table(shown, found.addresses),
        "charts": [_chart(course, found) for course in courses(asked, shown.steps)],
        "sentence": sentence(shown),
        "frozen": frozen,
        "corrections": corrections_since(frozen) if frozen else None,
        "panels": pages.panels("progress.rollout", request, asked.rollout),
        "may_report": may_report,
        "report_url": report_url(found),
        "may_manage": bool(can_manage(request.actor, asked.rollout, at=day)),
        "may_act": bool(can_act_for(request.actor, asked.rollout, asked.unit_id, at=day)),
        "latest_url": Addresses(asked.rollout, None, None).page(
            "" if asked.unit_id == asked.rollout.lead_id else shown.unit.key
        ),
    }
    return render(request, "progress/rollout.html", context, status=status)


def _steps(shown: Overview, found: Asking, entered: frozenset[StepKind]) -> list[pages.Step]:
    """The line of steps: titles lead to where a step is worked on, for who may; shares lead to the facts."""
    rollout = found.asked.rollout
    steps = []
    for kind, line in shown.main_lines:
        facts = found.addresses.facts(line.value.code, shown.unit.key) if found.may_open else ""
        steps.append(
            pages.Step(
                title=STEP_NAMES[kind],
                state=str(line.state),
                numerator=line.value.numerator if line.value.denominator else None,
                denominator=line.value.denominator or None,
                deadline=line.deadline_on,
                url=working_url(kind, rollout) if kind in entered else facts,
                share_url=facts,
            )
        )
    return steps


def _last_step(found: Asking, frozen: Report | None, *, may_report: bool) -> pages.Step:
    """The report: frozen, or to be written by who may."""
    url = ""
    if frozen:
        url = reverse("progress:report", args=[frozen.key])
    elif may_report:
        url = report_url(found)
    return pages.Step(title=_("Report"), state=str(StepState.DONE if frozen else StepState.NOT_DUE), url=url)


def _shares(shown: Overview, unit_key: str, addresses: Addresses, *, may_open: bool) -> list[_Share]:
    return [_share(line, unit_key, addresses, may_open=may_open) for line in shown.lines]


def _share(line: FigureLine, unit_key: str, addresses: Addresses, *, may_open: bool) -> _Share:
    code = line.value.code
    name, short = FIGURE_NAMES[code], SHORT_NAMES[code]
    if not may_open:
        return _Share(line.value, name, short, line.state, line, "")
    return _Share(
        line.value,
        name,
        short,
        line.state,
        line,
        addresses.facts(code, unit_key),
        missing_url=addresses.facts(code, unit_key, Part.MISSING),
        declared_url=addresses.facts(code, unit_key, Part.DECLARED),
        leaders_url=addresses.facts(code, unit_key, leaders=True),
    )


def _count(value: FigureValue, unit_key: str, addresses: Addresses, *, may_open: bool) -> _Share:
    url = addresses.facts(value.code, unit_key) if may_open else ""
    name, short = FIGURE_NAMES[value.code], SHORT_NAMES[value.code]
    return _Share(value, name, short, StepState.NONE, None, url)


def _table(shown: Overview, addresses: Addresses) -> dict[str, object]:
    """The units below: the figure that stands for each step, and cells that studied where a unit has several."""
    codes = [MAIN_FIGURE[kind] for kind in shown.steps]
    several = any((line["units_studied"].value.denominator or 0) > 1 for line in shown.below if "study" in shown.steps)
    if several:
        codes.insert(codes.index("persons_studied"), "units_studied")
    columns = [str(SHORT_NAMES[code]) for code in codes]
    table = UnitsTable(columns)
    rows = [_unit_row(table, line, codes, addresses) for line in shown.below]
    if shown.direct:
        rows.append(_direct_row(table, shown.direct, codes))
    return {"columns": columns, "below": written(rows) if shown.below else ""}


def _unit_row(table: UnitsTable, line: UnitLine, codes: list[str], addresses: Addresses) -> str:
    key = line.unit.key
    cells = [
        _cell(
            table,
            line[code],
            addresses.facts(code, key),
            addresses.facts(code, key, Part.DECLARED) if line[code].value.has_declared else "",
        )
        for code in codes
    ]
    return table.row(line.unit.name, addresses.page(key), line.state, cells)


def _direct_row(table: UnitsTable, line: UnitLine, codes: list[str]) -> str:
    return table.row(_("The unit itself"), "", line.state, [_cell(table, line[code], "", "") for code in codes])


def _cell(table: UnitsTable, line: FigureLine, url: str, declared_url: str) -> str:
    value = line.value
    return table.cell(
        value,
        look=_BAR.get(line.state, str(line.state)),
        url=url,
        declared_url=declared_url,
        is_single=value.denominator == 1 and FIGURE_BY_CODE[value.code].subject is Subject.UNIT,
    )


def _chart(course: Course, found: Asking) -> _Chart:
    title = {"persons_studied": _("People who have studied"), "papers_submitted": _("Papers handed in")}[course.code]
    last = course.table[-1] if course.table else None
    description = (
        _("On %(day)s: %(done)d of %(owed)d.")
        % {"day": f"{found.asked.as_of:%d/%m/%Y}", "done": last[1], "owed": last[2]}
        if last
        else ""
    )
    labels = Labels(
        title=title,
        description=description,
        done=_("done"),
        owed=_("owed"),
        deadline=_("Deadline"),
        as_of=_("As of"),
    )
    picture = burn_up(
        course.done,
        course.owed,
        as_of=drawn_until(course, found.asked.as_of),
        deadline=course.deadline_on,
        labels=labels,
        key=course.code,
    )
    return _Chart(title, picture, day_rows(reversed(course.table)))
