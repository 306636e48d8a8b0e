"""The invented ward of Bến Lau: 24 cells, about 600 members, the same each time."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random

_FAMILY = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Trương", "Đoàn", "Đỗ", "Vũ", "Bùi", "Đặng", "Tô", "Ngô", "Lý"]
_MALE = ["Văn", "Đức", "Quang", "Xuân", "Hữu", "Đình"]
_FEMALE = ["Thị", "Thị Thu", "Thị Kim", "Ngọc", "Thị Hồng"]
_GIVEN_MALE = [
    "An",
    "Bình",
    "Hoà",
    "Cường",
    "Dũng",
    "Đạt",
    "Hải",
    "Khoa",
    "Long",
    "Nghĩa",
    "Phúc",
    "Quý",
    "Sơn",
    "Thuỷ",
]
_GIVEN_FEMALE = ["Ánh", "Hoa", "Hoè", "Lan", "Mai", "Nga", "Oanh", "Thuý", "Uyên", "Vân", "Yến", "Ngân", "Hạnh"]

CELLS = [
    *(f"Chi bộ khu phố {number}" for number in range(1, 15)),
    "Chi bộ Trường Tiểu học Bến Lau",
    "Chi bộ Trường Mầm non Hoa Ban",
    "Chi bộ Trường THCS Bến Lau",
    "Chi bộ Trạm Y tế",
    "Chi bộ Công an",
    "Chi bộ Quân sự",
    "Chi bộ Cơ quan Đảng - Đoàn thể",
    "Chi bộ Uỷ ban nhân dân",
    "Chi bộ Hợp tác xã Bình Minh",
    "Chi bộ Doanh nghiệp Sao Mai",
]


@dataclass(frozen=True)
class Member:
    """One invented member."""

    name: str
    is_female: bool
    birth: date
    cell: str
    post: str
    admitted: date
    official: date | None
    is_exempt: bool
    phone: str
    card: str

    @property
    def family(self) -> str:
        """Family and middle names."""
        return self.name.rsplit(" ", 1)[0]

    @property
    def given(self) -> str:
        """The given name."""
        return self.name.rsplit(" ", 1)[1]


@cache
def members() -> tuple[Member, ...]:
    """Everybody, cell by cell; no two share name and birth."""
    random = Random(2012)  # noqa: S311 - invented people
    everybody: list[Member] = []
    seen: set[tuple[str, date]] = set()
    for cell in CELLS:
        for place in range(random.randint(21, 29)):
            member = _member(random, cell, place)
            while (member.name, member.birth) in seen:
                member = _member(random, cell, place)
            seen.add((member.name, member.birth))
            everybody.append(member)
    return tuple(everybody)


def of_cell(cell: str) -> list[Member]:
    """The members of one cell."""
    return [member for member in members() if member.cell == cell]


def _member(random: Random, cell: str, place: int) -> Member:
    female = random.random() < 0.45
    middle = random.choice(_FEMALE if female else _MALE)
    given = random.choice(_GIVEN_FEMALE if female else _GIVEN_MALE)
    name = f"{random.choice(_FAMILY)} {middle} {given}"
    birth = date(1938, 1, 1) + timedelta(days=random.randrange(62 * 365))
    admitted = birth.replace(day=1) + timedelta(days=366 * random.randint(20, 24))
    official = admitted + timedelta(days=365)
    if birth.year > 1997 and random.random() < 0.5:
        admitted, official_on = date(2025, 11, 3), None
    else:
        official_on = official
    post = ["Bí thư", "Phó bí thư", "Chi uỷ viên"][place] if place < 3 else "Đảng viên"
    phone = f"09{random.randrange(10**8):08}"
    return Member(
        name,
        female,
        birth,
        cell,
        post,
        admitted,
        official_on,
        birth.year < 1945,
        phone,
        f"{random.randrange(10**8):08}",
    )
