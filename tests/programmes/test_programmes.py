from dataclasses import dataclass
from datetime import date

import pytest
from django.db.models import ProtectedError

from tests.factories.organisation import AT, Ward, acting_as, make_unit, make_ward, office_of
from tests.factories.programmes import facts, make_programme
from trienkhai.core.decisions import Invalid, Refused
from trienkhai.ledger.queries import history_of
from trienkhai.organisation.models import Unit
from trienkhai.organisation.rules import ANONYMOUS, SYSTEM, Actor, UnitKind
from trienkhai.programmes import actions, policies, queries
from trienkhai.programmes.models import Programme
from trienkhai.programmes.rules import Facts, Fault

pytestmark = pytest.mark.django_db
DAY = AT.date()


@dataclass(frozen=True)
class World:
    city: int
    ward: Ward
    sibling: Ward
    by_name: dict[str, Programme]

    def actor(self, name: str) -> Actor:
        return {
            "installer": lambda: SYSTEM,
            "city office": lambda: office_of(self.city),
            "ward office": lambda: office_of(self.ward.unit),
            "ward secretary": lambda: acting_as(self.ward.secretary),
            "cell office": lambda: office_of(self.ward.cells[0]),
            "cell secretary": lambda: acting_as(self.ward.members[1][0]),
            "member": lambda: acting_as(self.ward.members[1][1]),
            "sibling's member": lambda: acting_as(self.sibling.members[0][1]),
            "anonymous": lambda: ANONYMOUS,
        }[name]()


@pytest.fixture
def world() -> World:
    city = make_unit("Thành uỷ", kind=UnitKind.UPPER)
    ward, sibling = (make_ward(parent=city, cells=2, members=2, name=f"Phường {n}") for n in "AB")
    owners = {"city's": city, "ward's": ward.unit, "cell's": ward.cells[1], "sibling's": sibling.unit}
    return World(city, ward, sibling, {name: make_programme(unit, name) for name, unit in owners.items()})


@pytest.mark.parametrize(
    ("who", "sees", "keeps"),
    [
        ("installer", {"city's", "ward's", "cell's", "sibling's"}, {"city's", "ward's", "cell's", "sibling's"}),
        ("city office", {"city's", "ward's", "cell's", "sibling's"}, {"city's"}),
        ("ward office", {"city's", "ward's", "cell's"}, {"ward's"}),
        ("ward secretary", {"city's", "ward's"}, {"ward's"}),
        ("cell office", {"city's", "ward's"}, set()),
        ("cell secretary", {"city's", "ward's", "cell's"}, {"cell's"}),
        ("member", {"city's", "ward's", "cell's"}, set()),
        ("sibling's member", {"city's", "sibling's"}, set()),
        ("anonymous", set(), set()),
    ],
)
def test_who_sees_and_keeps_whose(world: World, who: str, sees: set[str], keeps: set[str]) -> None:
    actor = world.actor(who)
    visible = set(policies.visible_programmes(actor, at=DAY))
    assert {name for name, programme in world.by_name.items() if programme in visible} == sees
    assert {name for name, p in world.by_name.items() if policies.can_keep(actor, p, at=DAY)} == keeps
    owners = set(policies.owner_units(actor, at=DAY).values_list("pk", flat=True))
    for programme in world.by_name.values():
        assert bool(policies.can_see(actor, programme, at=DAY)) == (programme in visible)
        assert bool(policies.can_keep(actor, programme, at=DAY)) == (programme.owner_id in owners)


def test_a_unit_ties_its_work_to_programmes_of_its_own_and_of_those_above_that_run(world: World) -> None:
    cell, ward = world.ward.cells[1], world.ward.unit
    make_programme(ward, "đã xong", starts_on=date(2011, 1, 1), ends_on=date(2012, 6, 1))
    make_programme(ward, "chưa đến", starts_on=date(2012, 6, 2))
    assert {p.name for p in queries.programmes_for(cell, DAY)} == {"city's", "ward's", "cell's"}
    assert {p.name for p in queries.programmes_for(ward, DAY)} == {"city's", "ward's"}
    assert {p.name for p in queries.programmes_for(ward, date(2012, 5, 31))} == {"city's", "ward's", "đã xong"}
    known = queries.programme_names([world.by_name["city's"].pk])
    assert known == {world.by_name["city's"].pk: (world.by_name["city's"].key, "city's")}


def test_changes_are_recorded_and_notice_one_another(world: World) -> None:
    programme = world.by_name["ward's"]
    seen, office = programme.changed_seq, world.actor("ward office")
    actions.change_programme(programme=programme, facts=facts("Tên mới"), actor=office, at=AT, seen=seen)
    with pytest.raises(Refused) as refused:
        actions.change_programme(programme=programme, facts=facts("Tên khác"), actor=office, at=AT, seen=seen)
    assert refused.value.code == Fault.CHANGED_MEANWHILE
    actions.end_programme(programme=programme, ends_on=date(2012, 7, 1), actor=office, at=AT)
    programme.refresh_from_db()
    assert (programme.name, programme.ends_on) == ("Tên mới", date(2012, 7, 1))
    verbs = [entry.action for entry in history_of(programme.key)]
    assert sorted(verbs) == ["programmes.add_programme", "programmes.change_programme", "programmes.change_programme"]
    before = len(verbs)
    actions.change_programme(programme=programme, facts=actions.facts_of(programme), actor=office, at=AT)
    assert len(history_of(programme.key)) == before


def test_the_same_name_again_only_when_the_first_is_over(world: World) -> None:
    ward = Unit.objects.get(pk=world.ward.unit)
    first = actions.add_programme(owner=ward, facts=facts("Phường lành mạnh"), actor=SYSTEM, at=AT)
    for name in ("Phường lành mạnh", "PHUONG LANH MANH"):
        with pytest.raises(Invalid) as invalid:
            actions.add_programme(owner=ward, facts=facts(name), actor=SYSTEM, at=AT)
        assert invalid.value.code == Fault.ALREADY_THERE
    actions.end_programme(programme=first, ends_on=date(2012, 7, 1), actor=SYSTEM, at=AT)
    again = facts("Phường lành mạnh", starts_on=date(2012, 7, 1))
    assert actions.add_programme(owner=ward, facts=again, actor=SYSTEM, at=AT).pk != first.pk


@pytest.mark.parametrize(
    ("given", "fault", "on"),
    [
        (facts("  "), Fault.NAME_EMPTY, "name"),
        (facts("x" * 301), Fault.TOO_LONG, "name"),
        (facts(note="x" * 5001), Fault.TOO_LONG, "note"),
        (facts(ends_on=date(2012, 1, 1)), Fault.DAYS_OUT_OF_ORDER, "ends_on"),
    ],
)
def test_what_cannot_be(world: World, given: Facts, fault: Fault, on: str) -> None:
    ward = Unit.objects.get(pk=world.ward.unit)
    with pytest.raises(Invalid) as invalid:
        actions.add_programme(owner=ward, facts=given, actor=SYSTEM, at=AT)
    assert (invalid.value.code, invalid.value.on) == (fault, on)


def test_others_may_not(world: World) -> None:
    programme, member = world.by_name["ward's"], world.actor("member")
    for act in (
        lambda: actions.add_programme(owner=programme.owner, facts=facts("Khác"), actor=member, at=AT),
        lambda: actions.change_programme(programme=programme, facts=facts("Khác"), actor=member, at=AT),
        lambda: actions.remove_programme(programme=programme, actor=member, at=AT),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == policies.Reason.NOT_THE_OFFICE
    programme.refresh_from_db()
    assert programme.name == "ward's"


def test_one_entered_by_mistake_goes_and_one_in_use_stays(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    actions.remove_programme(programme=world.by_name["city's"], actor=SYSTEM, at=AT)
    assert not Programme.objects.filter(name="city's").exists()

    def tied(_programme: Programme) -> None:
        raise ProtectedError("tied", set())

    monkeypatch.setattr(Programme, "delete", tied)
    with pytest.raises(Refused) as refused:
        actions.remove_programme(programme=world.by_name["ward's"], actor=SYSTEM, at=AT)
    assert refused.value.code == Fault.IN_USE
