"""A form sent after the session has ended: sign in again, and what was typed is there."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import ResolverMatch

from tests.factories.organisation import Ward, make_user, make_ward
from trienkhai.accounts.models import User
from trienkhai.accounts.rules import MOST, read
from trienkhai.organisation.models import UnitState
from trienkhai.organisation.requests import ActorRequest, carried_nowhere, signed_in

pytestmark = pytest.mark.django_db
PASSWORD = "sen trắng hồ rộng"


class _Forms(HTMLParser):
    """The forms of a page: where each goes, and the inputs it would send."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, list[tuple[str, str]]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((values.get("action", ""), []))
        elif tag == "input" and self.found and values.get("type") == "hidden":
            self.found[-1][1].append((values["name"], values.get("value", "")))


def form_to(answer: Any, action: str) -> list[tuple[str, str]]:
    """The hidden inputs of the page's form that goes there."""
    return next(inputs for there, inputs in _Forms(answer.text).found if there == action)


def as_posted(inputs: list[tuple[str, str]]) -> dict[str, Any]:
    found: dict[str, list[str]] = {}
    for name, value in inputs:
        found.setdefault(name, []).append(value)
    return found


@pytest.fixture
def ward() -> Ward:
    return make_ward()


@pytest.fixture
def clerk(ward: Ward) -> User:
    user = make_user("clerk", office_of=ward.unit)
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def browser(clerk: User) -> Client:
    """A browser that minds its tokens, its user signed out."""
    assert clerk.pk
    browser = Client(enforce_csrf_checks=True, headers={"origin": "http://testserver"})
    browser.get("/accounts/login/")
    return browser


def rename(ward: Ward) -> tuple[str, dict[str, Any]]:
    """The address and what is typed into the form that renames a cell."""
    key = UnitState.objects.current().get(unit=ward.cells[0]).unit.key
    return f"/units/{key}/rename/", {"name": "Chi bộ Đoài & Đông", "on": "03/05/2012", "confirm": "1"}


def send(browser: Client, address: str, typed: dict[str, Any], **more: Any) -> Any:
    token = browser.cookies["csrftoken"].value
    return browser.post(address, {**typed, "csrfmiddlewaretoken": token}, **more)


def sign_in(browser: Client, page: Any, password: str = PASSWORD) -> Any:
    typed = as_posted(form_to(page, "/accounts/login/"))
    return browser.post("/accounts/login/", {**typed, "login": "clerk", "password": password})


def name_of(unit: int) -> str:
    return str(UnitState.objects.current().filter(unit=unit).latest("starts_on").name)


def test_sign_in_again_and_what_was_typed_is_sent(browser: Client, ward: Ward) -> None:
    address, typed = rename(ward)
    ended = send(browser, address, typed, headers={"referer": f"http://testserver{address}"})
    assert ended.status_code == 403
    assert "no-store" in ended["Cache-Control"]
    again = sign_in(browser, ended)
    assert again.status_code == 200
    assert "Chi bộ Đoài &amp; Đông" in again.text
    assert f'href="{address}"' in again.text
    assert name_of(ward.cells[0]) != typed["name"]
    inputs = form_to(again, address)
    assert dict(inputs).items() >= typed.items()
    done = browser.post(address, as_posted(inputs))
    assert done.status_code == 302
    assert name_of(ward.cells[0]) == typed["name"]


def test_a_wrong_password_loses_nothing(browser: Client, ward: Ward) -> None:
    address, typed = rename(ward)
    wrong = sign_in(browser, send(browser, address, typed), password="sai rồi")
    assert wrong.status_code == 422
    again = sign_in(browser, wrong)
    assert dict(form_to(again, address)).items() >= typed.items()


def test_signed_in_meanwhile_in_another_window(browser: Client, ward: Ward) -> None:
    address, typed = rename(ward)
    ended = send(browser, address, typed)
    browser.post(
        "/accounts/login/",
        {"login": "clerk", "password": PASSWORD, "csrfmiddlewaretoken": browser.cookies["csrftoken"].value},
    )
    again = sign_in(browser, ended)  # its token is older than the signing in
    assert again.status_code == 403
    inputs = form_to(again, address)
    assert browser.post(address, as_posted(inputs)).status_code == 302
    assert name_of(ward.cells[0]) == typed["name"]


def test_a_form_older_than_signing_in_can_be_sent_again(browser: Client, ward: Ward) -> None:
    address, typed = rename(ward)
    old = browser.cookies["csrftoken"].value
    sign_in(browser, browser.get("/accounts/login/"))
    grown_old = browser.post(address, {**typed, "csrfmiddlewaretoken": old})
    assert grown_old.status_code == 403
    assert name_of(ward.cells[0]) != typed["name"]
    assert browser.post(address, as_posted(form_to(grown_old, address))).status_code == 302
    assert name_of(ward.cells[0]) == typed["name"]


@pytest.mark.parametrize("headers", [{"origin": "https://elsewhere.example"}, {"origin": "null"}, {"origin": ""}])
def test_what_another_site_sends_is_never_offered(browser: Client, ward: Ward, headers: dict[str, str]) -> None:
    address, typed = rename(ward)
    sign_in(browser, browser.get("/accounts/login/"))
    answer = browser.post(address, typed, headers=headers)
    assert answer.status_code == 403
    assert typed["name"] not in answer.text
    assert "Đoài" not in answer.text


def test_a_sign_in_form_grown_old_begins_anew(browser: Client) -> None:
    answer = browser.post("/accounts/login/", {"login": "clerk", "password": PASSWORD, "csrfmiddlewaretoken": "x" * 64})
    assert answer.status_code == 302
    assert PASSWORD not in answer.text


def test_files_and_passwords_stay_behind_and_that_is_said(browser: Client) -> None:
    scan = SimpleUploadedFile("bản quét.pdf", b"%PDF-1.4")
    ended = send(browser, "/organisation/users/new/", {"password": "bí mật lắm", "who": "Lê Thị Mới", "scan": scan})
    carried = read(dict(form_to(ended, "/accounts/login/"))["carried"])
    assert carried is not None
    assert (carried.fields, carried.files) == ((("who", "Lê Thị Mới"),), ("bản quét.pdf",))
    assert "bí mật lắm" not in ended.text
    assert "bản quét.pdf" in sign_in(browser, ended).text


def test_more_than_can_be_carried_is_said(browser: Client, ward: Ward) -> None:
    address, typed = rename(ward)
    ended = send(browser, address, {**typed, "name": "dài " * (MOST // 4)})
    assert ended.status_code == 403
    assert "carried" not in dict(form_to(ended, "/accounts/login/"))


@pytest.mark.parametrize("path", ["https://elsewhere.example/x", "//elsewhere.example/x", "javascript:alert(1)"])
@pytest.mark.parametrize("place", [0, 3])
def test_nothing_is_sent_elsewhere(browser: Client, path: str, place: int) -> None:
    parts: list[Any] = ["/x/", [["a", "b"]], [], "/y/"]
    parts[place] = path
    page = browser.get("/accounts/login/")
    typed = as_posted(form_to(page, "/accounts/login/"))
    carried = str(parts).replace("'", '"')
    assert read(carried) is not None
    answer = browser.post("/accounts/login/", {**typed, "carried": carried, "login": "clerk", "password": PASSWORD})
    assert answer.status_code == 302
    assert answer["Location"] == "/"


def test_what_is_marked_so_is_not_carried(rf: RequestFactory) -> None:
    @signed_in
    @carried_nowhere
    def sealed(request: ActorRequest) -> HttpResponse:
        raise AssertionError(request)

    def answered(view: Any) -> str:
        request: HttpRequest = rf.post("/sealed/", {"body": "điều không ghi tên"})
        request.user = AnonymousUser()
        request.session = SessionStore()
        request.resolver_match = ResolverMatch(view, (), {})
        return str(view(request).content.decode())

    assert "điều không ghi tên" not in answered(sealed)
    assert "điều không ghi tên" in answered(signed_in(HttpResponse))
