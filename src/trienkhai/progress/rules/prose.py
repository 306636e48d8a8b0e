"""Prose with figures bound into it: ``{{persons_studied}}`` stands for a figure counted from facts.

Figures: ``{{code}}`` reads "247/248" (a count alone where nothing is owed), ``{{code.numerator}}``,
``{{code.denominator}}``, ``{{code.missing}}``, ``{{code.percent}}``; ``.leaders`` and ``.leaders_percent`` for the
leaders' own part, ``.declared`` for what units declare. ``{{as_of}}``, ``{{unit}}`` and ``{{unit_count}}`` are words
about the report itself. A line ``{{units_table}}`` becomes the table of the units directly below.

A line that begins with ``# `` or ``## `` is a heading, with ``- `` an item of a list; every other line is a paragraph.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from trienkhai.progress.rules.figures import CODES, COUNTS, FigureValue
from trienkhai.rollouts.rules import FIGURE_BY_CODE, Subject

TABLE = "units_table"
WORDS = ("as_of", "unit", "unit_count")
LONGEST_BODY = 100_000

_TOKEN = re.compile(r"\{\{\s*([^{}\n]*?)\s*\}\}")
_LONE = re.compile(r"\{\{|\}\}")


class Ask(StrEnum):
    """What of a figure a token asks for."""

    FRACTION = ""
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    MISSING = "missing"
    PERCENT = "percent"
    LEADERS = "leaders"
    LEADERS_PERCENT = "leaders_percent"
    DECLARED = "declared"


@dataclass(frozen=True)
class Token:
    """A bound figure or word in the prose, as it was written."""

    name: str

    @property
    def code(self) -> str:
        """The figure it names (or the word)."""
        return self.name.partition(".")[0]

    @property
    def ask(self) -> Ask:
        """What of the figure is asked for."""
        return Ask(self.name.partition(".")[2])

    @property
    def is_figure(self) -> bool:
        """Whether it is a figure, not a word about the report."""
        return self.code in CODES


type Piece = str | Token


class LineKind(StrEnum):
    """What a line of prose is."""

    HEADING = "heading"
    SUBHEADING = "subheading"
    ITEM = "item"
    TABLE = "table"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True)
class Line:
    """One line of prose: what it is and what it is made of."""

    kind: LineKind
    pieces: tuple[Piece, ...]


_MARKS = (("## ", LineKind.SUBHEADING), ("# ", LineKind.HEADING), ("- ", LineKind.ITEM))


def tokens_for(code: str) -> tuple[str, ...]:
    """Every token of a figure that means something."""
    if code in COUNTS:
        return (code,)
    asked = [Ask.FRACTION, Ask.PERCENT, Ask.NUMERATOR, Ask.DENOMINATOR, Ask.MISSING]
    if FIGURE_BY_CODE[code].subject is Subject.PERSON:
        asked += [Ask.LEADERS, Ask.LEADERS_PERCENT]
    return tuple(f"{code}.{ask}" if ask else code for ask in [*asked, Ask.DECLARED])


KNOWN: frozenset[str] = frozenset(
    {token for code in CODES for token in tokens_for(code)} | set(WORDS) | {TABLE},
)


def unknown_tokens(body: str) -> tuple[str, ...]:
    """What stands between double braces and is no figure, each once; a lone pair of braces too."""
    found = [name for name in _TOKEN.findall(body) if name not in KNOWN]
    rest = _TOKEN.sub("", body)
    found += _LONE.findall(rest)
    inline = [TABLE for line in body.splitlines() if _has_inline_table(line)]
    return tuple(dict.fromkeys([*found, *inline]))


def _is_table(line: str) -> bool:
    found = _TOKEN.fullmatch(line.strip())
    return found is not None and found[1] == TABLE


def _has_inline_table(line: str) -> bool:
    return TABLE in _TOKEN.findall(line) and not _is_table(line)


def lines_of(body: str) -> Iterator[Line]:
    """The prose line by line; empty lines only part what stands around them."""
    for raw in body.splitlines():
        text = raw.strip()
        if not text:
            continue
        if _is_table(text):
            yield Line(LineKind.TABLE, ())
            continue
        kind = LineKind.PARAGRAPH
        for mark, marked in _MARKS:
            if text.startswith(mark):
                kind, text = marked, text.removeprefix(mark).lstrip()
                break
        yield Line(kind, pieces_of(text))


def pieces_of(text: str) -> tuple[Piece, ...]:
    """Words and tokens of one line, in order."""
    found: list[Piece] = []
    end = 0
    for match in _TOKEN.finditer(text):
        if match.start() > end:
            found.append(text[end : match.start()])
        found.append(Token(match[1]))
        end = match.end()
    if end < len(text):
        found.append(text[end:])
    return tuple(found)


@dataclass(frozen=True)
class Writing:
    """How numbers are written in the report's language."""

    number: Callable[[int], str]
    percent: Callable[[Fraction], str]
    day: Callable[[date], str]
    nobody: str
    """Instead of a share of nothing."""


@dataclass(frozen=True)
class Binding:
    """What tokens stand for: the figures, and words about the report."""

    figures: Mapping[str, FigureValue]
    as_of: date
    unit: str
    unit_count: int
    writing: Writing

    def text(self, token: Token) -> str:
        """What the token reads."""
        match token.code:
            case "as_of":
                return self.writing.day(self.as_of)
            case "unit":
                return self.unit
            case "unit_count":
                return self.writing.number(self.unit_count)
            case code:
                return self._figure(self.figures[code], token.ask)

    def _figure(self, value: FigureValue, ask: Ask) -> str:
        number = self.writing.number
        leaders = value.leaders_numerator or 0, value.leaders_denominator or 0
        texts: Mapping[Ask, Callable[[], str]] = {
            Ask.FRACTION: lambda: self._fraction(value.numerator, value.denominator),
            Ask.NUMERATOR: lambda: number(value.numerator),
            Ask.DENOMINATOR: lambda: number(value.denominator or 0),
            Ask.MISSING: lambda: number(value.missing),
            Ask.PERCENT: lambda: self._percent(value.numerator, value.denominator),
            Ask.LEADERS: lambda: self._fraction(*leaders),
            Ask.LEADERS_PERCENT: lambda: self._percent(*leaders),
            Ask.DECLARED: lambda: self._fraction(value.declared_numerator, value.declared_denominator),
        }
        return texts[ask]()

    def _fraction(self, numerator: int, denominator: int | None) -> str:
        number = self.writing.number
        return number(numerator) if denominator is None else f"{number(numerator)}/{number(denominator)}"

    def _percent(self, numerator: int, denominator: int | None) -> str:
        return self.writing.percent(Fraction(numerator, denominator)) if denominator else self.writing.nobody


def plain(pieces: Sequence[Piece], binding: Binding) -> str:
    """The pieces as text."""
    return "".join(piece if isinstance(piece, str) else binding.text(piece) for piece in pieces)
