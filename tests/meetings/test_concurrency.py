"""Several at once: nothing twice, nothing lost, whatever the order."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connections

from tests.factories.meetings import DAY, NOW, World, make_ward, marks
from trienkhai.ledger.models import Entry
from trienkhai.meetings import actions
from trienkhai.meetings.models import Attendance, Meeting
from trienkhai.meetings.rules import Mark, Presence
from trienkhai.organisation.rules import SYSTEM
from trienkhai.rollouts.models import Milestone
from trienkhai.rollouts.rules import ATTENDANCES, MEETINGS_HELD, OTHERS_STUDIED

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 8
CODES = ("study.person.studied", "study.unit.studied", OTHERS_STUDIED, ATTENDANCES, MEETINGS_HELD)


def together(works: list[Callable[[], object]]) -> list[object]:
    """Run all of them at the same moment, each on its own connection."""
    barrier = Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def call(meeting: Meeting, said: dict) -> Callable[[], object]:  # type: ignore[type-arg]
    return lambda: actions.call_roll(meeting=meeting, marks=said, actor=SYSTEM, at=NOW)


def test_the_same_roll_from_many_is_one_fact_each() -> None:
    world: World = make_ward()
    meeting = world.meet()
    together([call(meeting, marks(meeting)) for _one in range(AT_ONCE)])
    assert Attendance.objects.count() == 4
    assert Entry.objects.filter(action="meetings.call_roll").count() == 1
    assert world.figures(codes=CODES) == [4, 1, 0, 4, 1]


def test_each_marking_another_loses_none() -> None:
    world = make_ward(members=AT_ONCE)
    meeting = world.meet()
    together([call(meeting, {key: mark}) for key, mark in marks(meeting).items()])
    assert Attendance.objects.count() == AT_ONCE
    assert world.figures(codes=CODES) == [AT_ONCE, 1, 0, AT_ONCE, 1]


def test_meetings_called_at_once_count_a_person_once_on_the_earliest_day() -> None:
    world = make_ward()
    meetings = [
        world.meet(world.ward, on=DAY + timedelta(days=n), seats=[world.cells[0].pk, world.agency.pk])
        for n in range(AT_ONCE)
    ]
    together([call(meeting, marks(meeting)) for meeting in reversed(meetings)])
    assert world.figures(codes=CODES) == [4, 1, 2, 6 * AT_ONCE, AT_ONCE]
    assert world.figures(as_of=DAY, codes=CODES) == [4, 1, 2, 6, 1]
    assert set(Milestone.objects.current().values_list("starts_on", flat=True)) == {DAY}


def test_a_correction_and_a_cancellation_at_once_leave_figures_in_line() -> None:
    world = make_ward()
    meeting = world.meet()
    actions.call_roll(meeting=meeting, marks=marks(meeting), actor=SYSTEM, at=NOW)
    corrected = marks(meeting, An=Mark(Presence.ABSENT))

    def correct() -> object:
        try:
            return actions.call_roll(meeting=meeting, marks=corrected, actor=SYSTEM, at=NOW)
        except Exception as refused:  # noqa: BLE001 - cancelled first: then it is refused
            return str(refused)

    def cancel() -> object:
        return actions.cancel_meeting(meeting=meeting, because="nhầm", actor=SYSTEM, at=NOW)

    together([correct, cancel])
    assert world.figures(codes=CODES) == [0, 0, 0, 0, 0]
    assert not Attendance.objects.current().exists()
