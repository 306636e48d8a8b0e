"""Directives, their provisions, files and relations."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from trienkhai.directives.rules import DirectiveKind, RelationKind
from trienkhai.files.models import StoredFile
from trienkhai.organisation.models import Unit


class Directive(models.Model):
    """A document to be carried out. Kind, number, issuer, date and title are enough.

    ``folded`` and ``spelt`` hold the whole text, provisions included, as search compares it: without marks, and in
    lower case with its marks, each between blanks. ``changed_seq`` is the ledger entry of the last change, so that two
    people correcting at once notice each other.
    """

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    owner = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="directives")
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in DirectiveKind])
    number = models.CharField(max_length=60)
    issuer = models.CharField(max_length=200)
    issued_on = models.DateField()
    title = models.CharField(max_length=500)
    received_on = models.DateField(null=True)
    folded = models.TextField()
    spelt = models.TextField()
    changed_seq = models.BigIntegerField(default=0, editable=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-issued_on", "-id"], name="directive_newest")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "number", "issued_on"], name="one_directive_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class Provision(models.Model):
    """A numbered part of a directive; a tree in reading order. Keeps its key while its number stays."""

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    directive = models.ForeignKey(Directive, on_delete=models.CASCADE, related_name="provisions")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="children")
    position = models.PositiveIntegerField()
    depth = models.PositiveSmallIntegerField(default=0)
    label = models.CharField(max_length=30, blank=True)
    text = models.TextField(blank=True)
    folded = models.TextField(blank=True)
    spelt = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["directive", "position"], name="one_provision_per_position")
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.text}".strip()


class DirectiveFile(models.Model):
    """A file of the directive."""

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    directive = models.ForeignKey(Directive, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)


class Relation(models.Model):
    """What ``source`` does to ``target``."""

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    source = models.ForeignKey(Directive, on_delete=models.CASCADE, related_name="relations")
    target = models.ForeignKey(Directive, on_delete=models.CASCADE, related_name="related")
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in RelationKind])

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="one_relation_of_a_kind"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="no_relation_to_itself"),
        ]
