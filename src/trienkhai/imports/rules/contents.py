"""What a column's cells look like, for columns whose heading does not say."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise

from trienkhai.imports.rules.cells import Cell, text_of, words
from trienkhai.imports.rules.fields import Field
from trienkhai.imports.rules.headings import Guess
from trienkhai.imports.rules.unit_names import is_unit_name

ENOUGH = 0.6
"""The share of filled cells that must look alike before content alone names a column."""

_FAMILY_NAMES = frozenset((
    "an", "au", "banh", "bach", "ban", "be", "bien", "bui", "cao", "cam", "chau", "chu", "chung", "cu", "cung",
    "dam", "dang", "danh", "dao", "dau", "diep", "dinh", "do", "doan", "dong", "du", "duong", "giang", "giap", "ha",
    "han", "ho", "hoa", "hoang", "hong", "hua", "huynh", "kha", "khong", "khuat", "khuc", "kieu", "kim", "la", "lai",
    "lam", "lang", "le", "leo", "lieu", "lo", "loc", "loi", "lu", "luc", "luong", "luu", "ly", "ma", "mac", "mai",
    "man", "nghiem", "ngo", "nguyen", "ninh", "nong", "o", "ong", "pham", "phan", "phi", "pho", "phu", "phung",
    "phuong", "quach", "quan", "sam", "sung", "ta", "tang", "tao", "than", "thach", "thai", "thi", "thieu", "tho",
    "to", "ton", "tong", "tra", "tran", "trang", "trieu", "trinh", "truong", "tu", "tuong", "ung", "vi", "vien",
    "vo", "vu", "vuong", "vuu", "xa", "xung", "y",
))  # fmt: skip
_LETTERS_ONLY = re.compile(r"[^\W\d_]+(?:['\u2019.\-][^\W\d_]+)*")
_DATE = re.compile(r"\d{1,2}\s*[/.\-]\s*\d{1,2}\s*[/.\-]\s*(?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}.*|\d{1,2}[/.\-]\d{4}")
_YEAR = re.compile(r"(?:19[0-9]{2}|20[0-2][0-9])")
_PHONE = re.compile(r"(?:\+?84|0)?[35789]\d{8}")
_MARK = frozenset({"x", "v", "+", "✓", "✔", "1", "có", "co"})
_POSTS = re.compile(
    r"(?:pho )?bi thu\b|(?:chi|dang|cap) uy vien|\bptv?bt\b|^bt\b|^pbt\b|^cuv\b|uy vien\b|bch\b|btv\b|^dang vien$",
)
OFFICIAL, PROBATIONARY, NO_MEMBER = "official", "probationary", "other"
STANDINGS: dict[str, str] = {
    **dict.fromkeys(("chinh thuc", "ct", "dvct", "dang vien chinh thuc", "official"), OFFICIAL),
    **dict.fromkeys(("du bi", "db", "dvdb", "dang vien du bi", "probationary"), PROBATIONARY),
    **dict.fromkeys(("quan chung", "qc", "khong", "chua", "ngoai dang", "khong phai dang vien"), NO_MEMBER),
    **dict.fromkeys(("chua la dang vien", "chua vao dang", "cam tinh dang"), NO_MEMBER),
    **dict.fromkeys(("dang vien", "dv", "x", "co", "dang sinh hoat", "1"), ""),
}
"""What lists write for a member's standing, folded; ``""`` for a member of whom no more is said."""
_NAME_WORDS = range(2, 8)


def looks_like_name(text: str) -> bool:
    """Whether the text reads as a Vietnamese person's name."""
    parts = text.split()
    if len(parts) not in _NAME_WORDS or not all(map(_LETTERS_ONLY.fullmatch, parts)):
        return False
    return words(parts[0]) in _FAMILY_NAMES and not is_unit_name(text)


def looks_like_date(cell: Cell) -> bool:
    """Whether the cell is a day, or reads as one."""
    return isinstance(cell, date) or bool(_DATE.fullmatch(text_of(cell)))


def looks_like_year(cell: Cell) -> bool:
    """Whether the cell is a year in which someone living can be born."""
    return bool(_YEAR.fullmatch(text_of(cell)))


def looks_like_mark(cell: Cell) -> bool:
    """Whether the cell is a cross or a tick."""
    return text_of(cell).casefold() in _MARK


def looks_like_one_word(cell: Cell) -> bool:
    """Whether the cell is a single word, as a given name is."""
    return isinstance(cell, str) and bool(_LETTERS_ONLY.fullmatch(cell.strip()))


def looks_like_standing(cell: Cell) -> bool:
    """Whether the cell says what somebody is in the Party."""
    return words(text_of(cell)) in STANDINGS


def _is_sex(cell: Cell) -> bool:
    return words(text_of(cell)) in {"nam", "nu"}


def looks_like_unit(cell: Cell) -> bool:
    """Whether the cell reads as a unit's name."""
    return isinstance(cell, str) and is_unit_name(text_of(cell))


def looks_like_post(cell: Cell) -> bool:
    """Whether the cell reads as a post in the Party, "đảng viên" included."""
    return isinstance(cell, str) and bool(_POSTS.search(words(cell)))


def _is_identity(cell: Cell) -> bool:
    digits = text_of(cell).replace(" ", "")
    return digits.isdecimal() and len(digits) in {9, 12} and not _PHONE.fullmatch(digits)


def _is_phone(cell: Cell) -> bool:
    return bool(_PHONE.fullmatch(re.sub(r"[\s.\-]", "", text_of(cell))))


def _is_full_name(cell: Cell) -> bool:
    return isinstance(cell, str) and looks_like_name(text_of(cell))


_LOOKS: tuple[tuple[Field, Callable[[Cell], bool]], ...] = (
    (Field.NAME, _is_full_name),
    (Field.SEX, _is_sex),
    (Field.UNIT, looks_like_unit),
    (Field.PARTY_POST, looks_like_post),
    (Field.PHONE, _is_phone),
    (Field.IDENTITY_NUMBER, _is_identity),
)


def share(cells: Sequence[Cell], look: Callable[[Cell], bool]) -> float:
    """The share of cells that look so, 0 when there are none."""
    return sum(map(look, cells)) / len(cells) if cells else 0.0


def is_sequence(cells: Sequence[Cell]) -> bool:
    """Whether the cells count 1, 2, 3 …, perhaps starting again."""
    numbers = [int(text) if (text := text_of(cell)).isdecimal() else -1 for cell in cells]
    if len(numbers) < 2:  # noqa: PLR2004 - one number is no sequence
        return False
    steps = sum(1 for one, two in pairwise(numbers) if two in {one + 1, 1})
    return steps >= ENOUGH * (len(numbers) - 1)


def guess_content(cells: Sequence[Cell]) -> Guess:
    """What the filled cells of a column say it holds. Days of birth are told from other days by their years."""
    if not cells:
        return Guess(Field.OTHER, 0.0, "")
    if is_sequence(cells):
        return Guess(Field.ORDINAL, 0.6, "content")
    for field, look in _LOOKS:
        part = share(cells, look)
        if part >= ENOUGH:
            return Guess(field, 0.6 * part, "content")
    dates, years = share(cells, looks_like_date), share(cells, looks_like_year)
    if dates + years >= ENOUGH:
        return Guess(Field.BIRTH, 0.5 * (dates + years), "content")
    return Guess(Field.OTHER, 0.0, "")


def median_year(cells: Sequence[Cell]) -> int:
    """The middle year of the days in a column, 0 when there is none."""
    years = sorted(int(found[-1]) for cell in cells if (found := re.findall(r"\d{4}", text_of(cell))))
    return years[len(years) // 2] if years else 0
