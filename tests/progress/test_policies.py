"""Whose figures and reports are whose: every role against every unit, and both states of a report."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import pytest

from tests.factories.organisation import Ward, acting_as, make_unit, make_user, make_ward
from tests.factories.rollouts import TODAY, make_rollout
from trienkhai.ledger import clock
from trienkhai.organisation.models import Unit
from trienkhai.organisation.queries import actor_for
from trienkhai.organisation.rules import ANONYMOUS, SYSTEM, Actor, Grant, Role, UnitKind
from trienkhai.progress import actions, policies
from trienkhai.progress.models import Report
from trienkhai.progress.policies import ProgressReason
from trienkhai.rollouts.models import Rollout

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Scene:
    """A ward below a city, its roll-out, and everybody who could ask."""

    ward: Ward
    rollout: Rollout
    elsewhere: int
    actors: dict[str, Actor]

    def who(self, may: Callable[[Actor], object]) -> set[str]:
        """The roles for which it holds."""
        return {name for name, actor in self.actors.items() if may(actor)}


@pytest.fixture
def scene() -> Scene:
    city = make_unit("Đảng bộ thành phố", kind=UnitKind.UPPER)
    ward = make_ward(cells=2, members=3, parent=city)
    neighbour = make_ward(cells=1, members=2, name="Đảng bộ phường khác", parent=city)
    actors = {
        "installer": SYSTEM,
        "city": Actor(key=uuid4(), person_id=None, grants=(Grant(Role.OFFICE, city),)),
        "office": actor_for(make_user(office_of=ward.unit), on=TODAY),
        "secretary 1": acting_as(ward.members[0][0], on=TODAY),
        "secretary 2": acting_as(ward.members[1][0], on=TODAY),
        "member 1": acting_as(ward.members[0][1], on=TODAY),
        "neighbour": acting_as(neighbour.secretary, on=TODAY),
        "nobody": ANONYMOUS,
    }
    return Scene(ward, make_rollout(ward), neighbour.cells[0], actors)


INSIDE = {"installer", "city", "office", "secretary 1"}  # the first cell's secretary is the ward's


def test_who_sees_which_figures(scene: Scene) -> None:
    first, second = scene.ward.cells

    def see(unit: int) -> set[str]:
        return scene.who(lambda actor: policies.can_see_figures(actor, scene.rollout, unit, at=TODAY))

    def open_(unit: int) -> set[str]:
        return scene.who(lambda actor: policies.can_open_facts(actor, scene.rollout, unit, at=TODAY))

    assert see(scene.ward.unit) == {*INSIDE, "secretary 2", "member 1"}  # totals; those below see no more of it
    assert open_(scene.ward.unit) == INSIDE
    assert see(first) == open_(first) == {*INSIDE, "member 1"}
    assert see(second) == open_(second) == {*INSIDE, "secretary 2"}
    assert see(scene.elsewhere) == open_(scene.elsewhere) == set()  # not even the city's: it lies outside the roll-out
    refused = policies.can_see_figures(scene.actors["member 1"], scene.rollout, second, at=TODAY)
    assert refused.reason == ProgressReason.NOT_YOUR_FIGURES


def test_who_reports_for_which_unit(scene: Scene) -> None:
    def write(unit: int) -> set[str]:
        return scene.who(lambda actor: policies.can_write_report(actor, scene.rollout, unit, at=TODAY))

    assert write(scene.ward.unit) == {"installer", "office", "secretary 1"}  # the city sees no names there
    assert write(scene.ward.cells[1]) == {"installer", "office", "secretary 2"}
    assert write(scene.elsewhere) == set()


def test_a_draft_is_its_units_own_and_a_frozen_report_those_aboves_too(scene: Scene) -> None:
    report = _report(scene)
    mine = {"installer", "office", "secretary 2"}
    for policy in (policies.can_edit_report, policies.can_freeze_report):
        assert scene.who(lambda actor, can=policy: can(actor, report, at=TODAY)) == mine  # type: ignore[misc]
    assert scene.who(lambda actor: policies.can_attach_scan(actor, report, at=TODAY)) == set()
    assert _see(scene) == mine
    actions.freeze_report(report=report, version=report.version, actor=SYSTEM, at=clock.now())
    report.refresh_from_db()
    for policy in (policies.can_edit_report, policies.can_freeze_report):
        assert scene.who(lambda actor, can=policy: can(actor, report, at=TODAY)) == set()  # type: ignore[misc]
    assert scene.who(lambda actor: policies.can_attach_scan(actor, report, at=TODAY)) == mine
    assert _see(scene) == {*mine, "city", "secretary 1"}


def _report(scene: Scene) -> Report:
    """A draft of the second cell's."""
    return actions.create_report(
        rollout=scene.rollout,
        unit=Unit.objects.get(pk=scene.ward.cells[1]),
        as_of=TODAY,
        language="vi",
        actor=SYSTEM,
        at=clock.now(),
    )


def _see(scene: Scene) -> set[str]:
    return scene.who(lambda actor: policies.visible_reports(actor, at=TODAY).exists())
