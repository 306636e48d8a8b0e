"""Writing units' states, and what the tree makes of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from trienkhai.core.decisions import Invalid
from trienkhai.core.periods import FOREVER, Period
from trienkhai.figures.actions import PathRow, set_paths
from trienkhai.figures.models import Path
from trienkhai.ledger.models import Entry
from trienkhai.organisation.actions.changes import chunks
from trienkhai.organisation.models import BodyState, Membership, Post, UnitState
from trienkhai.organisation.rules import Fault, UnitKind, may_hang_under
from trienkhai.organisation.rules.timelines import Phase, Timeline, span
from trienkhai.organisation.rules.trees import CycleError, Hanging, lyings
from trienkhai.text import fold, sort_key

_FOLDED_LENGTH = 320
CHUNK_ROWS = 1_000


@dataclass(frozen=True)
class UnitValue:
    """What a unit is on a day."""

    parent: int | None
    kind: UnitKind
    name: str
    short_name: str = ""
    place: str = ""


type UnitTimelines = dict[int, Timeline[UnitValue]]


def timelines_of(units: Iterable[int]) -> UnitTimelines:
    """What is known now of each unit; nothing of a unit without states."""
    phases: dict[int, list[Phase[UnitValue]]] = {}
    for chunk in chunks(units):
        for state in UnitState.objects.current().filter(unit__in=chunk).order_by("starts_on"):
            phases.setdefault(state.unit_id, []).append(Phase(_days(state), _value(state)))
    return {unit: tuple(of_unit) for unit, of_unit in phases.items()}


def open_days(units: Iterable[int]) -> dict[int, Period]:
    """From each unit's opening to its closing."""
    return {unit: days for unit, line in timelines_of(units).items() if (days := span(line))}


def check_open(units: Iterable[int], day: date, *, on: str = "unit") -> None:
    """Every unit must be open on ``day``.

    Raises:
        Invalid: one is not.
    """
    wanted = set(units)
    days = open_days(wanted)
    if any(unit not in days or day not in days[unit] for unit in wanted):
        raise Invalid(Fault.UNIT_NOT_OPEN, on=on, day=day)


def write_states(wanted: Mapping[int, Timeline[UnitValue]], *, entry: Entry) -> frozenset[int]:
    """Make ``wanted`` what is known of these units from now on, and the tree follow it.

    Returns:
        Units whose state or place in the tree changed, everything below them included.

    Raises:
        Invalid: on some day a unit would hang under one that is not open, of the wrong kind, or in itself; or people,
            posts or units would be left behind in a closed one.
    """
    changed = _put(wanted, entry=entry)
    return settle(changed, entry=entry) if changed else frozenset()


def open_states(wanted: Mapping[int, Timeline[UnitValue]], *, entry: Entry) -> None:
    """The first states of units just made: nothing can be in them yet.

    Raises:
        Invalid: as :func:`write_states`.
    """
    _insert(((unit, phase) for unit, line in wanted.items() for phase in line), entry)
    _check_levels(wanted, children=False)
    _set_paths(wanted, entry=entry)


def settle(units: Iterable[int], *, entry: Entry) -> frozenset[int]:
    """Check units whose states were written and let the tree follow; returns them and everything below them.

    Raises:
        Invalid: as :func:`write_states`.
    """
    changed = set(units)
    _check_levels(changed)
    _check_nobody_left(changed)
    return follow(changed, entry=entry)


def follow(units: Iterable[int], *, entry: Entry) -> frozenset[int]:
    """Derive again where these units and all below them lie; returns all of them."""
    affected = set(units)
    for chunk in chunks(list(affected)):
        below = Path.objects.filter(ancestor__in=chunk, superseded_seq__isnull=True)
        affected.update(below.values_list("descendant", flat=True))
    _set_paths(affected, entry=entry)
    return frozenset(affected)


def _set_paths(units: Iterable[int], *, entry: Entry) -> None:
    ids = sorted(set(units))
    hangings = _hangings_upwards(ids)
    try:
        paths = [PathRow(*lying) for lying in lyings(ids, hangings)]
    except CycleError as error:
        raise Invalid(Fault.TREE_CYCLE, on="parent") from error
    set_paths(descendants=ids, paths=paths, entry=entry)


def _hangings_upwards(units: Iterable[int]) -> dict[int, list[Hanging]]:
    """The parents of the units, of their parents, and so on, through all days."""
    known: dict[int, list[Hanging]] = {}
    ask = set(units)
    while ask:
        known.update({unit: [] for unit in ask})
        for chunk in chunks(ask):
            rows = UnitState.objects.current().filter(unit__in=chunk)
            for unit, parent, start, end in rows.values_list("unit", "parent", "starts_on", "ends_on"):
                known[unit].append(Hanging(parent, Period.of(start, end)))
        ask = {h.parent for unit in ask for h in known[unit] if h.parent is not None} - known.keys()
    return known


def _put(wanted: Mapping[int, Timeline[UnitValue]], *, entry: Entry) -> frozenset[int]:
    """Supersede what differs and insert what is new; returns units that changed at all."""
    fresh = {(unit, phase) for unit, line in wanted.items() for phase in line}
    gone: list[int] = []
    changed: set[int] = set()
    for chunk in chunks(wanted):
        for state in UnitState.objects.current().filter(unit__in=chunk):
            known = (state.unit_id, Phase(_days(state), _value(state)))
            if known in fresh:
                fresh.discard(known)
            else:
                gone.append(state.pk)
                changed.add(state.unit_id)
    for chunk in chunks(gone):
        UnitState.objects.filter(pk__in=chunk).supersede(entry)
    _insert(sorted(fresh, key=lambda row: (row[0], row[1].period)), entry)
    return frozenset(changed | {unit for unit, _phase in fresh})


def _insert(rows: Iterable[tuple[int, Phase[UnitValue]]], entry: Entry) -> None:
    states = [
        UnitState(
            unit_id=unit,
            parent_id=phase.value.parent,
            kind=phase.value.kind.value,
            name=phase.value.name,
            short_name=phase.value.short_name,
            place=phase.value.place,
            folded=fold(f"{phase.value.name} {phase.value.short_name}")[:_FOLDED_LENGTH],
            sort_key=sort_key(phase.value.name),
            starts_on=phase.period.start,
            ends_on=phase.period.end_or_none,
            recorded_seq=entry.seq,
            recorded_on=entry.recorded_on,
        )
        for unit, phase in rows
    ]
    UnitState.objects.bulk_create(states, batch_size=CHUNK_ROWS)


def _check_levels(units: Iterable[int], *, children: bool = True) -> None:
    """Parents are open on all the days, and of a kind that may have such units directly below."""
    changed = set(units)
    lines = timelines_of(changed)
    below: set[int] = set()
    if children:
        for chunk in chunks(changed):
            hanging = UnitState.objects.current().filter(parent__in=chunk)
            below.update(hanging.values_list("unit", flat=True))
        lines |= timelines_of(below - changed)
    parents = {p.value.parent for line in lines.values() for p in line if p.value.parent is not None}
    above = timelines_of(parents - lines.keys()) | lines
    for unit, line in lines.items():
        for phase in line:
            _check_phase(phase, above, is_below=unit not in changed)


def _check_phase(phase: Phase[UnitValue], above: UnitTimelines, *, is_below: bool) -> None:
    value = phase.value
    if value.parent is None:
        if not may_hang_under(value.kind, None):
            raise Invalid(Fault.UNIT_WRONG_LEVEL, on="parent", name=value.name)
        return
    line = above.get(value.parent, ())
    days = span(line)
    if days is None or phase.period & days != phase.period:
        if is_below:
            raise Invalid(Fault.UNIT_HAS_UNITS, on="on", name=value.name)
        raise Invalid(Fault.UNIT_NOT_OPEN, on="on", day=phase.period.start)
    if not all(may_hang_under(value.kind, p.value.kind) for p in line if p.period & phase.period):
        raise Invalid(Fault.UNIT_WRONG_LEVEL, on="parent", name=value.name)


def _check_nobody_left(units: Iterable[int]) -> None:
    """No tie, post or body of a unit lies outside the days it is open."""
    for unit, days in _all_days(units).items():
        outside = Q(starts_on__lt=days.start)
        if days.end != FOREVER:
            outside |= Q(ends_on__isnull=True) | Q(ends_on__gt=days.end)
        if Membership.objects.current().filter(outside, unit=unit).exists():
            raise Invalid(Fault.UNIT_HAS_PEOPLE, on="on")
        if Post.objects.current().filter(outside, unit=unit).exists():
            raise Invalid(Fault.UNIT_HAS_PEOPLE, on="on")
        if BodyState.objects.current().filter(outside, body__unit=unit).exists():
            raise Invalid(Fault.UNIT_HAS_PEOPLE, on="on")


def _all_days(units: Iterable[int]) -> dict[int, Period]:
    days = open_days(units)
    return {unit: days.get(unit, Period(FOREVER, FOREVER)) for unit in units}


def held_from(on: date) -> Q:
    """Rows that hold on ``on`` or on any later day."""
    return Q(ends_on__isnull=True) | Q(ends_on__gt=on)


def _days(state: UnitState) -> Period:
    return Period.of(state.starts_on, state.ends_on)


def _value(state: UnitState) -> UnitValue:
    return UnitValue(
        parent=state.parent_id,
        kind=UnitKind(state.kind),
        name=state.name,
        short_name=state.short_name,
        place=state.place,
    )
