"""Planning, changing, holding and cancelling meetings."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction

from trienkhai.core.decisions import Invalid, refuse
from trienkhai.figures.queries import paths_on
from trienkhai.ledger.actions import record
from trienkhai.ledger.clock import local_day
from trienkhai.ledger.models import Entry
from trienkhai.meetings import policies
from trienkhai.meetings.actions.counting import Count, counts_by_roll
from trienkhai.meetings.actions.rosters import apply_redraw, lock, put_on, with_cells
from trienkhai.meetings.actions.tying import tie
from trienkhai.meetings.models import Attendance, Holding, Meeting, RosterEntry, Seat
from trienkhai.meetings.queries.rosters import belonging, difference_of, seated_units, with_groups
from trienkhai.meetings.rules import (
    LONGEST_MINUTES,
    Listed,
    MeetingFault,
    MeetingForm,
    MeetingReason,
    MeetingState,
    RosterGroup,
)
from trienkhai.organisation.models import Unit
from trienkhai.organisation.policies import runnable_units
from trienkhai.organisation.rules import Actor
from trienkhai.programmes.queries import programmes_for
from trienkhai.rollouts.models import Rollout


@dataclass(frozen=True)
class MeetingFacts:
    """What is said of a meeting when it is planned or changed.

    ``seats``: ids of units beside the host. ``programmes``: ids of those it is tied to; ``None`` leaves them alone.
    """

    title: str
    held_on: date
    begins_at: time | None = None
    minutes: int | None = None
    venue: str = ""
    form: MeetingForm = MeetingForm.IN_PERSON
    presenter: str = ""
    seats: Collection[int] = ()
    programmes: Collection[int] | None = None

    def fault(self) -> Invalid | None:
        """What cannot be true of these facts by themselves."""
        if not self.title.strip():
            return Invalid(MeetingFault.TITLE_MISSING, on="title")
        if self.minutes is not None and not 0 < self.minutes <= LONGEST_MINUTES:
            return Invalid(MeetingFault.MINUTES, on="minutes", most=LONGEST_MINUTES)
        return None

    def values(self) -> dict[str, object]:
        """The columns they fill."""
        return {
            "title": self.title.strip(),
            "held_on": self.held_on,
            "begins_at": self.begins_at,
            "minutes": self.minutes,
            "venue": self.venue.strip(),
            "form": self.form,
            "presenter": self.presenter.strip(),
        }

    def told(self) -> dict[str, object]:
        """The same for the ledger."""
        said = {name: str(value) for name, value in self.values().items() if value not in {None, ""}}
        return {**said, "programmes": sorted(self.programmes)} if self.programmes is not None else {**said}


@transaction.atomic
def plan_meeting(
    *,
    rollout: Rollout,
    host: Unit,
    facts: MeetingFacts,
    actor: Actor,
    at: datetime,
    makes_up_for: Meeting | None = None,
    key: UUID | None = None,
) -> Meeting:
    """Plan a study meeting and draw its roster.

    Args:
        rollout: what is studied.
        host: the unit that holds it; it has seats by that.
        facts: title, day, place and so on, and which other units have seats.
        actor: who plans.
        at: when.
        makes_up_for: the meeting whose absentees this session is for; its roster is those who owe and have not studied.
        key: the meeting's; the same key again gives the same meeting (a form sent twice).

    Raises:
        Refused: the actor may not act for the host, or gives seats to units that are neither below it nor theirs.
        Invalid: no title, a day before the roll-out opens, a unit outside it, a session before what it makes up for,
            a programme that does not run then.
    """
    day = local_day(at)
    policies.can_plan(actor, rollout, host.pk, at=day).require()
    again = Meeting.objects.filter(key=key, rollout=rollout, host=host).first() if key else None
    if again is not None:
        return again
    course = _course(makes_up_for, rollout, facts.held_on)
    seats = _checked_seats(rollout, host.pk, facts, actor=actor, at=day)
    meeting = Meeting(rollout=rollout, host=host, makes_up_for=course, **facts.values())
    if key is not None:
        meeting.key = key
    meeting.save(force_insert=True)
    tie(meeting, facts.programmes)
    detail = {**facts.told(), "seats": len(seats), "makes_up_for": str(course.key) if course else ""}
    entry = record(actor=actor.key, action="meetings.plan", subject=meeting.key, detail=detail)
    _seat(meeting, seats, entry)
    put_on(meeting, belonging(meeting, units=seats), entry=entry)
    return meeting


@transaction.atomic
def plan_make_up(
    *, meeting: Meeting, held_on: date, title: str, actor: Actor, at: datetime, key: UUID | None = None
) -> Meeting:
    """Plan a session for those who owe and were not there: same host, seats, place and presenter, another day.

    Raises:
        Refused, Invalid: see :func:`plan_meeting`.
    """
    facts = MeetingFacts(
        title=title,
        held_on=held_on,
        begins_at=meeting.begins_at,
        minutes=meeting.minutes,
        venue=meeting.venue,
        form=MeetingForm(meeting.form),
        presenter=meeting.presenter,
        seats=[unit for unit in seated_units(meeting) if unit != meeting.host_id],
        programmes=_still_running(meeting, held_on),
    )
    return plan_meeting(
        rollout=meeting.rollout, host=meeting.host, facts=facts, actor=actor, at=at, makes_up_for=meeting, key=key
    )


def _still_running(meeting: Meeting, day: date) -> list[int]:
    """What the meeting is tied to and a session on ``day`` can be."""
    possible = programmes_for(meeting.host_id, day)
    return list(possible.filter(meeting_ties__meeting=meeting).values_list("pk", flat=True))


@transaction.atomic
def change_meeting(*, meeting: Meeting, facts: MeetingFacts, actor: Actor, at: datetime) -> Entry:
    """Say otherwise of a meeting. Another day or other seats draw the roster again and recount what was held.

    Marks already given stay with their people, who are then counted where they belonged on the new day.

    Raises:
        Refused: the actor may not act for the host, or the meeting is cancelled; or held, and the new day has not come.
        Invalid: as in :func:`plan_meeting`.
    """
    day = local_day(at)
    meeting = lock(meeting)
    policies.can_run_meeting(actor, meeting, at=day).require()
    is_held = meeting.state == MeetingState.HELD
    if is_held and facts.held_on > day:
        refuse(MeetingReason.NOT_YET)
    _check_order(meeting, facts.held_on)
    seats = _checked_seats(meeting.rollout, meeting.host_id, facts, actor=actor, at=day, kept=seated_units(meeting))
    old_day, old_seats = meeting.held_on, set(seated_units(meeting))
    detail = {**facts.told(), "seats": len(seats), "day_before": old_day.isoformat()}
    entry = record(actor=actor.key, action="meetings.change", subject=meeting.key, detail=detail)
    people = _people_on(meeting) if is_held and facts.held_on != old_day else []
    before = Count.take(
        meeting.rollout, meetings=[meeting.pk], people=people, units=with_cells(old_seats | seats) if is_held else []
    )
    for name, value in facts.values().items():
        setattr(meeting, name, value)
    meeting.save()
    tie(meeting, facts.programmes)
    Seat.objects.current().filter(meeting=meeting).exclude(unit__in=seats).supersede(entry)
    _seat(meeting, seats - old_seats, entry)
    if facts.held_on != old_day:
        _move_marks(meeting, entry)
        if is_held:
            Holding.objects.current().filter(meeting=meeting).supersede(entry)
            _held(meeting, entry)
    apply_redraw(meeting, difference_of(meeting), entry=entry)
    before.settle(entry)
    return entry


@transaction.atomic
def hold_meeting(*, meeting: Meeting, actor: Actor, at: datetime) -> Entry | None:
    """Say that the meeting took place (the first roll call says so too); ``None`` when that is known already.

    Raises:
        Refused: the actor may not act for the host, the meeting is cancelled, or its day has not come.
    """
    day = local_day(at)
    meeting = lock(meeting)
    policies.can_hold(actor, meeting, at=day).require()
    if meeting.state == MeetingState.HELD:
        return None
    entry = record(
        actor=actor.key, action="meetings.hold", subject=meeting.key, detail={"day": meeting.held_on.isoformat()}
    )
    before = Count.take(meeting.rollout, meetings=[meeting.pk], units=seated_units(meeting))
    mark_held(meeting, entry)
    before.settle(entry)
    return entry


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, because: str, actor: Actor, at: datetime) -> Entry | None:
    """Cancel: it will not take place, or did not. What its roll said no longer counts; the record keeps it.

    ``None`` when it is cancelled already.

    Raises:
        Refused: the actor may not act for the host.
    """
    day = local_day(at)
    meeting = lock(meeting)
    if meeting.state == MeetingState.CANCELLED:
        return None
    policies.can_run_meeting(actor, meeting, at=day).require()
    detail = {"because": because.strip(), "was": meeting.state}
    entry = record(actor=actor.key, action="meetings.cancel", subject=meeting.key, detail=detail)
    units = set(seated_units(meeting))
    if counts_by_roll(meeting.rollout):
        later = Seat.objects.current().filter(meeting__makes_up_for=meeting)
        units.update(later.values_list("unit", flat=True))
    before = Count.take(meeting.rollout, meetings=[meeting.pk], people=_people_on(meeting), units=units)
    Attendance.objects.current().filter(entry__meeting=meeting).supersede(entry)
    Holding.objects.current().filter(meeting=meeting).supersede(entry)
    meeting.state = MeetingState.CANCELLED
    meeting.cancelled_because = because.strip()[:250]
    meeting.roll_seq = entry.seq
    meeting.save(update_fields=["state", "cancelled_because", "roll_seq"])
    before.settle(entry)
    return entry


@transaction.atomic
def restore_meeting(*, meeting: Meeting, actor: Actor, at: datetime) -> Entry:
    """Take a cancellation back: the meeting is planned again; its roll has to be called again.

    Raises:
        Refused: the actor may not act for the host, or it is not cancelled.
    """
    day = local_day(at)
    meeting = lock(meeting)
    policies.can_restore(actor, meeting, at=day).require()
    entry = record(actor=actor.key, action="meetings.restore", subject=meeting.key)
    meeting.state, meeting.cancelled_because = MeetingState.PLANNED, ""
    meeting.save(update_fields=["state", "cancelled_because"])
    apply_redraw(meeting, difference_of(meeting), entry=entry)
    return entry


def mark_held(meeting: Meeting, entry: Entry) -> None:
    """Write that the meeting took place."""
    meeting.state = MeetingState.HELD
    meeting.save(update_fields=["state", "roll_seq"])
    _held(meeting, entry)


def _held(meeting: Meeting, entry: Entry) -> None:
    Holding.objects.create(
        meeting=meeting, valid_on=meeting.held_on, recorded_seq=entry.seq, recorded_on=entry.recorded_on
    )


def _seat(meeting: Meeting, units: Collection[int], entry: Entry) -> None:
    Seat.objects.bulk_create(
        [
            Seat(meeting=meeting, unit_id=unit, recorded_seq=entry.seq, recorded_on=entry.recorded_on)
            for unit in sorted(units)
        ],
        batch_size=1_000,
    )


def _people_on(meeting: Meeting) -> list[int]:
    listed = RosterEntry.objects.current().filter(meeting=meeting, person__isnull=False)
    return [person for person in listed.values_list("person", flat=True) if person is not None]


def _course(makes_up_for: Meeting | None, rollout: Rollout, day: date) -> Meeting | None:
    """The meeting made up for: of a make-up session, the one that session made up for."""
    if makes_up_for is None:
        return None
    course = makes_up_for.makes_up_for or makes_up_for
    if course.rollout_id != rollout.pk:
        raise Invalid(MeetingFault.MAKE_UP_OF_ANOTHER, on="makes_up_for")
    if day < course.held_on:
        raise Invalid(MeetingFault.MAKE_UP_TOO_EARLY, on="held_on", day=f"{course.held_on:%d/%m/%Y}")
    return course


def _check_order(meeting: Meeting, day: date) -> None:
    """A session stays after what it makes up for, and a meeting before what makes up for it."""
    _course(meeting.makes_up_for, meeting.rollout, day)
    later = Meeting.objects.filter(makes_up_for=meeting).exclude(state=MeetingState.CANCELLED).order_by("held_on")
    first = later.first()
    if first is not None and first.held_on < day:
        raise Invalid(MeetingFault.MADE_UP_BEFORE, on="held_on", day=f"{first.held_on:%d/%m/%Y}")


def _checked_seats(
    rollout: Rollout, host: int, facts: MeetingFacts, *, actor: Actor, at: date, kept: Sequence[int] = ()
) -> set[int]:
    """The units with places, host and groups of cells among them.

    A host gives seats to units below it, or to others the actor may act for as well: nobody says of a unit that is not
    theirs that it has studied. Seats it already has (``kept``) may stay.
    """
    if fault := facts.fault():
        raise fault
    if facts.held_on < rollout.opens_on:
        raise Invalid(MeetingFault.BEFORE_OPENING, on="held_on", day=f"{rollout.opens_on:%d/%m/%Y}")
    seats = with_groups({host, *facts.seats}, facts.held_on)
    inside = paths_on(facts.held_on).filter(ancestor=rollout.lead_id).values_list("descendant", flat=True)
    if seats - set(inside):
        raise Invalid(MeetingFault.UNIT_OUTSIDE, on="seats")
    below = set(paths_on(facts.held_on).filter(ancestor=host).values_list("descendant", flat=True))
    beside = seats - below - set(kept)
    if beside and runnable_units(actor, at=at).filter(pk__in=beside).count() != len(beside):
        refuse(MeetingReason.SEAT_NOT_YOURS)
    return seats


def _move_marks(meeting: Meeting, entry: Entry) -> None:
    """Carry marks to the meeting's new day, each person counted where they belonged on it."""
    right = {listed.person: listed for listed in belonging(meeting, units=seated_units(meeting))}
    said = Attendance.objects.current().filter(entry__meeting=meeting).select_related("entry")
    fresh: list[Attendance] = []
    for old in said:
        place = old.entry
        listed = right.get(place.person_id or 0)
        if listed and listed != Listed(place.person_id or 0, place.unit_id or 0, RosterGroup(place.group)):
            RosterEntry.objects.filter(pk=place.pk).supersede(entry)
            place = RosterEntry.objects.create(
                meeting=meeting,
                group=listed.group,
                person_id=listed.person,
                unit_id=listed.unit,
                is_added=place.is_added,
                recorded_seq=entry.seq,
                recorded_on=entry.recorded_on,
            )
        fresh.append(
            Attendance(
                entry=place,
                valid_on=meeting.held_on,
                presence=old.presence,
                reason=old.reason,
                source=old.source,
                told_by=old.told_by,
                recorded_seq=entry.seq,
                recorded_on=entry.recorded_on,
            )
        )
    said.supersede(entry)
    Attendance.objects.bulk_create(fresh, batch_size=1_000)
    meeting.roll_seq = entry.seq
    meeting.save(update_fields=["roll_seq"])
