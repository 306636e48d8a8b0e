"""What counts: who was at which held meeting, and which held meetings were for which unit."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import batched
from typing import NamedTuple

from trienkhai.meetings.models import Attendance, RosterEntry, Seat
from trienkhai.meetings.rules import ATTENDED, MeetingState, RosterGroup, Sitting, Visit
from trienkhai.organisation.models import UnitState
from trienkhai.organisation.rules import UnitKind
from trienkhai.rollouts.models import Rollout

CHUNK = 5_000


def visits_of(rollout: Rollout, people: Collection[int]) -> list[Visit]:
    """Every attended place of these people at the roll-out's held meetings, as known now."""
    found: list[Visit] = []
    for chunk in _chunks(people):
        rows = Attendance.objects.current().filter(
            presence__in=ATTENDED,
            entry__superseded_seq__isnull=True,
            entry__person__in=chunk,
            entry__meeting__rollout=rollout,
            entry__meeting__state=MeetingState.HELD,
        )
        values = rows.values_list("entry__person", "entry__unit", "entry__group", "valid_on", "entry__meeting")
        found.extend(
            Visit(person, unit, RosterGroup(group), day, meeting) for person, unit, group, day, meeting in values
        )
    return found


def sittings_of(rollout: Rollout, units: Collection[int], *, with_people: bool) -> dict[int, list[Sitting]]:
    """The held meetings of, or with seats for, each unit; with its own members on their rosters when asked."""
    rows: list[_Seated] = []
    for chunk in _chunks(units):
        seats = Seat.objects.current().filter(
            unit__in=chunk, meeting__rollout=rollout, meeting__state=MeetingState.HELD
        )
        columns = ("unit", "meeting", "meeting__held_on", "meeting__host", "meeting__makes_up_for")
        rows.extend(_Seated(*row) for row in seats.values_list(*columns))
    listed, came = _members(rows) if with_people else ({}, {})
    found: dict[int, list[Sitting]] = {}
    for unit, pk, held_on, host, makes_up_for in rows:
        sitting = Sitting(
            day=held_on,
            is_own=host == unit,
            course=makes_up_for or pk,
            is_make_up=makes_up_for is not None,
            listed=frozenset(listed.get((pk, unit), ())),
            attended=frozenset(came.get((pk, unit), ())),
        )
        found.setdefault(unit, []).append(sitting)
    return found


class _Seated(NamedTuple):
    unit: int
    meeting: int
    held_on: date
    host: int
    makes_up_for: int | None


type ByPlace = dict[tuple[int, int], set[int]]


def _members(rows: Sequence[_Seated]) -> tuple[ByPlace, ByPlace]:
    """``{(meeting, unit): persons}`` listed and attended; a cell's groups are part of the cell."""
    units = {row.unit for row in rows}
    cell_of = cells_of_groups(units)
    listed: ByPlace = {}
    came: ByPlace = {}
    for chunk in _chunks({row.meeting for row in rows}):
        entries = RosterEntry.objects.current().filter(meeting__in=chunk, group=RosterGroup.MEMBER)
        there = set(
            Attendance.objects.current()
            .filter(presence__in=ATTENDED, entry__meeting__in=chunk)
            .values_list("entry", flat=True)
        )
        for pk, meeting, person, unit in entries.values_list("pk", "meeting", "person", "unit"):
            for place in {unit, cell_of.get(unit, unit)} & units:
                listed.setdefault((meeting, place), set()).add(person)
                if pk in there:
                    came.setdefault((meeting, place), set()).add(person)
    return listed, came


def cells_of_groups(cells: Collection[int]) -> dict[int, int]:
    """``{group: cell}`` for the groups that are, or were, in these cells."""
    found: dict[int, int] = {}
    for chunk in _chunks(cells):
        states = UnitState.objects.current().filter(parent__in=chunk, kind=UnitKind.GROUP).order_by("starts_on")
        found.update(dict(states.values_list("unit", "parent")))
    return found


def _chunks(ids: Iterable[int]) -> Iterator[Sequence[int]]:
    return batched(sorted(ids), CHUNK)
