"""Which unit lay in which others on which days."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from trienkhai.core.periods import ALWAYS, FOREVER, Period, joined


@dataclass(frozen=True)
class Hanging:
    """A unit's parent for some days; no parent: at the top."""

    parent: int | None
    period: Period


class Lying(NamedTuple):
    """``descendant`` lay in ``ancestor``, ``depth`` levels down, in ``period``."""

    ancestor: int
    descendant: int
    depth: int
    period: Period


class CycleError(ValueError):
    """A unit would lie in itself on some day."""

    def __init__(self, unit: int) -> None:
        super().__init__(f"unit {unit} lies in itself")
        self.unit = unit


def lyings(units: Iterable[int], hangings: Mapping[int, Sequence[Hanging]]) -> Iterator[Lying]:
    """Every unit each of ``units`` lay in, itself for all days included.

    ``hangings`` of the units and of everything they ever hung under, each unit's without overlaps.

    Raises:
        CycleError: on some day a chain of parents comes back to where it was.
    """
    for unit in units:
        yield Lying(unit, unit, 0, Period(ALWAYS, FOREVER))
        found: dict[tuple[int, int], list[Period]] = {}
        _climb((unit,), Period(ALWAYS, FOREVER), hangings, found)
        for (ancestor, depth), periods in sorted(found.items()):
            for period in joined(periods):
                yield Lying(ancestor, unit, depth, period)


def _climb(
    chain: tuple[int, ...],
    period: Period,
    hangings: Mapping[int, Sequence[Hanging]],
    found: dict[tuple[int, int], list[Period]],
) -> None:
    for hanging in hangings.get(chain[-1], ()):
        days = hanging.period & period
        if hanging.parent is None or not days:
            continue
        if hanging.parent in chain:
            raise CycleError(hanging.parent)
        found.setdefault((hanging.parent, len(chain)), []).append(days)
        _climb((*chain, hanging.parent), days, hangings, found)
