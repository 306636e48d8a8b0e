"""What a plan says, which version is in force, how two differ, what of it cannot be true, and what it still lacks."""

from trienkhai.plans.rules.adopting import Adopted, Between, in_force_on, state_of
from trienkhai.plans.rules.checks import Against, Finding, findings
from trienkhai.plans.rules.codes import (
    LONGEST,
    LONGEST_TEXT,
    MOST_COORDINATORS,
    MOST_MEASURES,
    MOST_PROGRAMMES,
    PlanError,
    Remark,
    Treatment,
    VersionKind,
    VersionState,
)
from trienkhai.plans.rules.drafts import TARGET_DIGITS, TARGET_PLACES, Coordinator, Head, Line

__all__ = [
    "LONGEST",
    "LONGEST_TEXT",
    "MOST_COORDINATORS",
    "MOST_MEASURES",
    "MOST_PROGRAMMES",
    "TARGET_DIGITS",
    "TARGET_PLACES",
    "Adopted",
    "Against",
    "Between",
    "Coordinator",
    "Finding",
    "Head",
    "Line",
    "PlanError",
    "Remark",
    "Treatment",
    "VersionKind",
    "VersionState",
    "findings",
    "in_force_on",
    "state_of",
]
