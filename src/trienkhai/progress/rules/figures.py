"""Figures of a roll-out: what each one counts, and where a step stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

from trienkhai.rollouts.rules import (
    ATTENDANCES,
    FIGURE_BY_CODE,
    FIGURES,
    LEADERS,
    MEETINGS_HELD,
    OTHERS_STUDIED,
    CellStudyRule,
    Figure,
    StepKind,
    Subject,
    declared,
)

COUNTS: Mapping[str, str] = {
    "others_studied": OTHERS_STUDIED,
    "attendances": ATTENDANCES,
    "meetings_held": MEETINGS_HELD,
}
"""Figures that are counts alone: nobody owes them, so there is nothing to divide by. ``{code: series}``."""

CODES: tuple[str, ...] = (*FIGURE_BY_CODE, *COUNTS)
"""Every figure, in the order they are shown."""

DEFINITION_VERSION = 1


class Part(StrEnum):
    """Which of those behind a figure are meant."""

    DONE = "done"
    MISSING = "missing"
    DECLARED = "declared"


@dataclass(frozen=True)
class FigureValue:
    """One figure of one unit on one day, as known on a day.

    ``numerator`` of ``denominator`` are counted from facts; ``denominator`` is ``None`` for counts that divide by
    nothing (people who are not members, attendances, meetings). Declared figures of units on paper stand apart, never
    added in. ``leaders_…`` is the leaders' own part of the counted figure, ``None`` where the figure is about units.
    """

    code: str
    numerator: int
    denominator: int | None
    declared_numerator: int
    declared_denominator: int
    leaders_numerator: int | None
    leaders_denominator: int | None
    as_of: date
    known_at: date | None
    definition: str

    @property
    def share(self) -> Fraction | None:
        """Part of those who owe it, 0–1; ``None`` when nobody does or nothing is owed."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None

    @property
    def missing(self) -> int:
        """How many still owe it."""
        return (self.denominator or 0) - self.numerator if self.denominator is not None else 0

    def of_leaders(self) -> "FigureValue":
        """The leaders' own part, as a figure by itself; declared figures do not tell leaders apart."""
        return replace(
            self,
            numerator=self.leaders_numerator or 0,
            denominator=self.leaders_denominator,
            declared_numerator=0,
            declared_denominator=0,
        )

    @property
    def has_declared(self) -> bool:
        """Whether any unit has declared it."""
        return bool(self.declared_denominator or self.declared_numerator)


def definition_id(code: str, rule: CellStudyRule) -> str:
    """The definition a figure was counted by; for cells that studied, the roll-out's own rule is part of it."""
    base = f"{code}@{DEFINITION_VERSION}"
    return f"{base}:{rule}" if code == "units_studied" else base


def series_of(code: str) -> tuple[str, ...]:
    """Every series a figure reads."""
    if code in COUNTS:
        return (COUNTS[code],)
    figure = FIGURE_BY_CODE[code]
    base = (figure.numerator, figure.denominator, declared(code, "numerator"), declared(code, "denominator"))
    if figure.subject is Subject.UNIT:
        return base
    return (*base, figure.numerator + LEADERS, figure.denominator + LEADERS)


ALL_SERIES: tuple[str, ...] = tuple(dict.fromkeys(series for code in CODES for series in series_of(code)))


def value_of(
    code: str, totals: Mapping[str, int], *, as_of: date, known_at: date | None, rule: CellStudyRule
) -> FigureValue:
    """A figure from the totals of its series; those of leaders may be left out."""
    numerator, denominator, told, told_of, leaders, leaders_of = _SERIES[code]
    return FigureValue(
        code=code,
        numerator=totals[numerator],
        denominator=totals[denominator] if denominator else None,
        declared_numerator=totals[told] if told else 0,
        declared_denominator=totals[told_of] if told_of else 0,
        leaders_numerator=totals.get(leaders),
        leaders_denominator=totals.get(leaders_of),
        as_of=as_of,
        known_at=known_at,
        definition=definition_id(code, rule),
    )


def _series(code: str) -> tuple[str, ...]:
    """The six series of a figure in the order of :class:`FigureValue`; empty where it has none."""
    found = series_of(code)
    return (*found, *[""] * (6 - len(found)))


_SERIES = {code: _series(code) for code in CODES}


def minus(whole: FigureValue, parts: Sequence[FigureValue]) -> FigureValue:
    """What of a figure is left when parts of it are taken out: those who belong to a unit itself."""
    return replace(
        whole,
        numerator=whole.numerator - sum(part.numerator for part in parts),
        denominator=_left(whole.denominator, [part.denominator for part in parts]),
        declared_numerator=whole.declared_numerator - sum(part.declared_numerator for part in parts),
        declared_denominator=whole.declared_denominator - sum(part.declared_denominator for part in parts),
        leaders_numerator=_left(whole.leaders_numerator, [part.leaders_numerator for part in parts]),
        leaders_denominator=_left(whole.leaders_denominator, [part.leaders_denominator for part in parts]),
    )


def _left(whole: int | None, parts: Sequence[int | None]) -> int | None:
    return None if whole is None else whole - sum(part or 0 for part in parts)


class StepState(StrEnum):
    """Where a step stands on a day (words of the page kit)."""

    DONE = "done"
    RUNNING = "running"
    LATE = "late"
    NOT_DUE = "not_due"
    NONE = "none"


def state_of(value: FigureValue, deadline_on: date | None) -> StepState:
    """Where a step stands on the figure's day; a deadline is the end of its local day."""
    if not value.denominator:
        return StepState.NONE
    if value.numerator >= value.denominator:
        return StepState.DONE
    if deadline_on is not None and value.as_of > deadline_on:
        return StepState.LATE
    return StepState.RUNNING if value.numerator else StepState.NOT_DUE


MAIN_FIGURE: Mapping[StepKind, str] = {
    StepKind.RECEIVE: "units_received",
    StepKind.PLAN: "units_planned",
    StepKind.STUDY: "persons_studied",
    StepKind.PAPER: "papers_submitted",
}
"""The figure that stands for a step in the line of steps."""


TABLED: tuple[str, ...] = tuple(code for code in CODES if code in MAIN_FIGURE.values() or code == "units_studied")
"""The figures shown of each unit below another."""

TABLED_SERIES: tuple[str, ...] = tuple(dict.fromkeys(name for code in TABLED for name in series_of(code)[:4]))
"""What they read, without the leaders' own part."""


def figures_of_steps(kinds: Sequence[StepKind]) -> tuple[Figure, ...]:
    """The figures a roll-out with these steps has, in order."""
    return tuple(figure for figure in FIGURES if figure.step in kinds)
