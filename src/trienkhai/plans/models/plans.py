"""A unit's plan for a roll-out: versions frozen when adopted, measures that keep their identity."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q

from trienkhai.directives.models import Provision
from trienkhai.files.models import StoredFile
from trienkhai.ledger.models import Recorded
from trienkhai.organisation.models import Unit
from trienkhai.plans.rules import TARGET_DIGITS, TARGET_PLACES, Treatment, VersionKind
from trienkhai.programmes.models import Programme
from trienkhai.rollouts.models import Rollout


class Plan(models.Model):
    """One unit's plan in one roll-out, whatever its versions say.

    ``adopted_on`` and ``adopted_seq`` repeat the adoption of the first version as it holds now: the unit has planned
    from then on. ``changed_seq`` is the ledger entry of the last change of any version, so that two people drafting at
    once notice each other.
    """

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    rollout = models.ForeignKey(Rollout, on_delete=models.PROTECT, related_name="plans")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="plans")
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


class PlanVersion(models.Model):
    """What a plan says. A draft changes freely; once adopted it is frozen and the next one is drafted beside it.

    In force on a day is the adopted version with the largest number whose ``adopted_on`` is not later; ``adopted_on``
    and ``adopted_seq`` repeat its current adoption. ``base``: the version of the upper unit's plan it applies.
    """

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in VersionKind], default=VersionKind.FULL)
    base = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="applied_by")
    title = models.CharField(max_length=300)
    purpose = models.TextField(blank=True)
    organising = models.TextField(blank=True)
    adopted_on = models.DateField(null=True)
    adopted_seq = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "number"], name="one_version_a_number"),
            models.UniqueConstraint(fields=["plan"], condition=Q(adopted_on__isnull=True), name="one_draft_a_plan"),
            models.CheckConstraint(condition=Q(number__gte=1), name="versions_count_from_one"),
            models.CheckConstraint(
                condition=Q(adopted_on__isnull=True, adopted_seq__isnull=True)
                | Q(adopted_on__isnull=False, adopted_seq__isnull=False),
                name="version_adopted_or_not",
            ),
            models.CheckConstraint(
                condition=Q(kind=VersionKind.FULL, base__isnull=True) | Q(kind=VersionKind.APPLIES, base__isnull=False),
                name="applies_something_or_is_full",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Adoption(Recorded):
    """The unit adopted this version on ``valid_on``, under which number, signed by whom. Of the first: ``planned``."""

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="adoptions")
    valid_on = models.DateField()
    number = models.CharField(max_length=60, blank=True)
    signer = models.CharField(max_length=120, blank=True)
    signer_post = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=250, blank=True)
    scan = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version"], condition=Q(superseded_seq__isnull=True), name="one_adoption_a_version"
            )
        ]


class Measure(models.Model):
    """A measure whatever each version calls it: tasks, comments and measures below hold on to it.

    ``answers``: the measure of a plan above that it takes up, changes or leaves out.
    """

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="measures")
    answers = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="answered_by")


class Wording(models.Model):
    """What one version says of one measure: what is done, who leads, by when, with what product.

    The lead is a unit or, where it is none of the tree, its name as typed. ``treatment`` other than the unit's own is
    for versions that apply another; the measure then ``answers`` the one it changes or leaves out for a ``reason``.
    """

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="wordings")
    measure = models.ForeignKey(Measure, on_delete=models.RESTRICT, related_name="wordings")
    position = models.PositiveIntegerField()
    treatment = models.CharField(max_length=10, choices=[(t.value, t.value) for t in Treatment], default=Treatment.OWN)
    text = models.TextField(blank=True)
    provision = models.ForeignKey(Provision, on_delete=models.PROTECT, null=True, related_name="+")
    lead_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    lead = models.CharField(max_length=200, blank=True)
    deadline_on = models.DateField(null=True)
    product = models.CharField(max_length=250, blank=True)
    indicator = models.CharField(max_length=200, blank=True)
    target = models.DecimalField(max_digits=TARGET_DIGITS, decimal_places=TARGET_PLACES, null=True)
    target_unit = models.CharField(max_length=40, blank=True)
    is_urgent = models.BooleanField(default=False)
    is_recurring = models.BooleanField(default=False)
    reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "measure"], name="one_wording_a_version"),
            models.UniqueConstraint(fields=["version", "position"], name="one_wording_a_position"),
            models.CheckConstraint(condition=Q(lead_unit__isnull=True) | Q(lead=""), name="one_lead_a_wording"),
            models.CheckConstraint(
                condition=Q(treatment=Treatment.LEFT_OUT, text="") & ~Q(reason="")
                | ~Q(treatment=Treatment.LEFT_OUT) & ~Q(text=""),
                name="said_or_left_out",
            ),
        ]


class WordingCoordinator(models.Model):
    """Who helps the lead: a unit, or a name as typed."""

    wording = models.ForeignKey(Wording, on_delete=models.CASCADE, related_name="coordinators")
    position = models.PositiveSmallIntegerField(default=0)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["wording", "position"], name="one_coordinator_a_position"),
            models.CheckConstraint(
                condition=Q(unit__isnull=True) & ~Q(name="") | Q(unit__isnull=False, name=""),
                name="coordinator_unit_or_name",
            ),
        ]


class WordingProgramme(models.Model):
    """A movement or campaign that a measure is tied to, as a version words it."""

    wording = models.ForeignKey(Wording, on_delete=models.CASCADE, related_name="ties")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="wordings")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["wording", "programme"], name="one_tie_a_programme"),
        ]
