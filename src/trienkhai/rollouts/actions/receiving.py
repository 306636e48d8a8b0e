"""When units received what is rolled out, and what units on paper declare."""

from collections.abc import Collection, Mapping
from datetime import date

from django.db import transaction

from trienkhai.core.decisions import Invalid
from trienkhai.figures.actions import post
from trienkhai.ledger.actions import record
from trienkhai.ledger.models import Entry
from trienkhai.organisation.models import Unit
from trienkhai.organisation.rules import Actor
from trienkhai.rollouts import policies
from trienkhai.rollouts.actions.milestones import set_milestones
from trienkhai.rollouts.models import Declaration, Receipt, Rollout
from trienkhai.rollouts.queries import obligations
from trienkhai.rollouts.rules import (
    FIGURE_BY_CODE,
    MilestoneCode,
    RolloutError,
    StepKind,
    declaration_effects,
    difference,
)


@transaction.atomic
def record_receipt(*, rollout: Rollout, unit: Unit, on: date, actor: Actor, at: date, note: str = "") -> Entry:
    """Record the day a unit received the roll-out's documents. A second time corrects the first.

    Raises:
        Refused: the actor may not act for the unit.
        Invalid: the unit owes nothing here, or the day lies in the future.
    """
    return record_receipts(rollout=rollout, days={unit.pk: on}, actor=actor, at=at, note=note)


@transaction.atomic
def record_receipts(*, rollout: Rollout, days: Mapping[int, date], actor: Actor, at: date, note: str = "") -> Entry:
    """Record receipts of several units, ``{unit id: day}``, as one entry.

    Raises:
        Refused: the actor may not act for one of the units.
        Invalid: a unit owes nothing here, or a day lies in the future.
    """
    owed = obligations(rollout=rollout, step=StepKind.RECEIVE, units=days.keys())
    for unit, day in days.items():
        policies.can_act_for(actor, rollout, unit, at=at).require()
        if unit not in owed:
            raise Invalid(RolloutError.OWES_NOTHING_HERE)
        if day > at:
            raise Invalid(RolloutError.IN_THE_FUTURE, on="on")
    said = {"units": {str(unit): day.isoformat() for unit, day in days.items()}, "note": note}
    entry = record(
        actor=actor.key, action="rollouts.receive", subject=rollout.key, detail=said, count=max(1, len(days))
    )
    current = Receipt.objects.current().filter(rollout=rollout, unit__in=list(days))
    same = {unit for unit, day in current.values_list("unit", "valid_on") if days[unit] == day}
    current.exclude(unit__in=same).supersede(entry)
    Receipt.objects.bulk_create(
        Receipt(
            rollout=rollout,
            unit_id=unit,
            valid_on=day,
            note=note,
            recorded_seq=entry.seq,
            recorded_on=entry.recorded_on,
        )
        for unit, day in days.items()
        if unit not in same
    )
    set_milestones(wanted={owed[u].pk: {MilestoneCode.RECEIVED: day} for u, day in days.items()}, entry=entry)
    return entry


@transaction.atomic
def withdraw_receipt(*, rollout: Rollout, unit: Unit, actor: Actor, at: date) -> Entry:
    """Take back a receipt entered by mistake.

    Raises:
        Refused: the actor may not act for the unit.
    """
    policies.can_act_for(actor, rollout, unit.pk, at=at).require()
    entry = record(actor=actor.key, action="rollouts.withdraw_receipt", subject=rollout.key, detail={"unit": unit.pk})
    Receipt.objects.current().filter(rollout=rollout, unit=unit).supersede(entry)
    owed = obligations(rollout=rollout, step=StepKind.RECEIVE, units=[unit.pk])
    set_milestones(wanted={o.pk: {MilestoneCode.RECEIVED: None} for o in owed.values()}, entry=entry)
    return entry


@transaction.atomic
def declare(
    *,
    rollout: Rollout,
    unit: Unit,
    figures: Mapping[str, tuple[int, int]],
    on: date,
    actor: Actor,
    at: date,
    told_by: str = "",
) -> Entry:
    """Note figures ``{code: (numerator, denominator)}`` a unit on paper declares of itself as of ``on``.

    They are totalled apart from what is counted; a later declaration of the same day replaces the earlier one.

    Raises:
        Refused: the actor may not act for the unit.
        Invalid: an unknown figure, more than all, a day in the future.
    """
    policies.can_act_for(actor, rollout, unit.pk, at=at).require()
    if on > at:
        raise Invalid(RolloutError.IN_THE_FUTURE, on="on")
    for code, (numerator, denominator) in figures.items():
        if code not in FIGURE_BY_CODE:
            raise Invalid(RolloutError.NO_SUCH_FIGURE, on=code)
        if not 0 <= numerator <= denominator:
            raise Invalid(RolloutError.MORE_THAN_ALL, on=code)
    said = {"unit": unit.pk, "on": on.isoformat(), "figures": {c: list(v) for c, v in figures.items()}}
    entry = record(actor=actor.key, action="rollouts.declare", subject=rollout.key, detail=said)
    Unit.objects.select_for_update().get(pk=unit.pk)
    before = {code: _declared(rollout, unit, code) for code in figures}
    Declaration.objects.current().filter(rollout=rollout, unit=unit, valid_on=on, code__in=figures).supersede(entry)
    Declaration.objects.bulk_create(
        Declaration(
            rollout=rollout,
            unit=unit,
            code=code,
            valid_on=on,
            numerator=numerator,
            denominator=denominator,
            told_by=told_by,
            recorded_seq=entry.seq,
            recorded_on=entry.recorded_on,
        )
        for code, (numerator, denominator) in figures.items()
    )
    for code in figures:
        after = declaration_effects(code, unit.pk, _declared(rollout, unit, code))
        change = difference(after, declaration_effects(code, unit.pk, before[code]))
        post(scope=rollout.scope, change=change, entry=entry)
    return entry


def _declared(rollout: Rollout, unit: Unit, code: str) -> Collection[tuple[date, int, int]]:
    rows = Declaration.objects.current().filter(rollout=rollout, unit=unit, code=code)
    return list(rows.values_list("valid_on", "numerator", "denominator"))
