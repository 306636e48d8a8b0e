import pytest
from django.conf import settings
from django.test import Client

from trienkhai.accounts.models import Installation, User
from trienkhai.organisation.models import UnitState
from trienkhai.organisation.rules import UnitKind

pytestmark = pytest.mark.django_db
TYPED = {
    "unit": "Đảng bộ phường Thử Nghiệm",
    "kind": "base",
    "upper": "Đảng bộ thành phố Thử",
    "place": "Thử Nghiệm",
    "since": "01/01/2012",
    "person": "Nguyễn Thị Thử",
    "username": "vanphong",
    "password": "bon tu de nho",
    "mode": "one_machine",
}


def test_before_anything_else_the_first_page_asks_whose_this_is(client: Client) -> None:
    assert client.get("/", follow=True).redirect_chain == [("/start/", 302)]
    answer = client.post("/start/", TYPED, follow=True)
    assert answer.redirect_chain == [("/start/sheet/", 302)]
    page = answer.content.decode()
    assert "Đảng bộ phường Thử Nghiệm" in page
    assert "bon tu de nho" not in page
    assert page.count(f"trienkhai --data {settings.TRIENKHAI_DATA_FOLDER} ") == 3  # backup, password, restore
    assert User.objects.get().is_superuser
    ward = UnitState.objects.get(kind=UnitKind.BASE)
    assert ward.parent is not None
    assert Installation.objects.get().mode == "one_machine"


@pytest.mark.parametrize(
    ("unit", "typed", "place"),
    [
        ("Đảng bộ phường  Vân Trì", "", "Vân Trì"),
        ("Đảng uỷ xã Đồng Găng", "", "Đồng Găng"),
        ("Đảng bộ phường Vân Trì", "Quảng Lâm", "Quảng Lâm"),
        ("Đảng bộ Trường Đại học Thử", "", ""),
    ],
)
def test_documents_are_dated_from_where_the_name_says(client: Client, unit: str, typed: str, place: str) -> None:
    client.post("/start/", {**TYPED, "unit": unit, "place": typed})
    assert UnitState.objects.get(kind=UnitKind.BASE).place == place


def test_a_sign_in_name_with_a_blank_is_refused(client: Client) -> None:
    answer = client.post("/start/", {**TYPED, "username": "văn phòng"})
    assert list(answer.context["form"].errors) == ["username"]
    assert not User.objects.exists()


def test_a_second_first_start_is_not_possible(client: Client) -> None:
    client.post("/start/", TYPED)
    Client().post("/start/", {**TYPED, "username": "nguoila"})
    assert [user.username for user in User.objects.all()] == ["vanphong"]


def test_from_another_machine_the_code_is_asked_for() -> None:
    away = Client(REMOTE_ADDR="203.0.113.7")
    assert away.post("/start/", {**TYPED, "code": "sai"}).status_code == 422
    assert not User.objects.exists()
    assert away.post("/start/", {**TYPED, "code": settings.TRIENKHAI_START_CODE}).status_code == 302


def test_what_a_proxy_on_this_machine_forwards_needs_the_code_too() -> None:
    forwarded = Client(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.7")
    assert forwarded.post("/start/", TYPED).status_code == 422


@pytest.mark.parametrize(
    ("field", "value"), [("password", "12345"), ("since", "31/02/2012"), ("unit", ""), ("kind", "kingdom")]
)
def test_bad_input_is_said_and_what_was_typed_is_kept(client: Client, field: str, value: str) -> None:
    answer = client.post("/start/", {**TYPED, field: value})
    assert answer.status_code == 422
    assert "Nguyễn Thị Thử" in answer.content.decode()
    assert not UnitState.objects.exists()
