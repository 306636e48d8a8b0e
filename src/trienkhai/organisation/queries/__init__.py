"""Reading the organisation on any day, as known on any day."""

from trienkhai.organisation.queries.actors import actor_for
from trienkhai.organisation.queries.signing import committee_of, issuer_of, seat_on, signer_of
from trienkhai.organisation.queries.units import (
    UnitRow,
    children_of,
    home_unit,
    name_of,
    people_in,
    states_on,
    top_units,
    unit_rows,
    units_under,
)

__all__ = [
    "UnitRow",
    "actor_for",
    "children_of",
    "committee_of",
    "home_unit",
    "issuer_of",
    "name_of",
    "people_in",
    "seat_on",
    "signer_of",
    "states_on",
    "top_units",
    "unit_rows",
    "units_under",
]
