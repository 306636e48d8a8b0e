from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trienkhai.core.decisions import Invalid
from trienkhai.text import DayError, DayFault, PartialDate, long_date, parse_day, short_date

DAYS = st.dates(date(1800, 1, 1), date(2200, 12, 31))


@pytest.mark.parametrize(
    "typed",
    [
        "3/4/1968",
        "03/04/1968",
        "03-04-1968",
        "3.4.1968",
        " 3 / 4 / 1968 ",
        "1968-04-03",
        "1968/4/3",
        "19680403",
        "3/4/68",
        "ngày 3 tháng 4 năm 1968",
        "Ngày 03 tháng 4 năm 1968",
        "3 tháng 4, 1968",
        "1968-04-03 00:00:00",
        "1968-04-03T00:00:00",
    ],
)
def test_one_day_in_many_ways(typed: str) -> None:
    assert parse_day(typed) == date(1968, 4, 3)


@pytest.mark.parametrize(
    ("typed", "partial"),
    [
        ("1968", PartialDate(1968)),
        ("năm 1968", PartialDate(1968)),
        ("5/1968", PartialDate(1968, 5)),
        ("05-1968", PartialDate(1968, 5)),
        ("1968-05", PartialDate(1968, 5)),
        ("tháng 5 năm 1968", PartialDate(1968, 5)),
        ("tháng 5/1968", PartialDate(1968, 5)),
    ],
)
def test_a_part_of_a_day(typed: str, partial: PartialDate) -> None:
    assert parse_day(typed) == partial


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", DayFault.EMPTY),
        ("  ", DayFault.EMPTY),
        ("30/2/2018", DayFault.IMPOSSIBLE),
        ("29/02/2019", DayFault.IMPOSSIBLE),
        ("5/13/2000", DayFault.IMPOSSIBLE),  # never exchanged
        ("13/2018", DayFault.IMPOSSIBLE),
        ("0/1/2000", DayFault.IMPOSSIBLE),
        ("1/1/0968", DayFault.IMPOSSIBLE),
        ("31/4", DayFault.UNREADABLE),
        ("hôm qua", DayFault.UNREADABLE),
        ("1/1/196", DayFault.UNREADABLE),
        ("45000", DayFault.UNREADABLE),
    ],
)
def test_no_day(typed: str, fault: DayFault) -> None:
    with pytest.raises(DayError) as caught:
        parse_day(typed)
    assert caught.value.fault == fault
    assert caught.value.code == fault
    assert isinstance(caught.value, Invalid)
    assert isinstance(caught.value, ValueError)


def test_the_window_of_two_digit_years() -> None:
    assert parse_day("1/1/49") == date(2049, 1, 1)
    assert parse_day("1/1/50") == date(1950, 1, 1)
    assert parse_day("1/1/45", last_short_year=2026) == date(1945, 1, 1)
    assert parse_day("1/1/26", last_short_year=2026) == date(2026, 1, 1)
    assert parse_day("1/1/27", last_short_year=2026) == date(1927, 1, 1)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (1, date(1900, 1, 1)),
        (59, date(1900, 2, 28)),
        (61, date(1900, 3, 1)),
        (43101, date(2018, 1, 1)),
        (43101.75, date(2018, 1, 1)),
        ("43101", date(2018, 1, 1)),
        ("43101.0", date(2018, 1, 1)),
        (1968, PartialDate(1968)),
        ("3/4/1968", date(1968, 4, 3)),
    ],
)
def test_excel(cell: str | float, day: date | PartialDate) -> None:
    assert parse_day(cell, excel=True) == day


@pytest.mark.parametrize("cell", [0, 60, 999999])
def test_excel_serials_that_are_no_day(cell: int) -> None:
    with pytest.raises(DayError) as caught:
        parse_day(cell, excel=True)
    assert caught.value.fault == DayFault.IMPOSSIBLE


def test_a_day_stays_a_day() -> None:
    assert parse_day(datetime(2018, 4, 3, 7, 30)) == date(2018, 4, 3)  # noqa: DTZ001 - as spreadsheets give it


@given(DAYS)
def test_what_is_written_can_be_read(day: date) -> None:
    assert parse_day(short_date(day)) == parse_day(long_date(day)) == parse_day(day.isoformat()) == day


@given(st.text())
def test_anything_typed_is_a_day_or_a_day_error(typed: str) -> None:
    for excel in (False, True):
        try:
            found = parse_day(typed, excel=excel)
        except DayError:
            continue
        assert 1800 <= found.year <= 2200


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2018, 2, 20), "ngày 20 tháng 02 năm 2018"),
        (date(2018, 4, 3), "ngày 03 tháng 4 năm 2018"),
        (date(2018, 1, 1), "ngày 01 tháng 01 năm 2018"),
        (date(2018, 12, 31), "ngày 31 tháng 12 năm 2018"),
    ],
)
def test_long_date(day: date, text: str) -> None:
    assert long_date(day) == text


def test_short_dates() -> None:
    assert short_date(date(2018, 4, 3)) == "03/04/2018"
    assert str(PartialDate(1968, 5)) == "05/1968"
    assert str(PartialDate(1968)) == "1968"


@given(st.integers(1800, 2200), st.none() | st.integers(1, 12))
def test_what_a_partial_date_can_mean(year: int, month: int | None) -> None:
    partial = PartialDate(year, month)
    assert partial.first.day == 1
    assert (partial.last + timedelta(days=1)).day == 1
    assert (partial.last - partial.first).days in ({27, 28, 29, 30} if month else {364, 365})
    assert parse_day(str(partial)) == partial


def test_a_partial_date_must_be_possible() -> None:
    assert PartialDate(2018, 4, 3).last == date(2018, 4, 3)
    for wrong in ((2018, 13, None), (2018, None, 3), (2018, 2, 30)):
        with pytest.raises(ValueError, match=r".+"):
            PartialDate(*wrong)
