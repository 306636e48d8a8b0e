"""Days in lists: whole, a month, or a year alone; kept as "1968-05-12", "1968-05" or "1968"."""

import re
from datetime import date, datetime
from functools import lru_cache

from trienkhai.imports.rules.cells import Cell, text_of
from trienkhai.text import DayError, DayFault, PartialDate, parse_day

_BLANKED_DAY = re.compile(r"\D*0{0,2}\D+0{0,2}\D*(\d{4})")
_BLANKED_MONTH = re.compile(r"(?:0{1,2}|[.…_\-\s]+)[/.\-](\d{1,2}[/.\-]\d{4})")
_TIME_OF_DAY = re.compile(r"[ T]00:00(:00)?$")
_SHORTEST_NUMBER = 4
"""Fewer digits are neither a year nor the serial number of a day anybody on a list has seen."""
_SERIAL_YEARS = range(1900, 2051)
_YEAR_TYPED_AS_DATE = 1905
"""A year typed into a cell that shows days: 1968 is the serial number of a day in 1905."""


@lru_cache(maxsize=131072)
def _of_text(text: str, last_short_year: int) -> str:
    text = _TIME_OF_DAY.sub("", text)
    if found := _BLANKED_DAY.fullmatch(text) or _BLANKED_MONTH.fullmatch(text):
        text = found[1]
    if text.isdecimal() and len(text) < _SHORTEST_NUMBER:
        raise DayError(DayFault.UNREADABLE, text)
    return iso(parse_day(text, excel=True, last_short_year=last_short_year))


def iso(day: date | PartialDate) -> str:
    """The day as it is kept."""
    if isinstance(day, date):
        return f"{day.year:04}-{day.month:02}-{day.day:02}"
    known = [f"{part:02}" for part in (day.month, day.day) if part is not None]
    return "-".join([f"{day.year:04}", *known])


def day_of(cell: Cell, last_short_year: int) -> str:
    """The day a cell holds, ``""`` when it is empty.

    Raises:
        DayError: nobody can read it as a day.
    """
    if isinstance(cell, date):
        return f"{cell.year:04}-{cell.month:02}-{cell.day:02}"
    text = text_of(cell)
    return _of_text(text, last_short_year) if text else ""


def year_typed_as_date(cell: Cell) -> str:
    """The year someone typed into a cell that shows days, ``""`` when it is a real day."""
    if not isinstance(cell, date) or cell.year != _YEAR_TYPED_AS_DATE:
        return ""
    day = cell.date() if isinstance(cell, datetime) else cell
    serial = (day - date(1899, 12, 30)).days
    return str(serial) if serial in _SERIAL_YEARS else ""


def partial(kept: str) -> PartialDate:
    """The kept text as a day of which parts may be unknown."""
    return PartialDate(*map(int, kept.split("-")))


def may_be_same(one: str, other: str) -> bool:
    """Whether two kept days do not contradict each other: one may say less than the other."""
    return one.startswith(other) or other.startswith(one)


def shown_day(kept: str) -> str:
    """A kept day as people read it, ``""`` for none."""
    return str(partial(kept)) if kept else ""


__all__ = ["DayError", "day_of", "iso", "may_be_same", "partial", "shown_day", "year_typed_as_date"]
