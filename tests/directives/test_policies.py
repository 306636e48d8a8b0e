from dataclasses import dataclass

import pytest

from tests.factories.directives import make_directive
from tests.factories.organisation import AT, Ward, acting_as, make_unit, make_ward, office_of
from trienkhai.directives import policies
from trienkhai.directives.models import Directive
from trienkhai.organisation.rules import ANONYMOUS, SYSTEM, Actor, UnitKind

pytestmark = pytest.mark.django_db
DAY = AT.date()


@dataclass(frozen=True)
class World:
    city: int
    ward: Ward
    sibling: Ward
    by_name: dict[str, Directive]

    def actor(self, name: str) -> Actor:
        return {
            "installer": lambda: SYSTEM,
            "city office": lambda: office_of(self.city),
            "ward office": lambda: office_of(self.ward.unit),
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
    owners = {"city's": city, "ward's": ward.unit, "sibling's": sibling.unit}
    return World(city, ward, sibling, {name: make_directive(unit) for name, unit in owners.items()})


@pytest.mark.parametrize(
    ("who", "sees", "keeps"),
    [
        ("installer", {"city's", "ward's", "sibling's"}, {"city's", "ward's", "sibling's"}),
        ("city office", {"city's"}, {"city's"}),
        ("ward office", {"city's", "ward's"}, {"ward's"}),
        ("cell office", {"city's", "ward's"}, set()),
        ("cell secretary", {"city's", "ward's"}, set()),
        ("member", {"city's", "ward's"}, set()),
        ("sibling's member", {"city's", "sibling's"}, set()),
        ("anonymous", set(), set()),
    ],
)
def test_who_sees_and_keeps_whose(world: World, who: str, sees: set[str], keeps: set[str]) -> None:
    actor = world.actor(who)
    visible = set(policies.visible_directives(actor, at=DAY))
    assert {name for name, directive in world.by_name.items() if directive in visible} == sees
    assert {name for name, d in world.by_name.items() if policies.can_keep(actor, d, at=DAY)} == keeps
    for directive in world.by_name.values():
        assert bool(policies.can_see(actor, directive, at=DAY)) == (directive in visible)


@pytest.mark.parametrize(
    ("who", "reads"),
    [
        ("city office", {"city's", "ward's", "sibling's"}),
        ("ward office", {"city's", "ward's"}),
        ("cell secretary", {"city's", "ward's"}),
        ("anonymous", set()),
    ],
)
def test_an_upper_office_opens_what_units_below_carry_out(world: World, who: str, reads: set[str]) -> None:
    readable = set(policies.readable_directives(world.actor(who), at=DAY))
    assert {name for name, directive in world.by_name.items() if directive in readable} == reads


def test_owners_offered(world: World) -> None:
    def offered(who: str) -> set[int]:
        return set(policies.owner_units(world.actor(who), at=DAY).values_list("pk", flat=True))

    assert offered("installer") == {world.city, world.ward.unit, world.sibling.unit}
    assert offered("ward office") == {world.ward.unit}
    assert offered("member") == set()
