"""Plans above and below one another."""

from datetime import date

from trienkhai.figures.queries import keys_above
from trienkhai.plans.models import Measure, PlanVersion


def answerable(version: PlanVersion, *, on: date) -> set[int]:
    """Measures that one of this version may answer: adopted ones of plans of units above, in the same roll-out.

    Of a version that applies another: those that one has in force, taken as they stand or worded anew.
    """
    plan = version.plan
    above = [unit for unit in keys_above(plan.unit_id, on) if unit != plan.unit_id]
    found = Measure.objects.filter(
        plan__rollout=plan.rollout_id, plan__unit__in=above, wordings__version__adopted_on__isnull=False
    )
    return set(found.values_list("pk", flat=True))
