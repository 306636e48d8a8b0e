"""What is given to units and persons to do, what became of it, and what indicators showed."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from trienkhai.files.models import StoredFile
from trienkhai.ledger.models import Recorded
from trienkhai.organisation.models import Dated, Person, Unit
from trienkhai.plans.models.plans import Measure, Plan
from trienkhai.plans.rules.tasks import VALUE_DIGITS, VALUE_PLACES


class Task(models.Model):
    """A measure, or part of one, given to a unit or a person. What is asked can change; its terms carry the times.

    ``changed_seq`` is the ledger entry of the last change, so that two people at once notice each other.
    """

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="tasks")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, null=True, related_name="tasks")
    changed_seq = models.BigIntegerField(default=0, editable=False)


class TaskTerms(Dated):
    """What a task asked, of whom and by when, on the days ``[starts_on, ends_on)``; ended without another: withdrawn.

    ``given_on`` is the first day of the task, whatever has changed since.
    """

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="terms")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="task_terms")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="task_terms")
    given_on = models.DateField()
    text = models.TextField()
    product = models.CharField(max_length=250, blank=True)
    deadline_on = models.DateField(null=True)
    is_urgent = models.BooleanField(default=False)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__lt=F("ends_on")), name="taskterms_have_days"
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=True, person__isnull=False) | Q(unit__isnull=False, person__isnull=True),
                name="task_of_a_unit_or_a_person",
            ),
            models.CheckConstraint(condition=Q(given_on__lte=F("starts_on")), name="taskterms_begin_with_the_task"),
            models.UniqueConstraint(
                fields=["task", "starts_on"], condition=Q(superseded_seq__isnull=True), name="one_taskterms_a_day"
            ),
            models.UniqueConstraint(
                fields=["task"],
                condition=Q(superseded_seq__isnull=True, ends_on__isnull=True),
                name="one_open_taskterms_a_task",
            ),
        ]


class TaskReport(Recorded):
    """The fact that a task was done on a day. ``told_by``: who said so, where somebody else typed it."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="reports")
    done_on = models.DateField()
    product = models.CharField(max_length=250, blank=True)
    note = models.TextField(blank=True)
    told_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task"], condition=Q(superseded_seq__isnull=True), name="one_report_a_task")
        ]


class TaskEvidence(models.Model):
    """A file that shows it."""

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    report = models.ForeignKey(TaskReport, on_delete=models.PROTECT, related_name="evidence")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)


class IndicatorValue(Recorded):
    """What the indicator of a measure showed in a unit on a day."""

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="values")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    valid_on = models.DateField()
    value = models.DecimalField(max_digits=VALUE_DIGITS, decimal_places=VALUE_PLACES)
    note = models.CharField(max_length=250, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["measure", "unit", "valid_on"],
                condition=Q(superseded_seq__isnull=True),
                name="one_indicator_value_a_day",
            )
        ]


class Summable(Recorded):
    """It was said of the indicator that the values of units add up. Without it there is no total."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="summable")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["measure"], condition=Q(superseded_seq__isnull=True), name="one_summable_a_measure"
            )
        ]
