"""Writing memberships: one timeline per person for the counting tie, one per person and unit for the others."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from trienkhai.core.decisions import Invalid
from trienkhai.core.periods import FOREVER, Period
from trienkhai.ledger.models import Entry
from trienkhai.organisation.actions.changes import chunks
from trienkhai.organisation.actions.states import CHUNK_ROWS, open_days
from trienkhai.organisation.models import Membership
from trienkhai.organisation.rules import EndReason, Fault, MemberKind, Standing, Tie
from trienkhai.organisation.rules.timelines import Phase, Timeline, overlaps


@dataclass(frozen=True)
class TieValue:
    """What a membership says of a day."""

    unit: int
    kind: MemberKind
    standing: Standing


class Line(NamedTuple):
    """Which timeline a membership belongs to: ``unit`` is 0 for the counting tie, of which there is one."""

    person: int
    tie: Tie
    unit: int

    @classmethod
    def of(cls, person: int, tie: Tie, unit: int) -> "Line":
        """The line of a tie to a unit."""
        return cls(person, tie, 0 if tie is Tie.COUNTING else unit)


type Lines = dict[Line, Timeline[TieValue]]
type Reasons = dict[tuple[int, Tie, date | None], str]
"""Why a person's tie of a sort ended on a day."""


def lines_of(people: Iterable[int]) -> Lines:
    """All that is known now of the persons' ties."""
    phases: dict[Line, list[Phase[TieValue]]] = {}
    for chunk in chunks(people):
        for row in Membership.objects.current().filter(person__in=chunk).order_by("starts_on", "pk"):
            phases.setdefault(_line(row), []).append(_phase(row))
    return {line: tuple(of_line) for line, of_line in phases.items()}


def write_lines(wanted: Mapping[Line, Timeline[TieValue]], *, reason: EndReason, entry: Entry) -> frozenset[int]:
    """Make ``wanted`` what is known of these lines from now on; returns the persons changed.

    Rows that stay as they were are not touched. A row that newly ends gives ``reason``.

    Raises:
        Invalid: two counting ties on one day, or a tie on a day its unit is not open.
    """
    if any(overlaps(line) for line in wanted.values()):
        raise Invalid(Fault.COUNTS_ALREADY, on="person")
    fresh = {(line, phase) for line, phases in wanted.items() for phase in phases}
    reasons: Reasons = {}
    gone: list[int] = []
    changed: set[int] = set()
    for chunk in chunks({line.person for line in wanted}):
        for row in Membership.objects.current().filter(person__in=chunk):
            line = _line(row)
            if line not in wanted:
                continue
            if (line, _phase(row)) in fresh:
                fresh.discard((line, _phase(row)))
                continue
            gone.append(row.pk)
            changed.add(line.person)
            reasons[line.person, line.tie, row.ends_on] = row.end_reason
    check_inside(fresh)
    for chunk in chunks(gone):
        Membership.objects.filter(pk__in=chunk).supersede(entry)
    insert_ties(fresh, reason=reason, entry=entry, reasons=reasons)
    return frozenset(changed | {line.person for line, _phase in fresh})


def insert_ties(
    rows: Iterable[tuple[Line, Phase[TieValue]]],
    *,
    reason: EndReason,
    entry: Entry,
    reasons: Reasons | None = None,
) -> None:
    """Insert rows; one that ends says why: what was said before of the same end, else ``reason``."""
    said = reasons or {}
    memberships = [
        Membership(
            person_id=line.person,
            unit_id=phase.value.unit,
            kind=phase.value.kind.value,
            standing=phase.value.standing.value,
            tie=line.tie.value,
            starts_on=phase.period.start,
            ends_on=(end := phase.period.end_or_none),
            end_reason="" if end is None else said.get((line.person, line.tie, end)) or reason.value,
            recorded_seq=entry.seq,
            recorded_on=entry.recorded_on,
        )
        for line, phase in sorted(rows, key=lambda row: (row[0], row[1].period))
    ]
    Membership.objects.bulk_create(memberships, batch_size=CHUNK_ROWS)


def people_tied(units: Iterable[int], *, during: Q) -> set[int]:
    """Persons with a tie to one of the units among the rows ``during`` picks."""
    found: set[int] = set()
    for chunk in chunks(units):
        rows = Membership.objects.current().filter(during, unit__in=chunk)
        found.update(rows.values_list("person", flat=True))
    return found


def check_inside(rows: Iterable[tuple[Line, Phase[TieValue]]]) -> None:
    """Every tie lies on days its unit is open.

    Raises:
        Invalid: one does not.
    """
    rows = list(rows)
    days = open_days({phase.value.unit for _line, phase in rows})
    for _, phase in rows:
        inside = days.get(phase.value.unit, Period(FOREVER, FOREVER))
        if phase.period & inside != phase.period:
            raise Invalid(Fault.UNIT_NOT_OPEN, on="on", day=phase.period.start)


def _line(row: Membership) -> Line:
    return Line.of(row.person_id, Tie(row.tie), row.unit_id)


def _phase(row: Membership) -> Phase[TieValue]:
    value = TieValue(unit=row.unit_id, kind=MemberKind(row.kind), standing=Standing(row.standing))
    return Phase(Period.of(row.starts_on, row.ends_on), value)
