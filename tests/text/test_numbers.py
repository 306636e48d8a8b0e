from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trienkhai.text import number_vi, percent_vi


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (0, 0, "0"),
        (1234567, 0, "1.234.567"),
        (-1234, 0, "-1.234"),
        (1234.5, 1, "1.234,5"),
        (2.675, 2, "2,68"),
        (Decimal("0.05"), 1, "0,1"),
        (Fraction(-1, 3), 2, "-0,33"),
        (Fraction(-1, 1000), 1, "0,0"),
        (7, 2, "7,00"),
    ],
)
def test_number(value: float | Decimal | Fraction, places: int, text: str) -> None:
    assert number_vi(value, places) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (Fraction(1), "100%"),
        (Fraction(0), "0%"),
        (Fraction(1, 2), "50%"),
        (Fraction(974, 1000), "97,4%"),
        (Fraction(1, 3), "33,3%"),
        (Fraction(9999, 10000), "99,9%"),
        (Fraction(1, 10000), "0,1%"),
        (0.07, "7%"),
        (Fraction(3, 2), "150%"),
    ],
)
def test_percent(share: Fraction | float, text: str) -> None:
    assert percent_vi(share) == text


def test_percent_without_decimals() -> None:
    assert percent_vi(Fraction(996, 1000), 0) == "99%"
    assert percent_vi(Fraction(1), 0) == "100%"


@given(st.integers(0, 5000), st.integers(1, 5000), st.integers(0, 3))
def test_only_all_is_everybody_and_only_none_is_nobody(part: int, whole: int, places: int) -> None:
    share = Fraction(min(part, whole), whole)
    assert (percent_vi(share, places) == "100%") == (share == 1)
    assert (percent_vi(share, places) == "0%") == (share == 0)


@given(st.integers())
def test_thousands_come_back(value: int) -> None:
    assert int(number_vi(value).replace(".", "")) == value
