import io

from openpyxl import load_workbook

from tests.imports.lists import builders
from tests.imports.lists.builders import TODAY
from trienkhai.imports.rules.books import open_book
from trienkhai.imports.rules.fields import Field
from trienkhai.imports.rules.reading import read_list, survey_book
from trienkhai.imports.rules.rejected import write_rejected


def rejected(content: io.BytesIO, reasons: dict[tuple[str, int], str]) -> io.BytesIO:
    book = open_book(content)
    out = io.BytesIO()
    write_rejected(book, survey_book(book), reasons, heading="Lý do", out=out)
    out.seek(0)
    return out


def test_rejected_rows_keep_their_layout_and_can_be_taken_in_again() -> None:
    whole = read_list(builders.grouped(), on=TODAY)
    some = [whole.rows[3], whole.rows[40], whole.rows[41], whole.rows[-1]]
    out = rejected(builders.grouped(), {(row.sheet, row.line): f"why {row.line}" for row in some})
    again = read_list(out, on=TODAY)
    assert [row.values for row in again.rows] == [row.values for row in some]
    assert [row.group for row in again.rows] == [row.group for row in some]
    out.seek(0)
    sheet = load_workbook(out).active
    assert sheet is not None
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells[3][0] == "DANH SÁCH ĐẢNG VIÊN CÁC CHI BỘ"
    assert cells[5][11] == "Lý do"
    assert [row[11] for row in cells[8:] if row[11]] == [f"why {row.line}" for row in some]
    layout = again.survey.layouts[0]
    assert next(column for column in layout.columns if column.field is Field.REASON).is_read is False


def test_each_sheet_keeps_its_own_rows() -> None:
    whole = read_list(builders.sheet_for_each_cell(), on=TODAY)
    some = [whole.rows[0], whole.rows[-1]]
    out = rejected(builders.sheet_for_each_cell(), {(row.sheet, row.line): "why" for row in some})
    assert load_workbook(out).sheetnames == [some[0].sheet, some[1].sheet]
    out.seek(0)
    assert [row.values for row in read_list(out, on=TODAY).rows] == [row.values for row in some]


def test_text_is_never_written_as_a_formula() -> None:
    content = io.BytesIO('TT,Họ và tên,Năm sinh,Chi bộ\n1,"=HYPERLINK(""http://x"")",1968,CB 1\n'.encode())
    out = rejected(content, {("", 2): "=1+1"})
    sheet = load_workbook(out).active
    assert sheet is not None
    assert sheet["B2"].data_type == "s"
    assert sheet["E2"].data_type == "s"
