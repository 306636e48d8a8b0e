"""Who gives tasks, reports on them and sees them; who says what indicators showed."""

from datetime import date

from django.db.models import Q, QuerySet

from trienkhai.core.decisions import ALLOW, Decision
from trienkhai.figures.queries import keys_under
from trienkhai.organisation.models import Membership, Person, Unit, held_on
from trienkhai.organisation.policies import (
    can_run,
    can_see_person,
    covered_units,
    runnable_units,
    visible_people,
)
from trienkhai.organisation.queries import people_in
from trienkhai.organisation.rules import Actor
from trienkhai.plans.models import Measure, Plan, Task, TaskTerms
from trienkhai.plans.policies import can_plan_for
from trienkhai.plans.rules.tasks import TaskError


def can_give(actor: Actor, plan: Plan, *, at: date) -> Decision:
    """Whether the actor may give, change and withdraw tasks of the plan: it was adopted, and they act for its unit."""
    if not can_plan_for(actor, plan.rollout, plan.unit_id, at=at):
        return Decision(TaskError.MAY_NOT_GIVE)
    return ALLOW if plan.adopted_on is not None else Decision(TaskError.NOT_ADOPTED)


def can_report(actor: Actor, terms: TaskTerms, *, at: date) -> Decision:
    """Whether the actor may say that it was done.

    The unit asked, by whoever acts for it; the person asked, or whoever acts for a unit of theirs (from a sheet, by
    telephone); and whoever gave it.
    """
    if terms.unit_id is not None:
        theirs = can_run(actor, terms.unit_id, at=at) or can_give(actor, terms.task.plan, at=at)
        return ALLOW if theirs else Decision(TaskError.MAY_NOT_REPORT)
    person = terms.person_id or 0
    if person == actor.person_id:
        return ALLOW
    theirs = can_see_person(actor, person, at=at)
    if theirs and (_acts_for_a_unit_of(actor, person, at=at) or can_give(actor, terms.task.plan, at=at)):
        return ALLOW
    return Decision(TaskError.MAY_NOT_REPORT)


def _acts_for_a_unit_of(actor: Actor, person: int, *, at: date) -> bool:
    ties = Membership.objects.current().filter(held_on(at), person=person)
    return runnable_units(actor, at=at).filter(pk__in=ties.values("unit")).exists()


def units_to_ask(plan: Plan, *, at: date) -> QuerySet[Unit]:
    """Units a task of the plan can be given to: its own and those below."""
    return Unit.objects.filter(pk__in=keys_under(plan.unit_id, at))


def people_to_ask(actor: Actor, plan: Plan, *, at: date) -> QuerySet[Person]:
    """Persons a task of the plan can be given to: of its unit and those below, as far as the actor sees their names."""
    people = people_in(plan.unit_id, at, below=True)
    return people if actor.is_installer else people.filter(pk__in=visible_people(actor, at=at).values("pk"))


def visible_terms(actor: Actor, *, at: date) -> QuerySet[TaskTerms]:
    """What tasks asked, as far as the actor may know of it.

    Given to units: those of the actor and below, and of plans the actor acts for. Given to persons: to oneself, and
    to those whose names the actor sees. Never those of sibling units.
    """
    terms = TaskTerms.objects.select_related("task__plan__rollout", "task__measure")
    if actor.is_installer:
        return terms
    runs = runnable_units(actor, at=at).values("pk")
    covered = covered_units(actor, at=at).values("pk")
    of_units = Q(unit__in=covered) | Q(unit__isnull=False) & (
        Q(task__plan__unit__in=runs) | Q(task__plan__rollout__lead__in=runs)
    )
    return terms.filter(of_units | Q(person__in=visible_people(actor, at=at).values("pk")))


def visible_tasks(actor: Actor, *, at: date) -> QuerySet[Task]:
    """Tasks whose terms, as known now, the actor may see."""
    seen = visible_terms(actor, at=at).filter(superseded_seq__isnull=True)
    return Task.objects.filter(pk__in=seen.values("task")).select_related("plan__rollout", "measure")


def can_record_value(actor: Actor, measure: Measure, unit: int, *, at: date) -> Decision:
    """Whether the actor may say what the indicator showed in the unit: one of the plan's, for which they act."""
    plan = measure.plan
    if not keys_under(plan.unit_id, at).filter(descendant=unit).exists():
        return Decision(TaskError.NOT_BELOW)
    return can_run(actor, unit, at=at) or can_plan_for(actor, plan.rollout, plan.unit_id, at=at)


def can_say_summable(actor: Actor, measure: Measure, *, at: date) -> Decision:
    """Whether the actor may say that values of units add up: whoever acts for the plan's unit."""
    return can_plan_for(actor, measure.plan.rollout, measure.plan.unit_id, at=at)
