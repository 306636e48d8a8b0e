"""Folding: what search compares, and the harmless tidying of typed text. Storage keeps the author's spelling."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

# Letters that no Unicode decomposition takes apart. Eth stands for đ in pages written with old keyboards.
_STROKES = str.maketrans("đĐðÐøØłŁ\u0131", "ddddoolli")

_UNSEEN = frozenset({"Mn", "Mc", "Me", "Cf"})  # combining marks and format characters
_ODD_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n{3,}")


def nfc(text: str) -> str:
    """The text in Unicode form C, the only form that is stored."""
    return unicodedata.normalize("NFC", text)


def clean_line(text: str) -> str:
    """A one-line input: form C, no control or invisible characters, single spaces, none at the ends."""
    return " ".join(_visible(nfc(text)).split())


def clean_text(text: str) -> str:
    """A longer input: as a line, but paragraphs and single blank lines are kept."""
    unified = nfc(text).replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    lines = (_ODD_SPACES.sub(" ", line).strip() for line in _visible(unified).split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")


def fold(text: str) -> str:
    """The text as search sees it: lower case, without tones, marks or punctuation, đ as d, y as i, single spaces.

    ``fold("Đảng uỷ phường Hoà Lạc") == "dang ui phuong hoa lac"``; both placements of a tone mark and both of
    Unicode's forms fold alike. Folding twice changes nothing.
    """
    return " ".join("".join(map(_folded_character, text)).split())


def folded_words(text: str) -> list[str]:
    """The words of ``fold(text)``."""
    return fold(text).split()


@dataclass(frozen=True)
class Mapped:
    """A transformed text that remembers where each of its characters came from.

    ``starts[i]`` and ``ends[i]`` bound, in the original, the character that gave ``text[i]``.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def mapped_fold(text: str) -> Mapped:
    """``fold(text)`` with the way back to the original."""
    return _mapped(text, _folded_cluster)


def mapped_spelling(text: str) -> Mapped:
    """The text in lower case with its marks kept and tone marks at one agreed place, with the way back.

    ``hoà`` and ``hòa`` become the same, ``hoa`` does not.
    """
    plain = _mapped(text, _spelt_cluster)
    return Mapped(_agreed_tones(plain.text), plain.starts, plain.ends)


def spelling(text: str) -> str:
    """The text of ``mapped_spelling``."""
    return mapped_spelling(text).text


def clusters(text: str) -> list[tuple[int, int]]:
    """Bounds of each character together with the combining marks that follow it."""
    bounds: list[tuple[int, int]] = []
    for position, character in enumerate(text):
        if bounds and unicodedata.category(character).startswith("M"):
            bounds[-1] = (bounds[-1][0], position + 1)
        else:
            bounds.append((position, position + 1))
    return bounds


def _visible(text: str) -> str:
    kept = []
    for character in text:
        category = unicodedata.category(character)
        if character in "\n\t" or not category.startswith("C"):
            kept.append(character)
        elif category == "Cc":
            kept.append(" ")
    return "".join(kept)


@lru_cache(maxsize=4096)
def _folded_character(character: str) -> str:
    """What one character gives: letters and digits, a space for punctuation, nothing for marks."""
    return "".join(map(_folded_piece, _decomposed(character))).replace("y", "i")


def _decomposed(text: str) -> str:
    """Fully taken apart and in lower case; repeated, because lower case may give new marks and letters."""
    while (further := unicodedata.normalize("NFKD", text.translate(_STROKES).casefold())) != text:
        text = further
    return text


def _folded_piece(piece: str) -> str:
    if unicodedata.category(piece) in _UNSEEN:
        return ""
    return piece if piece.isalnum() else " "


def _folded_cluster(cluster: str) -> str:
    return "".join(map(_folded_character, cluster))


@lru_cache(maxsize=4096)
def _spelt_cluster(cluster: str) -> str:
    lowered = nfc(cluster).lower().replace("ð", "đ")
    if not lowered[:1].isalnum():
        return _folded_cluster(cluster)
    return lowered


def _mapped(text: str, transform: Callable[[str], str]) -> Mapped:
    """Apply ``transform`` cluster by cluster and collapse white space, remembering the bounds."""
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in clusters(text):
        for character in transform(text[start:end]):
            if character == " " and (not characters or characters[-1] == " "):
                continue
            characters.append(character)
            starts.append(start)
            ends.append(end)
    while characters and characters[-1] == " ":
        del characters[-1], starts[-1], ends[-1]
    return Mapped("".join(characters), tuple(starts), tuple(ends))


def _agreed_tones(text: str) -> str:
    """Move tone marks of oa, oe, uy from the second letter to the first; the length stays the same."""
    return _LATE_TONE.sub(lambda found: _EARLY_TONE[found.group()], text)


_EARLY_TONE = {
    nfc(first + second + tone): nfc(first + tone + second)
    for first, second in ("oa", "oe", "uy")
    for tone in "\u0300\u0309\u0303\u0301\u0323"
}
_LATE_TONE = re.compile("|".join(_EARLY_TONE))
