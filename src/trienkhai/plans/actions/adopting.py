"""Adoptions: the facts from which ``planned`` is counted. Each holds until a later entry supersedes it."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import BinaryIO

from django.db import transaction
from django.db.models import QuerySet

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
from trienkhai.plans.actions.locking import locked, locked_draft
from trienkhai.plans.actions.watching import watched
from trienkhai.plans.models import Adoption, Plan, PlanVersion
from trienkhai.plans.queries import adoption_of, days_between, earliest_adoption
from trienkhai.plans.rules import Adopted, Between, PlanError
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
    """Adopt the draft; from then on it is frozen. By the first version the unit counts as having planned.

    Raises:
        Refused: no draft, not the actor's, or changed since it was ``seen``.
        Invalid: a day in the future, before the directive or before the last version, something too long, a scan that
            cannot be taken.
    """
    draft = locked_draft(plan, actor=actor, at=at, seen=seen)
    return _adopted_anew(draft, adopted, verb="adopt", actor=actor, at=at, scan=scan)


@transaction.atomic
def correct_adoption(
    *,
    version: PlanVersion,
    adopted: Adopted,
    actor: Actor,
    at: datetime,
    scan: Scan | None = None,
    seen: int | None = None,
) -> Adoption:
    """Correct day, number, signer or scan; what was known before stays known as of then. No scan keeps the old one.

    Raises:
        Refused: not adopted, not the actor's, or its plan changed since it was ``seen``.
        Invalid: as for :func:`adopt_plan`; or a day after the next version.
    """
    held = _held(version, seen=seen)
    policies.can_correct(actor, held, at=local_day(at)).require()
    return _adopted_anew(held, adopted, verb="correct_adoption", actor=actor, at=at, scan=scan)


@transaction.atomic
def withdraw_adoption(*, version: PlanVersion, reason: str, actor: Actor, at: datetime) -> None:
    """Take back an adoption entered by mistake: the version is a draft again.

    Raises:
        Refused: not adopted, a later version is there, a plan below applies it, or not the actor's.
        Invalid: no reason.
    """
    held = _held(version)
    policies.can_withdraw(actor, held, at=local_day(at)).require()
    if not reason.strip():
        raise Invalid(PlanError.REASON_EMPTY, on="reason")
    plan = held.plan
    detail = {"reason": reason.strip(), "number": held.number}
    entry = record(actor=actor.key, action="plans.withdraw_adoption", subject=plan.key, detail=detail)
    done = watched([held])
    held.adoptions.supersede(entry)
    held.adopted_on = held.adopted_seq = None
    held.save(update_fields=["adopted_on", "adopted_seq"])
    plan.changed_seq = entry.seq
    if held.number == 1:
        plan.adopted_on = plan.adopted_seq = None
        _set_planned(plan.rollout, {plan.unit_id: None}, entry=entry)
    plan.save()
    done(entry)


@transaction.atomic
def record_adoptions(
    *, rollout: Rollout, adopted: Mapping[int, Adopted], title: str, actor: Actor, at: datetime
) -> list[Adoption]:
    """Enter when several units, ``{unit id: adopted}``, adopted plans they keep on paper: one ledger entry.

    A unit without a plan gets one called ``title``, without measures; one whose first adoption is known is corrected.

    Raises:
        Refused: the actor may not act for one of the units.
        Invalid: nothing entered, or a day that cannot be (``params``: the ``unit``).
    """
    if not adopted:
        raise Invalid(PlanError.NOTHING_ENTERED)
    units = {unit.pk: unit for unit in Unit.objects.select_for_update().filter(pk__in=adopted).order_by("pk")}
    there = {plan.unit_id: plan for plan in Plan.objects.select_for_update().filter(rollout=rollout, unit__in=adopted)}
    versions = {version.plan.unit_id: version for version in _first_versions(there.values())}
    checked = _checked_many(rollout, adopted, there, actor=actor, at=at)
    entry = record(
        actor=actor.key,
        action="plans.record_adoptions",
        subject=rollout.key,
        detail={str(units[unit].key): said.as_detail() for unit, said in checked.items()},
        count=len(checked),
    )
    scans = {
        adoption.version_id: adoption.scan
        for adoption in Adoption.objects.current().filter(version__in=versions.values()).select_related("scan")
    }
    done = watched(list(versions.values()))
    rows = []
    for unit, said in checked.items():
        version = versions.get(unit) or PlanVersion(plan=Plan(rollout=rollout, unit=units[unit]), title=title)
        rows.append(_written(version, said, entry=entry, scan=scans.get(version.pk)))
    _set_planned(rollout, {unit: said.on for unit, said in checked.items()}, entry=entry)
    done(entry)
    return rows


@transaction.atomic
def restate_planned(*, rollout: Rollout, entry: Entry, units: Collection[int] | None = None) -> None:
    """Derive ``planned`` again from the adoptions: for whoever has given units obligations after they had planned."""
    plans = Plan.objects.filter(rollout=rollout)
    if units is not None:
        plans = plans.filter(unit__in=units)
    _set_planned(rollout, dict(plans.values_list("unit", "adopted_on")), entry=entry)


def _held(version: PlanVersion, *, seen: int | None = None) -> PlanVersion:
    """The version as it stands now, its plan held."""
    plan = locked(version.plan, seen=seen)
    held = plan.versions.get(pk=version.pk)
    held.plan = plan
    return held


def _first_versions(plans: Collection[Plan]) -> QuerySet[PlanVersion]:
    return PlanVersion.objects.filter(plan__in=plans, number=1).select_related("plan__rollout")


def _checked_many(
    rollout: Rollout, adopted: Mapping[int, Adopted], there: Mapping[int, Plan], *, actor: Actor, at: datetime
) -> dict[int, Adopted]:
    """Each adoption with clean lines; of a unit whose plan was revised, not after the second version.

    Raises:
        Refused, Invalid: see :func:`record_adoptions`.
    """
    day, earliest = local_day(at), earliest_adoption(rollout)
    seconds = PlanVersion.objects.filter(plan__in=there.values(), number=2, adopted_on__isnull=False)
    next_days = dict(seconds.values_list("plan__unit", "adopted_on"))
    checked: dict[int, Adopted] = {}
    for unit, said in adopted.items():
        policies.can_plan_for(actor, rollout, unit, at=day).require()
        try:
            checked[unit] = said.checked(Between(day, earliest, next_version=next_days.get(unit)))
        except Invalid as fault:
            raise Invalid(fault.code, on=fault.on, **{**fault.params, "unit": unit}) from fault
    return checked


def _adopted_anew(
    version: PlanVersion, adopted: Adopted, *, verb: str, actor: Actor, at: datetime, scan: Scan | None
) -> Adoption:
    checked = adopted.checked(days_between(version, today=local_day(at)))
    before = adoption_of(version)
    kept = before.scan if before else None
    if scan is not None:
        content, name = scan
        kept = store(content=content, name=name, actor_key=actor.key, at=at, limits=SCANS)
    plan = version.plan
    entry = record(
        actor=actor.key,
        action=f"plans.{verb}",
        subject=plan.key,
        detail={**checked.as_detail(), "version": version.number},
        file_digest=kept.sha256 if kept and scan is not None else "",
    )
    done = watched([version])
    adoption = _written(version, checked, entry=entry, scan=kept)
    if version.number == 1:
        _set_planned(plan.rollout, {plan.unit_id: checked.on}, entry=entry)
    done(entry)
    return adoption


def _written(version: PlanVersion, adopted: Adopted, *, entry: Entry, scan: StoredFile | None) -> Adoption:
    """Supersede what was known of the version's adoption and write what is known now."""
    plan = version.plan
    plan.changed_seq = entry.seq
    if version.number == 1:
        plan.adopted_on, plan.adopted_seq = adopted.on, entry.seq
    plan.save()
    version.plan = plan
    if version.pk:
        version.adoptions.supersede(entry)
    version.adopted_on, version.adopted_seq = adopted.on, entry.seq
    version.save()
    return Adoption.objects.create(
        version=version,
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
