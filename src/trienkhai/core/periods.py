"""Half-open periods of days."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

FOREVER = date.max
ALWAYS = date.min


@dataclass(frozen=True, order=True)
class Period:
    """Days from ``start`` up to, not including, ``end``. ``FOREVER`` as end means open."""

    start: date
    end: date = FOREVER

    @classmethod
    def of(cls, start: date, end: date | None) -> "Period":
        """The period of a row whose open end is ``None``."""
        return cls(start, end or FOREVER)

    def __bool__(self) -> bool:
        return self.start < self.end

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def __and__(self, other: "Period") -> "Period":
        return Period(max(self.start, other.start), min(self.end, other.end))

    @property
    def end_or_none(self) -> date | None:
        """The end as a row keeps it: ``None`` when open."""
        return None if self.end == FOREVER else self.end


def joined(periods: Iterable[Period]) -> Iterator[Period]:
    """The same days in as few periods as possible, in order."""
    open_one: Period | None = None
    for period in sorted(p for p in periods if p):
        if open_one is None:
            open_one = period
        elif period.start <= open_one.end:
            open_one = Period(open_one.start, max(open_one.end, period.end))
        else:
            yield open_one
            open_one = period
    if open_one is not None:
        yield open_one
