"""What submissions, points and answers of calls count, by unit and day.

Of whom: a submission counts for its author's unit when that unit is among those asked, else for the unit that asks; so
does everything without a name. On which day: received; out of a box, the day of its release.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from enum import StrEnum

from django.db.models import Min, QuerySet

from trienkhai.comments.models import Asked, Call, Disposition, Point, Submission
from trienkhai.comments.queries.outcomes import accepted_at, outcomes_of
from trienkhai.comments.queries.places import desk_of
from trienkhai.comments.rules import About
from trienkhai.comments.rules.grouping import Outcome
from trienkhai.figures.queries import keys_under, totals_by_unit
from trienkhai.organisation.queries import name_of
from trienkhai.sealed.queries import participants

Effects = Counter[tuple[str, int, date]]


class Code(StrEnum):
    """Figures of a call."""

    ASKED = "comments_asked"
    TAKEN_PART = "comments_taken_part"
    SUBMISSIONS = "comments_submissions"
    POINTS = "comments_points"
    ANSWERED = "comments_answered"
    ON_TIME = "comments_answered_on_time"
    CLAUSES = "clauses_changed"


def asked_effects(call: Call) -> Effects:
    """Everybody asked, in their unit, from the day the call opens; of residents, the codes, where the call is."""
    if call.by_codes:
        return Counter({(str(Code.ASKED), call.unit_id, call.opens_on): call.asked_number})
    units = Asked.objects.filter(call=call).values_list("unit", flat=True)
    return Counter((str(Code.ASKED), unit, call.opens_on) for unit in units)


def submission_effects(call: Call, submissions: Iterable[Submission]) -> Effects:
    """The submissions, whether they still hold or not."""
    units = asked_units(call)
    return Counter(
        (str(Code.SUBMISSIONS), _unit(call, row.unit_id, units), _day(call, row.received_on)) for row in submissions
    )


def point_effects(call: Call, points: QuerySet[Point]) -> Effects:
    """The points that are not on persons, and those answered, whether their submissions still hold or not."""
    units = asked_units(call)
    rows = list(
        points.exclude(about=About.PERSON)
        .values_list("group", "submission__unit", "submission__received_on")
        .order_by()
    )
    answered = _answered_on({group for group, _unit_id, _on in rows})
    found: Effects = Counter()
    for group, author, received_on in rows:
        unit, day = _unit(call, author, units), _day(call, received_on)
        found[Code.POINTS, unit, day] += 1
        if group in answered:
            on = max(answered[group], day)
            found[Code.ANSWERED, unit, on] += 1
            if on <= call.answer_by:
                found[Code.ON_TIME, unit, on] += 1
    return found


_AT_ONCE = 1_000


def _answered_on(groups: Collection[int]) -> dict[int, date]:
    listed = sorted(groups)
    found: dict[int, date] = {}
    for start in range(0, len(listed), _AT_ONCE):
        rows = Disposition.objects.current().filter(group__in=listed[start : start + _AT_ONCE])
        found |= dict(rows.values_list("group", "answered_on"))
    return found


def people_effects(
    call: Call, people: Collection[int], *, without: Collection[int] = (), besides: Collection[int] = ()
) -> Effects:
    """Those of the people who were asked and have spoken openly, each on their first day.

    ``without`` and ``besides``: submissions (ids) to leave out though they hold, to count though they do not.
    """
    if call.is_sealed:
        return Counter()
    rows = Submission.objects.current().filter(call=call, person__in=people).exclude(pk__in=without)
    rows |= Submission.objects.filter(call=call, person__in=people, pk__in=besides)
    first = dict(rows.values_list("person").annotate(day=Min("received_on")).order_by())
    units = dict(Asked.objects.filter(call=call, person__in=first).values_list("person", "unit"))
    return Counter((str(Code.TAKEN_PART), unit, _day(call, first[person])) for person, unit in units.items())


def released_effects(call: Call) -> Effects:
    """All who have sent something into the box: those with a name in their unit, the others where the call is."""
    if call.round_key is None or call.released_on is None:
        return Counter()
    out = Submission.objects.filter(call=call, received_on__isnull=True, person__isnull=False)
    named = list(out.values_list("unit", flat=True))
    units = asked_units(call)
    found: Effects = Counter((str(Code.TAKEN_PART), _unit(call, unit, units), call.released_on) for unit in named)
    found[Code.TAKEN_PART, call.unit_id, call.released_on] += len(participants(call.round_key)) - len(named)
    return found


def clause_effects(call: Call) -> Effects:
    """Each clause that accepted comments have changed: it reads otherwise in an adopted version that they name.

    From the day of that version, or of the answer where that came later; a clause that several versions change, once.
    """
    named = accepted_at(desk_of(call)).filter(version__adopted_on__isnull=False).order_by()
    said = named.values_list("version", "measure", "version__adopted_on").annotate(day=Min("answered_on"))
    found = [((version, measure), max(adopted, day)) for version, measure, adopted, day in said]
    became = outcomes_of({clause for clause, _day in found})
    first: dict[int, date] = {}
    for (version, measure), day in found:
        if became[version, measure] is Outcome.CHANGED:
            first[measure] = min(day, first.get(measure, day))
    return Counter((str(Code.CLAUSES), call.unit_id, day) for day in first.values())


def own_figures(call: Call, *, on: date) -> list[tuple[str, dict[str, int]]]:
    """The unit that asked, then each unit whose people were asked: what counts for it alone, by the codes' names."""
    own = asked_units(call)
    units = [call.unit_id, *sorted(own - {call.unit_id})]
    below = {unit: [path for path in keys_under(unit, on) if path in own and path != unit] for unit in units}
    found = totals_by_unit(scope=call.scope, codes=list(Code), units=units, as_of=on)
    rows = []
    for unit in units:
        lowest = _outermost(below[unit], below)
        mine = {code.name.lower(): found[unit][code] - sum(found[one][code] for one in lowest) for code in Code}
        rows.append((name_of(unit, on), mine))
    return rows[:1] + sorted(rows[1:])


def _outermost(units: Collection[int], below: Mapping[int, Collection[int]]) -> list[int]:
    """Those that lie in no other of them."""
    inside = {lower for unit in units for lower in below.get(unit, ())}
    return [unit for unit in units if unit not in inside]


def asked_units(call: Call) -> set[int]:
    """The units whose people are asked."""
    return set(Asked.objects.filter(call=call).values_list("unit", flat=True).distinct())


def _unit(call: Call, unit: int | None, asked: Collection[int]) -> int:
    return unit if unit is not None and unit in asked else call.unit_id


def _day(call: Call, received_on: date | None) -> date:
    return received_on or call.released_on or call.closes_on
