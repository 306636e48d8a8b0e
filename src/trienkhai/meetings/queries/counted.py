"""What counts: who was at which held meeting, and which held meetings were for which unit."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import batched
from typing import NamedTuple

from trienkhai.core.sql import as_day, fetched, listed
from trienkhai.meetings.models import Attendance, RosterEntry
from trienkhai.meetings.rules import ATTENDED, MeetingState, RosterGroup, Sitting, Visit
from trienkhai.organisation.models import UnitState
from trienkhai.organisation.rules import UnitKind
from trienkhai.rollouts.models import Rollout

CHUNK = 5_000


def visits_of(rollout: Rollout, people: Collection[int]) -> list[Visit]:
    """Every attended place of these people at the roll-out's held meetings, as known now."""
    found: list[Visit] = []
    for chunk in _chunks(people):
        rows = fetched(_VISITS.format(people=listed(chunk)), [rollout.pk])
        found.extend(
            Visit(person, unit, RosterGroup(group), as_day(day), meeting) for person, unit, group, day, meeting in rows
        )
    return found


_VISITS = f"""
    SELECT place.person_id, place.unit_id, place."group", mark.valid_on, place.meeting_id
    FROM meetings_rosterentry place
    JOIN meetings_attendance mark ON mark.entry_id = place.id AND mark.superseded_seq IS NULL
    JOIN meetings_meeting meeting ON meeting.id = place.meeting_id
    WHERE place.person_id IN ({{people}}) AND place.superseded_seq IS NULL
      AND mark.presence IN ({", ".join(f"'{presence}'" for presence in sorted(ATTENDED))})
      AND meeting.rollout_id = %s AND meeting.state = '{MeetingState.HELD}'
"""  # noqa: S608 - words of ours


def sittings_of(rollout: Rollout, units: Collection[int], *, with_people: bool) -> dict[int, list[Sitting]]:
    """The held meetings of, or with seats for, each unit; with its own members on their rosters when asked."""
    rows: list[_Seated] = []
    for chunk in _chunks(units):
        rows.extend(_Seated(*row) for row in fetched(_SITTINGS.format(units=listed(chunk)), [rollout.pk]))
    expected, came = _members(rows) if with_people else ({}, {})
    found: dict[int, list[Sitting]] = {}
    for unit, pk, held_on, host, makes_up_for in rows:
        sitting = Sitting(
            day=as_day(held_on),
            is_own=host == unit,
            course=makes_up_for or pk,
            is_make_up=makes_up_for is not None,
            listed=frozenset(expected.get((pk, unit), ())),
            attended=frozenset(came.get((pk, unit), ())),
        )
        found.setdefault(unit, []).append(sitting)
    return found


_SITTINGS = f"""
    SELECT seat.unit_id, meeting.id, meeting.held_on, meeting.host_id, meeting.makes_up_for_id
    FROM meetings_seat seat JOIN meetings_meeting meeting ON meeting.id = seat.meeting_id
    WHERE seat.unit_id IN ({{units}}) AND seat.superseded_seq IS NULL
      AND meeting.rollout_id = %s AND meeting.state = '{MeetingState.HELD}'
"""  # noqa: S608 - words of ours


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
    expected: ByPlace = {}
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
                expected.setdefault((meeting, place), set()).add(person)
                if pk in there:
                    came.setdefault((meeting, place), set()).add(person)
    return expected, came


def cells_of_groups(cells: Collection[int]) -> dict[int, int]:
    """``{group: cell}`` for the groups that are, or were, in these cells."""
    found: dict[int, int] = {}
    for chunk in _chunks(cells):
        states = UnitState.objects.current().filter(parent__in=chunk, kind=UnitKind.GROUP).order_by("starts_on")
        found.update(dict(states.values_list("unit", "parent")))
    return found


def _chunks(ids: Iterable[int]) -> Iterator[Sequence[int]]:
    return batched(sorted(ids), CHUNK)
