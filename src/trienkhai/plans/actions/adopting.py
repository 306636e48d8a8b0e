"""Adoptions: the facts from which ``planned`` is counted. Each holds until a later entry supersedes it."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import BinaryIO

from django.db import transaction

from trienkhai.core.decisions import Invalid
from trienkhai.files.actions import Upload, store
from trienkhai.files.models import StoredFile
from trienkhai.files.rules import FileKind, Limits
from trienkhai.ledger.actions import record
from trienkhai.ledger.clock import local_day
from trienkhai.ledger.models import Entry
from trienkhai.organisation.models import Unit
from trienkhai.organisation.rules import Actor
from trienkhai.plans import policies
from trienkhai.plans.actions.locking import locked
from trienkhai.plans.models import Adoption, Plan
from trienkhai.plans.queries import adoption_of, earliest_adoption
from trienkhai.plans.rules import Adopted, PlanError
from trienkhai.rollouts.actions import ensure_obligations, set_milestones
from trienkhai.rollouts.models import Rollout
from trienkhai.rollouts.rules import MilestoneCode, StepKind

SCANS = Limits(kinds=frozenset({FileKind.PDF, FileKind.JPG, FileKind.PNG, FileKind.DOC, FileKind.DOCX}))

type Scan = tuple[bytes | BinaryIO | Upload, str]
"""Contents and name of the signed, sealed sheet."""


@transaction.atomic
def adopt_plan(
    *, plan: Plan, adopted: Adopted, actor: Actor, at: datetime, scan: Scan | None = None, seen: int | None = None
) -> Adoption:
    """Adopt the draft; from then on it is frozen and the unit counts as having planned from that day.

    Raises:
        Refused: adopted already, not the actor's, or changed since it was ``seen``.
        Invalid: a day in the future or before the directive, something too long, a scan that cannot be taken.
    """
    held = locked(plan, seen=seen)
    policies.can_edit(actor, held, at=local_day(at)).require()
    return _adopted_anew(held, adopted, verb="adopt", actor=actor, at=at, scan=scan)


@transaction.atomic
def correct_adoption(
    *, plan: Plan, adopted: Adopted, actor: Actor, at: datetime, scan: Scan | None = None, seen: int | None = None
) -> Adoption:
    """Correct day, number, signer or scan; what was known before stays known as of then. No scan keeps the old one.

    Raises:
        Refused: not adopted, not the actor's, or changed since it was ``seen``.
        Invalid: as for :func:`adopt_plan`.
    """
    held = locked(plan, seen=seen)
    policies.can_correct(actor, held, at=local_day(at)).require()
    return _adopted_anew(held, adopted, verb="correct_adoption", actor=actor, at=at, scan=scan)


@transaction.atomic
def withdraw_adoption(*, plan: Plan, reason: str, actor: Actor, at: datetime) -> None:
    """Take back an adoption entered by mistake: the plan is a draft again.

    Raises:
        Refused: not adopted, or not the actor's.
        Invalid: no reason.
    """
    held = locked(plan)
    policies.can_correct(actor, held, at=local_day(at)).require()
    if not reason.strip():
        raise Invalid(PlanError.REASON_EMPTY, on="reason")
    entry = record(
        actor=actor.key, action="plans.withdraw_adoption", subject=held.key, detail={"reason": reason.strip()}
    )
    held.adoptions.supersede(entry)
    held.adopted_on = held.adopted_seq = None
    held.changed_seq = entry.seq
    held.save(update_fields=["adopted_on", "adopted_seq", "changed_seq"])
    _set_planned(held.rollout, {held.unit_id: None}, entry=entry)


@transaction.atomic
def record_adoptions(
    *, rollout: Rollout, adopted: Mapping[int, Adopted], title: str, actor: Actor, at: datetime
) -> list[Adoption]:
    """Enter when several units, ``{unit id: adopted}``, adopted plans they keep on paper: one ledger entry.

    A unit without a plan gets one called ``title``, without measures; one whose adoption is known is corrected.

    Raises:
        Refused: the actor may not act for one of the units.
        Invalid: nothing entered, or a day that cannot be (``params``: the ``unit``).
    """
    if not adopted:
        raise Invalid(PlanError.NOTHING_ENTERED)
    units = {unit.pk: unit for unit in Unit.objects.select_for_update().filter(pk__in=adopted).order_by("pk")}
    day, earliest = local_day(at), earliest_adoption(rollout)
    checked: dict[int, Adopted] = {}
    for unit, said in adopted.items():
        policies.can_plan_for(actor, rollout, unit, at=day).require()
        try:
            checked[unit] = said.checked(today=day, earliest=earliest)
        except Invalid as fault:
            raise Invalid(fault.code, on=fault.on, **{**fault.params, "unit": unit}) from fault
    entry = record(
        actor=actor.key,
        action="plans.record_adoptions",
        subject=rollout.key,
        detail={str(units[unit].key): said.as_detail() for unit, said in checked.items()},
        count=len(checked),
    )
    there = {plan.unit_id: plan for plan in Plan.objects.select_for_update().filter(rollout=rollout, unit__in=checked)}
    scans = {
        adoption.plan_id: adoption.scan
        for adoption in Adoption.objects.current().filter(plan__in=there.values()).select_related("scan")
    }
    rows = []
    for unit, said in checked.items():
        plan = there.get(unit) or Plan(rollout=rollout, unit=units[unit], title=title)
        rows.append(_written(plan, said, entry=entry, scan=scans.get(plan.pk)))
    _set_planned(rollout, {unit: said.on for unit, said in checked.items()}, entry=entry)
    return rows


@transaction.atomic
def restate_planned(*, rollout: Rollout, entry: Entry, units: Collection[int] | None = None) -> None:
    """Derive ``planned`` again from the adoptions: for whoever has given units obligations after they had planned."""
    plans = Plan.objects.filter(rollout=rollout)
    if units is not None:
        plans = plans.filter(unit__in=units)
    _set_planned(rollout, dict(plans.values_list("unit", "adopted_on")), entry=entry)


def _adopted_anew(
    plan: Plan, adopted: Adopted, *, verb: str, actor: Actor, at: datetime, scan: Scan | None
) -> Adoption:
    checked = adopted.checked(today=local_day(at), earliest=earliest_adoption(plan.rollout))
    before = adoption_of(plan)
    kept = before.scan if before else None
    if scan is not None:
        content, name = scan
        kept = store(content=content, name=name, actor_key=actor.key, at=at, limits=SCANS)
    entry = record(
        actor=actor.key,
        action=f"plans.{verb}",
        subject=plan.key,
        detail=checked.as_detail(),
        file_digest=kept.sha256 if kept and scan is not None else "",
    )
    adoption = _written(plan, checked, entry=entry, scan=kept)
    _set_planned(plan.rollout, {plan.unit_id: checked.on}, entry=entry)
    return adoption


def _written(plan: Plan, adopted: Adopted, *, entry: Entry, scan: StoredFile | None) -> Adoption:
    """Supersede what was known of the plan's adoption and write what is known now."""
    if plan.pk:
        plan.adoptions.supersede(entry)
    plan.adopted_on, plan.adopted_seq, plan.changed_seq = adopted.on, entry.seq, entry.seq
    plan.save()
    return Adoption.objects.create(
        plan=plan,
        valid_on=adopted.on,
        number=adopted.number,
        signer=adopted.signer,
        signer_post=adopted.signer_post,
        note=adopted.note,
        scan=scan,
        recorded_seq=entry.seq,
        recorded_on=entry.recorded_on,
    )


def _set_planned(rollout: Rollout, days: Mapping[int, date | None], *, entry: Entry) -> None:
    """A unit that does not owe a plan may still have one: it is counted once the unit comes to owe it."""
    owed = ensure_obligations(rollout=rollout, step=StepKind.PLAN, units=days.keys())
    set_milestones(
        wanted={obligation.pk: {MilestoneCode.PLANNED: days[unit]} for unit, obligation in owed.items()}, entry=entry
    )
