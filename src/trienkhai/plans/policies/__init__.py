"""Who drafts, adopts and sees plans."""

from datetime import date

from django.db.models import Q, QuerySet

from trienkhai.core.decisions import ALLOW, Decision
from trienkhai.organisation.policies import can_run, runnable_units, visible_units
from trienkhai.organisation.rules import Actor
from trienkhai.plans.models import Plan, PlanVersion
from trienkhai.plans.rules import PlanError
from trienkhai.rollouts import policies as rollouts
from trienkhai.rollouts.models import Rollout


def can_plan_for(actor: Actor, rollout: Rollout, unit_id: int, *, at: date) -> Decision:
    """Whether the actor may draft the unit's plan or say when it was adopted: whoever may act for the unit here."""
    return rollouts.can_act_for(actor, rollout, unit_id, at=at)


def can_edit(actor: Actor, plan: Plan, *, at: date) -> Decision:
    """Whether the actor may change the plan's draft, or adopt it: there is one."""
    decision = can_plan_for(actor, plan.rollout, plan.unit_id, at=at)
    if decision and not plan.versions.filter(adopted_on__isnull=True).exists():
        return Decision(PlanError.ADOPTED)
    return decision


def can_revise(actor: Actor, plan: Plan, *, at: date) -> Decision:
    """Whether the actor may begin the next version: one was adopted, none is being drafted."""
    decision = can_plan_for(actor, plan.rollout, plan.unit_id, at=at)
    if decision and plan.versions.filter(adopted_on__isnull=True).exists():
        return Decision(PlanError.DRAFT_THERE if plan.adopted_on else PlanError.NOT_ADOPTED)
    return decision


def can_correct(actor: Actor, version: PlanVersion, *, at: date) -> Decision:
    """Whether the actor may correct the version's adoption."""
    decision = can_plan_for(actor, version.plan.rollout, version.plan.unit_id, at=at)
    if decision and version.adopted_on is None:
        return Decision(PlanError.NOT_ADOPTED)
    return decision


def can_withdraw(actor: Actor, version: PlanVersion, *, at: date) -> Decision:
    """Whether the actor may take the adoption back: of the last version, drafts counted, that no plan below applies."""
    decision = can_correct(actor, version, at=at)
    if decision and PlanVersion.objects.filter(plan=version.plan_id, number__gt=version.number).exists():
        return Decision(PlanError.LATER_VERSION)
    if decision and version.applied_by.exists():
        return Decision(PlanError.APPLIED_BELOW)
    return decision


def can_discard(actor: Actor, plan: Plan, *, at: date) -> Decision:
    """Whether the actor may throw the draft away: one that was never adopted."""
    decision = can_edit(actor, plan, at=at)
    if decision and plan.versions.filter(adopted_on__isnull=True, adoptions__isnull=False).exists():
        return Decision(PlanError.WAS_ADOPTED)
    return decision


def can_see_below(actor: Actor, plan: Plan, *, at: date) -> Decision:
    """Whether the actor may see what units below took up: who may act for the unit; units do not see their siblings."""
    return can_run(actor, plan.unit_id, at=at) or rollouts.can_manage(actor, plan.rollout, at=at)


def can_enter_many(actor: Actor, rollout: Rollout, *, at: date) -> Decision:
    """Whether the actor may enter adoptions of any unit of the roll-out: whoever runs it."""
    return rollouts.can_manage(actor, rollout, at=at)


def visible_plans(actor: Actor, *, at: date) -> QuerySet[Plan]:
    """Adopted plans of units the actor knows of; those only drafted, of units the actor may act for."""
    plans = Plan.objects.select_related("rollout")
    if actor.is_installer:
        return plans
    seen = Q(unit__in=visible_units(actor, at=at), adopted_on__isnull=False)
    return plans.filter(seen | _own(actor, "", at=at))


def visible_versions(actor: Actor, *, at: date) -> QuerySet[PlanVersion]:
    """Adopted versions of units the actor knows of; drafts only of units the actor may act for."""
    versions = PlanVersion.objects.select_related("plan__rollout")
    if actor.is_installer:
        return versions
    seen = Q(plan__unit__in=visible_units(actor, at=at), adopted_on__isnull=False)
    return versions.filter(seen | _own(actor, "plan__", at=at))


def _own(actor: Actor, way: str, *, at: date) -> Q:
    """Plans of units the actor may act for, or of roll-outs the actor runs; ``way`` leads to the plan."""
    units = runnable_units(actor, at=at)
    return Q(**{f"{way}unit__in": units}) | Q(**{f"{way}rollout__lead__in": units})


def can_see(actor: Actor, plan: Plan, *, at: date) -> Decision:
    """Whether the actor may see the plan."""
    return ALLOW if visible_plans(actor, at=at).filter(pk=plan.pk).exists() else Decision(PlanError.NOT_VISIBLE)
