"""How large a list may be, and what stands behind an .xlsx before a parser is let at it.

A spreadsheet is a packed folder: a few kilobytes can unfold to gigabytes, and a single cell in the last row and
column makes a dense table of the whole sheet. Everything here is counted while unpacking, never taken from what the
file says of itself.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from trienkhai.core.decisions import Invalid
from trienkhai.imports.rules.problems import FileFault


@dataclass(frozen=True)
class Limits:
    """What is still read. The defaults hold the largest province with room to spare."""

    file_bytes: int = 50 * 1024**2
    rows: int = 500_000
    columns: int = 200
    cells: int = 16_000_000
    sheets: int = 300
    parts: int = 2_000
    unpacked_bytes: int = 1024**3
    text_bytes: int = 256 * 1024**2
    ratio: int = 100
    ratio_from_bytes: int = 32 * 1024**2


LIMITS = Limits()

_CHUNK = 1 << 20
_LOCAL_HEADER = 30
_PLACE = re.compile(rb"""\br=["']([A-Z]{0,3})(\d{1,9})["']""")
_FILLED_CELL = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\br=["']([A-Z]{1,3})(\d{1,9})["'][^>]*?(?<!/)>(?!</)""")
_SHARED = re.compile(rb"<(?:\w+:)?si[ >].*?</(?:\w+:)?si>", re.DOTALL)
_VALUE = re.compile(rb"<(?:\w+:)?v>(\d{1,9})</")
_SHARED_PART = re.compile(r"^xl/sharedstrings\.xml$", re.IGNORECASE)
_SHEET_PART = re.compile(r"^xl/worksheets/[^/]+\.xml$", re.IGNORECASE)


def refuse(fault: FileFault, **params: object) -> Invalid:
    """The error for a file that cannot be read."""
    return Invalid(fault, on="file", **params)


def inspect_xlsx(file: BinaryIO, *, limits: Limits = LIMITS) -> None:
    """Unpack every part once, keeping nothing, and count.

    Raises:
        Invalid: ``FileFault`` when a part is damaged, unfolds too far, or describes a table too large.
    """
    try:
        with ZipFile(file) as packed:
            _check_parts(packed, limits)
            budget = _Budget(limits)
            shared = _shared_lengths(packed, budget)
            for part in packed.infolist():
                if _SHEET_PART.match(part.filename):
                    _check_sheet(packed, part, shared, budget)
                elif not _SHARED_PART.match(part.filename):
                    budget.drain(packed, part)
    except (BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError) as error:
        raise refuse(FileFault.DAMAGED) from error


def _check_parts(packed: ZipFile, limits: Limits) -> None:
    parts = packed.infolist()
    if len(parts) > limits.parts or len({part.filename for part in parts}) != len(parts):
        raise refuse(FileFault.DAMAGED)
    if any(part.flag_bits & 1 for part in parts):
        raise refuse(FileFault.PASSWORD)
    if sum(1 for part in parts if _SHEET_PART.match(part.filename)) > limits.sheets:
        raise refuse(FileFault.TOO_MANY_SHEETS, limit=limits.sheets)


class _Budget:
    """What may still be unpacked."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.unpacked = 0

    def inflate(self, packed: ZipFile, part: ZipInfo) -> Iterator[bytes]:
        """The part's bytes, at most what it declares; its true end is checked, not believed."""
        produced = 0
        for piece in _raw_inflate(packed, part):
            produced += len(piece)
            self.unpacked += len(piece)
            too_tight = produced > self.limits.ratio_from_bytes and produced > self.limits.ratio * part.compress_size
            if too_tight or self.unpacked > self.limits.unpacked_bytes:
                raise refuse(FileFault.PACKED_TOO_TIGHT)
            yield piece
        if produced != part.file_size:
            raise refuse(FileFault.DAMAGED)

    def drain(self, packed: ZipFile, part: ZipInfo) -> None:
        """Count a part nobody reads."""
        for _piece in self.inflate(packed, part):
            pass


def _raw_inflate(packed: ZipFile, part: ZipInfo) -> Iterator[bytes]:
    """Bytes of a part straight from the packed stream, so that a false size cannot hide what follows."""
    source = packed.fp
    if source is None or part.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise refuse(FileFault.DAMAGED)
    source.seek(part.header_offset)
    header = source.read(_LOCAL_HEADER)
    if len(header) != _LOCAL_HEADER or header[:4] != b"PK\x03\x04":
        raise refuse(FileFault.DAMAGED)
    source.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    left = part.compress_size
    unpacker = zlib.decompressobj(-15) if part.compress_type == ZIP_DEFLATED else None
    crc = 0
    while left > 0:
        piece = source.read(min(_CHUNK, left))
        if not piece:
            raise refuse(FileFault.DAMAGED)
        left -= len(piece)
        for out in [piece] if unpacker is None else _unpacked(unpacker, piece):
            crc = zlib.crc32(out, crc)
            yield out
    if crc != part.CRC or (unpacker is not None and not unpacker.eof):
        raise refuse(FileFault.DAMAGED)


def _unpacked(unpacker: "zlib._Decompress", piece: bytes) -> Iterator[bytes]:
    while piece:
        out = unpacker.decompress(piece, _CHUNK)
        if out:
            yield out
        piece = unpacker.unconsumed_tail
        if unpacker.eof:
            return


def _shared_lengths(packed: ZipFile, budget: _Budget) -> list[int]:
    """Bytes of each shared text, in order: a cell holds only its number."""
    for part in packed.infolist():
        if _SHARED_PART.match(part.filename):
            if part.file_size > budget.limits.text_bytes:
                raise refuse(FileFault.PACKED_TOO_TIGHT)
            text = b"".join(budget.inflate(packed, part))
            return [found.end() - found.start() for found in _SHARED.finditer(text)]
    return []


@dataclass
class _Extent:
    """The box that a dense table of the sheet would need."""

    rows: int = 0
    columns: int = 0

    def take(self, letters: bytes, row: bytes) -> None:
        column = 0
        for letter in letters:
            column = column * 26 + letter - 64
        self.columns = max(self.columns, column)
        self.rows = max(self.rows, int(row))

    def fits(self, limits: Limits) -> bool:
        return self.rows <= limits.rows and self.columns <= limits.columns and self.rows * self.columns <= limits.cells


def _check_sheet(packed: ZipFile, part: ZipInfo, shared: list[int], budget: _Budget) -> None:
    rough, cells = _Extent(), 0
    for chunk in _whole_tags(budget.inflate(packed, part)):
        places = _PLACE.findall(chunk)
        cells += len(places)
        for letters, row in _corners(places):
            rough.take(letters, row)
    if not rough.fits(budget.limits):
        _require_filled_fits(packed, part, budget.limits)
    if shared and cells * max(shared) > budget.limits.text_bytes * 2:
        _require_text_fits(packed, part, shared, budget.limits)


def _corners(places: list[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    """The widest column and the lowest row of a chunk, without a Python step for every cell."""
    if places:
        yield max((letters for letters, _row in set(_pairs(places))), key=lambda each: (len(each), each)), b"0"
        yield b"", max((row for _letters, row in places), key=lambda each: (len(each), each))


def _pairs(places: list[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, None]]:
    return ((letters, None) for letters, _row in places)


def _require_filled_fits(packed: ZipFile, part: ZipInfo, limits: Limits) -> None:
    """Formats painted down to the last row are common; only cells that hold something count."""
    extent = _Extent()
    again = _Budget(Limits(unpacked_bytes=limits.unpacked_bytes * 2))
    for chunk in _whole_tags(again.inflate(packed, part)):
        for letters, row in _FILLED_CELL.findall(chunk):
            extent.take(letters, row)
    if extent.rows > limits.rows:
        raise refuse(FileFault.TOO_MANY_ROWS, limit=limits.rows)
    if extent.columns > limits.columns:
        raise refuse(FileFault.TOO_MANY_COLUMNS, limit=limits.columns)
    if extent.rows * extent.columns > limits.cells:
        raise refuse(FileFault.TOO_MANY_CELLS, limit=limits.cells)


def _require_text_fits(packed: ZipFile, part: ZipInfo, shared: list[int], limits: Limits) -> None:
    """One long text pointed at by a million cells is a bomb too."""
    total = 0
    again = _Budget(Limits(unpacked_bytes=limits.unpacked_bytes * 2))
    for chunk in _whole_tags(again.inflate(packed, part)):
        for number in _VALUE.findall(chunk):
            place = int(number)
            total += shared[place] if place < len(shared) else 0
        if total > limits.text_bytes * 2:
            raise refuse(FileFault.PACKED_TOO_TIGHT)


def _whole_tags(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes, cut only before a ``<``."""
    rest = b""
    for chunk in chunks:
        piece = rest + chunk
        cut = piece.rfind(b"<c ")
        if cut <= 0:
            cut = piece.rfind(b"<")
        if cut <= 0:
            rest = piece
            continue
        rest = piece[cut:]
        yield piece[:cut]
    yield rest
