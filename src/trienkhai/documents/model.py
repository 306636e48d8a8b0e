"""A document as its parts mean it, before any layout: what the Word and PDF writers share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Align(StrEnum):
    """Where a column's text stands."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True)
class Run:
    """A piece of text in one face."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True)
class Heading:
    """A heading with its numbering written out ("I. TÌNH HÌNH"); level 1 is the highest of three."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the body. A line feed inside a run starts a new line."""

    runs: tuple[Run, ...]
    align: Align | None = None
    """None: as the profile sets the body."""
    indent: bool = True
    """Whether the first line is indented as the profile says."""

    @classmethod
    def of(
        cls, text: str, *, bold: bool = False, italic: bool = False, align: Align | None = None, indent: bool = True
    ) -> "Paragraph":
        """A paragraph in one face."""
        return cls((Run(text, bold=bold, italic=italic),), align=align, indent=indent)


@dataclass(frozen=True)
class Bullet:
    """An item of a list; level 1 is written with a dash, level 2 with a plus."""

    runs: tuple[Run, ...]
    level: int = 1

    @classmethod
    def of(cls, text: str, *, level: int = 1) -> "Bullet":
        """An item in the regular face."""
        return cls((Run(text),), level=level)


@dataclass(frozen=True)
class Column:
    """A column of a table. Widths are relative to one another."""

    title: str
    width: float = 1.0
    align: Align = Align.LEFT


@dataclass(frozen=True)
class Table:
    """A ruled table whose header is repeated on each page. A row shorter than the columns is filled up."""

    columns: tuple[Column, ...]
    rows: Sequence[Sequence[str]]
    caption: str = ""
    row_height_mm: float | None = None
    """At least so high: for sheets that are filled in by hand."""
    bold_rows: frozenset[int] = frozenset()
    """Rows (from 0) in bold: totals, groups."""

    def filled(self, row: Sequence[str]) -> list[str]:
        """A row with exactly as many cells as there are columns."""
        width = len(self.columns)
        return [*row[:width], *[""] * (width - len(row))]


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page."""


@dataclass(frozen=True)
class Signature:
    """Who signs: authority ("T/M ĐẢNG UỶ", may be empty), post ("PHÓ BÍ THƯ"), name."""

    post: str
    name: str
    authority: str = ""


@dataclass(frozen=True)
class Header:
    """The head of an official document. What is empty is left out.

    ``number`` without the word: "127-BC/ĐU", or "     -BC/ĐU" while it has none. A document without ``kind`` is a
    letter (công văn): its ``subject`` then stands below the number.
    """

    upper_organ: str = ""
    organ: str = ""
    number: str = ""
    place: str = ""
    day: date | None = None
    """With a place but no day, room is left for writing it in."""
    kind: str = ""
    subject: str = ""


type Block = Heading | Paragraph | Bullet | Table | PageBreak


@dataclass(frozen=True)
class Document:
    """One document: head, blocks, signatures, recipients; an appendix on pages of its own after them.

    ``created`` is the only time that goes into the file, so that the same document gives the same bytes.
    """

    header: Header
    blocks: tuple[Block, ...]
    created: datetime
    signatures: tuple[Signature, ...] = ()
    recipients: tuple[str, ...] = ()
    title: str = ""
    """For the file's properties; made from kind and subject when empty."""
    language: str = "vi"
    landscape: bool = False
    official: bool = True
    """Without: neither the state's nor the Party's title, nor organ, number and place (working lists)."""
    appendix: tuple[Block, ...] = ()
    small_print: str = ""
    """Below everything else, in small letters: how the figures in it can be checked."""

    def file_title(self) -> str:
        """The title for the file's properties."""
        return self.title or " ".join(filter(None, (self.header.kind, self.header.subject)))
