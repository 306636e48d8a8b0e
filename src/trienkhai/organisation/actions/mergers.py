"""Merging and splitting units."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from trienkhai.core.decisions import Invalid
from trienkhai.core.periods import Period
from trienkhai.ledger.actions import record
from trienkhai.ledger.clock import local_day
from trienkhai.ledger.models import Entry
from trienkhai.organisation.actions.changes import Change, checked_day, chunks, lock_tree, locked_units
from trienkhai.organisation.actions.posts import end_posts
from trienkhai.organisation.actions.states import (
    UnitValue,
    check_open,
    held_from,
    open_states,
    timelines_of,
    write_states,
)
from trienkhai.organisation.actions.ties import Line, Lines, TieValue, lines_of, people_tied, write_lines
from trienkhai.organisation.actions.units import NewUnit, check_closable, close_units
from trienkhai.organisation.models import Post, Succession, Unit, UnitState
from trienkhai.organisation.policies import can_keep_organisation
from trienkhai.organisation.rules import Actor, EndReason, Fault, SuccessionKind, Tie
from trienkhai.organisation.rules.timelines import Phase, Timeline, changed_from, ended, tidy, value_on

_FEWEST = 2


@dataclass(frozen=True)
class Part:
    """What goes into one unit when another is split: an open unit's id or a new one's name, and who and what goes."""

    into: int | str
    people: tuple[int, ...] = ()
    children: tuple[int, ...] = ()
    short_name: str = ""


@transaction.atomic
def merge_units(*, units: Sequence[int], into: int | NewUnit, on: date, actor: Actor, at: datetime) -> Change:
    """Merge units on a day into one of them, another open one, or a new one.

    The others close on that day; people, with kind and standing, and the units below go over; posts and bodies of the
    closed end. ``made``: the successor's id.

    Args:
        units: those that merge.
        into: the successor: an open unit (one of them or another), or a new one, whose own day is not looked at.
        on: the first day of the merged unit.
        actor: who acts.
        at: when.

    Raises:
        Refused: the actor does not keep all of them.
        Invalid: fewer than two, one is not open that day, or the tree would not allow it.
    """
    lock_tree()
    checked_day(on, at=at)
    named = set(units) | ({into} if isinstance(into, int) else set())
    closing = sorted(set(units) - ({into} if isinstance(into, int) else set()))
    if len(named) < _FEWEST or not closing:
        raise Invalid(Fault.MERGE_NEEDS_TWO, on="units")
    found = _kept(named, actor=actor, at=at)
    check_open(named, on, on="on")
    if isinstance(into, NewUnit) and into.parent is not None:
        _kept({into.parent}, actor=actor, at=at)
    entry = record(
        actor=actor.key,
        action="organisation.merge_units",
        subject=found[into].key if isinstance(into, int) else found[closing[0]].key,
        detail={"on": on.isoformat(), "units": [str(found[unit].key) for unit in sorted(named)]},
        count=len(named),
    )
    successor, opened = (into, frozenset[int]()) if isinstance(into, int) else _opened(into, on, entry=entry)
    moved, affected = _carry_over(closing, successor, on, entry=entry)
    _succeed(closing, successor, SuccessionKind.MERGE, on, entry)
    for unit in closing:
        check_closable(unit, on)
    holders, closed = close_units(closing, on=on, entry=entry)
    units_changed = affected | closed | opened | {successor}
    return Change(entry=entry, people=moved | holders, units=units_changed, made=(successor,))


@transaction.atomic
def split_unit(
    *, unit: int, parts: Sequence[Part], on: date, actor: Actor, at: datetime, closes: bool = False
) -> Change:
    """Split people and units below off into other units, new or open, on a day. ``made``: the parts' ids, in order.

    New units hang where the old one hangs and are of its kind. Whoever is in no part stays; with ``closes`` nobody
    may, and the old unit closes.

    Raises:
        Refused: the actor does not keep all of them.
        Invalid: no parts, a part is without a name, or somebody named is not in the unit that day.
    """
    lock_tree()
    checked_day(on, at=at)
    if not parts:
        raise Invalid(Fault.SPLIT_NEEDS_PARTS, on="parts")
    existing = {part.into for part in parts if isinstance(part.into, int)}
    found = _kept({unit} | existing, actor=actor, at=at)
    check_open({unit} | existing, on, on="on")
    old = value_on(timelines_of([unit])[unit], on)
    if old is None:  # pragma: no cover - it is open that day
        raise Invalid(Fault.UNIT_NOT_OPEN, on="on", day=on)
    entry = record(
        actor=actor.key,
        action="organisation.split_unit",
        subject=found[unit].key,
        detail={"on": on.isoformat(), "parts": len(parts), "closes": closes},
        count=len(parts),
    )
    moved: frozenset[int] = frozenset()
    affected: frozenset[int] = frozenset({unit})
    made: list[int] = []
    for part in parts:
        target, opened = _part(part, old, on, entry=entry)
        _check_in(part, unit, on)
        moved |= _move_ties({unit}, target, on, people=set(part.people), entry=entry)
        affected |= opened | {target} | _move_children({unit}, target, on, children=set(part.children), entry=entry)
        _succeed([unit], target, SuccessionKind.SPLIT, on, entry)
        made.append(target)
    end_posts(Post.objects.filter(unit=unit, person__in=moved), on=on, entry=entry)
    if closes:
        check_closable(unit, on)
        holders, closed = close_units([unit], on=on, entry=entry)
        moved, affected = moved | holders, affected | closed
    return Change(entry=entry, people=moved, units=affected, made=tuple(made))


def _kept(units: set[int], *, actor: Actor, at: datetime) -> dict[int, Unit]:
    found = locked_units(units)
    for unit in sorted(units):
        can_keep_organisation(actor, unit, at=local_day(at)).require()
    return found


def _opened(new: NewUnit, on: date, *, entry: Entry) -> tuple[int, frozenset[int]]:
    row = Unit.objects.create()
    open_states({row.pk: (Phase(Period(on), new.value(new.parent)),)}, entry=entry)
    return row.pk, frozenset({row.pk})


def _part(part: Part, old: UnitValue, on: date, *, entry: Entry) -> tuple[int, frozenset[int]]:
    if isinstance(part.into, int):
        return part.into, frozenset()
    new = NewUnit(name=part.into, kind=old.kind, on=on, parent=old.parent, short_name=part.short_name, place=old.place)
    return _opened(new, on, entry=entry)


def _check_in(part: Part, unit: int, on: date) -> None:
    there = people_tied([unit], during=held_from(on))
    if not set(part.people) <= there:
        raise Invalid(Fault.NOT_IN_UNIT, on="people")
    below = UnitState.objects.current().filter(held_from(on), parent=unit).values_list("unit", flat=True)
    if not set(part.children) <= set(below):
        raise Invalid(Fault.NOT_IN_UNIT, on="children")


def _carry_over(
    closing: Sequence[int], successor: int, on: date, *, entry: Entry
) -> tuple[frozenset[int], frozenset[int]]:
    moved = _move_ties(set(closing), successor, on, people=None, entry=entry)
    return moved, _move_children(set(closing), successor, on, children=None, entry=entry)


def _move_ties(units: set[int], successor: int, on: date, *, people: set[int] | None, entry: Entry) -> frozenset[int]:
    """Whatever ties people have to ``units`` from ``on`` on become ties to the successor; returns them."""
    tied = people_tied(units, during=held_from(on))
    tied = tied if people is None else tied & people
    changed: frozenset[int] = frozenset()
    for chunk in chunks(tied):
        lines = lines_of(chunk)
        wanted: Lines = {}
        for line, phases in lines.items():
            if line.tie is Tie.COUNTING:
                wanted[line] = _handed_over(phases, units, successor, on)
            elif line.unit in units:
                target = Line(line.person, line.tie, successor)
                there = wanted.get(target, lines.get(target, ()))
                wanted[line] = ended(phases, on)
                wanted[target] = _added(there, _handed_over(phases, units, successor, on), on)
        changed |= write_lines(wanted, reason=EndReason.REORGANISED, entry=entry)
    return changed


def _handed_over(phases: Timeline[TieValue], units: set[int], successor: int, on: date) -> Timeline[TieValue]:
    """From ``on`` on, every day in one of ``units`` becomes a day in the successor."""
    result: list[Phase[TieValue]] = []
    for phase in phases:
        later = phase.period & Period(on)
        if phase.value.unit not in units or not later:
            result.append(phase)
            continue
        result.append(Phase(Period(phase.period.start, later.start), phase.value))
        result.append(Phase(later, replace(phase.value, unit=successor)))
    return tidy(result)


def _added(there: Timeline[TieValue], coming: Timeline[TieValue], on: date) -> Timeline[TieValue]:
    """Ties already there win over those that come from ``on`` on."""
    fresh = [phase for phase in coming if phase.period.start >= on and not any(phase.period & t.period for t in there)]
    return tidy([*there, *fresh])


def _move_children(
    units: set[int], successor: int, on: date, *, children: set[int] | None, entry: Entry
) -> frozenset[int]:
    """Units below hang under the successor from ``on`` on; returns those whose place changed."""
    rows = UnitState.objects.current().filter(held_from(on), parent__in=units)
    below = set(rows.values_list("unit", flat=True)) - {successor}
    below = below if children is None else below & children
    lines = timelines_of(below)
    wanted: dict[int, Timeline[UnitValue]] = {}
    for child, line in lines.items():
        changed = line
        for phase in line:
            later = phase.period & Period(on)
            if phase.value.parent in units and later:
                changed = changed_from(
                    changed, later.start, lambda v: replace(v, parent=successor), same=lambda v: v.parent
                )
        wanted[child] = changed
    return write_states(wanted, entry=entry)


def _succeed(predecessors: Sequence[int], successor: int, kind: SuccessionKind, on: date, entry: Entry) -> None:
    Succession.objects.bulk_create(
        Succession(
            predecessor_id=unit,
            successor_id=successor,
            kind=kind.value,
            on=on,
            recorded_seq=entry.seq,
            recorded_on=entry.recorded_on,
        )
        for unit in predecessors
    )
