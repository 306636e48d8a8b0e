"""Figures of any unit, on any day, as known on any day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from trienkhai.figures.queries import totals_by_unit
from trienkhai.organisation.models import Unit
from trienkhai.organisation.queries import UnitRow, children_of
from trienkhai.progress.rules.figures import ALL_SERIES, CODES, TABLED, TABLED_SERIES, FigureValue, value_of
from trienkhai.rollouts.models import Rollout
from trienkhai.rollouts.rules import CellStudyRule


@dataclass(frozen=True)
class ChildFigures:
    """A unit directly below another, and its figures in the order of :data:`CODES`."""

    unit: UnitRow
    figures: tuple[FigureValue, ...]

    def __getitem__(self, code: str) -> FigureValue:
        return self.figures[CODES.index(code)]


def figures(
    *, rollout: Rollout, unit: Unit | int, as_of: date, known_at: date | None = None
) -> tuple[FigureValue, ...]:
    """Every figure of ``unit`` and all below it on ``as_of`` (inclusive), as known at the end of ``known_at``.

    Numerator and denominator are counted; what units declare stands apart. In the order of
    :data:`trienkhai.progress.rules.figures.CODES`. Three statements.
    """
    key = unit if isinstance(unit, int) else unit.pk
    return figures_of_units(rollout=rollout, units=[key], as_of=as_of, known_at=known_at)[key]


def figures_of_units(
    *, rollout: Rollout, units: Sequence[int], as_of: date, known_at: date | None = None
) -> dict[int, tuple[FigureValue, ...]]:
    """The figures of several units at once: as many statements as for one."""
    found = totals_by_unit(scope=rollout.scope, codes=ALL_SERIES, units=units, as_of=as_of, known_at=known_at)
    rule = CellStudyRule(rollout.cell_study_rule)
    return {
        key: tuple(value_of(code, totals, as_of=as_of, known_at=known_at, rule=rule) for code in CODES)
        for key, totals in found.items()
    }


def tabled_figures(
    *, rollout: Rollout, units: Sequence[int], as_of: date, known_at: date | None = None
) -> dict[int, dict[str, FigureValue]]:
    """Of each unit the :data:`TABLED` figures alone, without the leaders' own part: half the ranges to be read."""
    found = totals_by_unit(scope=rollout.scope, codes=TABLED_SERIES, units=units, as_of=as_of, known_at=known_at)
    rule = CellStudyRule(rollout.cell_study_rule)
    return {
        key: {code: value_of(code, totals, as_of=as_of, known_at=known_at, rule=rule) for code in TABLED}
        for key, totals in found.items()
    }


def figures_by_child(
    *, rollout: Rollout, unit: Unit | int, as_of: date, known_at: date | None = None
) -> Sequence[ChildFigures]:
    """The figures of each unit directly below ``unit`` on that day, by name. Statements do not grow with them."""
    children = children_of(unit, as_of, known_at=known_at)
    keys = [child.id for child in children]
    found = figures_of_units(rollout=rollout, units=keys, as_of=as_of, known_at=known_at) if keys else {}
    return [ChildFigures(child, found[child.id]) for child in children]
