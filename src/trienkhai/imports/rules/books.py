"""Opening a file as a book of sheets of rows: .xlsx and .csv, told apart by what they hold, not by their name."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol, cast

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum
from python_calamine import SheetVisibleEnum as Visible

from trienkhai.imports.rules.cells import Cells
from trienkhai.imports.rules.limits import LIMITS, Limits, inspect_xlsx, refuse
from trienkhai.imports.rules.problems import FileFault

_HEAD = 4096
_MAGIC_OF_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_NOT_LISTS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"MZ", b"\x7fELF")
_SEPARATORS = (",", ";", "\t", "|")
_BINARY = re.compile("[\x00-\x08\x0e-\x1f]")

type Merge = tuple[tuple[int, int], tuple[int, int]]


class Sheet(Protocol):
    """One sheet: rows from the first line on, each as wide as the sheet."""

    @property
    def name(self) -> str:
        """The sheet's name; "" for a .csv."""
        ...

    @property
    def merges(self) -> list[Merge]:
        """Merged cells as ((row, column), (row, column)), both ends included, from 0."""
        ...

    def rows(self) -> Iterator[Cells]:
        """The rows from line 1 on; the first cell is always column A."""
        ...

    def release(self) -> None:
        """Let go of what was parsed; reading again parses again."""
        ...


@dataclass
class Book:
    """A list as opened. ``hidden`` names the sheets that were left out."""

    sheets: list[Sheet]
    hidden: list[str] = field(default_factory=list)
    is_csv: bool = False


@dataclass
class GridSheet:
    """A sheet held in memory (.csv, tests)."""

    name: str
    grid: list[Cells]
    merges: list[Merge] = field(default_factory=list)

    def rows(self) -> Iterator[Cells]:
        """The rows from line 1 on."""
        return iter(self.grid)

    def release(self) -> None:
        """Nothing to let go: the text was read at once."""


class _XlsxSheet:
    """A sheet of an .xlsx: parsed when first asked for, held until released, so that a book holds one at a time."""

    def __init__(self, workbook: CalamineWorkbook, name: str) -> None:
        self.name = name
        self._workbook = workbook
        self._parsed: CalamineSheet | None = None

    def _sheet(self) -> CalamineSheet:
        if self._parsed is None:
            try:
                self._parsed = self._workbook.get_sheet_by_name(self.name)
            except (CalamineError, ValueError) as error:
                raise refuse(FileFault.DAMAGED) from error
        return self._parsed

    @property
    def merges(self) -> list[Merge]:
        return self._sheet().merged_cell_ranges or []

    def rows(self) -> Iterator[Cells]:
        sheet = self._sheet()
        padding: Cells = [""] * (sheet.start[1] if sheet.start else 0)
        for row in sheet.iter_rows():
            yield [*padding, *row] if padding else cast("Cells", row)

    def release(self) -> None:
        self._parsed = None


def open_book(file: BinaryIO, *, limits: Limits = LIMITS, is_inspected: bool = False) -> Book:
    """The file as a book of sheets. The file must stay open while rows are read.

    ``is_inspected``: these very bytes have been through here before, so unpacking them once more to count is spared.

    Raises:
        Invalid: ``FileFault`` with ``on="file"`` when it is not a list that can be read.
    """
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size == 0:
        raise refuse(FileFault.EMPTY)
    if size > limits.file_bytes:
        raise refuse(FileFault.TOO_LARGE, limit=limits.file_bytes // 1024**2)
    head = file.read(_HEAD)
    if head.startswith(_MAGIC_OF_OLD):
        file.seek(0)
        raise refuse(FileFault.PASSWORD if _ENCRYPTED in file.read() else FileFault.OLD_EXCEL)
    if head.startswith(b"PK"):
        if not is_inspected:
            inspect_xlsx(file, limits=limits)
        return _open_xlsx(file)
    if head.startswith(_NOT_LISTS) or _is_web_page(head):
        raise refuse(FileFault.WRONG_TYPE)
    file.seek(0)
    return _open_csv(file.read(), limits)


def _is_web_page(head: bytes) -> bool:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    return start.startswith((b"<!doctype", b"<html", b"<?xml", b"<table", b"<head", b"<meta"))


def _open_xlsx(file: BinaryIO) -> Book:
    if not _has_workbook(file):
        raise refuse(FileFault.WRONG_TYPE)
    file.seek(0)
    try:
        workbook = CalamineWorkbook.from_filelike(file)
    except PasswordError as error:
        raise refuse(FileFault.PASSWORD) from error
    except (CalamineError, ValueError) as error:
        raise refuse(FileFault.DAMAGED) from error
    tables = [meta for meta in workbook.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
    shown = [meta.name for meta in tables if meta.visible == Visible.Visible]
    hidden = [meta.name for meta in tables if meta.visible != Visible.Visible]
    return Book([_XlsxSheet(workbook, name) for name in shown], hidden)


def _has_workbook(file: BinaryIO) -> bool:
    from zipfile import ZipFile  # noqa: PLC0415 - only for its table of contents

    with ZipFile(file) as packed:
        return "xl/workbook.xml" in packed.namelist()


def _open_csv(data: bytes, limits: Limits) -> Book:
    text = _decoded(data)
    if _BINARY.search(text):
        raise refuse(FileFault.WRONG_TYPE)
    if not text.strip():
        raise refuse(FileFault.EMPTY)
    grid: list[Cells] = []
    cells = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text), strict=False):
            grid.append(list(row))
            cells += len(row)
            if len(row) > limits.columns:
                raise refuse(FileFault.TOO_MANY_COLUMNS, limit=limits.columns)
            if len(grid) > limits.rows:
                raise refuse(FileFault.TOO_MANY_ROWS, limit=limits.rows)
            if cells > limits.cells:
                raise refuse(FileFault.TOO_MANY_CELLS, limit=limits.cells)
    except csv.Error as error:
        raise refuse(FileFault.DAMAGED) from error
    width = max(map(len, grid))
    for line in grid:
        line.extend([""] * (width - len(line)))
    return Book([GridSheet("", grid)], is_csv=True)


def _decoded(data: bytes) -> str:
    """The text of a .csv: UTF-8 with or without a mark, UTF-16 with a mark or plainly so."""
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16")
        sample = data[:_HEAD]
        zeros_low, zeros_high = sample[1::2].count(0), sample[0::2].count(0)
        if zeros_low > len(sample) // 5 and zeros_high * 10 < zeros_low:
            return data.decode("utf-16-le")
        if zeros_high > len(sample) // 5 and zeros_low * 10 < zeros_high:
            return data.decode("utf-16-be")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refuse(FileFault.ENCODING_UNKNOWN) from error


def separator_of(text: str) -> str:
    """The separator that cuts the first lines most evenly; a comma when nothing does."""
    lines = [line for line in text[:65536].splitlines()[:40] if line.strip()]
    if lines and lines[0].lower().startswith("sep=") and lines[0][4:5] in _SEPARATORS:
        return lines[0][4:5]

    def evenness(separator: str) -> tuple[int, int]:
        counts = [len(next(csv.reader([line], delimiter=separator), [])) - 1 for line in lines]
        usual = max(set(counts), key=lambda each: (counts.count(each) if each else 0, each)) if counts else 0
        return (counts.count(usual) if usual else 0, usual)

    return max(_SEPARATORS, key=lambda each: (evenness(each), -_SEPARATORS.index(each)))
