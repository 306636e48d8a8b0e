"""Reports: prose with bound figures, and the figures frozen with them."""

from typing import ClassVar
from uuid import uuid4

from django.db import models

from trienkhai.files.models import StoredFile
from trienkhai.organisation.models import Unit
from trienkhai.rollouts.models import Rollout


class Report(models.Model):
    """A report of one unit on one roll-out. Frozen: its figures, the ledger's number and head never change."""

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    rollout = models.ForeignKey(Rollout, on_delete=models.PROTECT, related_name="reports")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="reports")
    as_of = models.DateField()
    subject = models.CharField(max_length=500)
    body = models.TextField()
    language = models.CharField(max_length=5, default="vi")
    number = models.CharField(max_length=60, blank=True)
    place = models.CharField(max_length=100, blank=True)
    dated_on = models.DateField(null=True)
    recipients = models.TextField(blank=True)
    signer_post = models.CharField(max_length=120, blank=True)
    signer = models.CharField(max_length=120, blank=True)
    frozen_at = models.DateTimeField(null=True)
    frozen_seq = models.BigIntegerField(null=True)
    ledger_head = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=0)


class FrozenFigure(models.Model):
    """A figure as it was when the report was frozen."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="figures")
    code = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField(null=True)
    declared_numerator = models.BigIntegerField(default=0)
    declared_denominator = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "unit", "code"], name="one_frozen_figure_of_a_code")
        ]


class Scan(models.Model):
    """The signed and sealed paper, attached afterwards."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="scans")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    attached_at = models.DateTimeField()
