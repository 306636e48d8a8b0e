"""Writing the list of Mây Bạc; every name in it is invented."""

import io
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.imports.lists.builders import day, saved, without_marks

WARD = "Đảng bộ phường Mây Bạc"
CELLS = [
    *(f"Chi bộ Tổ dân phố số {number}" for number in range(1, 17)),
    "Chi bộ Trường THCS Mây Bạc",
    "Chi bộ Trường Tiểu học số 1",
    "Chi bộ Trường Tiểu học số 2",
    "Chi bộ Mầm non Hoa Sim",
    "Chi bộ Trạm Y tế",
    "Chi bộ Công an phường",
    "Chi bộ Ban Chỉ huy Quân sự",
    "Chi bộ Cơ quan Đảng uỷ - UBND",
]
LINES = 600
FAULTY = 13
ASKED = 2
"""Lines of which somebody has to say whether they are one person or two."""
GOOD = LINES - FAULTY
EXEMPT = 41
"""Of the good ones."""
_FAMILIES = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Nông", "Lục", "Triệu", "Bế", "Đàm", "Hà", "Ma", "Lương", "Vi"]
_MEN, _WOMEN = ["Văn", "Thế", "Quốc", "Ngọc", "Đình", "Bá"], ["Thị", "Thị Kim", "Thị Thanh", "Bích", "Diệu"]
_GIVEN_MEN = ["Thắng", "Lợi", "Kiên", "Trung", "Hiếu", "Nghĩa", "Đức", "Tài", "Lâm", "Sơn", "Hà", "Giang", "Tường"]
_GIVEN_WOMEN = ["Nhàn", "Hiền", "Thảo", "Dịu", "Duyên", "Phượng", "Quỳnh", "Thuận", "Hoà", "Mơ", "Mận", "Lê", "Đào"]
_UPPER = ["Số TT", "Họ, chữ đệm và tên khai sinh", "Ngày, tháng, năm sinh", "Giới tính", None, "Số CCCD", "Dân tộc",
          "Nơi ở hiện nay", "Ngày vào Đảng", None, "Chức vụ trong Đảng", "Được miễn công tác, sinh hoạt",
          "Số điện thoại", "Ghi chú"]  # fmt: skip
_LOWER = [None, None, None, "Nam", "Nữ", None, None, None, "Kết nạp", "Chính thức"]
_WIDTH = len(_UPPER)


@dataclass
class Line:
    """One line as it stands in the list."""

    name: str
    birth: object
    is_female: bool
    admitted: object
    official: object
    post: str = ""
    is_exempt: bool = False
    note: str = ""


def workbook() -> io.BytesIO:
    """The list as an .xlsx file, open."""
    book = Workbook()
    cover = book.active
    assert isinstance(cover, Worksheet)
    cover.title = "Bìa"
    cover["B4"] = "HỒ SƠ ĐẢNG VIÊN – TÀI LIỆU NỘI BỘ (mọi người trong danh sách đều do tưởng tượng)"
    sheet = book.create_sheet("DS 2026")
    _titles(sheet)
    _headings(sheet)
    number = 0
    for place, (cell, lines) in enumerate(_lines().items()):
        _group(sheet, place, cell, len(lines))
        for line in lines:
            number += 1
            sheet.append([None, number, *_cells(line, number)])
        if place in {7, 15}:  # a page ends: the headings stand again
            sheet.append([])
            _headings(sheet)
    assert number == LINES
    _footer(sheet)
    book.create_sheet("Sheet3")
    hidden = book.create_sheet("Tra cứu")
    hidden.sheet_state = "hidden"
    hidden.append(["Họ và tên", "Ngày sinh"])
    hidden.append(["Nguyễn Thị Không Có", "01/01/1970"])
    return saved(book)


def _titles(sheet: Worksheet) -> None:
    sheet.append([None, "ĐẢNG BỘ HUYỆN SUỐI XANH", *[None] * 7, "ĐẢNG CỘNG SẢN VIỆT NAM"])
    sheet.append([None, "ĐẢNG UỶ PHƯỜNG MÂY BẠC", *[None] * 7, "Mây Bạc, ngày 15 tháng 01 năm 2026"])
    sheet.append([None, "*"])
    sheet.append([None, "DANH SÁCH ĐẢNG VIÊN TOÀN ĐẢNG BỘ"])
    sheet.append([None, "(Có mặt đến 31/12/2025; danh sách mô phỏng – mọi người đều do tưởng tượng)"])
    sheet.append([])
    for line, (first, last) in ((1, (2, 6)), (1, (10, 15)), (4, (2, 15)), (5, (2, 15))):
        sheet.merge_cells(start_row=line, end_row=line, start_column=first, end_column=last)


def _headings(sheet: Worksheet) -> None:
    sheet.append([None, *_UPPER])
    sheet.append([None, *_LOWER])
    upper = sheet.max_row - 1
    for place, text in enumerate(_UPPER):
        if text is not None:
            below = _LOWER[place] if place < len(_LOWER) else None
            spans = place + 1 < _WIDTH and _UPPER[place + 1] is None
            column = place + 2
            sheet.merge_cells(
                start_row=upper,
                end_row=upper if below else upper + 1,
                start_column=column,
                end_column=column + 1 if spans else column,
            )


def _group(sheet: Worksheet, place: int, cell: str, count: int) -> None:
    """A cell's name on a line of its own, each time written a little differently."""
    short = cell.removeprefix("Chi bộ ")
    text = [
        f"{place + 1}. {cell} ({count} đảng viên)",
        f"CHI BỘ {short.upper()}",
        f"{cell}: {count} đ/c",
        f"{place + 1}- {cell}",
    ][place % 4]
    sheet.append([None, text])
    sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=2, end_column=_WIDTH + 1)


def _cells(line: Line, number: int) -> list[object]:
    return [
        line.name,
        line.birth,
        None if line.is_female else "x",
        "x" if line.is_female else None,
        f"000{number:09}",
        "Tày" if number % 7 == 0 else "Kinh",
        f"Tổ {1 + number % 16}, Mây Bạc",
        line.admitted,
        line.official,
        line.post or "Đảng viên",
        "Miễn" if line.is_exempt else None,
        f"0900 000 {number:03}",
        line.note or None,
    ]


def _footer(sheet: Worksheet) -> None:
    sheet.append([])
    sheet.append([None, None, f"Tổng cộng: {LINES} đảng viên"])
    sheet.append([None, None, "NGƯỜI LẬP BIỂU", *[None] * 7, "T/M ĐẢNG UỶ"])
    sheet.append([None, None, None, *[None] * 7, "PHÓ BÍ THƯ"])
    sheet.append([])
    sheet.append([None, None, "Vi Thị Lập Biểu", *[None] * 7, "Bế Văn Ký Tên"])


def _lines() -> dict[str, list[Line]]:
    random = Random(24)  # noqa: S311 - invented people
    names: set[str] = set()
    found: dict[str, list[Line]] = {}
    for place, cell in enumerate(CELLS):
        found[cell] = [_member(random, names, place, seat) for seat in range(LINES // len(CELLS))]
    _make_exempt([line for lines in found.values() for line in lines])
    _spoil(found)
    return found


def _member(random: Random, names: set[str], place: int, seat: int) -> Line:
    while True:
        female = random.random() < 0.45
        given = random.choice(_GIVEN_WOMEN if female else _GIVEN_MEN)
        name = f"{random.choice(_FAMILIES)} {random.choice(_WOMEN if female else _MEN)} {given}"
        if name not in names:
            break
        name = (
            f"{random.choice(_FAMILIES)} {random.choice(_WOMEN if female else _MEN)} {random.choice(_FAMILIES)} {given}"
        )
        if name not in names:
            break
    names.add(name)
    born = date(1942, 1, 1) + timedelta(days=random.randrange(55 * 365))
    admitted = date(born.year + random.randint(20, 27), random.randint(1, 12), 3)
    official = admitted + timedelta(days=365)
    styles: list[object] = [day(born), born, f"{born.day}.{born.month}.{born.year}", born.year, f"{born:%m/%Y}"]
    birth = styles[place % 5] if seat % 6 else styles[0]
    post = ["Bí thư", "Phó Bí thư", "Chi uỷ viên"][seat] if seat < 3 else ""
    return Line(name, birth, female, admitted if place % 2 else day(admitted), official, post)


def _make_exempt(lines: list[Line]) -> None:
    """Those at the ends of cells, none of whom is spoilt."""
    ends = [line for number, line in enumerate(lines) if number % 25 >= 22]
    for line in ends[:EXEMPT]:
        line.is_exempt = True


def _spoil(found: dict[str, list[Line]]) -> None:
    """Thirteen lines that cannot be taken as they are, and two that somebody has to say something about."""
    cells = list(found.values())
    cells[0][5].birth = "31/02/1960"
    cells[1][6].birth = "chưa rõ, hỏi lại"
    cells[2][7].name = "Trần Văn 2 Lâm"
    cells[3][8].birth = "12/05/2031"
    cells[4][9].birth = "05/13/1958"
    cells[5][5].admitted, cells[5][5].official = "03/02/1999", "03/02/1998"
    cells[6][6].name = ""
    cells[7][7].birth = "1/1/1790"
    cells[8][8].admitted = "tháng mấy không nhớ"
    cells[9][9].official = "3-2-19x9"
    for twice, once in ((cells[10][10], cells[10][4]), (cells[11][11], cells[11][3]), (cells[12][9], cells[13][4])):
        once.birth = "19/05/1961"
        twice.name, twice.birth, twice.is_female = once.name, once.birth, once.is_female
    for unclear, like in ((cells[14][10], cells[14][4]), (cells[15][10], cells[15][5])):
        like.birth, unclear.birth = "02/09/1955", 1955
        unclear.name, unclear.is_female = like.name, like.is_female
    cells[17][10].name = cells[17][10].name.upper()
    cells[18][10].name = f"Đ/c {cells[18][10].name}"
    cells[19][10].note = without_marks("Chuyển đến từ đảng bộ khác")
