"""Drafts: the first version, the next ones, their title and prose."""

from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError, RestrictedError

from trienkhai.core.decisions import Invalid, Refused
from trienkhai.ledger.actions import record
from trienkhai.ledger.clock import local_day
from trienkhai.organisation.models import Unit
from trienkhai.organisation.rules import Actor
from trienkhai.plans import policies
from trienkhai.plans.actions.locking import changed, locked, locked_draft
from trienkhai.plans.actions.writing import Rewriting, write
from trienkhai.plans.models import Plan, PlanVersion
from trienkhai.plans.queries import last_adopted, lines_of, plan_of
from trienkhai.plans.rules import Head, PlanError
from trienkhai.rollouts.models import Rollout


@transaction.atomic
def draft_plan(*, rollout: Rollout, unit: Unit, head: Head, actor: Actor, at: datetime) -> Plan:
    """Begin the unit's plan: its first version.

    Raises:
        Refused: the actor may not act for the unit in this roll-out.
        Invalid: the unit has a plan already (``params``: its ``key``), or no title.
    """
    Unit.objects.select_for_update().get(pk=unit.pk)
    policies.can_plan_for(actor, rollout, unit.pk, at=local_day(at)).require()
    checked = head.checked()
    if there := plan_of(rollout, unit.pk):
        raise Invalid(PlanError.ALREADY_THERE, key=str(there.key))
    plan = Plan(rollout=rollout, unit=unit)
    entry = record(
        actor=actor.key, action="plans.draft", subject=plan.key, detail={"unit": unit.pk, "title": checked.title}
    )
    plan.changed_seq = entry.seq
    plan.save()
    PlanVersion.objects.create(plan=plan, title=checked.title, purpose=checked.purpose, organising=checked.organising)
    return plan


@transaction.atomic
def revise_plan(*, plan: Plan, actor: Actor, at: datetime) -> PlanVersion:
    """Begin the next version as a copy of the last adopted one: the same measures in the same words.

    Raises:
        Refused: nothing adopted yet, a draft is there already, or not the actor's.
    """
    held = locked(plan)
    policies.can_revise(actor, held, at=local_day(at)).require()
    base = last_adopted(held)
    if base is None:
        raise Refused(PlanError.NOT_ADOPTED)
    entry = record(actor=actor.key, action="plans.revise", subject=held.key, detail={"number": base.number + 1})
    version = PlanVersion.objects.create(
        plan=held,
        number=base.number + 1,
        kind=base.kind,
        base=base.base,
        title=base.title,
        purpose=base.purpose,
        organising=base.organising,
    )
    write(version, Rewriting.of([], lines_of(base)), entry)
    return version


@transaction.atomic
def edit_head(*, plan: Plan, head: Head, actor: Actor, at: datetime, seen: int | None = None) -> PlanVersion:
    """Change title and prose of the draft.

    Raises:
        Refused: no draft, not the actor's, or changed since it was ``seen``.
        Invalid: no title, or something too long.
    """
    draft = locked_draft(plan, actor=actor, at=at, seen=seen)
    checked = head.checked()
    before = Head(draft.title, draft.purpose, draft.organising)
    if checked == before:
        return draft
    draft.title, draft.purpose, draft.organising = checked.title, checked.purpose, checked.organising
    detail = {"before": before.title, "after": checked.title, "number": draft.number}
    entry = record(actor=actor.key, action="plans.edit_head", subject=draft.plan.key, detail=detail)
    draft.save()
    changed(draft.plan, entry.seq)
    return draft


@transaction.atomic
def discard_draft(*, plan: Plan, actor: Actor, at: datetime) -> None:
    """Throw the draft away; of a plan without any other version, the plan. What was ever adopted stays.

    Raises:
        Refused: no draft, adopted before, in use elsewhere, or not the actor's.
    """
    draft = locked_draft(plan, actor=actor, at=at)
    held = draft.plan
    policies.can_discard(actor, held, at=local_day(at)).require()
    lines = lines_of(draft)
    entry = record(
        actor=actor.key,
        action="plans.discard",
        subject=held.key,
        detail={"title": draft.title, "number": draft.number, "measures": [line.as_detail() for line in lines]},
    )
    try:
        with transaction.atomic():
            if draft.number == 1:
                held.delete()
                return
            write(draft, Rewriting.of(lines, []), entry)
            draft.delete()
    except (ProtectedError, RestrictedError) as in_use:
        raise Refused(PlanError.IN_USE) from in_use
