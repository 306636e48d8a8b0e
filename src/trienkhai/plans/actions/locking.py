"""What every change of a plan does first."""

from datetime import datetime

from trienkhai.core.decisions import Refused
from trienkhai.ledger.clock import local_day
from trienkhai.organisation.rules import Actor
from trienkhai.plans import policies
from trienkhai.plans.models import Plan, PlanVersion
from trienkhai.plans.queries import draft_of
from trienkhai.plans.rules import PlanError


def locked(plan: Plan, *, seen: int | None = None) -> Plan:
    """The plan as it stands now, held until the transaction ends.

    ``seen``: its ``changed_seq`` when the actor looked at it; ``None`` where overwriting is harmless.

    Raises:
        Refused: somebody has changed it since it was seen.
    """
    held = Plan.objects.select_for_update(of=("self",)).select_related("rollout").get(pk=plan.pk)
    if seen is not None and seen != held.changed_seq:
        raise Refused(PlanError.CHANGED_MEANWHILE)
    return held


def locked_draft(plan: Plan, *, actor: Actor, at: datetime, seen: int | None = None) -> PlanVersion:
    """The plan's draft, for whoever may change it; its plan is held until the transaction ends.

    Raises:
        Refused: no draft, not the actor's, or changed since it was seen.
    """
    held = locked(plan, seen=seen)
    policies.can_edit(actor, held, at=local_day(at)).require()
    draft = draft_of(held)
    if draft is None:
        raise Refused(PlanError.ADOPTED)
    draft.plan = held
    return draft


def changed(plan: Plan, seq: int) -> None:
    """Note that the plan was changed by that entry."""
    plan.changed_seq = seq
    plan.save(update_fields=["changed_seq"])
