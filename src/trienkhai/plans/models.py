"""A unit's plan for a roll-out: a document with measures. Versions and cascade build on the same identity later."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q

from trienkhai.directives.models import Provision
from trienkhai.files.models import StoredFile
from trienkhai.ledger.models import Recorded
from trienkhai.organisation.models import Unit
from trienkhai.rollouts.models import Rollout


class Plan(models.Model):
    """One unit's plan in one roll-out. A draft changes freely; once adopted it is frozen.

    ``adopted_on`` and ``adopted_seq`` repeat the adoption that holds now. ``changed_seq`` is the ledger entry of the
    last change, so that two people drafting at once notice each other.
    """

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    rollout = models.ForeignKey(Rollout, on_delete=models.PROTECT, related_name="plans")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="plans")
    title = models.CharField(max_length=300)
    purpose = models.TextField(blank=True)
    organising = models.TextField(blank=True)
    adopted_on = models.DateField(null=True)
    adopted_seq = models.BigIntegerField(null=True)
    changed_seq = models.BigIntegerField(default=0, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rollout", "unit"], name="one_plan_a_unit"),
            models.CheckConstraint(
                condition=Q(adopted_on__isnull=True, adopted_seq__isnull=True)
                | Q(adopted_on__isnull=False, adopted_seq__isnull=False),
                name="plan_adopted_or_not",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Adoption(Recorded):
    """The fact behind ``planned``: the unit adopted its plan on ``valid_on``, under which number, signed by whom."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="adoptions")
    valid_on = models.DateField()
    number = models.CharField(max_length=60, blank=True)
    signer = models.CharField(max_length=120, blank=True)
    signer_post = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=250, blank=True)
    scan = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan"], condition=Q(superseded_seq__isnull=True), name="one_adoption_a_plan"
            )
        ]


class Measure(models.Model):
    """One measure of a plan: what is done, who leads, by when, with what product.

    The lead is a unit or, where it is none of the tree, its name as typed.
    """

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
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "position"], name="one_measure_a_position"),
            models.CheckConstraint(condition=Q(lead_unit__isnull=True) | Q(lead=""), name="one_lead_a_measure"),
        ]
