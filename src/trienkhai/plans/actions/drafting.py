"""Drafts: a title, some prose and measures."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from trienkhai.core.decisions import Invalid
from trienkhai.directives.models import Provision
from trienkhai.ledger.actions import record
from trienkhai.ledger.clock import local_day
from trienkhai.organisation.models import Unit
from trienkhai.organisation.rules import Actor
from trienkhai.plans import policies
from trienkhai.plans.actions.locking import locked
from trienkhai.plans.models import Measure, Plan
from trienkhai.plans.queries import lines_of, plan_of
from trienkhai.plans.rules import MOST_MEASURES, Head, Line, PlanError
from trienkhai.rollouts.models import Rollout

_ASIDE = 1_000_000  # positions move out of the way before they are given anew


@transaction.atomic
def draft_plan(*, rollout: Rollout, unit: Unit, head: Head, actor: Actor, at: datetime) -> Plan:
    """Begin the unit's plan.

    Raises:
        Refused: the actor may not act for the unit in this roll-out.
        Invalid: the unit has a plan already (``params``: its ``key``), or no title.
    """
    Unit.objects.select_for_update().get(pk=unit.pk)
    policies.can_plan_for(actor, rollout, unit.pk, at=local_day(at)).require()
    checked = head.checked()
    if there := plan_of(rollout, unit.pk):
        raise Invalid(PlanError.ALREADY_THERE, key=str(there.key))
    plan = Plan(rollout=rollout, unit=unit, title=checked.title, purpose=checked.purpose, organising=checked.organising)
    entry = record(
        actor=actor.key, action="plans.draft", subject=plan.key, detail={"unit": unit.pk, "title": checked.title}
    )
    plan.changed_seq = entry.seq
    plan.save()
    return plan


@transaction.atomic
def edit_head(*, plan: Plan, head: Head, actor: Actor, at: datetime, seen: int | None = None) -> Plan:
    """Change title and prose of a draft.

    Raises:
        Refused: adopted already, not the actor's, or changed since it was ``seen``.
        Invalid: no title, or something too long.
    """
    held = locked(plan, seen=seen)
    policies.can_edit(actor, held, at=local_day(at)).require()
    checked = head.checked()
    before = Head(held.title, held.purpose, held.organising)
    if checked == before:
        return held
    held.title, held.purpose, held.organising = checked.title, checked.purpose, checked.organising
    detail = {"before": before.title, "after": checked.title}
    held.changed_seq = record(actor=actor.key, action="plans.edit_head", subject=held.key, detail=detail).seq
    held.save()
    return held


@transaction.atomic
def set_measures(
    *, plan: Plan, lines: Sequence[Line], actor: Actor, at: datetime, seen: int | None = None
) -> list[Measure]:
    """Make the draft's measures these, in this order. A line with the key of a measure keeps that measure.

    Raises:
        Refused: adopted already, not the actor's, or changed since it was ``seen``.
        Invalid: too many, one without text, or one that names a measure or provision of something else.
    """
    held = locked(plan, seen=seen)
    policies.can_edit(actor, held, at=local_day(at)).require()
    checked = [line.checked() for line in lines]
    kept = {measure.key: measure for measure in held.measures.all()}
    _must_belong(held, checked, kept)
    before = lines_of(held)
    if checked == before:
        return list(held.measures.order_by("position"))
    detail = {"before": [line.as_detail() for line in before], "after": [line.as_detail() for line in checked]}
    entry = record(
        actor=actor.key, action="plans.set_measures", subject=held.key, detail=detail, count=max(len(checked), 1)
    )
    held.measures.update(position=F("position") + _ASIDE)
    placed = [_placed(held, position, line, kept) for position, line in enumerate(checked)]
    held.measures.exclude(pk__in=[measure.pk for measure in placed]).delete()
    held.changed_seq = entry.seq
    held.save(update_fields=["changed_seq"])
    return placed


@transaction.atomic
def discard_draft(*, plan: Plan, actor: Actor, at: datetime) -> None:
    """Throw a draft away. A plan that was ever adopted stays: its adoptions are facts of the past.

    Raises:
        Refused: adopted now or before, or not the actor's.
    """
    held = locked(plan)
    policies.can_discard(actor, held, at=local_day(at)).require()
    record(
        actor=actor.key,
        action="plans.discard",
        subject=held.key,
        detail={"title": held.title, "measures": [line.as_detail() for line in lines_of(held)]},
    )
    held.delete()


def _must_belong(plan: Plan, lines: Sequence[Line], kept: Mapping[UUID, Measure]) -> None:
    if len(lines) > MOST_MEASURES:
        raise Invalid(PlanError.TOO_MANY_MEASURES, limit=MOST_MEASURES)
    named = [line.key for line in lines if line.key is not None]
    if len(set(named)) < len(named) or not set(named) <= kept.keys():
        raise Invalid(PlanError.NOT_ITS_MEASURE)
    provisions = {line.provision for line in lines if line.provision is not None}
    its_own = Provision.objects.filter(directive__rollout_links__rollout=plan.rollout, pk__in=provisions)
    if its_own.distinct().count() < len(provisions):
        raise Invalid(PlanError.NOT_ITS_PROVISION)


def _placed(plan: Plan, position: int, line: Line, kept: Mapping[UUID, Measure]) -> Measure:
    measure = (kept.get(line.key) if line.key else None) or Measure(plan=plan)
    measure.position = position
    measure.text, measure.product, measure.is_urgent = line.text, line.product, line.is_urgent
    measure.lead_unit_id, measure.lead = line.lead_unit, line.lead
    measure.deadline_on, measure.provision_id = line.deadline_on, line.provision
    measure.save()
    return measure
