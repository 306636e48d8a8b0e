"""Units on any day, as known on any day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from trienkhai.figures.queries import keys_under
from trienkhai.organisation.models import Membership, Person, Unit, UnitState, held_on
from trienkhai.organisation.rules import Actor, Role, UnitKind


@dataclass(frozen=True)
class UnitRow:
    """A unit as it was on a day."""

    id: int
    key: str
    name: str
    short_name: str
    kind: UnitKind
    parent_id: int | None

    @classmethod
    def of(cls, state: UnitState) -> "UnitRow":
        """The row of a state whose unit has been loaded."""
        return cls(
            id=state.unit_id,
            key=str(state.unit.key),
            name=state.name,
            short_name=state.short_name,
            kind=UnitKind(state.kind),
            parent_id=state.parent_id,
        )


def states_on(day: date, *, known_at: date | None = None) -> QuerySet[UnitState]:
    """Every unit's state on ``day``, in the order of their names."""
    return UnitState.objects.known_at(known_at).filter(held_on(day)).select_related("unit").order_by("sort_key", "pk")


_COLUMNS = ("unit", "unit__key", "name", "short_name", "kind", "parent")


def rows_among(states: QuerySet[UnitState]) -> list[UnitRow]:
    """The rows of these states, in their order; a page shows hundreds, so no models are made of them."""
    return [
        UnitRow(unit, str(key), name, short_name, UnitKind(kind), parent)
        for unit, key, name, short_name, kind, parent in states.values_list(*_COLUMNS)
    ]


def unit_rows(units: Iterable[int], day: date, *, known_at: date | None = None) -> Mapping[int, UnitRow]:
    """These units as they were on ``day``; a unit not open that day is left out."""
    ids = list(units)
    if not ids:
        return {}
    return {row.id: row for row in rows_among(states_on(day, known_at=known_at).filter(unit__in=ids))}


def children_of(unit: Unit | int, day: date, *, known_at: date | None = None) -> Sequence[UnitRow]:
    """The units directly below, by name."""
    parent = unit if isinstance(unit, int) else unit.pk
    return rows_among(states_on(day, known_at=known_at).filter(parent=parent))


def top_units(day: date) -> Sequence[UnitRow]:
    """The units under no other."""
    return rows_among(states_on(day).filter(parent__isnull=True))


def home_unit(actor: Actor, day: date) -> UnitRow | None:
    """The unit an actor works for before all others: that of their office, else of their post, else where they belong.

    Whoever runs the installation works for its own unit: from the top down past upper units with a single unit below.
    """
    for role in (Role.OFFICE, Role.SECRETARY, Role.MEMBER):
        if held := unit_rows(actor.units(role), day):
            return min(held.values(), key=lambda row: row.id)
    if not actor.is_installer or not (found := top_units(day)):
        return None
    home = found[0]
    while home.kind is UnitKind.UPPER and len(below := children_of(home.id, day)) == 1:
        home = below[0]
    return home


def units_under(unit: Unit | int, day: date, *, known_at: date | None = None) -> QuerySet[Unit]:
    """The unit itself and everything below it on ``day``, as known at ``known_at``."""
    key = unit if isinstance(unit, int) else unit.pk
    return Unit.objects.filter(pk__in=keys_under(key, day, known_at=known_at))


def people_in(unit: Unit | int, day: date, *, below: bool = False) -> QuerySet[Person]:
    """People with a tie to the unit (or, with ``below``, anywhere below it) on ``day``, by given name."""
    key = unit if isinstance(unit, int) else unit.pk
    units = keys_under(key, day) if below else [key]
    ties = Membership.objects.current().filter(held_on(day), unit__in=units)
    return Person.objects.filter(merged_into__isnull=True, pk__in=ties.values("person")).order_by("sort_key", "pk")


def name_of(unit: Unit | int, day: date) -> str:
    """The unit's name on ``day``; the nearest one it had when it was not open then, empty when it never had one."""
    key = unit if isinstance(unit, int) else unit.pk
    states = UnitState.objects.current().filter(unit=key)
    state = states.filter(held_on(day)).first() or states.order_by("-starts_on").first()
    return state.name if state else ""
