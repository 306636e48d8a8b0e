"""Texts that say the same: found exactly, by words they must share, and compared word by word.

Two texts say the same when their words, folded and without small ones, are the same, but for a few misspellings and a
few words more on one side, and clauses in another order. Never when a number, a denial or a word against another word
differs; nor when words within a clause change places: “A giám sát B” is not “B giám sát A”.

Candidates are found by pigeon-holes. Words are dealt out to ``d + 2`` holes by a hash of the word; two texts that
differ in at most ``d`` words agree wholly in at least two holes. So whoever shares no pair of holes need not be
compared, and nobody who should be is missed. A crowd, that is many in one frame, is taken
apart by the words that most of it do not have.
"""

import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise

from trienkhai.text.similar.order import leftovers, pair_misspellings, same_order
from trienkhai.text.similar.words import (
    WEIGHTY,
    Form,
    denies,
    form,
    is_exact,
    is_syllable,
    may_be_small,
    sound,
)

Progress = Callable[[float], None]
_Words = tuple[str, ...]
_Key = tuple[_Words, _Words, _Words, _Words, bool]

# (fewest words, words in which two may differ, words one side may have more), for the shorter of the two.
_LEEWAY = ((14, 6, 3), (8, 4, 2), (4, 2, 0), (0, 0, 0))
_CROWD = 48
_REPORT_EVERY = 1000


@dataclass(frozen=True, slots=True)
class Grouping:
    """``groups``: places of texts that say the same, every place once; ``representatives``: one place of each group."""

    groups: tuple[tuple[int, ...], ...]
    representatives: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A form as it is compared: its words sorted."""

    form: Form
    words: tuple[str, ...]
    exact: tuple[str, ...]
    denials: tuple[str, ...]
    has_marks: bool
    free: frozenset[str]  # of a text without marks: words that may be small ones
    sounds: frozenset[str]  # of words that are syllables, and not free
    misspelt: int  # words that are no syllables
    differ: int
    more: int


def says_the_same(one: str, other: str) -> bool:
    """Whether two texts would be put into one group by themselves."""
    first, second = form(one), form(other)
    return _key(first) == _key(second) or _same(_entry(first), _entry(second))


def group_texts(texts: Sequence[str], *, progress: Progress | None = None) -> Grouping:
    """Groups of the texts that say the same, in the order of their first texts.

    A group is whatever hangs together by ``says_the_same``. What represents it is without slips and with marks, as far
    as anybody wrote it so; then what most have written.
    """
    tell = progress or _silent
    forms: dict[_Key, list[int]] = {}
    kinds: dict[_Key, Form] = {}
    for place, text in enumerate(texts):
        if place % _REPORT_EVERY == 0:
            tell(0.3 * place / len(texts))
        found = form(text)
        key = _key(found)
        forms.setdefault(key, []).append(place)
        kinds.setdefault(key, found)
    tell(0.3)
    keys = list(forms)
    together = _Together(len(keys))
    _join([_entry(kinds[key]) for key in keys], together, tell)
    members: dict[int, list[_Key]] = defaultdict(list)
    for place, key in enumerate(keys):
        members[together.of(place)].append(key)
    found_groups = sorted(
        (
            sorted(place for key in group for place in forms[key]),
            _most_usual(texts, [(key, forms[key]) for key in group]),
        )
        for group in members.values()
    )
    tell(1.0)
    return Grouping(tuple(tuple(group) for group, _ in found_groups), tuple(place for _, place in found_groups))


def best_written(texts: Sequence[str], weights: Sequence[int]) -> int:
    """The place of the text that stands for all: no slips, with marks, then what most (``weights``) have written."""
    forms = [(_key(form(text)), [place] * weights[place]) for place, text in enumerate(texts)]
    return _most_usual(texts, forms)


def _silent(_: float) -> None:
    return


def _key(found: Form) -> _Key:
    return found.words, found.before, found.links, tuple(sorted(_denials(found))), found.has_marks


def _denials(found: Form) -> list[str]:
    return [
        "khong" if word[:1] == "k" else word
        for word, spelt in zip(found.words, found.spelt, strict=True)
        if denies(word, spelt)
    ]


def _entry(found: Form) -> _Entry:
    differ, more = next((differ, more) for fewest, differ, more in _LEEWAY if found.length >= fewest)
    free = frozenset() if found.has_marks else frozenset(word for word in found.words if may_be_small(word))
    return _Entry(
        form=found,
        words=tuple(sorted(found.words)),
        exact=tuple(sorted(word for word in found.words if is_exact(word))),
        denials=tuple(sorted(_denials(found))),
        has_marks=found.has_marks,
        free=free,
        sounds=frozenset(sound(word) for word in found.words if is_syllable(word) and word not in free),
        misspelt=sum(not is_syllable(word) for word in found.words),
        differ=differ,
        more=more,
    )


def _same(one: _Entry, other: _Entry) -> bool:
    return _same_words(one, other) and same_order(one.form, other.form)


def _same_words(one: _Entry, other: _Entry) -> bool:
    """Whether they say the same, were the words in the same order."""
    if one.exact != other.exact or not _deny_alike(one, other):
        return False
    if one.words == other.words:
        return True
    differ, more = min((one.differ, one.more), (other.differ, other.more))
    if abs(len(one.words) - len(other.words)) > differ:
        return False
    left, right = leftovers(one.words, other.words)
    if len(left) + len(right) > differ:
        return False
    pair_misspellings(left, right)
    left = [word for word in left if word not in one.free]
    right = [word for word in right if word not in other.free]
    if left and right:
        return False
    extra = left or right
    return len(extra) <= more and not any(word in WEIGHTY for word in extra)


def _deny_alike(one: _Entry, other: _Entry) -> bool:
    """The same denials; where one is written without marks, as far as can be told."""
    if one.denials == other.denials:
        return True
    known, unknown = Counter(one.denials), Counter(other.denials)
    left, right = list((known - unknown).elements()), list((unknown - known).elements())
    return _may_deny(other, left) and _may_deny(one, right)


def _may_deny(entry: _Entry, words: Sequence[str]) -> bool:
    return not words or (not entry.has_marks and all(word in entry.words for word in words))


class _Together:
    """Which of ``count`` things hang together; the least of them stands for all, whatever the order of joining."""

    def __init__(self, count: int) -> None:
        self._up = list(range(count))

    def of(self, thing: int) -> int:
        up = self._up
        while up[thing] != thing:
            up[thing] = up[up[thing]]
            thing = up[thing]
        return thing

    def join(self, one: int, other: int) -> None:
        one, other = sorted((self.of(one), self.of(other)))
        self._up[other] = one


def _join(entries: Sequence[_Entry], together: _Together, tell: Progress) -> None:
    """Join all that say the same. Who may differ in fewer words is dealt out for that many."""
    dealer = _Dealer(entries, together)
    leeways = sorted({differ for _, differ, _ in _LEEWAY})
    for step, differ in enumerate(leeways):
        members = [
            place
            for place, entry in enumerate(entries)
            if entry.differ == differ or (entry.differ > differ and _may_meet_shorter(entry, differ))
        ]
        start, share = 0.3 + 0.6 * step / len(leeways), 0.6 / len(leeways)
        for done in dealer.deal(members, differ=differ):
            tell(start + share * done)


def _may_meet_shorter(entry: _Entry, differ: int) -> bool:
    """Whether a text with so many words can say the same as a shorter one of that leeway."""
    longest = next(above - 1 for (above, _, _), (_, own, _) in pairwise(_LEEWAY) if own == differ)
    return len(entry.words) - differ <= longest


class _Dealer:
    """Compares whoever shares two holes."""

    def __init__(self, entries: Sequence[_Entry], together: _Together) -> None:
        self._entries = entries
        self._together = together
        self._apart: set[tuple[int, int]] = set()

    def deal(self, members: Sequence[int], *, differ: int) -> Iterator[float]:
        """Compare whoever shares two of ``differ + 2`` holes, and all numbers; how much of it is done, as it goes."""
        holes = differ + 2
        dealt = [_holes(self._entries[place].words, holes) for place in members]
        pairs = list(combinations(range(holes), 2))
        for step, pair in enumerate(pairs, start=1):
            shared: dict[object, list[int]] = defaultdict(list)
            for place, own in zip(members, dealt, strict=True):
                shared[self._entries[place].exact, own[pair[0]], own[pair[1]]].append(place)
            for crowd in shared.values():
                if len(crowd) > 1:
                    self._compare(crowd)
            yield step / len(pairs)

    def _compare(self, crowd: Sequence[int]) -> None:
        if self._is_one(crowd):
            return
        if len(crowd) > _CROWD:
            self._take_apart(crowd)
            return
        for one, other in combinations(crowd, 2):
            self._compare_two(one, other)

    def _compare_two(self, one: int, other: int) -> None:
        pair = (one, other) if one < other else (other, one)
        if self._together.of(one) == self._together.of(other) or pair in self._apart:
            return
        first, second = self._entries[one], self._entries[other]
        if not _same_words(first, second):
            return
        if same_order(first.form, second.form):
            self._together.join(one, other)
        else:  # they share many holes, and would be compared in each
            self._apart.add(pair)

    def _is_one(self, crowd: Sequence[int]) -> bool:
        first = self._together.of(crowd[0])
        return all(self._together.of(place) == first for place in crowd[1:])

    def _take_apart(self, crowd: Sequence[int]) -> None:
        """Many in one frame: compare whoever shares a word that most of them do not have.

        Of two that say the same, one has none of its own: each of its words is, by its sound, in the other, or
        misspelt there as what is no syllable. So whoever has no particular word is compared with all, and whoever
        has misspelt words with those that have no more particular ones.
        """
        spread = Counter(heard for place in crowd for heard in self._entries[place].sounds)
        most = len(crowd) // 2
        having: dict[str, list[int]] = defaultdict(list)
        few: dict[int, list[int]] = defaultdict(list)  # by how many particular words
        for place in crowd:
            particular = [heard for heard in self._entries[place].sounds if spread[heard] <= most]
            few[len(particular)].append(place)
            for heard in particular:
                having[heard].append(place)
        for sharing in having.values():
            if len(sharing) > 1:
                self._compare(sharing)
        for place in crowd:
            for number in range(1, self._entries[place].misspelt + 1):
                for other in few.get(number, ()):
                    self._compare_two(place, other)
            for other in few[0]:
                self._compare_two(place, other)


def _holes(words: Iterable[str], holes: int) -> list[_Words]:
    dealt: list[list[str]] = [[] for _ in range(holes)]
    for word in words:
        dealt[_hash(word) % holes].append(word)
    return [tuple(hole) for hole in dealt]


@lru_cache(maxsize=65536)
def _hash(word: str) -> int:
    """The same in every process, unlike Python's own."""
    return zlib.crc32(word.encode()) >> 3


def _most_usual(texts: Sequence[str], forms: Sequence[tuple[_Key, Sequence[int]]]) -> int:
    """A place whose text is written without slips and with marks, where there is one; then the most usual wording.

    Of equals the middle in length; then the first as strings.
    """
    usual = Counter[_Words]()
    for (words, *_), places in forms:
        usual[words] += len(places)
    exact = Counter(texts[place] for _, places in forms for place in places)
    lengths = sorted(len(text) for text in exact.elements())
    middle = lengths[len(lengths) // 2]

    def rank(form: _Key, place: int) -> tuple[int, bool, int, int, int, str, int]:
        words, *_, has_marks = form
        slips = sum(word.isalpha() and not is_syllable(word) for word in words)
        text = texts[place]
        return slips, not has_marks, -usual[words], -exact[text], abs(len(text) - middle), text, place

    return min((rank(form, place) for form, places in forms for place in places))[-1]
