"""What the pages show: lists of meetings, rolls with their denominators, who has not studied yet."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery

from trienkhai.accounts.models import User
from trienkhai.ledger.models import Entry
from trienkhai.meetings.models import Attendance, Material, Meeting, RosterEntry, Seat
from trienkhai.meetings.rules import Mark, MaterialKind, MeetingState, Presence, RosterGroup, Source, Tally, tally
from trienkhai.organisation.models import Person, Unit, UnitState
from trienkhai.rollouts.models import Rollout
from trienkhai.rollouts.queries import owing_on, reached_by
from trienkhai.rollouts.rules import MilestoneCode, StepKind

NOBODY = Tally()
type Units = QuerySet[Unit] | Collection[int]


@dataclass(frozen=True)
class RosterRow:
    """Somebody on a roster and what the roll says of them. ``unit`` and ``unit_name`` are empty for guests."""

    key: UUID
    name: str
    group: RosterGroup
    unit: int | None
    unit_name: str
    mark: Mark | None
    source: Source | None
    told_by: str
    is_added: bool


@dataclass(frozen=True)
class Counts:
    """A roll counted, each group apart; the denominator of each is its own ``listed``."""

    members: Tally = NOBODY
    others: Tally = NOBODY
    guests: Tally = NOBODY

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.members + other.members, self.others + other.others, self.guests + other.guests)


@dataclass(frozen=True)
class UnitPart:
    """One unit's part in a meeting."""

    unit: int
    key: UUID
    name: str
    counts: Counts


@dataclass(frozen=True)
class MeetingRow:
    """A meeting in a list. ``counts`` covers the units the reader may see counts of."""

    meeting: Meeting
    host_name: str
    seats: int
    counts: Counts


@dataclass(frozen=True)
class MissingRow:
    """Somebody who owes study and has not studied yet."""

    key: UUID
    name: str
    phone: str
    unit: int
    unit_name: str


@dataclass(frozen=True)
class Writer:
    """Who recorded something, and when."""

    name: str
    at: datetime


def names_on(units: Collection[int], day: date) -> dict[int, str]:
    """``{unit: name}`` on ``day``, or the nearest name, in the order of names."""
    states = UnitState.objects.current().filter(unit__in=set(units)).order_by("sort_key", "pk")
    best: dict[int, UnitState] = {}
    for state in states:
        before = best.get(state.unit_id)
        if before is None or _far(state, day) < _far(before, day):
            best[state.unit_id] = state
    ordered = sorted(best.values(), key=lambda state: (state.sort_key, state.unit_id))
    return {state.unit_id: state.name for state in ordered}


def _far(state: UnitState, day: date) -> int:
    if state.starts_on > day:
        return (state.starts_on - day).days
    if state.ends_on is not None and state.ends_on <= day:
        return (day - state.ends_on).days + 1
    return 0


def roster_rows(meeting: Meeting, entries: QuerySet[RosterEntry]) -> list[RosterRow]:
    """These places with their marks: by unit, members before others, by given name; guests last."""
    places = list(entries.select_related("person").order_by("person__sort_key", "guest_name", "pk"))
    said = {row.entry_id: row for row in Attendance.objects.current().filter(entry__meeting=meeting)}
    names = names_on({place.unit_id for place in places if place.unit_id}, meeting.held_on)
    order = {unit: position for position, unit in enumerate(names)}
    rows = [_roster_row(place, said.get(place.pk), names) for place in places]
    groups = list(RosterGroup)
    return sorted(rows, key=lambda row: (row.unit is None, order.get(row.unit or 0, -1), groups.index(row.group)))


def _roster_row(place: RosterEntry, said: Attendance | None, names: Mapping[int, str]) -> RosterRow:
    return RosterRow(
        key=place.key,
        name=place.person.full_name if place.person else place.guest_name,
        group=RosterGroup(place.group),
        unit=place.unit_id,
        unit_name=names.get(place.unit_id or 0, ""),
        mark=Mark(Presence(said.presence), said.reason) if said else None,
        source=Source(said.source) if said else None,
        told_by=said.told_by if said else "",
        is_added=place.is_added,
    )


def parts_of(meeting: Meeting, units: Units | None = None) -> list[UnitPart]:
    """Each seated unit's part, by name; only of ``units`` when given. Guests are not in it, see :func:`guests_of`."""
    seats = Seat.objects.current().filter(meeting=meeting)
    if units is not None:
        seats = seats.filter(unit__in=units)
    keys: dict[int, UUID] = dict(seats.values_list("unit", "unit__key"))
    found = _counted([meeting.pk], units)
    for _pk, unit in found:
        if unit is not None and unit not in keys:
            keys[unit] = UUID(int=0)
    names = names_on(keys, meeting.held_on)
    return [UnitPart(unit, keys[unit], name, found.get((meeting.pk, unit), Counts())) for unit, name in names.items()]


def guests_of(meeting: Meeting) -> Tally:
    """The guests, counted."""
    return _counted([meeting.pk], None).get((meeting.pk, None), Counts()).guests


def meeting_rows(meetings: Sequence[Meeting], units: Units | None = None) -> list[MeetingRow]:
    """These meetings with host, seats and counts, in the same order; a fixed number of queries."""
    pks = [meeting.pk for meeting in meetings]
    counts: dict[int, Counts] = {}
    for (pk, unit), part in _counted(pks, units).items():
        if unit is not None:
            counts[pk] = counts.get(pk, Counts()) + part
    seats = dict(
        Seat.objects.current().filter(meeting__in=pks).values_list("meeting").annotate(n=Count("pk")).order_by()
    )
    names: dict[tuple[int, date], str] = {}
    for meeting in meetings:
        names[meeting.host_id, meeting.held_on] = ""
    states = UnitState.objects.current().filter(unit__in={host for host, _day in names}).order_by("pk")
    by_unit: dict[int, list[UnitState]] = {}
    for state in states:
        by_unit.setdefault(state.unit_id, []).append(state)
    for host, day in names:
        nearest = min(by_unit.get(host, ()), key=lambda state: _far(state, day), default=None)
        names[host, day] = nearest.name if nearest else ""
    return [
        MeetingRow(m, names[m.host_id, m.held_on], seats.get(m.pk, 0), counts.get(m.pk, Counts())) for m in meetings
    ]


def _counted(meetings: Collection[int], units: Units | None) -> dict[tuple[int, int | None], Counts]:
    """``{(meeting, unit): counts}``, counted by the database; unit ``None`` holds the guests."""
    places = RosterEntry.objects.current().filter(meeting__in=meetings)
    if units is not None:
        places = places.filter(unit__in=units)
    said = Attendance.objects.current().filter(entry=OuterRef("pk")).values("presence")[:1]
    rows = (
        places.annotate(presence=Subquery(said))
        .values_list("meeting", "unit", "group", "presence")
        .annotate(n=Count("pk"))
        .order_by()
    )
    found: dict[tuple[int, int | None], Counts] = {}
    for meeting, unit, group, presence, n in rows:
        one = tally([Presence(presence) if presence else None])
        part = Tally(
            *(n * value for value in (one.listed, one.present, one.late, one.left_early, one.excused, one.absent))
        )
        counts = {
            RosterGroup.MEMBER: Counts(members=part),
            RosterGroup.OTHER: Counts(others=part),
            RosterGroup.GUEST: Counts(guests=part),
        }[RosterGroup(group)]
        found[meeting, unit] = found.get((meeting, unit), Counts()) + counts
    return found


def not_studied(*, rollout: Rollout, units: Collection[int], day: date) -> list[MissingRow]:
    """Who of these units owes study on ``day`` and has not studied by then: by unit, then by given name."""
    owing = owing_on(rollout=rollout, step=StepKind.STUDY, day=day, units=units)
    place_of = dict(owing.values_list("obligation__person", "unit"))
    reached = reached_by(rollout=rollout, code=MilestoneCode.STUDIED, people=place_of)
    done = {person for person, on in reached.items() if on <= day}
    people = Person.objects.filter(pk__in=place_of.keys() - done).order_by("sort_key", "pk")
    names = names_on(set(place_of.values()), day)
    order = {unit: position for position, unit in enumerate(names)}
    rows = [
        MissingRow(one.key, one.full_name, one.phone, place_of[one.pk], names.get(place_of[one.pk], ""))
        for one in people
    ]
    return sorted(rows, key=lambda row: order.get(row.unit, -1))


def materials_of(meeting: Meeting) -> tuple[list[Material], list[Material]]:
    """Documents and pictures, in the order they were added."""
    rows = list(Material.objects.current().filter(meeting=meeting).select_related("file").order_by("pk"))
    pictures = [row for row in rows if row.kind == MaterialKind.PICTURE]
    return [row for row in rows if row.kind != MaterialKind.PICTURE], pictures


def make_ups_of(meeting: Meeting) -> list[Meeting]:
    """The sessions that make up for it, by day, without those cancelled."""
    rows = Meeting.objects.filter(makes_up_for=meeting).exclude(state=MeetingState.CANCELLED)
    return list(rows.order_by("held_on", "pk"))


def writers(seqs: Iterable[int]) -> dict[int, Writer]:
    """Who wrote these ledger entries: the person's name, else the sign-in's; empty for the system."""
    entries = list(Entry.objects.filter(seq__in=set(seqs)))
    users = User.objects.filter(key__in={entry.actor for entry in entries if entry.actor}).select_related(
        "sign_in__person"
    )
    names = {user.key: user.sign_in.person.full_name if hasattr(user, "sign_in") else user.username for user in users}
    return {
        entry.seq: Writer(names.get(entry.actor, "") if entry.actor else "", entry.recorded_at) for entry in entries
    }
