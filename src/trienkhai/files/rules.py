"""What may be kept: kinds of files told by their contents, safe names, limits. Imports no Django."""

import re
import struct
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

MEGABYTE = 1024 * 1024
LARGEST = 50 * MEGABYTE
MOST_PIXELS = 120_000_000  # an A3 sheet scanned at 600 dots to the inch has 70 million
MOST_ZIP_ENTRIES = 5_000
MOST_UNPACKED = 500 * MEGABYTE
MOST_ZIP_RATIO = 200
RATIO_MATTERS_FROM = 20 * MEGABYTE  # a small file may well be mostly blanks
LONGEST_NAME = 150
HEAD = 4096


class FileFault(StrEnum):
    """Why a file is not taken, or cannot be given back."""

    EMPTY = "file_empty"
    TOO_LARGE = "file_too_large"
    WRONG_KIND = "file_wrong_kind"
    WITH_MACROS = "file_with_macros"
    ENCRYPTED = "file_encrypted"
    DAMAGED_UPLOAD = "file_damaged_upload"
    UNPACKS_TOO_LARGE = "file_unpacks_too_large"
    TOO_MANY_PIXELS = "file_too_many_pixels"
    NOT_SAVED = "file_not_saved"  # the disk would not take it
    MISSING = "file_missing"
    ALTERED = "file_altered"  # what the folder holds is not what was stored


class FileKind(StrEnum):
    """Kinds that may be kept, by the ending they get."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    ODT = "odt"
    DOC = "doc"
    XLS = "xls"
    CSV = "csv"
    TXT = "txt"
    JPG = "jpg"
    PNG = "png"


MEDIA_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.ODT: "application/vnd.oasis.opendocument.text",
    FileKind.DOC: "application/msword",
    FileKind.XLS: "application/vnd.ms-excel",
    FileKind.CSV: "text/csv",
    FileKind.TXT: "text/plain",
    FileKind.JPG: "image/jpeg",
    FileKind.PNG: "image/png",
}
ENDINGS = {kind: frozenset({f".{kind}"}) for kind in FileKind} | {FileKind.JPG: frozenset({".jpg", ".jpeg"})}
ALL_KINDS = frozenset(FileKind)


class RejectedFile(Exception):
    """The bytes are not taken; ``fault`` says why."""

    def __init__(self, fault: FileFault) -> None:
        super().__init__(str(fault))
        self.fault = fault


@dataclass(frozen=True)
class Limits:
    """What one place takes."""

    kinds: frozenset[FileKind] = ALL_KINDS
    largest: int = LARGEST


def clean_name(name: str, kind: FileKind) -> str:
    """A name that is safe on every system and ends as its kind does; never empty, at most ``LONGEST_NAME`` long.

    Folders, control and direction-changing characters, what Windows forbids, and a second, misleading ending go.
    """
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(" " if _is_unsafe(character) else character for character in last)
    plain = " ".join(kept.split()).strip(". ")
    stem, dot, ending = plain.rpartition(".")
    if dot and f".{ending.lower()}" in ENDINGS[kind]:
        suffix = f".{ending.lower()}"
    else:
        stem, suffix = plain, f".{kind}"
    stem = stem.strip(". ") or "file"
    if stem.split(".")[0].strip().upper() in _RESERVED:
        stem = f"_{stem}"
    return stem[: LONGEST_NAME - len(suffix)].rstrip(". ") + suffix


_FORBIDDEN = frozenset('<>:"|?*')
_RESERVED = frozenset({"CON", "PRN", "AUX", "NUL", *(f"COM{n}" for n in range(10)), *(f"LPT{n}" for n in range(10))})


def _is_unsafe(character: str) -> bool:
    return character in _FORBIDDEN or unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def kind_of(content: BinaryIO, name: str, limits: Limits) -> FileKind:
    """What the bytes are, whatever the name says; ``content`` is left anywhere.

    The name decides only where bytes cannot: a list (.csv) or text (.txt).

    Raises:
        RejectedFile: not a kind that is taken here, or dangerous to open.
    """
    content.seek(0)
    head = content.read(HEAD)
    kind = _sniffed(content, head, name)
    if kind is None or kind not in limits.kinds:
        raise RejectedFile(FileFault.WRONG_KIND)
    return kind


def _sniffed(content: BinaryIO, head: bytes, name: str) -> FileKind | None:
    if b"%PDF-" in head[:1024]:
        return FileKind.PDF
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        _check_pixels(_png_size(head))
        return FileKind.PNG
    if head.startswith(b"\xff\xd8\xff"):
        _check_pixels(_jpeg_size(content))
        return FileKind.JPG
    if head.startswith(b"PK"):
        return _zipped_kind(content)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _compound_kind(content)
    return _text_kind(content, head, name)


def _check_pixels(size: tuple[int, int] | None) -> None:
    if size is None:
        raise RejectedFile(FileFault.DAMAGED_UPLOAD)
    if size[0] * size[1] > MOST_PIXELS:
        raise RejectedFile(FileFault.TOO_MANY_PIXELS)


def _png_size(head: bytes) -> tuple[int, int] | None:
    if len(head) < 24 or head[12:16] != b"IHDR":  # noqa: PLR2004 - signature, length, name, two numbers
        return None
    width, height = struct.unpack(">II", head[16:24])
    return width, height


_JPEG_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def _jpeg_size(content: BinaryIO) -> tuple[int, int] | None:
    """Width and height from the first frame header; ``None`` when there is none."""
    content.seek(2)
    while (marker := content.read(2)) and len(marker) == 2 and marker[0] == 0xFF:  # noqa: PLR2004
        code = marker[1]
        if code == 0xFF:  # noqa: PLR2004 - padding
            content.seek(-1, 1)
            continue
        if code in _JPEG_WITHOUT_LENGTH:
            continue
        length = content.read(2)
        if len(length) < 2:  # noqa: PLR2004
            return None
        size = struct.unpack(">H", length)[0]
        if code in _JPEG_FRAMES:
            frame = content.read(5)
            if len(frame) < 5:  # noqa: PLR2004
                return None
            height, width = struct.unpack(">HH", frame[1:5])
            return width, height
        content.seek(max(size - 2, 0), 1)
    return None


def _zipped_kind(content: BinaryIO) -> FileKind | None:
    content.seek(0)
    try:
        with zipfile.ZipFile(content) as archive:
            entries = archive.infolist()
            _check_unpacking(entries)
            names = {entry.filename for entry in entries}
            if any(entry.flag_bits & 0x1 for entry in entries):
                raise RejectedFile(FileFault.ENCRYPTED)
            kind = _office_kind(archive, names)
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        OSError,
        ValueError,
        EOFError,
        RuntimeError,
        struct.error,
    ) as error:
        raise RejectedFile(FileFault.DAMAGED_UPLOAD) from error
    if kind and any(entry.lower().endswith("vbaproject.bin") for entry in names):
        raise RejectedFile(FileFault.WITH_MACROS)
    return kind


def _check_unpacking(entries: list[zipfile.ZipInfo]) -> None:
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    swells = unpacked > RATIO_MATTERS_FROM and unpacked > MOST_ZIP_RATIO * max(packed, 1)
    if len(entries) > MOST_ZIP_ENTRIES or unpacked > MOST_UNPACKED or swells:
        raise RejectedFile(FileFault.UNPACKS_TOO_LARGE)


def _office_kind(archive: zipfile.ZipFile, names: set[str]) -> FileKind | None:
    if "[Content_Types].xml" in names:
        if "word/document.xml" in names:
            return FileKind.DOCX
        if "xl/workbook.xml" in names:
            return FileKind.XLSX
        return None
    if "mimetype" in names:
        with archive.open("mimetype") as stated:
            is_text = stated.read(100).strip() == MEDIA_TYPES[FileKind.ODT].encode()
        return FileKind.ODT if is_text else None
    return None


_STREAMS = {
    "WordDocument".encode("utf-16-le"): FileKind.DOC,
    "Workbook".encode("utf-16-le"): FileKind.XLS,
    "B\0o\0o\0k\0\0\0".encode("ascii"): FileKind.XLS,
}
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")


def _compound_kind(content: BinaryIO) -> FileKind | None:
    """Old Office files keep the names of their streams in a directory somewhere inside."""
    found: set[FileKind] = set()
    for piece in _overlapping(content, 64):
        if _ENCRYPTED_STREAM in piece:
            raise RejectedFile(FileFault.ENCRYPTED)
        found |= {kind for stream, kind in _STREAMS.items() if stream in piece}
    return FileKind.DOC if FileKind.DOC in found else FileKind.XLS if found else None


def _overlapping(content: BinaryIO, overlap: int) -> Iterator[bytes]:
    content.seek(0)
    tail = b""
    while piece := content.read(MEGABYTE):
        yield tail + piece
        tail = piece[-overlap:]


def _text_kind(content: BinaryIO, head: bytes, name: str) -> FileKind | None:
    kind = {".csv": FileKind.CSV, ".txt": FileKind.TXT}.get(name[-4:].lower())
    is_wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if kind is None or is_wide:
        return kind
    content.seek(0)
    while piece := content.read(MEGABYTE):
        if _BINARY.search(piece):
            return None
    return kind


_BINARY = re.compile(rb"[\x00-\x06\x0e-\x19]")
