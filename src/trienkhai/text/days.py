"""Days as people write them: reading what was typed, and writing dates short and long."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from trienkhai.core.decisions import Invalid
from trienkhai.text.folding import fold

FIRST_YEAR = 1800
LAST_YEAR = 2200
LAST_SHORT_YEAR = 2049  # two-digit years are read as 1950–2049 unless told otherwise
_LAST_MONTH_WITH_ZERO = 2
_EXCEL_ORIGIN = date(1899, 12, 31)
_EXCEL_FALSE_LEAP_DAY = 60  # its 29 February 1900
_EXCEL_LAST = (date(LAST_YEAR, 12, 31) - _EXCEL_ORIGIN).days + 1


class DayFault(StrEnum):
    """Why something typed is not a day."""

    EMPTY = "day-empty"
    UNREADABLE = "day-unreadable"
    IMPOSSIBLE = "day-impossible"


class DayError(Invalid, ValueError):
    """What was typed is no day; ``code`` is a :class:`DayFault`, ``params["typed"]`` what was typed."""

    def __init__(self, fault: DayFault, typed: str) -> None:
        super().__init__(fault, typed=typed)
        self.fault = fault


@dataclass(frozen=True)
class PartialDate:
    """A day of which only the year, or the month and year, is known."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.day is not None and self.month is None:
            raise ValueError("a day needs a month")
        date(self.year, self.month or 1, self.day or 1)

    def __str__(self) -> str:
        return short_date(self)

    @property
    def first(self) -> date:
        """The earliest day it can mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """The latest day it can mean."""
        if self.day is not None:
            return self.first
        month = self.month or 12
        following = date(self.year + month // 12, month % 12 + 1, 1)
        return following - timedelta(days=1)


def short_date(day: date | PartialDate) -> str:
    """``03/04/2018``; what is not known is left out: ``04/2018``, ``2018``."""
    parts = [f"{part:02d}" for part in (day.day, day.month) if part is not None]
    return "/".join([*parts, f"{day.year:04d}"])


def long_date(day: date) -> str:
    """``ngày 03 tháng 4 năm 2018``: two digits for the day, a leading zero for January and February only.

    Source: examples in Hướng dẫn 36-HD/VPTW.
    """
    month = f"{day.month:02d}" if day.month <= _LAST_MONTH_WITH_ZERO else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def parse_day(
    typed: str | float | date, *, excel: bool = False, last_short_year: int = LAST_SHORT_YEAR
) -> date | PartialDate:
    """The day someone wrote: day first, or year first, or in words; or a month and year, or a year alone.

    Reads ``3/4/1968``, ``03-04-1968``, ``3.4.68``, ``1968-04-03``, ``ngày 3 tháng 4 năm 1968``, ``4/1968`` and
    ``1968``. Two-digit years fall into the hundred years that end with ``last_short_year`` (for birth dates: this
    year). With ``excel``, numbers are the serial numbers of a spreadsheet, except whole numbers that look like a
    year. Month and day are never exchanged to make an impossible date possible.

    Raises:
        DayError: nothing there, not readable as a day, or a day that does not exist.
    """
    if isinstance(typed, date):
        return date(typed.year, typed.month, typed.day)
    text = str(typed).strip()
    if not text:
        raise DayError(DayFault.EMPTY, text)
    if excel and _NUMBER.fullmatch(text):
        return _from_excel(text)
    folded = _MIDNIGHT.sub("", fold(_GLUED.sub(" ", text)))
    for pattern in _PATTERNS:
        if found := pattern.fullmatch(folded):
            return _from_parts(found.groupdict(), text, last_short_year)
    raise DayError(DayFault.UNREADABLE, text)


_NUMBER = re.compile(r"\d{1,6}(\.\d+)?")
_GLUED = re.compile(r"(?<=\d)T(?=\d\d:)")
_MIDNIGHT = re.compile(r" 00? 00( 00( 0+)?)?$")
_DAY, _MONTH, _YEAR, _ANY_YEAR = r"(?P<d>\d{1,2})", r"(?P<m>\d{1,2})", r"(?P<y>\d{4})", r"(?P<y>\d{4}|\d{2})"
_PATTERNS = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        rf"{_DAY} {_MONTH} {_ANY_YEAR}",
        rf"{_YEAR} {_MONTH} {_DAY}",
        r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})",
        rf"(?:ngai )?{_DAY} thang {_MONTH} (?:nam )?{_ANY_YEAR}",
        rf"(?:thang )?{_MONTH} (?:nam )?{_YEAR}",
        rf"{_YEAR} {_MONTH}",
        rf"(?:nam )?{_YEAR}",
    )
)


def _from_parts(parts: dict[str, str | None], typed: str, last_short_year: int) -> date | PartialDate:
    year, month, day = (int(part) if (part := parts.get(name)) else None for name in "ymd")
    if year is None:  # pragma: no cover - every pattern names a year
        raise DayError(DayFault.UNREADABLE, typed)
    if len(parts["y"] or "") == 2:  # noqa: PLR2004 - two digits
        year = last_short_year - (last_short_year - year) % 100
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise DayError(DayFault.IMPOSSIBLE, typed)
    try:
        if month is None or day is None:
            return PartialDate(year, month, day)
        return date(year, month, day)
    except ValueError as error:
        raise DayError(DayFault.IMPOSSIBLE, typed) from error


def _from_excel(text: str) -> date | PartialDate:
    serial = int(float(text))
    if text.isdecimal() and FIRST_YEAR <= serial <= LAST_YEAR:
        return PartialDate(serial)
    if not 1 <= serial <= _EXCEL_LAST or serial == _EXCEL_FALSE_LEAP_DAY:
        raise DayError(DayFault.IMPOSSIBLE, text)
    return _EXCEL_ORIGIN + timedelta(days=serial - (serial > _EXCEL_FALSE_LEAP_DAY))
