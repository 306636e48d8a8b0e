"""A list as rows: every line read once, groups carried down, doubles noticed."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from typing import BinaryIO

from trienkhai.imports.rules.books import Book, Sheet, open_book
from trienkhai.imports.rules.cells import text_of
from trienkhai.imports.rules.columns import choose
from trienkhai.imports.rules.doubles import Doubles
from trienkhai.imports.rules.fields import Field, ListKind
from trienkhai.imports.rules.layouts import SAMPLED_LINES, Layout, find_layout, name_by_sheet
from trienkhai.imports.rules.legacy import looks_legacy
from trienkhai.imports.rules.limits import LIMITS, Limits, refuse
from trienkhai.imports.rules.lines import LineKind, LineReader
from trienkhai.imports.rules.problems import Fault, FileFault, RowFault
from trienkhai.imports.rules.unit_names import clean_unit_name, rank_of
from trienkhai.imports.rules.values import ValueReader

_NOTED = 200
_MOSTLY = 0.5

type Choices = Mapping[str, Mapping[int, Field | None]]
"""What was confirmed: layout key → column index → field, None for "leave out"."""


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """One line of the list. ``line`` counts from 1 as the spreadsheet shows it."""

    sheet: str
    line: int
    values: dict[str, str]
    faults: tuple[Fault, ...]
    group: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        """Whether nothing keeps the row from being imported."""
        return not any(fault.is_blocking for fault in self.faults)


@dataclass(frozen=True)
class Survey:
    """What a file seems to be before anything is read in full."""

    kind: ListKind
    layouts: tuple[Layout, ...]
    hidden: tuple[str, ...]
    """Hidden sheets, left out."""
    without_list: tuple[str, ...]
    """Sheets in which no list was found."""


@dataclass
class Notes:
    """What was read as something other than a row, so that nothing disappears silently."""

    lines: list[tuple[str, int, str, str]] = field(default_factory=list)
    """(sheet, line, kind, text) of the first footers and remarks."""
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, sheet: str, line: int, kind: LineKind, text: str) -> None:
        """Note one line."""
        self.counts[str(kind)] += 1
        if len(self.lines) < _NOTED and kind in {LineKind.FOOTER, LineKind.REMARK}:
            self.lines.append((sheet, line, str(kind), text[:120]))


@dataclass
class ParsedList:
    """A whole list in memory: for small files and tests. Large ones are read row by row."""

    survey: Survey
    rows: list[ParsedRow]
    notes: Notes


def survey_book(book: Book, kind: ListKind | None = None) -> Survey:
    """Which sheets hold a list and what their columns are.

    Raises:
        Invalid: ``FileFault.NO_LIST_FOUND``, or ``LEGACY_LETTERS`` for text typed in fonts older than Unicode.
    """
    found: list[Layout] = []
    without: list[str] = []
    for sheet in book.sheets:
        if looks_legacy(islice(sheet.rows(), SAMPLED_LINES)):
            raise refuse(FileFault.LEGACY_LETTERS, sheet=sheet.name)
        layout = find_layout(sheet, kind)
        if layout is None:
            without.append(sheet.name)
        else:
            found.append(layout)
        if len(book.sheets) > 1:
            sheet.release()
    if not found:
        raise refuse(FileFault.NO_LIST_FOUND)
    overall = kind or Counter(layout.kind for layout in found).most_common(1)[0][0]
    without.extend(layout.sheet for layout in found if layout.kind is not overall)
    layouts = tuple(name_by_sheet([layout for layout in found if layout.kind is overall]))
    return Survey(overall, layouts, tuple(book.hidden), tuple(without))


def chosen(survey: Survey, choices: Choices) -> Survey:
    """The survey with the columns as someone confirmed them."""
    layouts = tuple(
        replace(layout, columns=choose(layout.columns, dict(choices.get(layout.key, {})), survey.kind))
        for layout in survey.layouts
    )
    return replace(survey, layouts=layouts)


def read_rows(book: Book, survey: Survey, *, on: date, notes: Notes, unit: str = "") -> Iterator[ParsedRow]:
    """The rows of all sheets in order. ``on`` is today, ``unit`` the unit of rows that name none."""
    by_name = {sheet.name: sheet for sheet in book.sheets}
    doubles = Doubles(survey.kind, names_sheets=len(survey.layouts) > 1)
    for layout in survey.layouts:
        sheet = by_name[layout.sheet]
        yield from _SheetReader(sheet, layout, on=on, notes=notes, doubles=doubles, unit=unit).rows()
        if len(book.sheets) > 1:
            sheet.release()


def read_list(
    file: BinaryIO, *, on: date, kind: ListKind | None = None, choices: Choices | None = None, limits: Limits = LIMITS
) -> ParsedList:
    """The whole list at once.

    Raises:
        Invalid: ``FileFault`` when the file cannot be read.
    """
    book = open_book(file, limits=limits)
    survey = chosen(survey_book(book, kind), choices or {})
    notes = Notes()
    return ParsedList(survey, list(read_rows(book, survey, on=on, notes=notes)), notes)


class _SheetReader:
    """Reads one sheet from its first data line to its end."""

    def __init__(self, sheet: Sheet, layout: Layout, *, on: date, notes: Notes, doubles: Doubles, unit: str) -> None:
        self._sheet = sheet
        self._layout = layout
        self._notes = notes
        self._doubles = doubles
        self._default_unit = layout.title_unit or unit
        wide = {start[0]: to[1] - start[1] + 1 for start, to in sheet.merges if to[1] > start[1]}
        self._lines = LineReader(layout, wide)
        self._values = ValueReader(layout, on)
        unit_column = layout.column_of(Field.UNIT) if layout.kind is not ListKind.UNITS else None
        self._unit_index = unit_column.index if unit_column else -1
        self._unit_carries = self._unit_index >= 0 and _is_sparse(sheet, layout, self._unit_index)
        self._groups: list[str] = []
        self._unit_above = ""

    def rows(self) -> Iterator[ParsedRow]:
        name, first = self._sheet.name, self._layout.data_from
        for index, row in enumerate(self._sheet.rows()):
            if index < first:
                continue
            kind = self._lines.kind_of(index, row)
            if kind is LineKind.ROW:
                yield self._row(index + 1, row)
            elif kind is LineKind.GROUP:
                self._enter(self._lines.group_name(row))
                self._notes.add(name, index + 1, kind, "")
            elif kind is not LineKind.BLANK:
                self._notes.add(name, index + 1, kind, " | ".join(filter(None, map(text_of, row))))

    def _row(self, line: int, row: list) -> ParsedRow:  # type: ignore[type-arg]
        values, faults = self._values.read(row)
        if self._layout.kind is ListKind.UNITS:
            self._place_unit(values, faults)
        else:
            self._place_person(values, faults)
        if fault := self._doubles.check(self._sheet.name, line, values):
            faults.append(fault)
        return ParsedRow(self._sheet.name, line, values, tuple(faults), tuple(self._groups))

    def _place_person(self, values: dict[str, str], faults: list[Fault]) -> None:
        unit = values.get("unit", "")
        if unit:
            self._unit_above = unit
        elif self._unit_carries and self._unit_above:
            unit = self._unit_above
        if not unit and self._groups:
            unit = self._groups[-1]
            if len(self._groups) > 1:
                values.setdefault("parent_unit", self._groups[-2])
        unit = unit or self._default_unit
        if unit:
            values["unit"] = unit
        elif self._layout.kind is ListKind.MEMBERS:
            faults.append(Fault(RowFault.UNIT_MISSING, Field.UNIT))
        if self._layout.kind is ListKind.POSTS and "party_post" not in values:
            faults.append(Fault(RowFault.POST_MISSING, Field.PARTY_POST))

    def _place_unit(self, values: dict[str, str], faults: list[Fault]) -> None:
        """In a list of units a higher unit's line stands above those below it."""
        unit = values.get("unit", "")
        if not any(map(str.isalpha, unit)) and not unit:
            faults.append(Fault(RowFault.NO_NAME, Field.UNIT))
            return
        rank = rank_of(unit)
        while self._groups and rank_of(self._groups[-1]) >= rank:
            self._groups.pop()
        if self._groups:
            values.setdefault("parent_unit", self._groups[-1])
        self._groups.append(unit)

    def _enter(self, text: str) -> None:
        """A group's line: leave groups that are not above it, and forget what the unit column said."""
        name = clean_unit_name(text)
        rank = rank_of(name)
        while self._groups and rank_of(self._groups[-1]) >= rank:
            self._groups.pop()
        self._groups.append(name)
        self._unit_above = ""


def _is_sparse(sheet: Sheet, layout: Layout, index: int) -> bool:
    """Whether the unit stands only on the first row of its group: merged downwards, or mostly blank."""
    if any(start[1] <= index <= to[1] and to[0] > start[0] >= layout.data_from for start, to in sheet.merges):
        return True
    filled = total = 0
    names = [c.index for c in layout.columns if c.field in {Field.NAME, Field.GIVEN_NAME, Field.FAMILY_NAME}]
    for row in islice(sheet.rows(), layout.data_from, layout.data_from + SAMPLED_LINES):
        if any(index_ < len(row) and row[index_] for index_ in names):
            total += 1
            filled += bool(index < len(row) and text_of(row[index]))
    return 0 < filled < _MOSTLY * total
