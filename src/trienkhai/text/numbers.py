"""Numbers as Vietnamese readers write them: dots between thousands, a comma before decimals."""

from decimal import Decimal
from fractions import Fraction

_SWAPPED = str.maketrans(",.", ".,")


def number_vi(value: Decimal | Fraction | float, places: int = 0) -> str:
    """``1234567`` as "1.234.567"; with ``places`` decimals, halves rounded away from zero."""
    if isinstance(value, int) and not places:
        return f"{value:,}".translate(_SWAPPED)
    return f"{_rounded(value, places):,.{places}f}".translate(_SWAPPED)


def percent_vi(share: Fraction | Decimal | float, places: int = 1) -> str:
    """A share of 0–1 as "97,4%"; "100%" and "0%" only when exactly all and nothing.

    Rounding never makes 999 of 1,000 into everybody nor one into nobody: such shares stop one step before.
    """
    exact = Fraction(share)
    step = Fraction(1, 10**places)
    percent = Fraction(_rounded(exact * 100, places))
    if 0 < exact < 1:
        percent = min(max(percent, step), 100 - step)
    text = number_vi(percent, places)
    return f"{text.rstrip('0').rstrip(',') if ',' in text else text}%"


def _rounded(value: Decimal | Fraction | float, places: int) -> Decimal:
    """Exact rounding: scaled to an integer first, so that no binary fraction creeps in."""
    exact = Fraction(str(value)) if isinstance(value, float) else Fraction(value)
    scaled = abs(exact) * 10**places
    whole = int(scaled + Fraction(1, 2))
    size = Decimal(whole).scaleb(-places)
    return -size if exact < 0 and whole else size
