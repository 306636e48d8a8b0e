"""Units, bodies, persons, posts and memberships, through both times."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from trienkhai.ledger.models import Recorded
from trienkhai.organisation.rules import (
    BodyKind,
    EndReason,
    MemberKind,
    PostKind,
    Role,
    Standing,
    SuccessionKind,
    Tie,
    UnitKind,
)


def _choices(enum: type) -> list[tuple[str, str]]:
    return [(member.value, member.value) for member in enum]  # type: ignore[attr-defined]


class Dated(Recorded):
    """A recorded row that holds on the days ``[starts_on, ends_on)``; open while ``ends_on`` is null."""

    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        abstract = True


def held_on(day: object) -> Q:
    """Rows that hold on ``day``."""
    return Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gt=day))


class Unit(models.Model):
    """A node of the tree. Everything that can change is in its states."""

    key = models.UUIDField(default=uuid4, unique=True, editable=False)


class UnitState(Dated):
    """What a unit is called, what it is and where it hangs, for some days."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="states")
    parent = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="child_states")
    kind = models.CharField(max_length=20, choices=_choices(UnitKind))
    name = models.CharField(max_length=250)
    short_name = models.CharField(max_length=60, blank=True)
    place = models.CharField(max_length=100, blank=True)
    folded = models.CharField(max_length=320)
    sort_key = models.CharField(max_length=400)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["unit", "starts_on"], name="unitstate_of_unit"),
            models.Index(fields=["sort_key"], name="unitstate_sort"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__lt=F("ends_on")), name="unitstate_has_days"
            ),
            models.UniqueConstraint(
                fields=["unit", "starts_on"], condition=Q(superseded_seq__isnull=True), name="one_unitstate_a_day"
            ),
        ]


class Succession(Recorded):
    """One unit came after another, by merging or splitting."""

    predecessor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="precessions")
    kind = models.CharField(max_length=10, choices=_choices(SuccessionKind))
    on = models.DateField()


class Body(models.Model):
    """Those who lead a unit, as one. What can change is in its states."""

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="bodies")
    kind = models.CharField(max_length=30, choices=_choices(BodyKind))


class BodyState(Dated):
    """What a body is called, for some days."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="states")
    name = models.CharField(max_length=250)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__lt=F("ends_on")), name="bodystate_has_days"
            ),
            models.UniqueConstraint(
                fields=["body", "starts_on"], condition=Q(superseded_seq__isnull=True), name="one_bodystate_a_day"
            ),
        ]


class Person(models.Model):
    """A member or not. Names and birth are corrected in place, the ledger keeps what they were.

    ``merged_into``: found to be the same person as another; kept so that old letters and files still resolve.
    """

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    full_name = models.CharField(max_length=120)
    folded = models.CharField(max_length=160, db_index=True)
    sort_key = models.CharField(max_length=300)
    birth_year = models.PositiveSmallIntegerField(null=True)
    birth_month = models.PositiveSmallIntegerField(null=True)
    birth_day = models.PositiveSmallIntegerField(null=True)
    sex = models.CharField(max_length=1, blank=True)  # "f", "m" or not known
    phone = models.CharField(max_length=30, blank=True)
    card_number = models.CharField(max_length=30, blank=True)
    note = models.CharField(max_length=250, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="duplicates")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["sort_key", "id"], name="person_sort")]

    def __str__(self) -> str:
        return self.full_name


class Membership(Dated):
    """A dated tie of a person to a unit: what counts in rolls, and what obligations follow from."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships")
    kind = models.CharField(max_length=20, choices=_choices(MemberKind))
    standing = models.CharField(max_length=20, choices=_choices(Standing), default=Standing.ACTIVE.value)
    tie = models.CharField(max_length=20, choices=_choices(Tie), default=Tie.COUNTING.value)
    end_reason = models.CharField(max_length=20, choices=_choices(EndReason), blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["unit", "starts_on"], name="membership_of_unit"),
            models.Index(fields=["person", "starts_on"], name="membership_of_person"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__lt=F("ends_on")), name="membership_has_days"
            ),
            models.UniqueConstraint(
                fields=["person", "unit", "tie", "starts_on"],
                condition=Q(superseded_seq__isnull=True),
                name="one_membership_a_day",
            ),
        ]


class Post(Dated):
    """A dated place in a body or at the head of a unit. The row that supersedes another keeps its ``key``."""

    key = models.UUIDField(default=uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="posts")
    kind = models.CharField(max_length=30, choices=_choices(PostKind))
    title = models.CharField(max_length=150, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person", "starts_on"], name="post_of_person"),
            models.Index(fields=["unit", "starts_on"], name="post_of_unit"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__lt=F("ends_on")), name="post_has_days"
            ),
            models.UniqueConstraint(fields=["key"], condition=Q(superseded_seq__isnull=True), name="one_post_a_key"),
        ]


class SignIn(models.Model):
    """Which person a user is. A user without one acts by delegation alone."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sign_in")
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="sign_in")


class Delegation(models.Model):
    """A user works for a unit's office from a day to a day."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="delegations")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="delegations")
    role = models.CharField(max_length=20, choices=_choices(Role), default=Role.OFFICE.value)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__lt=F("ends_on")), name="delegation_has_days"
            )
        ]
