"""Lists waiting to be confirmed. Units and persons are opaque keys here."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q

from trienkhai.files.models import StoredFile
from trienkhai.imports.rules.fields import ListKind
from trienkhai.imports.rules.states import BatchState, Decision, Step, UnitDecision


def _choices(enum: type[BatchState | Decision | Step | UnitDecision | ListKind]) -> list[tuple[str, str]]:
    return [(member.value, member.value) for member in enum]


class ImportBatch(models.Model):
    """One uploaded list, from the drop to the import. The file is forgotten when nobody needs it any more."""

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="import_batches")
    file_name = models.CharField(max_length=255)
    file_digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=10, choices=_choices(ListKind))
    state = models.CharField(max_length=12, choices=_choices(BatchState))
    unit = models.UUIDField()  # the unit under whose office the list is taken in
    holds_from = models.DateField()  # the day from which what the list says holds
    uploaded_by = models.UUIDField(null=True)
    uploaded_at = models.DateTimeField()
    survey = models.JSONField(default=dict)  # layouts and their columns, as guessed
    choices = models.JSONField(default=dict)  # layout key → column index → field or null
    notes = models.JSONField(default=dict)  # lines read as something other than rows
    row_count = models.PositiveIntegerField(default=0)
    matched_seq = models.BigIntegerField(null=True)  # the ledger's last entry when rows were compared
    entry_seq = models.BigIntegerField(null=True)  # the ledger entry of the import
    busy = models.CharField(max_length=10, blank=True, choices=_choices(Step))  # what the worker does with it now
    problem = models.JSONField(default=list)  # why that failed: code, named values

    class Meta:
        indexes: ClassVar = [models.Index(fields=["uploaded_at"], name="import_batch_uploaded")]


class ImportUnit(models.Model):
    """A unit that the rows name, and which one it is."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="units")
    folded = models.CharField(max_length=300)
    parent_folded = models.CharField(max_length=300, blank=True)
    name = models.CharField(max_length=250)
    parent_name = models.CharField(max_length=250, blank=True)
    kind = models.CharField(max_length=20)
    opened = models.CharField(max_length=10, blank=True)
    row_count = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField()
    decision = models.CharField(max_length=10, choices=_choices(UnitDecision), blank=True)
    target = models.UUIDField(null=True)
    is_sure = models.BooleanField(default=False)  # found by its exact name, or confirmed

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "folded", "parent_folded"], name="one_import_unit_a_name")
        ]


class ImportRow(models.Model):
    """One line of a list."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    sheet = models.CharField(max_length=60, blank=True)
    line = models.PositiveIntegerField()
    values = models.JSONField()
    faults = models.JSONField(default=list)
    decision = models.CharField(max_length=8, choices=_choices(Decision), default=Decision.NEW.value)
    target = models.UUIDField(null=True)  # the person it is, when it is somebody already there
    candidates = models.JSONField(default=list)  # keys of those it may be
    moved_on = models.DateField(null=True)
    decided_by = models.UUIDField(null=True)
    is_decided = models.BooleanField(default=False)  # somebody said so; comparing again keeps it

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["batch", "decision", "id"], name="import_row_decision"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(decision=Decision.MOVED.value) | Q(target__isnull=False), name="import_move_of_somebody"
            )
        ]
