"""Units, people and their ties, made through the actions a user uses."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from uuid import uuid4

from trienkhai.accounts.models import User
from trienkhai.organisation import actions
from trienkhai.organisation.actions import NewPerson, NewPost, NewTie, NewUnit, Particulars
from trienkhai.organisation.models import Person, Post, Unit
from trienkhai.organisation.queries import actor_for
from trienkhai.organisation.rules import SYSTEM, Actor, MemberKind, PostKind, Standing, Tie, UnitKind

START = date(2012, 1, 1)
AT = datetime(2012, 6, 1, 3, tzinfo=UTC)
"""When actions of the factories happen: long enough ago, and after ``START``."""
DAY = date(2012, 6, 1)
"""The local day of ``AT``."""

FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi")
MIDDLES = ("Văn", "Thị", "Đức", "Minh", "Ngọc")
GIVENS = ("An", "Bình", "Cường", "Dung", "Đạt", "Giang", "Hà", "Khánh", "Lan", "Mai", "Nam", "Oanh", "Phúc")


@dataclass(frozen=True)
class Ward:
    """A ward with cells and members, by ids."""

    unit: int
    cells: tuple[int, ...]
    members: tuple[tuple[int, ...], ...]
    """Members of each cell; the first is its secretary."""
    secretary: int

    @property
    def everybody(self) -> tuple[int, ...]:
        """All members, cell by cell."""
        return tuple(person for cell in self.members for person in cell)


def invented_name(number: int) -> str:
    """A made-up name, another for every number below some hundreds."""
    family = FAMILIES[number % len(FAMILIES)]
    middle = MIDDLES[number // len(FAMILIES) % len(MIDDLES)]
    return f"{family} {middle} {GIVENS[number % len(GIVENS)]}"


def make_unit(
    name: str = "Chi bộ khu 1", *, kind: UnitKind = UnitKind.CELL, parent: int | None = None, on: date = START
) -> int:
    """One unit."""
    return actions.open_unit(name=name, kind=kind, parent=parent, on=on, actor=SYSTEM, at=AT).made[0]


def make_person(
    name: str = "Nguyễn Văn An",
    *,
    unit: int | None = None,
    kind: MemberKind = MemberKind.OFFICIAL,
    standing: Standing = Standing.ACTIVE,
    tie: Tie = Tie.COUNTING,
    on: date = START,
    post: PostKind | None = None,
    birth_year: int | None = 1960,
) -> int:
    """One person, tied to ``unit`` when given, with a post there when asked."""
    ties = (NewTie(unit=unit, on=on, kind=kind, standing=standing, tie=tie),) if unit else ()
    posts = (NewPost(unit=unit, kind=post, on=on),) if unit and post else ()
    person = NewPerson(Particulars(full_name=name, birth_year=birth_year), ties=ties, posts=posts)
    return actions.add_person(person=person, actor=SYSTEM, at=AT).made[0]


def make_ward(
    *,
    cells: int = 3,
    members: int = 4,
    on: date = START,
    name: str = "Đảng bộ phường Hoà Lạc",
    parent: int | None = None,
) -> Ward:
    """A ward with ``cells`` cells of ``members`` members; the first of each cell is its secretary.

    The first member of the first cell is the ward's secretary too.
    """
    ward = NewUnit(name=name, kind=UnitKind.BASE, on=on, parent=parent)
    below = [NewUnit(name=f"Chi bộ khu {n + 1}", kind=UnitKind.CELL, on=on, within=0) for n in range(cells)]
    unit, *cell_ids = actions.open_units(units=[ward, *below], actor=SYSTEM, at=AT).made
    numbers = iter(range(cells * members))
    people = [_member(next(numbers), cell, is_first=k == 0, on=on) for cell in cell_ids for k in range(members)]
    made = iter(actions.add_people(people=people, actor=SYSTEM, at=AT).made) if people else iter(())
    by_cell = tuple(tuple(islice(made, members)) for _cell in cell_ids)
    secretary = by_cell[0][0] if by_cell and by_cell[0] else make_person("Lê Thị Bí Thư")
    actions.give_post(person=secretary, unit=unit, kind=PostKind.SECRETARY, on=on, actor=SYSTEM, at=AT)
    return Ward(unit=unit, cells=tuple(cell_ids), members=by_cell, secretary=secretary)


def _member(number: int, cell: int, *, is_first: bool, on: date) -> NewPerson:
    return NewPerson(
        Particulars(full_name=invented_name(number), birth_year=1950 + number % 40),
        ties=(NewTie(unit=cell, on=on),),
        posts=(NewPost(unit=cell, kind=PostKind.SECRETARY, on=on),) if is_first else (),
    )


def make_user(
    username: str = "", *, person: int | None = None, office_of: int | None = None, is_installer: bool = False
) -> User:
    """A sign-in with the password "mat-khau-thu"; the office's work begins on ``START``."""
    name = username or f"u{uuid4().hex[:8]}"
    if is_installer:
        return User.objects.create_superuser(name, PASSWORD)
    change = actions.open_sign_in(username=name, password=PASSWORD, person=person, actor=SYSTEM, at=AT)
    user = User.objects.get(pk=change.made[0])
    if office_of is not None:
        actions.delegate(user=user.pk, unit=office_of, starts_on=START, actor=SYSTEM, at=AT)
    return user


PASSWORD = "mat-khau-thu"


def office_of(unit: int, *, on: date = DAY) -> Actor:
    """The actor of a clerk of the unit's office."""
    return actor_for(make_user(office_of=unit), on=on)


def acting_as(person: int, *, on: date = DAY) -> Actor:
    """The actor a person is when signed in."""
    user = User.objects.filter(sign_in__person=person).first() or make_user(person=person)
    return actor_for(user, on=on)


def key_of_unit(unit: int) -> str:
    """The unit's public key."""
    return str(Unit.objects.get(pk=unit).key)


def key_of_person(person: int) -> str:
    """The person's public key."""
    return str(Person.objects.get(pk=person).key)


def posts_of(person: int) -> list[str]:
    """Kinds of the posts known now."""
    return list(Post.objects.current().filter(person=person).order_by("kind").values_list("kind", flat=True))


__all__ = [
    "AT",
    "DAY",
    "PASSWORD",
    "START",
    "Ward",
    "acting_as",
    "invented_name",
    "key_of_person",
    "key_of_unit",
    "make_person",
    "make_unit",
    "make_user",
    "make_ward",
    "office_of",
    "posts_of",
]
