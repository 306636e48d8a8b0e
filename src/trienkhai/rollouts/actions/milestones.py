"""What obligations have reached. Called by the apps that own the facts, inside their transaction."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from itertools import batched

from django.db import transaction
from django.db.models import F

from trienkhai.core.periods import Period
from trienkhai.figures.actions import post
from trienkhai.ledger.models import Entry
from trienkhai.organisation.models import Succession
from trienkhai.rollouts.models import Milestone, Obligation, Rollout
from trienkhai.rollouts.queries import CHUNK, histories, obligations
from trienkhai.rollouts.rules import Effects, History, MilestoneCode, StepKind, effects, inherited, on_time

type Wanted = Mapping[int, Mapping[MilestoneCode, date | None]]


@transaction.atomic
def set_milestones(*, wanted: Wanted, entry: Entry) -> None:
    """Make each obligation's milestones what the facts now say, and post what that changes in figures.

    Args:
        wanted: ``{obligation id: {code: day reached}}``; ``None`` for a code means not reached. Codes left out stay.
            ``ON_TIME`` follows from ``SUBMITTED`` and the step's deadline by itself.
        entry: the ledger entry of the change.

    Units that came out of a merger or a split inherit what every predecessor had.
    """
    for chunk in batched(sorted(wanted), CHUNK):
        found = _locked(chunk)
        complete = {pk: _with_on_time(found[pk], wanted[pk]) for pk in chunk if pk in found}
        _restate(found, complete, entry=entry, as_inherited=False)
        _pass_on(found.values(), entry=entry)


@transaction.atomic
def pass_on_to(units: Collection[int], *, entry: Entry) -> None:
    """Give units that came after others what all their predecessors had."""
    predecessors = Succession.objects.current().filter(successor__in=units).values("predecessor")
    found = Obligation.objects.filter(unit__in=predecessors).select_related("step__rollout__scope")
    _pass_on(list(found), entry=entry)


@transaction.atomic
def ensure_obligations(
    *,
    rollout: Rollout,
    step: StepKind,
    people: Collection[int] | None = None,
    units: Collection[int] | None = None,
) -> dict[int, Obligation]:
    """Obligations of one step by their subject's id; one that belongs nowhere and counts nothing where there was none.

    Whoever has done a step before owing it (a guest admitted later, a deadline put off) has then done it when they come
    to owe it. Nothing is made in a roll-out without the step.
    """
    found = obligations(rollout=rollout, step=step, people=people, units=units)
    by = "unit_id" if people is None else "person_id"
    missing = sorted(set((units if people is None else people) or ()) - found.keys())
    row = rollout.steps.filter(kind=step).first() if missing else None
    if row is None:
        return found
    Obligation.objects.bulk_create(
        [Obligation(step=row, **{by: subject}) for subject in missing], ignore_conflicts=True, batch_size=CHUNK
    )
    return obligations(rollout=rollout, step=step, people=people, units=units)


def _locked(ids: Collection[int]) -> dict[int, Obligation]:
    rows = Obligation.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    return {row.pk: row for row in rows.select_related("step__rollout__scope")}


def _with_on_time(
    obligation: Obligation, wanted: Mapping[MilestoneCode, date | None]
) -> Mapping[MilestoneCode, date | None]:
    if MilestoneCode.SUBMITTED not in wanted:
        return wanted
    deadline = obligation.step.deadline_on
    return {**wanted, MilestoneCode.ON_TIME: on_time(wanted[MilestoneCode.SUBMITTED], deadline)}


def _restate(found: Mapping[int, Obligation], wanted: Wanted, *, entry: Entry, as_inherited: bool) -> set[int]:
    """Write the differences and post them; returns the obligations that changed."""
    current = {
        (row.obligation_id, row.code): row for row in Milestone.objects.current().filter(obligation__in=list(wanted))
    }
    ended: set[int] = set()
    fresh: list[Milestone] = []
    changed: set[int] = set()
    for pk, codes in wanted.items():
        for code, day in codes.items():
            row = current.get((pk, code))
            if row and day == row.starts_on and row.is_inherited == as_inherited:
                continue
            if row is None and day is None:
                continue
            if row and row.is_inherited != as_inherited and (as_inherited or day is None):
                continue  # a unit's own fact outweighs what it inherits, and lacking one does not end what it inherits
            changed.add(pk)
            if row:
                ended.add(row.pk)
            if day is not None:
                fresh.append(_row(pk, code, day, entry=entry, is_inherited=as_inherited))
    if changed:
        before = histories(changed)
        Milestone.objects.filter(pk__in=ended).supersede(entry)
        Milestone.objects.bulk_create(fresh, batch_size=CHUNK)
        gone = {(row.obligation_id, row.code) for row in current.values() if row.pk in ended}
        post_changes(found, before, _with_milestones(before, gone, fresh), entry=entry)
    return changed


def _with_milestones(
    before: Mapping[int, History], gone: Collection[tuple[int, str]], fresh: Iterable[Milestone]
) -> dict[int, History]:
    """The histories as they are once ``gone`` have been superseded and ``fresh`` written."""
    milestones = {
        pk: {code: days for code, days in history.milestones.items() if (pk, code) not in gone}
        for pk, history in before.items()
    }
    for row in fresh:
        milestones[row.obligation_id][row.code] = Period(row.starts_on)
    return {pk: replace(history, milestones=milestones[pk]) for pk, history in before.items()}


def _row(obligation: int, code: str, day: date, *, entry: Entry, is_inherited: bool) -> Milestone:
    return Milestone(
        obligation_id=obligation,
        code=code,
        starts_on=day,
        is_inherited=is_inherited,
        recorded_seq=entry.seq,
        recorded_on=entry.recorded_on,
    )


def post_changes(
    found: Mapping[int, Obligation], before: Mapping[int, History], after: Mapping[int, History], *, entry: Entry
) -> None:
    """Post, for each roll-out, what the obligations' histories add after minus what they added before."""
    by_rollout: dict[int, tuple[Rollout, Effects]] = {}
    for pk, history in after.items():
        rollout = found[pk].step.rollout
        total = by_rollout.setdefault(rollout.pk, (rollout, Counter()))[1]
        total.update(effects(history))
        if pk in before:
            total.subtract(effects(before[pk]))
    for rollout, change in by_rollout.values():
        post(scope=rollout.scope, change=change, entry=entry)


def _pass_on(sources: Iterable[Obligation], *, entry: Entry) -> None:
    """Recompute what these units inherit, then what units that came after them do, and so on down the line.

    A unit whose own fact has been taken back falls back to what its predecessors had.
    """
    steps = {o.step_id: o.step for o in sources if o.unit_id is not None}
    units = {o.unit_id for o in sources if o.unit_id is not None}
    if not units:
        return
    came_after = Succession.objects.current().filter(successor__in=units).exclude(predecessor=F("successor"))
    if heirs := set(came_after.values_list("successor", flat=True)):
        _inherit(heirs, steps.keys(), entry=entry)
    seen: set[int] = set()
    while units:
        successors = (
            set(Succession.objects.current().filter(predecessor__in=units).values_list("successor", flat=True)) - seen
        )
        if not successors:
            return
        seen |= successors
        _inherit(successors, steps.keys(), entry=entry)
        units = successors


def _inherit(units: set[int], steps: Collection[int], *, entry: Entry) -> None:
    before = Succession.objects.current().filter(successor__in=units).values_list("successor", "predecessor")
    predecessors: dict[int, set[int]] = {}
    for successor, predecessor in before:
        if successor != predecessor:
            predecessors.setdefault(successor, set()).add(predecessor)
    every = units | {unit for ones in predecessors.values() for unit in ones}
    rows = Obligation.objects.filter(step__in=steps, unit__in=every).select_related("step__rollout__scope")
    by_unit = {(row.step_id, row.unit_id): row for row in rows}
    reached = {
        (row.obligation_id, row.code): row.starts_on
        for row in Milestone.objects.current().filter(obligation__in=[row.pk for row in by_unit.values()])
    }
    wanted: dict[int, dict[MilestoneCode, date | None]] = {}
    for (step, unit), obligation in by_unit.items():
        if unit not in units:
            continue
        owed_before = [by_unit[step, p].pk for p in predecessors.get(unit or 0, ()) if (step, p) in by_unit]
        wanted[obligation.pk] = {
            code: inherited(reached.get((pk, code)) for pk in owed_before) for code in MilestoneCode
        }
    found = {row.pk: row for row in by_unit.values()}
    _restate(found, wanted, entry=entry, as_inherited=True)
