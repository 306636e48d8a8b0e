"""Invented people, deterministic for a seed."""

from datetime import date
from random import Random

from trienkhai.organisation.actions import NewPerson, NewPost, NewTie, Particulars
from trienkhai.organisation.rules import MemberKind, PostKind, Standing

FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý")
FAMILY_WEIGHTS = (38, 11, 10, 7, 5, 5, 4, 2, 2, 1, 1, 1, 1, 1)
MEN = ("Văn", "Đức", "Quang", "Hữu", "Công", "Xuân", "Minh", "Quốc", "Đình", "Tiến")
WOMEN = ("Thị", "Thị Thu", "Thị Ngọc", "Thị Minh", "Thanh", "Thị Hồng", "Ngọc", "Thuỳ", "Thị Kim", "Phương")
# fmt: off
GIVEN = (
    "An", "Anh", "Ánh", "Bình", "Chi", "Chiến", "Cường", "Dũng", "Dung", "Duy", "Đạt", "Đức", "Giang", "Hà",
    "Hải", "Hạnh", "Hằng", "Hiền", "Hiếu", "Hoa", "Hoà", "Hùng", "Huyền", "Hương", "Khánh", "Lan", "Linh",
    "Loan", "Long", "Mai", "Mạnh", "Minh", "Nam", "Nga", "Ngân", "Nghĩa", "Nhung", "Oanh", "Phong", "Phúc",
    "Phương", "Quân", "Quý", "Sơn", "Tâm", "Thảo", "Thắng", "Thu", "Trang", "Trung", "Tuấn", "Tú", "Tùng",
    "Uyên", "Vân", "Việt", "Vinh", "Xuân", "Yến",
)
# fmt: on
EXEMPT_SHARE, PROBATIONARY_SHARE, AWAY_SHARE = 0.06, 0.03, 0.02
OLDEST, YOUNGEST = 1938, 2004


def person(random: Random, *, unit: int, on: date, post: PostKind | None) -> NewPerson:
    """One member of a unit, with a post when given."""
    sex = "f" if random.random() < 0.4 else "m"  # noqa: PLR2004 - about two fifths
    family = random.choices(FAMILIES, FAMILY_WEIGHTS)[0]
    middle = random.choice(WOMEN if sex == "f" else MEN)
    year = random.randint(OLDEST, YOUNGEST)
    particulars = Particulars(
        full_name=f"{family} {middle} {random.choice(GIVEN)}",
        birth_year=year,
        birth_month=random.randint(1, 12),
        birth_day=random.randint(1, 28),
        sex=sex,
    )
    kind, standing = _sort(random, is_leader=post is not None)
    tie = NewTie(unit=unit, on=on, kind=kind, standing=standing)
    posts = (NewPost(unit=unit, kind=post, on=on),) if post else ()
    return NewPerson(particulars, ties=(tie,), posts=posts)


def _sort(random: Random, *, is_leader: bool) -> tuple[MemberKind, Standing]:
    """Kind and standing: most are official and active; those who lead always are."""
    if is_leader:
        return MemberKind.OFFICIAL, Standing.ACTIVE
    kind = MemberKind.PROBATIONARY if random.random() < PROBATIONARY_SHARE else MemberKind.OFFICIAL
    drawn = random.random()
    if drawn < EXEMPT_SHARE:
        return kind, Standing.EXEMPT
    return kind, Standing.AWAY if drawn < EXEMPT_SHARE + AWAY_SHARE else Standing.ACTIVE
