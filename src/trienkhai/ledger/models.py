"""The append-only record, and what every fact carries of it."""

from datetime import date
from typing import Any, ClassVar, Self
from uuid import uuid4

from django.db import models
from django.db.models import Q


class Origin(models.Model):
    """One row: whether this installation's first entry was real or played. Never changes."""

    key = models.UUIDField(default=uuid4, editable=False)
    is_simulated = models.BooleanField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(pk=1), name="one_origin")]


class Entry(models.Model):
    """What was done, when it was recorded, by whom (opaque). Triggers forbid change and deletion."""

    seq = models.BigAutoField(primary_key=True)
    recorded_at = models.DateTimeField()
    recorded_on = models.DateField()
    actor = models.UUIDField(null=True)
    action = models.CharField(max_length=80)
    subject = models.UUIDField(null=True)
    count = models.PositiveIntegerField(default=1)
    digest = models.CharField(max_length=64)
    file_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["subject", "seq"], name="ledger_entry_subject")]


class Detail(models.Model):
    """The readable side of an entry; may be erased to forget a person without breaking the chain."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, related_name="detail")
    salt = models.CharField(max_length=32)
    content = models.JSONField()


class Seal(models.Model):
    """A batch of entries chained to the one before it."""

    number = models.BigAutoField(primary_key=True)
    first_seq = models.BigIntegerField()
    last_seq = models.BigIntegerField(unique=True)
    previous = models.CharField(max_length=64)
    head = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()


class RecordedQuerySet(models.QuerySet[Any]):
    """Rows by what was known when."""

    def current(self) -> Self:
        """Rows that hold as known now."""
        return self.filter(superseded_seq__isnull=True)

    def known_at(self, day: date | None) -> Self:
        """Rows that held as known at the end of ``day``; as known now when ``None``."""
        if day is None:
            return self.current()
        return self.filter(Q(superseded_on__isnull=True) | Q(superseded_on__gt=day), recorded_on__lte=day)

    def supersede(self, entry: Entry) -> int:
        """End these rows' being known, as of ``entry``. Rows already superseded stay as they are."""
        return self.filter(superseded_seq__isnull=True).update(
            superseded_seq=entry.seq, superseded_on=entry.recorded_on
        )


class Recorded(models.Model):
    """A row that is superseded, never updated.

    ``recorded_seq`` and ``superseded_seq`` are ledger entries' numbers; the days stand beside them so that
    "as known at the end of a day" is one comparison.
    """

    recorded_seq = models.BigIntegerField(editable=False)
    recorded_on = models.DateField(editable=False)
    superseded_seq = models.BigIntegerField(null=True, editable=False)
    superseded_on = models.DateField(null=True, editable=False)

    objects = RecordedQuerySet.as_manager()

    class Meta:
        abstract = True
