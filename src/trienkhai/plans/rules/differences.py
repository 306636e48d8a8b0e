"""How two versions differ: by measure, and in each measure by word."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from math import inf
from uuid import UUID

from trienkhai.plans.rules.drafts import Line

MOST_COMPARISONS = 1_000_000
"""Longer passages than these words times those are shown as replaced whole."""
_WORDS = re.compile(r"\s*\w+|\s*[^\w\s]|\s+")
FACTS = {
    "lead": ("lead_unit", "lead"),
    "coordinators": ("coordinators",),
    "deadline": ("deadline_on",),
    "product": ("product",),
    "indicator": ("indicator", "target", "target_unit"),
    "provision": ("provision",),
    "urgent": ("is_urgent",),
    "recurring": ("is_recurring",),
    "programmes": ("programmes",),
    "answers": ("answers",),
}


class Change(StrEnum):
    """What became of a piece of text, or of a measure."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class Piece:
    """Words that stayed, came or went."""

    change: Change
    text: str

    @property
    def words(self) -> str:
        """The text without the blank before it."""
        return self.text.lstrip()

    @property
    def blank(self) -> str:
        """The blank before the words: nothing to mark."""
        return self.text[: len(self.text) - len(self.words)]


def word_changes(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces of which the old text (all but the added ones) and the new (all but the removed ones) are made.

    Lines that did not change are kept whole; in the others words are compared, with the blank before them.
    """
    pieces: list[Piece] = []
    old_lines, new_lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for what, a, b, c, d in SequenceMatcher(None, old_lines, new_lines, autojunk=False).get_opcodes():
        before, after = "".join(old_lines[a:b]), "".join(new_lines[c:d])
        if what == "equal":
            pieces.append(Piece(Change.SAME, before))
        else:
            pieces += _by_word(_WORDS.findall(before), _WORDS.findall(after))
    return tuple(_joined(pieces))


def _by_word(old: Sequence[str], new: Sequence[str]) -> Iterable[Piece]:
    if len(old) * len(new) > MOST_COMPARISONS:
        return [Piece(Change.REMOVED, "".join(old)), Piece(Change.ADDED, "".join(new))]
    pieces = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(Piece(Change.SAME, "".join(old[a:b])))
        else:
            pieces += [Piece(Change.REMOVED, "".join(old[a:b])), Piece(Change.ADDED, "".join(new[c:d]))]
    return pieces


def _joined(pieces: Iterable[Piece]) -> Iterable[Piece]:
    """Neighbours of one kind as one, empty ones left out."""
    held: Piece | None = None
    for piece in pieces:
        if not piece.text:
            continue
        if held is not None and held.change == piece.change:
            held = Piece(held.change, held.text + piece.text)
            continue
        if held is not None:
            yield held
        held = piece
    if held is not None:
        yield held


def old_text(pieces: Iterable[Piece]) -> str:
    """What it was."""
    return "".join(piece.text for piece in pieces if piece.change != Change.ADDED)


def new_text(pieces: Iterable[Piece]) -> str:
    """What it became."""
    return "".join(piece.text for piece in pieces if piece.change != Change.REMOVED)


@dataclass(frozen=True)
class Difference:
    """What became of one measure. Numbers count from 1 in each version; ``None`` where it has none.

    ``is_moved``: it stands elsewhere among those that stayed.
    """

    change: Change
    old: Line | None
    new: Line | None
    old_number: int | None = None
    new_number: int | None = None
    is_moved: bool = False

    @property
    def words(self) -> tuple[Piece, ...]:
        """The measure's text by word."""
        return word_changes(self.old.text if self.old else "", self.new.text if self.new else "")

    @property
    def facts(self) -> frozenset[str]:
        """Names of the facts (lead, deadline …) that differ; empty where the measure came or went."""
        if self.old is None or self.new is None:
            return frozenset()
        return frozenset(
            name
            for name, fields in FACTS.items()
            if any(getattr(self.old, field) != getattr(self.new, field) for field in fields)
        )


def differences(old: Sequence[Line], new: Sequence[Line]) -> tuple[Difference, ...]:
    """Every measure of both, by identity: those of the new in its order, those gone after the one they followed."""
    before = {line.key: (number, line) for number, line in enumerate(old, start=1)}
    after = {line.key for line in new}
    stayed = _unmoved([before[line.key][0] for line in new if line.key in before])
    order = sorted(stayed)
    gone = [number for number, line in enumerate(old, start=1) if line.key not in after]
    found = _taken(gone, old, before=_next(order, 0))
    for number, line in enumerate(new, start=1):
        was_number, was = before.get(line.key, (0, None))
        found.append(_compared(was, line, was_number, number, is_moved=was is not None and was_number not in stayed))
        if was_number in stayed:
            found += _taken(gone, old, before=_next(order, was_number))
    return tuple(found)


def _next(order: Sequence[int], number: int) -> float:
    place = bisect_right(order, number)
    return order[place] if place < len(order) else inf


def applied(old: Sequence[Line], changes: Iterable[Difference]) -> list[Line]:
    """The old lines with the differences applied: the new ones."""
    there = {line.key: line for line in old}
    lines = []
    for change in changes:
        if change.change == Change.SAME and change.old is not None:
            lines.append(there[change.old.key])
        elif change.new is not None:
            lines.append(change.new)
    return lines


def _compared(was: Line | None, line: Line, was_number: int, number: int, *, is_moved: bool) -> Difference:
    change = Change.ADDED if was is None else Change.SAME if was == line else Change.CHANGED
    return Difference(change, was, line, was_number or None, number, is_moved)


def _taken(gone: list[int], old: Sequence[Line], *, before: float) -> list[Difference]:
    """Those gone that stood before the number, each told of once."""
    ready = [number for number in gone if number < before]
    gone[:] = gone[len(ready) :]
    return [Difference(Change.REMOVED, old[number - 1], None, number) for number in ready]


def _unmoved(numbers: Sequence[int]) -> frozenset[int]:
    """The longest run of old numbers that still stand in their order: the fewest are told of as moved."""
    tails: list[int] = []
    places: list[int] = []
    for number in numbers:
        place = bisect_left(tails, number)
        tails[place : place + 1] = [number]
        places.append(place)
    kept: list[int] = []
    wanted = len(tails) - 1
    for number, place in zip(reversed(numbers), reversed(places), strict=True):
        if place == wanted:
            kept.append(number)
            wanted -= 1
    return frozenset(kept)


def keys_changed(changes: Iterable[Difference]) -> list[UUID]:
    """The measures that came, went or read otherwise."""
    keys = [(change.new or change.old, change.change) for change in changes]
    return [line.key for line, what in keys if what != Change.SAME and line is not None and line.key is not None]
