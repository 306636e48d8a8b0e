"""Reading plans, what they carry out, where each unit stands, and a plan as a document."""

from trienkhai.plans.queries.document import plan_document
from trienkhai.plans.queries.reading import (
    MeasureRow,
    Reference,
    UnitPlanRow,
    adoption_of,
    draft_findings,
    earliest_adoption,
    lead_names,
    lines_of,
    measure_rows,
    measures_of,
    plan_deadline,
    plan_of,
    possible_leads,
    references,
    unit_called,
    unit_plan_rows,
)

__all__ = [
    "MeasureRow",
    "Reference",
    "UnitPlanRow",
    "adoption_of",
    "draft_findings",
    "earliest_adoption",
    "lead_names",
    "lines_of",
    "measure_rows",
    "measures_of",
    "plan_deadline",
    "plan_document",
    "plan_of",
    "possible_leads",
    "references",
    "unit_called",
    "unit_plan_rows",
]
