from typing import TYPE_CHECKING

import pytest

from tests.factories.organisation import acting_as, make_unit, office_of
from tests.factories.plans import AT, World, make_plan, make_world, version_of
from trienkhai.organisation.rules import ANONYMOUS, SYSTEM, Actor, UnitKind
from trienkhai.plans import actions, policies
from trienkhai.plans.models import Plan
from trienkhai.plans.rules import Adopted, PlanError

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db
DAY = AT.date()
PLANS = ("ward's draft", "cell 0's draft", "cell 1's draft", "cell 2's adopted")


@pytest.fixture
def world() -> World:
    return make_world(parent=make_unit("Thành uỷ", kind=UnitKind.UPPER))


@pytest.fixture
def plans(world: World) -> dict[str, Plan]:
    made = [make_plan(world), *(make_plan(world, world.cell(n)) for n in range(3))]
    actions.adopt_plan(plan=made[3], adopted=Adopted(DAY), actor=SYSTEM, at=AT)
    made[3].refresh_from_db()
    return dict(zip(PLANS, made, strict=True))


def actor(world: World, who: str) -> Actor:
    made: dict[str, Callable[[], Actor]] = {
        "installer": lambda: SYSTEM,
        "ward office": lambda: office_of(world.ward.unit),
        "ward secretary": lambda: acting_as(world.ward.secretary),
        "cell 1's secretary": lambda: acting_as(world.ward.members[1][0]),
        "cell 2's member": lambda: acting_as(world.ward.members[2][1]),
        "another ward's office": lambda: office_of(make_unit("Phường khác", kind=UnitKind.BASE)),
        "anonymous": lambda: ANONYMOUS,
    }
    return made[who]()


@pytest.mark.parametrize(
    ("who", "sees", "edits"),
    [
        ("installer", set(PLANS), set(PLANS[:3])),
        ("ward office", set(PLANS), set(PLANS[:3])),
        ("ward secretary", set(PLANS), set(PLANS[:3])),
        ("cell 1's secretary", {"cell 1's draft"}, {"cell 1's draft"}),
        ("cell 2's member", {"cell 2's adopted"}, set()),
        ("another ward's office", set(), set()),
        ("anonymous", set(), set()),
    ],
)
def test_who_sees_and_edits_which(
    world: World, plans: dict[str, Plan], who: str, sees: set[str], edits: set[str]
) -> None:
    acting = actor(world, who)
    visible = set(policies.visible_plans(acting, at=DAY))
    assert {name for name, plan in plans.items() if plan in visible} == sees
    assert {name for name, plan in plans.items() if policies.can_edit(acting, plan, at=DAY)} == edits
    for plan in plans.values():
        assert bool(policies.can_see(acting, plan, at=DAY)) == (plan in visible)
    corrects = policies.can_correct(acting, version_of(plans["cell 2's adopted"]), at=DAY)
    assert bool(corrects) == (who in {"installer", "ward office", "ward secretary"})
    assert bool(policies.can_enter_many(acting, world.rollout, at=DAY)) == bool(corrects)


def test_states_decide_for_the_office(world: World, plans: dict[str, Plan]) -> None:
    office = actor(world, "ward office")
    draft, adopted = plans["ward's draft"], plans["cell 2's adopted"]
    assert policies.can_edit(office, adopted, at=DAY).reason == PlanError.ADOPTED
    assert policies.can_correct(office, version_of(draft), at=DAY).reason == PlanError.NOT_ADOPTED
    assert policies.can_discard(office, draft, at=DAY)
    actions.withdraw_adoption(version=version_of(adopted), reason="nhầm", actor=office, at=AT)
    adopted.refresh_from_db()
    assert policies.can_discard(office, adopted, at=DAY).reason == PlanError.WAS_ADOPTED


ROLES = ("installer", "ward office", "ward secretary", "cell 1's secretary", "cell 2's member", "another ward's office")
ACTING = {"installer", "ward office", "ward secretary"}


@pytest.mark.parametrize("who", ROLES)
def test_who_may_do_what_with_versions_in_each_state(world: World, who: str) -> None:
    acting, plan = actor(world, who), make_plan(world)

    def allowed() -> dict[str, bool]:
        plan.refresh_from_db()
        last = version_of(plan)
        decisions = {
            "edit": policies.can_edit(acting, plan, at=DAY),
            "revise": policies.can_revise(acting, plan, at=DAY),
            "discard": policies.can_discard(acting, plan, at=DAY),
            "correct first": policies.can_correct(acting, version_of(plan, 1), at=DAY),
            "withdraw first": policies.can_withdraw(acting, version_of(plan, 1), at=DAY),
            "withdraw last": policies.can_withdraw(acting, last, at=DAY),
            "see last": policies.visible_versions(acting, at=DAY).filter(pk=last.pk).exists(),
            "see below": policies.can_see_below(acting, plan, at=DAY),
        }
        return {name: bool(decision) for name, decision in decisions.items()}

    def expected(*what: str, everybody: bool) -> dict[str, bool]:
        may = {*what, "see below"} if who in ACTING else set()
        sees = who in ACTING or (everybody and who != "another ward's office")
        return {name: name in may for name in allowed()} | {"see last": sees}

    assert allowed() == expected("edit", "discard", everybody=False)
    actions.adopt_plan(plan=plan, adopted=Adopted(DAY), actor=SYSTEM, at=AT)
    assert allowed() == expected("revise", "correct first", "withdraw first", "withdraw last", everybody=True)
    actions.revise_plan(plan=plan, actor=SYSTEM, at=AT)
    assert allowed() == expected("edit", "discard", "correct first", everybody=False)
    actions.adopt_plan(plan=plan, adopted=Adopted(DAY), actor=SYSTEM, at=AT)
    assert allowed() == expected("revise", "correct first", "withdraw last", everybody=True)
    actions.withdraw_adoption(version=version_of(plan), reason="Nhầm", actor=SYSTEM, at=AT)
    assert allowed() == expected("edit", "correct first", everybody=False)
