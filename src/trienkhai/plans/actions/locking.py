"""What every change of a plan does first."""

from trienkhai.core.decisions import Refused
from trienkhai.plans.models import Plan
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
