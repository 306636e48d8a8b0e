"""How large the organisations are."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """How many members and cells; ``branching``: how many units on each level between the root and the cells."""

    members: int
    cells: int
    branching: tuple[int, ...]


SIZES = {
    "ward": Size(members=2_500, cells=90, branching=()),
    "city": Size(members=25_000, cells=1_000, branching=(16,)),
    "province": Size(members=370_000, cells=10_000, branching=(170,)),
    "nation": Size(members=5_600_000, cells=250_000, branching=(34, 100)),
}
"""The scales benchmarks speak of; about 25 members a cell."""
