"""Study meetings: seats, roster, attendance, notes. What counts in figures is recorded through both times."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q

from trienkhai.files.models import StoredFile
from trienkhai.ledger.models import Recorded
from trienkhai.meetings.rules import MaterialKind, MeetingForm, MeetingState, Presence, RosterGroup, Source
from trienkhai.organisation.models import Person, Unit
from trienkhai.programmes.models import Programme
from trienkhai.rollouts.models import Rollout


class Meeting(models.Model):
    """A study meeting of one unit, with seats for others; a make-up session names the one it makes up for.

    ``roll_seq`` and ``notes_seq``: the entry that last wrote the roll and the notes; a form carries what it saw.
    """

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    rollout = models.ForeignKey(Rollout, on_delete=models.PROTECT, related_name="meetings")
    host = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="meetings")
    title = models.CharField(max_length=300)
    held_on = models.DateField()
    begins_at = models.TimeField(null=True)
    minutes = models.PositiveSmallIntegerField(null=True)
    venue = models.CharField(max_length=250, blank=True)
    form = models.CharField(
        max_length=20, choices=[(f.value, f.value) for f in MeetingForm], default=MeetingForm.IN_PERSON
    )
    presenter = models.CharField(max_length=200, blank=True)
    notes = models.TextField(blank=True)
    state = models.CharField(
        max_length=20, choices=[(s.value, s.value) for s in MeetingState], default=MeetingState.PLANNED
    )
    cancelled_because = models.CharField(max_length=250, blank=True)
    makes_up_for = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="make_ups")
    roll_seq = models.BigIntegerField(default=0)
    notes_seq = models.BigIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["rollout", "held_on"], name="meeting_of_rollout")]

    def __str__(self) -> str:
        return self.title


class MeetingProgramme(models.Model):
    """A movement or campaign the meeting is tied to."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="ties")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="meeting_ties")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "programme"], name="one_tie_a_meeting_and_programme")
        ]


class Holding(Recorded):
    """The fact: the meeting took place, on this day. Superseded when the day is corrected or it is cancelled."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="holdings")
    valid_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(superseded_seq__isnull=True), name="one_holding_a_meeting"
            )
        ]


class Seat(Recorded):
    """A unit that has places in the meeting; the host has them by hosting and a row like the others."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="seats")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["meeting", "unit"], condition=Q(superseded_seq__isnull=True), name="one_seat_row_a_unit"
            )
        ]


class Material(Recorded):
    """A file used in the meeting, or a picture of it."""

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="materials")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(
        max_length=10, choices=[(k.value, k.value) for k in MaterialKind], default=MaterialKind.DOCUMENT
    )
    caption = models.CharField(max_length=250, blank=True)


class RosterEntry(Recorded):
    """Somebody who was to come. A guest without a record in the organisation has a name alone.

    ``unit`` is where the person belonged on the meeting's day; ``is_added`` tells who was put on the roster by hand.
    """

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="roster")
    group = models.CharField(max_length=10, choices=[(g.value, g.value) for g in RosterGroup])
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="roster_entries")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    guest_name = models.CharField(max_length=150, blank=True)
    is_added = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["meeting", "person"],
                condition=Q(person__isnull=False, superseded_seq__isnull=True),
                name="once_on_a_roster",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, unit__isnull=False)
                | (Q(group=RosterGroup.GUEST, person__isnull=True) & ~Q(guest_name="")),
                name="roster_names_somebody",
            ),
        ]


class Attendance(Recorded):
    """The fact: whether somebody on the roster was there on the meeting's day. Corrections supersede."""

    entry = models.ForeignKey(RosterEntry, on_delete=models.PROTECT, related_name="attendances")
    valid_on = models.DateField()
    presence = models.CharField(max_length=20, choices=[(p.value, p.value) for p in Presence])
    reason = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=20, choices=[(s.value, s.value) for s in Source])
    told_by = models.CharField(max_length=150, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["entry", "recorded_seq"], name="attendance_history")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(superseded_seq__isnull=True), name="one_attendance_an_entry"
            )
        ]


class Sending(models.Model):
    """A form that has arrived, by the key it carries: when a lost line makes it come again, nothing is done twice."""

    key = models.UUIDField(unique=True)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="+")
    seq = models.BigIntegerField()
