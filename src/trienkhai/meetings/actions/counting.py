"""From the facts of meetings to milestones and figures: what they said before a change, and what they say after."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import batched

from django.db import connection

from trienkhai.core.joining import joining
from trienkhai.core.sql import fetched, listed
from trienkhai.ledger.models import Entry
from trienkhai.meetings.models import Meeting
from trienkhai.meetings.queries.counted import sittings_of, visits_of
from trienkhai.meetings.rules import (
    MeetingState,
    Visit,
    attendance_effects,
    holding_effects,
    other_effects,
    studied_on,
    unit_studied_on,
)
from trienkhai.rollouts.actions import set_reached
from trienkhai.rollouts.models import Rollout
from trienkhai.rollouts.queries import CHUNK
from trienkhai.rollouts.rules import CellStudyRule, Effects, MilestoneCode, StepKind, difference


@dataclass(frozen=True)
class Count:
    """What the facts say of some meetings, people and units of a roll-out; taken before a change, settled after it."""

    rollout: Rollout
    meetings: frozenset[int]
    people: frozenset[int]
    units: frozenset[int]
    visits: tuple[Visit, ...]
    effects: Effects

    @classmethod
    def take(
        cls,
        rollout: Rollout,
        *,
        meetings: Iterable[int] = (),
        people: Iterable[int] = (),
        units: Iterable[int] = (),
    ) -> "Count":
        """Lock these people and units, so that two meetings cannot count one of them at once, and count."""
        person_ids, unit_ids, meeting_ids = frozenset(people), frozenset(units), frozenset(meetings)
        _lock(person_ids, unit_ids)
        visits = visits_of(rollout, person_ids)
        effects = _effects(meeting_ids, visits)
        return cls(rollout, meeting_ids, person_ids, unit_ids, tuple(visits), effects)

    def settle(self, entry: Entry, *, fresh_meetings: Iterable[int] = ()) -> None:
        """Count again, post the difference, and set what people and units have reached.

        Args:
            entry: the ledger entry of the change.
            fresh_meetings: meetings that did not exist before.
        """
        visits = visits_of(self.rollout, self.people)
        self._settle(visits, _effects(self.meetings | frozenset(fresh_meetings), visits), entry)

    def settle_roll(self, entry: Entry, *, meeting: Meeting, visits: Iterable[Visit], is_first: bool) -> None:
        """As :meth:`settle`, after these people's marks of one held meeting became ``visits``, and nothing else.

        ``is_first``: by this the meeting took place; it is not among :attr:`meetings`.
        """
        after = [visit for visit in self.visits if visit.meeting != meeting.pk] + list(visits)
        effects = _effects(self.meetings, after)
        if is_first:
            effects.update(holding_effects(meeting.host_id, meeting.held_on))
        self._settle(after, effects, entry)

    def _settle(self, visits: Sequence[Visit], effects: Effects, entry: Entry) -> None:
        _reach(self.rollout, self.people, self.units, visits, entry=entry, beside=difference(effects, self.effects))


@joining
def refresh(*, rollout: Rollout, entry: Entry, people: Iterable[int] = (), units: Iterable[int] = ()) -> None:
    """Set what these people and units have reached by study, after new obligations have appeared for them.

    For whoever reconciles obligations: somebody may have been at a meeting before they came to owe it. Changes nothing
    when all is in line.
    """
    person_ids, unit_ids = frozenset(people), frozenset(units)
    _lock(person_ids, unit_ids)
    _reach(rollout, person_ids, unit_ids, visits_of(rollout, person_ids), entry=entry)


def counts_by_roll(rollout: Rollout) -> bool:
    """Whether a unit's having studied depends on who was there, not only on the meeting being held."""
    return rollout.cell_study_rule == CellStudyRule.QUORUM


def _lock(people: Collection[int], units: Collection[int]) -> None:
    if not connection.features.has_select_for_no_key_update:
        return  # SQLite has one writer
    for table, ids in (("organisation_person", people), ("organisation_unit", units)):
        for chunk in _chunks(ids):
            fetched(f"SELECT 1 FROM {table} WHERE id IN ({listed(chunk)}) ORDER BY id FOR NO KEY UPDATE")  # noqa: S608


def _effects(meetings: Collection[int], visits: Sequence[Visit]) -> Effects:
    total: Effects = attendance_effects(visits)
    total.update(other_effects(visits))
    for chunk in _chunks(meetings):
        held = Meeting.objects.filter(pk__in=chunk, state=MeetingState.HELD)
        for host, day in held.values_list("host", "held_on"):
            total.update(holding_effects(host, day))
    return total


def _reach(
    rollout: Rollout,
    people: Collection[int],
    units: Collection[int],
    visits: Iterable[Visit],
    *,
    entry: Entry,
    beside: Effects | None = None,
) -> None:
    """Set who has studied, by all the ``visits`` of these people; ``beside`` is posted along."""
    by_person: dict[int, list[Visit]] = {}
    for visit in visits:
        by_person.setdefault(visit.person, []).append(visit)
    rule = CellStudyRule(rollout.cell_study_rule)
    sittings = sittings_of(rollout, units, with_people=counts_by_roll(rollout))
    set_reached(
        rollout=rollout,
        step=StepKind.STUDY,
        code=MilestoneCode.STUDIED,
        people={person: studied_on(visit.day for visit in by_person.get(person, ())) for person in people},
        units={unit: unit_studied_on(rule, rollout.quorum_percent, sittings.get(unit, ())) for unit in units},
        entry=entry,
        beside=beside,
    )


def _chunks(ids: Iterable[int]) -> Iterator[Sequence[int]]:
    return batched(sorted(ids), CHUNK)
