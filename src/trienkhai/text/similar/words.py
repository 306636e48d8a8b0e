"""What of a comment counts when two are compared: its words, folded, without the small and the polite ones."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from trienkhai.text.folding import fold, nfc, spelling

_TOKEN = re.compile(
    r"(\d+|[^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*)*)"  # a word
    r"|[,;:.!?()\[\]{}…“”\"/\n–—]+|\s-(?=\s)"  # or a stop
)
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx])?"
    r"(?:a(?:c|ch|i|m|n|ng|nh|o|p|t|u)?|e(?:c|ch|m|n|ng|nh|o|p|t|u)?"
    r"|i(?:a|ch|ec?|em|en|eng|ep|et|eu|m|n|nh|p|t|u)?"
    r"|o(?:a|ac|ach|ai|am|an|ang|anh|ao|ap|at|c|e|em|en|eo|et|i|m|n|ng|oc|ong|p|t)?"
    r"|u(?:a|ac|ach|ai|an|ang|anh|ao|at|au|c|e|ech|en|enh|eo|et|i|ia|ich|ien|iet|inh|it|iu|m|n|ng|o|oc|oi|om|on|ong|op"
    r"|ot|ou|p|t|u)?)"
)


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Dropped wherever their marks show which word they are.
_SMALL = _listed(
    "ạ à ơi nhé nhá ấy đó là thì rằng mà của và các những cũng rất quá thật hãy nên cần phải sẽ đã đang được"
    " tôi em xin kính mong muốn ta việc về cho để sớm ngay thêm nữa luôn lại hơn vẫn còn"
)
# The same in texts written without marks, where nothing else is spelt so.
_SMALL_BARE = _listed("a oi nhe nha rang cua va cac nhung cung rat qua hai nen phai se duoc toi em xin ve nua")
_SMALL_FOLDED = frozenset(fold(word) for word in _SMALL) - {"dang"}  # more often the Party than a tense
_POLITE = frozenset(
    {("de", "nghi"), ("kien", "nghi"), ("de", "xuat"), ("theo", "toi"), ("toi", "thai"), ("ca", "nhan"), ("gop", "i")}
)
_SHORT_FORMS = {"ko": "khong", "hok": "khong", "hem": "khong"}

# One more of these on one side, and the two do not say the same.
WEIGHTY = frozenset(
    map(
        fold,
        _listed(
            "không chưa chẳng đừng chớ bỏ cấm trừ ngừng dừng thôi huỷ giảm tăng hoãn trước sau trên dưới ngoài ít nhiều"
            " một hai ba bốn bảy tám chín mười mỗi từng hàng nửa chỉ"
        ),
    )
)
# Written with marks they deny; without, or with other marks, they are other words.
_DENYING = frozenset({"khong", "khoong", "chua", "chang"})
_DENIALS = frozenset({"đừng", "chớ", "dừng", "bỏ"})

# A clause may begin before one of these; what it begins with goes with it when clauses change places.
_LINKS = _listed("để vì bởi do nhằm cho nếu khi nhưng và hoặc tại ở trong trên theo từ tới đến với")
_LINKS_BARE = _listed("de vi boi do nham cho neu khi va hoac tai o trong theo")
_AND = frozenset({"va", "hoac"})  # the same on either side

_TELEX = re.compile(r"(?<=[a-z])[sfrxjw]$")
_DOUBLED = re.compile(r"([aeod])\1")
_SOUNDS = (("tr", "ch"), ("gi", "d"), ("r", "d"), ("x", "s"), ("ngh", "ng"), ("gh", "g"), ("k", "c"), ("l", "n"))
_SHORTEST_MISSPELT = 3


@dataclass(frozen=True, slots=True)
class Form:
    """What is compared: words in order of writing, folded; ``spelt`` has the spelling of those with marks.

    ``before``: what was dropped before each word that a clause may begin with: a link word, or a stop; else nothing.
    ``links``: the link word that a word is itself, else nothing.
    """

    words: tuple[str, ...]
    spelt: tuple[str, ...]
    has_marks: bool
    before: tuple[str, ...]
    links: tuple[str, ...]

    @property
    def length(self) -> int:
        """How many words."""
        return len(self.words)


@dataclass(frozen=True, slots=True)
class _Word:
    folded: str
    spelt: str  # empty when written without marks
    is_small: bool
    is_link: bool  # a clause may begin with it, as far as its marks tell


STOP = "."
"""Stands before a word after a stop, a comma, or “and”: a clause may begin here with nothing of its own."""


def form(text: str) -> Form:
    """The words that count; all of them, when none would be left."""
    words, stops = _words(nfc(text))
    has_marks = any(word.spelt for word in words)
    at = _without_polite(words)
    kept = [place for place in at if not (words[place].is_small if has_marks else words[place].folded in _SMALL_BARE)]
    kept = kept or list(range(len(words)))
    links = [_link(word, has_marks=has_marks) for word in words]
    for place in set(range(len(words))) - set(at):
        links[place] = STOP  # after polite words something begins
    return Form(
        words=tuple(words[place].folded for place in kept),
        spelt=tuple(words[place].spelt for place in kept),
        has_marks=has_marks,
        before=_before(links, stops, kept),
        links=tuple("" if links[place] == STOP else links[place] for place in kept),
    )


def _link(word: _Word, *, has_marks: bool) -> str:
    return word.folded if (word.is_link if has_marks else word.folded in _LINKS_BARE) else ""


def _words(text: str) -> tuple[list[_Word], set[int]]:
    """The words, and the places of those after a stop."""
    words: list[_Word] = []
    stops: set[int] = set()
    for found in _TOKEN.finditer(text):
        if (written := found[1]) is None:
            stops.add(len(words))
        elif written.islower() or written.isdecimal():
            words.append(_word(written))
        else:
            words += [_word(part.lower()) for part in _parted(written)]
    return words, stops


def _before(links: Sequence[str], stops: set[int], kept: Sequence[int]) -> tuple[str, ...]:
    """What stands between each kept word and the one before it that a clause may begin with."""
    before: list[str] = []
    last = -1
    for place in kept:
        dropped = [links[one] for one in range(last + 1, place) if links[one]]
        own = [link for link in dropped if link not in _AND and link != STOP]
        is_stop = bool(dropped) or any(one in stops for one in range(last + 1, place + 1))
        before.append(own[-1] if own else STOP if is_stop else "")
        last = place
    return tuple(before)


def is_and(word: str) -> bool:
    """Whether the folded word joins what may stand in either order."""
    return word in _AND


def is_exact(word: str) -> bool:
    """Whether the word must be the same on both sides: a number, or a single letter that is no word."""
    return word.isdecimal() or (len(word) == 1 and word not in "aeiou")


def may_be_small(word: str) -> bool:
    """Whether a word written without marks may be one of those dropped."""
    return word in _SMALL_FOLDED


def denies(word: str, spelt: str) -> bool:
    """Whether the word turns the sentence round, as far as its marks tell."""
    return word in _DENYING or spelt in _DENIALS or (not is_syllable(word) and is_misspelling(word, "khong"))


@lru_cache(maxsize=65536)
def is_misspelling(one: str, other: str) -> bool:
    """Whether two folded words are likely one word spelt twice: alike in sound, or one of them no syllable."""
    if is_exact(one) or is_exact(other) or min(len(one), len(other)) < 2:  # noqa: PLR2004 - letters
        return False
    if sound(one) == sound(other):
        return True
    if is_syllable(one) and is_syllable(other):
        return False
    return min(len(one), len(other)) >= _SHORTEST_MISSPELT and _is_one_slip(one, other)


@lru_cache(maxsize=65536)
def is_syllable(word: str) -> bool:
    """Whether a folded word can be a Vietnamese syllable."""
    return _SYLLABLE.fullmatch(word) is not None


def _parted(written: str) -> list[str]:
    """``nghịĐảng`` was run together, ``UBND`` was not."""
    if written.islower() or written.isupper() or written.istitle():
        return [written]
    starts = [0, *(at for at in range(1, len(written)) if written[at - 1].islower() and written[at].isupper())]
    return [written[start:end] for start, end in zip(starts, [*starts[1:], None], strict=True)]


@lru_cache(maxsize=65536)
def _word(written: str) -> _Word:
    folded = fold(written).replace(" ", "") or written
    folded = _SHORT_FORMS.get(folded, folded)
    spelt = spelling(written)
    if not is_syllable(folded) and folded.isalpha():
        folded = _typed_out(written, folded)
    return _Word(folded, "" if spelt.isascii() else spelt, spelt in _AGREED_SMALL, spelt in _AGREED_LINKS)


_AGREED_SMALL = frozenset(spelling(word) for word in _SMALL)
_AGREED_LINKS = frozenset(spelling(word) for word in _LINKS)


def _typed_out(written: str, folded: str) -> str:
    """``ddeef`` is ``đề`` typed with the keyboard's Vietnamese switched off."""
    typed = written if written.isascii() else folded
    for attempt in (_TELEX.sub("", typed), _DOUBLED.sub(r"\1", _TELEX.sub("", typed)), _DOUBLED.sub(r"\1", typed)):
        plain = attempt.replace("w", "")
        if plain != typed and is_syllable(fold(plain)):
            return fold(plain)
    return folded


def _without_polite(words: Sequence[_Word]) -> list[int]:
    """The places of those that are no part of a polite opening."""
    kept: list[int] = []
    at = 0
    while at < len(words):
        if at + 1 < len(words) and (words[at].folded, words[at + 1].folded) in _POLITE:
            at += 2
            continue
        kept.append(at)
        at += 1
    return kept


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """The word as it is heard where sounds are not told apart: ch and tr, d and gi and r, s and x, l and n."""
    for written, heard in _SOUNDS:
        if word.startswith(written):
            return heard + word.removeprefix(written)
    return word


def _is_one_slip(one: str, other: str) -> bool:
    """One letter more, less, other, or two exchanged."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    short, long = sorted((one[start:], other[start:]), key=len)
    if len(short) != len(long):
        return long[1:] == short
    return short[1:] == long[1:] or (short[:2] == long[1::-1] and short[2:] == long[2:])
