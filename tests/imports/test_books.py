import io
import zipfile
from collections.abc import Callable

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.imports.lists import builders
from trienkhai.core.decisions import Invalid
from trienkhai.imports.rules.books import open_book, separator_of
from trienkhai.imports.rules.limits import Limits
from trienkhai.imports.rules.problems import FileFault


def all_rows(data: bytes, limits: Limits) -> None:
    for sheet in open_book(io.BytesIO(data), limits=limits).sheets:
        list(sheet.rows())


def refused(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(Invalid) as caught:
        all_rows(data, limits or Limits())
    assert caught.value.on == "file"
    return caught.value.code


def packed(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def repacked(change: Callable[[str, bytes], bytes]) -> bytes:
    parts = {}
    with zipfile.ZipFile(builders.plain()) as archive:
        for name in archive.namelist():
            parts[name] = change(name, archive.read(name))
    return packed(parts)


def with_cell(place: str, value: str) -> bytes:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet["A1"] = "x"
    sheet[place] = value
    return builders.saved(book).getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", FileFault.EMPTY),
        (b"  \n \n", FileFault.EMPTY),
        (b"%PDF-1.7 ...", FileFault.WRONG_TYPE),
        (b"\x89PNG\r\n\x1a\n....", FileFault.WRONG_TYPE),
        (b"<html><table><tr><td>x</td></tr></table>", FileFault.WRONG_TYPE),
        (b"\xef\xbb\xbf<?xml version='1.0'?><a/>", FileFault.WRONG_TYPE),
        (b"a\x01\x02\x03b,c\n" * 5, FileFault.WRONG_TYPE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, FileFault.OLD_EXCEL),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            FileFault.PASSWORD,
        ),
        (b"PK\x03\x04 this is no archive", FileFault.DAMAGED),
        (packed({"word/document.xml": b"<x/>"}), FileFault.WRONG_TYPE),
        (packed({"xl/workbook.xml": b"<x"}), FileFault.DAMAGED),
        ("Họ và tên,Ngày sinh\nNguyễn Văn Hoà,1968\n".encode("cp1258", "replace"), FileFault.ENCODING_UNKNOWN),
    ],
)
def test_what_is_no_list_is_refused_by_code(data: bytes, code: FileFault) -> None:
    assert refused(data) == code


def test_a_file_cut_short_is_damaged() -> None:
    whole = builders.plain().getvalue()
    assert refused(whole[: len(whole) // 2]) == FileFault.DAMAGED


def test_every_byte_may_be_wrong_without_a_crash() -> None:
    whole = bytearray(builders.units().getvalue())
    for place in range(0, len(whole), max(1, len(whole) // 150)):
        spoilt = bytearray(whole)
        spoilt[place] ^= 0x55
        try:
            book = open_book(io.BytesIO(bytes(spoilt)))
            for sheet in book.sheets:
                list(sheet.rows())
        except Invalid as error:
            assert error.code in set(FileFault)  # noqa: PT017 - either it is read or refused by code


def test_size_is_limited() -> None:
    assert refused(b"a,b\n" * 100, Limits(file_bytes=100)) == FileFault.TOO_LARGE


def test_a_few_kilobytes_that_unfold_to_gigabytes_are_refused() -> None:
    bomb = packed({"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b"<c>" * (40 * 1024**2 // 3)})
    assert len(bomb) < 200_000
    assert refused(bomb) == FileFault.PACKED_TOO_TIGHT


def test_a_part_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(packed({"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b"<row/>" * 5000}))
    true_size = (30_000).to_bytes(4, "little")
    place = data.rfind(true_size)
    data[place : place + 4] = (10).to_bytes(4, "little")
    assert refused(bytes(data)) == FileFault.DAMAGED


def test_one_cell_in_the_last_corner_does_not_fill_the_memory() -> None:
    assert refused(with_cell("XFD1048576", "boo")) in {FileFault.TOO_MANY_ROWS, FileFault.TOO_MANY_COLUMNS}
    assert refused(with_cell("A1000000", "boo")) == FileFault.TOO_MANY_ROWS
    assert refused(with_cell("XFD1", "boo")) == FileFault.TOO_MANY_COLUMNS


def test_empty_painted_cells_do_not_count() -> None:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet["A1"] = "Họ và tên"
    sheet["XFD900000"].number_format = "0.0"
    opened = open_book(builders.saved(book))
    assert list(opened.sheets[0].rows()) == [["Họ và tên"]]


def test_a_long_text_pointed_at_by_many_cells_is_refused() -> None:
    long = b"<sst><si><t>" + b"abcdefgh" * 4000 + b"</t></si></sst>"
    cells = b"".join(b'<c r="A%d" t="s"><v>0</v></c>' % row for row in range(1, 30_001))
    data = packed({"xl/workbook.xml": b"<x/>", "xl/sharedStrings.xml": long, "xl/worksheets/sheet1.xml": cells})
    assert refused(data) == FileFault.PACKED_TOO_TIGHT


def test_rows_columns_and_sheets_of_text_files_are_limited() -> None:
    assert refused(b"a,b\n" * 20, Limits(rows=10)) == FileFault.TOO_MANY_ROWS
    assert refused(b"a," * 300 + b"\n", Limits()) == FileFault.TOO_MANY_COLUMNS
    book = Workbook()
    book.create_sheet("2")
    assert refused(builders.saved(book).getvalue(), Limits(sheets=1)) == FileFault.TOO_MANY_SHEETS


def test_an_entity_bomb_is_not_expanded() -> None:
    def change(name: str, content: bytes) -> bytes:
        if not name.endswith("sheet1.xml"):
            return content
        bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        start = content.index(b"<worksheet")
        return content[:start] + bomb + content[start:].replace(b"STT", b"&b;")

    try:
        book = open_book(io.BytesIO(repacked(change)))
        text = str(next(iter(book.sheets[0].rows())))
    except Invalid as error:
        assert error.code == FileFault.DAMAGED  # noqa: PT017 - refusing is as good as not expanding
    else:
        assert "aaaaaaaaaaaaaaaaaaaa" not in text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_text_files_in_each_encoding_and_separator(encoding: str, separator: str) -> None:
    book = open_book(builders.as_csv(encoding, separator))
    rows = list(book.sheets[0].rows())
    assert rows[1] == ["STT", "Họ, tên khai sinh", "Ngày sinh", "Giới tính", "Đơn vị"]
    assert len(rows) == 578


def test_the_separator_is_the_one_that_cuts_evenly() -> None:
    assert separator_of("TT;Họ, tên;Ngày\n1;Lê, A;1\n2;Lê B;2\n") == ";"
    assert separator_of("một cột\nhai\n") == ","
    assert separator_of("sep=|\na|b\n") == "|"


def test_rows_begin_at_column_a_and_line_1() -> None:
    book = open_book(io.BytesIO(with_cell("C4", "x")))
    rows = list(book.sheets[0].rows())
    assert rows[3][2] == "x"
    assert rows[0][0] == "x"


def test_hidden_sheets_are_left_out_and_named() -> None:
    book = open_book(builders.sheet_for_each_cell())
    assert book.hidden == ["DM"]
    assert "DM" not in [sheet.name for sheet in book.sheets]
