from datetime import date, datetime

import pytest

from trienkhai.imports.rules.cells import Cell
from trienkhai.imports.rules.days import DayError, day_of, may_be_same, year_typed_as_date


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("12/5/1968", "1968-05-12"),
        ("12-05-1968", "1968-05-12"),
        ("12.5.68", "1968-05-12"),
        (datetime(1968, 5, 12), "1968-05-12"),  # noqa: DTZ001 - as a spreadsheet gives it
        (date(1968, 5, 12), "1968-05-12"),
        ("1968-05-12 00:00:00", "1968-05-12"),
        (1968.0, "1968"),
        ("1968", "1968"),
        ("05/1968", "1968-05"),
        ("00/00/1968", "1968"),
        ("../../1968", "1968"),
        ("00/05/1968", "1968-05"),
        (24970.0, "1968-05-12"),
        ("ngày 12 tháng 5 năm 1968", "1968-05-12"),
        ("", ""),
        (None, ""),
    ],
)
def test_days_as_lists_hold_them(cell: Cell, kept: str) -> None:
    assert day_of(cell, 2010) == kept


@pytest.mark.parametrize("cell", ["31/02/1968", "không rõ", "12/13/1968", "196"])
def test_what_is_no_day_is_said_so(cell: str) -> None:
    with pytest.raises(DayError):
        day_of(cell, 2010)


def test_two_digit_years_never_make_a_member_a_child() -> None:
    assert day_of("1/2/25", 2010) == "1925-02-01"
    assert day_of("1/2/05", 2010) == "2005-02-01"


def test_a_year_typed_into_a_date_cell_is_noticed() -> None:
    assert year_typed_as_date(date(1905, 5, 21)) == "1968"
    assert not year_typed_as_date(date(1968, 5, 21))


def test_days_that_say_less_do_not_contradict() -> None:
    assert may_be_same("1968", "1968-05-12")
    assert may_be_same("", "1968")
    assert not may_be_same("1968-05-12", "1968-05-13")
