from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.factories.meetings import DAY, NOW, TODAY, World, acting, make_ward, person, tie
from trienkhai.meetings import actions, policies
from trienkhai.meetings.models import Meeting, RosterEntry
from trienkhai.meetings.rules import MeetingReason, MeetingState
from trienkhai.organisation.rules import ANONYMOUS, SYSTEM, Actor, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_ward(cells=3, upper=True)


def actors(world: World) -> dict[str, Actor]:
    """Everybody who could ask; the meeting is the ward's, with seats for cells 1 and 2."""
    first = world.members[world.cells[0].pk]
    return {
        "installer": SYSTEM,
        "city office": acting(Role.OFFICE, world.rollout.lead),
        "ward office": acting(Role.OFFICE, world.ward),
        "ward secretary": acting(Role.SECRETARY, world.ward, person(8)),
        "secretary 1": acting(Role.SECRETARY, world.cells[0], first[0]),
        "secretary 3": acting(Role.SECRETARY, world.cells[2], world.members[world.cells[2].pk][0]),
        "member 1": acting(Role.MEMBER, world.cells[0], first[1]),
        "member 3": acting(Role.MEMBER, world.cells[2], world.members[world.cells[2].pk][1]),
        "nobody": ANONYMOUS,
    }


def seated(world: World) -> Meeting:
    return world.meet(world.ward, seats=[world.cells[0].pk, world.cells[1].pk])


def allowed(world: World, decide) -> set[str]:  # type: ignore[no-untyped-def]  # noqa: ANN001
    return {name for name, actor in actors(world).items() if decide(actor)}


RUNNING = {"installer", "city office", "ward office", "ward secretary"}


def test_who_may_plan_change_hold_and_call(world: World) -> None:
    meeting = seated(world)
    plan = allowed(world, lambda a: policies.can_plan(a, world.rollout, world.ward.pk, at=TODAY))
    assert plan == RUNNING
    own = allowed(world, lambda a: policies.can_plan(a, world.rollout, world.cells[0].pk, at=TODAY))
    assert own == {"installer", "city office", "ward office", "secretary 1"}
    assert allowed(world, lambda a: policies.can_run_meeting(a, meeting, at=TODAY)) == RUNNING
    assert allowed(world, lambda a: policies.can_hold(a, meeting, at=TODAY)) == RUNNING
    assert allowed(world, lambda a: policies.can_call_roll(a, meeting, at=TODAY)) == RUNNING | {"secretary 1"}
    assert not allowed(world, lambda a: policies.can_restore(a, meeting, at=TODAY))


@pytest.mark.parametrize(
    ("state", "at", "reason"),
    [
        (MeetingState.PLANNED, DAY - timedelta(days=1), MeetingReason.NOT_YET),
        (MeetingState.CANCELLED, TODAY, MeetingReason.CANCELLED),
    ],
)
def test_nobody_calls_a_roll_before_its_day_or_after_cancelling(
    world: World, state: MeetingState, at: date, reason: MeetingReason
) -> None:
    meeting = seated(world)
    meeting.state = state
    for actor in actors(world).values():
        assert policies.can_call_roll(actor, meeting, at=at).reason == reason
        assert not policies.can_hold(actor, meeting, at=at)
    assert allowed(world, lambda a: policies.can_restore(a, meeting, at=at)) == (
        RUNNING if state == MeetingState.CANCELLED else set()
    )


def test_a_closed_roll_out_takes_no_new_meeting(world: World) -> None:
    world.rollout.closed_on = TODAY
    decision = policies.can_plan(SYSTEM, world.rollout, world.ward.pk, at=TODAY)
    assert decision.reason == MeetingReason.ROLLOUT_CLOSED


def test_whose_names_are_seen_and_whose_roll_is_called(world: World) -> None:
    meeting = seated(world)
    actions.add_guest(meeting=meeting, name="Khách", actor=SYSTEM, at=NOW)
    seen = {n: policies.visible_entries(a, meeting, at=TODAY).count() for n, a in actors(world).items()}
    assert seen == {
        "installer": 9,
        "city office": 0,
        "ward office": 9,
        "ward secretary": 1,
        "secretary 1": 4,
        "secretary 3": 0,
        "member 1": 1,
        "member 3": 0,
        "nobody": 0,
    }
    called = {n: policies.callable_entries(a, meeting, at=TODAY).count() for n, a in actors(world).items()}
    assert called == seen | {"member 1": 0}


def test_who_reads_notes_and_counts(world: World) -> None:
    meeting = seated(world)
    read = allowed(world, lambda a: policies.can_read(a, meeting, at=TODAY))
    assert read == {"installer", "ward office", "ward secretary", "secretary 1", "member 1"}
    for name, actor in actors(world).items():
        counted = set(policies.counted_units(actor, at=TODAY).values_list("pk", flat=True))
        siblings = {world.cells[1].pk} & counted
        assert bool(siblings) == (name in RUNNING), name


def test_visible_meetings_are_those_of_the_readers_units_and_below(world: World) -> None:
    meetings = {"ward": seated(world), "cell 3": world.meet(world.cells[2]), "bare": world.meet(world.ward)}
    actions.add_person(meeting=meetings["bare"], person=world.members[world.cells[2].pk][1], actor=SYSTEM, at=NOW)
    names = {meeting.pk: name for name, meeting in meetings.items()}
    seen = {
        name: {names[pk] for pk in policies.visible_meetings(actor, at=TODAY).values_list("pk", flat=True)}
        for name, actor in actors(world).items()
    }
    everything = set(meetings)
    assert seen == {
        **dict.fromkeys(("installer", "city office", "ward office", "ward secretary"), everything),
        "secretary 1": {"ward"},
        "secretary 3": {"cell 3"},
        "member 1": {"ward"},
        "member 3": {"cell 3", "bare"},
        "nobody": set(),
    }


def test_whoever_may_do_something_with_a_meeting_sees_it(world: World) -> None:
    meetings = [seated(world), world.meet(world.cells[2])]
    for name, actor in actors(world).items():
        visible = set(policies.visible_meetings(actor, at=TODAY).values_list("pk", flat=True))
        for meeting in meetings:
            may = (
                policies.can_run_meeting(actor, meeting, at=TODAY)
                or policies.can_call_roll(actor, meeting, at=TODAY)
                or policies.can_read(actor, meeting, at=TODAY)
            )
            assert not may or meeting.pk in visible, name


def test_a_grant_counts_for_the_person_who_holds_it_alone(world: World) -> None:
    meeting = seated(world)
    stranger = person(11)
    tie(stranger, world.cells[1])
    secretary = replace(acting(Role.SECRETARY, world.cells[0]), person_id=stranger.pk)
    mine = policies.callable_entries(secretary, meeting, at=TODAY)
    assert set(mine.values_list("unit", flat=True)) == {world.cells[0].pk}
    assert not RosterEntry.objects.filter(pk__in=mine, person=stranger).exists()
