"""Finding typed words in text: what counts as a hit, which hit is better, and showing where it is."""

import re
from enum import IntEnum
from itertools import pairwise

from trienkhai.text.folding import Mapped, mapped_fold, mapped_spelling

ELLIPSIS = "…"


class Rank(IntEnum):
    """How well a text answers a query; the smaller the better."""

    PHRASE_AS_SPELT = 0
    WORDS_AS_SPELT = 1
    PHRASE_FOLDED = 2
    WORDS_FOLDED = 3


def rank(query: str, text: str) -> Rank | None:
    """How well ``text`` answers ``query``; None when a word is missing or the query holds no word.

    A word is found anywhere in the text, inside another word too, as a database's ``contains`` does. "As spelt" asks
    for the same marks, though not for the same place of a tone mark nor for capitals.
    """
    found = _best(query, text)
    return found[0] if found else None


def matches(query: str, text: str) -> bool:
    """Whether every word of the query is in the text, folded."""
    wanted = mapped_fold(query).text.split()
    folded = mapped_fold(text).text
    return bool(wanted) and all(word in folded for word in wanted)


def snippet(query: str, text: str, width: int = 160) -> list[tuple[str, bool]]:
    """The part of the text around the first hit, in pieces: (piece, whether it is a hit).

    Joined, the pieces are at most ``width`` characters of the original text, cut between words where possible, with
    an ellipsis where something was left out. Without a hit: the beginning of the text.
    """
    hits = spans(query, text)
    first, last = _window(text, hits[0] if hits else (0, 0), width)
    cut = [(max(start, first), min(end, last)) for start, end in hits if start < last and end > first]
    edges = [first, *(edge for hit in cut for edge in hit), last]
    pieces = [(text[a:b], index % 2 == 1) for index, (a, b) in enumerate(pairwise(edges)) if a < b]
    before = [(ELLIPSIS, False)] if text[:first].strip() else []
    after = [(ELLIPSIS, False)] if text[last:].strip() else []
    return before + pieces + after


def spans(query: str, text: str) -> list[tuple[int, int]]:
    """Bounds of the hits in the original text, in order and apart from one another."""
    found = _best(query, text)
    if found is None:
        return []
    level, wanted, mapped = found
    sought = [wanted] if level in {Rank.PHRASE_AS_SPELT, Rank.PHRASE_FOLDED} else sorted(set(wanted.split()))
    hits = sorted(
        (mapped.starts[hit.start()], mapped.ends[hit.end() - 1])
        for word in sought
        for hit in re.finditer(re.escape(word), mapped.text)
    )
    return _joined(hits)


def _best(query: str, text: str) -> tuple[Rank, str, Mapped] | None:
    """The best rank with the query and the text in the form in which they met."""
    for transform, phrase, words in (
        (mapped_spelling, Rank.PHRASE_AS_SPELT, Rank.WORDS_AS_SPELT),
        (mapped_fold, Rank.PHRASE_FOLDED, Rank.WORDS_FOLDED),
    ):
        wanted, mapped = transform(query).text, transform(text)
        if not wanted:
            return None
        if wanted in mapped.text:
            return phrase, wanted, mapped
        if all(word in mapped.text for word in wanted.split()):
            return words, wanted, mapped
    return None


def _joined(hits: list[tuple[int, int]]) -> list[tuple[int, int]]:
    apart: list[tuple[int, int]] = []
    for start, end in hits:
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def _window(text: str, hit: tuple[int, int], width: int) -> tuple[int, int]:
    """Bounds of at most ``width`` characters holding the beginning of the hit, a third of the room before it."""
    if len(text) <= width:
        return 0, len(text)
    start, end = hit
    room = max(width - (end - start), 0)
    first = max(0, min(start - room // 3, len(text) - width))
    last = first + width
    if first > 0 and not text[first - 1].isspace():
        first = next((place + 1 for place in range(first, start) if text[place].isspace()), first)
    if last < len(text) and not text[last].isspace():
        last = next((place for place in range(last, min(end, last), -1) if text[place - 1].isspace()), last)
    return first, last
