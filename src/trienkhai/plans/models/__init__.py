"""Plans with their versions and measures."""

from trienkhai.plans.models.plans import (
    Adoption,
    Measure,
    Plan,
    PlanVersion,
    Wording,
    WordingCoordinator,
)

__all__ = [
    "Adoption",
    "Measure",
    "Plan",
    "PlanVersion",
    "Wording",
    "WordingCoordinator",
]
