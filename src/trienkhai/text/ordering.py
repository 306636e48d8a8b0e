"""Vietnamese order as plain strings: keys that sort rightly wherever bytes are compared.

A key holds only ``0``-``9`` and ``a``-``z``, so it fits an indexed column and compares alike in SQLite and
PostgreSQL, whatever the collation of the column.

Source: the 29 letters of the Vietnamese alphabet; f, j, w and z stand where the Latin alphabet has them. Tones in
the order ngang, huyền, hỏi, ngã, sắc, nặng.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
LONGEST_KEY = 400  # characters; a key is cut there, so a column of this length always holds it

_SYMBOLS = "0123456789abcdefghijklmnopqrstuvwxyz"
_END = _SYMBOLS[0]
_NEXT_WORD = _SYMBOLS[1]
_NUMBER = _SYMBOLS[2]
_LETTERS = dict(zip(ALPHABET, _SYMBOLS[3:], strict=True))
_OTHER_LETTER = _LETTERS["z"] * 2
_LONGEST_NUMBER = len(_SYMBOLS) - 1
_SHAPES = "\u0306\u0302\u031b"  # breve, circumflex, horn
_MARKS = _SHAPES + "".join(TONES)
_STROKES = str.maketrans({"ð": "đ", "ø": "o", "ł": "l", "\u0131": "i"})
_WORDS = re.compile(rf"\d+|(?:[^\W\d_][{_MARKS}]*)+")
_LETTER = re.compile(rf"([^\W\d_])([{_MARKS}]*)")
_APOSTROPHES = re.compile(r"['\u2019\u02bc`\u00ad\u200b-\u200d\ufeff]")  # H'Hen is one word
_NOTE = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")


@dataclass(frozen=True)
class Name:
    """A Vietnamese name in its parts. A name of one word has a given name only."""

    family: str
    middle: str
    given: str


def split_name(full_name: str) -> Name:
    """Family name, middle names and given name: the first, inner and last words."""
    words = unicodedata.normalize("NFC", full_name).split()
    if len(words) < 2:  # noqa: PLR2004 - a family name and a given name
        return Name("", "", "".join(words))
    return Name(words[0], " ".join(words[1:-1]), words[-1])


def name_sort_key(full_name: str) -> str:
    """Key of a person's name: by given name, then family name, then middle names.

    Each part is compared as a list in a Vietnamese office is: all its letters first, then its tones. Remarks in
    brackets, as put after namesakes, count last.
    """
    notes = " ".join("".join(groups) for groups in _NOTE.findall(full_name))
    name = split_name(_NOTE.sub(" ", full_name))
    parts = (name.given, name.family, name.middle, *([notes] if notes else []))
    return _END.join(map(_part, parts))[:LONGEST_KEY]


def sort_key(text: str) -> str:
    """Key of any other text: letters first, then tones; numbers by their value ("Chi bộ 2" before "Chi bộ 10")."""
    return _part(text)[:LONGEST_KEY]


@lru_cache(maxsize=32768)
def _part(text: str) -> str:
    """Letters, an end mark, then one tone for each word."""
    words = _WORDS.findall(_tidy(text))
    letters = _NEXT_WORD.join(_word(word) for word in words)
    return f"{letters}{_END}{''.join(_tone(word) for word in words)}"


def _tidy(text: str) -> str:
    """Lower case, taken apart, with only the marks that Vietnamese writes."""
    apart = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text))
    apart = unicodedata.normalize("NFKD", apart.casefold().translate(_STROKES))
    return "".join(sign for sign in apart if sign in _MARKS or not unicodedata.category(sign).startswith("M"))


def _word(word: str) -> str:
    """A word's letters, or a number's length and digits, without tones."""
    if word[0].isdecimal():
        digits = "".join(str(unicodedata.decimal(digit)) for digit in word).lstrip("0")[:_LONGEST_NUMBER]
        return f"{_NUMBER}{_SYMBOLS[len(digits)]}{digits}"
    return "".join(_letter(base, marks) for base, marks in _LETTER.findall(word))


def _letter(base: str, marks: str) -> str:
    shape = next((mark for mark in marks if mark in _SHAPES), "")
    shaped = unicodedata.normalize("NFC", base + shape)
    return _LETTERS.get(shaped) or _LETTERS.get(base) or f"{_OTHER_LETTER}{ord(base):06x}"


def _tone(word: str) -> str:
    return next((TONES[mark] for mark in word if mark in TONES), "0")
