"""People a row of a list may be."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q

from trienkhai.organisation.models import Membership, Person
from trienkhai.organisation.policies import kept_units
from trienkhai.organisation.queries.units import states_on, unit_rows
from trienkhai.organisation.rules import Actor, Tie, UnitKind


def importable_units(actor: Actor, day: date) -> list[tuple[str, str]]:
    """Key and name of the units the actor may take a list in for: those above cells; cells when there are no others."""
    states = states_on(day).filter(unit__in=kept_units(actor, at=day))
    upper = states.filter(kind__in=[UnitKind.BASE.value, UnitKind.SECTION.value, UnitKind.UPPER.value])
    return [(str(state.unit.key), state.name) for state in (upper or states)]


def candidates_of(keys: Sequence[UUID], day: date) -> list[tuple[Person, str]]:
    """The people with the name of the unit they count in on the day or later, empty for none; in the order given."""
    people = {person.key: person for person in Person.objects.filter(key__in=keys)}
    ties = Membership.objects.current().filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=day), person__in=people.values(), tie=Tie.COUNTING.value
    )
    units = dict(ties.order_by("starts_on").values_list("person", "unit"))
    names = unit_rows(set(units.values()), day)
    found = []
    for key in keys:
        if (person := people.get(key)) is not None:
            row = names.get(units.get(person.pk, 0))
            found.append((person, row.name if row else ""))
    return found
