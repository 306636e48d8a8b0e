"""How one delta counts for an ancestor through the two times of the tree."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from trienkhai.core.periods import FOREVER


@dataclass(frozen=True)
class Rectangle:
    """A leaf lay under an ancestor on ``[starts_on, ends_on)``, as known in ``[recorded_on, superseded_on)``."""

    starts_on: date
    ends_on: date
    recorded_on: date
    superseded_on: date

    def __bool__(self) -> bool:
        return self.starts_on < self.ends_on and self.recorded_on < self.superseded_on


def corners(valid_on: date, recorded_on: date, rectangle: Rectangle) -> Iterator[tuple[date, date, int]]:
    """What a delta of +1 in the leaf adds to the ancestor: ``(valid_on, recorded_on, ±1)``, at most four.

    The sum of all corners with ``valid ≤ D`` and ``recorded ≤ K`` is 1 exactly when the delta is known and valid at
    (D, K) and (D, K) lies in the rectangle. Corners at ``date.max`` never count and are left out.
    """
    for day, by_day in ((max(valid_on, rectangle.starts_on), 1), (max(valid_on, rectangle.ends_on), -1)):
        for known, by_known in (
            (max(recorded_on, rectangle.recorded_on), 1),
            (max(recorded_on, rectangle.superseded_on), -1),
        ):
            if FOREVER not in {day, known}:
                yield day, known, by_day * by_known
