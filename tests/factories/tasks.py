"""Tasks, given through the actions a user uses."""

from datetime import UTC, date, datetime

from tests.factories.plans import World, make_plan, version_of
from trienkhai.organisation.rules import SYSTEM
from trienkhai.plans import actions
from trienkhai.plans.actions import tasks
from trienkhai.plans.models import Measure, Plan, Task
from trienkhai.plans.rules import Adopted, Line
from trienkhai.plans.rules.tasks import Asked

AT = datetime(2012, 6, 1, 3, tzinfo=UTC)
GIVEN, DUE = date(2012, 4, 1), date(2012, 5, 1)


def make_adopted_plan(world: World, *lines: Line, on: date = date(2012, 3, 20)) -> Plan:
    """The ward's plan, adopted, with these measures (one when none is given)."""
    plan = make_plan(world, None, *(lines or (Line("Học tập nghị quyết", lead="Văn phòng"),)))
    actions.adopt_plan(plan=plan, adopted=Adopted(on=on), actor=SYSTEM, at=AT)
    plan.refresh_from_db()
    return plan


def measure_of(plan: Plan, number: int = 1) -> Measure:
    """A measure of the plan, by its number in the newest version."""
    return version_of(plan).wordings.select_related("measure__plan__rollout").get(position=number - 1).measure


def asked(
    text: str = "Mở lớp học cho đảng viên",
    *,
    unit: int | None = None,
    person: int | None = None,
    starts_on: date = GIVEN,
    deadline_on: date | None = DUE,
    is_urgent: bool = False,
) -> Asked:
    """What a task asks."""
    return Asked(text, starts_on, unit=unit, person=person, deadline_on=deadline_on, is_urgent=is_urgent)


def make_task(plan: Plan, given: Asked, *, measure: Measure | None = None, at: datetime = AT) -> Task:
    """One task of the plan."""
    return tasks.give_tasks(plan=plan, measure=measure, asked=[given], actor=SYSTEM, at=at)[0]
