"""What holds on which days, and changing it from a day on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from trienkhai.core.periods import Period


@dataclass(frozen=True)
class Phase[V]:
    """A value that holds for some days."""

    period: Period
    value: V


type Timeline[V] = tuple[Phase[V], ...]
"""Phases in order that do not overlap; there may be gaps."""


def value_on[V](timeline: Timeline[V], day: date) -> V | None:
    """What holds on ``day``."""
    return next((phase.value for phase in timeline if day in phase.period), None)


def span(timeline: Timeline[object]) -> Period | None:
    """From the first day to the last; ``None`` of nothing."""
    if not timeline:
        return None
    return Period(timeline[0].period.start, timeline[-1].period.end)


def changed_from[V](
    timeline: Timeline[V], on: date, change: Callable[[V], V], *, same: Callable[[V], object]
) -> Timeline[V]:
    """``change`` applied from ``on`` for as long as ``same`` of the value stays what it was on ``on`` without a gap.

    So a change entered late does not undo a later one of the same sort, and leaves later ones of other sorts standing.
    Nothing holds on ``on``: nothing changes.
    """
    return _changed(timeline, _run(timeline, on, same) & Period(on), change)


def corrected[V](
    timeline: Timeline[V], on: date, change: Callable[[V], V], *, same: Callable[[V], object]
) -> Timeline[V]:
    """``change`` applied to all the days around ``on`` on which ``same`` of the value is one and the same."""
    return _changed(timeline, _run(timeline, on, same), change)


def ended[V](timeline: Timeline[V], on: date) -> Timeline[V]:
    """The days before ``on`` only."""
    before = Period(date.min, on)
    return tuple(Phase(days, p.value) for p in timeline if (days := p.period & before))


def tidy[V](phases: Iterable[Phase[V]]) -> Timeline[V]:
    """In order, neighbours of equal value joined."""
    result: list[Phase[V]] = []
    for phase in sorted((p for p in phases if p.period), key=lambda p: p.period):
        last = result[-1] if result else None
        if last is not None and last.value == phase.value and last.period.end == phase.period.start:
            result[-1] = Phase(Period(last.period.start, phase.period.end), phase.value)
        else:
            result.append(phase)
    return tuple(result)


def overlaps(timeline: Timeline[object]) -> bool:
    """Whether two phases share a day."""
    ordered = sorted(p.period for p in timeline)
    return any(first.end > second.start for first, second in pairwise(ordered))


def _run[V](timeline: Timeline[V], on: date, same: Callable[[V], object]) -> Period:
    """The unbroken days around ``on`` with one ``same``; empty when nothing holds on ``on``."""
    for index, phase in enumerate(timeline):
        if on not in phase.period:
            continue
        start, end, mark = phase.period.start, phase.period.end, same(phase.value)
        for later in timeline[index + 1 :]:
            if later.period.start != end or same(later.value) != mark:
                break
            end = later.period.end
        for earlier in reversed(timeline[:index]):
            if earlier.period.end != start or same(earlier.value) != mark:
                break
            start = earlier.period.start
        return Period(start, end)
    return Period(on, on)


def _changed[V](timeline: Timeline[V], days: Period, change: Callable[[V], V]) -> Timeline[V]:
    pieces: list[Phase[V]] = []
    for phase in timeline:
        inside = phase.period & days
        if not inside:
            pieces.append(phase)
            continue
        pieces.append(Phase(Period(phase.period.start, inside.start), phase.value))
        pieces.append(Phase(inside, change(phase.value)))
        pieces.append(Phase(Period(inside.end, phase.period.end), phase.value))
    return tidy(pieces)
