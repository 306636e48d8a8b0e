"""A small ward with a roll-out, for tests of meetings. Names are invented."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from trienkhai.accounts.models import User
from trienkhai.core.periods import FOREVER, Period
from trienkhai.directives.models import Directive
from trienkhai.figures.actions import PathRow, self_path, set_paths
from trienkhai.figures.queries import totals
from trienkhai.ledger.actions import record
from trienkhai.meetings.actions import MeetingFacts, plan_meeting
from trienkhai.meetings.models import Meeting, RosterEntry
from trienkhai.meetings.rules import Mark, Presence
from trienkhai.organisation.models import Membership, Person, Post, SignIn, Unit, UnitState
from trienkhai.organisation.rules import (
    SYSTEM,
    Actor,
    Grant,
    MemberKind,
    PostKind,
    Role,
    Standing,
    UnitKind,
)
from trienkhai.rollouts.actions import open_rollout
from trienkhai.rollouts.models import Rollout
from trienkhai.rollouts.rules import CellStudyRule, RolloutPlan, default_steps
from trienkhai.text import fold, name_sort_key

BEGINS = date(2010, 1, 1)
OPENS = date(2012, 2, 1)
DAY = date(2012, 5, 12)
NOW = datetime(2012, 11, 20, 3, tzinfo=UTC)
TODAY = NOW.date()
FAMILIES = ("Nguyễn Văn", "Trần Thị", "Lê Đức", "Phạm Thị Minh", "Hoàng Quốc")
GIVEN = ("An", "Ánh", "Bình", "Chi", "Dũng", "Đạt", "Hà", "Hoà", "Lan", "Minh", "Nga", "Oanh", "Phúc", "Quý", "Sơn")


@dataclass
class World:
    """A ward: its office sees names; cells with members; an agency with people who are not members."""

    ward: Unit
    cells: list[Unit]
    agency: Unit
    members: dict[int, list[Person]]
    others: list[Person]
    rollout: Rollout
    at: datetime = NOW
    count: int = field(default=0)

    def meet(self, host: Unit | None = None, on: date = DAY, **values: object) -> Meeting:
        """A planned meeting of the first cell, or of ``host``."""
        course = values.pop("makes_up_for", None)
        facts = MeetingFacts(title="Học tập, quán triệt nghị quyết", held_on=on, **values)  # type: ignore[arg-type]
        return plan_meeting(
            rollout=self.rollout,
            host=host or self.cells[0],
            facts=facts,
            actor=SYSTEM,
            at=self.at,
            makes_up_for=course,  # type: ignore[arg-type]
        )

    def figures(self, unit: Unit | None = None, *, as_of: date = TODAY, codes: tuple[str, ...] = ()) -> list[int]:
        """Figures of a unit (the ward) by code."""
        found = totals(scope=self.rollout.scope, codes=codes, unit=(unit or self.ward).pk, as_of=as_of)
        return [found[code] for code in codes]


def marks(meeting: Meeting, presence: Presence = Presence.PRESENT, **exceptions: Mark) -> dict[UUID, Mark]:
    """A mark for everybody on the roster; exceptions by the person's given name."""
    rows = RosterEntry.objects.current().filter(meeting=meeting).select_related("person")
    said = {}
    for row in rows:
        given = row.person.full_name.split()[-1] if row.person else row.guest_name
        said[row.key] = exceptions.get(given, Mark(presence))
    return said


def make_ward(
    *,
    cells: int = 2,
    members: int = 4,
    others: int = 2,
    rule: CellStudyRule = CellStudyRule.OWN_OR_SEATS,
    quorum: int = 0,
    upper: bool = False,
) -> World:
    """A ward and its roll-out. With ``upper`` the roll-out is led by a city above it."""
    entry = record(actor=None, action="tests.make")
    stamp = {"recorded_seq": entry.seq, "recorded_on": BEGINS}
    paths: list[PathRow] = []

    def unit(kind: UnitKind, name: str, above: list[Unit]) -> Unit:
        made = Unit.objects.create()
        UnitState.objects.create(
            unit=made,
            parent=above[-1] if above else None,
            kind=kind,
            name=name,
            folded=fold(name),
            sort_key=f"{made.pk:06d}",
            starts_on=BEGINS,
            **stamp,
        )
        paths.append(self_path(made.pk))
        for depth, ancestor in enumerate(reversed(above), start=1):
            paths.append(PathRow(ancestor.pk, made.pk, depth, Period(BEGINS, FOREVER)))
        return made

    above = [unit(UnitKind.UPPER, "Thành uỷ Cửa Biển", [])] if upper else []
    ward = unit(UnitKind.BASE, "Đảng uỷ phường Bến Mới", above)
    chain = [*above, ward]
    made_cells = [unit(UnitKind.CELL, f"Chi bộ khu phố {n}", chain) for n in range(1, cells + 1)]
    agency = unit(UnitKind.AGENCY, "Uỷ ban nhân dân phường Bến Mới", chain)
    set_paths(descendants=[path.descendant for path in paths], paths=paths, entry=entry)
    people: dict[int, list[Person]] = {}
    for cell in made_cells:
        people[cell.pk] = [person(n) for n in range(members)]
        for one in people[cell.pk]:
            tie(one, cell)
    not_members = [person(n + 7) for n in range(others)]
    for one in not_members:
        tie(one, agency, MemberKind.OTHER)
    lead = above[0] if above else ward
    directive = Directive.objects.create(
        owner=lead,
        kind="resolution",
        number="12-NQ/TW",
        issuer="Ban Chấp hành Trung ương",
        issued_on=date(2012, 1, 16),
        title="Một số vấn đề cấp bách",
        folded="mot so van de cap bach",
    )
    plan = RolloutPlan(
        title="Triển khai Nghị quyết 12",
        opens_on=OPENS,
        steps=default_steps({}),
        cell_study_rule=rule,
        quorum_percent=quorum,
    )
    rollout = open_rollout(plan=plan, lead=lead, directives=[directive], actor=SYSTEM, at=OPENS)
    return World(ward, made_cells, agency, people, not_members, rollout)


def person(n: int, name: str = "") -> Person:
    """Somebody."""
    full = name or f"{FAMILIES[n % len(FAMILIES)]} {GIVEN[n % len(GIVEN)]}"
    return Person.objects.create(full_name=full, folded=fold(full), sort_key=name_sort_key(full), birth_year=1960)


def tie(
    one: Person,
    unit: Unit,
    kind: MemberKind = MemberKind.OFFICIAL,
    standing: Standing = Standing.ACTIVE,
    starts_on: date = BEGINS,
) -> Membership:
    """A membership row, as an import would leave it before the roll-out opened."""
    return Membership.objects.create(
        person=one,
        unit=unit,
        kind=kind,
        standing=standing,
        starts_on=starts_on,
        recorded_seq=1,
        recorded_on=BEGINS,
    )


def acting(role: Role, unit: Unit, one: Person | None = None) -> Actor:
    """Somebody who holds a role for a unit."""
    user = User.objects.create_user(f"user-{User.objects.count()}")
    return Actor(key=user.key, person_id=one.pk if one else None, grants=(Grant(role, unit.pk),))


def secretary_user(unit: Unit, one: Person) -> User:
    """A sign-in whose person is the unit's secretary."""
    user = User.objects.create_user(f"secretary-{unit.pk}", "a long password")
    SignIn.objects.create(user=user, person=one)
    Post.objects.create(
        person=one, unit=unit, kind=PostKind.SECRETARY, starts_on=BEGINS, recorded_seq=1, recorded_on=BEGINS
    )
    return user
