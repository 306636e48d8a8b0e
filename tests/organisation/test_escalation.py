"""An office gives nobody rights it does not have, and nobody gives rights to themselves."""

import pytest

from tests.factories.organisation import (
    AT,
    DAY,
    START,
    make_person,
    make_unit,
    make_user,
    make_ward,
    office_of,
)
from trienkhai.core.decisions import Refused
from trienkhai.ledger.models import Entry
from trienkhai.organisation import actions
from trienkhai.organisation.models import Membership, Person, SignIn
from trienkhai.organisation.queries import actor_for
from trienkhai.organisation.rules import SYSTEM, Actor, PostKind, Tie, UnitKind

pytestmark = pytest.mark.django_db


def someone_of_the_city_living_in(cell: int, city: int) -> int:
    """The city's secretary, who takes part in the ward's cell where they live."""
    agency = make_unit("Chi bộ Cơ quan thành phố", parent=city)
    person = make_person("Lê Thị Trên", unit=agency)
    actions.give_post(person=person, unit=city, kind=PostKind.SECRETARY, on=START, actor=SYSTEM, at=AT)
    actions.add_membership(person=person, unit=cell, on=START, tie=Tie.RESIDENCE, actor=SYSTEM, at=AT)
    return person


@pytest.fixture
def city() -> int:
    return make_unit("Đảng bộ thành phố", kind=UnitKind.UPPER)


def test_an_office_opens_no_sign_in_with_rights_it_does_not_have(city: int) -> None:
    ward = make_ward(parent=city)
    above = someone_of_the_city_living_in(ward.cells[0], city)
    office = office_of(ward.unit)
    entries = Entry.objects.count()
    with pytest.raises(Refused, match="may_not_keep_user"):
        actions.open_sign_in(username="ai-do", password="mat-khau-thu", person=above, actor=office, at=AT)
    own = make_user(person=ward.everybody[1])
    with pytest.raises(Refused, match="may_not_keep_user"):
        actions.link_sign_in(user=own.pk, person=above, actor=office, at=AT)
    assert not SignIn.objects.filter(person=above).exists()
    assert Entry.objects.count() == entries + 1  # the sign-in made for the test
    actions.open_sign_in(username="ai-do", password="mat-khau-thu", person=above, actor=office_of(city), at=AT)


def test_making_two_people_one_hands_no_sign_in_to_rights_elsewhere(city: int) -> None:
    ward = make_ward(parent=city)
    above = someone_of_the_city_living_in(ward.cells[0], city)
    office = office_of(ward.unit)
    own = make_user(person=ward.everybody[1])
    with pytest.raises(Refused, match="may_not_keep_user"):
        actions.merge_duplicate(keep=above, drop=ward.everybody[1], actor=office, at=AT)
    assert not actor_for(own, on=DAY).units() & {city}
    with pytest.raises(Refused, match="may_not_keep_user"):
        actions.merge_duplicate(keep=ward.everybody[1], drop=above, actor=office, at=AT)
    assert Person.objects.get(pk=above).merged_into_id is None
    assert Membership.objects.current().filter(person=above).count() == 2
    actions.merge_duplicate(keep=ward.everybody[1], drop=ward.everybody[2], actor=office, at=AT)


@pytest.mark.parametrize("give", ["delegate", "link"])
def test_nobody_gives_rights_to_themselves(city: int, give: str) -> None:
    ward = make_ward(parent=city)
    clerk = make_user(office_of=city)
    actor = actor_for(clerk, on=DAY)
    with pytest.raises(Refused, match="may_not_keep_user"):
        _give(give, clerk.pk, ward.unit, ward.secretary, actor)
    assert actor_for(clerk, on=DAY) == actor
    installer = actor_for(make_user(is_installer=True), on=DAY)
    _give(give, clerk.pk, ward.unit, ward.secretary, installer)
    assert actor_for(clerk, on=DAY) != actor


def _give(what: str, user: int, unit: int, person: int, actor: Actor) -> None:
    if what == "delegate":
        actions.delegate(user=user, unit=unit, starts_on=START, actor=actor, at=AT)
    else:
        actions.link_sign_in(user=user, person=person, actor=actor, at=AT)
