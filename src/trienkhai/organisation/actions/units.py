"""Opening, renaming, moving, correcting and closing units."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from operator import attrgetter

from django.db import transaction

from trienkhai.core.decisions import Decision, Invalid
from trienkhai.core.periods import Period
from trienkhai.ledger.actions import record
from trienkhai.ledger.clock import local_day
from trienkhai.ledger.models import Entry
from trienkhai.organisation.actions.changes import Change, checked_day, checked_name, lock_tree, locked_units
from trienkhai.organisation.actions.posts import end_bodies, end_posts
from trienkhai.organisation.actions.states import (
    CHUNK_ROWS,
    UnitValue,
    check_open,
    held_from,
    open_states,
    timelines_of,
    write_states,
)
from trienkhai.organisation.models import BodyState, Delegation, Membership, Post, Unit, UnitState
from trienkhai.organisation.policies import can_keep_organisation
from trienkhai.organisation.rules import Actor, Fault, Reason, UnitKind
from trienkhai.organisation.rules.timelines import Phase, Timeline, changed_from, corrected, ended, value_on
from trienkhai.text import clean_line

LONGEST_NAME = 250
_LONGEST_SHORT_NAME = 60
_LONGEST_PLACE = 100


@dataclass(frozen=True)
class NewUnit:
    """A unit to open. It hangs under ``parent``, or under the one at position ``within`` of the same batch."""

    name: str
    kind: UnitKind
    on: date
    parent: int | None = None
    within: int | None = None
    short_name: str = ""
    place: str = ""

    def value(self, parent: int | None) -> UnitValue:
        """What its first state says.

        Raises:
            Invalid: a name is missing or too long.
        """
        return UnitValue(
            parent=parent,
            kind=self.kind,
            name=checked_name(self.name, longest=LONGEST_NAME, on="name"),
            short_name=_short(self.short_name, _LONGEST_SHORT_NAME, on="short_name"),
            place=_short(self.place, _LONGEST_PLACE, on="place"),
        )


@transaction.atomic
def open_unit(
    *,
    name: str,
    kind: UnitKind,
    parent: int | None,
    on: date,
    actor: Actor,
    at: datetime,
    short_name: str = "",
    place: str = "",
) -> Change:
    """Open a unit under another, or at the top. ``made``: its id.

    Raises:
        Refused: the actor does not keep the unit above; only the installer opens at the top.
        Invalid: no name, or the unit above is not open that day or not of a kind for it.
    """
    unit = NewUnit(name=name, kind=kind, on=on, parent=parent, short_name=short_name, place=place)
    return open_units(units=[unit], actor=actor, at=at)


@transaction.atomic
def open_units(*, units: Sequence[NewUnit], actor: Actor, at: datetime, file_digest: str = "") -> Change:
    """Open many units with one entry, those above first. ``made``: their ids in the same order.

    Raises:
        Refused: as :func:`open_unit`.
        Invalid: as :func:`open_unit`.
    """
    lock_tree()
    locked_units({unit.parent for unit in units if unit.parent is not None}, on="parent")
    for parent in {unit.parent for unit in units if unit.within is None}:
        _can_open_under(actor, parent, at=at).require()
    for day in {unit.on for unit in units}:
        checked_day(day, at=at)
    rows = Unit.objects.bulk_create([Unit() for _unit in units], batch_size=CHUNK_ROWS)
    single = units[0] if len(units) == 1 else None
    entry = record(
        actor=actor.key,
        action="organisation.open_unit" if single else "organisation.open_units",
        subject=rows[0].key if single else None,
        detail={"name": single.name, "on": single.on.isoformat()} if single else {"units": len(units)},
        count=len(units),
        file_digest=file_digest,
    )
    add_states(units, rows, entry=entry)
    return Change(entry=entry, units=frozenset(row.pk for row in rows), made=tuple(row.pk for row in rows))


def add_states(units: Sequence[NewUnit], rows: Sequence[Unit], *, entry: Entry) -> None:
    """First states of units just made."""
    lines: dict[int, Timeline[UnitValue]] = {}
    for unit, row in zip(units, rows, strict=True):
        parent = unit.parent if unit.within is None else rows[unit.within].pk
        lines[row.pk] = (Phase(Period(unit.on), unit.value(parent)),)
    open_states(lines, entry=entry)


@transaction.atomic
def rename_unit(*, unit: int, name: str, on: date, actor: Actor, at: datetime, short_name: str | None = None) -> Change:
    """Give a unit another name from a day on; a later renaming already known stays.

    Raises:
        Refused: the actor does not keep the unit.
        Invalid: it is not open that day, or the name is the same.
    """
    name = checked_name(name, longest=LONGEST_NAME, on="name")

    def renamed(value: UnitValue) -> UnitValue:
        short = value.short_name if short_name is None else _short(short_name, _LONGEST_SHORT_NAME, on="short_name")
        return replace(value, name=name, short_name=short)

    return _revalue(
        "organisation.rename_unit",
        unit,
        on,
        renamed,
        same=lambda value: (value.name, value.short_name),
        actor=actor,
        at=at,
        detail={"name": name},
    )


@transaction.atomic
def change_unit_kind(*, unit: int, kind: UnitKind, on: date, actor: Actor, at: datetime) -> Change:
    """Raise or lower a unit from a day on (a cell becomes a base organisation, …).

    Raises:
        Refused: the actor does not keep the unit.
        Invalid: it is not open that day, is of that kind already, or what is above or below does not allow it.
    """
    return _revalue(
        "organisation.change_unit_kind",
        unit,
        on,
        lambda value: replace(value, kind=kind),
        same=lambda value: value.kind,
        actor=actor,
        at=at,
        detail={"kind": kind.value},
    )


@transaction.atomic
def move_unit(*, unit: int, to_parent: int | None, on: date, actor: Actor, at: datetime) -> Change:
    """Hang a unit, with everything below it, under another one from a day on.

    Raises:
        Refused: the actor does not keep both; only the installer moves to the top.
        Invalid: it is not open that day, is there already, or would lie in itself.
    """
    lock_tree()
    _can_open_under(actor, to_parent, at=at).require()
    target = locked_units([to_parent], on="to_parent")[to_parent] if to_parent is not None else None
    return _revalue(
        "organisation.move_unit",
        unit,
        on,
        lambda value: replace(value, parent=to_parent),
        same=lambda value: value.parent,
        actor=actor,
        at=at,
        detail={"to_parent": str(target.key) if target else None},
    )


@transaction.atomic
def correct_unit(
    *,
    unit: int,
    on: date,
    actor: Actor,
    at: datetime,
    name: str | None = None,
    short_name: str | None = None,
    place: str | None = None,
    opened_on: date | None = None,
) -> Change:
    """Put right what was entered wrongly: on all the days around ``on`` on which it stood, not from ``on`` only.

    Raises:
        Refused: the actor does not keep the unit.
        Invalid: it is not open on ``on``, nothing changes, or people were there before it would have opened.
    """
    given = {
        "name": None if name is None else checked_name(name, longest=LONGEST_NAME, on="name"),
        "short_name": None if short_name is None else _short(short_name, _LONGEST_SHORT_NAME, on="short_name"),
        "place": None if place is None else _short(place, _LONGEST_PLACE, on="place"),
    }
    wanted = {field: text for field, text in given.items() if text is not None}
    found = _kept(unit, actor=actor, at=at)
    before = timelines_of([unit]).get(unit, ())
    if value_on(before, on) is None:
        raise Invalid(Fault.UNIT_NOT_OPEN, on="on", day=on)
    after = before
    for field, text in wanted.items():
        after = corrected(after, on, _with(field, text), same=attrgetter(field))
    if opened_on is not None:
        after = _opened(after, checked_day(opened_on, at=at, on="opened_on"))
    if after == before:
        raise Invalid(Fault.NOTHING_CHANGES)
    detail: dict[str, object] = {"on": on.isoformat(), **wanted}
    if opened_on is not None:
        detail["opened_on"] = opened_on.isoformat()
    entry = record(actor=actor.key, action="organisation.correct_unit", subject=found.key, detail=detail)
    units = write_states({unit: after}, entry=entry)
    return Change(entry=entry, units=units)


@transaction.atomic
def close_unit(*, unit: int, on: date, actor: Actor, at: datetime) -> Change:
    """Close an empty unit: ``on`` is the first day without it. Its posts, bodies and delegations end with it.

    Raises:
        Refused: the actor does not keep the unit.
        Invalid: it is not open the day before, or people or units are in it on that day or later.
    """
    lock_tree()
    checked_day(on, at=at)
    found = _kept(unit, actor=actor, at=at)
    check_closable(unit, on)
    entry = record(actor=actor.key, action="organisation.close_unit", subject=found.key, detail={"on": on.isoformat()})
    people, units = close_units([unit], on=on, entry=entry)
    return Change(entry=entry, people=people, units=units)


def check_closable(unit: int, on: date) -> None:
    """Nobody and nothing may be left in a unit that closes.

    Raises:
        Invalid: saying what is.
    """
    line = timelines_of([unit]).get(unit, ())
    if not line or not line[0].period.start < on <= line[-1].period.end:
        raise Invalid(Fault.UNIT_NOT_OPEN, on="on", day=on)
    if Membership.objects.current().filter(held_from(on), unit=unit).exists():
        raise Invalid(Fault.UNIT_HAS_PEOPLE, on="on")
    if UnitState.objects.current().filter(held_from(on), parent=unit).exists():
        raise Invalid(Fault.UNIT_HAS_UNITS, on="on")


def close_units(units: Sequence[int], *, on: date, entry: Entry) -> tuple[frozenset[int], frozenset[int]]:
    """Close units already emptied; returns the holders of posts that ended, and the units whose place changed."""
    people = end_posts(Post.objects.filter(unit__in=units), on=on, entry=entry)
    end_bodies(BodyState.objects.filter(body__unit__in=units), on=on, entry=entry)
    Delegation.objects.filter(held_from(on), unit__in=units, starts_on__lt=on).update(ends_on=on)
    Delegation.objects.filter(unit__in=units, starts_on__gte=on).delete()
    lines = timelines_of(units)
    return people, write_states({unit: ended(line, on) for unit, line in lines.items()}, entry=entry)


def _revalue(
    action: str,
    unit: int,
    on: date,
    change: Callable[[UnitValue], UnitValue],
    *,
    same: Callable[[UnitValue], object],
    actor: Actor,
    at: datetime,
    detail: dict[str, object],
) -> Change:
    checked_day(on, at=at)
    lock_tree()
    found = _kept(unit, actor=actor, at=at)
    check_open([unit], on, on="on")
    before = timelines_of([unit])[unit]
    after = changed_from(before, on, change, same=same)
    if after == before:
        raise Invalid(Fault.NOTHING_CHANGES)
    entry = record(actor=actor.key, action=action, subject=found.key, detail={"on": on.isoformat(), **detail})
    return Change(entry=entry, units=write_states({unit: after}, entry=entry))


def _kept(unit: int, *, actor: Actor, at: datetime) -> Unit:
    found = locked_units([unit])[unit]
    can_keep_organisation(actor, unit, at=local_day(at)).require()
    return found


def _can_open_under(actor: Actor, parent: int | None, *, at: datetime) -> Decision:
    if parent is None:
        return Decision(None if actor.is_installer else Reason.MAY_NOT_KEEP)
    return can_keep_organisation(actor, parent, at=local_day(at))


def _short(text: str, longest: int, *, on: str) -> str:
    line = clean_line(text)
    if len(line) > longest:
        raise Invalid(Fault.NAME_TOO_LONG, on=on, limit=longest)
    return line


def _with(field: str, text: str) -> Callable[[UnitValue], UnitValue]:
    match field:
        case "name":
            return lambda value: replace(value, name=text)
        case "short_name":
            return lambda value: replace(value, short_name=text)
        case _:
            return lambda value: replace(value, place=text)


def _opened(line: Timeline[UnitValue], day: date) -> Timeline[UnitValue]:
    """The same with another first day.

    Raises:
        Invalid: the day lies after the first phase.
    """
    first, *rest = line
    days = Period(day, first.period.end)
    if not days:
        raise Invalid(Fault.ENDS_BEFORE_START, on="opened_on", day=first.period.end)
    return (Phase(days, first.value), *rest)
