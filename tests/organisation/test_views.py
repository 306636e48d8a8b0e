"""Pages that read the organisation, and sign-ins."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.organisation import (
    PASSWORD,
    START,
    Ward,
    key_of_person,
    key_of_unit,
    make_person,
    make_unit,
    make_user,
    make_ward,
)
from tests.organisation.test_actions_units import MAY, on_the_day
from trienkhai.accounts.models import User
from trienkhai.organisation import actions
from trienkhai.organisation.models import Delegation, Person, SignIn
from trienkhai.organisation.rules import SYSTEM, BodyKind, EndReason, PostKind, Standing, UnitKind

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(client: Client) -> None:
    client.cookies["django_language"] = "en"


@pytest.fixture
def now() -> Iterator[datetime]:
    """It is 1 June 2012."""
    with on_the_day(date(2012, 6, 1)) as at:
        yield at


@pytest.fixture
def ward(now: datetime) -> Ward:  # noqa: ARG001 - time stands still
    return make_ward()


@pytest.fixture
def office(client: Client, ward: Ward) -> Client:
    client.force_login(make_user("vanphong", office_of=ward.unit))
    return client


def text(client: Client, address: str, **query: str) -> str:
    response = client.get(address, query)
    assert response.status_code == 200
    return str(response.content.decode())


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def unit_page(unit: int) -> str:
    return reverse("organisation:unit", args=[key_of_unit(unit)])


def person_page(person: int) -> str:
    return reverse("organisation:person", args=[key_of_person(person)])


# --- The tree ---------------------------------------------------------------------------------------------------------


def test_whoever_has_not_signed_in_is_sent_to_sign_in_and_back(client: Client) -> None:
    address = reverse("organisation:tree") + "?as_of=2012-03-01"
    response = client.get(address)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/?next=/organisation/%3Fas_of")


def test_the_tree_shows_units_with_their_members_on_the_day_asked(office: Client, ward: Ward, now: datetime) -> None:
    actions.merge_units(units=ward.cells[:2], into=ward.cells[0], on=MAY, actor=SYSTEM, at=now)
    page = text(office, reverse("organisation:tree"))
    assert "Chi bộ khu 2" not in page
    assert "8 members" in page
    before = text(office, reverse("organisation:tree"), as_of="30/04/2012")
    assert "Chi bộ khu 2" in before
    assert "8 members" not in before


def test_the_tree_as_known_earlier(office: Client, ward: Ward) -> None:
    with on_the_day(date(2012, 6, 5)) as at:
        actions.rename_unit(unit=ward.cells[0], name="Chi bộ Đoài", on=START, actor=SYSTEM, at=at)
    with on_the_day(date(2012, 6, 6)):
        assert "Chi bộ Đoài" in text(office, reverse("organisation:tree"))
        known = text(office, reverse("organisation:tree"), as_of="2012-06-05", known_at="2012-06-04")
    assert "Chi bộ Đoài" not in known
    assert "as recorded by the end of 04/06/2012" in known


def test_a_day_nobody_can_read_gives_today_and_says_so(office: Client) -> None:
    page = text(office, reverse("organisation:tree"), as_of="bao giờ")
    assert "is not a day" in page
    assert "Chi bộ khu 1" in page


def test_a_member_sees_no_siblings(client: Client, ward: Ward) -> None:
    client.force_login(make_user(person=ward.members[1][1]))
    page = text(client, reverse("organisation:tree"))
    assert "Chi bộ khu 2" in page
    assert "Chi bộ khu 1" not in page
    assert "Đảng bộ phường Hoà Lạc" in page
    assert "12 members" not in page


def test_nothing_yet(client: Client) -> None:
    client.force_login(make_user(is_installer=True))
    assert "No unit yet" in text(client, reverse("organisation:tree"))


def test_the_tree_costs_the_same_with_one_cell_and_with_three(
    client: Client,
    now: datetime,  # noqa: ARG001 - time stands still
) -> None:
    client.force_login(make_user(is_installer=True))
    counts = []
    for cells in (1, 3):
        make_ward(cells=cells, name=f"Đảng bộ {cells}")
        counts.append(queries(client, reverse("organisation:tree")))
    assert counts[0] == counts[1]


# --- A unit -----------------------------------------------------------------------------------------------------------


def test_a_unit_page_lists_people_by_given_name(office: Client, ward: Ward) -> None:
    cell = ward.cells[0]
    make_person("Đặng Thị Ánh", unit=cell)
    make_person("Trần Văn Ấn", unit=cell, standing=Standing.EXEMPT)
    page = text(office, unit_page(cell))
    people = page[page.index("<h2>People in") :]
    names = ["Nguyễn Văn An", "Đặng Thị Ánh", "Trần Văn Ấn"]
    places = [people.index(name) for name in names]
    assert places == sorted(places)
    assert "exempt from work and meetings" in people


def test_names_are_not_shown_to_those_who_may_not_see_them(client: Client, ward: Ward) -> None:
    client.force_login(make_user(person=ward.members[0][1]))
    page = text(client, unit_page(ward.cells[0]))
    assert Person.objects.get(pk=ward.members[0][2]).full_name not in page
    assert "Names are seen by" in page
    assert "Change this unit" not in page


def test_another_wards_unit_is_not_there(office: Client) -> None:
    other = make_ward(name="Đảng bộ phường khác")
    known = office.get(unit_page(other.cells[0]))
    unknown = office.get("/units/00000000-0000-4000-8000-000000000000/")
    assert known.status_code == unknown.status_code == 404
    assert _main(known) == _main(unknown)


def _main(response: HttpResponseBase) -> str:
    page = str(response.content.decode())  # type: ignore[attr-defined]
    return page[page.index("<main") : page.index("</main>")]


def test_a_unit_page_shows_who_leads_and_what_it_came_from(office: Client, ward: Ward, now: datetime) -> None:
    body = actions.make_body(
        unit=ward.unit, kind=BodyKind.STANDING_COMMITTEE, name="Ban Thường vụ", on=START, actor=SYSTEM, at=now
    ).made[0]
    actions.give_post(
        person=ward.everybody[1],
        unit=ward.unit,
        kind=PostKind.STANDING_MEMBER,
        body=body,
        on=START,
        actor=SYSTEM,
        at=now,
    )
    page = text(office, unit_page(ward.unit))
    assert "Ban Thường vụ" in page
    assert Person.objects.get(pk=ward.everybody[1]).full_name in page
    actions.merge_units(units=ward.cells[:2], into=ward.cells[0], on=MAY, actor=SYSTEM, at=now)
    closed = text(office, unit_page(ward.cells[1]))
    assert "Not open on this day" in closed
    assert "Went into:" in closed
    assert "Came from:" in text(office, unit_page(ward.cells[0]))


def test_a_unit_nobody_had_heard_of_then(office: Client, ward: Ward) -> None:
    page = text(office, unit_page(ward.cells[0]), as_of="2012-05-01", known_at="2012-05-31")
    assert "Not known then" in page


def test_a_unit_page_costs_the_same_with_one_member_and_with_three(
    client: Client,
    now: datetime,  # noqa: ARG001 - time stands still
) -> None:
    client.force_login(make_user(is_installer=True))
    counts: list[int] = []
    for n in (1, 3):
        one = make_ward(cells=n, members=n, name=f"Đảng bộ {n}")
        counts.extend(queries(client, unit_page(unit)) for unit in (one.unit, one.cells[0]))
    assert counts[:2] == counts[2:]


# --- A person ---------------------------------------------------------------------------------------------------------


def test_a_person_through_time(office: Client, ward: Ward, now: datetime) -> None:
    person = ward.members[1][0]
    actions.move_person(person=person, to_unit=ward.cells[0], on=MAY, actor=SYSTEM, at=now)
    page = text(office, person_page(person))
    assert "Moved to another unit" in page
    assert "Secretary" in page
    assert '<time datetime="2012-01-01">01/01/2012</time> to <time datetime="2012-04-30">30/04/2012</time>' in page
    assert "This person …" in page


def test_what_has_been_corrected_stays_to_be_seen(office: Client, ward: Ward) -> None:
    with on_the_day(date(2012, 6, 4)) as at:
        actions.end_membership(
            person=ward.everybody[1], on=date(2012, 6, 3), reason=EndReason.DIED, actor=SYSTEM, at=at
        )
        page = text(office, person_page(ward.everybody[1]))
    assert "What was recorded once" in page
    assert "In no unit here any more." in page


def test_nobody_sees_others_but_everybody_sees_themselves(client: Client, ward: Ward) -> None:
    client.force_login(make_user(person=ward.members[1][1]))
    assert client.get(person_page(ward.members[1][2])).status_code == 404
    page = text(client, person_page(ward.members[1][1]))
    assert "This person …" not in page


def test_the_address_of_an_entry_made_twice_leads_to_the_one_kept(office: Client, ward: Ward, now: datetime) -> None:
    keep, drop = ward.members[0][1], ward.members[0][2]
    actions.merge_duplicate(keep=keep, drop=drop, actor=SYSTEM, at=now)
    assert office.get(person_page(drop))["Location"] == person_page(keep)
    office.force_login(make_user(person=ward.members[1][1]))
    assert office.get(person_page(drop)).status_code == 404


def test_a_person_page_costs_the_same_with_one_tie_and_with_three(office: Client, ward: Ward, now: datetime) -> None:
    person, counts = ward.everybody[1], []
    for day in (date(2012, 2, 1), date(2012, 3, 1)):
        counts.append(queries(office, person_page(person)))
        standing = Standing.AWAY if day.month == 2 else Standing.ACTIVE
        actions.change_membership(person=person, on=day, standing=standing, actor=SYSTEM, at=now)
    assert counts[0] == counts[1]


# --- Search -----------------------------------------------------------------------------------------------------------


def test_a_search_without_marks_finds_units_and_people(office: Client, ward: Ward) -> None:
    make_person("Lê Thị Hoa", unit=ward.cells[0])
    page = text(office, reverse("organisation:search"), q="dang bo phuong hoa lac")
    assert "<mark>Đảng bộ phường Hoà Lạc</mark>" in page
    assert "<mark>Hoa</mark>" in text(office, reverse("organisation:search"), q="hoa")


def test_exact_marks_come_first(office: Client, ward: Ward) -> None:
    for name in ("Lê Văn Hoá", "Lê Văn Hoà", "Lê Văn Hoa"):
        make_person(name, unit=ward.cells[0])
    page = text(office, reverse("organisation:search"), q="Hòa")
    assert page.index("<mark>Hoà</mark>") < page.index("<mark>Hoa</mark>") < page.index("<mark>Hoá</mark>")


def test_a_former_name_is_found_and_marked_so(office: Client, ward: Ward, now: datetime) -> None:
    actions.rename_unit(unit=ward.cells[0], name="Chi bộ Đoài", on=MAY, actor=SYSTEM, at=now)
    assert "not called so today" in text(office, reverse("organisation:search"), q="khu 1")
    assert "not called so today" not in text(office, reverse("organisation:search"), q="doai")


def test_a_search_finds_nobody_one_may_not_see(client: Client, ward: Ward) -> None:
    client.force_login(make_user(person=ward.members[1][1]))
    name = Person.objects.get(pk=ward.members[0][0]).full_name
    assert "Nothing found" in text(client, reverse("organisation:search"), q=name)
    assert "Nothing found" not in text(client, reverse("organisation:search"), q="")


# --- Sign-ins ---------------------------------------------------------------------------------------------------------


def test_sign_ins_are_for_offices(client: Client, ward: Ward) -> None:
    client.force_login(make_user(person=ward.secretary))
    for name in ("users", "user_new"):
        assert client.get(reverse(f"organisation:{name}")).status_code == 404


def test_an_office_gives_a_sign_in_whose_password_is_shown_once(office: Client, ward: Ward) -> None:
    key = key_of_person(ward.secretary)
    assert Person.objects.get(pk=ward.secretary).full_name in text(office, reverse("organisation:user_new"), person=key)
    response = office.post(reverse("organisation:user_new"), {"username": "bithu.khu1", "person": key})
    user = User.objects.get(username="bithu.khu1")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    password = response.content.decode().split("<code>")[1].split("</code>")[0]
    assert user.check_password(password)
    assert SignIn.objects.get(user=user).person_id == ward.secretary
    assert password not in text(office, reverse("organisation:user", args=[user.key]))


def test_a_name_that_is_taken_comes_back(office: Client) -> None:
    response = office.post(reverse("organisation:user_new"), {"username": "vanphong"})
    assert response.status_code == 422
    assert User.objects.count() == 1
    for person in ("x", "00000000-0000-4000-8000-000000000000"):
        assert office.post(reverse("organisation:user_new"), {"username": "a.b.c", "person": person}).status_code == 404


def test_sign_ins_are_listed_with_what_they_may_do(office: Client, ward: Ward) -> None:
    make_user("bithu", person=ward.secretary)
    other = make_ward(name="Đảng bộ phường khác")
    make_user("nguoi.la", person=other.secretary)
    page = text(office, reverse("organisation:users"))
    assert "bithu" in page
    assert "Secretary or deputy: Đảng bộ phường Hoà Lạc" in page
    assert "Office: Đảng bộ phường Hoà Lạc" in page
    assert "nguoi.la" not in page


def test_the_list_of_sign_ins_costs_the_same_with_one_and_with_three(office: Client, ward: Ward) -> None:
    counts = []
    for people in (ward.everybody[1:2], ward.everybody[2:4]):
        for person in people:
            make_user(person=person)
        counts.append(queries(office, reverse("organisation:users")))
    assert counts[0] == counts[1]


def test_work_for_an_office_is_given_and_ended(office: Client, ward: Ward) -> None:
    user = make_user(person=ward.everybody[1])
    address = reverse("organisation:user", args=[user.key])
    values = {"unit": key_of_unit(ward.cells[0]), "starts_on": "01/06/2012", "ends_on": "30/06/2012"}
    assert office.post(address, values)["Location"] == address
    given = Delegation.objects.get(user=user)
    assert (given.starts_on, given.ends_on) == (date(2012, 6, 1), date(2012, 7, 1))
    assert office.post(address, values).status_code == 422
    office.post(reverse("organisation:user_end", args=[user.key]), {"delegation": str(given.pk)})
    assert not Delegation.objects.filter(user=user).exists()
    assert office.post(reverse("organisation:user_end", args=[user.key]), {"delegation": "x"}).status_code == 404


def test_an_office_of_another_ward_cannot_be_given(office: Client, ward: Ward) -> None:
    other = make_unit("Khác", kind=UnitKind.BASE)
    user = make_user(person=ward.everybody[1])
    values = {"unit": key_of_unit(other), "starts_on": "01/06/2012"}
    assert office.post(reverse("organisation:user", args=[user.key]), values).status_code == 422
    assert not Delegation.objects.filter(user=user).exists()


def test_a_new_password_ends_the_old_one(office: Client, ward: Ward) -> None:
    user = make_user(person=ward.everybody[1])
    address = reverse("organisation:user_password", args=[user.key])
    assert office.get(address).status_code == 405
    assert "Write this down" in office.post(address).content.decode()
    user.refresh_from_db()
    assert not user.check_password(PASSWORD)


def test_ones_own_password_is_changed_with_the_old_one_and_ones_own_rights_by_others(office: Client) -> None:
    user = User.objects.get(username="vanphong")
    before = user.password
    page = text(office, reverse("organisation:user", args=[user.key]))
    assert reverse("account_change_password") in page
    assert reverse("organisation:user_person", args=[user.key]) not in page
    assert office.post(reverse("organisation:user_password", args=[user.key])).status_code == 403
    user.refresh_from_db()
    assert user.password == before


def test_a_sign_in_that_reaches_further_is_shown_but_not_changed(office: Client, ward: Ward) -> None:
    city = make_unit("Thành uỷ", kind=UnitKind.UPPER)
    user = make_user(person=ward.everybody[1], office_of=city)
    assert "reaches further than your office" in text(office, reverse("organisation:user", args=[user.key]))
    assert office.post(reverse("organisation:user_password", args=[user.key])).status_code == 403
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_sign_in_is_stopped_and_used_again(office: Client, ward: Ward) -> None:
    user = make_user(person=ward.everybody[1])
    office.post(reverse("organisation:user_stop", args=[user.key]))
    user.refresh_from_db()
    assert not user.is_active
    assert "Nobody can sign in with this name." in text(office, reverse("organisation:user", args=[user.key]))
    office.post(reverse("organisation:user_resume", args=[user.key]))
    user.refresh_from_db()
    assert user.is_active


def test_a_sign_in_is_linked_to_another_person(office: Client, ward: Ward) -> None:
    user = make_user(person=ward.everybody[1])
    address = reverse("organisation:user_person", args=[user.key])
    name = Person.objects.get(pk=ward.everybody[2]).full_name
    assert "This one" in text(office, address, q=name)
    office.post(address, {"person": key_of_person(ward.everybody[2])})
    assert SignIn.objects.get(user=user).person_id == ward.everybody[2]
    office.post(address, {"person": ""})
    assert not SignIn.objects.filter(user=user).exists()
