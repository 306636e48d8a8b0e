"""Who belongs on a meeting's roster, and how that differs from who is on it."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import batched

from django.db.models import Q

from trienkhai.core.periods import Period
from trienkhai.core.sql import fetched
from trienkhai.figures.queries import paths_on
from trienkhai.meetings.models import Attendance, Meeting, RosterEntry
from trienkhai.meetings.queries.counted import visits_of
from trienkhai.meetings.rules import Listed, Redraw, RosterGroup, redraw
from trienkhai.organisation.models import Membership, Person, UnitState, held_on
from trienkhai.organisation.rules import MemberKind, Standing, Tie, UnitKind
from trienkhai.rollouts.models import ObligationPlace, Rollout
from trienkhai.rollouts.queries import owing_on
from trienkhai.rollouts.rules import StepKind

CHUNK = 5_000


type Stays = dict[int, list[tuple[int, Period]]]


@dataclass(frozen=True)
class Around:
    """Everybody with a place in some units over time: one reading serves the rosters of many meetings.

    ``owing`` and ``others`` (people who are not members): ``{unit: [(person, days)]}``; ``members``: the days on which
    somebody among the others was a member after all, somewhere.
    """

    owing: Stays
    others: Stays
    members: dict[int, list[Period]]

    def listed_on(self, day: date, units: Iterable[int]) -> list[Listed]:
        """Who belongs on the roster of a meeting on ``day`` with seats for ``units``."""
        wanted = set(units)
        not_members = {
            person: unit
            for person, unit in _on(self.others, day, wanted).items()
            if not any(day in days for days in self.members.get(person, ()))
        }
        found = {person: Listed(person, unit, RosterGroup.OTHER) for person, unit in not_members.items()}
        for person, unit in _on(self.owing, day, wanted).items():
            group = RosterGroup.OTHER if person in not_members else RosterGroup.MEMBER
            found[person] = Listed(person, unit, group)
        return sorted(found.values())


def _on(stays: Stays, day: date, units: Iterable[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for unit in sorted(units, reverse=True):
        found.update({person: unit for person, days in stays.get(unit, ()) if day in days})
    return found


def around(rollout: Rollout, units: Collection[int], *, first: date, last: date) -> Around:
    """Who owed the study step in these units, and who there is not a member, between two days (inclusive)."""
    owing: Stays = {}
    others: Stays = {}
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gt=first)
    for chunk in _chunks(units):
        places = ObligationPlace.objects.current().filter(
            lasting,
            obligation__step__rollout=rollout,
            obligation__step__kind=StepKind.STUDY,
            obligation__person__isnull=False,
            unit__in=chunk,
            starts_on__lte=last,
        )
        for unit, person, start, end in places.values_list("unit", "obligation__person", "starts_on", "ends_on"):
            owing.setdefault(unit, []).append((person, Period.of(start, end)))
        ties = Membership.objects.current().filter(
            lasting,
            unit__in=chunk,
            kind=MemberKind.OTHER,
            standing=Standing.ACTIVE,
            starts_on__lte=last,
            person__merged_into__isnull=True,
        )
        for unit, person, start, end in ties.values_list("unit", "person", "starts_on", "ends_on"):
            others.setdefault(unit, []).append((person, Period.of(start, end)))
    return Around(owing, others, _days_as_member({person for rows in others.values() for person, _days in rows}))


def _days_as_member(people: Collection[int]) -> dict[int, list[Period]]:
    found: dict[int, list[Period]] = {}
    for chunk in _chunks(people):
        ties = Membership.objects.current().filter(person__in=chunk).exclude(kind=MemberKind.OTHER)
        for person, start, end in ties.values_list("person", "starts_on", "ends_on"):
            found.setdefault(person, []).append(Period.of(start, end))
    return found


def people_for(rollout: Rollout, *, day: date, units: Collection[int]) -> list[Listed]:
    """Who belongs on a roster: those who owe study in ``units`` on ``day``, and those there who are not members."""
    return around(rollout, units, first=day, last=day).listed_on(day, units)


def belonging(meeting: Meeting, *, units: Collection[int]) -> list[Listed]:
    """Who belongs on this meeting's roster; on a make-up session's, those who owe and have not studied by its day."""
    listed = people_for(meeting.rollout, day=meeting.held_on, units=units)
    if meeting.makes_up_for_id is None:
        return listed
    members = [one for one in listed if one.group is RosterGroup.MEMBER]
    studied = {
        visit.person
        for visit in visits_of(meeting.rollout, [one.person for one in members])
        if visit.day <= meeting.held_on and visit.meeting != meeting.pk
    }
    return [one for one in members if one.person not in studied]


def difference_of(meeting: Meeting) -> Redraw:
    """What drawing the roster again would change."""
    units = seated_units(meeting)
    drawn: dict[int, Listed] = {}
    kept: set[int] = set()
    marked = set(Attendance.objects.current().filter(entry__meeting=meeting).values_list("entry", flat=True))
    for entry in RosterEntry.objects.current().filter(meeting=meeting, person__isnull=False):
        person, unit = entry.person_id or 0, entry.unit_id or 0
        drawn[person] = Listed(person, unit, RosterGroup(entry.group))
        if entry.is_added or entry.pk in marked:
            kept.add(person)
    return redraw(wanted=belonging(meeting, units=units), drawn=drawn, kept=kept)


def seated_units(meeting: Meeting) -> list[int]:
    """The units with places in the meeting, the host among them."""
    return [unit for (unit,) in fetched(_SEATED, [meeting.pk])]


_SEATED = "SELECT unit_id FROM meetings_seat WHERE meeting_id = %s AND superseded_seq IS NULL ORDER BY unit_id"


def place_of(rollout: Rollout, person: Person, *, day: date) -> Listed | None:
    """Where somebody who is added by hand is counted on ``day``; ``None`` when they then belong to no unit here.

    First where they owe, then by membership: as a member before otherwise, the counting tie before other ties.
    """
    owed = owing_on(rollout=rollout, step=StepKind.STUDY, day=day).filter(obligation__person=person).first()
    inside = paths_on(day).filter(ancestor=rollout.lead_id).values("descendant")
    ties = Membership.objects.current().filter(held_on(day), person=person, unit__in=inside)
    ordered = sorted(
        ties, key=lambda tie: (tie.kind == MemberKind.OTHER, tie.tie != Tie.COUNTING, tie.starts_on, tie.pk)
    )
    if owed is None and not ordered:
        return None
    unit = owed.unit_id if owed else ordered[0].unit_id
    is_other = bool(ordered) and ordered[0].kind == MemberKind.OTHER
    return Listed(person.pk, unit, RosterGroup.OTHER if is_other else RosterGroup.MEMBER)


def with_groups(units: Collection[int], day: date) -> set[int]:
    """These units and, with a cell, its groups: seats for a cell are seats for its groups."""
    found = set(units)
    for chunk in _chunks(units):
        cells = UnitState.objects.current().filter(held_on(day), unit__in=chunk, kind=UnitKind.CELL).values("unit")
        groups = UnitState.objects.current().filter(held_on(day), parent__in=cells, kind=UnitKind.GROUP)
        found.update(groups.values_list("unit", flat=True))
    return found


def _chunks(ids: Iterable[int]) -> Iterator[Sequence[int]]:
    return batched(sorted(ids), CHUNK)
