"""Reports: which there are, what tokens stand for, and what has been corrected since the figures were frozen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict

from django.db.models import QuerySet

from trienkhai.directives.rules import DirectiveKind
from trienkhai.figures.queries import changes_since
from trienkhai.ledger.models import Entry
from trienkhai.organisation.models import Unit, UnitState, held_on
from trienkhai.organisation.queries import children_of, committee_of, name_of, seat_on, signer_of
from trienkhai.organisation.rules import UnitKind
from trienkhai.progress.models import FrozenFigure, Report
from trienkhai.progress.queries.facts import entered_by
from trienkhai.progress.queries.values import figures, figures_by_child
from trienkhai.progress.rules.drafts import cited, draft, layout_words
from trienkhai.progress.rules.figures import ALL_SERIES, CODES, FigureValue, series_of
from trienkhai.rollouts.models import Rollout
from trienkhai.rollouts.queries import steps_of


@dataclass(frozen=True)
class UnitFigures:
    """A unit's name and its figures by code, as a report shows them."""

    name: str
    figures: Mapping[str, FigureValue]


@dataclass(frozen=True)
class ReportFigures:
    """The figures of a report: frozen ones once it is frozen, else those of its day as known now."""

    own: UnitFigures
    below: Sequence[UnitFigures]


@dataclass(frozen=True)
class Correction:
    """An entry made since the figures were frozen and that changed one: what, when, by whom, by how much."""

    seq: int
    action: str
    recorded_at: datetime
    entered_by: str
    changes: Mapping[str, tuple[int, int]]
    """``{figure: (±numerator, ±denominator)}``"""


@dataclass(frozen=True)
class Compared:
    """A frozen figure beside the same figure as known now."""

    code: str
    frozen: FigureValue
    current: FigureValue

    @property
    def has_changed(self) -> bool:
        """Whether it would be another figure today."""
        return (self.frozen.numerator, self.frozen.denominator) != (self.current.numerator, self.current.denominator)


def latest_frozen(visible: Callable[[], QuerySet[Report]], rollout: Rollout, unit_id: int) -> Report | None:
    """The report of the unit frozen last, among those the reader may see; who sees which is asked only if there is one.

    Args:
        visible: gives the reports the reader may see.
        rollout: the roll-out.
        unit_id: the unit.
    """
    frozen = Report.objects.filter(rollout=rollout, unit=unit_id, frozen_at__isnull=False)
    if not frozen.exists():
        return None
    return visible().filter(pk__in=frozen.values("pk")).order_by("-frozen_seq", "-pk").first()


def figures_of(report: Report) -> ReportFigures:
    """What the report's tokens stand for."""
    if report.is_frozen:
        return _frozen(report)
    own = figures(rollout=report.rollout, unit=report.unit_id, as_of=report.as_of)
    children = figures_by_child(rollout=report.rollout, unit=report.unit_id, as_of=report.as_of)
    return ReportFigures(
        UnitFigures(name_of(report.unit_id, report.as_of), dict(zip(CODES, own, strict=True))),
        [UnitFigures(child.unit.name, dict(zip(CODES, child.figures, strict=True))) for child in children],
    )


def _frozen(report: Report) -> ReportFigures:
    by_unit: dict[int, tuple[str, dict[str, FigureValue]]] = {}
    for row in FrozenFigure.objects.filter(report=report).order_by("position", "pk"):
        by_unit.setdefault(row.unit_id, (row.unit_name, {}))[1][row.code] = _value(row, report)
    own = by_unit.pop(report.unit_id)
    return ReportFigures(UnitFigures(*own), [UnitFigures(*rest) for rest in by_unit.values()])


def _value(row: FrozenFigure, report: Report) -> FigureValue:
    return FigureValue(
        code=row.code,
        numerator=row.numerator,
        denominator=row.denominator,
        declared_numerator=row.declared_numerator,
        declared_denominator=row.declared_denominator,
        leaders_numerator=row.leaders_numerator,
        leaders_denominator=row.leaders_denominator,
        as_of=report.as_of,
        known_at=None,
        definition=row.definition,
    )


def compared(report: Report) -> list[Compared]:
    """Each frozen figure of the report's own unit beside the same figure of the same day, as known now."""
    frozen = _frozen(report).own.figures
    now = figures(rollout=report.rollout, unit=report.unit_id, as_of=report.as_of)
    return [Compared(value.code, frozen[value.code], value) for value in now if value.code in frozen]


def corrections_since(report: Report) -> list[Correction]:
    """Every entry since the freezing that changed a figure of the report's unit and day, oldest first."""
    if report.frozen_seq is None:
        return []
    changed = changes_since(
        scope=report.rollout.scope,
        codes=ALL_SERIES,
        unit=report.unit_id,
        as_of=report.as_of,
        seq=report.frozen_seq,
    )
    entries = Entry.objects.in_bulk(list(changed))
    names = entered_by(changed)
    return [
        Correction(seq, entries[seq].action, entries[seq].recorded_at, names.get(seq, ""), _by_figure(by_series))
        for seq, by_series in changed.items()
    ]


def _by_figure(by_series: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    found = {}
    for code in CODES:
        numerator, *rest = series_of(code)
        change = (by_series.get(numerator, 0), by_series.get(rest[0], 0) if rest else 0)
        if change != (0, 0):
            found[code] = change
    return found


# --- What a report begins with ----------------------------------------------------------------------------------------


class Beginning(TypedDict):
    """What of a report is written before anybody writes."""

    subject: str
    body: str
    kind: str
    upper_organ: str
    organ: str
    number: str
    place: str
    signer_authority: str
    signer_post: str
    signer: str
    recipients: str


def beginning(rollout: Rollout, unit: Unit, *, as_of: date, language: str) -> Beginning:
    """The prose and layout a new report of the unit begins with: drafted, its signer by the posts of that day."""
    state = UnitState.objects.current().filter(held_on(as_of), unit=unit).select_related("parent").first()
    kind = UnitKind(state.kind) if state else UnitKind.BASE
    drafted = draft(
        language=language,
        what=directives_in_words(rollout, language),
        steps=tuple(steps_of(rollout)),
        has_children=bool(children_of(unit, as_of)),
    )
    words = layout_words(kind, language)
    parent = state.parent if state else None
    upper = (committee_of(parent.pk, as_of) or name_of(parent, as_of)) if parent else ""
    signer, post = signer_of(unit.pk, as_of)
    return Beginning(
        subject=drafted.subject,
        body=drafted.body,
        kind=drafted.kind,
        upper_organ=upper,
        organ=committee_of(unit.pk, as_of) or (state.name if state else ""),
        number=words.number,
        place=seat_on(unit.pk, as_of),
        signer_authority=words.authority,
        signer_post=words.posts[post] if post else "",
        signer=signer,
        recipients="\n".join(filter(None, (upper, *words.recipients))),
    )


def directives_in_words(rollout: Rollout, language: str) -> str:
    """The directives carried out, by kind, number and title; the roll-out's own title when it has none."""
    links = rollout.directive_links.filter(is_guiding=False).select_related("directive").order_by("position", "pk")
    found = [link.directive for link in links]
    named = [cited(DirectiveKind(one.kind), one.number, one.title, language=language) for one in found]
    return "; ".join(named) or rollout.title
