import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape
from openpyxl.workbook import Workbook

from tests.documents.samples import CREATED
from tests.examples import examples
from trienkhai.core.decisions import Invalid
from trienkhai.documents import Cell, Kind, Sheet, SheetColumn, sheets, write_xlsx
from trienkhai.documents.sheets import _free_name

COLUMNS = (SheetColumn("Họ và tên", 28), SheetColumn("Ngày sinh", 12, Kind.DAY), SheetColumn("Tỉ lệ", 9, Kind.PERCENT))


def opened(*content: Sheet) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(write_xlsx(content, created=CREATED)))


def first_column(*values: Cell) -> list[object]:
    page = opened(Sheet("A", [SheetColumn("X")], [[value] for value in values])).active
    assert page is not None
    return [cell.value for cell in page["A"][1:]]


def test_titles_header_and_rows() -> None:
    rows: list[Sequence[Cell]] = [("Lê Thị Bình", date(1968, 4, 3), Fraction(1, 4)), ("Trần Văn Cường", None)]
    book = opened(Sheet("Đảng viên", COLUMNS, rows, titles=("Đảng bộ phường", "Danh sách"), landscape=True))
    page = book["Đảng viên"]
    assert [[cell.value for cell in row] for row in page.iter_rows()] == [
        ["Đảng bộ phường", None, None],
        ["Danh sách", None, None],
        [None, None, None],
        ["Họ và tên", "Ngày sinh", "Tỉ lệ"],
        ["Lê Thị Bình", datetime(1968, 4, 3), 0.25],  # noqa: DTZ001
        ["Trần Văn Cường", None, None],
    ]
    assert page["B5"].number_format == "dd/mm/yyyy"
    assert page["C6"].border.left.style == "thin"
    assert page.freeze_panes == "A5"
    assert page.print_title_rows == "$4:$4"
    assert page.print_area == "'Đảng viên'!$A$1:$C$6"
    assert page.page_setup.orientation == "landscape"
    assert page.page_setup.paperSize == 9
    assert page.column_dimensions["A"].width == pytest.approx(28, abs=1)


def test_an_empty_list_is_a_header() -> None:
    page = opened(Sheet("A", COLUMNS, [])).active
    assert page is not None
    assert page.max_row == 1


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+84 912",
        "@x",
        "{=1}",
        "http://vidu.example",
        "0123",
        "<r><t>x</t></r>",
        "<r>&",
        " trước",
        "sau ",
        "_x0041_",
        "dòng\nhai",
        "\tthụt",
        "a & b < c > d \"e\" 'f'",
        "Nghị quyết số 12-NQ/TW",
    ],
)
def test_texts_are_only_texts(text: str) -> None:
    page = opened(Sheet("A", [SheetColumn("X")], [[text]])).active
    assert page is not None
    cell = page["A2"]
    assert cell.data_type == "s"
    assert cell.hyperlink is None
    assert unescape(str(cell.value)).removesuffix(" ") == text.removesuffix(" ")


@settings(max_examples=examples(30, thorough=1_000), deadline=None)
@given(st.text(max_size=30))
def test_any_text_can_be_written(text: str) -> None:
    data = write_xlsx([Sheet(text, [SheetColumn(text)], [[text]], titles=[text])], created=CREATED)
    openpyxl.load_workbook(io.BytesIO(data))


def test_numbers_of_every_kind() -> None:
    assert first_column(5, 2.5, Decimal("0.1"), Fraction(1, 2), True, -7) == [5, 2.5, 0.1, 0.5, True, -7]


def test_days_before_excels_calendar_are_written_out() -> None:
    assert first_column(date(1890, 5, 19), date(1900, 2, 28), date(1900, 3, 1)) == ["19/05/1890", "28/02/1900", 61]


def test_a_text_too_long_for_excel_is_cut_and_says_so() -> None:
    whole, cut, pictures = first_column("ữ" * 32767, "ữ" * 32768, "😀" * 20000)
    assert whole == "ữ" * 32767
    assert str(cut).endswith("ữ […]")
    assert str(pictures).endswith("😀 […]")
    assert len(str(pictures).encode("utf-16-le")) <= 32767 * 2


def test_control_characters_go() -> None:
    assert first_column("a\x00b\x0bc\ud800d") == ["abcd"]


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "LAST_ROW", 5)
    rows: list[Sequence[Cell]] = [["x"]] * 4
    opened(Sheet("A", [SheetColumn("X")], rows))
    with pytest.raises(Invalid) as caught:
        opened(Sheet("A", [SheetColumn("X")], [*rows, ["x"]]))
    assert (caught.value.code, caught.value.params["most"]) == ("too-many-rows", 4)


def test_cells_beyond_the_columns_are_left_out() -> None:
    page = opened(Sheet("A", [SheetColumn("X")], [["a", "b"]])).active
    assert page is not None
    assert page.max_column == 1


def test_sheet_names_that_excel_takes() -> None:
    taken: set[str] = set()
    names = [_free_name(name, taken) for name in ("Chi bộ 1/2", "chi bộ 1 2", "", "'x'", "History", "N" * 40, "N" * 40)]
    assert names == ["Chi bộ 1 2", "chi bộ 1 2 (2)", "1", "x", "History (2)", "N" * 31, "N" * 27 + " (2)"]


def test_the_same_rows_give_the_same_bytes() -> None:
    def build(created: datetime) -> bytes:
        return write_xlsx([Sheet("A", COLUMNS, [("An", None, 1)])], created=created, author="Đảng uỷ", title="T")

    assert build(CREATED) == build(CREATED) == build(CREATED.astimezone(UTC).replace(tzinfo=None))
    assert openpyxl.load_workbook(io.BytesIO(build(CREATED))).properties.creator == "Đảng uỷ"


def test_rows_are_read_one_by_one() -> None:
    def rows() -> Iterator[Sequence[Cell]]:
        for number in range(3000):
            yield [number, "x"]

    data = write_xlsx([Sheet("A", [SheetColumn("N", 8, Kind.NUMBER), SheetColumn("X")], rows())], created=CREATED)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.read("xl/worksheets/sheet1.xml").count(b"<row ") == 3001


def test_rows_as_high_as_their_longest_text_and_titles_where_they_are_seen() -> None:
    columns = [SheetColumn("Mã", is_hidden=True), SheetColumn("Việc", 10), SheetColumn("Ghi chú", 20)]
    rows: list[list[str | None]] = [
        ["k", "Một", "Hai"],
        ["k", "Một việc dài hơn nhiều so với cột", "a\nb"],
        ["k", None, None],
    ]
    made = write_xlsx([Sheet("A", columns, rows, titles=("Phường",), fits_rows=True)], created=CREATED)
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    heights = {int(row): float(height) for row, height in re.findall(r'<row r="(\d+)" ht="([\d.]+)">', sheet)}
    assert heights == {3: 15.75, 4: 15.75, 5: 3 * 15.75, 6: 15.75}
    assert "customHeight" not in sheet, "it is fitted again when the text changes"
    page = openpyxl.load_workbook(io.BytesIO(made)).active
    assert page is not None
    assert page["B1"].value == "Phường"
