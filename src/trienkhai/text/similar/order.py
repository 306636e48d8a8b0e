"""Whether two texts with the same words have them in the same order, clauses that changed places aside.

The words both have are laid beside each other in the longest runs. Runs that stand in another order are clauses when
each begins after a stop or with a link word, the same in both texts; anything else may turn the sentence round.
"""

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise

from trienkhai.text.similar.words import STOP, Form, is_and, is_misspelling

_MOST_CLAUSES = 3
_MOST_RUNS = 8


@dataclass(frozen=True, slots=True)
class _Side:
    """A text as its order is compared: misspelt words as the other side spells them."""

    words: tuple[str, ...]
    before: tuple[str, ...]
    links: tuple[str, ...]

    def begins_a_clause(self, at: int) -> bool:
        return bool(self.before[at] or self.links[at] or (at and self.links[at - 1]))

    def link(self, at: int) -> str:
        """The link word before a run, that goes with it."""
        if self.before[at] not in {"", STOP}:
            return self.before[at]
        own = self.links[at - 1] if at else ""
        return "" if is_and(own) else own


def same_order(one: Form, other: Form) -> bool:
    """Whether the words both have stand in the same order, but for two or three whole clauses."""
    if one.words == other.words:
        return True
    if (other.words, other.before, other.links) < (one.words, one.before, one.links):
        one, other = other, one  # the same, whichever comes first
    pairs = pair_misspellings(*leftovers(tuple(sorted(one.words)), tuple(sorted(other.words))))
    left = _Side(one.words, one.before, one.links)
    right = _Side(tuple(pairs.get(word, word) for word in other.words), other.before, other.links)
    mine, theirs = Counter(left.words), Counter(right.words)
    shared = (mine & theirs).total()
    equal = {word for word, count in mine.items() if theirs[word] == count}
    in_order = [word for word in left.words if word in equal] == [word for word in right.words if word in equal]
    if in_order and (len(equal) == len(mine.keys() & theirs) or _longest_common(left.words, right.words) == shared):
        return True
    surplus = (len(left.words) - shared, len(right.words) - shared)
    if _breaks(left, right, equal) > surplus[1] or _breaks(right, left, equal) > surplus[0]:
        return False
    clauses = _clauses(left.words, right.words, shared)
    if clauses is None:
        return False
    first, first_there = min(start for start, _ in clauses), min(there for _, there in clauses)
    return all(
        (start == first or left.begins_a_clause(start))
        and (there == first_there or right.begins_a_clause(there))
        and left.link(start) == right.link(there)
        for start, there in clauses
    )


def _breaks(one: _Side, other: _Side, equal: AbstractSet[str]) -> int:
    """How often neighbours within a clause are none on the other side: each word more there may part two, no other."""
    there = set(pairwise(other.words))
    return sum(
        pair not in there and pair[0] in equal and pair[1] in equal and not one.begins_a_clause(at)
        for at, pair in enumerate(pairwise(one.words), start=1)
    )


def _clauses(one: Sequence[str], other: Sequence[str], shared: int) -> list[tuple[int, int]] | None:
    """Where what stands together on both sides begins on each; nothing when it is too much to be clauses."""
    runs = _runs(one, other, shared)
    if runs is None:
        return None
    there = sorted(start for _, start in runs)
    place = {start: at for at, start in enumerate(there)}
    clauses = [run for at, run in enumerate(runs) if at == 0 or place[run[1]] != place[runs[at - 1][1]] + 1]
    return clauses if len(clauses) <= _MOST_CLAUSES else None


def _longest_common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words of both stand in the same order."""
    row = [0] * (len(other) + 1)
    for word in one:
        diagonal = 0
        for place, there in enumerate(other, start=1):
            above = row[place]
            row[place] = diagonal + 1 if word == there else max(above, row[place - 1])
            diagonal = above
    return row[-1]


def _runs(one: Sequence[str], other: Sequence[str], shared: int) -> list[tuple[int, int]] | None:
    """The words both have in longest runs: where each begins on both sides, in the order of the one."""
    mine, theirs = list[str | None](one), list[str | None](other)
    found: list[tuple[int, int]] = []
    covered = 0
    while covered < shared:
        if len(found) == _MOST_RUNS:
            return None
        start, there, length = _longest_run(mine, theirs)
        mine[start : start + length] = [None] * length
        theirs[there : there + length] = [None] * length
        found.append((start, there))
        covered += length
    return sorted(found)


def _longest_run(one: Sequence[str | None], other: Sequence[str | None]) -> tuple[int, int, int]:
    best = (0, 0, 0)
    lengths = [0] * (len(other) + 1)
    for start, word in enumerate(one):
        row = [0] * (len(other) + 1)
        for there, word_there in enumerate(other):
            if word is not None and word == word_there:
                row[there + 1] = length = lengths[there] + 1
                if length > best[2]:
                    best = (start - length + 1, there - length + 1, length)
        lengths = row
    return best


def leftovers(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """What each of two sorted runs of words has more than the other."""
    left: list[str] = []
    right: list[str] = []
    i = j = 0
    while i < len(one) and j < len(other):
        if one[i] == other[j]:
            i, j = i + 1, j + 1
        elif one[i] < other[j]:
            left.append(one[i])
            i += 1
        else:
            right.append(other[j])
            j += 1
    return left + list(one[i:]), right + list(other[j:])


def pair_misspellings(left: list[str], right: list[str]) -> dict[str, str]:
    """Strike out words that are one word spelt twice, and words written together on one side; the former, in pairs."""
    pairs: dict[str, str] = {}
    for word in tuple(left):
        match = next((other for other in right if is_misspelling(word, other)), None)
        if match is not None:
            left.remove(word)
            right.remove(match)
            pairs[match] = word
    _strike_glued(left, right)
    _strike_glued(right, left)
    return pairs


def _strike_glued(whole: list[str], parts: list[str]) -> None:
    for word in tuple(whole):
        for first in parts:
            rest = word.removeprefix(first)
            if rest != word and rest in parts and (rest != first or parts.count(first) > 1):
                whole.remove(word)
                parts.remove(first)
                parts.remove(rest)
                break
