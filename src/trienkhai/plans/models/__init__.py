"""Plans with their versions and measures; tasks and indicators."""

from trienkhai.plans.models.plans import (
    Adoption,
    Measure,
    Plan,
    PlanVersion,
    Wording,
    WordingCoordinator,
    WordingProgramme,
)
from trienkhai.plans.models.tasks import IndicatorValue, Summable, Task, TaskEvidence, TaskReport, TaskTerms

__all__ = [
    "Adoption",
    "IndicatorValue",
    "Measure",
    "Plan",
    "PlanVersion",
    "Summable",
    "Task",
    "TaskEvidence",
    "TaskReport",
    "TaskTerms",
    "Wording",
    "WordingCoordinator",
    "WordingProgramme",
]
