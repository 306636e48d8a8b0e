"""A ward with a roll-out whose units make plans; made through the actions a user uses."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from tests.factories.directives import make_directive
from tests.factories.organisation import Ward, make_ward
from trienkhai.directives.models import Directive
from trienkhai.organisation.models import Unit
from trienkhai.organisation.rules import SYSTEM
from trienkhai.plans import actions
from trienkhai.plans.models import Plan, PlanVersion
from trienkhai.plans.rules import Head, Line
from trienkhai.rollouts.actions import open_rollout
from trienkhai.rollouts.models import Rollout
from trienkhai.rollouts.rules import RolloutPlan, StepKind, default_steps

OPENS = date(2012, 2, 1)
PLANS_DUE = date(2012, 3, 31)
LAST_DAY = date(2012, 10, 31)
AT = datetime(2012, 6, 1, 3, tzinfo=UTC)
PROVISIONS = "I. Tình hình\n1. Hạn chế\nII. Giải pháp\n1. Học tập\na) Ở chi bộ\n- ở khu phố\n2. Kiểm điểm"


@dataclass(frozen=True)
class World:
    """A ward of three cells, its directive and its roll-out."""

    ward: Ward
    directive: Directive
    rollout: Rollout

    @property
    def unit(self) -> Unit:
        """The ward."""
        return Unit.objects.get(pk=self.ward.unit)

    def cell(self, number: int) -> Unit:
        """A cell, from 0."""
        return Unit.objects.get(pk=self.ward.cells[number])

    def provision(self, text: str) -> int:
        """The provision with that text."""
        return self.directive.provisions.get(text=text).pk


def make_world(*, parent: int | None = None, name: str = "Đảng bộ phường Hoà Lạc", cells: int = 3) -> World:
    """A ward with a roll-out."""
    ward = make_ward(cells=cells, members=2, parent=parent, name=name)
    directive = make_directive(ward.unit, number="12-NQ/TW", provisions=PROVISIONS)
    deadlines = {StepKind.PLAN: PLANS_DUE, StepKind.STUDY: LAST_DAY, StepKind.PAPER: None, StepKind.RECEIVE: None}
    plan = RolloutPlan(title="Triển khai Nghị quyết 12", opens_on=OPENS, steps=default_steps(deadlines))
    lead = Unit.objects.get(pk=ward.unit)
    rollout = open_rollout(plan=plan, lead=lead, directives=[directive], actor=SYSTEM, at=AT.date())
    return World(ward, directive, rollout)


def make_plan(world: World, unit: Unit | None = None, *lines: Line, title: str = "Kế hoạch học tập") -> Plan:
    """A draft of the ward's (or a unit's) plan with these measures."""
    plan = actions.draft_plan(rollout=world.rollout, unit=unit or world.unit, head=Head(title), actor=SYSTEM, at=AT)
    if lines:
        actions.set_measures(plan=plan, lines=lines, actor=SYSTEM, at=AT)
    plan.refresh_from_db()
    return plan


def version_of(plan: Plan, number: int | None = None) -> PlanVersion:
    """That version of the plan as it is now, or the newest."""
    versions = plan.versions.select_related("plan__rollout").order_by("number")
    found = versions.get(number=number) if number else versions.last()
    assert found is not None
    return found


__all__ = ["AT", "LAST_DAY", "OPENS", "PLANS_DUE", "World", "make_plan", "make_world", "version_of"]
