"""Changing the organisation: typed, shown with what it would do, confirmed, taken back."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.organisation import (
    START,
    Ward,
    key_of_person,
    key_of_unit,
    make_person,
    make_unit,
    make_user,
    make_ward,
    office_of,
)
from tests.factories.rollouts import make_rollout
from tests.organisation.test_actions_units import MAY, members, on_the_day
from trienkhai.ledger.models import Entry
from trienkhai.organisation import actions
from trienkhai.organisation.models import Body, Membership, Person, Post, UnitState
from trienkhai.organisation.queries import name_of
from trienkhai.organisation.rules import SYSTEM, BodyKind, EndReason, MemberKind, PostKind, Standing, UnitKind
from trienkhai.rollouts.actions.organisation import end_membership
from trienkhai.rollouts.actions.previewing import CountEffect, FigureEffect, previewed
from trienkhai.rollouts.models import ObligationPlace

pytestmark = pytest.mark.django_db

TODAY = date(2012, 6, 1)


@pytest.fixture
def now() -> Iterator[datetime]:
    """It is 1 June 2012."""
    with on_the_day(TODAY) as at:
        yield at


@pytest.fixture
def ward(now: datetime) -> Ward:  # noqa: ARG001 - time stands still
    return make_ward()


@pytest.fixture
def office(client: Client, ward: Ward) -> Client:
    client.cookies["django_language"] = "en"
    client.force_login(make_user("vanphong", office_of=ward.unit))
    return client


def of_unit(name: str, unit: int, *more: object) -> str:
    return reverse(f"web:{name}", args=[key_of_unit(unit), *more])


def of_person(what: str, person: int) -> str:
    return reverse("web:person_changed", args=[key_of_person(person), what])


def confirmed(client: Client, address: str, values: dict[str, Any]) -> str:
    """See what it changes, then do it; returns where that leads."""
    entries = Entry.objects.count()
    shown = client.post(address, values)
    assert shown.status_code == 200, shown.content.decode()
    assert "Nothing has been saved yet" in shown.content.decode()
    assert Entry.objects.count() == entries
    done = client.post(address, {**values, "confirm": "1"})
    assert done.status_code == 302, done.content.decode()
    assert Entry.objects.count() > entries
    return str(done["Location"])


# --- What a change would do -------------------------------------------------------------------------------------------


def test_a_preview_says_what_changes_and_changes_nothing(ward: Ward, now: datetime) -> None:
    rollout = make_rollout(ward, opens_on=date(2012, 2, 1))
    person = ward.secretary
    before = (Entry.objects.count(), Membership.objects.count(), ObligationPlace.objects.count())
    effect = previewed(
        lambda: end_membership(person=person, on=MAY, reason=EndReason.DIED, actor=SYSTEM, at=now),
        rollouts=[rollout],
        day=TODAY,
    )
    assert effect.counts == (CountEffect("Chi bộ khu 1", 4, 3),)
    assert FigureEffect(rollout.title, "persons_studied", (0, 12), (0, 11)) in effect.figures
    assert {(post.unit, post.ends) for post in effect.posts} == {
        ("Chi bộ khu 1", True),
        ("Đảng bộ phường Hoà Lạc", True),
    }
    assert effect.people == 1
    assert (Entry.objects.count(), Membership.objects.count(), ObligationPlace.objects.count()) == before


def test_obligations_follow_once_a_change_is_confirmed(office: Client, ward: Ward) -> None:
    make_rollout(ward, opens_on=date(2012, 2, 1))
    page = office.post(of_person("died", ward.secretary), {"on": "01/05/2012"}).content.decode()
    assert "people who have studied" in page
    assert "0/12" in page
    assert "0/11" in page
    confirmed(office, of_person("died", ward.secretary), {"on": "01/05/2012"})
    places = ObligationPlace.objects.current().filter(obligation__person=ward.secretary)
    assert set(places.values_list("ends_on", flat=True)) == {MAY}


def test_what_was_typed_can_be_changed_before_confirming(office: Client, ward: Ward) -> None:
    response = office.post(of_person("died", ward.secretary), {"on": "01/05/2012", "edit": "1"})
    assert response.status_code == 200
    assert 'value="01/05/2012"' in response.content.decode()
    assert "Nothing has been saved yet" not in response.content.decode()


# --- People -----------------------------------------------------------------------------------------------------------


def test_what_can_have_happened_depends_on_how_things_stand(office: Client, ward: Ward, now: datetime) -> None:
    def choices(person: int) -> str:
        return str(office.get(reverse("web:person_change", args=[key_of_person(person)])).content.decode())

    official = choices(ward.everybody[1])
    assert "moved to another unit" in official
    assert "admitted" not in official
    assert "takes part again" not in official
    probationary = make_person("Lê An", unit=ward.cells[0], kind=MemberKind.PROBATIONARY, standing=Standing.AWAY)
    assert "was admitted as an official member" in choices(probationary)
    assert "takes part again" in choices(probationary)
    other = make_person("Lê Bình", unit=ward.cells[0], kind=MemberKind.OTHER)
    assert "was admitted to the Party" in choices(other)
    actions.end_membership(person=other, on=MAY, reason=EndReason.MOVED_OUT, actor=SYSTEM, at=now)
    assert "came into a unit" in choices(other)
    assert "has died" not in choices(other)


@pytest.mark.parametrize(
    ("what", "kind", "standing"),
    [("exempt", "official", "exempt"), ("away", "official", "away"), ("suspended", "official", "suspended")],
)
def test_standings(office: Client, ward: Ward, what: str, kind: str, standing: str) -> None:
    confirmed(office, of_person(what, ward.everybody[1]), {"on": "01/05/2012"})
    row = Membership.objects.current().get(person=ward.everybody[1], ends_on=None)
    assert (row.kind, row.standing, row.starts_on) == (kind, standing, MAY)


def test_admitted_official_and_back(office: Client, ward: Ward) -> None:
    person = make_person("Lê An", unit=ward.cells[0], kind=MemberKind.OTHER, standing=Standing.AWAY)
    for what, day in (("admitted", "01/02/2012"), ("official", "01/03/2012"), ("active", "01/04/2012")):
        confirmed(office, of_person(what, person), {"on": day})
    row = Membership.objects.current().get(person=person, ends_on=None)
    assert (row.kind, row.standing) == ("official", "active")


@pytest.mark.parametrize(
    ("what", "reason"),
    [("left", "moved_out"), ("died", "died"), ("struck-off", "struck_off"), ("expelled", "expelled")],
)
def test_endings(office: Client, ward: Ward, what: str, reason: str) -> None:
    back = confirmed(office, of_person(what, ward.everybody[1]), {"on": "01/05/2012"})
    assert Membership.objects.current().get(person=ward.everybody[1]).end_reason == reason
    assert "In no unit here any more." in office.get(back).content.decode()


def test_moving_joining_and_a_further_tie(office: Client, ward: Ward) -> None:
    person = ward.everybody[1]
    confirmed(office, of_person("moved", person), {"to_unit": key_of_unit(ward.cells[1]), "on": "01/05/2012"})
    assert person in members(ward.cells[1], MAY)
    tie = {"to_unit": key_of_unit(ward.cells[2]), "tie": "residence", "on": "02/05/2012"}
    confirmed(office, of_person("tie", person), tie)
    assert person in members(ward.cells[2], TODAY)
    confirmed(office, of_person("left", person), {"on": "10/05/2012"})
    confirmed(
        office,
        of_person("joined", person),
        {"to_unit": key_of_unit(ward.cells[0]), "kind": "official", "on": "20/05/2012"},
    )
    assert person in members(ward.cells[0], TODAY)


def test_a_unit_of_another_ward_is_not_among_the_choices(office: Client, ward: Ward) -> None:
    other = make_ward(name="Đảng bộ phường khác")
    values = {"to_unit": key_of_unit(other.cells[0]), "on": "01/05/2012", "confirm": "1"}
    assert office.post(of_person("moved", ward.everybody[1]), values).status_code == 422
    assert ward.everybody[1] in members(ward.cells[0], TODAY)


@pytest.mark.parametrize("values", [{}, {"on": ""}, {"on": "31/02/2012"}, {"on": "01/01/2011"}, {"on": "01/01/2014"}])
def test_days_that_cannot_be_come_back(office: Client, ward: Ward, values: dict[str, str]) -> None:
    response = office.post(of_person("died", ward.everybody[1]), {**values, "confirm": "1"})
    assert response.status_code == 422
    assert ward.everybody[1] in members(ward.cells[0], TODAY)


def test_a_post_goes_into_the_body_of_its_kind(office: Client, ward: Ward) -> None:
    confirmed(
        office,
        of_unit("unit_body", ward.unit),
        {"kind": BodyKind.STANDING_COMMITTEE, "name": "Ban Thường vụ", "on": "01/02/2012"},
    )
    body = Body.objects.get()
    values = {"to_unit": key_of_unit(ward.unit), "kind": PostKind.STANDING_MEMBER, "on": "01/05/2012"}
    confirmed(office, of_person("post", ward.everybody[1]), values)
    assert Post.objects.get(person=ward.everybody[1]).body_id == body.pk
    confirmed(office, of_unit("unit_body_end", ward.unit, body.key), {"on": "20/05/2012"})
    assert Post.objects.current().get(person=ward.everybody[1]).ends_on == date(2012, 5, 20)


def test_a_post_ends_or_never_was(office: Client, ward: Ward) -> None:
    def address() -> str:
        key = Post.objects.current().get(person=ward.members[1][0]).key
        return reverse("web:post_end", args=[key_of_person(ward.members[1][0]), key])

    assert office.post(address(), {"what": "ends", "on": ""}).status_code == 422
    confirmed(office, address(), {"what": "ends", "on": "01/05/2012"})
    assert Post.objects.current().get(person=ward.members[1][0]).ends_on == MAY
    confirmed(office, address(), {"what": "mistake", "on": ""})
    assert not Post.objects.current().filter(person=ward.members[1][0]).exists()


def test_particulars_are_mended(office: Client, ward: Ward) -> None:
    values = {"full_name": "Đỗ Thị Yến", "birth": "2/1958", "sex": "f", "phone": "0912 000 000"}
    confirmed(office, of_person("correct", ward.everybody[1]), values)
    row = Person.objects.get(pk=ward.everybody[1])
    assert (row.full_name, row.birth_year, row.birth_month, row.birth_day) == ("Đỗ Thị Yến", 1958, 2, None)
    assert 'value="02/1958"' in office.get(of_person("correct", ward.everybody[1])).content.decode()
    assert office.post(of_person("correct", ward.everybody[1]), {**values, "birth": "hôm qua"}).status_code == 422
    assert office.post(of_person("correct", ward.everybody[1]), {**values, "birth": "1850"}).status_code == 422


def test_an_entry_made_twice_becomes_one(office: Client, ward: Ward) -> None:
    keep, drop = (make_person("Lê Văn Trùng", unit=ward.cells[0]) for _n in range(2))
    assert "Lê Văn Trùng" in office.get(of_person("duplicate", drop)).content.decode()
    back = confirmed(office, of_person("duplicate", drop), {"keep": key_of_person(keep)})
    assert back == reverse("organisation:person", args=[key_of_person(keep)])
    assert drop not in members(ward.cells[0], TODAY)
    searched = office.get(of_person("duplicate", keep), {"q": Person.objects.get(pk=ward.everybody[1]).full_name})
    assert key_of_person(ward.everybody[1]) in searched.content.decode()


def test_somebody_is_added_to_a_cell(office: Client, ward: Ward) -> None:
    values = {"full_name": "Phạm Thị Mới", "birth": "1990", "kind": "probationary", "on": "01/05/2012"}
    back = confirmed(office, of_unit("person_new", ward.cells[0]), values)
    person = Person.objects.get(full_name="Phạm Thị Mới")
    assert back == reverse("organisation:person", args=[person.key])
    assert Membership.objects.get(person=person).kind == "probationary"


def test_only_the_office_changes_people(client: Client, ward: Ward) -> None:
    client.force_login(make_user(person=ward.secretary))
    for address in (
        reverse("web:person_change", args=[key_of_person(ward.everybody[1])]),
        of_person("died", ward.everybody[1]),
        of_unit("person_new", ward.cells[0]),
        of_unit("unit_rename", ward.cells[0]),
    ):
        assert client.get(address).status_code == 404
        assert client.post(address, {"on": "01/05/2012", "confirm": "1"}).status_code == 404
    assert ward.everybody[1] in members(ward.cells[0], TODAY)


def test_what_nobody_has_heard_of_cannot_have_happened(office: Client, ward: Ward) -> None:
    assert office.get(of_person("flew", ward.everybody[1])).status_code == 404


# --- Units ------------------------------------------------------------------------------------------------------------


def test_a_unit_is_opened_renamed_corrected_and_closed(office: Client, ward: Ward) -> None:
    values = {"name": "Chi bộ mới", "kind": "cell", "on": "01/02/2012"}
    back = confirmed(office, of_unit("unit_open", ward.unit), values)
    unit = UnitState.objects.get(name="Chi bộ mới").unit_id
    assert back == reverse("organisation:unit", args=[key_of_unit(unit)])
    confirmed(office, of_unit("unit_rename", unit), {"name": "Chi bộ Đoài", "on": "01/05/2012"})
    assert (name_of(unit, date(2012, 4, 1)), name_of(unit, MAY)) == ("Chi bộ mới", "Chi bộ Đoài")
    confirmed(
        office,
        of_unit("unit_correct", unit),
        {"name": "Chi bộ Đông", "short_name": "CB Đông", "place": "", "opened_on": "01/01/2012"},
    )
    assert (name_of(unit, START), name_of(unit, MAY)) == ("Chi bộ mới", "Chi bộ Đông")
    confirmed(office, of_unit("unit_close", unit), {"on": "20/05/2012"})
    assert UnitState.objects.current().filter(unit=unit).order_by("-starts_on")[0].ends_on == date(2012, 5, 20)


def test_a_unit_with_people_is_not_closed(office: Client, ward: Ward) -> None:
    response = office.post(of_unit("unit_close", ward.cells[0]), {"on": "01/05/2012"})
    assert response.status_code == 422
    assert "There are still people in the unit" in response.content.decode()


def test_a_merge_shows_whom_it_moves(office: Client, ward: Ward) -> None:
    values = {"units": [key_of_unit(ward.cells[1])], "name": "", "on": "01/05/2012"}
    page = office.post(of_unit("unit_merge", ward.cells[0]), values).content.decode()
    assert "Units that close" in page
    confirmed(office, of_unit("unit_merge", ward.cells[0]), values)
    assert members(ward.cells[0], MAY) == {*ward.members[0], *ward.members[1]}
    new = {"units": [key_of_unit(ward.cells[2])], "name": "Chi bộ chung", "on": "10/05/2012"}
    confirmed(office, of_unit("unit_merge", ward.cells[0]), new)
    assert len(members(UnitState.objects.get(name="Chi bộ chung").unit_id, TODAY)) == 12
    assert office.post(of_unit("unit_merge", ward.cells[0]), {"on": "01/05/2012"}).status_code == 422


def test_a_split_takes_whom_one_ticks(office: Client, ward: Ward) -> None:
    chosen = ward.members[0][1]
    values = {"name": "Chi bộ khu 1B", "on": "01/05/2012", "people": [key_of_person(chosen)]}
    confirmed(office, of_unit("unit_split", ward.cells[0]), values)
    assert members(UnitState.objects.get(name="Chi bộ khu 1B").unit_id, MAY) == {chosen}
    assert office.post(of_unit("unit_split", ward.cells[0]), {**values, "people": []}).status_code == 422


def test_a_unit_moves_and_changes_its_kind(office: Client, ward: Ward) -> None:
    section = make_unit("Đảng bộ bộ phận", kind=UnitKind.SECTION, parent=ward.unit)
    confirmed(office, of_unit("unit_move", ward.cells[0]), {"to_parent": key_of_unit(section), "on": "01/05/2012"})
    assert UnitState.objects.current().get(unit=ward.cells[0], ends_on=None).parent_id == section
    confirmed(office, of_unit("unit_kind", ward.cells[1]), {"kind": "section", "on": "01/05/2012"})
    assert UnitState.objects.current().get(unit=ward.cells[1], ends_on=None).kind == "section"
    values = {"to_parent": key_of_unit(ward.cells[2]), "on": "01/05/2012"}
    assert office.post(of_unit("unit_move", section), values).status_code == 422


def test_only_the_installer_opens_at_the_top(office: Client) -> None:
    assert office.get(reverse("web:unit_open_top")).status_code == 404
    office.force_login(make_user(is_installer=True))
    values = {"name": "Đảng bộ xã", "kind": "base", "on": "01/02/2012"}
    confirmed(office, reverse("web:unit_open_top"), values)
    assert UnitState.objects.get(name="Đảng bộ xã").parent_id is None


def test_every_form_opens(office: Client, ward: Ward) -> None:
    for name in ("open", "rename", "correct", "kind", "move", "close", "merge", "split", "body"):
        assert office.get(of_unit(f"unit_{name}", ward.cells[0])).status_code == 200
    for what in ("moved", "joined", "tie", "post", "official", "correct", "duplicate", "exempt", "died"):
        assert office.get(of_person(what, ward.everybody[1])).status_code == 200


# --- Taking back ------------------------------------------------------------------------------------------------------


def test_a_slip_is_taken_back_from_the_persons_page(office: Client, ward: Ward) -> None:
    person = ward.everybody[1]
    back = confirmed(office, of_person("died", person), {"on": "01/05/2012"})
    assert "Take back" in office.get(back).content.decode()
    entry = Entry.objects.order_by("-seq")[0]
    response = office.post(reverse("web:undo"), {"entry": str(entry.seq), "next": back})
    assert response["Location"] == back
    assert person in members(ward.cells[0], TODAY)
    assert "It has been taken back." in office.get(back).content.decode()
    assert "Take back" not in office.get(back).content.decode().split("<h2>")[0]


def test_what_cannot_be_taken_back_says_so(office: Client, ward: Ward) -> None:
    other = office_of(ward.unit)
    with on_the_day(TODAY) as at:
        slip = actions.end_membership(person=ward.everybody[1], on=MAY, reason=EndReason.DIED, actor=other, at=at).entry
    for entry in (str(slip.seq), "x", "999999"):
        response = office.post(reverse("web:undo"), {"entry": entry, "next": "https://example.org/"}, follow=True)
        assert response.redirect_chain == [(reverse("organisation:tree"), 302)]
    assert ward.everybody[1] not in members(ward.cells[0], TODAY)


@pytest.mark.parametrize("entry", ["", "x", "²", "9" * 30, "9" * 5_000])
def test_what_is_no_entry_is_not_taken_back(office: Client, entry: str) -> None:
    answer = office.post("/organisation/undo/", {"entry": entry, "next": "//elsewhere.example/"})
    assert answer["Location"] == "/organisation/"
