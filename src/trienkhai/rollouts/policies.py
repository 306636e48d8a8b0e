"""Who may open, run and see roll-outs."""

from datetime import date

from django.db.models import QuerySet

from trienkhai.core.decisions import Decision
from trienkhai.figures.queries import paths_on
from trienkhai.organisation.policies import can_run, visible_units
from trienkhai.organisation.rules import Actor
from trienkhai.rollouts.models import ObligationPlace, Rollout
from trienkhai.rollouts.rules import RolloutError


def can_open(actor: Actor, unit_id: int, *, at: date) -> Decision:
    """Whether the actor may open a roll-out led by the unit: whoever may act for it."""
    return can_run(actor, unit_id, at=at)


def can_manage(actor: Actor, rollout: Rollout, *, at: date) -> Decision:
    """Whether the actor may run the roll-out: whoever may act for its lead unit."""
    return can_run(actor, rollout.lead_id, at=at)


def can_change(actor: Actor, rollout: Rollout, *, at: date) -> Decision:
    """Whether the actor may change its settings: as long as it is not closed."""
    decision = can_manage(actor, rollout, at=at)
    if decision and rollout.closed_on:
        return Decision(RolloutError.ALREADY_CLOSED)
    return decision


def can_act_for(actor: Actor, rollout: Rollout, unit_id: int, *, at: date) -> Decision:
    """Whether the actor may enter facts of a unit in the roll-out: whoever may act for the unit or for the lead."""
    if not _concerns(rollout, unit_id, at=at):
        return Decision(RolloutError.OWES_NOTHING_HERE)
    return can_run(actor, unit_id, at=at) or can_manage(actor, rollout, at=at)


def visible_rollouts(actor: Actor, *, at: date) -> QuerySet[Rollout]:
    """Roll-outs led by a unit the actor can see: their own, those above, those below."""
    return Rollout.objects.filter(lead__in=visible_units(actor, at=at)).select_related("lead", "scope")


def _concerns(rollout: Rollout, unit_id: int, *, at: date) -> bool:
    """Whether the unit lies under the lead, or ever owed something in the roll-out."""
    if paths_on(at).filter(ancestor=rollout.lead_id, descendant=unit_id).exists():
        return True
    return ObligationPlace.objects.filter(obligation__step__rollout=rollout, unit=unit_id).exists()
