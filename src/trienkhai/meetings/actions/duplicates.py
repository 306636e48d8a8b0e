"""Two entries were one person: who was there under the name that goes, was there under the one that stays."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import uuid4

from django.db import transaction

from trienkhai.core.decisions import Refused
from trienkhai.ledger.models import Entry
from trienkhai.meetings.actions.counting import Count
from trienkhai.meetings.actions.rosters import with_cells
from trienkhai.meetings.models import Attendance, Meeting, RosterEntry
from trienkhai.meetings.queries.rosters import place_of
from trienkhai.meetings.rules import ATTENDED, Presence
from trienkhai.organisation.models import Person
from trienkhai.organisation.rules import Reason
from trienkhai.rollouts.models import Rollout


@transaction.atomic
def lock_rolls(*, people: Collection[int]) -> None:
    """Hold the meetings these people are listed in: a roll call holds its meeting before its people, and so do we."""
    listed = RosterEntry.objects.current().filter(person__in=people).values("meeting")
    list(Meeting.objects.select_for_update(of=("self",)).filter(pk__in=listed).order_by("pk").values_list("pk"))


@dataclass
class _Change:
    """What becomes of places and marks in one roll-out's meetings."""

    rollout: Rollout
    ended_places: list[int] = field(default_factory=list)
    ended_marks: list[int] = field(default_factory=list)
    places: list[RosterEntry] = field(default_factory=list)
    marks: list[Attendance] = field(default_factory=list)
    meetings: set[int] = field(default_factory=set)
    units: set[int] = field(default_factory=set)

    def write(self, people: Iterable[int], entry: Entry) -> None:
        """Write it, and let milestones and figures follow."""
        before = Count.take(self.rollout, people=people, units=with_cells(self.units))
        Attendance.objects.filter(pk__in=self.ended_marks).supersede(entry)
        RosterEntry.objects.filter(pk__in=self.ended_places).supersede(entry)
        for row in (*self.places, *self.marks):
            row.recorded_seq, row.recorded_on = entry.seq, entry.recorded_on
        RosterEntry.objects.bulk_create(self.places)
        Attendance.objects.bulk_create(self.marks)
        Meeting.objects.filter(pk__in=self.meetings).update(roll_seq=entry.seq)
        before.settle(entry)


@transaction.atomic
def take_over(*, keep: int, drop: int, entry: Entry) -> None:
    """Carry what rolls say of ``drop`` over to ``keep``, under the entry that made one person of them.

    Whoever was there under either name was there once. A place on a roster that nobody has marked goes, unless it was
    given by hand.
    """
    person = Person.objects.get(pk=keep)
    places = RosterEntry.objects.current().filter(person=drop).select_related("meeting__rollout__scope")
    gone = list(places.order_by("meeting", "pk"))
    listed = RosterEntry.objects.current().filter(person=keep, meeting__in=[row.meeting_id for row in gone])
    kept = {row.meeting_id: row for row in listed}
    said = _marks_of([*gone, *kept.values()])
    changes: dict[int, _Change] = {}
    for place in gone:
        change = changes.setdefault(place.meeting.rollout_id, _Change(place.meeting.rollout))
        _carry(change, place, kept.get(place.meeting_id), said, person)
    for change in changes.values():
        change.write([keep, drop], entry)


@transaction.atomic
def give_back(*, keep: int, drop: int, slip: int, entry: Entry) -> None:
    """Undo what :func:`take_over` did under the entry ``slip``: they are two persons after all.

    Raises:
        Refused: a roll or a roster has been changed since.
    """
    for model in (RosterEntry, Attendance):
        if model.objects.filter(recorded_seq=slip, superseded_seq__isnull=False).exists():
            raise Refused(Reason.UNDO_OVERTAKEN)
    changes: dict[int, _Change] = {}
    again: dict[int, RosterEntry] = {}
    ended = RosterEntry.objects.filter(superseded_seq=slip).select_related("meeting__rollout__scope")
    for place in ended.order_by("pk"):
        change = changes.setdefault(place.meeting.rollout_id, _Change(place.meeting.rollout))
        again[place.pk] = _again(place)
        change.places.append(again[place.pk])
        change.meetings.add(place.meeting_id)
        change.units |= _unit_of(place)
    for change in changes.values():
        fresh = RosterEntry.objects.filter(recorded_seq=slip, meeting__rollout=change.rollout)
        for place in fresh.order_by("pk"):
            change.ended_places.append(place.pk)
            change.units |= _unit_of(place)
        marks = Attendance.objects.filter(entry__meeting__rollout=change.rollout).select_related("entry").order_by("pk")
        for mark in marks.filter(superseded_seq=slip):
            change.marks.append(_mark(again.get(mark.entry_id, mark.entry), mark))
        for mark in marks.filter(recorded_seq=slip):
            change.ended_marks.append(mark.pk)
            change.units |= _unit_of(mark.entry)
        change.write([keep, drop], entry)


def _carry(
    change: _Change, place: RosterEntry, own: RosterEntry | None, said: Mapping[int, Attendance], keep: Person
) -> None:
    """The place goes; what it says goes over to the place the one kept has, or to one made for it."""
    mark = said.get(place.pk)
    change.ended_places.append(place.pk)
    change.ended_marks.extend([mark.pk] if mark else [])
    change.meetings.add(place.meeting_id)
    change.units |= _unit_of(place)
    if own is None and (mark or place.is_added):
        own = _again(place, person=keep)
        change.places.append(own)
        change.units |= _unit_of(own)
        change.marks.extend([_mark(own, mark)] if mark else [])
    elif own is not None and mark is not None:
        before = said.get(own.pk)
        if before is None or (_was_there(mark) and not _was_there(before)):
            change.ended_marks.extend([before.pk] if before else [])
            change.marks.append(_mark(own, mark))
            change.units |= _unit_of(own)


def _marks_of(places: Iterable[RosterEntry]) -> dict[int, Attendance]:
    rows = Attendance.objects.current().filter(entry__in=[place.pk for place in places])
    return {row.entry_id: row for row in rows}


def _was_there(mark: Attendance) -> bool:
    return Presence(mark.presence) in ATTENDED


def _unit_of(place: RosterEntry) -> set[int]:
    return {place.unit_id} if place.unit_id else set()


def _again(place: RosterEntry, person: Person | None = None) -> RosterEntry:
    """The same place once more; for another entry of the person, in the unit that entry was in on the day."""
    row = RosterEntry(
        key=uuid4(),
        meeting=place.meeting,
        group=place.group,
        person_id=place.person_id,
        unit_id=place.unit_id,
        is_added=place.is_added,
    )
    if person is not None:
        row.person = person
        if listed := place_of(place.meeting.rollout, person, day=place.meeting.held_on):
            row.unit_id, row.group = listed.unit, listed.group
    return row


def _mark(place: RosterEntry, like: Attendance) -> Attendance:
    """The same mark on another place; the place may still have to be written."""
    return Attendance(
        entry=place,
        valid_on=like.valid_on,
        presence=like.presence,
        reason=like.reason,
        source=like.source,
        told_by=like.told_by,
    )
