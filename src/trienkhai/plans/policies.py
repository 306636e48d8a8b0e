"""Who drafts, adopts and sees plans."""

from datetime import date

from django.db.models import Q, QuerySet

from trienkhai.core.decisions import ALLOW, Decision
from trienkhai.organisation.policies import runnable_units, visible_units
from trienkhai.organisation.rules import Actor
from trienkhai.plans.models import Plan
from trienkhai.plans.rules import PlanError
from trienkhai.rollouts import policies as rollouts
from trienkhai.rollouts.models import Rollout


def can_plan_for(actor: Actor, rollout: Rollout, unit_id: int, *, at: date) -> Decision:
    """Whether the actor may draft the unit's plan or say when it was adopted: whoever may act for the unit here."""
    return rollouts.can_act_for(actor, rollout, unit_id, at=at)


def can_edit(actor: Actor, plan: Plan, *, at: date) -> Decision:
    """Whether the actor may change the draft, or adopt it."""
    decision = can_plan_for(actor, plan.rollout, plan.unit_id, at=at)
    if decision and plan.adopted_on is not None:
        return Decision(PlanError.ADOPTED)
    return decision


def can_correct(actor: Actor, plan: Plan, *, at: date) -> Decision:
    """Whether the actor may correct the adoption, or take it back."""
    decision = can_plan_for(actor, plan.rollout, plan.unit_id, at=at)
    if decision and plan.adopted_on is None:
        return Decision(PlanError.NOT_ADOPTED)
    return decision


def can_discard(actor: Actor, plan: Plan, *, at: date) -> Decision:
    """Whether the actor may throw the draft away: one that was never adopted."""
    decision = can_edit(actor, plan, at=at)
    if decision and plan.adoptions.exists():
        return Decision(PlanError.WAS_ADOPTED)
    return decision


def can_enter_many(actor: Actor, rollout: Rollout, *, at: date) -> Decision:
    """Whether the actor may enter adoptions of any unit of the roll-out: whoever runs it."""
    return rollouts.can_manage(actor, rollout, at=at)


def visible_plans(actor: Actor, *, at: date) -> QuerySet[Plan]:
    """Adopted plans of units the actor knows of; drafts only of units the actor may act for."""
    plans = Plan.objects.select_related("rollout")
    if actor.is_installer:
        return plans
    seen = Q(unit__in=visible_units(actor, at=at), adopted_on__isnull=False)
    own = Q(unit__in=runnable_units(actor, at=at)) | Q(rollout__lead__in=runnable_units(actor, at=at))
    return plans.filter(seen | own)


def can_see(actor: Actor, plan: Plan, *, at: date) -> Decision:
    """Whether the actor may see the plan."""
    return ALLOW if visible_plans(actor, at=at).filter(pk=plan.pk).exists() else Decision(PlanError.NOT_VISIBLE)
