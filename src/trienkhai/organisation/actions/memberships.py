"""Joining units, moving between them, changing and ending memberships."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from trienkhai.core.decisions import Invalid
from trienkhai.core.periods import Period
from trienkhai.ledger.actions import record
from trienkhai.ledger.clock import local_day
from trienkhai.ledger.models import Entry
from trienkhai.organisation.actions.changes import Change, checked_day, locked_people, locked_units
from trienkhai.organisation.actions.posts import end_posts
from trienkhai.organisation.actions.ties import Line, Lines, TieValue, lines_of, write_lines
from trienkhai.organisation.models import Person, Post
from trienkhai.organisation.policies import can_keep_organisation
from trienkhai.organisation.rules import LEAVING, Actor, EndReason, Fault, MemberKind, Standing, Tie
from trienkhai.organisation.rules.timelines import Phase, changed_from, ended, tidy, value_on


@dataclass(frozen=True)
class NewTie:
    """A membership to make. ``until``: the first day without it; ``person``: 0 for somebody made in the same batch."""

    unit: int
    on: date
    kind: MemberKind = MemberKind.OFFICIAL
    standing: Standing = Standing.ACTIVE
    tie: Tie = Tie.COUNTING
    until: date | None = None
    person: int = 0

    @property
    def phase(self) -> Phase[TieValue]:
        """Its days and what it says of them."""
        return Phase(Period.of(self.on, self.until), TieValue(self.unit, self.kind, self.standing))


@dataclass(frozen=True)
class Move:
    """A person goes to another unit on a day."""

    person: int
    to_unit: int
    on: date


@dataclass(frozen=True)
class Ending:
    """A person's membership ends: ``on`` is the first day without it."""

    person: int
    on: date
    reason: EndReason


@transaction.atomic
def add_membership(
    *,
    person: int,
    unit: int,
    on: date,
    actor: Actor,
    at: datetime,
    kind: MemberKind = MemberKind.OFFICIAL,
    standing: Standing = Standing.ACTIVE,
    tie: Tie = Tie.COUNTING,
) -> Change:
    """Tie a person to a unit from a day on.

    Raises:
        Refused: the actor does not keep the unit.
        Invalid: the unit is not open, or the person counts somewhere else that day or later (move them instead).
    """
    new = NewTie(unit=unit, on=on, kind=kind, standing=standing, tie=tie, person=person)
    return add_memberships(ties=[new], actor=actor, at=at)


@transaction.atomic
def add_memberships(*, ties: Sequence[NewTie], actor: Actor, at: datetime, file_digest: str = "") -> Change:
    """Tie many persons to units with one entry.

    Raises:
        Refused: as :func:`add_membership`.
        Invalid: as :func:`add_membership`.
    """
    people = locked_people(tie.person for tie in ties)
    _keep_all(actor, {tie.unit for tie in ties}, at=at)
    for day in {tie.on for tie in ties}:
        checked_day(day, at=at)
    lines = lines_of(people)
    wanted: Lines = {}
    for new in ties:
        line = Line.of(new.person, new.tie, new.unit)
        before = wanted.get(line, lines.get(line, ()))
        if any(phase.period & new.phase.period for phase in before):
            raise Invalid(Fault.COUNTS_ALREADY if new.tie is Tie.COUNTING else Fault.TIE_ALREADY, on="person")
        wanted[line] = tidy((*before, new.phase))
    entry = _recorded("add_membership", "add_memberships", people, ties[0].on, actor, len(ties), file_digest)
    write_lines(wanted, reason=EndReason.CHANGED, entry=entry)
    return Change(entry=entry, people=frozenset(people))


@transaction.atomic
def move_person(*, person: int, to_unit: int, on: date, actor: Actor, at: datetime) -> Change:
    """Move a person's counting membership to another unit from a day on; posts in the unit they leave end.

    Kind and standing go with them. A later move already known stays.

    Raises:
        Refused: the actor does not keep both units.
        Invalid: the person counts nowhere that day, is there already, or the unit is not open.
    """
    return move_people(moves=[Move(person, to_unit, on)], actor=actor, at=at)


@transaction.atomic
def move_people(*, moves: Sequence[Move], actor: Actor, at: datetime, file_digest: str = "") -> Change:
    """Move many persons with one entry.

    Raises:
        Refused: as :func:`move_person`.
        Invalid: as :func:`move_person`.
    """
    people = locked_people(move.person for move in moves)
    lines = lines_of(people)
    wanted: Lines = {}
    left: list[tuple[int, int, date]] = []
    for move in moves:
        line = Line.of(move.person, Tie.COUNTING, move.to_unit)
        before = wanted.get(line, lines.get(line, ()))
        value = value_on(before, checked_day(move.on, at=at))
        if value is None:
            raise Invalid(Fault.NOT_A_MEMBER_THEN, on="on", day=move.on)
        if value.unit == move.to_unit:
            raise Invalid(Fault.NOTHING_CHANGES, on="to_unit")
        left.append((move.person, value.unit, move.on))
        wanted[line] = changed_from(before, move.on, _to(move.to_unit), same=lambda value: value.unit)
    _keep_all(actor, {unit for _person, unit, _on in left} | {move.to_unit for move in moves}, at=at)
    entry = _recorded("move_person", "move_people", people, moves[0].on, actor, len(moves), file_digest)
    write_lines(wanted, reason=EndReason.MOVED, entry=entry)
    for person, unit, on in left:
        end_posts(Post.objects.filter(person=person, unit=unit), on=on, entry=entry)
    return Change(entry=entry, people=frozenset(people))


@transaction.atomic
def change_membership(
    *,
    person: int,
    on: date,
    actor: Actor,
    at: datetime,
    kind: MemberKind | None = None,
    standing: Standing | None = None,
    tie: Tie = Tie.COUNTING,
    unit: int = 0,
) -> Change:
    """Change what a membership says from a day on: admitted official, exempt, working away, suspended, active again.

    Args:
        person: whose.
        on: from which day.
        actor: who acts.
        at: when.
        kind: the new kind; ``None`` leaves it.
        standing: the new standing; ``None`` leaves it.
        tie: which of their ties.
        unit: in which unit, for ties that do not count.

    Raises:
        Refused: the actor does not keep the unit.
        Invalid: no such tie that day, or nothing changes.
    """
    found = locked_people([person])[person]
    line = Line.of(person, tie, unit)
    before = lines_of([person]).get(line, ())
    value = value_on(before, checked_day(on, at=at))
    if value is None:
        raise Invalid(Fault.NOT_A_MEMBER_THEN, on="on", day=on)
    _keep_all(actor, {value.unit}, at=at)
    after = before
    if kind is not None:
        after = changed_from(after, on, _of_kind(kind), same=lambda value: value.kind)
    if standing is not None:
        after = changed_from(after, on, _of_standing(standing), same=lambda value: value.standing)
    if after == before:
        raise Invalid(Fault.NOTHING_CHANGES)
    detail = {"on": on.isoformat(), "kind": kind, "standing": standing, "tie": tie.value}
    entry = record(actor=actor.key, action="organisation.change_membership", subject=found.key, detail=detail)
    write_lines({line: after}, reason=EndReason.CHANGED, entry=entry)
    return Change(entry=entry, people=frozenset({person}))


@transaction.atomic
def end_membership(
    *,
    person: int,
    on: date,
    reason: EndReason,
    actor: Actor,
    at: datetime,
    tie: Tie = Tie.COUNTING,
    unit: int = 0,
) -> Change:
    """End a membership: ``on`` is the first day without it.

    Dying, leaving, being struck off or expelled ends every tie and every post. Ending a tie that does not count ends
    that one alone.

    Raises:
        Refused: the actor does not keep the unit.
        Invalid: no such tie the day before.
    """
    if tie is Tie.COUNTING:
        return end_memberships(endings=[Ending(person, on, reason)], actor=actor, at=at)
    found = locked_people([person])[person]
    checked_day(on, at=at)
    line = Line.of(person, tie, unit)
    before = lines_of([person]).get(line, ())
    after = ended(before, on)
    if not after or after == before:
        raise Invalid(Fault.NOT_A_MEMBER_THEN, on="on", day=on)
    _keep_all(actor, {unit}, at=at)
    detail = {"on": on.isoformat(), "reason": reason.value, "tie": tie.value}
    entry = record(actor=actor.key, action="organisation.end_membership", subject=found.key, detail=detail)
    write_lines({line: after}, reason=reason, entry=entry)
    return Change(entry=entry, people=frozenset({person}))


@transaction.atomic
def end_memberships(*, endings: Sequence[Ending], actor: Actor, at: datetime, file_digest: str = "") -> Change:
    """End many persons' counting memberships with one entry.

    Raises:
        Refused: as :func:`end_membership`.
        Invalid: as :func:`end_membership`.
    """
    people = locked_people(ending.person for ending in endings)
    lines = lines_of(people)
    left: set[int] = set()
    wanted: dict[EndReason, Lines] = {}
    for ending in endings:
        counting = lines.get(Line(ending.person, Tie.COUNTING, 0), ())
        kept = ended(counting, checked_day(ending.on, at=at))
        if not kept or kept == counting:
            raise Invalid(Fault.NOT_A_MEMBER_THEN, on="on", day=ending.on)
        left.add(kept[-1].value.unit)
        own = wanted.setdefault(ending.reason, {})
        for line, phases in lines.items():
            if line.person == ending.person and (ending.reason in LEAVING or line.tie is Tie.COUNTING):
                own[line] = ended(phases, ending.on)
    _keep_all(actor, left, at=at)
    entry = _recorded(
        "end_membership", "end_memberships", people, endings[0].on, actor, len(endings), file_digest, endings[0].reason
    )
    for reason, of_reason in wanted.items():
        write_lines(of_reason, reason=reason, entry=entry)
    for ending in endings:
        if ending.reason in LEAVING:
            end_posts(Post.objects.filter(person=ending.person), on=ending.on, entry=entry)
    return Change(entry=entry, people=frozenset(people))


def _keep_all(actor: Actor, units: set[int], *, at: datetime) -> None:
    locked_units(units)
    for unit in sorted(units):
        can_keep_organisation(actor, unit, at=local_day(at)).require()


def _recorded(  # noqa: PLR0917 - one entry for one or many
    one: str,
    many: str,
    people: dict[int, Person],
    on: date,
    actor: Actor,
    count: int,
    file_digest: str,
    reason: str = "",
) -> Entry:
    single = next(iter(people.values())) if len(people) == 1 else None
    detail: dict[str, object] = {"on": on.isoformat()} if single else {"people": len(people)}
    if single and reason:
        detail["reason"] = str(reason)
    return record(
        actor=actor.key,
        action=f"organisation.{one if single else many}",
        subject=single.key if single else None,
        detail=detail,
        count=count,
        file_digest=file_digest,
    )


def _to(unit: int) -> Callable[[TieValue], TieValue]:
    return lambda value: replace(value, unit=unit)


def _of_kind(kind: MemberKind) -> Callable[[TieValue], TieValue]:
    return lambda value: replace(value, kind=kind)


def _of_standing(standing: Standing) -> Callable[[TieValue], TieValue]:
    return lambda value: replace(value, standing=standing)
