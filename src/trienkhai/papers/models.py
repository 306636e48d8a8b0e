"""Papers of members: the text is theirs; events are facts."""

from typing import ClassVar
from uuid import uuid4

from django.db import models

from trienkhai.files.models import StoredFile
from trienkhai.ledger.models import Recorded
from trienkhai.papers.rules import PaperEventKind
from trienkhai.rollouts.models import Obligation
from trienkhai.rollouts.rules import PaperForm


class Paper(models.Model):
    """One person's paper in one roll-out. Text and file are seen by the author and the unit's reader only.

    ``answers``: one text a question. ``version`` grows with every change, so that two windows notice each other.
    """

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    obligation = models.OneToOneField(Obligation, on_delete=models.PROTECT, related_name="paper")
    answers = models.JSONField(default=list)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)


class PaperEvent(Recorded):
    """The fact: the paper was handed in, returned, accepted on ``valid_on``.

    ``entered_for``: typed in by somebody else, who was told by ``told_by``. ``note``: the reader's words on returning.
    """

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in PaperEventKind])
    valid_on = models.DateField()
    form = models.CharField(max_length=20, choices=[(f.value, f.value) for f in PaperForm], blank=True)
    note = models.TextField(blank=True)
    entered_for = models.BooleanField(default=False)
    told_by = models.CharField(max_length=150, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["paper", "recorded_seq"], name="event_of_paper")]
