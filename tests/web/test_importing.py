"""The clerk's way from a messy list to an organisation."""

import io
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.organisation import make_unit, make_ward
from tests.imports.lists import builders
from tests.imports.lists.ward import CELLS, members
from trienkhai.accounts.models import User
from trienkhai.imports.models import ImportBatch
from trienkhai.imports.rules.reading import read_list
from trienkhai.ledger.clock import today
from trienkhai.organisation.models import Delegation, Membership, Person, Unit, UnitState
from trienkhai.organisation.rules import Role, UnitKind
from trienkhai.web import jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward() -> int:
    return make_unit("Đảng bộ phường Bến Lau", kind=UnitKind.BASE, on=date(2010, 1, 1))


@pytest.fixture
def clerk(ward: int) -> Client:
    return clerk_of(ward, "clerk")


def clerk_of(unit: int, name: str) -> Client:
    user = User.objects.create_user(name, "mat khau rat dai")
    Delegation.objects.create(user=user, unit_id=unit, role=Role.OFFICE.value, starts_on=date(2010, 1, 1))
    client = Client()
    client.force_login(user)
    return client


def dropped(client: Client, unit: int, content: bytes, name: str = "danh sách.xlsx", **extra: str) -> ImportBatch:
    data = {
        "file": SimpleUploadedFile(name, content),
        "unit": str(Unit.objects.get(pk=unit).key),
        "holds_from": f"{today():%d/%m/%Y}",
        **extra,
    }
    response = client.post("/import/", data)
    assert response.status_code == 302, response.content.decode()
    return ImportBatch.objects.latest("pk")


def posted(client: Client, address: str, **changes: str) -> str:
    """Send the page's form as it came, with changes, and return where it led."""
    page = client.get(address).content.decode()
    data: dict[str, str] = {}
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        data[name] = next(iter(re.findall(r'<option value="([^"]*)" selected', body)), "")
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value and 'type="radio"' not in tag:
            data[name[1]] = value[1]
    response = client.post(address, data | changes)
    assert response.status_code == 302, response.content.decode()
    return response["Location"]


def test_from_a_messy_list_to_an_organisation(clerk: Client, ward: int) -> None:
    batch = dropped(clerk, ward, builders.grouped().getvalue())
    base = f"/import/{batch.key}"
    page = clerk.get(f"{base}/columns/").content.decode()
    assert "Hải Bình" not in page  # where people come from is private, and not even shown
    assert posted(clerk, f"{base}/columns/") == f"{base}/units/"
    page = clerk.get(f"{base}/units/").content.decode()
    assert page.count('value="new" selected') == len(CELLS)
    assert posted(clerk, f"{base}/units/") == f"{base}/people/"
    assert not Person.objects.exists()
    assert clerk.get(f"{base}/people/")["Location"] == f"{base}/check/"
    assert posted(clerk, f"{base}/check/") == f"{base}/check/"
    assert Person.objects.count() == len(members())
    assert UnitState.objects.filter(kind="cell", parent=ward).count() == len(CELLS)
    batch.refresh_from_db()
    assert (batch.state, batch.file) == ("done", None)
    assert clerk.get(f"{base}/check/").status_code == 200
    assert clerk.get(f"{base}/")["Location"] == f"{base}/check/"


def test_what_is_to_mend_is_shown_and_comes_as_a_file(clerk: Client, ward: int) -> None:
    content = "TT,Họ và tên,Ngày sinh,Chi bộ\n1,Nguyễn Văn An,12/5/1968,CB 1\n2,Lê Thị Bình,31/02/1970,CB 1\n".encode()
    batch = dropped(clerk, ward, content, "ds.csv")
    base = f"/import/{batch.key}"
    posted(clerk, f"{base}/columns/")
    posted(clerk, f"{base}/units/")
    assert "31/02/1970" in clerk.get(f"{base}/check/").content.decode()
    file = clerk.get(f"{base}/rejected.xlsx").content
    (row,) = read_list(io.BytesIO(file), on=today()).rows
    assert row.values["name"] == "Lê Thị Bình"
    posted(clerk, f"{base}/check/")
    assert Person.objects.get().full_name == "Nguyễn Văn An"
    assert clerk.get(f"{base}/rejected.xlsx").status_code == 200  # still there after the import
    clerk.post(f"{base}/discard/")
    assert clerk.get(f"{base}/rejected.xlsx").status_code == 403


def test_namesakes_are_asked_one_by_one(clerk: Client, ward: int) -> None:
    head = "TT,Họ và tên,Ngày sinh,Chi bộ\n"
    first = dropped(clerk, ward, f"{head}1,Nguyễn Văn An,12/5/1968,CB 1\n2,Lê Thị Bình,1970,CB 1\n".encode(), "a.csv")
    for step in ("columns", "units", "check"):
        posted(clerk, f"/import/{first.key}/{step}/")
    second = dropped(
        clerk, ward, f"{head}1,Nguyễn Văn An,12/5/1968,CB 2\n2,Lê Thị Bình,3/4/1970,CB 1\n".encode(), "b.csv"
    )
    base = f"/import/{second.key}"
    posted(clerk, f"{base}/columns/")
    assert posted(clerk, f"{base}/units/") == f"{base}/people/"
    an, lady = Person.objects.get(full_name="Nguyễn Văn An"), Person.objects.get(full_name="Lê Thị Bình")
    assert clerk.post(f"{base}/people/", {}).status_code == 422
    page = clerk.get(f"{base}/people/").content.decode()
    assert f'value="moved-{an.key}"' in page
    posted(clerk, f"{base}/people/", answer=f"moved-{an.key}", moved_on=f"{today():%d/%m/%Y}")
    assert clerk.post(f"{base}/people/", {"answer": f"same-{an.key}"}).status_code == 422  # not whom it may be
    posted(clerk, f"{base}/people/", answer=f"same-{lady.key}")
    posted(clerk, f"{base}/check/")
    assert Person.objects.count() == 2
    names = {state.unit_id: state.name for state in UnitState.objects.current()}
    tie = Membership.objects.current().get(person=an, ends_on__isnull=True)
    assert names[tie.unit_id] == "Chi bộ 2"


def test_years_where_days_are_known_are_settled_at_once(clerk: Client, ward: int) -> None:
    head = "TT,Họ và tên,Ngày sinh,Chi bộ\n"
    known = (
        "1,Tạ Văn Sáng,12/3/1961,CB 1\n2,Lê Thị Bình,3/4/1970,CB 1\n3,Ngô Văn Ý,1/2/1950,CB 1\n4,Vũ Duy Tú,1949,CB 1\n"
    )
    first = dropped(clerk, ward, f"{head}{known}".encode(), "a.csv")
    for step in ("columns", "units", "check"):
        posted(clerk, f"/import/{first.key}/{step}/")
    less = (
        "1,Tạ Văn Sáng,1961,CHI BỘ 1\n2,Lê Thị Bình,1970,CHI BỘ 1\n3,Ngô Văn Ý,1951,CHI BỘ 1\n4,Vũ Duy Tú,1949,CB 2\n"
    )
    second = dropped(clerk, ward, f"{head}{less}".encode(), "b.csv")
    base = f"/import/{second.key}"
    posted(clerk, f"{base}/columns/")
    posted(clerk, f"{base}/units/")
    page = clerk.get(f"{base}/people/")
    assert page.context["alike"] == 2
    assert 'value="moved-' not in page.content.decode()  # “Chi bộ 1” is “CHI BỘ 1”
    clerk.post(f"{base}/people/alike/")
    settled = second.rows.filter(is_decided=True)
    assert {row.values["name"]: str(row.target) for row in settled} == {
        person.full_name: str(person.key) for person in Person.objects.filter(birth_year__in=(1961, 1970))
    }
    asked = [row.values["name"] for row in second.rows.filter(decision="ask").order_by("line")]
    assert asked == ["Ngô Văn Ý", "Vũ Duy Tú"]  # another year, another cell: that is for somebody to say
    other = clerk_of(make_unit("Đảng bộ phường khác", kind=UnitKind.BASE, on=date(2010, 1, 1)), "other")
    assert other.post(f"{base}/people/alike/").status_code == 404


def test_a_name_that_stands_twice_in_a_cell_may_be_the_same_person(clerk: Client, ward: int) -> None:
    lines = "TT,Họ và tên,Năm sinh,Chi bộ\n1,Tạ Văn Sáng,1961,CB Khu 2\n2,Tạ Văn Sáng,12/03/1961,CB Khu 2\n"
    batch = dropped(clerk, ward, lines.encode(), "ds.csv")
    posted(clerk, f"/import/{batch.key}/columns/")
    assert posted(clerk, f"/import/{batch.key}/units/").endswith("/people/")
    page = clerk.get(f"/import/{batch.key}/people/").content.decode()
    assert "Cùng một người với dòng 2: bỏ qua dòng này" in page
    assert "Chi bộ Khu 2" in [unit.name for unit in batch.units.all()]


def test_open_questions_can_wait_in_the_file(clerk: Client, ward: int) -> None:
    content = "TT,Họ và tên,Năm sinh,Chi bộ\n1,Nguyễn Văn An,1968,CB 1\n2,Nguyễn Văn An,1968,CB 1\n".encode()
    batch = dropped(clerk, ward, content, "a.csv")
    posted(clerk, f"/import/{batch.key}/columns/")
    posted(clerk, f"/import/{batch.key}/units/")
    assert clerk.post(f"/import/{batch.key}/people/later/")["Location"] == f"/import/{batch.key}/check/"
    posted(clerk, f"/import/{batch.key}/check/")
    assert Person.objects.count() == 1


def test_the_columns_can_be_put_right(clerk: Client, ward: int) -> None:
    batch = dropped(clerk, ward, "TT,Họ và tên,Ngày sinh,Nhóm\n1,Nguyễn Văn An,12/5/1968,Tổ xanh\n".encode(), "a.csv")
    base = f"/import/{batch.key}"
    names = re.findall(r'name="(column-[^"]+)"', clerk.get(f"{base}/columns/").content.decode())
    posted(clerk, f"{base}/columns/", **{names[3]: "unit"})
    assert batch.units.get().name == "Tổ xanh"
    twice = clerk.post(f"{base}/columns/", {names[1]: "name", names[2]: "name"})
    assert twice.status_code == 422
    none = clerk.post(f"{base}/columns/", {names[1]: "", names[2]: "birth"})
    assert none.status_code == 422
    wrong = clerk.post(f"{base}/columns/", {names[1]: "identity_number"})
    assert wrong.status_code == 422


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "a.xlsx"),
        (b"%PDF-1.5", "a.pdf"),
        (builders.plain().getvalue()[:3000], "a.xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls"),
        ("Kính gửi đồng chí\n".encode(), "a.csv"),
        ("TT,Hä vµ tªn\n1,NguyÔn V¨n Hoµ\n2,TrÇn ThÞ B×nh\n3,Lª V¨n §¹t\n".encode(), "a.csv"),
    ],
)
def test_what_is_no_list_is_said_on_the_form(clerk: Client, ward: int, content: bytes, name: str) -> None:
    data = {
        "file": SimpleUploadedFile(name, content),
        "unit": str(Unit.objects.get(pk=ward).key),
        "holds_from": "01/01/2020",
    }
    response = clerk.post("/import/", data)
    assert response.status_code == 422
    assert not ImportBatch.objects.exists()


def test_another_offices_list_is_not_there(clerk: Client, ward: int) -> None:
    batch = dropped(clerk, ward, builders.units().getvalue())
    other = clerk_of(make_ward(name="Đảng bộ phường Khác").unit, "other")
    for step in ("", "columns/", "units/", "people/", "check/", "rejected.xlsx"):
        assert other.get(f"/import/{batch.key}/{step}").status_code == 404
    assert other.post(f"/import/{batch.key}/discard/").status_code == 404
    data = {"file": SimpleUploadedFile("a.xlsx", builders.units().getvalue()), "holds_from": "01/01/2020"}
    assert other.post("/import/", data | {"unit": str(Unit.objects.get(pk=ward).key)}).status_code == 422
    assert Client().get("/import/")["Location"].startswith("/accounts/")


def test_a_unit_of_somebody_else_cannot_be_chosen(clerk: Client, ward: int) -> None:
    foreign = Unit.objects.get(pk=make_ward(name="Đảng bộ phường Khác").cells[0]).key
    batch = dropped(clerk, ward, builders.units().getvalue())
    posted(clerk, f"/import/{batch.key}/columns/")
    unit = batch.units.first()
    assert unit is not None
    response = clerk.post(f"/import/{batch.key}/units/", {f"unit-{unit.pk}": str(foreign)})
    assert response.status_code == 422


def test_steps_out_of_order_lead_to_where_the_list_is(clerk: Client, ward: int) -> None:
    batch = dropped(clerk, ward, builders.units().getvalue())
    for step in ("units", "people", "check"):
        assert clerk.get(f"/import/{batch.key}/{step}/")["Location"] == f"/import/{batch.key}/"
    clerk.post(f"/import/{batch.key}/discard/")
    assert clerk.get(f"/import/{batch.key}/columns/", follow=True).status_code == 200


def test_two_windows_import_once(clerk: Client, ward: int) -> None:
    batch = dropped(clerk, ward, builders.plain().getvalue())
    for step in ("columns", "units", "check"):
        posted(clerk, f"/import/{batch.key}/{step}/")
    response = clerk.post(f"/import/{batch.key}/check/", follow=True)
    assert response.status_code == 200
    assert Person.objects.count() == len(members())


def test_a_long_list_is_left_to_the_worker(clerk: Client, ward: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trienkhai.imports.queries.LONG_LIST", 1)
    monkeypatch.setattr("trienkhai.imports.queries.LONG_FILE", 1)
    batch = dropped(clerk, ward, builders.plain().getvalue())
    base = f"/import/{batch.key}"
    user = User.objects.get(username="clerk").pk
    for step, done, page in (
        ("columns", "read", "units"),
        ("units", "compare", "people"),
        ("check", "import", "check"),
    ):
        assert posted(clerk, f"{base}/{step}/") == f"{base}/wait/"
        assert clerk.get(f"{base}/{step}/")["Location"] == f"{base}/wait/"
        assert clerk.get(f"{base}/wait/")["Refresh"] == "5"
        jobs.carry_on.func(str(batch.key), done, user)
        assert clerk.get(f"{base}/wait/")["Location"] == f"{base}/"
        assert clerk.get(f"{base}/")["Location"] == f"{base}/{page}/"
    assert Person.objects.count() == len(members())
    jobs.carry_on.func(str(batch.key), "import", user)  # delivered twice
    assert Person.objects.count() == len(members())


def test_what_stops_the_worker_is_said(clerk: Client, ward: int, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = dropped(clerk, ward, builders.plain().getvalue())
    for step in ("columns", "units"):
        posted(clerk, f"/import/{batch.key}/{step}/")
    monkeypatch.setattr("trienkhai.imports.queries.LONG_LIST", 1)
    posted(clerk, f"/import/{batch.key}/check/")
    make_unit("Chi bộ khác", parent=ward)  # somebody changes the organisation meanwhile
    jobs.carry_on.func(str(batch.key), "import", User.objects.get(username="clerk").pk)
    page = clerk.get(f"/import/{batch.key}/wait/", follow=True)
    assert page.redirect_chain[-1][0] == f"/import/{batch.key}/check/"
    assert list(page.context["messages"])
    assert not Person.objects.exists()


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_pages_ask_the_database_no_more_for_longer_lists(clerk: Client, ward: int) -> None:
    asked: dict[str, set[int]] = {"columns": set(), "units": set(), "check": set()}
    for many in (1, 3):
        rows = [f"{n},Nguyễn Văn {'ABC'[n]}n,31/02/1970,Nhóm {n}{many}" for n in range(many)]
        rows += [f"{n},Trần Văn {'ABC'[n]}n,{n + 1}/2/1970,Nhóm {n}{many}" for n in range(many)]
        content = "\n".join(["TT,Họ và tên,Ngày sinh,Chi bộ", *rows]).encode()
        batch = dropped(clerk, ward, content, "a.csv")
        for step, counts in asked.items():
            counts.add(_queries(clerk, f"/import/{batch.key}/{step}/"))
            if step != "check":
                posted(clerk, f"/import/{batch.key}/{step}/")
        clerk.post(f"/import/{batch.key}/discard/")
    assert {step: len(counts) for step, counts in asked.items()} == dict.fromkeys(asked, 1), asked


def test_an_upper_office_sees_no_list_of_names_it_has_not_brought() -> None:
    city = make_unit("Đảng bộ thành phố", kind=UnitKind.UPPER, on=date(2010, 1, 1))
    below = make_unit("Đảng bộ phường Bến Lau", kind=UnitKind.BASE, parent=city, on=date(2010, 1, 1))
    theirs = dropped(clerk_of(below, "clerk"), below, builders.grouped().getvalue())
    upper = clerk_of(city, "upper")
    for page in ("", "columns/", "check/", "rejected.xlsx"):
        assert upper.get(f"/import/{theirs.key}/{page}").status_code == 404
    assert theirs.file_name not in upper.get("/import/").text
    own = dropped(upper, below, builders.grouped().getvalue(), name="của thành phố.xlsx")
    assert upper.get(f"/import/{own.key}/columns/").status_code == 200
