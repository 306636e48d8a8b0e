"""The measures of a draft: all of them at once, or one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from trienkhai.core.decisions import Invalid
from trienkhai.directives.models import Provision
from trienkhai.ledger.actions import record
from trienkhai.ledger.clock import local_day
from trienkhai.organisation.rules import Actor
from trienkhai.plans.actions.locking import locked_draft
from trienkhai.plans.actions.writing import Rewriting, write
from trienkhai.plans.models import Measure, Plan, PlanVersion, WordingProgramme
from trienkhai.plans.queries import answerable, lines_of
from trienkhai.plans.rules import MOST_MEASURES, Line, PlanError, Treatment, VersionKind
from trienkhai.programmes.queries import programmes_for


@transaction.atomic
def set_measures(
    *, plan: Plan, lines: Sequence[Line], actor: Actor, at: datetime, seen: int | None = None, file_digest: str = ""
) -> list[Measure]:
    """Make the draft's measures these, in this order. A line with the key of a measure keeps that measure.

    ``file_digest``: of the table they were read from, for the ledger.

    Raises:
        Refused: no draft, not the actor's, or changed since it was ``seen``.
        Invalid: too many, one without text, or one that names a measure or provision of something else.
    """
    draft = locked_draft(plan, actor=actor, at=at, seen=seen)
    return rewrite(draft, lines_of(draft), lines, actor=actor, at=at, file_digest=file_digest)


@transaction.atomic
def edit_measure(*, plan: Plan, line: Line, actor: Actor, at: datetime, seen: int | None = None) -> list[Measure]:
    """Word the measure that ``line.key`` names anew, in its place.

    Raises:
        Refused, Invalid: as for :func:`set_measures`.
    """
    draft = locked_draft(plan, actor=actor, at=at, seen=seen)
    before = lines_of(draft)
    _place_of(before, line.key)
    after = [line if there.key == line.key else there for there in before]
    return rewrite(draft, before, after, actor=actor, at=at)


@transaction.atomic
def add_measure(*, plan: Plan, line: Line, actor: Actor, at: datetime, seen: int | None = None) -> Measure:
    """Add a measure at the end.

    Raises:
        Refused, Invalid: as for :func:`set_measures`.
    """
    draft = locked_draft(plan, actor=actor, at=at, seen=seen)
    before = lines_of(draft)
    return rewrite(draft, before, [*before, replace(line, key=None)], actor=actor, at=at)[-1]


@transaction.atomic
def remove_measure(*, plan: Plan, measure: UUID, actor: Actor, at: datetime, seen: int | None = None) -> None:
    """Take a measure out of the draft; one adopted before stays in the versions that had it.

    Raises:
        Refused, Invalid: as for :func:`set_measures`.
    """
    draft = locked_draft(plan, actor=actor, at=at, seen=seen)
    before = lines_of(draft)
    _place_of(before, measure)
    rewrite(draft, before, [line for line in before if line.key != measure], actor=actor, at=at)


def _place_of(lines: Sequence[Line], measure: UUID | None) -> int:
    for place, line in enumerate(lines):
        if measure is not None and line.key == measure:
            return place
    raise Invalid(PlanError.NOT_ITS_MEASURE)


def rewrite(
    draft: PlanVersion,
    before: Sequence[Line],
    lines: Sequence[Line],
    *,
    actor: Actor,
    at: datetime,
    file_digest: str = "",
) -> list[Measure]:
    """Bring a locked draft's measures in line; the measures in their order.

    Raises:
        Invalid: as for :func:`set_measures`.
    """
    checked = _checked(lines)
    change = Rewriting.of(before, checked)
    _must_belong(draft, checked, on=local_day(at))
    _must_answer_above(draft, change, at=at)
    if change.is_nothing:
        return list(Measure.objects.filter(wordings__version=draft).order_by("wordings__position"))
    entry = record(
        actor=actor.key,
        action="plans.set_measures",
        subject=draft.plan.key,
        detail=change.as_detail(),
        count=change.count,
        file_digest=file_digest,
    )
    return write(draft, change, entry)


def _checked(lines: Sequence[Line]) -> list[Line]:
    if len(lines) > MOST_MEASURES:
        raise Invalid(PlanError.TOO_MANY_MEASURES, limit=MOST_MEASURES)
    checked = []
    for number, line in enumerate(lines, start=1):
        try:
            checked.append(line.checked())
        except Invalid as fault:
            raise Invalid(fault.code, on=fault.on, **{**fault.params, "measure": number}) from fault
    return checked


def _must_belong(draft: PlanVersion, lines: Sequence[Line], *, on: date) -> None:
    named = [line.key for line in lines if line.key is not None]
    theirs = set(draft.plan.measures.values_list("key", flat=True))
    if len(set(named)) < len(named) or not set(named) <= theirs:
        raise Invalid(PlanError.NOT_ITS_MEASURE)
    _must_be_programmes(draft, lines, on=on)
    provisions = {line.provision for line in lines if line.provision is not None}
    its_own = Provision.objects.filter(directive__rollout_links__rollout=draft.plan.rollout)
    if not provisions <= set(its_own.values_list("pk", flat=True)):
        raise Invalid(PlanError.NOT_ITS_PROVISION)


def _must_be_programmes(draft: PlanVersion, lines: Sequence[Line], *, on: date) -> None:
    """Ties go to programmes of the unit or of those above, or stay as they were in any version."""
    wanted = {programme for line in lines for programme in line.programmes}
    if not wanted:
        return
    known = set(programmes_for(draft.plan.unit_id, on).values_list("pk", flat=True))
    tied = WordingProgramme.objects.filter(wording__version__plan=draft.plan)
    if not wanted <= known | set(tied.values_list("programme", flat=True)):
        raise Invalid(PlanError.NOT_ITS_PROGRAMME, on="programmes")


def _must_answer_above(draft: PlanVersion, change: Rewriting, *, at: datetime) -> None:
    """Links upwards hold: only to measures above, changed and left out ones once each, and as adopted before.

    Raises:
        Invalid: a link to something else, a treatment that does not fit, or an adopted link changed.
    """
    lines = list(change.after.values())
    treated = [line.answers for line in lines if line.treatment != Treatment.OWN]
    if treated and draft.kind != VersionKind.APPLIES:
        raise Invalid(PlanError.NOT_APPLYING)
    if len(set(treated)) < len(treated):
        raise Invalid(PlanError.ANSWERED_TWICE)
    answers = {line.answers for line in lines if line.answers is not None}
    new = answers - set(draft.plan.measures.values_list("answers", flat=True))
    if None in treated or (new and not new <= answerable(draft, on=local_day(at))):
        raise Invalid(PlanError.NOT_ABOVE)
    _must_keep_adopted_links(draft, change)


def _must_keep_adopted_links(draft: PlanVersion, change: Rewriting) -> None:
    """What an adopted version answers is part of it: it may be added later, never turned to another."""
    adopted = draft.plan.measures.filter(wordings__version__adopted_on__isnull=False, answers__isnull=False)
    for key, answers in adopted.values_list("key", "answers").distinct():
        if key in change.after and change.after[key].answers != answers:
            raise Invalid(PlanError.ANSWER_FIXED)
