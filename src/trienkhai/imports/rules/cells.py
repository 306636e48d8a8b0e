"""One cell of a list: what a file may give, as text and as a folded key."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta

type Cell = str | int | float | bool | date | datetime | time | timedelta | None
type Cells = list[Cell]

_NOT_A_WORD = re.compile(r"[^0-9a-z]+")
_BRACKETS = re.compile(r"[(\[][^)\]]*[)\]]?")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\x00"))
_MARKS_OF_D = str.maketrans({"đ": "d", "Đ": "d", "ð": "d", "Ð": "d"})
_DITTO = frozenset({'"', "''", "”", "“", "„", "〃", "//", "-//-", '-"-', "-nt-", "nt", "n/t", "-như trên-", "như trên"})


def text_of(cell: Cell) -> str:
    """The cell as one line of NFC text; whole numbers without a decimal point, days as dd/mm/yyyy."""
    if isinstance(cell, str):
        if cell.isprintable() and unicodedata.is_normalized("NFC", cell):
            return " ".join(cell.split()) if "  " in cell else cell.strip()
        return " ".join(unicodedata.normalize("NFC", cell).translate(_INVISIBLE).split())
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, date):
        return f"{cell.day:02}/{cell.month:02}/{cell.year:04}"
    if cell is None or isinstance(cell, bool):
        return "x" if cell else ""
    return str(cell)


def is_blank(cell: Cell) -> bool:
    """Whether nothing can be seen in the cell."""
    return cell is None or cell == "" or (isinstance(cell, str) and not text_of(cell))


def words(text: str) -> str:
    """The text folded to plain lower-case words with single spaces: ``"Họ, tên (1)"`` → ``"ho ten 1"``."""
    plain = unicodedata.normalize("NFD", text.translate(_MARKS_OF_D).casefold())
    return _NOT_A_WORD.sub(" ", plain.encode("ascii", "ignore").decode("ascii")).strip()


def words_without_brackets(text: str) -> str:
    """As ``words``, leaving out what stands in brackets."""
    return words(_BRACKETS.sub(" ", text))


def is_ditto(text: str) -> bool:
    """Whether the cell says "as above"."""
    return text.casefold() in _DITTO


def column_letter(index: int) -> str:
    """The name a spreadsheet gives to the column at ``index`` (from 0)."""
    letters = ""
    rest = index + 1
    while rest:
        rest, place = divmod(rest - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters
