"""Looking a receipt up does not tell the server who has signed in in the same browser."""

import re
from http import HTTPStatus

import pytest
from django import shortcuts
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from tests.comments.test_views import FAR, as_person, typed
from tests.factories.comments import SealedCall, make_call, make_sealed
from tests.factories.organisation import make_ward
from trienkhai.accounts.models import User
from trienkhai.comments.views import tries
from trienkhai.comments.views.tries import TRIES
from trienkhai.organisation.models import Person

pytestmark = pytest.mark.django_db
WRONG = {"code": "AAAA-BBBB-CCCC-DDDD"}


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    cache.clear()


@pytest.fixture
def sealed() -> SealedCall:
    return make_sealed(make_ward(cells=3, members=4), closes_on=FAR, answer_by=FAR)


def signed_in(person: int) -> Client:
    client = Client()
    client.force_login(User.objects.get(sign_in__person=person))
    return client


@pytest.fixture
def met(monkeypatch: pytest.MonkeyPatch) -> list[HttpRequest]:
    """The requests that reached the page, as the page found them."""
    found: list[HttpRequest] = []

    def render(request: HttpRequest, *given: object, **more: object) -> HttpResponse:
        found.append(request)
        return shortcuts.render(request, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("trienkhai.comments.views.receipts.render", render)
    return found


def test_who_has_signed_in_does_not_reach_the_page(sealed: SealedCall, met: list[HttpRequest]) -> None:
    author = sealed.ward.members[0][1]
    code = sealed.send(author, "Lời không ghi tên")
    client = signed_in(author)
    for told in ({"code": code}, WRONG):
        with CaptureQueriesContext(connection) as asked:
            client.post("/receipts/", told)
        tables = {"django_session", User._meta.db_table, "organisation_signin", Person._meta.db_table}
        assert not [one["sql"] for one in asked if any(table in one["sql"] for table in tables)]
    for request in met:
        assert not request.user.is_authenticated
        assert request.session.session_key is None
        assert request.actor.person_id is None  # type: ignore[attr-defined]
        assert "HTTP_COOKIE" not in request.META
        assert "sessionid" not in request.COOKIES


def test_the_answer_is_the_same_for_everybody_and_touches_no_cookie_of_signing_in(sealed: SealedCall) -> None:
    author = sealed.ward.members[0][1]
    code = sealed.send(author, "Lời không ghi tên")
    answers = [client.post("/receipts/", {"code": code}) for client in (signed_in(author), Client())]
    pages = [re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode()) for answer in answers]
    assert pages[0] == pages[1]
    assert Person.objects.get(pk=author).full_name not in pages[0]
    assert all("sessionid" not in answer.cookies for answer in answers)


def test_somebody_signed_in_stays_so(sealed: SealedCall) -> None:
    client = as_person(sealed.ward.members[0][1])
    client.post("/receipts/", WRONG)
    assert client.get("/comments/mine/").status_code == HTTPStatus.OK


def test_a_browser_that_keeps_no_cookie_finds_its_answer(sealed: SealedCall) -> None:
    code = sealed.send(sealed.ward.members[0][1], "Lời không ghi tên")
    answer = Client(enforce_csrf_checks=True).post("/receipts/", {"code": code})
    assert answer.status_code == HTTPStatus.OK
    assert sealed.call.title in answer.content.decode()


def test_a_message_for_somebody_signed_in_is_not_shown_to_a_stranger_and_not_lost(sealed: SealedCall) -> None:
    call = make_call(sealed.ward, closes_on=FAR, answer_by=FAR)
    client = as_person(sealed.ward.members[0][1])
    done = client.post(f"/comments/{call.key}/write/", {**typed("Có tên", send="1"), "promise": "named"})
    assert done.cookies["messages"].value
    assert "data-dismissable" not in client.get("/receipts/").content.decode()
    assert "data-dismissable" in client.get("/comments/mine/").content.decode()


def test_other_pages_know_their_readers(sealed: SealedCall) -> None:
    assert getattr(resolve("/receipts/").func, "knows_reader", True) is False
    assert getattr(resolve(f"/comments/{sealed.call.key}/write/").func, "knows_reader", True) is True


def test_right_codes_make_nobody_wait(sealed: SealedCall) -> None:
    code = sealed.send(sealed.ward.members[0][1], "Lời không ghi tên")
    anybody = Client()
    for _try in range(TRIES + 5):
        assert anybody.post("/receipts/", {"code": code}).status_code == HTTPStatus.OK


def test_the_place_of_wrong_codes_is_kept_as_a_keyed_digest() -> None:
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = "203.0.113.7"
    tries.missed(request)
    assert "203.0.113.7" not in str(vars(cache))
    other = HttpRequest()
    other.META["REMOTE_ADDR"] = "203.0.113.8"
    for _try in range(TRIES):
        tries.missed(request)
    assert tries.is_too_often(request)
    assert not tries.is_too_often(other)


def test_a_line_without_an_address_waits_with_the_others_like_it() -> None:
    for _try in range(TRIES):
        tries.missed(HttpRequest())
    assert tries.is_too_often(HttpRequest())
