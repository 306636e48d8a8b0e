"""A plan that applies the one above, with its changes and additions."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from trienkhai.core.decisions import Invalid, Refused
from trienkhai.figures.queries import keys_above
from trienkhai.ledger.actions import record
from trienkhai.ledger.clock import local_day
from trienkhai.organisation.models import Unit
from trienkhai.organisation.rules import Actor
from trienkhai.plans.actions.drafting import draft_plan, revise_plan
from trienkhai.plans.actions.locking import changed, locked, locked_draft
from trienkhai.plans.actions.measures import rewrite
from trienkhai.plans.actions.writing import Rewriting, write
from trienkhai.plans.models import Measure, Plan, PlanVersion
from trienkhai.plans.queries import draft_of, effective, lines_in_effect, lines_of
from trienkhai.plans.rules import Head, Line, PlanError, Taking, Treatment, VersionKind, as_treatments
from trienkhai.rollouts.models import Rollout


@transaction.atomic
def draft_applying(*, rollout: Rollout, unit: Unit, base: PlanVersion, head: Head, actor: Actor, at: datetime) -> Plan:
    """Begin the unit's plan as one that applies the plan of a unit above.

    Raises:
        Refused, Invalid: as for :func:`draft_plan` and :func:`apply_upper`.
    """
    plan = draft_plan(rollout=rollout, unit=unit, head=head, actor=actor, at=at)
    apply_upper(plan=plan, base=base, actor=actor, at=at)
    plan.refresh_from_db()
    return plan


@transaction.atomic
def apply_upper(*, plan: Plan, base: PlanVersion, actor: Actor, at: datetime, seen: int | None = None) -> PlanVersion:
    """Make the draft one that applies this version of the plan above.

    Of a full plan, the first measure that answers one of the base becomes its changed words and keeps its identity;
    the others stay as additions. Of one that applies an older version, changes and omissions of measures that the base
    no longer has are dropped.

    Raises:
        Refused: no draft, not the actor's, or changed since it was ``seen``.
        Invalid: the base is not adopted or not above.
    """
    draft = locked_draft(plan, actor=actor, at=at, seen=seen)
    above = set(keys_above(draft.plan.unit_id, local_day(at))) - {draft.plan.unit_id}
    if base.adopted_on is None or base.plan.rollout_id != draft.plan.rollout_id or base.plan.unit_id not in above:
        raise Invalid(PlanError.NOT_ABOVE)
    if draft.base_id == base.pk:
        return draft
    before = lines_of(draft)
    there = {line.measure: line for line in lines_in_effect(base) if line.measure is not None}
    if draft.kind == VersionKind.FULL:
        kept = _without_copies(draft.plan, as_treatments(before, list(there)), there)
    else:
        kept = [line for line in before if line.treatment == Treatment.OWN or line.answers in there]
    change = Rewriting.of(before, kept)
    detail = {"base": str(base.key), "number": draft.number, **change.as_detail()}
    entry = record(actor=actor.key, action="plans.apply_upper", subject=draft.plan.key, detail=detail)
    draft.kind, draft.base = VersionKind.APPLIES, base
    draft.save(update_fields=["kind", "base"])
    if change.is_nothing:
        changed(draft.plan, entry.seq)
    else:
        write(draft, change, entry)
    return draft


def _without_copies(plan: Plan, lines: list[Line], above: Mapping[int, Line]) -> list[Line]:
    """What only says again what stands above is taken as it is, unless it was adopted: then it keeps its identity."""
    adopted = set(plan.measures.filter(wordings__version__adopted_on__isnull=False).values_list("key", flat=True))
    return [
        line
        for line in lines
        if line.treatment == Treatment.OWN or line.key in adopted or not above[line.answers or 0].says_the_same(line)
    ]


@transaction.atomic
def apply_newer(*, plan: Plan, base: PlanVersion, actor: Actor, at: datetime) -> PlanVersion:
    """Let the next version, begun where there is none yet, apply this version of the plan above.

    Raises:
        Refused, Invalid: as for :func:`revise_plan` and :func:`apply_upper`.
    """
    if draft_of(locked(plan)) is None:
        revise_plan(plan=plan, actor=actor, at=at)
    return apply_upper(plan=plan, base=base, actor=actor, at=at)


@transaction.atomic
def treat_measure(
    *, plan: Plan, upper: int, line: Line | None, actor: Actor, at: datetime, seen: int | None = None
) -> Taking:
    """Say how the draft stands to one measure (by its id) of the plan it applies; how it stands then.

    ``line``: its words where it is changed, or the reason why it is left out; ``None`` takes it as it is. Words that
    say what stands above take it as it is, too.

    Raises:
        Refused: no draft, not the actor's, or changed since it was ``seen``.
        Invalid: the draft applies no plan that has this measure, or the line says too little or too much.
    """
    draft = locked_draft(plan, actor=actor, at=at, seen=seen)
    if draft.kind != VersionKind.APPLIES:
        raise Invalid(PlanError.NOT_APPLYING)
    before = lines_of(draft)
    others = [there for there in before if there.treatment == Treatment.OWN or there.answers != upper]
    above = lines_in_effect(draft.base) if draft.base else []
    if line is None or any(one.measure == upper and one.says_the_same(line.checked()) for one in above):
        rewrite(draft, before, others, actor=actor, at=at)
        return Taking.AS_IT_IS
    same = Measure.objects.filter(plan=draft.plan, answers=upper).exclude(key__in=[there.key for there in others])
    known = same.order_by("pk").first()
    said = replace(line, answers=upper, key=known.key if known else None)
    places = {one.measure: place for place, one in enumerate(above)}
    treated = [said, *(there for there in others if there.treatment != Treatment.OWN)]
    treated.sort(key=lambda there: places.get(there.answers, 0))
    own = [there for there in others if there.treatment == Treatment.OWN]
    rewrite(draft, before, [*treated, *own], actor=actor, at=at)
    return Taking.LEFT_OUT if line.treatment == Treatment.LEFT_OUT else Taking.CHANGED


@transaction.atomic
def write_in_full(*, plan: Plan, actor: Actor, at: datetime, seen: int | None = None) -> PlanVersion:
    """Turn a draft that applies another into a full plan: what it took from above becomes its own words.

    Raises:
        Refused: no draft, one that is full already, not the actor's, or changed since it was ``seen``.
    """
    draft = locked_draft(plan, actor=actor, at=at, seen=seen)
    if draft.kind != VersionKind.APPLIES:
        raise Refused(PlanError.NOT_APPLYING)
    before = lines_of(draft)
    known = dict(Measure.objects.filter(plan=draft.plan, answers__isnull=False).values_list("answers", "key"))
    after = []
    for one in effective(draft):
        if one.taking == Taking.AS_IT_IS:
            upper = one.line.measure
            after.append(replace(one.line, key=known.get(upper), answers=upper, treatment=Treatment.OWN, reason=""))
        elif one.taking in {Taking.CHANGED, Taking.OWN}:
            after.append(replace(one.line, treatment=Treatment.OWN, reason=""))
    draft.kind, draft.base = VersionKind.FULL, None
    draft.save(update_fields=["kind", "base"])
    change = Rewriting.of(before, after)
    detail = {"number": draft.number, **change.as_detail()}
    entry = record(actor=actor.key, action="plans.write_in_full", subject=draft.plan.key, detail=detail)
    write(draft, change, entry)
    return draft
