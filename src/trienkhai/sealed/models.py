"""Rounds, their batches and boxes, who has sent, who holds keys, kept names. Knows no unit, no text, no person.

Rows whose order could tell something get a random number for their key, drawn by the action: in SQLite it is also the
row's place. The database refuses numbers that look counted.
"""

import secrets
from pathlib import Path
from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from trienkhai.sealed.rules import Custody, Fate, NameState, Outcome, Purpose

_COUNTED = 2**40


def random_id() -> int:
    """A number for a row that tells nothing about when the row was made."""
    return _COUNTED + 1 + secrets.randbelow(2**63 - _COUNTED - 1)


def _drawn(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(id__gt=_COUNTED), name=name)


class SealedHolder(models.Model):
    """A key pair somebody holds. ``wrapped``: the private key under a passphrase apart from sign-in.

    ``is_file``: the passphrase is a file's content (an office of one person). ``typed_elsewhere``: it was typed at the
    sign-in of somebody else, who may have seen it; people are told above the box.
    """

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    owner = models.UUIDField()
    is_file = models.BooleanField(default=False)
    typed_elsewhere = models.BooleanField(default=False)
    public_key = models.BinaryField(max_length=32)
    wrapped = models.BinaryField(max_length=200)
    enrolled_on = models.DateField()
    ended_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner"], condition=Q(ended_on__isnull=True), name="one_pair_an_owner"),
        ]
        indexes: ClassVar = [models.Index(fields=["owner"], name="holder_owner")]


class SealedRound(models.Model):
    """A box that is open for a while. ``owner``: the opaque key of what it is for.

    ``eligible``: how many may send; ``has_electorate``: whether they are listed here, or the app above lets them in.
    """

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    owner = models.UUIDField()
    custody = models.CharField(max_length=20, choices=[(c.value, c.value) for c in Custody])
    threshold = models.PositiveSmallIntegerField()
    box_bytes = models.PositiveIntegerField()
    takes_nameless = models.BooleanField()
    keeps_names = models.BooleanField()
    has_electorate = models.BooleanField()
    eligible = models.PositiveIntegerField()
    opened_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, choices=[(o.value, o.value) for o in Outcome], blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["owner", "id"], name="sealedround_owner")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="") | Q(closed_at__isnull=False) & ~Q(outcome=""),
                name="closed_with_an_outcome",
            ),
        ]

    @cached_property
    def open_batch(self) -> "SealedBatch | None":
        """The batch boxes go into; ``None`` once the round has ended. Read once: load the round anew to be sure."""
        return self.batches.filter(closed_on__isnull=True).order_by("-number").first()


class RoundHolder(models.Model):
    """Who is needed for a round: any two of those who release, any two of those who keep names."""

    sealed_round = models.ForeignKey(SealedRound, on_delete=models.PROTECT, related_name="holders")
    holder = models.ForeignKey(SealedHolder, on_delete=models.PROTECT, related_name="rounds")
    purpose = models.CharField(max_length=10, choices=[(p.value, p.value) for p in Purpose])

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sealed_round", "holder", "purpose"], name="a_holder_once_a_purpose"),
        ]


class SealedBatch(models.Model):
    """Boxes under one key, which lies in the data folder (``key_path``) and nowhere else, until they are released.

    The numbers are those found at release.
    """

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    sealed_round = models.ForeignKey(SealedRound, on_delete=models.PROTECT, related_name="batches")
    number = models.PositiveSmallIntegerField()
    public_key = models.BinaryField(max_length=32)
    closed_on = models.DateField(null=True)
    sent = models.PositiveIntegerField(default=0)
    named = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    nameless = models.PositiveIntegerField(default=0)
    nothing = models.PositiveIntegerField(default=0)
    destroyed = models.PositiveIntegerField(default=0)
    unreadable = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sealed_round", "number"], name="batch_number_in_round"),
            models.UniqueConstraint(
                fields=["sealed_round"], condition=Q(closed_on__isnull=True), name="one_open_batch"
            ),
        ]

    @property
    def key_path(self) -> Path:
        """Where its private key lies while it is open."""
        return Path(settings.TRIENKHAI_CALLS) / f"{self.key}.key"

    @property
    def has_key(self) -> bool:
        """Whether the private key is there."""
        return self.key_path.is_file()


class Elector(models.Model):
    """Somebody who may send, listed when the round was opened."""

    id = models.BigAutoField(primary_key=True)
    sealed_round = models.ForeignKey(SealedRound, on_delete=models.PROTECT, related_name="electors")
    participant = models.UUIDField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sealed_round", "participant"], name="an_elector_once"),
            _drawn("elector_drawn"),
        ]


class Participation(models.Model):
    """That somebody has sent something: not when, not how, not what."""

    id = models.BigAutoField(primary_key=True)
    sealed_round = models.ForeignKey(SealedRound, on_delete=models.PROTECT, related_name="participations")
    batch = models.ForeignKey(SealedBatch, on_delete=models.PROTECT, related_name="participations")
    participant = models.UUIDField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sealed_round", "participant"], name="a_participant_once"),
            _drawn("participation_drawn"),
        ]


class SealedBox(models.Model):
    """What was sent, unreadable: every box of a round is of one size. ``proof``: what the receipt shows to be there."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(SealedBatch, on_delete=models.PROTECT, related_name="boxes")
    proof = models.CharField(max_length=64, unique=True)
    content = models.BinaryField()

    class Meta:
        constraints: ClassVar = [_drawn("box_drawn")]


class SealedReceipt(models.Model):
    """What became of something sent. Written at release, from inside the box: nothing leads back to the box."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(SealedBatch, on_delete=models.PROTECT, related_name="receipts")
    answer = models.CharField(max_length=64, unique=True)
    fate = models.CharField(max_length=20, choices=[(f.value, f.value) for f in Fate])

    class Meta:
        constraints: ClassVar = [_drawn("receipt_drawn")]


class KeptName(models.Model):
    """The envelope around the name of one released text's author. Empty once withdrawn or opened."""

    id = models.BigAutoField(primary_key=True)
    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    receipt = models.OneToOneField(SealedReceipt, on_delete=models.PROTECT, related_name="kept_name")
    envelope = models.BinaryField()
    state = models.CharField(max_length=20, choices=[(s.value, s.value) for s in NameState])
    opens_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [_drawn("kept_name_drawn")]
