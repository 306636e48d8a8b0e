"""Measures that come back: what ordinary meetings take up again and again."""

from dataclasses import dataclass
from datetime import date

from trienkhai.plans.models import Plan
from trienkhai.plans.queries.cascade import lines_in_effect
from trienkhai.plans.queries.versions import versions_in_force
from trienkhai.plans.rules import Line


@dataclass(frozen=True)
class Recurring:
    """A recurring measure in force for a unit, and whose plan it is in."""

    plan_key: str
    version: int
    line: Line


def recurring_measures(unit: int, *, on: date) -> list[Recurring]:
    """The unit's recurring measures in force on the day, of every roll-out that is open: what its meetings take up.

    Agendas of ordinary meetings are to be fed from here.
    """
    plans = Plan.objects.filter(unit=unit, rollout__opens_on__lte=on).exclude(rollout__closed_on__lte=on)
    versions = versions_in_force(plans, on).select_related("plan__rollout", "base")
    return [
        Recurring(str(version.plan.key), version.number, line)
        for version in versions
        for line in lines_in_effect(version)
        if line.is_recurring
    ]
