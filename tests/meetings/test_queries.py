from datetime import date, timedelta

import pytest

from tests.factories.meetings import BEGINS, DAY, NOW, TODAY, World, acting, make_ward, marks, person, tie
from trienkhai.core.periods import FOREVER, Period
from trienkhai.figures.actions import PathRow, self_path, set_paths
from trienkhai.ledger.actions import record
from trienkhai.meetings import actions
from trienkhai.meetings.models import RosterEntry
from trienkhai.meetings.queries.pages import (
    guests_of,
    make_ups_of,
    meeting_rows,
    names_on,
    not_studied,
    parts_of,
    roster_rows,
    writers,
)
from trienkhai.meetings.queries.rosters import difference_of, people_for, place_of, with_groups
from trienkhai.meetings.rules import Mark, Presence, RosterGroup, Tally
from trienkhai.organisation.models import Membership, Unit, UnitState
from trienkhai.organisation.rules import SYSTEM, MemberKind, Role, Standing, Tie, UnitKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_ward()


def test_a_roster_is_in_given_name_order_by_unit_with_guests_last(world: World) -> None:
    meeting = world.meet(world.ward, seats=[world.cells[1].pk, world.cells[0].pk, world.agency.pk])
    actions.add_guest(meeting=meeting, name="An Khách", actor=SYSTEM, at=NOW)
    rows = roster_rows(meeting, RosterEntry.objects.current().filter(meeting=meeting))
    assert [(row.unit_name, row.name.split()[-1]) for row in rows[:5]] == [
        ("Chi bộ khu phố 1", "An"),
        ("Chi bộ khu phố 1", "Ánh"),
        ("Chi bộ khu phố 1", "Bình"),
        ("Chi bộ khu phố 1", "Chi"),
        ("Chi bộ khu phố 2", "An"),
    ]
    assert [row.group for row in rows[-3:]] == [RosterGroup.OTHER, RosterGroup.OTHER, RosterGroup.GUEST]


def test_parts_and_guests_are_counted_apart(world: World) -> None:
    meeting = world.meet(world.ward, seats=[world.cells[0].pk, world.agency.pk])
    actions.add_guest(meeting=meeting, name="Khách", actor=SYSTEM, at=NOW)
    said = marks(meeting, An=Mark(Presence.LATE), Chi=Mark(Presence.ABSENT_EXCUSED, "ốm"))
    actions.call_roll(meeting=meeting, marks=said, actor=SYSTEM, at=NOW)
    parts = {part.name: part.counts for part in parts_of(meeting)}
    assert parts["Chi bộ khu phố 1"].members == Tally(listed=4, present=2, late=1, excused=1)
    assert parts["Uỷ ban nhân dân phường Bến Mới"].others == Tally(listed=2, present=2)
    assert parts["Uỷ ban nhân dân phường Bến Mới"].members == Tally()
    assert guests_of(meeting) == Tally(listed=1, present=1)
    (row,) = meeting_rows([meeting], [world.cells[0].pk])
    assert (row.counts.members.attended, row.counts.others.listed, row.seats) == (3, 0, 3)


def test_not_studied_lists_those_who_owe_and_were_nowhere(world: World) -> None:
    meeting = world.meet()
    actions.call_roll(meeting=meeting, marks=marks(meeting, Chi=Mark(Presence.ABSENT)), actor=SYSTEM, at=NOW)
    units = [cell.pk for cell in world.cells]
    rows = not_studied(rollout=world.rollout, units=units, day=TODAY)
    assert [(row.unit_name[-1], row.name.split()[-1]) for row in rows] == [
        ("1", "Chi"),
        ("2", "An"),
        ("2", "Ánh"),
        ("2", "Bình"),
        ("2", "Chi"),
    ]
    before = not_studied(rollout=world.rollout, units=units, day=DAY - timedelta(days=1))
    assert len(before) == 8


def test_a_person_in_two_units_is_listed_once_and_as_a_member(world: World) -> None:
    both = world.members[world.cells[0].pk][0]
    tie(both, world.agency, MemberKind.OTHER)
    listed = people_for(world.rollout, day=DAY, units=[world.cells[0].pk, world.agency.pk])
    assert [(one.unit, one.group) for one in listed if one.person == both.pk] == [
        (world.cells[0].pk, RosterGroup.MEMBER)
    ]
    alone = people_for(world.rollout, day=DAY, units=[world.agency.pk])
    assert both.pk not in {one.person for one in alone}  # a member elsewhere is not somebody "who is not a member"


def test_others_who_left_are_away_or_are_duplicates_are_not_listed(world: World) -> None:
    first, second = world.others
    Membership.objects.filter(person=first).update(ends_on=DAY)
    second.merged_into = world.members[world.cells[0].pk][0]
    second.save()
    away = person(3)
    tie(away, world.agency, MemberKind.OTHER, Standing.AWAY)
    assert people_for(world.rollout, day=DAY, units=[world.agency.pk]) == []
    assert len(people_for(world.rollout, day=DAY - timedelta(days=1), units=[world.agency.pk])) == 1


def test_where_somebody_added_by_hand_is_counted(world: World) -> None:
    exempt, guest = person(1), person(2)
    tie(exempt, world.cells[1], standing=Standing.EXEMPT)
    residence = tie(exempt, world.cells[0])
    residence.tie = Tie.RESIDENCE
    residence.save()
    found = place_of(world.rollout, exempt, day=DAY)
    assert found is not None
    assert (found.unit, found.group) == (world.cells[1].pk, RosterGroup.MEMBER)
    assert place_of(world.rollout, guest, day=DAY) is None
    other = place_of(world.rollout, world.others[0], day=DAY)
    assert other is not None
    assert other.group is RosterGroup.OTHER


def test_seats_for_a_cell_are_seats_for_its_groups(world: World) -> None:
    group = Unit.objects.create()
    cell = world.cells[0]
    UnitState.objects.create(
        unit=group,
        parent=cell,
        kind=UnitKind.GROUP,
        name="Tổ đảng 1",
        folded="to dang 1",
        sort_key="9",
        starts_on=BEGINS,
        recorded_seq=1,
        recorded_on=BEGINS,
    )
    entry = record(actor=None, action="tests.make")
    days = Period(BEGINS, FOREVER)
    above = [PathRow(cell.pk, group.pk, 1, days), PathRow(world.ward.pk, group.pk, 2, days)]
    set_paths(descendants=[group.pk], paths=[self_path(group.pk), *above], entry=entry)
    assert with_groups([cell.pk, world.ward.pk], DAY) == {cell.pk, world.ward.pk, group.pk}
    assert with_groups([world.ward.pk], DAY) == {world.ward.pk}
    meeting = world.meet()
    assert set(meeting.seats.values_list("unit", flat=True)) == {cell.pk, group.pk}


def test_a_difference_shows_who_came_since_and_who_left(world: World) -> None:
    meeting = world.meet(world.ward, seats=[world.agency.pk])
    assert not difference_of(meeting)
    tie(person(5), world.agency, MemberKind.OTHER)
    Membership.objects.filter(person=world.others[0]).update(ends_on=date(2012, 3, 1))
    change = difference_of(meeting)
    assert (len(change.comes), change.leaves) == (1, frozenset({world.others[0].pk}))
    assert actions.draw_roster(meeting=meeting, actor=SYSTEM, at=NOW)
    assert not difference_of(meeting)


def test_names_are_those_of_the_day_or_the_nearest(world: World) -> None:
    cell = world.cells[0]
    state = UnitState.objects.get(unit=cell)
    state.ends_on = DAY
    state.save()
    UnitState.objects.create(
        unit=cell,
        parent=world.ward,
        kind=UnitKind.CELL,
        name="Chi bộ Bến Đò",
        folded="chi bo ben do",
        sort_key="0",
        starts_on=DAY,
        ends_on=DAY + timedelta(days=5),
        recorded_seq=1,
        recorded_on=BEGINS,
    )
    for day, name in (
        (date(2000, 1, 1), "Chi bộ khu phố 1"),
        (DAY - timedelta(days=1), "Chi bộ khu phố 1"),
        (DAY, "Chi bộ Bến Đò"),
        (DAY + timedelta(days=90), "Chi bộ Bến Đò"),
    ):
        assert names_on([cell.pk], day) == {cell.pk: name}


def test_make_ups_and_writers(world: World) -> None:
    meeting = world.meet()
    session = actions.plan_make_up(meeting=meeting, held_on=DAY, title="Học bù", actor=SYSTEM, at=NOW)
    assert make_ups_of(meeting) == [session]
    actions.cancel_meeting(meeting=session, because="", actor=SYSTEM, at=NOW)
    assert make_ups_of(meeting) == []
    clerk = acting(Role.OFFICE, world.ward)
    result = actions.call_roll(meeting=meeting, marks=marks(meeting), actor=clerk, at=NOW)
    assert result.entry is not None
    assert writers([result.entry.seq])[result.entry.seq].name.startswith("user-")
