"""From the facts of meetings to milestones and figures: what they said before a change, and what they say after."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import batched

from django.db import connection, transaction

from trienkhai.figures.actions import post
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
from trienkhai.organisation.models import Person, Unit
from trienkhai.rollouts.actions import ensure_obligations, set_milestones
from trienkhai.rollouts.models import Rollout
from trienkhai.rollouts.queries import CHUNK, obligations
from trienkhai.rollouts.rules import CellStudyRule, Effects, MilestoneCode, StepKind, difference


@dataclass(frozen=True)
class Count:
    """What the facts say of some meetings, people and units of a roll-out; taken before a change, settled after it."""

    rollout: Rollout
    meetings: frozenset[int]
    people: frozenset[int]
    units: frozenset[int]
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
        return cls(rollout, meeting_ids, person_ids, unit_ids, _effects(rollout, meeting_ids, person_ids))

    def settle(self, entry: Entry, *, fresh_meetings: Iterable[int] = ()) -> None:
        """Count again, post the difference, and set what people and units have reached.

        Args:
            entry: the ledger entry of the change.
            fresh_meetings: meetings that did not exist before.
        """
        after = _effects(self.rollout, self.meetings | frozenset(fresh_meetings), self.people)
        post(scope=self.rollout.scope, change=difference(after, self.effects), entry=entry)
        for people in _chunks(self.people):
            _set_people(self.rollout, people, entry=entry)
        for units in _chunks(self.units):
            _set_units(self.rollout, units, entry=entry)


@transaction.atomic
def refresh(*, rollout: Rollout, entry: Entry, people: Iterable[int] = (), units: Iterable[int] = ()) -> None:
    """Set what these people and units have reached by study, after new obligations have appeared for them.

    For whoever reconciles obligations: somebody may have been at a meeting before they came to owe it. Changes nothing
    when all is in line.
    """
    person_ids, unit_ids = frozenset(people), frozenset(units)
    _lock(person_ids, unit_ids)
    for chunk in _chunks(person_ids):
        _set_people(rollout, chunk, entry=entry)
    for chunk in _chunks(unit_ids):
        _set_units(rollout, chunk, entry=entry)


def counts_by_roll(rollout: Rollout) -> bool:
    """Whether a unit's having studied depends on who was there, not only on the meeting being held."""
    return rollout.cell_study_rule == CellStudyRule.QUORUM


def _lock(people: Collection[int], units: Collection[int]) -> None:
    if not connection.features.has_select_for_no_key_update:
        return  # SQLite has one writer
    for model, ids in ((Person, people), (Unit, units)):
        for chunk in _chunks(ids):
            list(model.objects.select_for_update(no_key=True).filter(pk__in=chunk).order_by("pk").values_list("pk"))


def _effects(rollout: Rollout, meetings: Collection[int], people: Collection[int]) -> Effects:
    total: Effects = Counter()
    for chunk in _chunks(meetings):
        held = Meeting.objects.filter(pk__in=chunk, state=MeetingState.HELD)
        for host, day in held.values_list("host", "held_on"):
            total.update(holding_effects(host, day))
    for chunk in _chunks(people):
        visits: list[Visit] = visits_of(rollout, chunk)
        total.update(attendance_effects(visits))
        total.update(other_effects(visits))
    return total


def _set_people(rollout: Rollout, people: Sequence[int], *, entry: Entry) -> None:
    days: dict[int, list[Visit]] = {}
    for visit in visits_of(rollout, people):
        days.setdefault(visit.person, []).append(visit)
    owed = {
        **obligations(rollout=rollout, step=StepKind.STUDY, people=people),
        **ensure_obligations(rollout=rollout, step=StepKind.STUDY, people=list(days)),
    }
    set_milestones(
        wanted={
            obligation.pk: {MilestoneCode.STUDIED: studied_on(visit.day for visit in days.get(person, ()))}
            for person, obligation in owed.items()
        },
        entry=entry,
    )


def _set_units(rollout: Rollout, units: Sequence[int], *, entry: Entry) -> None:
    rule = CellStudyRule(rollout.cell_study_rule)
    sittings = sittings_of(rollout, units, with_people=counts_by_roll(rollout))
    owed = {
        **obligations(rollout=rollout, step=StepKind.STUDY, units=units),
        **ensure_obligations(rollout=rollout, step=StepKind.STUDY, units=list(sittings)),
    }
    set_milestones(
        wanted={
            obligation.pk: {
                MilestoneCode.STUDIED: unit_studied_on(rule, rollout.quorum_percent, sittings.get(unit, ()))
            }
            for unit, obligation in owed.items()
        },
        entry=entry,
    )


def _chunks(ids: Iterable[int]) -> Iterator[Sequence[int]]:
    return batched(sorted(ids), CHUNK)
