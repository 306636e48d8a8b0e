"""Reports: prose with bound figures, and the figures frozen with them."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q

from trienkhai.files.models import StoredFile
from trienkhai.organisation.models import Unit
from trienkhai.rollouts.models import Rollout


class Report(models.Model):
    """A report of one unit on one roll-out. Frozen: its words, its figures, the ledger's number and head never change.

    ``version`` grows with every edit, so that two windows notice each other.
    """

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    rollout = models.ForeignKey(Rollout, on_delete=models.PROTECT, related_name="reports")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="reports")
    as_of = models.DateField()
    created_at = models.DateTimeField()
    subject = models.CharField(max_length=500)
    body = models.TextField()
    language = models.CharField(max_length=5, default="vi")
    kind = models.CharField(max_length=80, blank=True)
    upper_organ = models.CharField(max_length=200, blank=True)
    organ = models.CharField(max_length=200, blank=True)
    number = models.CharField(max_length=60, blank=True)
    place = models.CharField(max_length=100, blank=True)
    dated_on = models.DateField(null=True)
    recipients = models.TextField(blank=True)
    signer_authority = models.CharField(max_length=120, blank=True)
    signer_post = models.CharField(max_length=120, blank=True)
    signer = models.CharField(max_length=120, blank=True)
    frozen_at = models.DateTimeField(null=True)
    frozen_seq = models.BigIntegerField(null=True)
    ledger_head = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(frozen_at__isnull=True, frozen_seq__isnull=True, ledger_head="")
                | Q(frozen_at__isnull=False, frozen_seq__isnull=False) & ~Q(ledger_head=""),
                name="report_frozen_or_not",
            )
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_frozen(self) -> bool:
        """Whether nothing of it changes any more."""
        return self.frozen_at is not None


class FrozenFigure(models.Model):
    """A figure as it was when the report was frozen, of the report's unit or of one directly below it."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="figures")
    code = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit_name = models.CharField(max_length=250)
    position = models.PositiveIntegerField()
    definition = models.CharField(max_length=80)
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField(null=True)
    declared_numerator = models.BigIntegerField(default=0)
    declared_denominator = models.BigIntegerField(default=0)
    leaders_numerator = models.BigIntegerField(null=True)
    leaders_denominator = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "unit", "code"], name="one_frozen_figure_of_a_code")
        ]


class Scan(models.Model):
    """The signed and sealed paper, attached afterwards."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="scans")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    attached_at = models.DateTimeField()
