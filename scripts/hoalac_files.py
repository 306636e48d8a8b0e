"""Write the lists, sign-in sheets and registers of the Hoà Lạc case into examples/hoa-lac/, the same each time.

To write them elsewhere: hoalac_files.py FOLDER.

Everybody in them is invented. Documents, plans' measures, discussion notes and papers are not written here: they stand
in the folder as they are.
"""

# ruff: noqa: E501 - tables of a story are read by lines

import sys
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import hoalac_comments as comments
import hoalac_sheets as sheets

WARD = "Đảng bộ phường Hoà Lạc"
EXEMPT_BORN_BEFORE = 1936
OPENING, REPORTED = date(2012, 2, 13), date(2012, 10, 31)
EXAMPLE = "Học tập và làm theo tấm gương đạo đức Hồ Chí Minh"
MOVEMENT = "Xây dựng phường lành mạnh, không có tệ nạn ma tuý, mại dâm"
CELLS = {  # name: (members, founded)
    "Chi bộ Khu 1": (27, "03/02/2000"),
    "Chi bộ Khu 2": (25, "03/02/2000"),
    "Chi bộ Khu 3": (28, "2000"),
    "Chi bộ Khu 4": (22, "19.5.2001"),
    "Chi bộ Khu 5": (25, "19/5/2001"),
    "Chi bộ Khu 6": (21, "9/2003"),
    "Chi bộ Cơ quan phường": (20, "03/02/2000"),
    "Chi bộ Trường Tiểu học": (15, "2002"),
    "Chi bộ Trường Mầm non": (10, "02-9-2006"),
    "Chi bộ Công an – Quân sự": (12, "22/12/2004"),
}
AGENCIES = {"Cơ quan Uỷ ban nhân dân phường": 11, "Trạm Y tế phường": 4}
SEATED = ["Chi bộ Cơ quan phường", "Chi bộ Trường Mầm non", "Chi bộ Công an – Quân sự", *AGENCIES]
FAMILIES = [
    "Nguyễn",
    "Nguyễn",
    "Phạm",
    "Trần",
    "Vũ",
    "Bùi",
    "Hoàng",
    "Lê",
    "Đỗ",
    "Đinh",
    "Đoàn",
    "Lương",
    "Ngô",
    "Phùng",
    "Hà",
    "Mạc",
    "Đặng",
    "Tô",
    "Trương",
]
MALE = ["Văn", "Đức", "Quang", "Xuân", "Hữu", "Đình", "Minh", "Thế", "Ngọc"]
FEMALE = ["Thị", "Thị", "Thị Thu", "Thị Kim", "Ngọc", "Thị Hồng", "Thanh"]
GIVEN_MALE = [
    "An",
    "Bình",
    "Chiến",
    "Cường",
    "Dũng",
    "Đạt",
    "Hải",
    "Hoà",
    "Hưng",
    "Khoa",
    "Long",
    "Lợi",
    "Nghĩa",
    "Phúc",
    "Quý",
    "Sơn",
    "Thuỷ",
    "Tiến",
    "Toàn",
    "Việt",
]
GIVEN_FEMALE = [
    "Ánh",
    "Bích",
    "Chi",
    "Hạnh",
    "Hoa",
    "Hoè",
    "Hương",
    "Lan",
    "Liên",
    "Loan",
    "Mai",
    "Nga",
    "Ngân",
    "Oanh",
    "Thuỷ",
    "Tuyết",
    "Uyên",
    "Vân",
    "Xuân",
    "Yến",
]
REASONS = ["ốm", "đi công tác", "việc gia đình", "đi viện", "trực cơ quan", "đi tập huấn"]


@dataclass(eq=False)
class Someone:
    """Somebody invented, and what happens to them in 2012."""

    name: str
    birth: date
    is_female: bool
    unit: str
    style: int = 0
    exempt: bool = False
    admitted: date | None = None
    official: date | None = None
    owes_from: date = OPENING
    owes_until: date = date.max
    moves: tuple[date, str] | None = None
    studied: date | None = None
    paper: dict[str, str] = field(default_factory=dict)

    def unit_on(self, day: date) -> str:
        """Where they belong."""
        return self.moves[1] if self.moves and day >= self.moves[0] else self.unit

    def owes(self, day: date) -> bool:
        """Whether they owe study and paper on the day."""
        return not self.exempt and self.owes_from <= day < self.owes_until

    @property
    def born(self) -> str:
        """The birth as the registers write it: no more than the members' list tells."""
        return {3: f"{self.birth:%m/%Y}", 4: f"{self.birth.year}"}.get(self.style, f"{self.birth:%d/%m/%Y}")

    @property
    def listed_birth(self) -> object:
        """The birth as it stands in the members' list: every cell has its own habits."""
        day = self.birth
        return [f"{day:%d/%m/%Y}", day, f"{day.day}.{day.month}.{day.year}", f"{day:%m/%Y}", day.year,
                f"{day.day}-{day.month}-{day.year}"][self.style]  # fmt: skip


def d(day: date | None) -> str:
    """dd/mm/yyyy."""
    return f"{day:%d/%m/%Y}" if day else ""


# (name, birth, unit, posts): those the story needs by name.
CAST: list[tuple[str, date, str, list[tuple[str, str, str]]]] = [
    ("Phạm Văn Quyết", date(1957, 4, 18), "Chi bộ Cơ quan phường", [("Bí thư", "Ban Thường vụ Đảng uỷ", WARD)]),
    ("Vũ Thị Hồng Nhung", date(1966, 9, 2), "Chi bộ Cơ quan phường",
     [("Phó bí thư thường trực", "Ban Thường vụ Đảng uỷ", WARD), ("Bí thư", "Chi uỷ", "Chi bộ Cơ quan phường")]),
    ("Đinh Quang Huy", date(1969, 12, 5), "Chi bộ Cơ quan phường",
     [("Phó bí thư", "Ban Thường vụ Đảng uỷ", WARD), ("Chủ tịch Uỷ ban nhân dân", "", "Cơ quan Uỷ ban nhân dân phường")]),
    ("Bùi Đức Thịnh", date(1960, 3, 27), "Chi bộ Cơ quan phường", [("Uỷ viên Ban Thường vụ", "Ban Thường vụ Đảng uỷ", WARD)]),
    ("Hoàng Minh Tiến", date(1971, 7, 14), "Chi bộ Công an – Quân sự",
     [("Uỷ viên Ban Thường vụ", "Ban Thường vụ Đảng uỷ", WARD), ("Bí thư", "Chi uỷ", "Chi bộ Công an – Quân sự")]),
    ("Đoàn Văn Mạnh", date(1950, 10, 20), "Chi bộ Khu 5",
     [("Bí thư", "Chi uỷ", "Chi bộ Khu 5"), ("Đảng uỷ viên", "Ban Chấp hành Đảng bộ", WARD)]),
    ("Lương Thị Bích", date(1958, 1, 9), "Chi bộ Khu 5", [("Phó bí thư", "Chi uỷ", "Chi bộ Khu 5")]),
    ("Ngô Thị Minh Nguyệt", date(1983, 6, 30), "Chi bộ Khu 5", []),
    ("Nguyễn Văn Hùng", date(1949, 5, 7), "Chi bộ Khu 1", []),
    ("Nguyễn Văn Hùng", date(1952, 11, 21), "Chi bộ Khu 2", []),
    ("Nguyễn Văn Hùng", date(1967, 2, 3), "Chi bộ Khu 2", []),
    ("Nguyễn Văn Hùng", date(1963, 8, 15), "Chi bộ Khu 3", []),
    ("Trần Thị Lan", date(1955, 12, 1), "Chi bộ Khu 2", []),
    ("Trần Thị Lan", date(1978, 4, 25), "Chi bộ Trường Mầm non", []),
    ("Hoàng Thị Thuý", date(1960, 8, 19), "Chi bộ Khu 4", []),
    ("Hoàng Thị Thúy", date(1960, 8, 19), "Chi bộ Khu 6", []),  # the same person, listed twice
]  # fmt: skip


class Case:
    """The ward and its year."""

    def __init__(self) -> None:
        self.random = Random(2012)  # noqa: S311 - invented people
        self.names: set[str] = {name for name, *_ in CAST}
        self.members: dict[str, list[Someone]] = {}
        self.posts: list[tuple[Someone, str, str, str]] = []
        self.changes: list[list[str]] = []
        for cell, (size, _founded) in CELLS.items():
            self.members[cell] = self.cell(cell, size)
        self.others = {agency: [self.invent(agency, 1962, 1989) for _ in range(n)] for agency, n in AGENCIES.items()}
        self.lead_cells()
        self.year()

    @property
    def everybody(self) -> list[Someone]:
        """All members, in the order of the list."""
        return [one for people in self.members.values() for one in people]

    def one(self, name: str, unit: str) -> Someone:
        """Somebody by name and cell."""
        return next(each for each in self.everybody if each.name == name and each.unit == unit)

    def invent(self, unit: str, first: int, last: int) -> Someone:
        """Somebody whose name nobody else has."""
        pick = self.random
        while True:
            female = pick.random() < (0.9 if "Mầm non" in unit else 0.15 if "Công an" in unit else 0.42)
            middle = pick.choice(FEMALE if female else MALE)
            name = f"{pick.choice(FAMILIES)} {middle} {pick.choice(GIVEN_FEMALE if female else GIVEN_MALE)}"
            if name not in self.names:
                break
        self.names.add(name)
        birth = date(pick.randint(first, last), 1, 1) + timedelta(days=pick.randrange(365))
        return Someone(name, birth, female, unit)

    def cell(self, cell: str, size: int) -> list[Someone]:
        """Its members, those of the cast among them, by no order in particular."""
        cast = [(name, birth) for name, birth, unit, _posts in CAST if unit == cell]
        first, last = (1932, 1976) if "Khu" in cell else (1956, 1986)
        people = [self.invent(cell, first, last) for _ in range(size - len(cast))]
        for place, (name, birth) in enumerate(cast):
            female = " Thị " in f" {name} "
            people.insert(min(3 * place, len(people)), Someone(name, birth, female, cell))
        habit = list(CELLS).index(cell) % 6
        for place, one in enumerate(people):
            one.style = habit if place % 5 else self.random.randrange(6)
            if one.name in {name for name, *_ in CAST}:
                one.style = 4 if one.name == "Hoàng Thị Thúy" else 0
            one.exempt = one.birth.year < EXEMPT_BORN_BEFORE and "Khu" in cell
            one.admitted = one.birth.replace(day=3) + timedelta(days=366 * self.random.randint(19, 29))
            one.admitted = min(one.admitted, date(2010, 6, 3))
            one.official = one.admitted + timedelta(days=365)
        for one in (people[-1], *([people[-2]] if size > 24 else [])):  # noqa: PLR2004 - the larger cells
            if one.birth.year > 1970:  # noqa: PLR2004 - young enough to be new
                one.admitted, one.official = date(2011, 9, 2) + timedelta(days=self.random.randrange(90)), None
        return people

    def lead_cells(self) -> None:
        """Posts of the cast, and in every cell a secretary, a deputy and, in larger ones, a third."""
        for name, birth, unit, posts in CAST:
            someone = next(each for each in self.members[unit] if (each.name, each.birth) == (name, birth))
            self.posts.extend((someone, *post) for post in posts)
        for cell, people in self.members.items():
            held = {post for _one, post, _body, unit in self.posts if unit == cell}
            leading = {id(one) for one, *_ in self.posts}
            wanted = ["Bí thư", "Phó bí thư", *(["Chi uỷ viên"] if len(people) > 14 else [])]  # noqa: PLR2004
            free = (
                p for p in people if id(p) not in leading and not p.exempt and p.official and p.birth.year < 1975  # noqa: PLR2004
                and p.name not in {"Hoàng Thị Thúy", "Hoàng Thị Thuý", "Nguyễn Văn Hùng"}
            )  # fmt: skip
            for post in wanted:
                if post not in held:
                    self.posts.append((next(free), post, "Chi uỷ", cell))
            if "Khu" in cell and cell != "Chi bộ Khu 5":
                secretary = next(one for one, post, _b, unit in self.posts if unit == cell and post == "Bí thư")
                self.posts.append((secretary, "Đảng uỷ viên", "Ban Chấp hành Đảng bộ", WARD))

    def plain(self, cell: str, *, before: int = 2000, after: int = 0) -> Someone:
        """An ordinary member of the cell to whom something can happen, born between two years."""
        used = {id(one) for one, *_ in self.posts} | {id(one) for one in self.changed}
        cast = {name for name, *_ in CAST}
        return next(
            one
            for one in self.members[cell]
            if id(one) not in used and not one.exempt and one.official and one.name not in cast
            if after < one.birth.year < before
        )

    def year(self) -> None:
        """What happens to members between February and November."""
        self.changed: list[Someone] = []
        self.happens("Chi bộ Khu 3", "qua đời", date(2012, 5, 3), date(2012, 5, 7), before=1952)
        self.happens(
            "Chi bộ Trường Tiểu học", "chuyển đi", date(2012, 6, 15), date(2012, 6, 18), note="Chuyển công tác"
        )
        self.happens(
            "Chi bộ Khu 6", "miễn sinh hoạt", date(2012, 6, 1), date(2012, 6, 4), before=1945, note="Tuổi cao, sức yếu"
        )
        self.happens("Chi bộ Khu 1", "qua đời", date(2012, 7, 14), date(2012, 7, 16), before=1955)
        self.happens("Chi bộ Khu 2", "chuyển sinh hoạt", date(2012, 8, 1), date(2012, 8, 2), to="Chi bộ Khu 5")
        self.happens(
            "Chi bộ Khu 4", "miễn sinh hoạt", date(2012, 10, 15), date(2012, 11, 2), before=1950, note="Ghi sổ muộn"
        )
        coming = Someone("Mạc Thế Vinh", date(1974, 3, 8), False, "Chi bộ Khu 3", owes_from=date(2012, 5, 1))
        self.arrives(coming, "chuyển đến", date(2012, 5, 1), date(2012, 5, 2), "Từ Đảng bộ phường khác chuyển đến")
        new = Someone("Tô Ngọc Diệp", date(1986, 11, 11), True, "Chi bộ Trường Mầm non", owes_from=date(2012, 6, 19))
        self.arrives(new, "kết nạp", date(2012, 6, 19), date(2012, 6, 20), "Đảng viên dự bị")
        for one in self.everybody:
            if (
                one.official is None
                and one.admitted
                and one.unit in {"Chi bộ Công an – Quân sự", "Chi bộ Cơ quan phường"}
            ):
                on = one.admitted.replace(year=2012)
                if on < date(2012, 11, 1):
                    self.note(one, "chuyển chính thức", on, on + timedelta(days=3))
        twice, keep = self.one("Hoàng Thị Thúy", "Chi bộ Khu 6"), self.one("Hoàng Thị Thuý", "Chi bộ Khu 4")
        self.note(twice, "trùng hồ sơ", date(2012, 11, 20), date(2012, 11, 20), to=keep.unit,
                  note=f"Là đồng chí {keep.name}, sinh {keep.born}")  # fmt: skip
        self.changes.sort(key=lambda row: datetime.strptime(row[0], "%d/%m/%Y"))  # noqa: DTZ007 - a day

    def happens(
        self, cell: str, what: str, on: date, entered: date, *, to: str = "", note: str = "", before: int = 2000
    ) -> None:
        """Something happens to an ordinary member."""
        one = self.plain(cell, before=before)
        self.changed.append(one)
        if to:
            one.moves = (on, to)
        else:
            one.owes_until = on
        self.note(one, what, on, entered, to=to, note=note)

    def arrives(self, one: Someone, what: str, on: date, entered: date, note: str) -> None:
        """Somebody comes."""
        self.members[one.unit].append(one)
        self.note(one, what, on, entered, note=note)

    def note(self, one: Someone, what: str, on: date, entered: date, *, to: str = "", note: str = "") -> None:
        """A line of the register of changes."""
        self.changes.append([d(entered), d(on), one.name, one.born, one.unit, what, to, note])


@dataclass(frozen=True)
class Sitting:
    """A study meeting: what stands above its sign-in sheet."""

    number: int
    host: str
    title: str
    on: date
    entered: date
    seats: tuple[str, ...]
    presenter: str
    venue: str = "Nhà văn hoá khu"
    hour: str = "19:30"
    minutes: int = 120
    makes_up_for: int = 0
    guests: tuple[str, ...] = ()
    ties: tuple[str, ...] = ()


TIES = {1: (EXAMPLE,), 3: (EXAMPLE, MOVEMENT), 7: (MOVEMENT,), 9: (MOVEMENT,)}
"""Meetings at which a movement was on the agenda too."""


def sittings() -> list[Sitting]:
    """Every meeting with what it is tied to."""
    return [replace(sitting, ties=TIES.get(sitting.number, ())) for sitting in _sittings()]


def _sittings() -> list[Sitting]:
    """The ward's conference, the cells' meetings and two sessions for those who were not there."""

    def of_cell(number: int, cell: str, on: date, presenter: str, *, venue: str = "", hour: str = "19:30") -> Sitting:
        title, hall = (
            f"{cell} học tập, quán triệt Nghị quyết Trung ương 4",
            f"Nhà văn hoá {cell.removeprefix('Chi bộ ')}",
        )
        return Sitting(number, cell, title, on, on + timedelta(days=3), (cell,), presenter, venue or hall, hour)

    hall, leader = "Hội trường Uỷ ban nhân dân phường", "Phạm Văn Quyết, Bí thư Đảng uỷ"
    deputy = "Vũ Thị Hồng Nhung, Phó Bí thư Thường trực Đảng uỷ"
    return [
        Sitting(1, WARD, "Hội nghị học tập, quán triệt Nghị quyết Trung ương 4 (khoá XI)", date(2012, 4, 12),
                date(2012, 4, 13), tuple(SEATED), leader, hall, "07:30", 210,
                guests=("Đại diện Ban Tuyên giáo Thành uỷ", "Đại diện Mặt trận Tổ quốc thành phố")),
        of_cell(2, "Chi bộ Khu 1", date(2012, 5, 5), deputy),
        of_cell(3, "Chi bộ Khu 5", date(2012, 5, 26), leader),
        of_cell(4, "Chi bộ Khu 3", date(2012, 6, 23), deputy),
        of_cell(5, "Chi bộ Khu 2", date(2012, 7, 14), "Bùi Đức Thịnh, Uỷ viên Ban Thường vụ Đảng uỷ"),
        of_cell(6, "Chi bộ Trường Tiểu học", date(2012, 7, 28), deputy, venue="Phòng họp nhà trường", hour="14:00"),
        of_cell(7, "Chi bộ Khu 4", date(2012, 8, 18), leader),
        Sitting(8, WARD, "Lớp học bù lần thứ nhất", date(2012, 8, 25), date(2012, 8, 27),
                tuple(cell for cell in CELLS if cell != "Chi bộ Khu 6"), deputy, hall, "07:30", 180, makes_up_for=1),
        of_cell(9, "Chi bộ Khu 6", date(2012, 9, 15), "Đinh Quang Huy, Phó Bí thư Đảng uỷ"),
        Sitting(10, WARD, "Lớp học bù lần thứ hai", date(2012, 10, 30), date(2012, 10, 31), tuple(CELLS), leader, hall,
                "14:00", 180, makes_up_for=1),
    ]  # fmt: skip


def sign(case: Case, sitting: Sitting) -> list[tuple[Someone, str, str, str]]:
    """The sheet's lines: who, signed, why away, late or gone early. Notes who has studied."""
    day, pick = sitting.on, case.random
    people = [one for one in case.everybody if one.unit_on(day) in sitting.seats and one.owes(day)]
    if sitting.makes_up_for:
        people = [one for one in people if one.studied is None]
    rows = []
    away = {8: 0.35, 10: 0.0}.get(sitting.number, 0.14)
    for one in people:
        if (
            one.name not in {"Hoàng Thị Thúy", "Phạm Văn Quyết", "Đoàn Văn Mạnh", "Ngô Thị Minh Nguyệt"}
            and pick.random() < away
        ):
            rows.append((one, "", pick.choice([*REASONS, "không có lý do"]), ""))
            continue
        one.studied = one.studied or day
        late = pick.random()
        rows.append((one, "x", "", "muộn 20 phút" if late < 0.03 else "về sớm" if late > 0.98 else ""))  # noqa: PLR2004
    for agency in (a for a in AGENCIES if a in sitting.seats):
        rows += [(one, "x" if pick.random() < 0.85 else "", "", "") for one in case.others[agency]]  # noqa: PLR2004
    return rows


ENTERED = [date(2012, 4, 27), date(2012, 5, 31), date(2012, 6, 29), date(2012, 7, 31), date(2012, 8, 31), date(2012, 9, 28),
           date(2012, 10, 19), date(2012, 10, 31)]  # fmt: skip
"""When the cells' lists of papers reached the office."""
LATE = {"Chi bộ Khu 2": date(2012, 11, 2), "Chi bộ Khu 6": date(2012, 11, 4), "Chi bộ Khu 3": date(2012, 11, 3),
        "Chi bộ Trường Tiểu học": date(2012, 11, 2)}  # fmt: skip
"""Cells whose last list came after the report's day."""


def write_papers(case: Case) -> None:
    """When everybody who owes a paper handed it in, how, and when the office heard of it."""
    pick = case.random
    own = {"Ngô Thị Minh Nguyệt", "Đoàn Văn Mạnh"}  # who use their own sign-in
    for one in case.everybody:
        if not one.owes(REPORTED) or one.studied is None or one.name in own:
            continue
        on = min(one.studied + timedelta(days=pick.randint(4, 70)), REPORTED - timedelta(days=pick.randint(0, 6)))
        on = REPORTED if on < one.studied else on
        spoken = one.birth.year < 1945 or (on - one.studied).days < 2  # noqa: PLR2004 - no time to write
        entered = next(day for day in ENTERED if day >= on)
        if entered == REPORTED:
            entered = LATE.get(one.unit_on(REPORTED), entered)
        accepted = on + timedelta(days=pick.randint(5, 16))
        noted = next((day for day in ENTERED if day >= max(accepted, entered)), date(2012, 11, 12))
        if noted > REPORTED:
            accepted = min(max(accepted, date(2012, 11, 6)), noted)
        one.paper = {"Hình thức": "trình bày miệng" if spoken else "viết tay", "Ngày nộp": d(on), "Vào sổ": d(entered),
                     "Ngày đạt": d(accepted), "Vào sổ đạt": d(noted)}  # fmt: skip
    returned = [one for one in case.members["Chi bộ Khu 5"] if one.paper.get("Hình thức") == "viết tay"][:2]
    for one, why in zip(
        returned, ("Chưa liên hệ với nhiệm vụ của bản thân", "Chép lại nghị quyết, chưa có phần tự soi"), strict=True
    ):
        one.paper |= {"Ngày nộp": "10/06/2012", "Vào sổ": "29/06/2012", "Ngày trả lại": "02/07/2012", "Lý do trả lại": why,
                      "Ngày nộp lại": "20/07/2012", "Vào sổ nộp lại": "31/07/2012", "Ngày đạt": "25/07/2012",
                      "Vào sổ đạt": "31/07/2012"}  # fmt: skip


PAPER_COLUMNS = ["Hình thức", "Ngày nộp", "Vào sổ", "Ngày trả lại", "Lý do trả lại", "Ngày nộp lại", "Vào sổ nộp lại",
                 "Ngày đạt", "Vào sổ đạt"]  # fmt: skip


def main() -> None:
    """Write everything."""
    if sys.argv[1:]:
        sheets.FOLDER = Path(sys.argv[1])
    case = Case()
    sheets.write_units(CELLS, AGENCIES)
    sheets.write_members({cell: [p for p in people if p.owes_from == OPENING] for cell, people in case.members.items()})
    sheets.write_others(case.others)
    sheets.write_posts(case.posts)
    sheets.write_csv("to-chuc/bien-dong.csv", ["Ngày vào sổ", "Có hiệu lực từ", "Họ và tên", "Ngày sinh", "Đơn vị", "Nội dung",
                                               "Đến đơn vị", "Ghi chú"], case.changes)  # fmt: skip
    for sitting in sittings():
        sheets.write_sign_in(sitting, sign(case, sitting))
    unstudied = [one.name for one in case.everybody if one.owes(REPORTED) and one.studied is None]
    if unstudied:
        sys.exit(f"nobody may be left out: {unstudied}")
    write_papers(case)
    for cell in CELLS:
        people = [one for one in case.everybody if one.unit_on(REPORTED) == cell and one.paper]
        sheets.write_papers(cell, people, PAPER_COLUMNS)
    sheets.write_registers(case.posts, list(CELLS))
    asked = [one for one in case.everybody if one.owes(comments.OPENS)]
    comments.write(asked, Random(181))  # noqa: S311 - invented words
    print(f"{len(case.everybody)} members, {sum(one.owes(REPORTED) for one in case.everybody)} owe on {d(REPORTED)}")


if __name__ == "__main__":
    main()
