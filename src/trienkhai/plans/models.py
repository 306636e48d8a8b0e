"""A unit's plan for a roll-out: a document with measures. Versions and cascade build on the same identity later."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q

from trienkhai.directives.models import Provision
from trienkhai.files.models import StoredFile
from trienkhai.organisation.models import Unit
from trienkhai.rollouts.models import Rollout


class Plan(models.Model):
    """One unit's plan in one roll-out. ``adopted_on`` is null while it is a draft."""

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    rollout = models.ForeignKey(Rollout, on_delete=models.PROTECT, related_name="plans")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="plans")
    title = models.CharField(max_length=300)
    number = models.CharField(max_length=60, blank=True)
    signer = models.CharField(max_length=120, blank=True)
    adopted_on = models.DateField(null=True)
    adopted_seq = models.BigIntegerField(null=True)
    scan = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rollout", "unit"], name="one_plan_a_unit"),
            models.CheckConstraint(
                condition=Q(adopted_on__isnull=True, adopted_seq__isnull=True)
                | Q(adopted_on__isnull=False, adopted_seq__isnull=False),
                name="plan_adopted_or_not",
            ),
        ]


class Measure(models.Model):
    """One measure of a plan: what is done, who leads, by when, with what product."""

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="measures")
    position = models.PositiveIntegerField()
    text = models.TextField()
    provision = models.ForeignKey(Provision, on_delete=models.PROTECT, null=True, related_name="+")
    lead_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    lead = models.CharField(max_length=200, blank=True)
    deadline_on = models.DateField(null=True)
    product = models.CharField(max_length=250, blank=True)
    is_urgent = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "position"], name="one_measure_a_position")]
