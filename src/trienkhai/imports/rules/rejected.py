"""The rejected rows as an .xlsx in the layout they had, with the reason beside each."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from trienkhai.imports.rules.books import Book, Sheet
from trienkhai.imports.rules.cells import Cell, Cells, is_blank
from trienkhai.imports.rules.layouts import Layout
from trienkhai.imports.rules.lines import LineKind, LineReader
from trienkhai.imports.rules.reading import Survey

type Reasons = Mapping[tuple[str, int], str]
"""(sheet, line) → why the row was not taken."""

_WIDTH, _REASON_WIDTH = 16, 60
_LONGEST_SHEET_NAME = 31


def write_rejected(book: Book, survey: Survey, reasons: Reasons, *, heading: str, out: BinaryIO) -> None:
    """Copy headings, group lines and the rejected rows; add a column ``heading`` with the reasons.

    Mended, the file can be taken in again as it is: the added column is known and never read.
    """
    by_name = {sheet.name: sheet for sheet in book.sheets}
    with xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as target:
        writer = _Writer(target)
        for layout in survey.layouts:
            wanted = {line: why for (sheet, line), why in reasons.items() if sheet == layout.sheet[:60]}
            if wanted:
                writer.copy(by_name[layout.sheet], layout, wanted, heading)
                by_name[layout.sheet].release()
        if not target.worksheets():
            target.add_worksheet()


class _Writer:
    def __init__(self, target: xlsxwriter.Workbook) -> None:
        self._target = target
        self._day = target.add_format({"num_format": "dd/mm/yyyy", "valign": "top"})
        self._bold = target.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "align": "center"})
        self._plain = target.add_format({"valign": "top"})
        self._why = target.add_format({"text_wrap": True, "valign": "top", "bg_color": "#FFF2CC"})

    def copy(self, sheet: Sheet, layout: Layout, wanted: Mapping[int, str], heading: str) -> None:
        page = self._target.add_worksheet(layout.sheet[:_LONGEST_SHEET_NAME] or None)
        last = max((column.index for column in layout.columns), default=0)
        reason = last + 1
        page.set_column(0, last, _WIDTH)
        page.set_column(reason, reason, _REASON_WIDTH)
        for (top, left), (bottom, right) in sheet.merges:
            if bottom < layout.data_from and right <= last:
                page.merge_range(top, left, bottom, right, "", self._bold)
        at = 0
        for index, row, why in _kept(sheet, layout, wanted):
            is_heading = index < layout.data_from
            self._line(page, index if is_heading else max(at, layout.data_from), row, is_heading=is_heading)
            if why:
                page.write_string(max(at, layout.data_from), reason, why, self._why)
            at = (index if is_heading else max(at, layout.data_from)) + 1
        if layout.heading_from < layout.data_from:
            page.write_string(layout.heading_from, reason, heading, self._bold)

    def _line(self, page: Worksheet, at: int, row: Cells, *, is_heading: bool) -> None:
        for column, cell in enumerate(row):
            if not is_blank(cell):
                _write(page, (at, column), cell, self._bold if is_heading else self._plain, self._day)


def _write(page: Worksheet, place: tuple[int, int], cell: Cell, plain: Format, day: Format) -> None:
    """One cell as it was. Text is never taken for a formula."""
    row, column = place
    if isinstance(cell, bool):
        page.write_boolean(row, column, cell, plain)
    elif isinstance(cell, int | float):
        page.write_number(row, column, cell, plain)
    elif isinstance(cell, date):
        page.write_datetime(row, column, cell if isinstance(cell, datetime) else datetime(*cell.timetuple()[:3]), day)  # noqa: DTZ001 - a day in a cell
    else:
        page.write_string(row, column, str(cell), plain)


def _kept(sheet: Sheet, layout: Layout, wanted: Mapping[int, str]) -> Iterator[tuple[int, Cells, str]]:
    """Heading lines, the rejected rows, and above them the lines of the groups they stand in."""
    wide = {start[0]: to[1] - start[1] + 1 for start, to in sheet.merges if to[1] > start[1]}
    lines = LineReader(layout, wide)
    groups: list[tuple[int, Cells]] = []
    was_group = False
    for index, row in enumerate(sheet.rows()):
        if index < layout.data_from:
            yield index, row, ""
            continue
        if lines.kind_of(index, row) is LineKind.GROUP:
            groups = [*groups, (index, row)] if was_group else [(index, row)]
            was_group = True
            continue
        was_group = False
        if index + 1 in wanted:
            for at, group in groups:
                yield at, group, ""
            groups = []
            yield index, row, wanted[index + 1]
