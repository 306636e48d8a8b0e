"""The organisation: its first units and lists, and what happened to its members in the course of the year."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial

from trienkhai.accounts.models import Installation, User
from trienkhai.imports.actions import read_batch, take_in
from trienkhai.imports.rules.fields import ListKind
from trienkhai.ledger.clock import local_day
from trienkhai.meetings.actions import remove_from_roster
from trienkhai.meetings.models import RosterEntry
from trienkhai.organisation.actions import NewPerson, NewTie, NewUnit, Particulars, importing, open_sign_in, open_units
from trienkhai.organisation.rules import SYSTEM, EndReason, MemberKind, Standing, UnitKind
from trienkhai.rollouts.actions import organisation
from trienkhai.simulation.hoalac.reading import birth, day, folder, register
from trienkhai.simulation.hoalac.ward import (
    CELL_5,
    CITY,
    CITY_CLERK,
    CLERK,
    KEEPER,
    MEMBER,
    PROVINCE,
    REVIEWER,
    SECRETARY,
    WARD,
    Event,
    Ward,
    moment,
)

FOUNDED = date(1998, 7, 20)
HOLDS_FROM = date(2012, 1, 1)
BEGINNING = date(2012, 2, 6)
PASSWORD = "Hoa-Lac-2012"  # noqa: S105 - of a sample installation, printed when it is loaded
LISTS = (
    ("don-vi.csv", ListKind.UNITS),
    ("danh-sach-dang-vien.xlsx", ListKind.MEMBERS),
    ("can-bo-cong-chuc.xlsx", ListKind.MEMBERS),
    ("chuc-vu.xlsx", ListKind.POSTS),
)


def beginnings(ward: Ward) -> Iterator[Event]:
    """The first two days: units above, the clerk's sign-in, the lists, the others' sign-ins."""
    yield Event(moment(BEGINNING, 8), partial(_set_up, ward))
    for minute, (name, kind) in enumerate(LISTS):
        yield Event(moment(BEGINNING, 9, 10 * minute), partial(_take_in, ward, name, kind))
    yield Event(moment(BEGINNING, 15), partial(_open_sign_ins, ward))


def _set_up(ward: Ward, at: datetime) -> None:
    Installation.objects.create(pk=1, mode="server", made_at=at)
    open_units(
        units=[
            NewUnit(PROVINCE, UnitKind.UPPER, FOUNDED, place="Hạ Long"),
            NewUnit(CITY, UnitKind.UPPER, FOUNDED, within=0, place="Móng Cái"),
            NewUnit(WARD, UnitKind.BASE, FOUNDED, within=1, place="Hoà Lạc"),
        ],
        actor=SYSTEM,
        at=at,
    )
    for username, unit in ((CLERK, WARD), (CITY_CLERK, CITY)):
        _sign_in(ward, username, at, office_of=ward.unit(unit).pk)


def _sign_in(
    ward: Ward, username: str, at: datetime, *, person: int | None = None, office_of: int | None = None
) -> None:
    made = open_sign_in(
        username=username, password=PASSWORD, actor=SYSTEM, at=at, person=person, office_of=office_of
    ).made
    ward.users[username] = User.objects.get(pk=made[0])


def _open_sign_ins(ward: Ward, at: datetime) -> None:
    _sign_in(ward, SECRETARY, at, person=ward.person("Đoàn Văn Mạnh", (1950, 10, 20), CELL_5))
    _sign_in(ward, MEMBER, at, person=ward.person("Ngô Thị Minh Nguyệt", (1983, 6, 30), CELL_5))
    _sign_in(ward, KEEPER, at, person=ward.person("Nguyễn Ngọc Hương", (1949, 7, 10), "Chi bộ Khu 2"))
    _sign_in(ward, REVIEWER, at, person=ward.person("Bùi Đức Thịnh", (1960, 3, 27), "Chi bộ Cơ quan phường"))


def _take_in(ward: Ward, name: str, kind: ListKind, at: datetime) -> None:
    """Drop a list, let it be read, take every suggestion, import it."""
    clerk = ward.clerk(at)
    with (folder() / "to-chuc" / name).open("rb") as file:
        batch = take_in(
            content=file,
            name=name,
            unit=ward.unit(WARD).key,
            holds_from=HOLDS_FROM,
            actor_key=clerk.key,
            at=at,
            kind=kind,
        )
    read_batch(key=batch.key, today=local_day(at))
    importing.suggest_units(key=batch.key, actor=clerk, at=at)
    importing.compare_rows(key=batch.key, actor=clerk, at=at)
    organisation.reconciled(importing.import_list)(key=batch.key, actor=clerk, at=at)


def changes(ward: Ward) -> Iterator[Event]:
    """Deaths, moves, exemptions, admissions, and the person who had been listed twice, each on the day of entering."""
    for row in register("to-chuc/bien-dong.csv"):
        yield Event(moment(day(row["Ngày vào sổ"]), 9, 30), partial(CHANGES[row["Nội dung"]], ward, row))


type Row = dict[str, str]


def _who(ward: Ward, row: Row) -> int:
    return ward.person(row["Họ và tên"], birth(row["Ngày sinh"]), row["Đơn vị"])


def _leaves(reason: EndReason) -> Callable[[Ward, Row, datetime], None]:
    def leaves(ward: Ward, row: Row, at: datetime) -> None:
        on = day(row["Có hiệu lực từ"])
        organisation.end_membership(person=_who(ward, row), on=on, reason=reason, actor=ward.clerk(at), at=at)

    return leaves


def _comes(kind: MemberKind) -> Callable[[Ward, Row, datetime], None]:
    def comes(ward: Ward, row: Row, at: datetime) -> None:
        tie = NewTie(unit=ward.unit(row["Đơn vị"]).pk, on=day(row["Có hiệu lực từ"]), kind=kind)
        year, month, day_of_month = (*birth(row["Ngày sinh"]), None, None)[:3]
        particulars = Particulars(row["Họ và tên"], year, month, day_of_month, note=row["Ghi chú"])
        person = NewPerson(particulars, ties=(tie,))
        organisation.add_person(person=person, actor=ward.clerk(at), at=at)

    return comes


def _moves(ward: Ward, row: Row, at: datetime) -> None:
    organisation.move_person(
        person=_who(ward, row),
        to_unit=ward.unit(row["Đến đơn vị"]).pk,
        on=day(row["Có hiệu lực từ"]),
        actor=ward.clerk(at),
        at=at,
    )


def _is_exempt(ward: Ward, row: Row, at: datetime) -> None:
    on = day(row["Có hiệu lực từ"])
    organisation.change_membership(person=_who(ward, row), on=on, standing=Standing.EXEMPT, actor=ward.clerk(at), at=at)


def _is_official(ward: Ward, row: Row, at: datetime) -> None:
    on = day(row["Có hiệu lực từ"])
    organisation.change_membership(person=_who(ward, row), on=on, kind=MemberKind.OFFICIAL, actor=ward.clerk(at), at=at)


def _was_twice(ward: Ward, row: Row, at: datetime) -> None:
    """The entry that was too many goes, and so does its line on the sheets somebody signed for it."""
    clerk, twice = ward.clerk(at), _who(ward, row)
    name, born = row["Ghi chú"].removeprefix("Là đồng chí ").split(", sinh ")
    keep = ward.person(name, birth(born), row["Đến đơn vị"])
    for place in RosterEntry.objects.current().filter(person=twice).select_related("meeting").order_by("pk"):
        remove_from_roster(meeting=place.meeting, place=place.key, actor=clerk, at=at)
    organisation.merge_duplicate(keep=keep, drop=twice, actor=clerk, at=at)


CHANGES: dict[str, Callable[[Ward, Row, datetime], None]] = {
    "qua đời": _leaves(EndReason.DIED),
    "chuyển đi": _leaves(EndReason.MOVED_OUT),
    "chuyển đến": _comes(MemberKind.OFFICIAL),
    "kết nạp": _comes(MemberKind.PROBATIONARY),
    "chuyển sinh hoạt": _moves,
    "miễn sinh hoạt": _is_exempt,
    "chuyển chính thức": _is_official,
    "trùng hồ sơ": _was_twice,
}
