from http import HTTPStatus

import pytest
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString
from pytest_django import DjangoAssertNumQueries

from tests.factories.organisation import Ward, make_user, make_ward
from tests.factories.programmes import make_programme
from trienkhai.core import pages
from trienkhai.programmes.models import Programme

pytestmark = pytest.mark.django_db
TYPED = {"kind": "campaign", "name": "Cuộc vận động mới", "starts_on": "1/1/2012", "last_on": "", "note": ""}


@pytest.fixture(autouse=True)
def _english(settings: object) -> None:
    settings.LANGUAGE_CODE = "en"  # type: ignore[attr-defined]
    translation.activate("en")


@pytest.fixture
def ward() -> Ward:
    return make_ward(cells=2, members=2)


@pytest.fixture
def clerk(ward: Ward) -> Client:
    return signed_in(office_of=ward.unit)


def signed_in(**who: int) -> Client:
    client = Client()
    client.force_login(make_user(**who))  # type: ignore[arg-type]
    return client


def at(name: str, *keys: object) -> str:
    return reverse(f"programmes:{name}", args=list(keys))


def test_a_programme_is_added_changed_ended_and_removed(clerk: Client) -> None:
    response = clerk.post(at("create"), TYPED)
    programme = Programme.objects.get()
    assert response["Location"] == at("one", programme.key)
    changed = TYPED | {"last_on": "31/12/2012", "seen": programme.changed_seq}
    assert clerk.post(at("edit", programme.key), changed).status_code == HTTPStatus.FOUND
    page = clerk.get(at("one", programme.key)).content.decode()
    assert "31/12/2012" in page
    assert "31/12/2012" in clerk.get(at("edit", programme.key)).content.decode()
    again = clerk.post(at("edit", programme.key), changed | {"name": "Khác"})
    assert again.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Somebody else has changed" in again.content.decode()
    assert "Remove “Cuộc vận động mới”?" in clerk.get(at("remove", programme.key)).content.decode()
    assert clerk.post(at("remove", programme.key))["Location"] == at("index")
    assert not Programme.objects.exists()


def test_what_is_missing_is_said_and_kept(clerk: Client, ward: Ward) -> None:
    make_programme(ward.unit, "Cuộc vận động mới")
    for typed, words in (
        (TYPED | {"name": ""}, "Enter the name."),
        (TYPED | {"last_on": "31/12/2011"}, "The last day lies before the first."),
        (TYPED, "is already in the list for these days."),
    ):
        response = clerk.post(at("create"), typed)
        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert words in response.content.decode()


def test_members_read_and_do_not_write(ward: Ward) -> None:
    programme = make_programme(ward.unit)
    member = signed_in(person=ward.members[1][1])
    assert programme.name in member.get(at("index")).content.decode()
    assert "Change or end" not in member.get(at("one", programme.key)).content.decode()
    for name, keys in (("create", ()), ("edit", (programme.key,)), ("remove", (programme.key,))):
        assert member.get(at(name, *keys)).status_code == HTTPStatus.FORBIDDEN


def test_a_programme_of_another_ward_is_not_there(clerk: Client) -> None:
    other = make_programme(make_ward(cells=1, members=1, name="Phường khác").unit, "Không phải của ta")
    assert clerk.get(at("one", other.key)).status_code == HTTPStatus.NOT_FOUND
    assert "Không phải của ta" not in clerk.get(at("index")).content.decode()


def test_other_apps_fill_the_page(clerk: Client, ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    programme = make_programme(ward.unit)
    monkeypatch.setattr(pages, "_panels", {})

    def silent(_request: HttpRequest, _subject: Programme) -> str:
        return ""

    def speaking(_request: HttpRequest, subject: Programme) -> str:
        return SafeString(f"<section><h2>About {subject.pk}</h2></section>")

    pages.register_panel("programmes.one", "silent", silent)
    assert "Nothing is tied to it yet" in clerk.get(at("one", programme.key)).content.decode()
    pages.register_panel("programmes.one", "speaking", speaking)
    page = clerk.get(at("one", programme.key)).content.decode()
    assert f"<h2>About {programme.pk}</h2>" in page
    assert "Nothing is tied to it yet" not in page


def test_the_list_asks_as_often_for_three_as_for_one(
    clerk: Client, ward: Ward, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_programme(ward.unit)
    clerk.get(at("index"))
    with CaptureQueriesContext(connection) as one:
        clerk.get(at("index"))
    make_programme(ward.unit, "Hai")
    make_programme(ward.cells[0], "Ba")
    with django_assert_num_queries(len(one)):
        clerk.get(at("index"))
