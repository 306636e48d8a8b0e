"""Measures tied to a programme, with how far their tasks are."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, QuerySet

from trienkhai.organisation.queries import unit_rows
from trienkhai.plans.models import Plan, TaskTerms, Wording
from trienkhai.plans.queries.tasks import MeasureTasks, tasks_by_measure
from trienkhai.plans.queries.versions import versions_in_force
from trienkhai.plans.rules import Treatment
from trienkhai.programmes.models import Programme


@dataclass(frozen=True)
class TiedMeasure:
    """A measure of a plan in force that is tied to a programme."""

    measure_id: int
    key: UUID
    plan_key: UUID
    unit: str
    text: str
    deadline_on: date | None
    product: str
    is_urgent: bool
    tasks: MeasureTasks


def measures_tied(
    programme: Programme, plans: QuerySet[Plan], terms: QuerySet[TaskTerms], *, on: date
) -> list[TiedMeasure]:
    """Measures tied to it in the versions of these plans in force on the day, urgent ones first, then by deadline.

    ``terms``: of the tasks the reader may see.
    """
    wordings = (
        Wording.objects.filter(version__in=versions_in_force(plans, on), ties__programme=programme)
        .exclude(treatment=Treatment.LEFT_OUT)
        .order_by("-is_urgent", F("deadline_on").asc(nulls_last=True), "version__plan", "position", "pk")
        .values_list(
            *("measure", "measure__key", "version__plan__key", "version__plan__unit"),
            *("text", "deadline_on", "product", "is_urgent"),
            named=True,
        )
    )
    found = list(wordings)
    tasks = tasks_by_measure(terms.filter(task__measure__in=[one.measure for one in found]), on)
    names = unit_rows({one.version__plan__unit for one in found}, on)
    none = MeasureTasks()
    return [
        TiedMeasure(
            measure_id=one.measure,
            key=one.measure__key,
            plan_key=one.version__plan__key,
            unit=names[one.version__plan__unit].name if one.version__plan__unit in names else "",
            text=one.text,
            deadline_on=one.deadline_on,
            product=one.product,
            is_urgent=one.is_urgent,
            tasks=tasks.get(one.measure, none),
        )
        for one in found
    ]
