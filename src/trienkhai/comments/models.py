"""Calls for comments, submissions and their points; groups, themes and answers.

Every point is in exactly one group, by the schema. What was said is verbatim in ``Point.text`` alone.
"""

from enum import StrEnum
from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from trienkhai.comments.rules import (
    About,
    Addressed,
    AuthorKind,
    Channel,
    DispositionKind,
    Limits,
    Promise,
    RegroupingKind,
    limits_from,
)
from trienkhai.figures.models import Scope
from trienkhai.ledger.models import Recorded
from trienkhai.organisation.models import Body, Person, Unit
from trienkhai.plans.models import Measure, PlanVersion
from trienkhai.rollouts.models import Rollout


def _choices(enum: type[StrEnum]) -> list[tuple[str, str]]:
    return [(member.value, member.value) for member in enum]


def _about_one_thing(kind: str = "about") -> Q:
    """Exactly what the kind says is named."""
    version, measure, body, person = "version", "measure", "body", "person"
    named: dict[About, tuple[str, ...]] = {
        About.PLAN: (version,),
        About.MEASURE: (version, measure),
        About.BODY: (body,),
        About.PERSON: (person,),
        About.FREE: (),
    }
    found = Q()
    for about, given in named.items():
        columns = {f"{column}__isnull": column not in given for column in (version, measure, body, person)}
        found |= Q(**{kind: about.value}, **columns)
    return found


class Aimed(models.Model):
    """A row about a plan's version, a measure in it, a body, a person, or nothing in particular."""

    about = models.CharField(max_length=10, choices=_choices(About))
    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, null=True, related_name="+")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, null=True, related_name="+")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_by = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(condition=_about_one_thing(), name="%(class)s_about_one_thing"),
            models.CheckConstraint(
                condition=Q(about=About.PERSON) | Q(reviewed_by__isnull=True), name="%(class)s_reviews_a_person"
            ),
        ]


class Call(models.Model):
    """A unit asks people for comments, from a day to a day, and answers by a day.

    ``promises``: what each author may choose among. Anything but *named* alone: sealed; ``round_key`` names the box.
    ``limits``: the numbers it was opened with. ``asked``: how many people, frozen at opening (``Asked``).
    """

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    rollout = models.ForeignKey(Rollout, on_delete=models.PROTECT, null=True, related_name="calls")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="calls")
    scope = models.OneToOneField(Scope, on_delete=models.PROTECT, related_name="call")
    title = models.CharField(max_length=300)
    asks = models.TextField(blank=True)
    opens_on = models.DateField()
    closes_on = models.DateField()
    answer_by = models.DateField()
    promises = models.JSONField(default=list)
    addressed = models.CharField(max_length=20, choices=_choices(Addressed), default=Addressed.ALL_BELOW)
    with_others = models.BooleanField(default=False)
    asked_number = models.PositiveIntegerField()
    limits = models.JSONField(default=dict)
    round_key = models.UUIDField(null=True, unique=True)
    opened_seq = models.BigIntegerField()
    closed_on = models.DateField(null=True)
    closed_seq = models.BigIntegerField(null=True)
    released_on = models.DateField(null=True)
    released_seq = models.BigIntegerField(null=True)
    finished_on = models.DateField(null=True)
    finished_seq = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(opens_on__lte=F("closes_on")), name="call_has_days"),
            models.CheckConstraint(
                condition=Q(released_seq__isnull=True) | Q(round_key__isnull=False), name="only_boxes_are_released"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["unit", "opens_on"], name="call_of_unit")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_sealed(self) -> bool:
        """Whether what is sent lies in a box until two holders open it."""
        return self.round_key is not None

    @property
    def offered(self) -> tuple[Promise, ...]:
        """What each author may choose among, in the order it is offered."""
        return tuple(promise for promise in Promise if promise in self.promises)

    @property
    def by_codes(self) -> bool:
        """Whether residents are asked, by codes they draw; then ``asked_number`` is how many codes there are."""
        return self.addressed == Addressed.RESIDENTS

    @property
    def takes_slips(self) -> bool:
        """Whether slips of paper go into its box: where people who are asked by name may write without one."""
        return self.is_sealed and Promise.WITHOUT_A_NAME in self.offered and not self.by_codes

    @property
    def numbers(self) -> Limits:
        """The limits it was opened with."""
        return limits_from(dict(self.limits))


class CallSubject(Aimed):
    """One thing a call asks about. ``reviewed_by``: the body that reviews a person."""

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="subjects")
    position = models.PositiveSmallIntegerField()

    class Meta(Aimed.Meta):
        constraints: ClassVar = [
            *Aimed.Meta.constraints,
            models.UniqueConstraint(fields=["call", "position"], name="one_subject_a_position"),
        ]


class Asked(models.Model):
    """Somebody a call asks, and the unit they belonged to when it was opened. ``slip_on``: given a slip of paper."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="electorate")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    is_member = models.BooleanField(default=True)
    slip_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["call", "person"], name="asked_once")]
        indexes: ClassVar = [
            models.Index(fields=["call", "unit"], name="asked_of_unit"),
        ]


class DrawnCode(models.Model):
    """A place for a resident, who takes part with the code drawn from a bowl. ``key``: who sends, to the box.

    ``digest``: of the code, which is on paper alone; empty until the sheet numbered ``sheet`` was made.
    """

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="codes")
    digest = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - unique where there is one
    sheet = models.PositiveSmallIntegerField(default=0)


class Extension(Recorded):
    """A call was given more time, and why. ``answer_from``: the day answers had been due by."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="extensions")
    from_day = models.DateField()
    to_day = models.DateField()
    answer_from = models.DateField()
    reason = models.CharField(max_length=250)


class Submission(Recorded):
    """What one author said at one time (lượt), in a call or unasked; its points are the words.

    ``book``: the unit whose intake book it is in; ``year`` and ``number`` are its place there (none for what came out
    of a box: that would say when). ``unit``: who speaks, or the author's unit. ``typed_by``: the actor who entered it
    for its author. Superseded: entered by mistake, or withdrawn by its author. From a box: ``answer`` is what the
    receipt leads to, ``kept_name`` the envelope.
    """

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, null=True, related_name="submissions")
    book = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(null=True)
    number = models.PositiveIntegerField(null=True)
    channel = models.CharField(max_length=10, choices=_choices(Channel))
    promise = models.CharField(max_length=15, choices=_choices(Promise), default=Promise.NAMED)
    author_kind = models.CharField(max_length=10, choices=_choices(AuthorKind))
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    author = models.CharField(max_length=200, blank=True)
    people_behind = models.PositiveIntegerField(default=0)
    received_on = models.DateField(null=True)
    told_by = models.CharField(max_length=150, blank=True)
    typed_by = models.UUIDField(null=True)
    kept_name = models.UUIDField(null=True, unique=True)
    answer = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - unique where there is one

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["book", "year", "number"], name="one_number_in_the_book"),
            models.CheckConstraint(
                condition=Q(year__isnull=True, number__isnull=True, received_on__isnull=True)
                | Q(year__isnull=False, number__isnull=False, received_on__isnull=False),
                name="in_the_book_or_out_of_a_box",
            ),
            models.CheckConstraint(
                condition=Q(promise=Promise.NAMED)
                | Q(
                    person__isnull=True,
                    unit__isnull=True,
                    author="",
                    told_by="",
                    people_behind=0,
                    received_on__isnull=True,
                    author_kind=AuthorKind.NOT_SAID,
                ),
                name="what_is_not_named_names_nobody",
            ),
            models.CheckConstraint(
                condition=Q(promise=Promise.NAME_KEPT) | Q(kept_name__isnull=True), name="kept_names_are_kept"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["call", "id"], name="submission_of_call"),
            models.Index(fields=["person", "id"], name="submission_of_person"),
        ]


class OfficeKeyFile(models.Model):
    """A file that stands for the second holder in an office of one person; ``owner`` is its opaque key in the box."""

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    owner = models.UUIDField(unique=True)
    made_on = models.DateField()


class Theme(models.Model):
    """Groups of a call that speak of the same matter. Without a title: proposed, until somebody names it."""

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    book = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    call = models.ForeignKey(Call, on_delete=models.PROTECT, null=True, related_name="themes")
    title = models.CharField(max_length=250, blank=True)
    representative = models.ForeignKey("Group", on_delete=models.PROTECT, null=True, related_name="+")


class Group(Aimed):
    """Points that say the same of the same thing, answered as one. ``summary``: what others read of them.

    ``call`` empty: of what came unasked to ``book``. ``representative``: empty while it is the only point.
    ``merged_into``: emptied into another. ``size`` (points that count) and ``is_answered`` repeat what points and
    answers say, for long lists.
    """

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    book = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    call = models.ForeignKey(Call, on_delete=models.PROTECT, null=True, related_name="groups")
    representative = models.ForeignKey("Point", on_delete=models.PROTECT, null=True, related_name="+")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, null=True, related_name="groups")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    summary = models.TextField(blank=True)
    size = models.PositiveIntegerField(default=1)
    is_answered = models.BooleanField(default=False)

    class Meta(Aimed.Meta):
        indexes: ClassVar = [
            models.Index(fields=["book", "call", "-size", "id", "about"], name="group_at_the_desk"),
            models.Index(fields=["book", "call", "is_answered", "-size", "id", "about"], name="group_to_answer"),
            models.Index(
                fields=["book", "call", "reviewed_by"], condition=Q(reviewed_by__isnull=False), name="group_on_persons"
            ),
        ]


class Point(Aimed):
    """One thing said in a submission, verbatim. Always in exactly one group."""

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="points")
    position = models.PositiveSmallIntegerField()
    text = models.TextField()
    folded = models.TextField()
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="points")

    class Meta(Aimed.Meta):
        constraints: ClassVar = [
            *Aimed.Meta.constraints,
            models.UniqueConstraint(fields=["submission", "position"], name="one_point_a_position"),
        ]
        indexes: ClassVar = [models.Index(fields=["person", "reviewed_by"], name="point_on_person")]


class GroupingRun(models.Model):
    """One search for points that say the same, by the worker. ``done``: per thousand; ``error``: a code.

    ``told_at``: the last sign of life; none while it waits for its turn.
    """

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    book = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    call = models.ForeignKey(Call, on_delete=models.PROTECT, null=True, related_name="grouping_runs")
    asked_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    done = models.PositiveSmallIntegerField(default=0)
    points = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["book", "call", "-id"], name="grouping_run_of_desk")]


class Regrouping(models.Model):
    """A point went from one group to another, by the ledger's entry ``seq``. ``undone_seq``: and went back."""

    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="regroupings")
    from_group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+")
    to_group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=_choices(RegroupingKind))
    seq = models.BigIntegerField()
    undone_seq = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["seq"], name="regrouping_seq")]


class Disposition(Recorded):
    """What was answered to a group, on which day; accepted: which clause of the next version it changes."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="dispositions")
    kind = models.CharField(max_length=12, choices=_choices(DispositionKind))
    answer = models.TextField()
    answered_on = models.DateField()
    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, null=True, related_name="+")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, null=True, related_name="+")
    passed_to = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["group"], condition=Q(superseded_seq__isnull=True), name="one_answer_a_group"
            ),
            models.CheckConstraint(
                condition=Q(measure__isnull=True) | Q(kind=DispositionKind.ACCEPTED), name="accepted_changes_a_clause"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["group", "version", "measure"],
                condition=Q(superseded_seq__isnull=True, measure__isnull=False),
                name="answer_with_a_clause",
            )
        ]
