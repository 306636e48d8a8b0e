"""Opening, changing, merging and splitting units through both times."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest

from tests.factories.organisation import (
    AT,
    START,
    Ward,
    acting_as,
    make_person,
    make_unit,
    make_ward,
    office_of,
    posts_of,
)
from trienkhai.core.decisions import Invalid, Refused
from trienkhai.figures.queries import keys_under
from trienkhai.ledger.clock import simulated
from trienkhai.ledger.models import Detail, Entry
from trienkhai.organisation import actions
from trienkhai.organisation.actions import NewUnit, Part
from trienkhai.organisation.models import BodyState, Delegation, Membership, Post, Succession, UnitState, held_on
from trienkhai.organisation.queries import name_of, units_under
from trienkhai.organisation.rules import SYSTEM, BodyKind, EndReason, Fault, PostKind, Tie, UnitKind

pytestmark = pytest.mark.django_db

MAY = date(2012, 5, 1)
OCTOBER = date(2012, 10, 1)


@contextmanager
def on_the_day(day: date) -> Iterator[datetime]:
    """Everything inside is recorded on ``day``."""
    moment = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
    with simulated(moment):
        yield moment


def under(unit: int, day: date, known_at: date | None = None) -> set[int]:
    return set(keys_under(unit, day, known_at=known_at))


def members(unit: int, day: date, known_at: date | None = None) -> set[int]:
    rows = Membership.objects.known_at(known_at).filter(held_on(day), unit=unit)
    return set(rows.values_list("person", flat=True))


def test_a_ward_opens_with_its_cells_in_one_entry() -> None:
    before = Entry.objects.count()
    change = actions.open_units(
        units=[
            NewUnit(name="Đảng bộ  phường\tHoà Lạc ", kind=UnitKind.BASE, on=START),
            NewUnit(name="Chi bộ khu 1", kind=UnitKind.CELL, on=START, within=0),
            NewUnit(name="Tổ đảng 1", kind=UnitKind.GROUP, on=START, within=1),
        ],
        actor=SYSTEM,
        at=AT,
    )
    ward, cell, group = change.made
    assert Entry.objects.count() == before + 1
    assert change.entry.count == 3
    assert under(ward, START) == {ward, cell, group}
    assert under(ward, date(2011, 12, 31)) == {ward}
    assert name_of(ward, START) == "Đảng bộ phường Hoà Lạc"
    assert UnitState.objects.get(unit=ward).folded == "dang bo phuong hoa lac"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "  "}, Fault.NAME_MISSING),
        ({"name": "x" * 251}, Fault.NAME_TOO_LONG),
        ({"short_name": "x" * 61}, Fault.NAME_TOO_LONG),
        ({"on": date(1899, 12, 31)}, Fault.DAY_TOO_EARLY),
        ({"on": date(2013, 7, 1)}, Fault.DAY_TOO_FAR),
        ({"on": date(2011, 12, 31)}, Fault.UNIT_NOT_OPEN),
        ({"kind": UnitKind.BASE}, Fault.UNIT_WRONG_LEVEL),
        ({"parent": 10**9}, Fault.UNIT_UNKNOWN),
    ],
)
def test_a_unit_that_cannot_be_is_not_opened(change: dict[str, object], code: Fault) -> None:
    ward = make_unit("Đảng bộ phường", kind=UnitKind.BASE)
    values = {"name": "Chi bộ", "kind": UnitKind.CELL, "parent": ward, "on": START, **change}
    with pytest.raises(Invalid) as caught:
        actions.open_unit(**values, actor=SYSTEM, at=AT)  # type: ignore[arg-type]
    assert caught.value.code == code
    assert UnitState.objects.count() == 1


def test_only_the_installer_opens_at_the_top() -> None:
    office = office_of(make_unit(kind=UnitKind.BASE))
    with pytest.raises(Refused, match="may_not_keep_organisation"):
        actions.open_unit(name="Khác", kind=UnitKind.BASE, parent=None, on=START, actor=office, at=AT)


def test_an_office_opens_below_itself_and_nowhere_else() -> None:
    ours, theirs = (make_unit(name, kind=UnitKind.BASE) for name in ("Một", "Hai"))
    office = office_of(ours)
    assert actions.open_unit(name="Chi bộ", kind=UnitKind.CELL, parent=ours, on=START, actor=office, at=AT).made
    with pytest.raises(Refused):
        actions.open_unit(name="Chi bộ", kind=UnitKind.CELL, parent=theirs, on=START, actor=office, at=AT)


def test_a_secretary_does_not_keep_the_organisation() -> None:
    ward = make_ward()
    with pytest.raises(Refused):
        actions.rename_unit(unit=ward.cells[0], name="Khác", on=MAY, actor=acting_as(ward.secretary), at=AT)


def test_a_new_name_holds_from_its_day_and_is_known_from_when_it_was_entered() -> None:
    with on_the_day(date(2012, 2, 1)) as at:
        cell = actions.open_unit(name="Cũ", kind=UnitKind.CELL, parent=None, on=START, actor=SYSTEM, at=at).made[0]
    with on_the_day(date(2012, 6, 1)) as at:
        actions.rename_unit(unit=cell, name="Mới", on=MAY, actor=SYSTEM, at=at)

    def name(day: date, known_at: date | None = None) -> str:
        return str(UnitState.objects.known_at(known_at).get(held_on(day), unit=cell).name)

    assert (name(date(2012, 4, 30)), name(MAY)) == ("Cũ", "Mới")
    assert name(MAY, date(2012, 5, 31)) == "Cũ"
    assert name(MAY, date(2012, 6, 1)) == "Mới"


def test_a_renaming_entered_late_leaves_the_later_one_standing() -> None:
    cell = make_unit("Một")
    actions.rename_unit(unit=cell, name="Ba", on=date(2012, 5, 1), actor=SYSTEM, at=AT)
    actions.rename_unit(unit=cell, name="Hai", on=date(2012, 3, 1), actor=SYSTEM, at=AT)
    assert [name_of(cell, date(2012, month, 2)) for month in (2, 4, 6)] == ["Một", "Hai", "Ba"]


def test_the_same_name_again_is_no_change() -> None:
    cell = make_unit("Một")
    with pytest.raises(Invalid, match="nothing_changes"):
        actions.rename_unit(unit=cell, name="Một", on=MAY, actor=SYSTEM, at=AT)


def test_a_correction_reaches_back_to_the_opening() -> None:
    cell = make_unit("Chi bô khu 1")
    actions.correct_unit(unit=cell, on=MAY, name="Chi bộ khu 1", place="Hoà Lạc", actor=SYSTEM, at=AT)
    assert name_of(cell, START) == "Chi bộ khu 1"
    assert UnitState.objects.current().get(unit=cell).place == "Hoà Lạc"


def test_an_opening_day_can_be_put_right_but_not_after_people_came() -> None:
    ward = make_ward(cells=1, members=1)
    actions.correct_unit(unit=ward.unit, on=MAY, opened_on=date(2011, 1, 1), actor=SYSTEM, at=AT)
    assert UnitState.objects.current().get(unit=ward.unit).starts_on == date(2011, 1, 1)
    with pytest.raises(Invalid, match="unit_has_people"):
        actions.correct_unit(unit=ward.cells[0], on=MAY, opened_on=date(2012, 2, 1), actor=SYSTEM, at=AT)


def test_a_moved_unit_takes_everything_below_it_along() -> None:
    city = make_unit("Thành uỷ", kind=UnitKind.UPPER)
    one = make_ward(parent=city, name="Một")
    two = make_ward(parent=city, name="Hai", cells=0)
    group = make_unit("Tổ", kind=UnitKind.GROUP, parent=one.cells[0])
    change = actions.move_unit(unit=one.cells[0], to_parent=two.unit, on=MAY, actor=office_of(city), at=AT)
    assert under(two.unit, MAY) == {two.unit, one.cells[0], group}
    assert group in under(one.unit, date(2012, 4, 30))
    assert group not in under(one.unit, MAY)
    assert group in under(city, MAY)
    assert {one.cells[0], group} <= change.units


def test_nobody_moves_a_unit_under_one_they_do_not_keep() -> None:
    city = make_unit("Thành uỷ", kind=UnitKind.UPPER)
    one, two = (make_ward(parent=city, name=name) for name in ("Một", "Hai"))
    for office in (office_of(one.unit), office_of(two.unit)):
        with pytest.raises(Refused):
            actions.move_unit(unit=one.cells[0], to_parent=two.unit, on=MAY, actor=office, at=AT)


def test_a_unit_never_lies_in_itself() -> None:
    top = make_unit("Tỉnh uỷ", kind=UnitKind.UPPER)
    city = make_unit("Thành uỷ", kind=UnitKind.UPPER, parent=top)
    for unit, target in ((top, city), (city, city)):
        with pytest.raises(Invalid, match="tree_cycle"):
            actions.move_unit(unit=unit, to_parent=target, on=MAY, actor=SYSTEM, at=AT)
    assert under(top, MAY) == {top, city}


def test_a_unit_of_another_kind_must_still_fit() -> None:
    ward = make_ward(cells=1)
    actions.change_unit_kind(unit=ward.cells[0], kind=UnitKind.SECTION, on=MAY, actor=SYSTEM, at=AT)
    with pytest.raises(Invalid, match="unit_wrong_level"):
        actions.change_unit_kind(unit=ward.unit, kind=UnitKind.CELL, on=MAY, actor=SYSTEM, at=AT)
    assert UnitState.objects.current().get(held_on(MAY), unit=ward.unit).kind == UnitKind.BASE


def test_a_unit_closes_only_when_empty() -> None:
    ward = make_ward(cells=1, members=1)
    cell = ward.cells[0]
    with pytest.raises(Invalid, match="unit_has_people"):
        actions.close_unit(unit=cell, on=MAY, actor=SYSTEM, at=AT)
    with pytest.raises(Invalid, match="unit_has_units"):
        actions.close_unit(unit=ward.unit, on=MAY, actor=SYSTEM, at=AT)
    actions.end_membership(person=ward.everybody[0], on=MAY, reason=EndReason.MOVED_OUT, actor=SYSTEM, at=AT)
    actions.close_unit(unit=cell, on=MAY, actor=SYSTEM, at=AT)
    assert under(ward.unit, date(2012, 4, 30)) == {ward.unit, cell}
    assert under(ward.unit, MAY) == {ward.unit}


def test_what_leads_a_unit_ends_with_it() -> None:
    ward = make_ward(cells=1, members=0)
    cell = ward.cells[0]
    body = actions.make_body(
        unit=cell, kind=BodyKind.CELL_COMMITTEE, name="Chi uỷ", on=START, actor=SYSTEM, at=AT
    ).made[0]
    head = make_person("Trần Thị Bình", unit=ward.unit)
    actions.give_post(
        person=head, unit=cell, kind=PostKind.CELL_COMMITTEE_MEMBER, body=body, on=START, actor=SYSTEM, at=AT
    )
    office_of(cell)
    change = actions.close_unit(unit=cell, on=MAY, actor=SYSTEM, at=AT)
    assert change.people == {head}
    assert BodyState.objects.current().get(body=body).ends_on == MAY
    assert Post.objects.current().get(unit=cell).ends_on == MAY
    assert Delegation.objects.get(unit=cell).ends_on == MAY


def test_a_unit_is_not_closed_before_it_opened_or_twice() -> None:
    cell = make_unit()
    with pytest.raises(Invalid, match="unit_not_open"):
        actions.close_unit(unit=cell, on=START, actor=SYSTEM, at=AT)
    actions.close_unit(unit=cell, on=MAY, actor=SYSTEM, at=AT)
    with pytest.raises(Invalid, match="unit_not_open"):
        actions.close_unit(unit=cell, on=date(2012, 5, 2), actor=SYSTEM, at=AT)


@pytest.fixture
def recorded_ward() -> Ward:
    """A ward recorded in February 2012."""
    with on_the_day(date(2012, 2, 1)):
        return make_ward(cells=3, members=2)


def test_a_merge_of_1_october_entered_in_november_changes_october_only_as_known_in_november(
    recorded_ward: Ward,
) -> None:
    ward = recorded_ward
    first, second, _third = ward.cells
    everybody = set(ward.members[0] + ward.members[1])
    with on_the_day(date(2012, 11, 5)) as at:
        change = actions.merge_units(units=[first, second], into=first, on=OCTOBER, actor=SYSTEM, at=at)
    mid = date(2012, 10, 15)
    assert members(first, mid, known_at=date(2012, 11, 4)) == set(ward.members[0])
    assert members(second, mid, known_at=date(2012, 11, 4)) == set(ward.members[1])
    assert members(first, mid) == members(first, mid, known_at=date(2012, 11, 5)) == everybody
    assert members(second, mid) == set()
    assert members(second, date(2012, 9, 30)) == set(ward.members[1])
    assert second in under(ward.unit, mid, known_at=date(2012, 11, 4))
    assert second not in under(ward.unit, mid)
    assert change.people == set(ward.members[1])
    assert change.made == (first,)


def test_a_merge_keeps_what_people_are_and_says_who_came_after_whom(recorded_ward: Ward) -> None:
    ward = recorded_ward
    first, second, third = ward.cells
    with on_the_day(date(2012, 3, 1)) as at:
        actions.add_membership(person=ward.members[0][0], unit=second, on=START, tie=Tie.RESIDENCE, actor=SYSTEM, at=at)
        actions.add_membership(person=ward.members[2][0], unit=first, on=START, tie=Tie.RESIDENCE, actor=SYSTEM, at=at)
        actions.add_membership(person=ward.members[2][0], unit=second, on=START, tie=Tie.RESIDENCE, actor=SYSTEM, at=at)
    new = NewUnit(name="Chi bộ khu 1 + 2", kind=UnitKind.CELL, on=START, parent=ward.unit)
    with on_the_day(date(2012, 5, 1)) as at:
        change = actions.merge_units(units=[first, second], into=new, on=MAY, actor=SYSTEM, at=at)
    merged = change.made[0]
    rows = Succession.objects.current().filter(successor=merged)
    assert set(rows.values_list("predecessor", flat=True)) == {first, second}
    assert members(merged, MAY) == {*ward.members[0], *ward.members[1], ward.members[2][0]}
    residents = Membership.objects.current().filter(held_on(MAY), unit=merged, tie=Tie.RESIDENCE)
    assert sorted(residents.values_list("person", flat=True)) == sorted([ward.members[0][0], ward.members[2][0]])
    ended = Membership.objects.current().filter(unit__in=[first, second])
    assert set(ended.values_list("end_reason", flat=True)) == {EndReason.REORGANISED}
    assert under(ward.unit, MAY) == {ward.unit, third, merged}
    assert posts_of(ward.members[1][0]) == [PostKind.SECRETARY]
    assert Post.objects.current().get(person=ward.members[1][0]).ends_on == MAY


def test_a_move_that_came_after_the_merge_is_kept(recorded_ward: Ward) -> None:
    ward = recorded_ward
    first, second, third = ward.cells
    person = ward.members[1][1]
    with on_the_day(date(2012, 10, 20)) as at:
        actions.move_person(person=person, to_unit=third, on=date(2012, 10, 15), actor=SYSTEM, at=at)
    with on_the_day(date(2012, 11, 5)) as at:
        actions.merge_units(units=[second], into=first, on=OCTOBER, actor=SYSTEM, at=at)
    rows = Membership.objects.current().filter(person=person).order_by("starts_on")
    assert list(rows.values_list("unit", "starts_on", "end_reason")) == [
        (second, START, EndReason.REORGANISED),
        (first, OCTOBER, EndReason.MOVED),
        (third, date(2012, 10, 15), ""),
    ]


def test_units_below_go_over_in_a_merge() -> None:
    city = make_unit("Thành uỷ", kind=UnitKind.UPPER)
    one, two = (make_ward(parent=city, name=name, cells=2, members=1) for name in ("Một", "Hai"))
    new = NewUnit(name="Đảng bộ phường Mới", kind=UnitKind.BASE, on=START, parent=city)
    change = actions.merge_units(units=[one.unit, two.unit], into=new, on=MAY, actor=office_of(city), at=AT)
    assert under(change.made[0], MAY) == {change.made[0], *one.cells, *two.cells}
    assert under(one.unit, MAY) == {one.unit}
    assert {*one.cells, *two.cells} <= change.units


@pytest.mark.parametrize("kept", [0, 1])
def test_a_merge_needs_two_and_the_right_to_both(kept: int) -> None:
    one, two = (make_ward(name=name, cells=0) for name in ("Một", "Hai"))
    with pytest.raises(Invalid, match="merge_needs_two"):
        actions.merge_units(units=[one.unit], into=one.unit, on=MAY, actor=SYSTEM, at=AT)
    office = office_of((one, two)[kept].unit)
    with pytest.raises(Refused):
        actions.merge_units(units=[one.unit], into=two.unit, on=MAY, actor=office, at=AT)


def test_a_split_sends_the_chosen_to_new_units(recorded_ward: Ward) -> None:
    ward = recorded_ward
    cell = ward.cells[0]
    head, other = ward.members[0]
    with on_the_day(date(2012, 5, 2)) as at:
        change = actions.split_unit(
            unit=cell, parts=[Part("Chi bộ khu 1B", people=(other,))], on=MAY, actor=SYSTEM, at=at
        )
    new = change.made[0]
    assert (members(cell, MAY), members(new, MAY)) == ({head}, {other})
    assert new in set(units_under(ward.unit, MAY).values_list("pk", flat=True))
    assert Succession.objects.get().kind == "split"


def test_a_unit_split_up_altogether_closes_when_nobody_is_left(recorded_ward: Ward) -> None:
    ward = recorded_ward
    cell = ward.cells[0]
    head, other = ward.members[0]
    with on_the_day(date(2012, 5, 2)) as at:
        with pytest.raises(Invalid, match="unit_has_people"):
            actions.split_unit(unit=cell, parts=[Part("B", people=(other,))], on=MAY, closes=True, actor=SYSTEM, at=at)
        parts = [Part("A", people=(head,)), Part(ward.cells[1], people=(other,))]
        change = actions.split_unit(unit=cell, parts=parts, on=MAY, closes=True, actor=SYSTEM, at=at)
    assert members(ward.cells[1], MAY) == {*ward.members[1], other}
    assert cell not in under(ward.unit, MAY)
    assert Post.objects.current().get(person=head, unit=cell).ends_on == MAY
    assert len(change.made) == 2


def test_only_who_is_there_can_be_split_off() -> None:
    ward = make_ward()
    for part in (Part("A", people=(ward.members[1][0],)), Part("A", children=(ward.cells[1],))):
        with pytest.raises(Invalid, match="not_in_unit"):
            actions.split_unit(unit=ward.cells[0], parts=[part], on=MAY, actor=SYSTEM, at=AT)
    with pytest.raises(Invalid, match="split_needs_parts"):
        actions.split_unit(unit=ward.cells[0], parts=[], on=MAY, actor=SYSTEM, at=AT)


def test_a_ward_split_with_its_cells() -> None:
    city = make_unit("Thành uỷ", kind=UnitKind.UPPER)
    ward = make_ward(parent=city)
    part = Part("Đảng bộ phường Mới", children=ward.cells[1:])
    new = actions.split_unit(unit=ward.unit, parts=[part], on=MAY, actor=SYSTEM, at=AT).made[0]
    assert under(new, MAY) == {new, *ward.cells[1:]}
    assert under(ward.unit, MAY) == {ward.unit, ward.cells[0]}


def test_the_ledger_says_what_happened_to_which_unit() -> None:
    cell = make_unit("Một")
    entry = actions.rename_unit(unit=cell, name="Hai", on=MAY, actor=SYSTEM, at=AT).entry
    assert entry.action == "organisation.rename_unit"
    assert Detail.objects.get(entry=entry).content == {"on": "2012-05-01", "name": "Hai"}


def test_what_a_unit_is_cannot_be_corrected_into_nonsense() -> None:
    ward = make_ward(cells=1, members=0)
    cell = ward.cells[0]
    for values, code in (
        ({"on": date(2011, 1, 1), "name": "X"}, "unit_not_open"),
        ({"on": MAY, "name": name_of(cell, MAY)}, "nothing_changes"),
        ({"on": MAY, "opened_on": date(2011, 1, 1)}, "unit_not_open"),
    ):
        with pytest.raises(Invalid, match=code):
            actions.correct_unit(unit=cell, actor=SYSTEM, at=AT, **values)
    actions.rename_unit(unit=cell, name="Hai", on=date(2012, 3, 1), actor=SYSTEM, at=AT)
    with pytest.raises(Invalid, match="ends_before_start"):
        actions.correct_unit(unit=cell, on=MAY, opened_on=date(2012, 4, 1), actor=SYSTEM, at=AT)
    with pytest.raises(Invalid, match="unit_has_units"):
        actions.correct_unit(unit=ward.unit, on=MAY, opened_on=date(2012, 2, 1), actor=SYSTEM, at=AT)


def test_posts_and_bodies_hold_a_unit_open_in_the_past() -> None:
    head, body = make_unit("Một"), make_unit("Hai")
    person = make_person(unit=make_unit("Ba"))
    actions.give_post(person=person, unit=head, kind=PostKind.HEAD, on=START, actor=SYSTEM, at=AT)
    actions.make_body(unit=body, kind=BodyKind.CELL_COMMITTEE, name="Chi uỷ", on=START, actor=SYSTEM, at=AT)
    for unit in (head, body):
        with pytest.raises(Invalid, match="unit_has_people"):
            actions.correct_unit(unit=unit, on=MAY, opened_on=date(2012, 2, 1), actor=SYSTEM, at=AT)


def test_a_closed_unit_is_not_renamed_and_a_group_does_not_go_to_the_top() -> None:
    cell = make_unit()
    group = make_unit("Tổ", kind=UnitKind.GROUP, parent=cell)
    with pytest.raises(Invalid, match="unit_wrong_level"):
        actions.move_unit(unit=group, to_parent=None, on=MAY, actor=SYSTEM, at=AT)
    actions.close_unit(unit=group, on=MAY, actor=SYSTEM, at=AT)
    with pytest.raises(Invalid, match="unit_not_open"):
        actions.rename_unit(unit=group, name="Khác", on=MAY, actor=SYSTEM, at=AT)
