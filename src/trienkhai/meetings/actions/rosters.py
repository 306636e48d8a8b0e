"""Drawing a roster, and putting people and guests on it by hand."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from trienkhai.core.decisions import Invalid, refuse
from trienkhai.ledger.actions import record
from trienkhai.ledger.clock import local_day
from trienkhai.ledger.models import Entry
from trienkhai.meetings import policies
from trienkhai.meetings.actions.counting import Count
from trienkhai.meetings.models import Attendance, Meeting, RosterEntry
from trienkhai.meetings.queries.rosters import difference_of, place_of
from trienkhai.meetings.rules import (
    MOST_ON_A_ROSTER,
    Listed,
    MeetingFault,
    MeetingReason,
    MeetingState,
    Redraw,
    RosterGroup,
)
from trienkhai.organisation.models import Person, UnitState
from trienkhai.organisation.policies import can_see_names
from trienkhai.organisation.rules import Actor, UnitKind

LONGEST_NAME = 150


def lock(meeting: Meeting) -> Meeting:
    """The meeting as it is now, held until the transaction ends."""
    return Meeting.objects.select_for_update(of=("self",)).select_related("rollout__scope").get(pk=meeting.pk)


@transaction.atomic
def draw_roster(*, meeting: Meeting, actor: Actor, at: datetime) -> Entry | None:
    """Bring the roster in line with who belongs on it on the meeting's day; ``None`` when it is already.

    People added by hand and people already marked stay. Who leaves is superseded, not deleted.

    Raises:
        Refused: the actor may not act for the host, or the meeting is cancelled.
    """
    day = local_day(at)
    meeting = lock(meeting)
    policies.can_run_meeting(actor, meeting, at=day).require()
    change = difference_of(meeting)
    if not change:
        return None
    detail = {"comes": len(change.comes), "leaves": len(change.leaves)}
    entry = record(
        actor=actor.key, action="meetings.draw_roster", subject=meeting.key, detail=detail, count=sum(detail.values())
    )
    apply_redraw(meeting, change, entry=entry)
    return entry


def apply_redraw(meeting: Meeting, change: Redraw, *, entry: Entry) -> None:
    """Write what drawing again changes. Nobody who leaves is marked, so figures only follow where rosters decide."""
    units = {listed.unit for listed in change.comes}
    leaving = RosterEntry.objects.current().filter(meeting=meeting, person__in=change.leaves)
    units.update(unit for unit in leaving.values_list("unit", flat=True) if unit)
    before = Count.take(meeting.rollout, units=with_cells(units))
    leaving.supersede(entry)
    put_on(meeting, change.comes, entry=entry)
    before.settle(entry)


def put_on(meeting: Meeting, people: Iterable[Listed], *, entry: Entry) -> None:
    """Add these people to the roster.

    Raises:
        Invalid: the roster would be larger than one meeting's can be.
    """
    rows = [
        RosterEntry(
            meeting=meeting,
            group=listed.group,
            person_id=listed.person,
            unit_id=listed.unit,
            recorded_seq=entry.seq,
            recorded_on=entry.recorded_on,
        )
        for listed in sorted(people)
    ]
    if len(rows) > MOST_ON_A_ROSTER:
        raise Invalid(MeetingFault.TOO_MANY, on="seats", most=MOST_ON_A_ROSTER)
    RosterEntry.objects.bulk_create(rows, batch_size=1_000)


@transaction.atomic
def add_person(*, meeting: Meeting, person: Person, actor: Actor, at: datetime, key: UUID | None = None) -> RosterEntry:
    """Put somebody on the roster by hand: an exempt member, one who is away, one of another unit.

    Args:
        meeting: the meeting.
        person: who.
        actor: who does it.
        at: when.
        key: of the new place; the same key again changes nothing (a form sent twice).

    Raises:
        Refused: the actor may not act for the host or for the person's unit, or does not see that unit's names.
        Invalid: already listed, or in no unit of the roll-out on the meeting's day (then add them as a guest).
    """
    day = local_day(at)
    meeting = lock(meeting)
    if again := _again(meeting, key):
        return again
    listed = place_of(meeting.rollout, person, day=meeting.held_on)
    if listed is None or person.merged_into_id is not None:
        raise Invalid(MeetingFault.NO_UNIT_THAT_DAY, on="person")
    _may_list(actor, meeting, listed.unit, at=day)
    if RosterEntry.objects.current().filter(meeting=meeting, person=person).exists():
        raise Invalid(MeetingFault.ALREADY_LISTED, on="person")
    entry = record(
        actor=actor.key, action="meetings.add_to_roster", subject=meeting.key, detail={"person": str(person.key)}
    )
    before = Count.take(meeting.rollout, units=with_cells([listed.unit]))
    row = _row(meeting, entry, key=key, group=listed.group, person_id=person.pk, unit_id=listed.unit)
    before.settle(entry)
    return row


@transaction.atomic
def add_guest(*, meeting: Meeting, name: str, actor: Actor, at: datetime, key: UUID | None = None) -> RosterEntry:
    """Put a guest on the roster, by name alone. Guests are counted apart and in no figure.

    Raises:
        Refused: the actor may not act for the host.
        Invalid: no name.
    """
    day = local_day(at)
    meeting = lock(meeting)
    policies.can_run_meeting(actor, meeting, at=day).require()
    if again := _again(meeting, key):
        return again
    name = " ".join(name.split())[:LONGEST_NAME]
    if not name:
        raise Invalid(MeetingFault.GUEST_NAME_MISSING, on="name")
    entry = record(actor=actor.key, action="meetings.add_guest", subject=meeting.key, detail={"name": name})
    return _row(meeting, entry, key=key, group=RosterGroup.GUEST, guest_name=name)


@transaction.atomic
def remove_from_roster(*, meeting: Meeting, place: UUID, actor: Actor, at: datetime) -> Entry | None:
    """Take somebody off the roster, with what was said of them; ``None`` when they are off it already.

    Raises:
        Refused: the actor may not mark this person.
    """
    day = local_day(at)
    meeting = lock(meeting)
    row = RosterEntry.objects.filter(meeting=meeting, key=place).first()
    if row is None or row.superseded_seq is not None:
        return None
    if meeting.state == MeetingState.CANCELLED:
        refuse(MeetingReason.CANCELLED)
    if not policies.callable_entries(actor, meeting, at=day).filter(pk=row.pk).exists():
        refuse(MeetingReason.NOT_YOUR_PEOPLE)
    said = Attendance.objects.current().filter(entry=row)
    detail = {"place": str(row.key), "presence": list(said.values_list("presence", flat=True))}
    entry = record(actor=actor.key, action="meetings.remove_from_roster", subject=meeting.key, detail=detail)
    before = Count.take(
        meeting.rollout,
        people=[row.person_id] if row.person_id else [],
        units=with_cells([row.unit_id] if row.unit_id else []),
    )
    said.supersede(entry)
    RosterEntry.objects.filter(pk=row.pk).supersede(entry)
    meeting.roll_seq = entry.seq
    meeting.save(update_fields=["roll_seq"])
    before.settle(entry)
    return entry


def with_cells(units: Iterable[int]) -> set[int]:
    """These units and the cells of those that are groups: what happens in a group decides about its cell too."""
    found = set(units)
    groups = UnitState.objects.current().filter(unit__in=found, kind=UnitKind.GROUP, parent__isnull=False)
    found.update(parent for parent in groups.values_list("parent", flat=True) if parent is not None)
    return found


def _may_list(actor: Actor, meeting: Meeting, unit: int, *, at: date) -> None:
    policies.can_run_meeting(actor, meeting, at=at).require()
    if not can_see_names(actor, unit, at=at):
        refuse(MeetingReason.NOT_YOUR_PEOPLE)


def _again(meeting: Meeting, key: UUID | None) -> RosterEntry | None:
    return RosterEntry.objects.filter(meeting=meeting, key=key).first() if key else None


def _row(meeting: Meeting, entry: Entry, *, key: UUID | None, **values: object) -> RosterEntry:
    row = RosterEntry(meeting=meeting, is_added=True, recorded_seq=entry.seq, recorded_on=entry.recorded_on, **values)
    if key is not None:
        row.key = key
    row.save(force_insert=True)
    return row
