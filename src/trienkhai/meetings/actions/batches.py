"""Many meetings with their rolls in one action: imports and simulations."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction

from trienkhai.core.decisions import Invalid, refuse
from trienkhai.figures.queries import paths_on
from trienkhai.ledger.actions import record
from trienkhai.ledger.clock import local_day
from trienkhai.ledger.models import Entry
from trienkhai.meetings.actions.counting import Count
from trienkhai.meetings.actions.planning import MeetingFacts
from trienkhai.meetings.actions.rosters import with_cells
from trienkhai.meetings.models import Attendance, Holding, Meeting, RosterEntry, Seat
from trienkhai.meetings.queries.counted import cells_of_groups
from trienkhai.meetings.queries.rosters import Around, around
from trienkhai.meetings.rules import (
    Listed,
    Mark,
    MeetingFault,
    MeetingReason,
    MeetingState,
    Presence,
    RosterGroup,
    Source,
)
from trienkhai.organisation.policies import runnable_units
from trienkhai.organisation.rules import Actor
from trienkhai.rollouts.models import Rollout

ROWS = 2_000


@dataclass(frozen=True)
class BatchMeeting:
    """One held meeting of a batch.

    Attributes:
        host: id of the unit that held it.
        facts: title, day, place, other units with seats.
        marks: by person id. On an ordinary meeting, exceptions to ``everyone_else``; people who are not members are
            marked only when named here. On a make-up session, exactly those who were on its roster.
        everyone_else: what the members not in ``marks`` were; ``None`` leaves them unmarked.
        guests: names of guests who came.
        notes: discussion notes.
        key: of the meeting; one already recorded is left out, so that a batch can be sent again.
        makes_up_for: key of the meeting made up for, recorded before or earlier in this batch.
    """

    host: int
    facts: MeetingFacts
    marks: Mapping[int, Mark] = field(default_factory=dict)
    everyone_else: Presence | None = Presence.PRESENT
    guests: Sequence[str] = ()
    notes: str = ""
    key: UUID = field(default_factory=uuid4)
    makes_up_for: UUID | None = None


@transaction.atomic
def record_meetings(
    *,
    rollout: Rollout,
    batch: Sequence[BatchMeeting],
    actor: Actor,
    at: datetime,
    source: Source = Source.IMPORT,
    told_by: str = "",
) -> Entry | None:
    """Record held meetings with their rosters and rolls: one entry for all; ``None`` when all were recorded before.

    Raises:
        Refused: a host, or a unit with seats, the actor may not act for; a day that has not come.
        Invalid: a meeting twice in the batch, a day before the roll-out opens, a unit outside it, somebody marked who
            is not on the roster.
    """
    day = local_day(at)
    if len({one.key for one in batch}) < len(batch):
        raise Invalid(MeetingFault.TWICE_IN_BATCH)
    known = set(Meeting.objects.filter(key__in=[one.key for one in batch]).values_list("key", flat=True))
    fresh = [one for one in batch if one.key not in known]
    if not fresh:
        return None
    seats = _checked_seats(rollout, fresh, actor=actor, at=day)
    entry = record(
        actor=actor.key,
        action="meetings.record_batch",
        subject=rollout.key,
        detail={"meetings": len(fresh), "source": source, "told_by": told_by},
        count=len(fresh),
    )
    meetings = _make_meetings(rollout, fresh, entry)
    places, marks = _rosters(rollout, fresh, meetings, seats)
    before = Count.take(
        rollout,
        people={row.person_id for row in places if row.person_id},
        units=with_cells({unit for units in seats.values() for unit in units}),
    )
    _write(meetings, seats, places, marks, entry=entry, source=source, told_by=told_by)
    before.settle(entry, fresh_meetings=[meeting.pk for meeting in meetings.values()])
    return entry


def _checked_seats(rollout: Rollout, batch: Sequence[BatchMeeting], *, actor: Actor, at: date) -> dict[UUID, set[int]]:
    """The units with places in each meeting, after checking that all of them may be."""
    groups: dict[int, set[int]] = {}
    named = {unit for one in batch for unit in (one.host, *one.facts.seats)}
    for group, cell in cells_of_groups(named).items():
        groups.setdefault(cell, set()).add(group)
    inside: dict[date, set[int]] = {}
    result: dict[UUID, set[int]] = {}
    for one in batch:
        day = one.facts.held_on
        if fault := one.facts.fault():
            raise fault
        if day < rollout.opens_on:
            raise Invalid(MeetingFault.BEFORE_OPENING, on="held_on", day=f"{rollout.opens_on:%d/%m/%Y}")
        if day > at:
            refuse(MeetingReason.NOT_YET)
        if day not in inside:
            inside[day] = set(paths_on(day).filter(ancestor=rollout.lead_id).values_list("descendant", flat=True))
        asked = {one.host, *one.facts.seats}
        if asked - inside[day]:
            raise Invalid(MeetingFault.UNIT_OUTSIDE, on="seats")
        with_parts = asked | {group for unit in asked for group in groups.get(unit, ())}
        result[one.key] = with_parts & inside[day]
    if not actor.is_installer and named - set(runnable_units(actor, at=at).values_list("pk", flat=True)):
        refuse(MeetingReason.SEAT_NOT_YOURS)
    return result


def _make_meetings(rollout: Rollout, batch: Sequence[BatchMeeting], entry: Entry) -> dict[UUID, Meeting]:
    made: dict[UUID, Meeting] = {}
    for first in (True, False):  # what is made up for comes before the sessions that make up for it
        part = [one for one in batch if (one.makes_up_for is None) is first]
        courses = {one.makes_up_for for one in part if one.makes_up_for}
        known = {m.key: m for m in Meeting.objects.filter(key__in=courses, rollout=rollout)} | made
        if courses - known.keys():
            raise Invalid(MeetingFault.MAKE_UP_OF_ANOTHER, on="makes_up_for")
        rows = [
            Meeting(
                key=one.key,
                rollout=rollout,
                host_id=one.host,
                state=MeetingState.HELD,
                notes=one.notes,
                notes_seq=entry.seq if one.notes else 0,
                makes_up_for=known[one.makes_up_for] if one.makes_up_for else None,
                roll_seq=entry.seq,
                **one.facts.values(),
            )
            for one in part
        ]
        Meeting.objects.bulk_create(rows, batch_size=ROWS)
        made |= {row.key: row for row in rows}
    return made


def _rosters(
    rollout: Rollout,
    batch: Sequence[BatchMeeting],
    meetings: Mapping[UUID, Meeting],
    seats: Mapping[UUID, Collection[int]],
) -> tuple[list[RosterEntry], list[Mark | None]]:
    """Everybody's place, and beside it the mark, in the same order."""
    days = [one.facts.held_on for one in batch]
    everyone = around(rollout, {unit for units in seats.values() for unit in units}, first=min(days), last=max(days))
    places: list[RosterEntry] = []
    marks: list[Mark | None] = []
    for one in batch:
        for listed, mark in _roll(one, everyone, seats[one.key]):
            group, person, unit = listed.group, listed.person, listed.unit
            places.append(RosterEntry(meeting=meetings[one.key], group=group, person_id=person, unit_id=unit))
            marks.append(mark)
        for name in one.guests:
            places.append(
                RosterEntry(meeting=meetings[one.key], group=RosterGroup.GUEST, guest_name=name[:150], is_added=True)
            )
            marks.append(Mark(Presence.PRESENT))
    return places, marks


def _roll(one: BatchMeeting, everyone: Around, units: Collection[int]) -> Iterator[tuple[Listed, Mark | None]]:
    rest = Mark(one.everyone_else) if one.everyone_else else None
    left = set(one.marks)
    for listed in everyone.listed_on(one.facts.held_on, units):
        left.discard(listed.person)
        mark = one.marks.get(listed.person)
        if mark is None and one.makes_up_for is not None:
            continue
        if mark is None and listed.group is RosterGroup.MEMBER:
            mark = rest
        yield listed, mark
    if left:
        raise Invalid(MeetingFault.STRANGER, people=len(left))


def _write(
    meetings: Mapping[UUID, Meeting],
    seats: Mapping[UUID, Collection[int]],
    places: Sequence[RosterEntry],
    marks: Sequence[Mark | None],
    *,
    entry: Entry,
    source: Source,
    told_by: str,
) -> None:
    stamp = {"recorded_seq": entry.seq, "recorded_on": entry.recorded_on}
    Holding.objects.bulk_create(
        [Holding(meeting=meeting, valid_on=meeting.held_on, **stamp) for meeting in meetings.values()], batch_size=ROWS
    )
    Seat.objects.bulk_create(
        [Seat(meeting=meetings[key], unit_id=unit, **stamp) for key, units in seats.items() for unit in sorted(units)],
        batch_size=ROWS,
    )
    for place in places:
        place.recorded_seq, place.recorded_on = entry.seq, entry.recorded_on
    RosterEntry.objects.bulk_create(places, batch_size=ROWS)
    Attendance.objects.bulk_create(
        [
            Attendance(
                entry=place,
                valid_on=place.meeting.held_on,
                presence=mark.presence,
                reason=mark.reason,
                source=source,
                told_by=told_by,
                **stamp,
            )
            for place, mark in zip(places, marks, strict=True)
            if mark is not None
        ],
        batch_size=ROWS,
    )
