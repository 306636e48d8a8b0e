import errno

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from trienkhai.accounts.models import User
from trienkhai.core import gallery, pages, urls

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.urls")]


def test_a_refusal_that_escapes_is_a_clear_403_in_both_languages(client: Client) -> None:
    answer = client.get("/test/refuse/some_code/")
    assert answer.status_code == 403
    assert "Chưa có gì thay đổi." in answer.text
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    answer = client.get("/test/refuse/some_code/")
    assert "Nothing was changed." in answer.text
    assert '<html lang="en"' in answer.text


def test_what_may_not_be_seen_looks_like_what_does_not_exist(client: Client) -> None:
    hidden, absent = client.get("/test/refuse/not_visible/"), client.get("/no/such/page/")
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert "Không tìm thấy trang" in hidden.text
    assert "Không tìm thấy trang" in absent.text


def test_a_fault_that_escapes_is_422(client: Client) -> None:
    answer = client.get("/test/invalid/")
    assert answer.status_code == 422
    assert "days_out_of_order" in answer.text


@pytest.mark.parametrize(("path", "words"), [("locked", "Cơ sở dữ liệu"), ("refuse/clock_set_back", "Đồng hồ")])
def test_a_database_or_clock_in_trouble_is_503_without_the_database(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, path: str, words: str
) -> None:
    with django_assert_num_queries(0):
        answer = client.get(f"/test/{path}/")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert words in answer.text


def test_a_fault_of_ours_is_500_made_without_the_database(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.raise_request_exception = False
    with django_assert_num_queries(0):
        answer = client.get("/test/broken/")
    assert answer.status_code == 500
    assert "Phần mềm gặp lỗi" in answer.text


def test_too_much_at_once_is_413(client: Client) -> None:
    form = "a=" + "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0)
    answer = client.post(reverse("preferences"), form, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert "Gửi quá nhiều" in answer.text


def test_a_request_that_makes_no_sense_is_400(client: Client) -> None:
    answer = client.get("/kit/", headers={"host": "elsewhere.example"})
    assert answer.status_code == 400
    assert "Không hiểu được yêu cầu" in answer.text


def test_a_page_open_too_long_is_explained() -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(reverse("preferences"), {"text": "large"})
    assert answer.status_code == 403
    assert "Trang đã mở quá lâu" in answer.text


def test_text_size_and_colours_are_remembered_without_scripts(client: Client) -> None:
    answer = client.post(reverse("preferences"), {"text": "large", "next": "/kit/form/"})
    assert answer.headers["Location"] == "/kit/form/"
    client.post(reverse("preferences"), {"theme": "dark", "next": "/kit/"})
    page = client.get("/kit/")
    assert 'data-theme="dark" data-text="large"' in page.text
    client.post(reverse("preferences"), {"text": "normal"})
    assert "data-text" not in client.get("/kit/").text.split("<head>")[0]


def test_preferences_lead_nowhere_else_and_keep_no_nonsense(client: Client) -> None:
    answer = client.post(reverse("preferences"), {"theme": '"><script>', "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/"
    assert "theme" not in answer.cookies
    assert client.get(reverse("preferences")).status_code == 405


def test_the_language_is_the_reader_s_choice_not_the_browser_s(client: Client) -> None:
    assert '<html lang="vi"' in client.get("/kit/", headers={"accept-language": "en-US"}).text
    client.post(reverse("set_language"), {"language": "en", "next": "/kit/"})
    assert '<html lang="en"' in client.get("/kit/").text


@pytest.mark.parametrize("part", gallery.PARTS)
def test_every_part_of_the_gallery_obeys_the_content_security_policy(client: Client, part: str) -> None:
    page = client.get(f"/kit/{part}/")
    assert page.status_code == 200
    html = page.text
    assert " style=" not in html
    assert " onclick=" not in html
    assert "<style" not in html
    assert html.count("<h1") == 1
    for script in html.split("<script")[1:]:
        assert script.startswith(' type="module" src="/static/')


def test_the_gallery_s_form_comes_back_with_422(client: Client) -> None:
    answer = client.post("/kit/form/", {"title": "Nghị quyết", "issued_on": "31/2/2012"})
    assert answer.status_code == 422
    assert 'value="31/2/2012"' in answer.text
    assert "<title>Lỗi: " in answer.text


def test_the_gallery_is_not_routed_in_production() -> None:
    assert not settings.DEBUG
    assert [pattern.name for pattern in urls.urlpatterns] == ["preferences"]


def test_who_is_signed_in_and_where_stand_above_every_page(client: Client) -> None:
    pages.register_site(place=lambda _request: "Phường Hoà Lạc", banner=lambda _request: "Bản dùng thử")
    html = client.get("/kit/").text
    assert "Phường Hoà Lạc" in html
    assert 'role="note"' in html
    assert reverse("account_logout") not in html
    client.force_login(User.objects.create_user("mai"), backend="django.contrib.auth.backends.ModelBackend")
    assert ">mai<" in client.get("/kit/").text
    pages.register_site(person=lambda _request: "đồng chí Mai")
    html = client.get("/kit/").text
    assert "đồng chí Mai" in html
    assert reverse("account_logout") in html


@pytest.mark.parametrize("fault", [OperationalError("database is locked"), OSError(errno.ENOSPC, "No space left")])
def test_trouble_outside_a_view_is_503_too(client: Client, monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise fault

    client.force_login(User.objects.create_user("ai", "mat khau rat dai"))
    monkeypatch.setattr(SessionStore, "save", fail)
    client.raise_request_exception = False
    answer = client.get("/test/remembers/")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]


def test_pages_of_somebody_signed_in_are_kept_nowhere(client: Client) -> None:
    assert not client.get("/test/refuse/some_code/").has_header("Cache-Control")
    client.force_login(User.objects.create_user("ai", "mat khau rat dai"))
    assert client.get("/test/refuse/some_code/").headers["Cache-Control"] == "private, no-store"
    assert "no-store" in client.get("/no/such/page/").headers["Cache-Control"]


def test_an_address_for_forms_alone_says_so(client: Client) -> None:
    answer = client.get(reverse("preferences"))
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
    assert "<h1" in answer.text
