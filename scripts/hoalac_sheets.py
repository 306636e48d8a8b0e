"""The forms in which ``hoalac_files.py`` writes: workbooks and registers as an office keeps them."""

# ruff: noqa: E501 - a table's headings stay on its line

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

FOLDER = Path(__file__).parent.parent / "examples" / "hoa-lac"
MARK = "Danh sách mô phỏng – mọi người trong danh sách đều do tưởng tượng"
WARD = "Đảng bộ phường Hoà Lạc"
ROMAN = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"]


def d(day: date | None) -> str:
    """dd/mm/yyyy."""
    return f"{day:%d/%m/%Y}" if day else ""


class Sheet:
    """A workbook of one sheet written line by line; the same bytes each time."""

    def __init__(self, path: str, widths: Sequence[int]) -> None:
        target = FOLDER / path
        target.parent.mkdir(parents=True, exist_ok=True)
        self._book = xlsxwriter.Workbook(str(target), {"default_date_format": "dd/mm/yyyy"})
        self._book.set_properties({"created": datetime(2012, 2, 6, 8), "comments": MARK})  # noqa: DTZ001 - a label
        self._sheet = self._book.add_worksheet("Danh sách")
        font = {"font_name": "Times New Roman", "font_size": 12}
        self._plain = self._book.add_format(font | {"border": 1})
        self._day = self._book.add_format(font | {"border": 1, "num_format": "dd/mm/yyyy", "align": "left"})
        self._bold = self._book.add_format(
            font | {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}
        )
        self._title = self._book.add_format(font | {"bold": True, "font_size": 14, "align": "center"})
        self._note = self._book.add_format(font | {"italic": True})
        self._width = len(widths)
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width)
        self.line = 0

    def head(self, title: str, *under: str) -> None:
        """The office's name, the list's title, and that everybody is invented."""
        self._sheet.write(0, 0, "ĐẢNG BỘ THÀNH PHỐ MÓNG CÁI", self._note)
        self._sheet.write(1, 0, "ĐẢNG BỘ PHƯỜNG HOÀ LẠC", self._note)
        self.line = 3
        self.wide(title, self._title)
        for text in (*under, f"({MARK})"):
            self.wide(text, self._note)
        self.line += 1

    def wide(self, text: str, style: Any = None) -> None:
        """One text over the whole width."""
        self._sheet.merge_range(self.line, 0, self.line, self._width - 1, text, style or self._bold)
        self.line += 1

    def headings(self, upper: Sequence[str], lower: Mapping[int, Sequence[str]]) -> None:
        """Headings in two lines; ``lower`` stands under the merged heading that begins at a column."""
        column = 0
        for text in upper:
            below = lower.get(column, ())
            if below:
                self._sheet.merge_range(self.line, column, self.line, column + len(below) - 1, text, self._bold)
                for place, each in enumerate(below):
                    self._sheet.write(self.line + 1, column + place, each, self._bold)
            else:
                self._sheet.merge_range(self.line, column, self.line + 1, column, text, self._bold)
            column += max(1, len(below))
        self.line += 2

    def row(self, cells: Iterable[object], *, bold: bool = False) -> None:
        """One line; days as days, numbers as numbers."""
        for column, cell in enumerate(cells):
            if isinstance(cell, date):
                self._sheet.write_datetime(self.line, column, datetime(cell.year, cell.month, cell.day), self._day)  # noqa: DTZ001
            else:
                self._sheet.write(
                    self.line, column, cell if cell not in {None, ""} else "", self._bold if bold else self._plain
                )
        self.line += 1

    def pair(self, label: str, value: object) -> None:
        """A label and what it says."""
        self._sheet.write(self.line, 0, label, self._note)
        self._sheet.write(self.line, 2, value, self._note)
        self.line += 1

    def text(self, text: str, column: int = 1) -> None:
        """A line outside the table."""
        self._sheet.write(self.line, column, text, self._note)
        self.line += 1

    def signed(self, count: int) -> None:
        """How a list ends."""
        self.text(f"Danh sách này có {count} đồng chí./.")
        self.line += 1
        self.text("T/M ĐẢNG UỶ", self._width - 2)
        self.text("PHÓ BÍ THƯ", self._width - 2)

    def close(self) -> None:
        """Write the file."""
        self._book.close()


def write_csv(path: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A register as a spreadsheet program saves it in Vietnam: semicolons, a byte order mark."""
    target = FOLDER / path
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow([MARK])
        writer.writerow(headings)
        writer.writerows(rows)


def write_units(cells: Mapping[str, tuple[int, str]], agencies: Iterable[str]) -> None:
    """The units under the ward."""
    rows = [[n, cell, "Chi bộ", WARD, founded] for n, (cell, (_size, founded)) in enumerate(cells.items(), 1)]
    rows += [[n, agency, "Cơ quan, đơn vị", WARD, "2000"] for n, agency in enumerate(agencies, len(rows) + 1)]
    write_csv("to-chuc/don-vi.csv", ["STT", "Tên đơn vị", "Loại hình", "Trực thuộc", "Ngày thành lập"], rows)


def write_members(members: Mapping[str, Sequence[Any]]) -> None:
    """The list of members: merged headings in two lines, each cell's name on a line above its members."""
    sheet = Sheet("to-chuc/danh-sach-dang-vien.xlsx", [6, 26, 13, 13, 13, 13, 10, 24])
    sheet.head("DANH SÁCH ĐẢNG VIÊN CÁC CHI BỘ", "Tính đến ngày 01/01/2012")
    sheet.headings(
        ["TT", "Họ và tên", "Năm sinh", "Ngày vào Đảng", "Miễn SH", "Ghi chú"],
        {2: ("Nam", "Nữ"), 4: ("Dự bị", "Chính thức")},
    )
    number = 0
    for place, (cell, people) in enumerate(members.items()):
        if place % 3 == 1:
            sheet.row([ROMAN[place], cell.upper(), "", "", "", "", "", f"{len(people)} đ/c"], bold=True)
        else:
            sheet.wide(f"{ROMAN[place]}. {cell.upper()} ({len(people)} đ/c)")
        for one in people:
            number += 1
            birth = one.listed_birth
            admitted = d(one.admitted) if one.style % 2 else one.admitted
            sheet.row([number, one.name, "" if one.is_female else birth, birth if one.is_female else "", admitted, one.official,
                       "x" if one.exempt else "", ""])  # fmt: skip
    sheet.signed(number)
    sheet.close()


def write_others(others: Mapping[str, Sequence[Any]]) -> None:
    """Civil servants and public employees who are not members."""
    sheet = Sheet("to-chuc/can-bo-cong-chuc.xlsx", [6, 26, 13, 10, 34, 16])
    sheet.head("DANH SÁCH CÁN BỘ, CÔNG CHỨC, VIÊN CHỨC CHƯA LÀ ĐẢNG VIÊN")
    sheet.row(["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Đơn vị", "Đối tượng"], bold=True)
    rows = [(agency, one) for agency, people in others.items() for one in people]
    for number, (agency, one) in enumerate(rows, 1):
        sheet.row([number, one.name, one.birth, "Nữ" if one.is_female else "Nam", agency, "Quần chúng"])
    sheet.close()


def write_posts(posts: Sequence[tuple[Any, str, str, str]]) -> None:
    """Who holds which post since when."""
    sheet = Sheet("to-chuc/chuc-vu.xlsx", [6, 26, 13, 26, 26, 30, 13, 13])
    sheet.head("DANH SÁCH BAN CHẤP HÀNH ĐẢNG BỘ VÀ CẤP UỶ CÁC CHI BỘ", "Nhiệm kỳ 2010 - 2015")
    sheet.headings(
        ["TT", "Họ và tên", "Ngày sinh", "Chức vụ", "Tập thể", "Đơn vị", "Thời gian giữ chức vụ"],
        {6: ("Từ ngày", "Đến ngày")},
    )
    for number, (one, post, body, unit) in enumerate(posts, 1):
        since = "25/5/2010" if unit == WARD else "15.3.2010"
        sheet.row([number, one.name, one.born, post, body, unit, since, ""])
    sheet.close()


def write_sign_in(sitting: Any, rows: Sequence[tuple[Any, str, str, str]]) -> None:
    """The sheet on which people signed."""
    slug = f"{sitting.number:02}-{sitting.on:%Y-%m-%d}"
    sheet = Sheet(f"hoi-nghi/{slug}.xlsx", [6, 26, 13, 30, 9, 20, 16])
    sheet.head("DANH SÁCH KÝ TÊN DỰ HỌC TẬP NGHỊ QUYẾT")
    for label, value in (
        ("Nội dung:", sitting.title), ("Đơn vị tổ chức:", sitting.host), ("Thành phần:", "; ".join(sitting.seats)),
        ("Ngày:", d(sitting.on)), ("Giờ:", sitting.hour), ("Số phút:", sitting.minutes), ("Địa điểm:", sitting.venue),
        ("Trình bày:", sitting.presenter), ("Học bù cho danh sách số:", sitting.makes_up_for or ""),
        ("Vào sổ ngày:", d(sitting.entered)),
    ):  # fmt: skip
        sheet.pair(label, value)
    if sitting.ties:
        sheet.pair("Gắn với:", "; ".join(sitting.ties))
    sheet.row(["TT", "Họ và tên", "Ngày sinh", "Đơn vị", "Ký tên", "Vắng, lý do", "Muộn, về sớm"], bold=True)
    for number, (one, signed, away, late) in enumerate(rows, 1):
        sheet.row([number, one.name, one.born, one.unit_on(sitting.on), signed, away, late])
    if sitting.guests:
        sheet.wide("KHÁCH MỜI")
        for guest in sitting.guests:
            sheet.row(["", guest, "", "", "x", "", ""])
    sheet.close()


def write_papers(cell: str, people: Sequence[Any], columns: Sequence[str]) -> None:
    """The cell's tick list of papers."""
    slug = cell.removeprefix("Chi bộ ").lower()
    for marked, plain in (("khu", "khu"), ("cơ quan phường", "co-quan-phuong"), ("trường tiểu học", "truong-tieu-hoc"),
                          ("trường mầm non", "truong-mam-non"), ("công an – quân sự", "cong-an-quan-su")):  # fmt: skip
        slug = slug.replace(marked, plain)
    rows = [
        [n, one.name, one.born, *(one.paper.get(column, "") for column in columns)] for n, one in enumerate(people, 1)
    ]
    write_csv(f"thu-hoach/{slug.replace(' ', '-')}.csv", ["TT", "Họ và tên", "Ngày sinh", *columns], rows)


def write_registers(posts: Sequence[tuple[Any, str, str, str]], cells: Sequence[str]) -> None:
    """When each unit received the documents, and the register of plans."""
    secretary = {unit: one.name for one, post, _body, unit in posts if post == "Bí thư"}
    received, entered = date(2012, 2, 15), date(2012, 3, 12)
    rows = [[WARD, "13/02/2012", d(entered), "Qua đường công văn của Thành uỷ"]]
    rows += [
        [cell, d(received + timedelta(days=(place * 5) % 19)), d(entered), "Nhận tại Văn phòng Đảng uỷ"]
        for place, cell in enumerate(cells)
    ]
    write_csv("van-ban/so-cong-van-den.csv", ["Đơn vị", "Ngày nhận", "Vào sổ", "Ghi chú"], rows)
    plans = [
        [
            WARD,
            "12-KH/ĐU",
            "16/03/2012",
            "16/03/2012",
            secretary[WARD],
            "Kế hoạch học tập, quán triệt và thực hiện Nghị quyết Trung ương 4 (khoá XI)",
            "nhiem-vu-phuong.csv",
        ]
    ]
    for place, cell in enumerate(cells):
        on = date(2012, 3, 26) + timedelta(days=7 * place)
        own = {"Chi bộ Khu 5": "nhiem-vu-khu-5.csv", "Chi bộ Trường Tiểu học": "nhiem-vu-truong-tieu-hoc.csv"}
        plans.append([cell, f"0{1 + place % 3}-KH/CB", d(on), d(on + timedelta(days=4)), secretary[cell],
                      "Kế hoạch thực hiện Nghị quyết Trung ương 4 (khoá XI) của chi bộ", own.get(cell, "nhiem-vu-chi-bo.csv")])  # fmt: skip
    write_csv("ke-hoach/so-ke-hoach.csv", ["Đơn vị", "Số", "Ngày", "Vào sổ", "Người ký", "Tên", "Nhiệm vụ"], plans)
