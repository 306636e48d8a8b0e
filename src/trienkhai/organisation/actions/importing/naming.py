"""Which units a list's names are: those of that name already there, or new ones."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from trienkhai.core.decisions import Invalid, Refused
from trienkhai.imports.models import ImportBatch, ImportUnit
from trienkhai.imports.rules.states import BatchState, ImportFault, UnitDecision
from trienkhai.imports.rules.unit_names import unit_key
from trienkhai.ledger.clock import local_day
from trienkhai.organisation.actions.changes import checked_name, lock_tree
from trienkhai.organisation.models import Unit, UnitState
from trienkhai.organisation.policies import can_keep_organisation, kept_units
from trienkhai.organisation.rules import Actor, Fault, UnitKind, may_hang_under
from trienkhai.text import clean_line

_LONGEST_NAME = 250


@dataclass(frozen=True)
class UnitAnswer:
    """What someone said of a unit the list names. ``target`` is the unit it is, ``name`` and ``kind`` of a new one."""

    decision: UnitDecision
    target: UUID | None = None
    name: str = ""
    kind: UnitKind = UnitKind.CELL


@dataclass(frozen=True)
class _Named:
    """A unit that is there, under one of its names."""

    key: UUID
    id: int
    parent: int | None
    name: str


class _Directory:
    """Units the actor keeps that are open on the list's day or later, by what spellings of their names share."""

    def __init__(self, batch: ImportBatch, actor: Actor, at: datetime) -> None:
        self._by_key: dict[str, list[_Named]] = defaultdict(list)
        open_then = Q(ends_on__isnull=True) | Q(ends_on__gt=batch.holds_from)
        states = UnitState.objects.current().filter(open_then)
        states = states.filter(unit__in=kept_units(actor, at=local_day(at))).select_related("unit").order_by("pk")
        for state in states:
            named = _Named(state.unit.key, state.unit_id, state.parent_id, state.name)
            for key in {unit_key(state.name), unit_key(state.short_name)} - {""}:
                if all(named.id != other.id for other in self._by_key[key]):
                    self._by_key[key].append(named)

    def find(self, key: str, parents: frozenset[int] | None, lead: int) -> tuple[_Named | None, bool]:
        """The unit a name means, and whether that is sure: one of the name, or the one in its place in the tree."""
        for spelling, is_exact in _spellings(key):
            found = self._by_key.get(spelling, [])
            inside = [named for named in found if parents and named.parent in parents]
            near = inside or [named for named in found if lead in {named.parent, named.id}] or found
            if near:
                return near[0], is_exact and len(near) == 1
        return None, False

    def ids(self, key: str) -> frozenset[int]:
        """Units a parent's name may mean."""
        for spelling, _is_exact in _spellings(key):
            if spelling in self._by_key:
                return frozenset(named.id for named in self._by_key[spelling])
        return frozenset()


def _spellings(key: str) -> list[tuple[str, bool]]:
    """The key itself, then with and without the word for a cell or a committee: likely, to be confirmed."""
    others = [f"chi bo {key}"]
    if key.startswith("chi bo "):
        others = [key.removeprefix("chi bo ")]
    if key.startswith("dang ui "):
        others = [key.replace("dang ui", "dang bo", 1)]
    if key.startswith("dang bo "):
        others = [key.replace("dang bo", "dang ui", 1)]
    return [(key, True), *((other, False) for other in others)]


@transaction.atomic
def suggest_units(*, key: UUID, actor: Actor, at: datetime) -> ImportBatch:
    """Note for each unit the list names which one it seems to be: an existing one, or a new one under the lead unit.

    Raises:
        Refused: the actor does not keep the lead unit, or the list has not been read.
    """
    batch, lead = locked_batch(key, actor=actor, at=at, states={BatchState.READ, BatchState.MATCHED})
    directory = _Directory(batch, actor, at)
    batch.units.update(decision=UnitDecision.NEW.value, target=None, is_sure=False)
    there = []
    for unit in batch.units.order_by("position"):
        parents = directory.ids(unit.parent_folded) if unit.parent_folded else None
        found, is_sure = directory.find(unit.folded, parents, lead.pk)
        if found is not None:
            unit.decision, unit.target, unit.is_sure = UnitDecision.EXISTING.value, found.key, is_sure
            there.append(unit)
    ImportUnit.objects.bulk_update(there, ["decision", "target", "is_sure"], batch_size=500)
    return batch


@transaction.atomic
def confirm_units(*, key: UUID, answers: Mapping[int, UnitAnswer], actor: Actor, at: datetime) -> ImportBatch:
    """Note what someone said of the units. Units not mentioned stay as suggested.

    Raises:
        Refused: the actor does not keep the lead unit or one that was named, or the list is not at this point.
        Invalid: a new unit without a name, or one that cannot hang where it would; ``on`` is ``unit-<id>``.
    """
    batch, lead = locked_batch(key, actor=actor, at=at, states={BatchState.READ, BatchState.MATCHED})
    named = {unit.pk: unit for unit in batch.units.order_by("position")}
    keys = {answer.target for answer in answers.values() if answer.target}
    allowed = set(kept_units(actor, at=local_day(at)).filter(key__in=keys).values_list("key", flat=True))
    for pk, answer in answers.items():
        unit = named.get(pk)
        if unit is None:
            raise Invalid(Fault.UNIT_UNKNOWN, on="units")
        _note(unit, answer, allowed)
    check_kinds(list(named.values()), lead)
    ImportUnit.objects.bulk_update(named.values(), ["decision", "target", "name", "kind", "is_sure"], batch_size=500)
    batch.state = BatchState.READ.value
    batch.save(update_fields=["state"])
    return batch


def _note(unit: ImportUnit, answer: UnitAnswer, allowed: set[UUID]) -> None:
    unit.decision, unit.is_sure, unit.target = answer.decision.value, True, None
    if answer.decision is UnitDecision.EXISTING:
        if answer.target not in allowed:
            raise Invalid(Fault.UNIT_UNKNOWN, on=f"unit-{unit.pk}")
        unit.target = answer.target
    elif answer.decision is UnitDecision.NEW:
        unit.name = checked_name(answer.name or unit.name, longest=_LONGEST_NAME, on=f"unit-{unit.pk}")
        unit.kind = answer.kind.value


def check_kinds(named: list[ImportUnit], lead: Unit) -> None:
    """Every new unit is of a kind that may hang where it will.

    Raises:
        Invalid: naming the unit.
    """
    kinds = {unit.folded: UnitKind(unit.kind) for unit in named if unit.decision == UnitDecision.NEW}
    targets = {unit.folded: unit.target for unit in named if unit.decision == UnitDecision.EXISTING}
    known = dict(
        UnitState.objects.current()
        .filter(unit__key__in={*targets.values(), lead.key})
        .order_by("starts_on")
        .values_list("unit__key", "kind")
    )
    for unit in named:
        if unit.decision != UnitDecision.NEW:
            continue
        above = kinds.get(unit.parent_folded) if unit.parent_folded != unit.folded else None
        if above is None:
            above = UnitKind(known.get(targets.get(unit.parent_folded) or lead.key, UnitKind.BASE.value))
        if not may_hang_under(UnitKind(unit.kind), above):
            raise Invalid(Fault.UNIT_WRONG_LEVEL, on=f"unit-{unit.pk}", name=clean_line(unit.name))


def locked_batch(key: UUID, *, actor: Actor, at: datetime, states: set[BatchState]) -> tuple[ImportBatch, Unit]:
    """The batch and its lead unit, locked, if the actor keeps that and the batch has come so far.

    Raises:
        Refused: neither.
    """
    lock_tree()
    batch = ImportBatch.objects.select_for_update(of=("self",)).get(key=key)
    lead = Unit.objects.filter(key=batch.unit).first()
    if lead is None:
        raise Refused(Fault.UNIT_UNKNOWN)
    can_keep_organisation(actor, lead.pk, at=local_day(at)).require()
    if batch.state == BatchState.DONE:
        raise Refused(ImportFault.DONE_ALREADY)
    if batch.state not in states:
        raise Refused(ImportFault.NOT_NOW)
    return batch, lead
