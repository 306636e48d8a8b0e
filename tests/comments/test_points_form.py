"""Rows of points: what the button for another one keeps, through every form that has it."""

import re
from http import HTTPStatus

import pytest
from django.core.cache import cache
from django.test import Client

from tests.comments.test_residents import make_residents
from tests.comments.test_views import FAR, as_office, as_person, typed
from tests.factories.comments import SealedCall, make_sealed, unlocks
from tests.factories.organisation import key_of_person, key_of_unit, make_ward
from trienkhai.comments import actions
from trienkhai.comments.models import Point
from trienkhai.ledger.clock import now, today
from trienkhai.organisation.rules import SYSTEM
from trienkhai.sealed.queries import status

pytestmark = pytest.mark.django_db
WORDS = ("Ý thứ nhất", "Ý thứ hai", "Ý thứ ba")
ROWS = re.compile(r'name="rows" value="(\d+)"')


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    cache.clear()


@pytest.fixture
def sealed() -> SealedCall:
    return make_sealed(make_ward(cells=3, members=4), closes_on=FAR, answer_by=FAR)


def three(client: Client, url: str, told: dict[str, str]) -> dict[str, str]:
    """What is sent after the button was pressed twice and three rows were filled in."""
    told = {**told, "rows": "1", "about-0": "general", "text-0": WORDS[0]}
    for n in (1, 2):
        page = client.post(url, {**told, "more": "1"}).content.decode()
        rows = ROWS.search(page)
        assert rows is not None
        assert rows[1] == str(n + 1)
        assert f'name="text-{n}"' in page
        assert WORDS[n - 1] in page
        told |= {"rows": rows[1], f"about-{n}": "general", f"text-{n}": WORDS[n]}
    return told


def test_three_points_of_ones_own(sealed: SealedCall) -> None:
    client = as_person(sealed.ward.members[0][1])
    url = f"/comments/{sealed.call.key}/write/"
    told = three(client, url, typed(""))
    page = client.post(url, {**told, "review": "1"}).content.decode()
    assert all(f'<div class="verbatim">{words}</div>' in page for words in WORDS)
    assert ROWS.search(page)[1] == "3"  # type: ignore[index]
    assert b"receipt-code" in client.post(url, {**told, "send": "1"}).content
    released(sealed)
    assert list(Point.objects.order_by("position").values_list("text", flat=True)) == list(WORDS)
    assert Point.objects.values("submission").distinct().count() == 1


def test_three_points_entered_for_somebody(sealed: SealedCall) -> None:
    ward = sealed.ward
    client = as_person(ward.members[1][0])
    url = f"/comments/{sealed.call.key}/enter/{key_of_unit(ward.cells[1])}/?person={key_of_person(ward.members[1][2])}"
    told = three(client, url, {"channel": "telephone", "told_by": ""})
    assert b"receipt-code" in client.post(url, told).content
    released(sealed)
    assert set(Point.objects.values_list("text", flat=True)) == set(WORDS)


def test_three_points_of_a_letter(sealed: SealedCall) -> None:
    ward = sealed.ward
    client = as_office(ward.unit)
    url = f"/comments/book/{key_of_unit(ward.unit)}/add/"
    letter = {"received_on": f"{today():%d/%m/%Y}", "channel": "letter", "author_kind": "resident", "author": "Bà Lành"}
    told = three(client, url, letter)
    assert client.post(url, told).status_code == HTTPStatus.FOUND
    assert set(Point.objects.values_list("text", flat=True)) == set(WORDS)


def test_three_points_of_a_resident() -> None:
    residents = make_residents(closes_on=FAR, answer_by=FAR)
    client = Client()
    told = three(client, "/with-a-code/", {**typed(""), "code": residents.codes[0], "signed": ""})
    page = client.post("/with-a-code/", {**told, "review": "1"}).content.decode()
    assert all(words in page for words in WORDS)
    assert b"receipt-code" in client.post("/with-a-code/", {**told, "send": "1"}).content


def test_three_slips_are_three(sealed: SealedCall) -> None:
    given = [*sealed.ward.members[0], *sealed.ward.members[1]]
    actions.hand_out_slips(call=sealed.call, people=given, given=True, actor=SYSTEM, at=today())
    client = as_office(sealed.ward.unit)
    url = f"/comments/{sealed.call.key}/slips/enter/"
    told = three(client, url, {})
    assert client.post(url, told).status_code == HTTPStatus.FOUND
    assert status(sealed.call.round_key or sealed.call.key).participants == 3


def test_no_more_rows_than_may_be_sent(sealed: SealedCall) -> None:
    client = as_person(sealed.ward.members[0][1])
    most = sealed.call.numbers.most_points
    told = {**typed("Một ý"), "rows": "99", "more": "1"}
    page = client.post(f"/comments/{sealed.call.key}/write/", told).content.decode()
    assert ROWS.search(page)[1] == str(most)  # type: ignore[index]


def released(sealed: SealedCall) -> None:
    """The box is closed and opened."""
    actions.close_call(call=sealed.call, reason="Đủ", actor=SYSTEM, at=today())
    sealed.call.refresh_from_db()
    actions.release_call(call=sealed.call, unlocks=unlocks(sealed.releasers[:2]), actor=SYSTEM, at=now())


def test_a_sign_that_cannot_be_kept_is_told_in_the_readers_language(sealed: SealedCall) -> None:
    client = as_person(sealed.ward.members[0][1])
    answer = client.post(f"/comments/{sealed.call.key}/write/", typed("Một\0ý", review="1"))
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    page = answer.content.decode()
    assert "Null characters" not in page
    assert "Có ký tự không lưu được." in page
