"""Writing the ward's lists in the ways offices write them."""

import csv
import io
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.imports.lists.ward import CELLS, Member, members, of_cell

TODAY = date(2026, 3, 2)


def saved(book: Workbook) -> io.BytesIO:
    """The workbook as an open file."""
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


def day(value: date | None) -> str:
    """dd/mm/yyyy as text."""
    return f"{value:%d/%m/%Y}" if value else ""


def without_marks(text: str) -> str:
    """As typed on a machine without Vietnamese."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def _sheet() -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    return book, sheet


def _rows(sheet: Worksheet, rows: Iterable[list[object]]) -> None:
    for row in rows:
        sheet.append(row)


def plain() -> io.BytesIO:
    """One heading line, a column with the cell's name, days as text."""
    book, sheet = _sheet()
    sheet.append(
        [
            "STT",
            "Họ và tên",
            "Ngày sinh",
            "Giới tính",
            "Chi bộ",
            "Chức vụ",
            "Ngày vào Đảng",
            "Ngày chính thức",
            "Điện thoại",
        ]
    )
    for number, one in enumerate(members(), 1):
        sheet.append([number, one.name, day(one.birth), "Nữ" if one.is_female else "Nam", one.cell, one.post,
                      day(one.admitted), day(one.official), one.phone])  # fmt: skip
    return saved(book)


def grouped() -> io.BytesIO:
    """Titles, merged headings in two lines, column numbers, births in the column of the sex, groups, footers."""
    book, sheet = _sheet()
    sheet.append(["ĐẢNG BỘ THÀNH PHỐ HẢI BÌNH", None, None, None, None, "ĐẢNG CỘNG SẢN VIỆT NAM"])
    sheet.merge_cells("A1:D1")
    sheet.merge_cells("F1:K1")
    sheet.append(["ĐẢNG BỘ PHƯỜNG BẾN LAU", None, None, None, None, "Bến Lau, ngày 02 tháng 3 năm 2026"])
    sheet.merge_cells("A2:D2")
    sheet.append([])
    sheet.append(["DANH SÁCH ĐẢNG VIÊN CÁC CHI BỘ"])
    sheet.merge_cells("A4:K4")
    sheet.append(["(Tính đến ngày 01/3/2026)"])
    sheet.merge_cells("A5:K5")
    sheet.append(
        [
            "TT",
            "Họ và tên",
            "Năm sinh",
            None,
            "Quê quán",
            "Số CCCD",
            "Ngày vào Đảng",
            None,
            "Chức vụ",
            "Miễn SH",
            "Ghi chú",
        ]
    )
    sheet.append([None, None, "Nam", "Nữ", None, None, "Dự bị", "Chính thức"])
    for merge in ("A6:A7", "B6:B7", "C6:D6", "E6:E7", "F6:F7", "G6:H6", "I6:I7", "J6:J7", "K6:K7"):
        sheet.merge_cells(merge)
    sheet.append(list(range(1, 12)))
    number = 0
    for place, cell in enumerate(CELLS):
        people = of_cell(cell)
        if place % 2:
            sheet.append(
                [_roman(place + 1), cell.upper(), None, None, None, None, None, None, None, None, f"{len(people)} đ/c"]
            )
        else:
            sheet.append([f"{_roman(place + 1)}. {cell.upper()} ({len(people)} đ/c)"])
            sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=11)
        for one in people:
            number += 1
            sheet.append(_grouped_row(number, one))
        if place == 9:
            sheet.append([])
            sheet.append(
                [
                    "TT",
                    "Họ và tên",
                    "Năm sinh",
                    None,
                    "Quê quán",
                    "Số CCCD",
                    "Ngày vào Đảng",
                    None,
                    "Chức vụ",
                    "Miễn SH",
                    "Ghi chú",
                ]
            )
            sheet.append([None, None, "Nam", "Nữ", None, None, "Dự bị", "Chính thức"])
    _footer(sheet, number)
    return saved(book)


def _grouped_row(number: int, one: Member) -> list[object]:
    birth: object = [
        one.birth.year,
        one.birth,
        day(one.birth),
        f"{one.birth:%m/%Y}",
        f"{one.birth.day}.{one.birth.month}.{one.birth.year}",
    ][number % 5]
    return [
        number,
        one.name,
        None if one.is_female else birth,
        birth if one.is_female else None,
        "Hải Bình",
        f"0{number:011}",
        one.admitted if number % 2 else day(one.admitted),
        one.official,
        one.post,
        "x" if one.is_exempt else None,
        "-nt-" if number % 50 == 0 else None,
    ]


def _footer(sheet: Worksheet, count: int) -> None:
    sheet.append([None, f"Tổng cộng: {count} đồng chí"])
    sheet.append([f"Danh sách này có {count} đồng chí./."])
    sheet.append([])
    sheet.append([None, None, None, None, None, None, "T/M ĐẢNG UỶ"])
    sheet.append([None, "Người lập biểu", None, None, None, None, "PHÓ BÍ THƯ"])
    sheet.append([])
    sheet.append([None, "Trần Thị Người Lập", None, None, None, None, "Lê Văn Ký"])


def sheet_for_each_cell() -> io.BytesIO:
    """A sheet for each cell named after it, family and given names in two columns, a summary and a hidden sheet."""
    book = Workbook()
    summary = book.active
    assert isinstance(summary, Worksheet)
    summary.title = "Tổng hợp"
    _rows(
        summary, [["TT", "Chi bộ", "Số đảng viên"], *([n, cell, len(of_cell(cell))] for n, cell in enumerate(CELLS, 1))]
    )
    hidden = book.create_sheet("DM")
    hidden.sheet_state = "hidden"
    _rows(hidden, [["Họ và tên", "Ngày sinh"], ["Nguyễn Văn Ẩn", "01/01/1960"]])
    for place, cell in enumerate(CELLS):
        sheet = book.create_sheet(
            cell.replace("Chi bộ khu phố", "CB KP") if place < 14 else cell.removeprefix("Chi bộ ")[:31]
        )
        sheet.append(["DANH SÁCH ĐẢNG VIÊN"])
        sheet.append([])
        sheet.append(
            ["Số TT", "Họ đệm", "Tên", "Ngày, tháng, năm sinh", "Giới tính", "Vào Đảng ngày", "Ngày chính thức"]
        )
        for number, one in enumerate(of_cell(cell), 1):
            sheet.append(
                [
                    number,
                    one.family,
                    one.given,
                    one.birth,
                    "Nữ" if one.is_female else "Nam",
                    day(one.admitted),
                    day(one.official),
                ]
            )
        sheet.append([None, f"Cộng: {len(of_cell(cell))} đảng viên"])
    return saved(book)


def unmarked() -> io.BytesIO:
    """Headings and cells typed without marks and in capitals; the cell only on the first row of its group."""
    book, sheet = _sheet()
    sheet.append(["DANH SACH DANG VIEN PHUONG BEN LAU"])
    sheet.append(
        ["STT", "CHI BO", "HO VA TEN", "NAM SINH", "GT", "NGAY KN", "NGAY CT", "CHUC VU DANG", "DAN TOC", "TON GIAO"]
    )
    number = 0
    for cell in CELLS:
        first = sheet.max_row + 1
        for place, one in enumerate(of_cell(cell)):
            number += 1
            sheet.append([number, without_marks(cell).upper() if place == 0 else None, one.name.upper(), one.birth.year,
                          "NU" if one.is_female else "NAM", day(one.admitted), day(one.official),
                          without_marks(one.post).upper(), "Kinh", "Khong"])  # fmt: skip
        sheet.merge_cells(start_row=first, end_row=sheet.max_row, start_column=2, end_column=2)
    return saved(book)


def as_csv(encoding: str, separator: str, write: Callable[[], list[list[str]]] | None = None) -> io.BytesIO:
    """The plain list as .csv."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(write() if write else _csv_rows())
    return io.BytesIO(text.getvalue().encode(encoding))


def _csv_rows() -> list[list[str]]:
    rows = [["DANH SÁCH ĐẢNG VIÊN", "", "", "", ""], ["STT", "Họ, tên khai sinh", "Ngày sinh", "Giới tính", "Đơn vị"]]
    for number, one in enumerate(members(), 1):
        rows.append([str(number), one.name, day(one.birth), "Nữ" if one.is_female else "Nam", one.cell])
    return rows


def units() -> io.BytesIO:
    """The ward's units, a sectional organisation above its cells."""
    book, sheet = _sheet()
    sheet.append(["DANH SÁCH TỔ CHỨC ĐẢNG TRỰC THUỘC"])
    sheet.append(["STT", "Tên đơn vị", "Loại hình", "Trực thuộc", "Ngày thành lập", "Số đảng viên"])
    sheet.append(["I", "Đảng bộ bộ phận Trường học", "Đảng bộ bộ phận", "Đảng bộ phường Bến Lau", "03/02/2010", 75])
    for number, cell in enumerate(CELLS[14:17], 1):
        sheet.append([number, cell, "Chi bộ", None, "2010", 25])
    for number, cell in enumerate(CELLS[:14], 4):
        sheet.append([number, cell, "Chi bộ", "Đảng bộ phường Bến Lau", date(2005, 6, 1), 25])
    return saved(book)


def posts() -> io.BytesIO:
    """Who holds which post in which body since when."""
    book, sheet = _sheet()
    sheet.append(["DANH SÁCH BAN CHẤP HÀNH VÀ CẤP UỶ CHI BỘ"])
    sheet.append(["TT", "Họ và tên", "Ngày sinh", "Chức vụ", "Tập thể", "Đơn vị", "Thời gian giữ chức vụ", None])
    sheet.append([None, None, None, None, None, None, "Từ ngày", "Đến ngày"])
    for merge in ("A2:A3", "B2:B3", "C2:C3", "D2:D3", "E2:E3", "F2:F3", "G2:H2"):
        sheet.merge_cells(merge)
    number = 0
    for cell in CELLS:
        for one in of_cell(cell)[:3]:
            number += 1
            sheet.append([number, one.name, day(one.birth), one.post, "Chi uỷ", cell, "15/6/2025", None])
    one = members()[0]
    sheet.append(
        [
            number + 1,
            one.name,
            day(one.birth),
            "Uỷ viên Ban Thường vụ",
            "Ban Thường vụ Đảng uỷ",
            "Đảng bộ phường Bến Lau",
            "15/6/2025",
            None,
        ]
    )
    return saved(book)


def _roman(number: int) -> str:
    text = ""
    for value, sign in ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        while number >= value:
            text += sign
            number -= value
    return text
