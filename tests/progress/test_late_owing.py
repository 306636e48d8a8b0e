"""Somebody who comes to owe a step only after having done it has done it."""

from datetime import timedelta

import pytest

from tests.factories.progress import Move, Play, start_play
from trienkhai.ledger import clock
from trienkhai.meetings import actions as meetings
from trienkhai.meetings.actions import MeetingFacts
from trienkhai.meetings.models import RosterEntry
from trienkhai.meetings.rules import Mark, Presence
from trienkhai.organisation.actions import NewPerson, NewTie, Particulars
from trienkhai.organisation.models import Membership, Person, Unit
from trienkhai.organisation.rules import SYSTEM, MemberKind, UnitKind
from trienkhai.plans import actions as plans
from trienkhai.plans.models import PlanVersion
from trienkhai.plans.rules import Adopted
from trienkhai.progress.queries.recount import disagreements
from trienkhai.progress.queries.values import figures
from trienkhai.progress.rules.figures import CODES
from trienkhai.rollouts import actions as rollouts
from trienkhai.rollouts.actions import organisation
from trienkhai.rollouts.rules import StepKind

pytestmark = pytest.mark.django_db


def value(play: Play, code: str, unit: int) -> tuple[int, int | None]:
    found = figures(rollout=play.rollout, unit=unit, as_of=play.today)[CODES.index(code)]
    return found.numerator, found.denominator


def agree(play: Play) -> bool:
    units = list(Unit.objects.all())
    return disagreements(rollout=play.rollout, units=units, as_of=play.today) == []


def hold_meeting(play: Play, host: int, *, also: int | None = None) -> None:
    facts = MeetingFacts(title="Học tập", held_on=play.today, seats=[])
    meeting = meetings.plan_meeting(
        rollout=play.rollout, host=Unit.objects.get(pk=host), facts=facts, actor=SYSTEM, at=play.moment
    )
    if also is not None:
        person = Person.objects.get(pk=also)
        meetings.add_person(meeting=meeting, person=person, actor=SYSTEM, at=play.moment)
    roster = RosterEntry.objects.current().filter(meeting=meeting)
    marks = {row.key: Mark(Presence.PRESENT) for row in roster}
    meetings.call_roll(meeting=meeting, marks=marks, actor=SYSTEM, at=play.moment)


def test_somebody_admitted_after_taking_part_has_studied() -> None:
    play = start_play()
    agency = play.units(UnitKind.AGENCY)[0]
    with clock.simulated(play.moment):
        hold_meeting(play, agency)
        person = Membership.objects.current().filter(unit=agency).order_by("pk").values_list("person", flat=True)[0]
        assert value(play, "persons_studied", agency) == (0, 0)
        assert value(play, "others_studied", agency) == (2, None)
        organisation.change_membership(
            person=person, on=play.today, kind=MemberKind.PROBATIONARY, actor=SYSTEM, at=play.moment
        )
    assert value(play, "persons_studied", agency) == (1, 1)
    assert agree(play)


def test_a_unit_that_becomes_a_cell_after_meeting_has_studied() -> None:
    play = start_play()
    agency = play.units(UnitKind.AGENCY)[0]
    with clock.simulated(play.moment):
        hold_meeting(play, agency)
        organisation.change_unit_kind(unit=agency, kind=UnitKind.CELL, on=play.today, actor=SYSTEM, at=play.moment)
    assert value(play, "units_studied", agency) == (1, 1)
    assert agree(play)


def test_a_later_deadline_makes_those_owe_who_came_late_and_had_studied() -> None:
    play = start_play()
    cell = play.units(UnitKind.CELL)[0]
    play.play(Move("roll_up_some", wait=40))
    with clock.simulated(play.moment):
        newcomer = organisation.add_person(
            person=NewPerson(Particulars(full_name="Bùi Thị Mai"), (NewTie(unit=cell, on=play.today),)),
            actor=SYSTEM,
            at=play.moment,
        ).made[0]
        hold_meeting(play, cell, also=newcomer)
        before = value(play, "persons_studied", cell)
        rollouts.change_deadline(
            rollout=play.rollout,
            step=StepKind.STUDY,
            deadline_on=play.today + timedelta(days=30),
            actor=SYSTEM,
            at=play.today,
        )
    assert value(play, "persons_studied", cell) == (before[0] + 1, (before[1] or 0) + 1)
    assert agree(play)


def test_a_merged_cell_whose_own_plan_is_taken_back_falls_back_to_its_predecessors() -> None:
    play = start_play()
    first, second = play.units(UnitKind.CELL)[:2]
    with clock.simulated(play.moment):
        plans.record_adoptions(
            rollout=play.rollout,
            adopted={unit: Adopted(on=play.today) for unit in (first, second)},
            title="Kế hoạch",
            actor=SYSTEM,
            at=play.moment,
        )
        organisation.merge_units(units=[first, second], into=first, on=play.today, actor=SYSTEM, at=play.moment)
        own = PlanVersion.objects.get(plan__unit=first)
        plans.withdraw_adoption(version=own, reason="Nhập nhầm", actor=SYSTEM, at=play.moment)
    assert value(play, "units_planned", first) == (1, 1)
    assert agree(play)
