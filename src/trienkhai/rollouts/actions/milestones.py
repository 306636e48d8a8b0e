"""What obligations have reached. Called by the apps that own the facts, inside their transaction."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import batched
from typing import NamedTuple

from django.db import connection
from django.db.models import F

from trienkhai.core.joining import joining
from trienkhai.core.periods import Period
from trienkhai.core.sql import as_day, fetched, listed
from trienkhai.figures.actions import post
from trienkhai.ledger.models import Entry
from trienkhai.organisation.models import Succession
from trienkhai.rollouts.models import Milestone, Obligation, Rollout, Step
from trienkhai.rollouts.queries import CHUNK, obligations, places_of
from trienkhai.rollouts.rules import Effects, History, MilestoneCode, StepKind, Subject, effects, inherited, on_time

type Wanted = Mapping[int, Mapping[MilestoneCode, date | None]]


@joining
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
        complete = {pk: _with_on_time(found[pk].step, wanted[pk]) for pk in chunk if pk in found}
        _restate(found, complete, entry=entry, as_inherited=False)
        _pass_on_from(found.values(), entry=entry)


@joining
def set_reached(
    *,
    rollout: Rollout,
    step: StepKind,
    code: MilestoneCode,
    people: Mapping[int, date | None],
    units: Mapping[int, date | None],
    entry: Entry,
    beside: Effects | None = None,
) -> None:
    """:func:`set_milestones` of one step by person and unit instead of by obligation, in as few statements as can be.

    Whoever has reached it gets an obligation, as from :func:`ensure_obligations`; nobody else does.

    Args:
        rollout: the roll-out; without this step nothing is set.
        step: whose obligations.
        code: the milestone.
        people: ``{person: day reached}``.
        units: ``{unit: day reached}``.
        entry: the ledger entry of the change.
        beside: what the change adds to other figures of the roll-out, posted along.
    """
    change: Effects = Counter(beside or {})
    if row := _step(rollout, step):
        for some_people, some_units in _parts(people, units):
            reached = {person: people[person] for person in some_people}, {unit: units[unit] for unit in some_units}
            change.update(_reach(row, code, *reached, entry=entry))
    post(scope=rollout.scope, change=change, entry=entry)


class _Step(NamedTuple):
    pk: int
    kind: StepKind
    deadline_on: date | None


def _step(rollout: Rollout, kind: StepKind) -> _Step | None:
    found = fetched("SELECT id, deadline_on FROM rollouts_step WHERE rollout_id = %s AND kind = %s", [rollout.pk, kind])
    return next((_Step(pk, kind, as_day(deadline) if deadline else None) for pk, deadline in found), None)


def _reach(
    step: _Step,
    code: MilestoneCode,
    people: Mapping[int, date | None],
    units: Mapping[int, date | None],
    *,
    entry: Entry,
) -> Effects:
    """Set the milestones; returns what that adds to figures."""
    found = _owed(step, people.keys(), units.keys())
    if _make_missing(step, found, [p for p, day in people.items() if day], [u for u, day in units.items() if day]):
        found = _owed(step, people.keys(), units.keys())
    wanted = {o.pk: _with_on_time(step, {code: people[o.person] if o.person else units[o.unit or 0]}) for o in found}
    kinds = {o.pk: (step.kind, Subject.PERSON if o.person else Subject.UNIT) for o in found}
    before, after = _write(kinds, wanted, entry=entry, as_inherited=False)
    change: Effects = Counter()
    for pk, history in after.items():
        change.update(effects(history))
        change.subtract(effects(before[pk]))
    _pass_on({step.pk}, {o.unit for o in found if o.unit}, entry=entry)
    return change


class _Owed(NamedTuple):
    pk: int
    person: int | None
    unit: int | None


def _parts(people: Collection[int], units: Collection[int]) -> Iterator[tuple[Sequence[int], Sequence[int]]]:
    """Parts a statement can take: most often everything."""
    if len(people) + len(units) <= CHUNK:
        yield sorted(people), sorted(units)
        return
    yield from ((chunk, ()) for chunk in batched(sorted(people), CHUNK))
    yield from (((), chunk) for chunk in batched(sorted(units), CHUNK))


def _owed(step: _Step, people: Collection[int], units: Collection[int]) -> list[_Owed]:
    """The obligations of these people and units in the step, locked."""
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    statement = _OWED.format(people=listed(people), units=listed(units)) + lock
    return [_Owed(*row) for row in fetched(statement, [step.pk])]


_OWED = """
    SELECT id, person_id, unit_id FROM rollouts_obligation
    WHERE step_id = %s AND (person_id IN ({people}) OR unit_id IN ({units})) ORDER BY id
"""


def _make_missing(step: _Step, found: Iterable[_Owed], people: Iterable[int], units: Iterable[int]) -> bool:
    known = {o.person for o in found}, {o.unit for o in found}
    made = [Obligation(step_id=step.pk, person_id=person) for person in people if person not in known[0]]
    made += [Obligation(step_id=step.pk, unit_id=unit) for unit in units if unit not in known[1]]
    Obligation.objects.bulk_create(made, ignore_conflicts=True, batch_size=CHUNK)
    return bool(made)


@joining
def pass_on_to(units: Collection[int], *, entry: Entry) -> None:
    """Give units that came after others what all their predecessors had."""
    predecessors = Succession.objects.current().filter(successor__in=units).values("predecessor")
    _pass_on_from(list(Obligation.objects.filter(unit__in=predecessors)), entry=entry)


@joining
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
    step: Step | _Step, wanted: Mapping[MilestoneCode, date | None]
) -> Mapping[MilestoneCode, date | None]:
    if MilestoneCode.SUBMITTED not in wanted:
        return wanted
    return {**wanted, MilestoneCode.ON_TIME: on_time(wanted[MilestoneCode.SUBMITTED], step.deadline_on)}


def _restate(found: Mapping[int, Obligation], wanted: Wanted, *, entry: Entry, as_inherited: bool) -> None:
    """Write the differences and post them."""
    kinds = {
        pk: (StepKind(o.step.kind), Subject.PERSON if o.person_id else Subject.UNIT)
        for pk, o in found.items()
        if pk in wanted
    }
    before, after = _write(kinds, wanted, entry=entry, as_inherited=as_inherited)
    if after:
        post_changes(found, before, after, entry=entry)


def _write(
    kinds: Mapping[int, tuple[StepKind, Subject]], wanted: Wanted, *, entry: Entry, as_inherited: bool
) -> tuple[dict[int, History], dict[int, History]]:
    """Write the differences; returns the histories of the obligations that changed, before and after."""
    current = {
        (obligation, code): _Reached(pk, obligation, code, as_day(start), as_day(end) if end else None, bool(passed_on))
        for pk, obligation, code, start, end, passed_on in fetched(_REACHED.format(wanted=listed(wanted)))
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
    if not changed:
        return {}, {}
    before = _histories({pk: kinds[pk] for pk in changed}, current.values())
    if ended:
        Milestone.objects.filter(pk__in=ended).supersede(entry)
    Milestone.objects.bulk_create(fresh, batch_size=CHUNK)
    gone = {key for key, row in current.items() if row.pk in ended}
    return before, _with_milestones(before, gone, fresh)


_REACHED = """
    SELECT id, obligation_id, code, starts_on, ends_on, is_inherited FROM rollouts_milestone
    WHERE obligation_id IN ({wanted}) AND superseded_seq IS NULL
"""


class _Reached(NamedTuple):
    pk: int
    obligation: int
    code: str
    starts_on: date
    ends_on: date | None
    is_inherited: bool


def _histories(kinds: Mapping[int, tuple[StepKind, Subject]], reached: Iterable[_Reached]) -> dict[int, History]:
    """What :func:`histories` would read, where the milestones have been read already."""
    milestones: dict[int, dict[str, Period]] = {pk: {} for pk in kinds}
    for row in reached:
        if row.obligation in milestones:
            milestones[row.obligation][row.code] = Period.of(row.starts_on, row.ends_on)
    places = places_of(kinds.keys())
    return {pk: History(step, subject, places.get(pk, ()), milestones[pk]) for pk, (step, subject) in kinds.items()}


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


def _pass_on_from(sources: Iterable[Obligation], *, entry: Entry) -> None:
    of_units = [o for o in sources if o.unit_id is not None]
    _pass_on({o.step_id for o in of_units}, {o.unit_id for o in of_units if o.unit_id}, entry=entry)


def _pass_on(steps: Collection[int], units: set[int], *, entry: Entry) -> None:
    """Recompute what these units inherit, then what units that came after them do, and so on down the line.

    A unit whose own fact has been taken back falls back to what its predecessors had.
    """
    if not units or not fetched(_CAME_AFTER.format(units=listed(units))):
        return
    came_after = Succession.objects.current().filter(successor__in=units).exclude(predecessor=F("successor"))
    if heirs := set(came_after.values_list("successor", flat=True)):
        _inherit(heirs, steps, entry=entry)
    seen: set[int] = set()
    while units:
        successors = (
            set(Succession.objects.current().filter(predecessor__in=units).values_list("successor", flat=True)) - seen
        )
        if not successors:
            return
        seen |= successors
        _inherit(successors, steps, entry=entry)
        units = successors


_CAME_AFTER = """
    SELECT 1 FROM organisation_succession
    WHERE superseded_seq IS NULL AND (successor_id IN ({units}) OR predecessor_id IN ({units})) LIMIT 1
"""


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
