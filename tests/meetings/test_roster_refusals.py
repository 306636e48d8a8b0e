"""What cannot be done with a roster; each leaves everything as it was. What is sent twice is done once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.factories.meetings import DAY, NOW, World, acting, make_ward, marks, person, tie
from trienkhai.core.decisions import DomainError
from trienkhai.ledger.actions import record
from trienkhai.ledger.models import Entry
from trienkhai.meetings import actions
from trienkhai.meetings.actions import MeetingFacts, rosters
from trienkhai.meetings.models import Attendance, Meeting, RosterEntry
from trienkhai.meetings.rules import MeetingFault, MeetingReason
from trienkhai.organisation.models import Membership
from trienkhai.organisation.rules import SYSTEM, Role
from trienkhai.rollouts.actions import reconcile
from trienkhai.rollouts.rules import ATTENDANCES

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_ward(upper=True)


@pytest.fixture
def meeting(world: World) -> Meeting:
    """Of the first cell."""
    return world.meet()


@contextmanager
def refused(code: str, on: str = "") -> Iterator[None]:
    """It is refused with that code, at that field, and nothing has been written."""

    def kept() -> list[object]:
        models = (Meeting, RosterEntry, Attendance, Entry)
        return [list(model.objects.order_by("pk").values_list()) for model in models]

    before = kept()
    with pytest.raises(DomainError) as raised:
        yield
    assert (raised.value.code, getattr(raised.value, "on", "")) == (code, on)
    assert kept() == before


def test_nobody_is_listed_twice(world: World, meeting: Meeting) -> None:
    with refused(MeetingFault.ALREADY_LISTED, "person"):
        rosters.add_person(
            meeting=meeting, person=world.members[world.cells[0].pk][0], actor=SYSTEM, at=NOW, key=uuid4()
        )


def test_the_same_form_sent_twice_adds_once(world: World, meeting: Meeting) -> None:
    other, key = world.members[world.cells[1].pk][0], uuid4()
    first = rosters.add_person(meeting=meeting, person=other, actor=SYSTEM, at=NOW, key=key)
    assert rosters.add_person(meeting=meeting, person=other, actor=SYSTEM, at=NOW, key=key) == first
    guest = uuid4()
    one = rosters.add_guest(meeting=meeting, name=" Ông  Khách ", actor=SYSTEM, at=NOW, key=guest)
    assert rosters.add_guest(meeting=meeting, name="Ông Khách", actor=SYSTEM, at=NOW, key=guest) == one
    assert one.guest_name == "Ông Khách"
    with refused(MeetingFault.GUEST_NAME_MISSING, "name"):
        rosters.add_guest(meeting=meeting, name="  ", actor=SYSTEM, at=NOW, key=uuid4())


def test_whoever_was_in_no_unit_that_day_comes_as_a_guest(meeting: Meeting) -> None:
    with refused(MeetingFault.NO_UNIT_THAT_DAY, "person"):
        rosters.add_person(meeting=meeting, person=person(9), actor=SYSTEM, at=NOW)


def test_another_cells_people_are_not_a_secretarys_to_list_or_take_off(world: World, meeting: Meeting) -> None:
    secretary = acting(Role.SECRETARY, world.cells[0], world.members[world.cells[0].pk][0])
    other = world.members[world.cells[1].pk][0]
    with refused(MeetingReason.NOT_YOUR_PEOPLE):
        rosters.add_person(meeting=meeting, person=other, actor=secretary, at=NOW)
    listed = rosters.add_person(meeting=meeting, person=other, actor=SYSTEM, at=NOW)
    neighbour = acting(Role.SECRETARY, world.cells[1], other)
    own = RosterEntry.objects.current().filter(meeting=meeting).exclude(pk=listed.pk).first()
    assert own is not None
    with refused(MeetingReason.NOT_YOUR_PEOPLE):
        rosters.remove_from_roster(meeting=meeting, place=own.key, actor=neighbour, at=NOW)


def test_taking_off_what_is_off_already_or_never_was_there(meeting: Meeting) -> None:
    place = RosterEntry.objects.current().filter(meeting=meeting)[0].key
    assert rosters.remove_from_roster(meeting=meeting, place=place, actor=SYSTEM, at=NOW)
    entries = Entry.objects.count()
    assert rosters.remove_from_roster(meeting=meeting, place=place, actor=SYSTEM, at=NOW) is None
    assert rosters.remove_from_roster(meeting=meeting, place=uuid4(), actor=SYSTEM, at=NOW) is None
    assert Entry.objects.count() == entries


def test_a_cancelled_meetings_roster_stays_as_it_is(meeting: Meeting) -> None:
    place = RosterEntry.objects.current().filter(meeting=meeting)[0].key
    actions.cancel_meeting(meeting=meeting, because="mất điện", actor=SYSTEM, at=NOW)
    with refused(MeetingReason.CANCELLED):
        rosters.remove_from_roster(meeting=meeting, place=place, actor=SYSTEM, at=NOW)
    with refused(MeetingReason.CANCELLED):
        rosters.draw_roster(meeting=meeting, actor=SYSTEM, at=NOW)
    with refused(MeetingReason.CANCELLED):
        rosters.add_guest(meeting=meeting, name="Ông Khách", actor=SYSTEM, at=NOW)
    assert actions.cancel_meeting(meeting=meeting, because="lần nữa", actor=SYSTEM, at=NOW) is None


def test_a_roster_larger_than_any_hall(meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    for row in RosterEntry.objects.current().filter(meeting=meeting)[:2]:
        rosters.remove_from_roster(meeting=meeting, place=row.key, actor=SYSTEM, at=NOW)
    monkeypatch.setattr(rosters, "MOST_ON_A_ROSTER", 1)
    with refused(MeetingFault.TOO_MANY, "seats"):
        rosters.draw_roster(meeting=meeting, actor=SYSTEM, at=NOW)
    monkeypatch.undo()
    assert rosters.draw_roster(meeting=meeting, actor=SYSTEM, at=NOW)


def test_a_make_up_session_stays_in_its_roll_out_and_after_what_it_makes_up_for(world: World, meeting: Meeting) -> None:
    elsewhere = make_ward().meet()
    with refused(MeetingFault.MAKE_UP_OF_ANOTHER, "makes_up_for"):
        world.meet(makes_up_for=elsewhere)
    with refused(MeetingFault.MAKE_UP_TOO_EARLY, "held_on"):
        world.meet(on=meeting.held_on - timedelta(days=1), makes_up_for=meeting)


def test_marks_carried_to_another_day_count_where_people_belonged_on_it(world: World) -> None:
    """Somebody moved between the day entered by mistake and the real one; the day they moved is known."""
    one, two = world.cells
    meeting = world.meet(world.ward, seats=[one.pk, two.pk])
    actions.call_roll(meeting=meeting, marks=marks(meeting), actor=SYSTEM, at=NOW)
    moved, moves_on = world.members[one.pk][1], DAY + timedelta(days=5)
    Membership.objects.filter(person=moved).update(ends_on=moves_on)
    tie(moved, two, starts_on=moves_on)
    reconcile(entry=record(actor=None, action="tests.move"), people=[moved.pk])
    real = MeetingFacts(title=meeting.title, held_on=DAY + timedelta(days=10), seats=[one.pk, two.pk])
    actions.change_meeting(meeting=meeting, facts=real, actor=SYSTEM, at=NOW)
    (mark,) = Attendance.objects.current().filter(entry__person=moved).select_related("entry")
    assert (mark.valid_on, mark.entry.unit_id, mark.entry.superseded_seq) == (real.held_on, two.pk, None)
    (stays,) = Attendance.objects.current().filter(entry__person=world.members[one.pk][0])
    assert (stays.valid_on, stays.entry.unit_id) == (real.held_on, one.pk)
    assert world.figures(one, codes=(ATTENDANCES,)) == [3]
    assert world.figures(two, codes=(ATTENDANCES,)) == [5]
