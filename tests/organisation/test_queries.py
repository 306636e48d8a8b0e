"""Reading the organisation: trees too large for one page, names through time."""

from datetime import date

import pytest

from tests.factories.organisation import AT, DAY, START, make_person, make_unit, make_user, make_ward, office_of
from trienkhai.organisation import actions, policies
from trienkhai.organisation.models import Person, Unit
from trienkhai.organisation.queries import children_of, name_of, people_in, top_units, trees, unit_rows
from trienkhai.organisation.queries.people import record_of
from trienkhai.organisation.queries.searching import pieces, search
from trienkhai.organisation.queries.users import users_with_rights
from trienkhai.organisation.rules import SYSTEM, EndReason, MemberKind, Role, Standing, Tie, UnitKind
from trienkhai.organisation.templatetags.organisation import tie_words

pytestmark = pytest.mark.django_db

MAY = date(2012, 5, 1)


def everything() -> trees.Tree:
    units = policies.visible_units(SYSTEM, at=DAY)
    return trees.tree_on(units, units, DAY)


def test_a_tree_adds_up_members_from_below() -> None:
    city = make_unit("Thành uỷ", kind=UnitKind.UPPER)
    ward = make_ward(parent=city)
    group = make_unit("Tổ", kind=UnitKind.GROUP, parent=ward.cells[0])
    make_person("Lê An", unit=group)
    make_person("Lê Bình", unit=group, kind=MemberKind.OTHER)
    (root,) = everything().roots
    assert (root.unit.id, root.members, root.children[0].members) == (city, 13, 13)
    assert [node.members for node in root.children[0].children] == [5, 4, 4]
    assert trees.members_under(city, DAY) == 13
    assert [row.members for row in trees.children_with_members(city, Unit.objects.all(), Unit.objects.all(), DAY)] == [
        13
    ]


def test_a_large_tree_is_cut_after_two_levels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees, "WHOLE_TREE", 3)
    city = make_unit("Thành uỷ", kind=UnitKind.UPPER)
    ward = make_ward(parent=city)
    make_unit("Tổ", kind=UnitKind.GROUP, parent=ward.cells[0])
    tree = everything()
    (root,) = tree.roots
    assert (tree.total, tree.is_whole) == (6, False)
    assert [node.unit.id for node in root.children[0].children] == list(ward.cells)
    cut = root.children[0].children[0]
    assert (cut.children, cut.below, cut.is_cut) == ((), 1, True)


def test_an_office_in_the_middle_sees_the_units_above_without_their_counts() -> None:
    city = make_unit("Thành uỷ", kind=UnitKind.UPPER)
    ward = make_ward(parent=city)
    office = office_of(ward.unit)
    tree = trees.tree_on(policies.visible_units(office, at=DAY), policies.covered_units(office, at=DAY), DAY)
    assert (tree.roots[0].members, tree.roots[0].children[0].members) == (None, 12)


def test_cells_are_listed_by_number() -> None:
    ward = make_ward(cells=11, members=0)
    names = [row.name for row in children_of(Unit.objects.get(pk=ward.unit), DAY)]
    assert names[1:3] + names[-2:] == ["Chi bộ khu 2", "Chi bộ khu 3", "Chi bộ khu 10", "Chi bộ khu 11"]
    assert [row.id for row in top_units(DAY)] == [ward.unit]


def test_a_unit_is_called_by_its_nearest_name_when_it_is_not_open() -> None:
    cell = make_unit("Một", on=MAY)
    assert name_of(Unit.objects.get(pk=cell), START) == "Một"
    assert unit_rows([cell], START) == {}
    state = trees.state_of(cell, START)
    assert state is not None
    assert state.name == "Một"
    assert trees.state_of(10**9, START) is None


def test_people_of_a_unit_and_of_everything_below() -> None:
    ward = make_ward()
    unit = Unit.objects.get(pk=ward.unit)
    assert not people_in(unit, DAY).exists()
    assert people_in(unit, DAY, below=True).count() == 12


def test_a_record_tells_what_holds_from_what_was_corrected() -> None:
    one, two = make_unit("Một"), make_unit("Hai")
    person = make_person(unit=one)
    actions.add_membership(person=person, unit=two, on=MAY, tie=Tie.RESIDENCE, actor=SYSTEM, at=AT)
    actions.end_membership(
        person=person, unit=two, tie=Tie.RESIDENCE, on=DAY, reason=EndReason.MOVED, actor=SYSTEM, at=AT
    )
    record = record_of(person)
    counting = record.counting_on(DAY)
    assert counting is not None
    assert (counting.unit, record.others_on(DAY)) == (one, ())
    assert [tie.unit for tie in record.others_on(MAY)] == [two]
    assert record.corrected == ()  # on the day it was recorded, nobody knew otherwise


def test_words_for_a_tie() -> None:
    cell = make_unit()
    person = make_person(unit=cell, standing=Standing.EXEMPT, tie=Tie.RESIDENCE)
    from django.utils import translation  # noqa: PLC0415 - beside its use

    with translation.override("en"):
        words = tie_words(record_of(person).ties[0])
    assert words == "Official member, exempt from work and meetings · residence tie (213)"


def test_a_search_says_when_there_is_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trienkhai.organisation.queries.searching.LIMIT", 2)
    ward = make_ward()
    units, people = policies.visible_units(SYSTEM, at=DAY), policies.visible_people(SYSTEM, at=DAY)
    found = search("khu", units=units, people=people, day=DAY)
    assert [unit.name for unit in found.units] == ["Chi bộ khu 1", "Chi bộ khu 2"]
    assert found.has_more
    assert search(" ", units=units, people=people, day=DAY).units == ()
    assert ward.cells


def test_a_short_name_is_found_too() -> None:
    ward = make_ward(cells=1, members=0)
    actions.correct_unit(unit=ward.cells[0], on=DAY, short_name="CBK1", actor=SYSTEM, at=AT)
    found = search("cbk1", units=Unit.objects.all(), people=policies.visible_people(SYSTEM, at=DAY), day=DAY)
    assert found.units[0].pieces == (("Chi bộ khu 1 (", False), ("CBK1", True), (")", False))


def test_pieces_join_to_the_text() -> None:
    assert "".join(piece for piece, _hit in pieces("hoa", "Đảng bộ Hoà Lạc")) == "Đảng bộ Hoà Lạc"
    assert pieces("không có", "Hoà Lạc") == (("Hoà Lạc", False),)


def test_rights_that_are_over_are_not_listed() -> None:
    ward = make_ward()
    user = make_user(person=ward.secretary, office_of=ward.unit)
    (row,) = users_with_rights([user], DAY, people=Person.objects.all())
    roles = [right.role for right in row.rights]
    assert roles.count(Role.OFFICE) == 1
    assert roles.count(Role.SECRETARY) == 2
    delegation = next(right.delegation for right in row.rights if right.delegation)
    actions.end_delegation(delegation=delegation, on=MAY, actor=SYSTEM, at=AT)
    (row,) = users_with_rights([user], DAY, people=Person.objects.all())
    assert Role.OFFICE not in {right.role for right in row.rights}


def test_whose_a_sign_in_is_shows_to_those_who_see_the_name() -> None:
    ward = make_ward()
    user = make_user(person=ward.secretary)
    (row,) = users_with_rights([user], DAY, people=Person.objects.none())
    assert (row.person, row.person_key) == ("", None)
    assert {right.role for right in row.rights} == {Role.SECRETARY, Role.MEMBER}


def test_a_word_is_found_where_a_word_of_the_name_begins() -> None:
    ward = make_ward(cells=1, members=1)
    an, _van = (make_person(name, unit=ward.cells[0]) for name in ("Lò Thị Ánh", "Lò Văn Hùng"))
    found = search("lo an", units=Unit.objects.all(), people=Person.objects.all(), day=DAY)
    assert [person.key for person in found.people] == [Person.objects.get(pk=an).key]


def test_a_committees_name_finds_the_organisation_it_leads() -> None:
    make_ward(cells=1, members=1)
    found = search("dang uy phuong hoa lac", units=Unit.objects.all(), people=Person.objects.all(), day=DAY)
    assert [unit.name for unit in found.units] == ["Đảng bộ phường Hoà Lạc"]
