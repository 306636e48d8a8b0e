"""Provisions as people paste them: numbered lines become a tree, and the tree becomes the same lines again."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

MOST_PROVISIONS = 2_000
LONGEST_LABEL = 30


@dataclass(frozen=True)
class Entry:
    """One provision in reading order. ``label`` as it was written ("Điều 5.", "II.", "a)"), empty for a lead paragraph.

    ``depth``: 0 for those directly under the directive.
    """

    label: str
    text: str
    depth: int


@dataclass
class Node:
    """A provision with what is under it."""

    entry: Entry
    position: int
    children: list["Node"] = field(default_factory=list)


@dataclass(frozen=True)
class _Mark:
    label: str
    rank: int
    text: str


# From the outermost to the innermost; a style met later hangs under the nearest one of a smaller rank.
_PART, _CHAPTER, _SECTION, _ARTICLE, _CAPITAL, _ROMAN, _CLAUSE, _NUMBER, _LETTER, _DASH, _PLUS = range(0, 110, 10)
_END = r"(?:\s*[.:)/]|\s+[-–—]|(?=\s|$))"
_ORDINAL = r"(?:[IVXLC]+|\d{1,3}[a-zđ]?|thứ\s+\S+(?:\s+mười)?)"
_WORDS = (
    (_PART, "phần"),
    (_CHAPTER, "chương"),
    (_SECTION, "mục"),
    (_ARTICLE, "điều"),
    (_CLAUSE, "khoản"),
)
_NAMED = tuple(
    (rank, re.compile(rf"({word}\s+{_ORDINAL}{_END})\s*(.*)\Z", re.IGNORECASE | re.DOTALL)) for rank, word in _WORDS
)
_POINT = re.compile(rf"(điểm\s+[a-zđ]{_END})\s*(.*)\Z", re.IGNORECASE | re.DOTALL)
_NUMBERED = re.compile(
    r"([1-9]\d?(?:\.[1-9]\d?){0,4}\s*(?:[.)/]|[-–—](?=\s))(?!\d)|[1-9]\d?(?:\.[1-9]\d?){1,4}(?=\s))\s*(.*)\Z"
)
_ROMANS = re.compile(r"([IVXL]{1,7}\s*(?:[.)/]|[-–—](?=\s)))\s*(.*)\Z")
_CAPITALS = re.compile(r"([A-ZĐ]\s*[.)/])\s*(.*)\Z")
_LETTERS = re.compile(r"([a-zđ]{1,2}\s*(?:\)|[./](?=\s|\Z)))\s*(.*)\Z")
_BULLETS = re.compile(r"([-–—•*+])(?:\s+(.*)|(?=[^\W\d])(.*))\Z")
_ROMAN_NUMBER = re.compile(r"(?=[IVXL])(?:XL|L?X{0,3})(?:IX|IV|V?I{0,3})\Z")
_LETTER_ORDER = "abcdđeghiklmnopqrstuvxy"


def parse_outline(text: str) -> list[Entry]:
    """The provisions in ``text``, in reading order.

    A line that begins with a number of any usual style ("Phần", "Chương", "Mục", "Điều 5.", "A.", "I.", "Khoản 1",
    "1.", "1.2.", "a)", "-", "+") begins a provision; lines without one belong to the provision before them; what
    stands before the first one is a lead paragraph without a number. Sums of money and dates begin no provision.
    """
    entries: list[Entry] = []
    stack: list[_Mark] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        plain = " ".join(line.split())
        if not plain:
            continue
        mark = _mark(plain, stack)
        if mark is None:
            _continue(entries, plain)
            continue
        while stack and stack[-1].rank >= mark.rank:
            stack.pop()
        entries.append(Entry(mark.label, mark.text, len(stack)))
        stack.append(mark)
    return entries


def outline_of(entries: Iterable[Entry]) -> str:
    """The lines that :func:`parse_outline` reads as these provisions."""
    return "\n".join(_lines(entry) for entry in entries)


def _lines(entry: Entry) -> str:
    """Number and text on one line; the text on a line of its own where the two would be read as a sentence."""
    first, _feed, rest = entry.text.partition("\n")
    beside = f"{entry.label} {first}".strip()
    mark = _mark(beside, ()) if entry.label else None
    if mark is not None and (mark.label, mark.text) != (entry.label, first):
        mark = None
    separator = " " if mark is not None or not entry.label else "\n"
    return "\n".join(filter(None, (f"{entry.label}{separator}{first}".strip(), rest)))


def tree_of(entries: Sequence[Entry]) -> list[Node]:
    """The provisions as a tree, each with its position in reading order."""
    roots: list[Node] = []
    path: list[Node] = []
    for position, entry in enumerate(entries):
        node = Node(entry, position)
        del path[entry.depth :]
        (path[-1].children if path else roots).append(node)
        path.append(node)
    return roots


def paths_of(entries: Iterable[Entry]) -> Iterator[tuple[str, ...]]:
    """What tells a provision from the others of its directive: the labels from the top to it, counted when repeated."""
    path: list[str] = []
    seen: dict[tuple[str, ...], int] = {}
    for entry in entries:
        del path[entry.depth :]
        label = entry.label.rstrip(".):/ ").casefold()
        key = (*path, label)
        seen[key] = seen.get(key, 0) + 1
        path.append(f"{label}#{seen[key]}")
        yield tuple(path)


def _continue(entries: list[Entry], line: str) -> None:
    if not entries:
        entries.append(Entry("", line, 0))
        return
    last = entries[-1]
    entries[-1] = Entry(last.label, f"{last.text}\n{line}".strip(), last.depth)


def _mark(line: str, stack: Sequence[_Mark]) -> _Mark | None:
    """The number a line begins with; ``None`` when it begins with none."""
    mark = _named(line) or _numbered(line) or _lettered(line, stack) or _bulleted(line)
    return mark if mark and len(mark.label) <= LONGEST_LABEL else None


def _named(line: str) -> _Mark | None:
    for rank, pattern in _NAMED:
        if (found := pattern.match(line)) and not _goes_on(found):
            return _Mark(found[1].strip(), rank, found[2])
    found = _POINT.match(line)
    return _Mark(found[1].strip(), _LETTER, found[2]) if found and not _goes_on(found) else None


def _goes_on(found: re.Match[str]) -> bool:
    """Whether a number without a full stop is part of a sentence ("Điều 5 của Điều lệ Đảng …")."""
    return found[1].strip()[-1:].isalnum() and found[2][:1].islower()


def _numbered(line: str) -> _Mark | None:
    found = _NUMBERED.match(line)
    if found is None or _goes_on(found):
        return None
    return _Mark(found[1].strip(), _NUMBER + found[1].strip(" .").count("."), found[2])


def _lettered(line: str, stack: Sequence[_Mark]) -> _Mark | None:
    found = _ROMANS.match(line)
    if found and _ROMAN_NUMBER.match(_bare(found[1])) and not _follows_a_capital(_bare(found[1]), stack):
        return _Mark(found[1], _ROMAN, found[2])
    if found := _CAPITALS.match(line):
        return _Mark(found[1], _CAPITAL, found[2])
    if (found := _LETTERS.match(line)) and not _is_abbreviation(found):
        return _Mark(found[1], _LETTER, found[2])
    return None


def _is_abbreviation(found: re.Match[str]) -> bool:
    """Whether two letters and a full stop are a word that ended a line before ("tr. 5", "vv.")."""
    return len(_bare(found[1])) > 1 and not found[1].rstrip().endswith(")")


def _bare(label: str) -> str:
    return label.rstrip(".):/–—- ")


def _follows_a_capital(letter: str, stack: Sequence[_Mark]) -> bool:
    """Whether a single capital goes on a series of letters (C after B) rather than begins Roman numbers."""
    before = next((mark for mark in reversed(stack) if mark.rank == _CAPITAL), None)
    if before is None or len(letter) != 1:
        return False
    return (_bare(before.label).lower(), letter.lower()) in set(pairwise(_LETTER_ORDER))


def _bulleted(line: str) -> _Mark | None:
    found = _BULLETS.match(line)
    if found is None:
        return None
    return _Mark(found[1], _PLUS if found[1] in "+*" else _DASH, found[2] or found[3] or "")
