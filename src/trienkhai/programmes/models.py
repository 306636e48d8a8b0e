"""Programmes: standing movements and campaigns that measures and meetings are tied to."""

from datetime import date
from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from trienkhai.organisation.models import Unit
from trienkhai.programmes.rules import ProgrammeKind
from trienkhai.text import LONGEST_KEY


class Programme(models.Model):
    """A movement, a campaign, or another subject that work is tied to, led by one unit, for some days.

    Its particulars are corrected in place, the ledger keeps what they were; the ties carry their own times.
    ``changed_seq`` is the ledger entry of the last change, so that two people correcting at once notice each other.
    """

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    owner = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="programmes")
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in ProgrammeKind])
    name = models.CharField(max_length=300)
    sort_key = models.CharField(max_length=LONGEST_KEY)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    note = models.TextField(blank=True)
    changed_seq = models.BigIntegerField(default=0, editable=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["sort_key", "id"], name="programme_sort")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "name", "starts_on"], name="one_programme_of_a_name"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__lt=F("ends_on")), name="programme_has_days"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def runs_on(self, day: date) -> bool:
        """Whether it runs on ``day``."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)
