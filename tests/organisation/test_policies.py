"""Who may run, see and keep which unit, role by role and state by state."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.organisation import (
    AT,
    DAY,
    START,
    Ward,
    acting_as,
    make_person,
    make_unit,
    make_user,
    make_ward,
    office_of,
)
from trienkhai.core.decisions import Decision
from trienkhai.organisation import actions, policies
from trienkhai.organisation.models import Person, Unit
from trienkhai.organisation.queries import actor_for
from trienkhai.organisation.rules import (
    ANONYMOUS,
    SYSTEM,
    Actor,
    EndReason,
    PostKind,
    Reason,
    Tie,
    UnitKind,
)

pytestmark = pytest.mark.django_db

MAY = date(2012, 5, 1)


@dataclass(frozen=True)
class Country:
    """A city above two wards; the first has a section with a cell, a group below a cell, and an agency."""

    city: int
    ours: Ward
    theirs: Ward
    section: int
    section_cell: int
    group: int
    agency: int
    closed: int
    actors: dict[str, Actor]

    @property
    def units(self) -> dict[str, int]:
        return {
            "city": self.city,
            "ward": self.ours.unit,
            "cell": self.ours.cells[0],
            "cell 2": self.ours.cells[1],
            "section": self.section,
            "section cell": self.section_cell,
            "group": self.group,
            "agency": self.agency,
            "closed": self.closed,
            "other ward": self.theirs.unit,
            "other cell": self.theirs.cells[0],
        }


@pytest.fixture
def country() -> Country:
    city = make_unit("Đảng bộ thành phố", kind=UnitKind.UPPER)
    ours = make_ward(parent=city, members=2)
    theirs = make_ward(parent=city, name="Đảng bộ phường khác", members=2)
    section = make_unit("Đảng bộ bộ phận", kind=UnitKind.SECTION, parent=ours.unit)
    section_cell = make_unit("Chi bộ bộ phận 1", parent=section)
    group = make_unit("Tổ đảng 1", kind=UnitKind.GROUP, parent=ours.cells[0])
    agency = make_unit("Uỷ ban nhân dân", kind=UnitKind.AGENCY, parent=ours.unit)
    closed = make_unit("Chi bộ cũ", parent=ours.unit)
    for unit in (section, section_cell, group, agency, city):
        make_person("Lê Thị Hoa", unit=unit, post=PostKind.SECRETARY)
    gone = make_person("Lê Văn Đi", unit=closed)
    actions.end_membership(person=gone, on=date(2012, 3, 1), reason=EndReason.DIED, actor=SYSTEM, at=AT)
    actions.close_unit(unit=closed, on=date(2012, 4, 1), actor=SYSTEM, at=AT)
    people = {
        "ward secretary": ours.secretary,
        "cell 2 secretary": ours.members[1][0],
        "member": ours.members[1][1],
    }
    people_in = {name: acting_as(person) for name, person in people.items()}
    offices = {
        "city office": office_of(city),
        "ward office": office_of(ours.unit),
        "section office": office_of(section),
    }
    actors = {"nobody": ANONYMOUS, "installer": SYSTEM, **offices, **people_in}
    return Country(city, ours, theirs, section, section_cell, group, agency, closed, actors)


OURS = {"ward", "cell", "cell 2", "section", "section cell", "group", "agency", "closed"}
ALL = OURS | {"city", "other ward", "other cell"}

TABLE: dict[str, dict[str, set[str]]] = {
    "can_run": {
        "nobody": set(),
        "installer": ALL,
        "city office": ALL,
        "ward office": OURS,
        "section office": {"section", "section cell"},
        "ward secretary": {"ward", "cell"},
        "cell 2 secretary": {"cell 2"},
        "member": set(),
    },
    "can_see_names": {
        "nobody": set(),
        "installer": ALL,
        "city office": {"city"},
        "ward office": OURS,
        "section office": {"section", "section cell"},
        "ward secretary": {"ward", "cell"},
        "cell 2 secretary": {"cell 2"},
        "member": set(),
    },
    "can_keep_organisation": {
        "nobody": set(),
        "installer": ALL,
        "city office": ALL,
        "ward office": OURS,
        "section office": {"section", "section cell"},
        "ward secretary": set(),
        "cell 2 secretary": set(),
        "member": set(),
    },
    "visible": {
        "nobody": set(),
        "installer": ALL,
        "city office": ALL,
        "ward office": OURS | {"city"},
        "section office": {"section", "section cell", "ward", "city"},
        "ward secretary": OURS | {"city"},
        "cell 2 secretary": {"cell 2", "ward", "city"},
        "member": {"cell 2", "ward", "city"},
    },
}
POLICIES: dict[str, Callable[[Actor, int], Decision]] = {
    "can_run": lambda actor, unit: policies.can_run(actor, unit, at=DAY),
    "can_see_names": lambda actor, unit: policies.can_see_names(actor, unit, at=DAY),
    "can_keep_organisation": lambda actor, unit: policies.can_keep_organisation(actor, unit, at=DAY),
}
SETS = {
    "can_run": policies.runnable_units,
    "can_see_names": policies.named_units,
    "can_keep_organisation": policies.kept_units,
    "visible": policies.visible_units,
}


def test_every_role_for_every_unit(country: Country) -> None:
    for policy, decide in POLICIES.items():
        for role, actor in country.actors.items():
            allowed = {name for name, unit in country.units.items() if decide(actor, unit)}
            assert allowed == TABLE[policy][role], (policy, role)


def test_the_lists_hold_exactly_what_is_allowed(country: Country) -> None:
    names = {unit: name for name, unit in country.units.items()}
    for policy, units in SETS.items():
        for role, actor in country.actors.items():
            listed = {names[pk] for pk in units(actor, at=DAY).values_list("pk", flat=True) if pk in names}
            assert listed == TABLE[policy][role], (policy, role)


@pytest.mark.parametrize("day", [date(1950, 1, 1), DAY, date(2090, 1, 1)], ids=["before", "then", "after"])
def test_lists_and_decisions_agree_on_any_day(country: Country, day: date) -> None:
    """Also of units that have not begun, and of those that have been closed."""
    decided = {
        policies.runnable_units: policies.can_run,
        policies.named_units: policies.can_see_names,
        policies.kept_units: policies.can_keep_organisation,
        policies.covered_units: policies.covers,
    }
    for role, actor in country.actors.items():
        for units, decide in decided.items():
            listed = set(units(actor, at=day).values_list("pk", flat=True))
            allowed = {unit for unit in country.units.values() if decide(actor, unit, at=day)}
            assert listed & set(country.units.values()) == allowed, (role, units)


def test_visible_people_are_those_the_policy_lets_one_see(country: Country) -> None:
    everybody = list(Person.objects.values_list("pk", flat=True))
    for role, actor in country.actors.items():
        listed = set(policies.visible_people(actor, at=DAY).values_list("pk", flat=True))
        assert listed == {person for person in everybody if policies.can_see_person(actor, person, at=DAY)}, role
        named = set(policies.named_units(actor, at=DAY).values_list("pk", flat=True))
        for person in Person.objects.filter(pk__in=listed - {actor.person_id}):
            units = set(person.memberships.values_list("unit", flat=True))
            units |= set(person.posts.values_list("unit", flat=True))
            assert named & units, role


def test_a_refusal_says_why(country: Country) -> None:
    member, unit = country.actors["member"], country.ours.unit
    assert policies.can_run(member, unit, at=DAY).reason == Reason.MAY_NOT_RUN
    assert policies.can_see_names(member, unit, at=DAY).reason == Reason.MAY_NOT_SEE_NAMES
    assert policies.can_keep_organisation(member, unit, at=DAY).reason == Reason.MAY_NOT_KEEP


def test_a_unit_that_does_not_exist_is_nobodys(country: Country) -> None:
    for decide in POLICIES.values():
        assert not decide(country.actors["ward office"], 10**9)


def test_members_see_themselves_only(country: Country) -> None:
    actor = country.actors["member"]
    assert [person.pk for person in policies.visible_people(actor, at=DAY)] == [actor.person_id]


def test_who_has_died_is_still_found_where_they_were(country: Country) -> None:
    gone = Person.objects.get(full_name="Lê Văn Đi")
    assert policies.can_see_person(country.actors["ward office"], gone.pk, at=DAY)
    assert not policies.can_see_person(country.actors["cell 2 secretary"], gone.pk, at=DAY)
    assert not policies.can_see_person(country.actors["city office"], gone.pk, at=DAY)


def test_who_has_moved_is_seen_where_they_are(country: Country) -> None:
    person = country.ours.members[1][1]
    actions.move_person(person=person, to_unit=country.ours.cells[2], on=MAY, actor=SYSTEM, at=AT)
    there, here = acting_as(country.ours.members[2][0]), country.actors["cell 2 secretary"]
    assert policies.can_see_person(there, person, at=DAY)
    assert not policies.can_see_person(here, person, at=DAY)
    assert policies.can_see_person(here, person, at=date(2012, 4, 30))


def test_a_residence_tie_lets_the_residence_cell_see(country: Country) -> None:
    person, cell = country.theirs.members[0][1], country.ours.cells[1]
    actions.add_membership(person=person, unit=cell, on=START, tie=Tie.RESIDENCE, actor=SYSTEM, at=AT)
    assert policies.can_see_person(country.actors["cell 2 secretary"], person, at=DAY)


def test_who_was_somebody_else_is_not_listed(country: Country) -> None:
    keep, drop = country.ours.members[0]
    actions.merge_duplicate(keep=keep, drop=drop, actor=SYSTEM, at=AT)
    for actor in (SYSTEM, country.actors["ward office"]):
        assert drop not in set(policies.visible_people(actor, at=DAY).values_list("pk", flat=True))


def test_a_unit_yet_to_open_is_kept_by_its_office_already(country: Country) -> None:
    actor = country.actors["ward office"]
    coming = actions.open_unit(
        name="Chi bộ mới", kind=UnitKind.CELL, parent=country.ours.unit, on=DAY + timedelta(days=30), actor=actor, at=AT
    ).made[0]
    assert policies.can_keep_organisation(actor, coming, at=DAY)
    assert policies.can_see_names(actor, coming, at=DAY)
    assert not policies.can_run(country.actors["section office"], coming, at=DAY)


def test_an_office_that_moved_away_takes_its_rights_along(country: Country) -> None:
    cell = country.ours.cells[2]
    actions.move_unit(unit=cell, to_parent=country.theirs.unit, on=MAY, actor=SYSTEM, at=AT)
    actor = country.actors["ward office"]
    assert not policies.can_run(actor, cell, at=DAY)
    assert policies.can_run(actor, cell, at=date(2012, 4, 30))


@pytest.mark.parametrize("policy", sorted(SETS))
def test_rights_are_two_statements_at_most_however_many_units(country: Country, policy: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        list(SETS[policy](country.actors["ward office"], at=DAY))
    assert len(asked) <= 2


def test_sign_ins_an_office_sees_and_keeps(country: Country) -> None:
    member = make_user(person=country.ours.members[2][1])
    stranger = make_user(person=country.theirs.members[2][1])
    clerk = make_user(office_of=country.city)
    both = make_user(person=country.ours.members[2][0], office_of=country.city)
    installer = make_user(is_installer=True)
    nobody = make_user("khong")
    office = country.actors["ward office"]
    visible = set(policies.visible_users(office, at=DAY))
    assert {member, both} <= visible
    assert not visible & {stranger, clerk, installer, nobody}
    kept = {
        user
        for user in (member, stranger, clerk, both, installer, nobody)
        if policies.can_keep_user(office, user, at=DAY)
    }
    assert kept == {member}
    assert policies.can_keep_user(SYSTEM, installer, at=DAY)
    assert installer in set(policies.visible_users(SYSTEM, at=DAY))
    assert not policies.can_keep_user(country.actors["member"], member, at=DAY)


def test_a_superuser_is_the_installer_and_a_stranger_nobody() -> None:
    user = make_user(is_installer=True)
    assert actor_for(user, on=DAY).is_installer
    assert not Unit.objects.exists()


def test_an_upper_office_sees_who_works_for_offices_below_not_the_sign_ins_of_their_people(country: Country) -> None:
    member, clerk = make_user(person=country.ours.everybody[1]), make_user(office_of=country.ours.unit)
    upper = set(policies.visible_users(country.actors["city office"], at=DAY))
    assert clerk in upper
    assert member not in upper
    assert {member, clerk} <= set(policies.visible_users(country.actors["ward office"], at=DAY))
