"""What the page of a roll-out shows of one unit on one day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import QuerySet

from trienkhai.figures.queries import daily, paths_on
from trienkhai.organisation.models import Unit
from trienkhai.organisation.queries import UnitRow, children_of, unit_rows
from trienkhai.progress.queries.facts import Asked
from trienkhai.progress.queries.values import figures_of_units, tabled_figures
from trienkhai.progress.rules.figures import (
    COUNTS,
    MAIN_FIGURE,
    TABLED,
    FigureValue,
    StepState,
    figures_of_steps,
    minus,
    state_of,
)
from trienkhai.rollouts.models import Step
from trienkhai.rollouts.queries import steps_of
from trienkhai.rollouts.rules import FIGURE_BY_CODE, StepKind


@dataclass(frozen=True)
class FigureLine:
    """A figure and where its step stands."""

    value: FigureValue
    state: StepState
    deadline_on: date | None


@dataclass(frozen=True)
class UnitLine:
    """A unit below and its :data:`TABLED` figures. ``state`` is that of the step that stands worst."""

    unit: UnitRow
    lines: tuple[FigureLine, ...]
    state: StepState
    missing: int

    def __getitem__(self, code: str) -> FigureLine:
        return next(line for line in self.lines if line.value.code == code)


@dataclass(frozen=True)
class Overview:
    """Everything the page shows, without its words."""

    asked: Asked
    unit: UnitRow
    above: Sequence[UnitRow]
    steps: Mapping[StepKind, Step]
    lines: tuple[FigureLine, ...]
    counts: tuple[FigureValue, ...]
    below: Sequence[UnitLine]
    direct: UnitLine | None
    """Those who belong to the unit itself, not to one below; ``None`` when nobody does or when not all is shown."""

    def __getitem__(self, code: str) -> FigureLine:
        return next(line for line in self.lines if line.value.code == code)

    @property
    def codes(self) -> tuple[str, ...]:
        """The shares this roll-out has."""
        return tuple(line.value.code for line in self.lines)

    @property
    def main_lines(self) -> tuple[tuple[StepKind, FigureLine], ...]:
        """The figure that stands for each step."""
        return tuple((kind, self[MAIN_FIGURE[kind]]) for kind in self.steps)


_WORST = (StepState.LATE, StepState.NOT_DUE, StepState.RUNNING, StepState.DONE, StepState.NONE)


def overview(asked: Asked, *, covered: QuerySet[Unit], is_covered: bool) -> Overview | None:
    """The page of ``asked``; ``None`` when the unit was not open that day.

    Args:
        asked: the roll-out, unit and days.
        covered: units whose figures the reader may open; of those below, no others are shown.
        is_covered: whether the unit asked about is one of them.
    """
    steps = steps_of(asked.rollout)
    rows = unit_rows({asked.unit_id}, asked.as_of, known_at=asked.known_at)
    if asked.unit_id not in rows:
        return None
    unit = rows[asked.unit_id]
    mine = figures_of_units(rollout=asked.rollout, units=[asked.unit_id], as_of=asked.as_of, known_at=asked.known_at)[
        asked.unit_id
    ]
    children = _children(asked, covered, steps, all_of_them=is_covered)
    lines = _lines({value.code: value for value in mine}, _deadlines(steps))
    return Overview(
        asked=asked,
        unit=unit,
        above=_above(asked, covered),
        steps=steps,
        lines=lines,
        counts=tuple(value for value in mine if value.code in COUNTS),
        below=sorted(children, key=lambda line: _WORST.index(line.state)),
        direct=_direct(unit, lines, children) if is_covered and children else None,
    )


def _lines(values: Mapping[str, FigureValue], deadlines: Mapping[str, date | None]) -> tuple[FigureLine, ...]:
    """The figures the roll-out has, of those given."""
    shown = [(values[code], deadline) for code, deadline in deadlines.items() if code in values]
    return tuple(FigureLine(value, state_of(value, deadline), deadline) for value, deadline in shown)


def _deadlines(steps: Mapping[StepKind, Step]) -> dict[str, date | None]:
    """The figures a roll-out with these steps has, in order, each with its deadline."""
    return {figure.code: _deadline(figure.code, steps) for figure in figures_of_steps(tuple(steps))}


def _deadline(code: str, steps: Mapping[StepKind, Step]) -> date | None:
    """The step's deadline; none for accepting papers, which is the reader's work and has no day set."""
    return None if code == "papers_accepted" else steps[FIGURE_BY_CODE[code].step].deadline_on


def _children(
    asked: Asked, covered: QuerySet[Unit], steps: Mapping[StepKind, Step], *, all_of_them: bool
) -> list[UnitLine]:
    """The units directly below; for a reader who does not cover the unit, their own units below it instead."""
    if all_of_them:
        return _table(asked, children_of(asked.unit_id, asked.as_of, known_at=asked.known_at), steps)
    own = covered.filter(pk__in=asked.under).exclude(pk=asked.unit_id)
    rows = unit_rows(own.values_list("pk", flat=True), asked.as_of, known_at=asked.known_at)
    return _table(asked, [row for row in rows.values() if row.parent_id not in rows], steps)


def _table(asked: Asked, units: Sequence[UnitRow], steps: Mapping[StepKind, Step]) -> list[UnitLine]:
    keys = [row.id for row in units]
    values = tabled_figures(rollout=asked.rollout, units=keys, as_of=asked.as_of, known_at=asked.known_at)
    deadlines = _deadlines(steps)
    return [_unit_line(row, _lines(values[row.id], deadlines)) for row in units]


def _unit_line(unit: UnitRow, lines: tuple[FigureLine, ...]) -> UnitLine:
    mains = [line for line in lines if line.value.code in MAIN_FIGURE.values() and line.state is not StepState.NONE]
    state = min((line.state for line in mains), key=_WORST.index, default=StepState.NONE)
    return UnitLine(unit, lines, state, sum(line.value.missing for line in mains))


def _direct(unit: UnitRow, lines: Sequence[FigureLine], children: Sequence[UnitLine]) -> UnitLine | None:
    rest = []
    for line in lines:
        if line.value.code in TABLED:
            whole = replace(line.value, leaders_numerator=None, leaders_denominator=None)
            value = minus(whole, [child[line.value.code].value for child in children])
            rest.append(FigureLine(value, state_of(value, line.deadline_on), line.deadline_on))
    own = _unit_line(unit, tuple(rest))
    return own if any(figure.value.denominator or figure.value.has_declared for figure in rest) else None


def _above(asked: Asked, covered: QuerySet[Unit]) -> list[UnitRow]:
    """The units between the lead and this one that the reader may open, from the top; the lead always."""
    if asked.unit_id == asked.rollout.lead_id:
        return []
    paths = paths_on(asked.as_of, known_at=asked.known_at).filter(descendant=asked.unit_id)
    depths = dict(paths.values_list("ancestor", "depth"))
    highest = depths.get(asked.rollout.lead_id, 0)
    inside = [unit for unit, depth in depths.items() if 0 < depth <= highest]
    shown = {*covered.filter(pk__in=inside).values_list("pk", flat=True), asked.rollout.lead_id} & set(inside)
    rows = unit_rows(shown, asked.as_of, known_at=asked.known_at)
    return sorted(rows.values(), key=lambda row: -depths[row.id])


# --- The burn-up picture ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Course:
    """How one figure came about: how many had, and how many owed, from each day on which either changed."""

    code: str
    done: tuple[tuple[date, int], ...]
    owed: tuple[tuple[date, int], ...]
    deadline_on: date | None

    @property
    def table(self) -> list[tuple[date, int, int]]:
        """(day, done, owed) for every day on which the first changed, and the last one."""
        owed = dict(self.owed)
        level, rows, done = 0, [], dict(self.done)
        last = max([*done, *owed], default=None)
        count = 0
        for day in sorted({*done, *owed}):
            level = owed.get(day, level)
            count = done.get(day, count)
            if day in done or day == last:
                rows.append((day, count, level))
        return rows


AFTERWARDS = timedelta(days=14)


def drawn_until(course: Course, as_of: date) -> date:
    """The last day of the picture: nothing happens for ever after, and a picture of nothing says nothing."""
    last = max(*(day for day, _level in (*course.done, *course.owed)), course.deadline_on or date.min)
    return min(as_of, last + AFTERWARDS)


CHARTED = ("persons_studied", "papers_submitted")


def courses(asked: Asked, steps: Mapping[StepKind, Step]) -> list[Course]:
    """How study and papers came about until the day asked for, as known then."""
    figures = [FIGURE_BY_CODE[code] for code in CHARTED if FIGURE_BY_CODE[code].step in steps]
    codes = [code for figure in figures for code in (figure.numerator, figure.denominator)]
    changed = daily(
        scope=asked.rollout.scope, codes=codes, unit=asked.unit_id, until=asked.as_of, known_at=asked.known_at
    )
    return [
        Course(
            figure.code,
            _levels(changed[figure.numerator], asked.rollout.opens_on),
            _levels(changed[figure.denominator], asked.rollout.opens_on),
            steps[figure.step].deadline_on,
        )
        for figure in figures
        if changed[figure.denominator]
    ]


def _levels(changes: Sequence[tuple[date, int]], first: date) -> tuple[tuple[date, int], ...]:
    """Running totals, with everything before the roll-out's first day put onto it."""
    level, levels = 0, {}
    for day, change in changes:
        level += change
        levels[max(day, first)] = level
    return tuple(sorted(levels.items()))
