from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from tests.factories.directives import make_directive
from tests.factories.organisation import Ward, key_of_unit, make_unit, make_user, make_ward
from tests.factories.plans import make_world
from trienkhai.directives.models import Directive, DirectiveFile, Relation
from trienkhai.organisation.rules import UnitKind

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n"
HEAD = {
    "kind": "resolution",
    "number": "12-NQ/TW",
    "issued_on": "16/1/2012",
    "issuer": "Ban Chấp hành Trung ương",
    "title": "Một số vấn đề cấp bách",
}


@pytest.fixture(autouse=True)
def _surroundings(settings: object, tmp_path: Path) -> None:
    settings.TRIENKHAI_FILES = tmp_path  # type: ignore[attr-defined]
    settings.LANGUAGE_CODE = "en"  # type: ignore[attr-defined]
    translation.activate("en")


@pytest.fixture
def ward() -> Ward:
    return make_ward(cells=1, members=2)


@pytest.fixture
def clerk(ward: Ward) -> Client:
    return signed_in(office_of=ward.unit)


def signed_in(**who: int) -> Client:
    client = Client()
    client.force_login(make_user(**who))  # type: ignore[arg-type]
    return client


def at(name: str, *keys: object) -> str:
    return reverse(f"directives:{name}", args=list(keys))


def test_whoever_has_not_signed_in_is_sent_to_the_door(client: Client) -> None:
    response = client.get(at("index"))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_five_facts_make_a_directive(clerk: Client) -> None:
    response = clerk.post(at("create"), HEAD)
    directive = Directive.objects.get()
    assert response["Location"] == at("one", directive.key)
    page = clerk.get(response["Location"]).content.decode()
    assert "16/01/2012" in page
    assert "Một số vấn đề cấp bách" in page
    assert "Roll it out" in page


def test_a_directive_may_bring_its_file(clerk: Client) -> None:
    clerk.post(at("create"), HEAD | {"file": SimpleUploadedFile("nq12.pdf", PDF)})
    row = DirectiveFile.objects.select_related("file", "directive").get()
    response = clerk.get(at("file", row.directive.key, row.key))
    assert b"".join(response) == PDF
    assert response["Content-Disposition"] == 'attachment; filename="nq12.pdf"'
    response.close()


def test_a_bad_file_registers_nothing_and_keeps_what_was_typed(clerk: Client) -> None:
    response = clerk.post(at("create"), HEAD | {"file": SimpleUploadedFile("nq12.pdf", b"MZ")})
    assert response.status_code == 422
    assert not Directive.objects.exists()
    page = response.content.decode()
    assert "This kind of file cannot be taken here" in page
    assert "Một số vấn đề cấp bách" in page


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"number": ""}, "Enter the number, like 12-NQ/TW."),
        ({"issued_on": "32/1/2012"}, "There is no such day"),
        ({"issued_on": "01/01/2199"}, "lies in the future"),
        ({"received_on": "1/1/2012"}, "received before it was issued"),
    ],
)
def test_faults_are_said_at_their_field(clerk: Client, wrong: dict[str, str], message: str) -> None:
    response = clerk.post(at("create"), HEAD | wrong)
    assert response.status_code == 422
    assert message in response.content.decode()


def test_the_same_directive_again_leads_to_the_first(clerk: Client, ward: Ward) -> None:
    first = make_directive(ward.unit, "Tên cũ", number="12-NQ/TW")
    response = clerk.post(at("create"), HEAD)
    assert response.status_code == 422
    page = response.content.decode()
    assert "already in the list: “Tên cũ”" in page
    assert at("one", first.key) in page


def test_members_read_and_do_not_write(ward: Ward) -> None:
    directive = make_directive(ward.unit)
    member = signed_in(person=ward.members[0][1])
    page = member.get(at("one", directive.key)).content.decode()
    assert "Roll it out" not in page
    assert at("edit", directive.key) not in page
    for name in ("edit", "provisions", "add_file", "relate", "remove"):
        assert member.get(at(name, directive.key)).status_code == 403
    assert member.get(at("create")).status_code == 403
    assert member.post(at("remove", directive.key)).status_code == 403
    assert Directive.objects.exists()


def test_other_units_directives_do_not_exist(ward: Ward, clerk: Client) -> None:
    hidden = make_directive(make_unit("Phường khác", kind=UnitKind.BASE), "Bí ẩn")
    own = make_directive(ward.unit)
    for name in ("one", "edit", "provisions", "add_file", "relate", "remove"):
        assert clerk.get(at(name, hidden.key)).status_code == 404
    assert "Bí ẩn" not in clerk.get(at("index")).content.decode()
    data = {"relation": "guides-to", "target": str(hidden.key)}
    assert clerk.post(at("relate", own.key), data).status_code == 422
    assert "Bí ẩn" not in clerk.get(at("relate", own.key) + "?q=bi+an").content.decode()


def test_search_shows_where_it_was_found(ward: Ward, clerk: Client) -> None:
    directive = make_directive(ward.unit, "Nghị quyết", provisions="I. Một bộ phận suy thoái\n1. Khác")
    make_directive(ward.unit, "Chỉ thị")
    page = clerk.get(at("index"), {"q": "suy thoai"}).content.decode()
    assert f"{at('one', directive.key)}#p-" in page
    assert "<mark>suy thoái</mark>" in page
    assert "Chỉ thị" not in page
    assert "1 directive found" in page
    assert "Nothing found" in clerk.get(at("index"), {"q": 'x" OR *'}).content.decode()
    assert "Chỉ thị" in clerk.get(at("index"), {"q": '"*('}).content.decode()


def test_provisions_are_shown_before_they_are_saved(ward: Ward, clerk: Client) -> None:
    directive = make_directive(ward.unit)
    seen = directive.changed_seq
    data = {"text": "I. Một\r\n1. Hai", "seen": str(seen)}
    response = clerk.post(at("provisions", directive.key), data | {"preview": "1"})
    assert "Save 2 provisions" in response.content.decode()
    assert not directive.provisions.exists()
    response = clerk.post(at("provisions", directive.key), data | {"save": "1"})
    assert response["Location"] == at("one", directive.key)
    assert directive.provisions.count() == 2
    response = clerk.post(at("provisions", directive.key), data | {"save": "1", "text": "II. Của tôi"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "Somebody else has changed this directive" in page
    assert "II. Của tôi" in page


def test_correcting_and_removing(ward: Ward, clerk: Client) -> None:
    directive = make_directive(ward.unit)
    form = clerk.get(at("edit", directive.key)).content.decode()
    assert 'value="16/01/2012"' in form
    data = HEAD | {"title": "Tên mới", "seen": str(directive.changed_seq)}
    assert clerk.post(at("edit", directive.key), data).status_code == 302
    directive.refresh_from_db()
    assert directive.title == "Tên mới"
    assert clerk.post(at("edit", directive.key), data | {"title": "Khác"}).status_code == 422
    assert "Remove 12-NQ/TW?" in clerk.get(at("remove", directive.key)).content.decode()
    assert clerk.post(at("remove", directive.key)).status_code == 302
    assert not Directive.objects.exists()


def test_files_are_added_and_removed(ward: Ward, clerk: Client) -> None:
    directive = make_directive(ward.unit)
    url = at("add_file", directive.key)
    assert clerk.post(url, {"file": ""}).status_code == 422
    clerk.post(url, {"file": SimpleUploadedFile("a.pdf", PDF)})
    row = DirectiveFile.objects.get()
    stranger = signed_in(person=make_ward(name="Phường B", cells=1, members=1).members[0][0])
    assert stranger.get(at("file", directive.key, row.key)).status_code == 404
    clerk.post(at("remove_file", directive.key, row.key))
    assert not DirectiveFile.objects.exists()
    assert clerk.get(at("file", directive.key, row.key)).status_code == 404


def test_relations_are_noted_and_taken_back(ward: Ward, clerk: Client) -> None:
    directive, other = make_directive(ward.unit, "Một"), make_directive(ward.unit, "Hai")
    page = clerk.get(at("relate", directive.key), {"q": "hai"}).content.decode()
    assert str(other.key) in page
    clerk.post(at("relate", directive.key), {"relation": "implements-from", "target": str(other.key)})
    relation = Relation.objects.get()
    assert (relation.source, relation.target, relation.kind) == (other, directive, "implements")
    assert "Carried out by" in clerk.get(at("one", directive.key)).content.decode()
    third = make_directive(ward.unit, "Ba")
    assert clerk.post(at("unrelate", third.key, relation.key)).status_code == 404
    clerk.post(at("unrelate", directive.key, relation.key))
    assert not Relation.objects.exists()


def test_what_cannot_be_is_said_and_nothing_is_lost(ward: Ward, clerk: Client) -> None:
    directive, other = make_directive(ward.unit), make_directive(ward.unit)
    bad_file = clerk.post(at("add_file", directive.key), {"file": SimpleUploadedFile("a.pdf", b"MZ")})
    assert bad_file.status_code == 422
    relation = {"relation": "guides-to", "target": str(other.key)}
    clerk.post(at("relate", directive.key), relation)
    again = clerk.post(at("relate", directive.key), relation)
    assert again.status_code == 422
    assert "This has been noted already" in again.content.decode()
    too_many = {"text": "- a\n" * 2001, "seen": str(directive.changed_seq + 1), "save": "1"}
    assert clerk.post(at("provisions", directive.key), too_many).status_code == 422


def test_a_directive_in_use_stays() -> None:
    world = make_world(cells=1)
    clerk = signed_in(office_of=world.ward.unit)
    response = clerk.post(at("remove", world.directive.key), follow=True)
    assert "a roll-out or a plan uses it" in response.content.decode()
    assert world.directive.provisions.count() == 7


def test_the_installer_chooses_whose_office_keeps_it(ward: Ward) -> None:
    other = make_unit("Phường khác", kind=UnitKind.BASE)
    installer = signed_in(is_installer=True)
    page = installer.get(at("create")).content.decode()
    assert "Phường khác" in page
    assert installer.post(at("create"), HEAD).status_code == 422
    installer.post(at("create"), HEAD | {"owner": key_of_unit(other)})
    assert Directive.objects.get().owner_id == other
    assert installer.post(at("create"), HEAD | {"owner": key_of_unit(ward.cells[0])}).status_code == 422


def test_what_to_do_first_is_said(clerk: Client, ward: Ward) -> None:
    assert "Begin with what is to be carried out" in clerk.get(at("index")).content.decode()
    member = signed_in(person=ward.members[0][1])
    assert "it appears here" in member.get(at("index")).content.decode()


@pytest.mark.parametrize("query", ["", "?q=mot"])
def test_the_list_asks_as_much_for_three_as_for_one(
    ward: Ward,
    clerk: Client,
    query: str,
    django_assert_num_queries: DjangoAssertNumQueries,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    make_directive(ward.unit, "Một", provisions="1. một")
    with django_assert_max_num_queries(99) as captured:
        clerk.get(at("index") + query)
    for _n in range(2):
        make_directive(ward.unit, "Một nữa", provisions="1. một")
    with django_assert_num_queries(len(captured)):
        clerk.get(at("index") + query)


def test_one_asks_as_much_for_many_parts_as_for_few(
    ward: Ward,
    clerk: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    small = make_directive(ward.unit, provisions="I. a")
    with django_assert_max_num_queries(99) as captured:
        clerk.get(at("one", small.key))
    large = make_directive(ward.unit, provisions="I. a\n1. b\nII. c\n1. d\na) e")
    with django_assert_num_queries(len(captured)):
        clerk.get(at("one", large.key))
