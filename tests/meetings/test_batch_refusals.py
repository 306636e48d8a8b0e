"""A batch of meetings with one fault in it writes nothing at all."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.factories.meetings import NOW, World, make_ward
from trienkhai.core.decisions import DomainError
from trienkhai.ledger.models import Entry
from trienkhai.meetings import actions
from trienkhai.meetings.actions import BatchMeeting, MeetingFacts
from trienkhai.meetings.models import Attendance, Meeting, RosterEntry
from trienkhai.meetings.rules import MeetingFault, MeetingReason
from trienkhai.organisation.models import Unit
from trienkhai.organisation.rules import SYSTEM, Actor, Grant, Role
from trienkhai.rollouts.rules import ATTENDANCES

pytestmark = pytest.mark.django_db
DAY = NOW.date() - timedelta(days=3)


@pytest.fixture
def world() -> World:
    return make_ward()


def good(world: World, n: int = 0) -> BatchMeeting:
    return BatchMeeting(host=world.cells[n].pk, facts=MeetingFacts(title="Học tập", held_on=DAY))


def fails(world: World, wrong: BatchMeeting, code: str, actor: Actor = SYSTEM) -> None:
    """Together with a good one it is refused, and the good one is not there either."""
    entries = Entry.objects.count()
    with pytest.raises(DomainError) as raised:
        actions.record_meetings(rollout=world.rollout, batch=[good(world), wrong], actor=actor, at=NOW)
    assert raised.value.code == code
    assert not any(model.objects.exists() for model in (Meeting, RosterEntry, Attendance))
    assert Entry.objects.count() == entries


def test_days_that_cannot_be(world: World) -> None:
    one = good(world, 1)
    early = replace(one, facts=replace(one.facts, held_on=world.rollout.opens_on - timedelta(days=1)))
    fails(world, early, MeetingFault.BEFORE_OPENING)
    fails(world, replace(one, facts=replace(one.facts, held_on=NOW.date() + timedelta(days=2))), MeetingReason.NOT_YET)


def test_a_meeting_without_a_title(world: World) -> None:
    one = good(world, 1)
    fails(world, replace(one, facts=replace(one.facts, title=" ")), MeetingFault.TITLE_MISSING)


def test_a_unit_outside_the_roll_out(world: World) -> None:
    stranger = Unit.objects.create().pk
    one = good(world, 1)
    fails(world, replace(one, host=stranger), MeetingFault.UNIT_OUTSIDE)
    fails(world, replace(one, facts=replace(one.facts, seats=[stranger])), MeetingFault.UNIT_OUTSIDE)


def test_seats_for_a_cell_that_is_not_ones_own(world: World) -> None:
    secretary = Actor(key=uuid4(), person_id=None, grants=(Grant(Role.SECRETARY, world.cells[0].pk),))
    fails(world, good(world, 1), MeetingReason.SEAT_NOT_YOURS, secretary)


def test_a_make_up_of_what_never_was(world: World) -> None:
    fails(world, replace(good(world, 1), makes_up_for=uuid4()), MeetingFault.MAKE_UP_OF_ANOTHER)


def test_guests_come_by_name_and_count_in_nothing(world: World) -> None:
    one = replace(good(world), guests=["Ông Khách Quý", "x" * 300])
    assert actions.record_meetings(rollout=world.rollout, batch=[one], actor=SYSTEM, at=NOW)
    guests = RosterEntry.objects.current().filter(person=None).order_by("pk")
    assert [guest.guest_name for guest in guests] == ["Ông Khách Quý", "x" * 150]
    members = RosterEntry.objects.current().filter(person__isnull=False).count()
    (attendances,) = world.figures(as_of=NOW.date(), codes=(ATTENDANCES,))
    assert attendances == members
