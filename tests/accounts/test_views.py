import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from trienkhai.accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.urls")]
PASSWORD = "sen trắng hồ rộng"


@pytest.fixture
def mai() -> User:
    return User.objects.create_user("mai", PASSWORD)


def test_signing_in_and_out(client: Client, mai: User) -> None:
    answer = client.post(reverse("account_login"), {"login": "mai", "password": PASSWORD})
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(mai.pk)
    assert client.get(reverse("account_logout")).status_code == 200
    assert "_auth_user_id" in client.session
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


@pytest.mark.usefixtures("mai")
def test_a_wrong_password_comes_back_with_422_and_does_not_say_which_was_wrong(client: Client) -> None:
    wrong = client.post(reverse("account_login"), {"login": "mai", "password": "x"})
    unknown = client.post(reverse("account_login"), {"login": "nobody", "password": "x"})
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in wrong.text
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in unknown.text
    assert "_auth_user_id" not in client.session


@pytest.mark.usefixtures("mai")
def test_without_a_tick_the_session_ends_with_the_browser(client: Client) -> None:
    client.post(reverse("account_login"), {"login": "mai", "password": PASSWORD})
    assert client.session.get_expire_at_browser_close()
    client.post(reverse("account_logout"))
    client.post(reverse("account_login"), {"login": "mai", "password": PASSWORD, "remember": "on"})
    assert not client.session.get_expire_at_browser_close()


def test_a_closed_account_cannot_sign_in(client: Client, mai: User) -> None:
    mai.is_active = False
    mai.save()
    client.post(reverse("account_login"), {"login": "mai", "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    assert client.get(reverse("account_inactive")).status_code == 200


@pytest.mark.usefixtures("mai")
def test_signing_in_leads_back_only_within_this_site(client: Client) -> None:
    form = {"login": "mai", "password": PASSWORD}
    inside = client.post(reverse("account_login"), {**form, "next": "/accounts/password/change/"})
    assert inside.headers["Location"] == "/accounts/password/change/"
    client.post(reverse("account_logout"))
    outside = client.post(reverse("account_login"), {**form, "next": "https://elsewhere.example/"})
    assert outside.headers["Location"] == "/"


def test_nobody_signs_up(client: Client) -> None:
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
    assert client.get("/accounts/signup/").status_code == 404


def test_changing_the_password(client: Client, mai: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(mai, backend="django.contrib.auth.backends.ModelBackend")
    client.force_login(mai, backend="django.contrib.auth.backends.ModelBackend")
    url = reverse("account_change_password")
    new = "trúc xanh ngõ nhỏ"
    bad = client.post(url, {"old_password": "x", "new_password1": new, "new_password2": new + "?"})
    assert bad.status_code == 422
    good = client.post(url, {"old_password": PASSWORD, "new_password1": new, "new_password2": new}, follow=True)
    assert "Đã đổi mật khẩu." in good.text
    mai.refresh_from_db()
    assert mai.check_password(new)
    assert elsewhere.get(url).status_code == 302


def test_changing_the_password_needs_signing_in(client: Client) -> None:
    answer = client.get(reverse("account_change_password"))
    assert answer.headers["Location"].startswith(reverse("account_login"))


def test_forgotten_passwords_go_through_a_person(client: Client) -> None:
    page = client.get(reverse("account_reset_password"))
    assert page.status_code == 200
    assert "văn phòng đảng uỷ" in page.text
    assert 'type="email"' not in page.text


def test_tries_are_counted_by_name_and_by_the_address_the_proxy_has_seen(
    client: Client, mai: User, settings: LazySettings
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    cache.clear()
    url = reverse("account_login")
    for number in range(12):
        form = {"login": f"ai{number}", "password": "x"}
        client.post(url, form, headers={"X-Forwarded-For": f"10.0.0.{number}, 203.0.113.7"})
    right = {"login": "mai", "password": PASSWORD}
    refused = client.post(url, right, headers={"X-Forwarded-For": "10.9.9.9, 203.0.113.7"})
    assert (refused.status_code, "Xin đợi năm phút" in refused.text) == (422, True)
    taken = client.post(url, right, headers={"X-Forwarded-For": "203.0.113.8"})
    assert taken.headers["Location"] == "/"
    cache.clear()
    for _try in range(5):
        Client().post(url, {"login": "mai", "password": "x"}, headers={"X-Forwarded-For": "203.0.113.9"})
    assert Client().post(url, right, headers={"X-Forwarded-For": "203.0.113.10"}).status_code == 422
    cache.clear()
    assert mai.is_active
