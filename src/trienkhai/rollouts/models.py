"""Roll-outs, their steps, and what every unit and person owes in each."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from trienkhai.directives.models import Directive
from trienkhai.figures.models import Scope
from trienkhai.ledger.models import Recorded
from trienkhai.organisation.models import Dated, Person, Unit
from trienkhai.organisation.rules import UnitKind
from trienkhai.rollouts.rules import CellStudyRule, MilestoneCode, Owing, StepKind


class Rollout(models.Model):
    """One or several directives carried out by one lead unit and all below it."""

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    title = models.CharField(max_length=300)
    lead = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="rollouts")
    scope = models.OneToOneField(Scope, on_delete=models.PROTECT, related_name="rollout")
    opens_on = models.DateField()
    closed_on = models.DateField(null=True)
    opened_seq = models.BigIntegerField()
    cell_study_rule = models.CharField(
        max_length=20, choices=[(r.value, r.value) for r in CellStudyRule], default=CellStudyRule.OWN_OR_SEATS
    )
    quorum_percent = models.PositiveSmallIntegerField(default=0)
    paper_questions = models.JSONField(default=list)
    paper_forms = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(quorum_percent__lte=100), name="quorum_is_a_percentage")
        ]

    def __str__(self) -> str:
        return self.title


class RolloutDirective(models.Model):
    """A directive of a roll-out: carried out, or guiding how."""

    rollout = models.ForeignKey(Rollout, on_delete=models.CASCADE, related_name="directive_links")
    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="rollout_links")
    is_guiding = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["rollout", "directive"], name="one_link_a_directive")]


class Step(models.Model):
    """One step of a roll-out: its deadline (end of that local day) and who owes it."""

    rollout = models.ForeignKey(Rollout, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in StepKind])
    deadline_on = models.DateField(null=True)
    owed_by_probationary = models.BooleanField(default=True)
    owed_by_exempt = models.BooleanField(default=False)
    owed_by_suspended = models.BooleanField(default=False)
    owed_by_away = models.BooleanField(default=False)
    owed_by_temporary = models.BooleanField(default=False)
    owed_by_residence = models.BooleanField(default=False)
    owed_by_others = models.BooleanField(default=False)
    owed_by_unit_kinds = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["rollout", "kind"], name="one_step_of_a_kind")]

    @property
    def owing(self) -> Owing:
        """Who owes this step."""
        return Owing(
            probationary=self.owed_by_probationary,
            exempt=self.owed_by_exempt,
            suspended=self.owed_by_suspended,
            away=self.owed_by_away,
            temporary=self.owed_by_temporary,
            residence=self.owed_by_residence,
            others=self.owed_by_others,
            unit_kinds=frozenset(UnitKind(kind) for kind in self.owed_by_unit_kinds),
        )


class Obligation(models.Model):
    """What one person or one unit owes in one step. One per (step, person) and (step, unit), for good."""

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="obligations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="obligations")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="obligations")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["step", "person"], condition=Q(person__isnull=False), name="one_obligation_a_person"
            ),
            models.UniqueConstraint(
                fields=["step", "unit"], condition=Q(unit__isnull=False), name="one_obligation_a_unit"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, unit__isnull=True) | Q(person__isnull=True, unit__isnull=False),
                name="obligation_has_one_subject",
            ),
        ]


class ObligationPlace(Dated):
    """The unit an obligation belongs to on some days."""

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="places")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    is_leader = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["unit", "obligation"], name="place_of_unit")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__lt=F("ends_on")), name="place_has_days"
            ),
            models.UniqueConstraint(
                fields=["obligation", "starts_on"], condition=Q(superseded_seq__isnull=True), name="one_place_a_day"
            ),
        ]


class Milestone(Dated):
    """An obligation has reached something on ``starts_on`` (and, rarely, lost it again on ``ends_on``).

    Derived from facts that live above (attendance, papers, plans) by their own rules; figures are counted from it.
    ``is_inherited``: a merged or split unit has it because every predecessor had.
    """

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="milestones")
    code = models.CharField(max_length=20, choices=[(c.value, c.value) for c in MilestoneCode])
    is_inherited = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["obligation", "code"], condition=Q(superseded_seq__isnull=True), name="one_milestone_of_a_code"
            )
        ]


class Receipt(Recorded):
    """The fact behind ``received``: on which day the unit received the roll-out's documents, and how."""

    rollout = models.ForeignKey(Rollout, on_delete=models.PROTECT, related_name="receipts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="receipts")
    valid_on = models.DateField()
    note = models.CharField(max_length=250, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rollout", "unit"], condition=Q(superseded_seq__isnull=True), name="one_receipt_a_unit"
            )
        ]


class Declaration(Recorded):
    """A figure a unit on paper declares of itself; shown and totalled apart from what is counted."""

    rollout = models.ForeignKey(Rollout, on_delete=models.PROTECT, related_name="declarations")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="declarations")
    code = models.CharField(max_length=40)
    valid_on = models.DateField()
    numerator = models.PositiveIntegerField()
    denominator = models.PositiveIntegerField()
    told_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(numerator__lte=F("denominator")), name="declared_share_at_most_one"),
            models.UniqueConstraint(
                fields=["rollout", "unit", "code", "valid_on"],
                condition=Q(superseded_seq__isnull=True),
                name="one_declaration_a_day",
            ),
        ]
