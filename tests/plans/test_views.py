import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from tests.factories.organisation import make_unit, make_user
from tests.factories.plans import AT, World, make_plan, make_world, version_of
from trienkhai.organisation.models import Unit
from trienkhai.organisation.queries import name_of
from trienkhai.organisation.rules import SYSTEM, UnitKind
from trienkhai.plans import actions
from trienkhai.plans.models import Adoption, Plan
from trienkhai.plans.queries import lines_of
from trienkhai.plans.rules import Adopted, Line

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n"


@pytest.fixture(autouse=True)
def _surroundings(settings: object, tmp_path: Path) -> None:
    settings.TRIENKHAI_FILES = tmp_path  # type: ignore[attr-defined]
    settings.LANGUAGE_CODE = "en"  # type: ignore[attr-defined]
    translation.activate("en")


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def clerk(world: World) -> Client:
    return signed_in(office_of=world.ward.unit)


@pytest.fixture
def secretary(world: World) -> Client:
    """The secretary of the second cell, who is nothing else."""
    return signed_in(person=world.ward.members[1][0])


def signed_in(**who: int) -> Client:
    client = Client()
    client.force_login(make_user(**who))  # type: ignore[arg-type]
    return client


def at(name: str, *keys: object) -> str:
    return reverse(f"plans:{name}", args=list(keys))


def text(client: Client, url: str, **query: str) -> str:
    return client.get(url, query).content.decode()


def row_data(*rows: dict[str, str], seen: int, **button: str) -> dict[str, str]:
    data = {"form-TOTAL_FORMS": str(len(rows)), "form-INITIAL_FORMS": "0", "seen": str(seen), **button}
    return data | {f"form-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}


def test_each_sees_the_units_they_may_know_of(world: World, clerk: Client, secretary: Client) -> None:
    page = text(clerk, at("index", world.rollout.key))
    assert page.count("Late: no plan") == 4
    assert "Enter adoptions on paper" in page
    page = text(secretary, at("index", world.rollout.key))
    assert name_of(world.cell(1), AT.date()) in page
    assert name_of(world.cell(0), AT.date()) not in page
    assert "Enter adoptions on paper" not in page
    assert secretary.get(at("enter", world.rollout.key)).status_code == 403


def test_missing_plans_come_first(world: World, clerk: Client) -> None:
    plan = make_plan(world)
    actions.adopt_plan(plan=plan, adopted=Adopted(AT.date()), actor=SYSTEM, at=AT)
    page = text(clerk, at("index", world.rollout.key))
    assert page.rindex("Late: no plan") < page.index(f'href="{at("one", plan.key)}"')


def test_a_roll_out_one_may_not_know_of(world: World) -> None:
    stranger = signed_in(office_of=make_unit("Phường khác", kind=UnitKind.BASE))
    plan = make_plan(world)
    for url in (at("index", world.rollout.key), at("enter", world.rollout.key), at("one", plan.key)):
        assert stranger.get(url).status_code == 404


def test_drafts_are_hidden_from_others(world: World, secretary: Client, clerk: Client) -> None:
    ward_draft, other_cell = make_plan(world), make_plan(world, world.cell(0))
    for plan in (ward_draft, other_cell):
        for page in ("one", "measures", "adopt", "edit"):
            assert secretary.get(at(page, plan.key)).status_code == 404
        for page in ("version", "document"):
            assert secretary.get(at(page, plan.key, 1)).status_code == 404
    hidden = secretary.get(at("of_unit", world.rollout.key, world.unit.key))
    assert "No plan adopted yet" in hidden.content.decode()
    assert "Late: no plan" in text(secretary, at("index", world.rollout.key))
    actions.adopt_plan(plan=ward_draft, adopted=Adopted(AT.date()), actor=SYSTEM, at=AT)
    assert secretary.get(at("one", ward_draft.key)).status_code == 200
    for page in ("measures", "adopt", "edit"):
        assert secretary.get(at(page, ward_draft.key)).status_code == 403
    for page in ("correct", "withdraw"):
        assert secretary.get(at(page, ward_draft.key, 1)).status_code == 403
    assert clerk.get(at("one", other_cell.key)).status_code == 200


def test_what_cannot_be_begun_says_why(world: World, clerk: Client) -> None:
    url = at("of_unit", world.rollout.key, world.unit.key)
    assert clerk.post(url, {"title": "x" * 301}).status_code == 422
    assert clerk.post(url, {"title": "\u200b"}).status_code == 422
    assert not Plan.objects.exists()
    member = signed_in(person=world.ward.members[1][1])
    assert "No plan adopted yet" in text(member, at("of_unit", world.rollout.key, world.cell(1).key))


def test_a_cell_secretary_begins_the_plan_and_enters_measures(world: World, secretary: Client) -> None:
    url = at("of_unit", world.rollout.key, world.cell(1).key)
    response = secretary.post(url, {"title": "Kế hoạch của chi bộ", "purpose": "", "organising": ""})
    plan = Plan.objects.get()
    assert response["Location"] == at("measures", plan.key)
    assert secretary.get(url)["Location"] == at("one", plan.key)
    page = text(secretary, at("measures", plan.key))
    assert '<option value="12-NQ/TW, II.1.a">Ở chi bộ</option>' in page
    lead = name_of(world.cell(1), AT.date())
    rows = (
        {
            "text": "Học tập",
            "lead": lead.upper(),
            "deadline": "30/4/2012",
            "provision": "12-NQ/TW, II.1",
            "is_urgent": "on",
        },
        {"text": "", "lead": ""},
        {"text": "Kiểm điểm", "lead": "Tổ kiểm tra"},
    )
    response = secretary.post(at("measures", plan.key), row_data(*rows, seen=plan.changed_seq, save="1"))
    assert response["Location"] == at("version", plan.key, 1)
    first, second = lines_of(version_of(plan))
    assert (first.lead_unit, first.lead, first.is_urgent) == (world.ward.cells[1], "", True)
    assert first.provision == world.provision("Học tập")
    assert (second.text, second.lead_unit, second.lead) == ("Kiểm điểm", None, "Tổ kiểm tra")
    page = text(secretary, at("one", plan.key))
    assert "Urgent" in page
    assert "No deadline: measure 2" in page


def test_rows_are_added_moved_and_taken_out_without_saving(world: World, clerk: Client) -> None:
    plan = make_plan(world, None, Line("Có sẵn"))
    key = str(lines_of(version_of(plan))[0].key)
    rows = ({"key": key, "text": "Một", "deadline": "nháp"}, {"text": "Hai"})

    def after(button: str) -> str:
        response = clerk.post(at("measures", plan.key), row_data(*rows, seen=plan.changed_seq, do=button))
        assert response.status_code == 200
        return response.content.decode()

    page = after("add")
    assert 'name="form-TOTAL_FORMS" value="3"' in page
    assert 'value="nháp"' in page
    page = after("down-0")
    assert page.index(">\nHai</textarea>") < page.index(">\nMột</textarea>")
    assert "Hai" not in after("remove-1")
    for nonsense in ("up-0", "up-9", "remove-x", "?", "down-1"):
        assert 'name="form-TOTAL_FORMS" value="2"' in after(nonsense)
    assert [line.text for line in lines_of(version_of(plan))] == ["Có sẵn"]


def test_faults_in_measures_are_said_and_nothing_is_lost(world: World, clerk: Client) -> None:
    plan = make_plan(world)
    row = {"text": "Một", "deadline": "31/2/2012", "provision": "Điều 99"}
    response = clerk.post(at("measures", plan.key), row_data(row, {"lead": "An"}, seen=plan.changed_seq, save="1"))
    assert response.status_code == 422
    page = response.content.decode()
    for words in ("There is no such day", "no such provision", "Say what is to be done", 'value="Điều 99"'):
        assert words in page
    assert lines_of(version_of(plan)) == []


def test_two_people_drafting_at_once_notice_each_other(world: World, clerk: Client) -> None:
    plan = make_plan(world)
    actions.set_measures(plan=plan, lines=[Line("Của người khác")], actor=SYSTEM, at=AT)
    data = row_data({"text": "Của tôi"}, seen=plan.changed_seq, save="1")
    response = clerk.post(at("measures", plan.key), data)
    assert response.status_code == 422
    page = response.content.decode()
    assert "Somebody else has changed this plan" in page
    assert "Của tôi" in page
    assert clerk.post(at("measures", plan.key), data).status_code == 422
    assert [line.text for line in lines_of(version_of(plan))] == ["Của người khác"]


def test_measures_of_another_plan_are_refused(world: World, clerk: Client) -> None:
    plan, other = make_plan(world), make_plan(world, world.cell(0), Line("Của chi bộ"))
    row = {"key": str(lines_of(version_of(other))[0].key), "text": "Cướp"}
    response = clerk.post(at("measures", plan.key), row_data(row, seen=plan.changed_seq, save="1"))
    assert response.status_code == 422
    assert [line.text for line in lines_of(version_of(other))] == ["Của chi bộ"]
    broken = clerk.post(at("measures", plan.key), {"save": "1"})
    assert broken.status_code == 422


def test_adopting_with_the_signed_sheet(world: World, clerk: Client) -> None:
    plan = make_plan(world, None, Line("Một"))
    assert "Nobody leads: measure 1" in text(clerk, at("adopt", plan.key))
    data = {"on": "20/2/2012", "number": "05-KH/ĐU", "signer": "Nguyễn Văn An", "signer_post": "Bí thư"}
    bad = clerk.post(at("adopt", plan.key), data | {"scan": SimpleUploadedFile("a.pdf", b"MZ"), "seen": ""})
    assert bad.status_code == 422
    assert "This kind of file cannot be taken" in bad.content.decode()
    clerk.post(at("adopt", plan.key), data | {"scan": SimpleUploadedFile("a.pdf", PDF), "seen": str(plan.changed_seq)})
    page = text(clerk, at("one", plan.key))
    assert "20/02/2012" in page
    assert "05-KH/ĐU" in page
    assert clerk.get(at("adopt", plan.key)).status_code == 403
    sheet = clerk.get(at("scan", plan.key, 1))
    assert b"".join(sheet) == PDF
    sheet.close()


@pytest.mark.parametrize(
    ("on", "words"),
    [("", "Enter the day"), ("1/1/2199", "has not come yet"), ("1/1/2012", "issued on 16/01/2012")],
)
def test_days_that_cannot_be_are_said_at_the_day(world: World, clerk: Client, on: str, words: str) -> None:
    plan = make_plan(world)
    response = clerk.post(at("adopt", plan.key), {"on": on, "seen": str(plan.changed_seq)})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Adoption.objects.exists()


def test_an_adoption_is_corrected_and_taken_back(world: World, clerk: Client) -> None:
    plan = make_plan(world)
    assert clerk.get(at("correct", plan.key, 1)).status_code == 403
    assert clerk.get(at("scan", plan.key, 1)).status_code == 404
    actions.adopt_plan(plan=plan, adopted=Adopted(AT.date()), actor=SYSTEM, at=AT, scan=(PDF, "a.pdf"))
    assert 'value="01/06/2012"' in text(clerk, at("correct", plan.key, 1))
    plan.refresh_from_db()
    clerk.post(at("correct", plan.key, 1), {"on": "1/3/2012", "number": "6", "seen": str(plan.changed_seq)})
    assert Adoption.objects.current().get().number == "6"
    assert clerk.post(at("correct", plan.key, 1), {"on": "1/3/2199"}).status_code == 422
    assert clerk.post(at("withdraw", plan.key, 1), {"reason": ""}).status_code == 422
    clerk.post(at("withdraw", plan.key, 1), {"reason": "nhầm"})
    assert "Late: a draft" in text(clerk, at("one", plan.key))
    assert clerk.post(at("discard", plan.key)).status_code == 403


def test_title_and_text_are_changed_and_a_draft_is_thrown_away(world: World, clerk: Client) -> None:
    plan = make_plan(world)
    clerk.post(at("edit", plan.key), {"title": "Mới", "purpose": "Mục đích", "seen": str(plan.changed_seq)})
    assert "Mục đích" in text(clerk, at("one", plan.key))
    stale = clerk.post(at("edit", plan.key), {"title": "Cũ", "seen": str(plan.changed_seq)})
    assert stale.status_code == 422
    assert clerk.get(at("discard", plan.key)).status_code == 405
    clerk.post(at("discard", plan.key))
    assert not Plan.objects.exists()


def test_adoptions_of_many_units_are_entered_at_once(world: World, clerk: Client) -> None:
    url = at("enter", world.rollout.key)
    keys = [str(Unit.objects.get(pk=pk).key) for pk in world.ward.cells]
    base = {"title": "Kế hoạch học tập", "note": "nộp bản giấy"}
    data = base | {f"on-{keys[0]}": "20/2/2012", f"number-{keys[0]}": "01-KH/CB", f"on-{keys[1]}": "1/1/2199"}
    response = clerk.post(url, data)
    assert response.status_code == 422
    assert "has not come yet" in response.content.decode()
    assert not Plan.objects.exists()
    data[f"on-{keys[1]}"] = "21/2/2012"
    assert clerk.post(url, data)["Location"] == at("index", world.rollout.key)
    assert dict(Adoption.objects.values_list("version__plan__unit__key", "note")) == {
        Unit.objects.get(key=key).key: "nộp bản giấy" for key in keys[:2]
    }
    page = text(clerk, url)
    assert 'value="20/02/2012"' in page
    again = clerk.post(url, data)
    assert "Enter at least one day" in again.content.decode()
    emptied = clerk.post(url, base | {f"on-{keys[1]}": "21/2/2012", f"number-{keys[2]}": "9"})
    assert "To take an adoption back" in emptied.content.decode()
    assert "Enter the day as well" in emptied.content.decode()
    assert Adoption.objects.count() == 2


def test_the_word_file_holds_the_plan(world: World, clerk: Client) -> None:
    plan = make_plan(world, None, Line("Học tập", lead="Ban Tuyên giáo", is_urgent=True), Line("Kiểm điểm"))
    actions.adopt_plan(plan=plan, adopted=Adopted(AT.date(), "05-KH/ĐU", "Lê An", "Bí thư"), actor=SYSTEM, at=AT)
    response = clerk.get(at("document", plan.key, 1))
    assert "K%E1%BA%BF%20ho%E1%BA%A1ch" in response["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        words = archive.read("word/document.xml").decode()
    for part in ("12-NQ/TW", "05-KH/ĐU", "Ban Tuyên giáo", "việc cấp bách", "BÍ THƯ", "Lê An", "PHỤ LỤC"):
        assert part in words


def test_the_list_asks_as_much_for_many_as_for_few(
    clerk: Client,
    world: World,
    django_assert_num_queries: DjangoAssertNumQueries,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    make_plan(world)
    with django_assert_max_num_queries(99) as captured:
        clerk.get(at("index", world.rollout.key))
    for number in range(3):
        make_plan(world, world.cell(number))
    with django_assert_num_queries(len(captured)):
        clerk.get(at("index", world.rollout.key))


@pytest.mark.parametrize("page", [("one",), ("measures",), ("document", 1)], ids=lambda page: page[0])
def test_a_plan_asks_as_much_for_three_measures_as_for_one(
    clerk: Client,
    world: World,
    page: tuple[str] | tuple[str, int],
    django_assert_num_queries: DjangoAssertNumQueries,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    lines = [Line(f"Việc {n}", lead_unit=world.ward.cells[n], provision=world.provision("Học tập")) for n in range(3)]
    small, large = make_plan(world, world.cell(0), lines[0]), make_plan(world, world.cell(1), *lines)
    clerk.get(at(page[0], small.key, *page[1:]))
    with django_assert_max_num_queries(99) as captured:
        clerk.get(at(page[0], small.key, *page[1:]))
    with django_assert_num_queries(len(captured)):
        clerk.get(at(page[0], large.key, *page[1:]))
