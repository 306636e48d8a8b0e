"""The facts behind one figure: names for those who may see them, numbers by unit for the others."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from trienkhai.core import pages
from trienkhai.figures.queries import paths_on
from trienkhai.organisation.policies import named_units, runnable_units, visible_people
from trienkhai.organisation.queries import UnitRow, name_of, unit_rows
from trienkhai.organisation.requests import ActorRequest, signed_in
from trienkhai.papers.policies import visible_papers
from trienkhai.progress.queries import facts as behind
from trienkhai.progress.queries.facts import Declared, FactKind, Row
from trienkhai.progress.queries.values import figures, figures_by_child
from trienkhai.progress.rules.figures import CODES, COUNTS, FigureValue, Part
from trienkhai.progress.texts import DETAIL_NAMES, FIGURE_NAMES, MISSING_NAMES
from trienkhai.progress.views.asking import (
    Asking,
    asking,
    entered_steps,
    fact_url,
    step_of,
    working_url,
)
from trienkhai.rollouts.rules import FIGURE_BY_CODE, Subject


@dataclass(frozen=True)
class _ShownRow:
    row: Row
    url: str
    detail: object
    is_person_open: bool


@dataclass(frozen=True)
class _UnitCount:
    unit: UnitRow | None
    url: str
    count: int


@signed_in
def facts(request: ActorRequest, key: UUID, code: str) -> HttpResponse:
    """Who or what stands behind a figure of a unit on a day."""
    if code not in CODES:
        raise Http404
    found = asking(request, key)
    if isinstance(found, HttpResponse):
        return found
    if not found.may_open:
        raise Http404
    which, leaders = _which(request, code), _is_about_leaders(request, code)
    value = _value(found, code, leaders=leaders)
    unit_key = str(found.unit.key)
    context = {
        "rollout": found.asked.rollout,
        "asked": found.asked,
        "form": found.form,
        "unit_name": name_of(found.unit, found.asked.as_of),
        "unit_key": unit_key,
        "value": value,
        "code": code,
        "name": FIGURE_NAMES[code],
        "missing_name": MISSING_NAMES.get(code, ""),
        "which": str(which),
        **{f"which_{part}": part is which for part in Part},
        "is_share": code not in COUNTS,
        "has_units": _is_about_people(code),
        "page_url": found.addresses.page(unit_key),
        "part_urls": {str(part): found.addresses.facts(code, unit_key, part, leaders=leaders) for part in Part},
        "leaders": leaders,
        "everybody_url": found.addresses.facts(code, unit_key, which),
        "working_url": _working_url(request, found, code, which),
        **_listed(request, found, value, which, leaders=leaders),
    }
    return render(request, "progress/facts.html", context, status=422 if found.form.errors else 200)


def _value(found: Asking, code: str, *, leaders: bool) -> FigureValue:
    asked = found.asked
    values = figures(rollout=asked.rollout, unit=asked.unit_id, as_of=asked.as_of, known_at=asked.known_at)
    value = values[CODES.index(code)]
    return value.of_leaders() if leaders else value


def _working_url(request: ActorRequest, found: Asking, code: str, which: Part) -> str:
    """Where such facts are entered, for a reader who may and who looks at what is there, or is not there yet."""
    step = step_of(code)
    is_offered = which is not Part.DECLARED and step in entered_steps(request.actor, found)
    return working_url(step, found.asked.rollout) if is_offered else ""


def _is_about_people(code: str) -> bool:
    """Whether a row is somebody, and so has a unit beside the name."""
    return code != "meetings_held" if code in COUNTS else FIGURE_BY_CODE[code].subject is Subject.PERSON


def _is_about_leaders(request: ActorRequest, code: str) -> bool:
    return "leaders" in request.GET and code in FIGURE_BY_CODE and FIGURE_BY_CODE[code].subject is Subject.PERSON


def _which(request: ActorRequest, code: str) -> Part:
    which = request.GET.get("which", Part.DONE)
    if which not in set(Part) or (code in COUNTS and which != Part.DONE):
        raise Http404
    return Part(which)


def _listed(
    request: ActorRequest, found: Asking, value: FigureValue, which: Part, *, leaders: bool
) -> dict[str, object]:
    """A page of rows, and numbers by unit where names may not be seen."""
    asked, code = found.asked, value.code
    if which is Part.DECLARED:
        return {"declarations": _discreet(request, found, behind.declarations(asked, code))}
    if code == "meetings_held":
        page: pages.Page[Any] = pages.paginate(request, behind.holdings(asked))
        return {"page": page, "rows": _shown(request, found, behind.holding_rows(asked, list(page)))}
    if code not in COUNTS and FIGURE_BY_CODE[code].subject is Subject.UNIT:
        figure = FIGURE_BY_CODE[code]
        page = pages.paginate(request, behind.places(asked, figure, which))
        return {"page": page, "rows": _shown(request, found, behind.rows_of(asked, figure, which, list(page)))}
    seen = named_units(request.actor, at=found.today).filter(pk__in=asked.under).values_list("pk", flat=True)
    page, rows, counts = _seen(request, found, code, which, leaders=leaders, units=set(seen))
    hidden = _hidden(found, value, which, counts, leaders=leaders)
    return {"page": page, "rows": _shown(request, found, rows), "hidden": hidden}


def _seen(
    request: ActorRequest, found: Asking, code: str, which: Part, *, leaders: bool, units: set[int]
) -> tuple[pages.Page[Any], Sequence[Row], dict[int, int]]:
    """A page of those in these units, whose names the reader sees; and how many there are in each."""
    asked = found.asked
    if code in COUNTS:
        visits = behind.visits(asked, code).filter(entry__unit__in=units)
        page: pages.Page[Any] = pages.paginate(request, visits)
        by_unit = visits.order_by("entry__unit").values("entry__unit").annotate(n=Count("pk"))
        return page, behind.visit_rows(asked, list(page)), dict(by_unit.values_list("entry__unit", "n"))
    figure = FIGURE_BY_CODE[code]
    places = behind.places(asked, figure, which, leaders=leaders).filter(unit__in=units)
    counts = behind.counts_by_unit(places)
    page = pages.paginate(request, behind.Shelves(asked, places, counts))
    return page, behind.rows_of(asked, figure, which, list(page)), counts


def _shown(request: ActorRequest, found: Asking, rows: Sequence[Row]) -> list[_ShownRow]:
    """Rows with the addresses of their facts; a person's own page only for those who may open it."""
    rows = _discreet(request, found, rows)
    keys = [row.person_key for row in rows if row.person_key]
    people = visible_people(request.actor, at=found.today).filter(key__in=keys)
    may_open = {str(key) for key in people.values_list("key", flat=True)} if keys else set()
    may_follow = _followed(request, found, rows)
    return [
        _ShownRow(
            row,
            may_follow(row),
            DETAIL_NAMES.get(row.fact.detail, "") if row.fact else "",
            row.person_key in may_open,
        )
        for row in rows
    ]


def _discreet[R: (Row, Declared)](request: ActorRequest, found: Asking, rows: Sequence[R]) -> list[R]:
    """The same rows; without who entered, told or noted what, where the reader sees no names of the unit."""
    units = {row.unit.id for row in rows if row.unit}
    named = set(named_units(request.actor, at=found.today).filter(pk__in=units).values_list("pk", flat=True))
    return [row if row.unit and row.unit.id in named else row.without_names() for row in rows]


def _followed(request: ActorRequest, found: Asking, rows: Sequence[Row]) -> Callable[[Row], str]:
    """The address a row's fact opens to for this reader; empty when that page is not theirs to see.

    A paper's words are its author's and reader's; whoever may enter papers of the unit is led to the unit's list.
    """
    rollout, day = found.asked.rollout, found.today
    kinds = {row.fact.kind for row in rows if row.fact}
    papers: set[str] = set()
    run: set[str] = set()
    named: set[str] = set()
    if FactKind.PAPER in kinds:
        keys = [row.fact.key for row in rows if row.fact]
        readable = visible_papers(request.actor, at=day).filter(key__in=keys)
        papers = {str(key) for key in readable.values_list("key", flat=True)}
    if kinds & {FactKind.PAPER, FactKind.RECEIPT}:
        units = [row.unit.id for row in rows if row.unit]
        run = {
            str(key) for key in runnable_units(request.actor, at=day).filter(pk__in=units).values_list("key", flat=True)
        }
        named = {
            str(key) for key in named_units(request.actor, at=day).filter(pk__in=units).values_list("key", flat=True)
        }

    def url(row: Row) -> str:
        if row.fact is None:
            return ""
        unit = row.unit.key if row.unit else ""
        if row.fact.kind is FactKind.PAPER and row.fact.key not in papers:
            return reverse("papers:of_unit", args=[rollout.key, unit]) if unit in run & named else ""
        if row.fact.kind is FactKind.RECEIPT and unit not in run:
            return ""
        return fact_url(row.fact, rollout)

    return url


def _hidden(
    found: Asking, whole: FigureValue, which: Part, seen: Mapping[int, int], *, leaders: bool
) -> list[_UnitCount]:
    """How many more there are in each unit directly below, and in none of them; ``seen``: those shown, by unit."""
    rest = _number(whole, which) - sum(seen.values())
    if not rest:
        return []
    asked, rows = found.asked, []
    below = figures_by_child(rollout=asked.rollout, unit=asked.unit_id, as_of=asked.as_of, known_at=asked.known_at)
    inside = _inside(found, [child.unit.id for child in below], seen)
    for child in below:
        value = child[whole.code].of_leaders() if leaders else child[whole.code]
        count = _number(value, which) - inside[child.unit.id]
        rest -= count
        if count:
            url = found.addresses.facts(whole.code, child.unit.key, which, leaders=leaders)
            rows.append(_UnitCount(child.unit, url, count))
    own = unit_rows({asked.unit_id}, asked.as_of, known_at=asked.known_at).get(asked.unit_id)
    return [*rows, _UnitCount(own, "", rest)] if rest else rows


def _number(value: FigureValue, which: Part) -> int:
    return value.missing if which is Part.MISSING else value.numerator


def _inside(found: Asking, below: Sequence[int], seen: Mapping[int, int]) -> Counter[int]:
    """How many of those shown lie in each of these units and what is below them."""
    paths = paths_on(found.asked.as_of, known_at=found.asked.known_at)
    counted: Counter[int] = Counter()
    for upper, unit in paths.filter(ancestor__in=below, descendant__in=seen).values_list("ancestor", "descendant"):
        counted[upper] += seen[unit]
    return counted
