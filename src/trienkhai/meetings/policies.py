"""Who may plan meetings, call rolls, and see meetings and names."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from trienkhai.core.decisions import ALLOW, Decision
from trienkhai.figures.queries import paths_on
from trienkhai.meetings.models import Meeting, RosterEntry, Seat
from trienkhai.meetings.rules import MeetingReason, MeetingState
from trienkhai.organisation.models import Unit
from trienkhai.organisation.policies import can_run, named_units, runnable_units
from trienkhai.organisation.rules import Actor, Reason, Role
from trienkhai.rollouts.models import Rollout

ANY_ROLE = (Role.OFFICE, Role.SECRETARY, Role.MEMBER)


def can_plan(actor: Actor, rollout: Rollout, host_id: int, *, at: date) -> Decision:
    """Whether the actor may plan a meeting of ``host_id``: whoever may act for it, until the roll-out is closed."""
    if rollout.closed_on is not None and rollout.closed_on <= at:
        return Decision(MeetingReason.ROLLOUT_CLOSED)
    return can_run(actor, host_id, at=at)


@dataclass(frozen=True)
class Hands:
    """For which units of one meeting the actor may act and see names: whose roll they may call."""

    host: int
    runnable: frozenset[int]
    named: frozenset[int]

    @property
    def runs_host(self) -> bool:
        """Whether they may act for the host."""
        return self.host in self.runnable

    def may_mark(self, unit: int | None) -> bool:
        """Whether they may mark somebody of the unit; ``None`` for a guest, who is the host's."""
        if unit is None:
            return self.runs_host and self.host in self.named
        return unit in self.named and (self.runs_host or unit in self.runnable)


@dataclass(frozen=True)
class Reach(Hands):
    """:class:`Hands`, and for which units the actor sees counts; worked out once for a page."""

    counted: frozenset[int]
    is_own: bool
    """Whether a unit of theirs has seats, or they are on the roster themselves."""


def hands_of(actor: Actor, host: int, units: Collection[int], *, at: date) -> Hands:
    """The actor's hands in a meeting of ``host``, among it and ``units``."""
    among = {host, *units}
    if actor.is_installer:
        return Hands(host, frozenset(among), frozenset(among))
    return Hands(host, _among(runnable_units(actor, at=at), among), _among(named_units(actor, at=at), among))


def _among(found: QuerySet[Unit], units: Collection[int]) -> frozenset[int]:
    return frozenset(found.filter(pk__in=units).values_list("pk", flat=True))


def reach_of(actor: Actor, meeting: Meeting, *, at: date) -> Reach:
    """The actor's reach in the meeting's host, seated units and units of people put on its roster by hand."""
    seated = set(Seat.objects.current().filter(meeting=meeting).values_list("unit", flat=True))
    listed = RosterEntry.objects.current().filter(meeting=meeting)
    units = {meeting.host_id} | seated
    units.update(unit for unit in listed.order_by().values_list("unit", flat=True).distinct() if unit is not None)
    if actor.is_installer:
        every = frozenset(units)
        return Reach(meeting.host_id, every, every, every, is_own=True)
    hands = hands_of(actor, meeting.host_id, units, at=at)
    is_listed = actor.person_id is not None and listed.filter(person=actor.person_id).exists()
    return Reach(
        host=meeting.host_id,
        runnable=hands.runnable,
        named=hands.named,
        counted=_among(counted_units(actor, at=at), units),
        is_own=is_listed or bool(seated & actor.units(*ANY_ROLE)),
    )


def _runs_host(actor: Actor, meeting: Meeting, at: date, reach: Reach | None) -> Decision:
    if reach is None:
        return can_run(actor, meeting.host_id, at=at)
    return ALLOW if reach.runs_host else Decision(Reason.MAY_NOT_RUN)


def can_run_meeting(actor: Actor, meeting: Meeting, *, at: date, reach: Reach | None = None) -> Decision:
    """Whether the actor may change the meeting: whoever may act for its host, as long as it is not cancelled."""
    if meeting.state == MeetingState.CANCELLED:
        return Decision(MeetingReason.CANCELLED)
    return _runs_host(actor, meeting, at, reach)


def can_restore(actor: Actor, meeting: Meeting, *, at: date, reach: Reach | None = None) -> Decision:
    """Whether the actor may take a cancellation back."""
    if meeting.state != MeetingState.CANCELLED:
        return Decision(MeetingReason.NOT_CANCELLED)
    return _runs_host(actor, meeting, at, reach)


def can_hold(actor: Actor, meeting: Meeting, *, at: date, reach: Reach | None = None) -> Decision:
    """Whether the actor may say that the meeting took place: not before its day."""
    decision = can_run_meeting(actor, meeting, at=at, reach=reach)
    if decision and meeting.held_on > at:
        return Decision(MeetingReason.NOT_YET)
    return decision


def can_call_roll(actor: Actor, meeting: Meeting, *, at: date, reach: Hands | None = None) -> Decision:
    """Whether there is anybody whose roll the actor may call: their host's, or their own people's, from its day on."""
    if meeting.state == MeetingState.CANCELLED:
        return Decision(MeetingReason.CANCELLED)
    if meeting.held_on > at:
        return Decision(MeetingReason.NOT_YET)
    reach = reach or reach_of(actor, meeting, at=at)
    if reach.runs_host or callable_entries(actor, meeting, at=at, reach=reach).exists():
        return ALLOW
    return Decision(MeetingReason.NOT_YOUR_PEOPLE)


def callable_entries(actor: Actor, meeting: Meeting, *, at: date, reach: Hands | None = None) -> QuerySet[RosterEntry]:
    """Places on the roster the actor may mark: those for whose unit :meth:`Hands.may_mark` holds.

    Those of people of units whose names they see, if they may act for that unit or for the host. Guests are the host's.
    """
    reach = reach or reach_of(actor, meeting, at=at)
    marked = Q(unit__in=reach.named if reach.runs_host else reach.named & reach.runnable)
    if reach.may_mark(None):
        marked |= Q(person__isnull=True)
    return RosterEntry.objects.current().filter(marked, meeting=meeting)


def visible_entries(actor: Actor, meeting: Meeting, *, at: date, reach: Reach | None = None) -> QuerySet[RosterEntry]:
    """Places on the roster the actor may see by name.

    People of units whose names they see, guests along with the host's people, and themselves.
    """
    reach = reach or reach_of(actor, meeting, at=at)
    shown = Q(unit__in=reach.named)
    if reach.host in reach.named:
        shown |= Q(person__isnull=True)
    if actor.person_id is not None:
        shown |= Q(person=actor.person_id)
    return RosterEntry.objects.current().filter(shown, meeting=meeting)


def can_read(actor: Actor, meeting: Meeting, *, at: date, reach: Reach | None = None) -> Decision:
    """Whether the actor may read notes and materials: seated units, those listed, and who sees the host's names."""
    reach = reach or reach_of(actor, meeting, at=at)
    return ALLOW if reach.is_own or reach.host in reach.named else Decision(Reason.MAY_NOT_SEE_NAMES)


def counted_units(actor: Actor, *, at: date) -> QuerySet[Unit]:
    """Units whose part in a meeting the actor may see as counts: their own and everything below; never siblings."""
    if actor.is_installer:
        return Unit.objects.all()
    own = actor.units(*ANY_ROLE)
    below = paths_on(at).filter(ancestor__in=own).values("descendant")
    return Unit.objects.filter(Q(pk__in=own) | Q(pk__in=below) | Q(pk__in=runnable_units(actor, at=at)))


def visible_meetings(actor: Actor, *, at: date) -> QuerySet[Meeting]:
    """Meetings of the actor's units and of everything below, or with seats for them; and those they are listed for.

    Units beside one another do not see each other's meetings.
    """
    meetings = Meeting.objects.select_related("rollout__scope", "rollout__lead", "host")
    if actor.is_installer:
        return meetings
    seats = Seat.objects.current().filter(meeting=OuterRef("pk"), unit__in=counted_units(actor, at=at))
    shown = Q(Exists(seats))
    if actor.person_id is not None:
        listed = RosterEntry.objects.current().filter(meeting=OuterRef("pk"), person=actor.person_id)
        shown |= Q(Exists(listed))
    return meetings.filter(shown)


def plannable_units(actor: Actor, rollout: Rollout, *, at: date) -> QuerySet[Unit]:
    """Units in the roll-out that the actor may hold a meeting for."""
    inside = paths_on(at).filter(ancestor=rollout.lead_id).values("descendant")
    return runnable_units(actor, at=at).filter(pk__in=inside)
