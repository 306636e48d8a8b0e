import io
import struct
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trienkhai.files.rules import (
    LONGEST_NAME,
    MOST_ZIP_ENTRIES,
    FileFault,
    FileKind,
    Limits,
    RejectedFile,
    clean_name,
    kind_of,
)

PDF = b"%PDF-1.7\n1 0 obj\n"


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height) + b"\x08\x02\x00\x00\x00"


def jpeg(width: int, height: int, *, before: bytes = b"\xff\xe0\x00\x04ab") -> bytes:
    return b"\xff\xd8" + before + b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", height, width) + b"\x03" * 10


def zipped(entries: dict[str, bytes], *, compression: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


DOCX = zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})
XLSX = zipped({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"})
ODT = zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"})
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


def told(content: bytes, name: str = "x.bin", kinds: frozenset[FileKind] | None = None) -> FileKind:
    return kind_of(io.BytesIO(content), name, Limits(kinds) if kinds else Limits())


def fault(content: bytes, name: str = "x.bin", kinds: frozenset[FileKind] | None = None) -> FileFault:
    with pytest.raises(RejectedFile) as caught:
        told(content, name, kinds)
    return caught.value.fault


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, FileKind.PDF),
        (b"\x00 some mailer's header \n" + PDF, FileKind.PDF),
        (png(2480, 3508), FileKind.PNG),
        (jpeg(2480, 3508), FileKind.JPG),
        (jpeg(10, 10, before=b"\xff\xff\xe1\x00\x06abcd\xff\x01"), FileKind.JPG),
        (DOCX, FileKind.DOCX),
        (XLSX, FileKind.XLSX),
        (ODT, FileKind.ODT),
        (OLE + "WordDocument".encode("utf-16-le"), FileKind.DOC),
        (OLE + "Workbook".encode("utf-16-le"), FileKind.XLS),
        (OLE + "Book\0".encode("utf-16-le"), FileKind.XLS),
    ],
)
def test_the_bytes_tell_the_kind_whatever_the_name_says(content: bytes, kind: FileKind) -> None:
    assert told(content, "holiday.exe") is kind


def test_a_stream_name_across_two_reads_is_found() -> None:
    pad = b"\x01" * (1024 * 1024 - len(OLE) - 7)
    assert told(OLE + pad + "WordDocument".encode("utf-16-le")) is FileKind.DOC


@pytest.mark.parametrize(
    "content", ["Họ và tên;Ngày sinh".encode(), "Họ tên".encode("utf-16"), b"B\xb8o c\xb8o\r\n\t1"]
)
def test_text_is_told_by_its_name_in_any_encoding(content: bytes) -> None:
    assert told(content, "danh sách.CSV") is FileKind.CSV
    assert told(content, "danh sách.txt") is FileKind.TXT
    assert fault(content, "danh sách.html") is FileFault.WRONG_KIND


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (b"MZ\x90\x00\x03", "report.pdf", FileFault.WRONG_KIND),
        (b"a\x00b", "list.csv", FileFault.WRONG_KIND),
        (b"<html><script>", "page.html", FileFault.WRONG_KIND),
        (b"<svg onload=alert(1)>", "picture.svg", FileFault.WRONG_KIND),
        (zipped({"a.txt": b"x"}), "x.zip", FileFault.WRONG_KIND),
        (zipped({"[Content_Types].xml": b"", "ppt/presentation.xml": b""}), "x.pptx", FileFault.WRONG_KIND),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "x.ods", FileFault.WRONG_KIND),
        (zipped({"[Content_Types].xml": b"", "word/document.xml": b"", "word/vbaProject.bin": b"x"}), "x.docx",
         FileFault.WITH_MACROS),
        (DOCX[: len(DOCX) // 2], "x.docx", FileFault.DAMAGED_UPLOAD),
        (b"PK\x03\x04 nonsense", "x.docx", FileFault.DAMAGED_UPLOAD),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "x.xlsx", FileFault.ENCRYPTED),
        (OLE, "x.msi", FileFault.WRONG_KIND),
        (png(40_000, 40_000), "x.png", FileFault.TOO_MANY_PIXELS),
        (jpeg(60_000, 60_000), "x.jpg", FileFault.TOO_MANY_PIXELS),
        (b"\x89PNG\r\n\x1a\n", "x.png", FileFault.DAMAGED_UPLOAD),
        (b"\xff\xd8\xff", "x.jpg", FileFault.DAMAGED_UPLOAD),
        (b"\xff\xd8\xff\xc0", "x.jpg", FileFault.DAMAGED_UPLOAD),
        (b"\xff\xd8\xff\xc0\x00\x11\x08\x00", "x.jpg", FileFault.DAMAGED_UPLOAD),
        (b"\xff\xd8\xff\xe0\x00\x00\x01", "x.jpg", FileFault.DAMAGED_UPLOAD),
    ],
)  # fmt: skip
def test_what_is_not_taken(content: bytes, name: str, expected: FileFault) -> None:
    assert fault(content, name) is expected


def test_a_locked_archive_is_said_to_be_locked() -> None:
    locked = bytearray(DOCX)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := locked.find(signature, at + 1)) >= 0:
            locked[at + offset] |= 1
    assert fault(bytes(locked), "x.docx") is FileFault.ENCRYPTED


def test_archives_that_swell_are_not_taken() -> None:
    bomb = zipped(
        {"[Content_Types].xml": b"", "word/document.xml": b"0" * 30_000_000}, compression=zipfile.ZIP_DEFLATED
    )
    assert fault(bomb, "x.docx") is FileFault.UNPACKS_TOO_LARGE
    crowd = zipped({f"{n}": b"" for n in range(MOST_ZIP_ENTRIES + 1)})
    assert fault(crowd, "x.docx") is FileFault.UNPACKS_TOO_LARGE


def test_a_place_may_take_fewer_kinds() -> None:
    assert fault(PDF, "x.pdf", frozenset({FileKind.PNG})) is FileFault.WRONG_KIND


@pytest.mark.parametrize(
    ("name", "kind", "clean"),
    [
        ("Nghị quyết số 12.pdf", FileKind.PDF, "Nghị quyết số 12.pdf"),
        ("Nghi\u0323 quye\u0302\u0301t.PDF", FileKind.PDF, "Nghị quyết.pdf"),
        ("C:\\Users\\Lan\\ảnh.jpeg", FileKind.JPG, "ảnh.jpeg"),
        ("../../etc/passwd", FileKind.TXT, "passwd.txt"),
        ("virus.exe", FileKind.PDF, "virus.exe.pdf"),
        ("a\u202efdp.exe", FileKind.PDF, "a fdp.exe.pdf"),
        ('x"; filename="y\r\n.pdf', FileKind.PDF, "x ; filename= y.pdf"),
        ("con.pdf", FileKind.PDF, "_con.pdf"),
        ("NUL", FileKind.TXT, "_NUL.txt"),
        (".pdf", FileKind.PDF, "pdf.pdf"),
        ("", FileKind.PDF, "file.pdf"),
        ("...", FileKind.PDF, "file.pdf"),
        ("số liệu . ", FileKind.XLSX, "số liệu.xlsx"),
    ],
)
def test_names_are_made_safe_and_end_as_they_should(name: str, kind: FileKind, clean: str) -> None:
    assert clean_name(name, kind) == clean


@given(st.text(max_size=400), st.sampled_from(FileKind))
def test_any_name_becomes_one_that_any_system_takes(name: str, kind: FileKind) -> None:
    clean = clean_name(name, kind)
    assert 0 < len(clean) <= LONGEST_NAME
    assert not set(clean) & set('/\\<>:"|?*\x00\r\n')
    assert clean == clean.strip(" .")
    assert clean_name(clean, kind) == clean


@given(st.binary(max_size=300), st.sampled_from(["", "PK", "%PDF-", "\xff\xd8\xff"]))
def test_no_bytes_make_it_fall_over(content: bytes, start: str) -> None:
    with suppress(RejectedFile):
        told(start.encode("latin-1") + content, "x.csv")
