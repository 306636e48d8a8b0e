"""Residents who have drawn a code from a bowl: asked by number, heard once a code, known to nobody."""

import re
from dataclasses import dataclass, field
from http import HTTPStatus
from uuid import UUID

import pytest
from django.core.cache import cache
from django.test import Client
from django.test.utils import override_settings
from django.urls import resolve

from tests.comments.test_canary import everything_kept
from tests.comments.test_views import FAR, as_office, as_person, typed
from tests.factories.comments import AFTER, AT, FREE, enrol, make_call, make_submission, unlocks
from tests.factories.organisation import DAY, Ward, key_of_person, make_ward, office_of
from trienkhai.comments import actions, policies
from trienkhai.comments.actions import Letter
from trienkhai.comments.models import Asked, Call, DrawnCode, Point, Submission
from trienkhai.comments.queries.codes import code_counts, code_of
from trienkhai.comments.queries.document import asked_words
from trienkhai.comments.queries.recount import disagreements
from trienkhai.comments.queries.subjects import GENERAL
from trienkhai.comments.rules import (
    MOST_CODES,
    Addressed,
    AuthorKind,
    CommentError,
    Promise,
    Said,
    new_code,
    normalised_code,
    shown_code,
)
from trienkhai.comments.views.tries import TRIES
from trienkhai.core.decisions import DomainError, Invalid, Refused
from trienkhai.ledger.clock import today
from trienkhai.ledger.models import Entry
from trienkhai.organisation.rules import SYSTEM
from trienkhai.sealed.queries import receipt, status
from trienkhai.sealed.rules import Below, Fate

pytestmark = pytest.mark.django_db
PROMISES = frozenset({Promise.NAMED, Promise.WITHOUT_A_NAME})
PAGE = "/with-a-code/"


@dataclass
class Residents:
    """A call of a ward for residents, its codes drawn."""

    ward: Ward
    call: Call
    holders: list[UUID]
    codes: list[str] = field(default_factory=list)

    def send(self, number: int, text: str, promise: Promise | None = Promise.WITHOUT_A_NAME, **more: str) -> str:
        """What whoever drew this code says; the receipt."""
        points = [Said(FREE, text)] if promise else []
        letter = Letter(promise, points, {FREE: GENERAL}, Below.RELEASE, **more)  # type: ignore[arg-type]
        return actions.send_by_code(code=self.codes[number], letter=letter, at=AT)

    def release(self) -> None:
        """Two holders open the box after the last day."""
        pair, office = unlocks(self.holders), office_of(self.ward.unit)
        actions.release_call(call=self.call, unlocks=pair, actor=office, at=AFTER)
        self.call.refresh_from_db()


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    cache.clear()


def make_residents(**more: object) -> Residents:
    ward = make_ward(cells=2, members=3)
    holders = enrol(*ward.members[1][:2])
    told: dict[str, object] = {
        "addressed": Addressed.RESIDENTS,
        "codes": 12,
        "promises": PROMISES,
        "releasers": holders,
    }
    call = make_call(ward, **told | more)
    return Residents(ward, call, holders, actions.draw_codes(call=call, sheet=0, actor=SYSTEM, at=AT))


@pytest.fixture
def residents() -> Residents:
    return make_residents()


@pytest.fixture
def going_on() -> Residents:
    """One that is open on the day the tests run."""
    return make_residents(closes_on=FAR, answer_by=FAR)


def by_code(code: str, **more: str) -> dict[str, str]:
    return {**typed("Đèn đường hỏng đã lâu", **more), "code": code, "signed": ""}


def code_shown(page: bytes) -> str:
    found = re.search(r'class="receipt-code">([A-Z2-7-]{19})<', page.decode())
    assert found
    return found[1]


def test_codes_are_read_as_people_type_them() -> None:
    code = new_code()
    assert re.fullmatch(r"[A-Z2-7]{12}", code)
    assert normalised_code(f" {shown_code(code).lower()} ") == code
    assert normalised_code("0188 aaaa.aaaa") == "OIBBAAAAAAAA"
    for wrong in ("", "abc", "A" * 16, "AAAA-AAAA-AAA9"):
        with pytest.raises(Invalid, match=CommentError.CODE_MALFORMED):
            normalised_code(wrong)


def test_residents_are_asked_by_number_and_nobody_else_is(residents: Residents) -> None:
    assert (residents.call.asked_number, Asked.objects.count(), len(set(residents.codes))) == (12, 0, 12)
    assert status(residents.call.round_key or residents.call.key).eligible == 12
    member = as_person(residents.ward.members[0][1])
    assert member.get(f"/comments/{residents.call.key}/").status_code == HTTPStatus.NOT_FOUND
    assert not disagreements(call=residents.call, unit=residents.ward.unit, as_of=DAY)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"codes": 9}, CommentError.TOO_FEW_ASKED),
        ({"codes": 0}, CommentError.NO_CODES),
        ({"codes": MOST_CODES + 1}, CommentError.TOO_MANY_CODES),
        ({"promises": frozenset({Promise.NAMED})}, CommentError.CODES_WITHOUT_A_NAME),
        ({"promises": frozenset(Promise)}, CommentError.CODES_WITHOUT_A_NAME),
    ],
)
def test_what_a_call_for_residents_needs(more: dict[str, object], code: CommentError) -> None:
    with pytest.raises(Invalid, match=code):
        make_residents(**more)
    assert not DrawnCode.objects.exists()


def test_no_code_is_kept_anywhere(residents: Residents) -> None:
    residents.send(0, "Một lời")
    kept = [content for _where, content in everything_kept()]
    assert not [code for code in residents.codes for content in kept if code.encode() in content]
    assert set(Entry.objects.filter(action="comments.draw_codes").values_list("count", flat=True)) == {12}


def test_a_code_is_found_with_the_secret_of_the_installation_alone(residents: Residents) -> None:
    assert code_of(residents.codes[0]) is not None
    with override_settings(SECRET_KEY="another"):
        assert code_of(residents.codes[0]) is None


def test_one_submission_a_code(residents: Residents) -> None:
    first = residents.send(0, "Một lời")
    assert (code_counts(residents.call).used, code_counts(residents.call).left) == (1, 11)
    assert residents.send(0, "Một lời", receipt=first) == first
    with pytest.raises(Refused, match=CommentError.CODE_USED):
        residents.send(0, "Lời khác")
    with pytest.raises(Refused, match=CommentError.CODE_UNKNOWN):
        actions.send_by_code(code=new_code(), letter=Letter(None), at=AT)
    with pytest.raises(Refused, match=CommentError.NOT_OPEN):
        actions.send_by_code(code=residents.codes[1], letter=Letter(None), at=AFTER)
    with pytest.raises(Refused, match=CommentError.PROMISE_NOT_OFFERED):
        residents.send(1, "Giữ kín tên", Promise.NAME_KEPT)
    assert status(residents.call.round_key or residents.call.key).boxes == 1


def test_what_comes_out_says_nothing_of_its_author_but_what_they_signed(residents: Residents) -> None:
    member = key_of_person(residents.ward.members[0][1])
    receipts = [residents.send(n, f"Lời không tên {n}") for n in range(5)]
    residents.send(5, "Lời có tên", Promise.NAMED, signed="Bà Lành, tổ 3")
    residents.send(6, "Mạo danh", Promise.NAMED, signed=member)
    nothing = residents.send(7, "", None)
    with pytest.raises(Invalid, match=CommentError.NO_SIGNATURE):
        residents.send(8, "Quên ghi tên", Promise.NAMED, signed=" ")
    residents.release()
    for row in Submission.objects.filter(promise=Promise.WITHOUT_A_NAME):
        assert (row.author_kind, row.author, row.person_id, row.unit_id, row.number) == (
            AuthorKind.NOT_SAID,
            "",
            None,
            None,
            None,
        )
    signed = Submission.objects.filter(promise=Promise.NAMED).order_by("author")
    assert sorted(signed.values_list("author_kind", "author", "person")) == sorted(
        [(AuthorKind.RESIDENT, "Bà Lành, tổ 3", None), (AuthorKind.RESIDENT, member, None)]
    )
    fates = [found.fate if (found := receipt(one)) else None for one in [receipts[0], nothing]]
    assert fates == [Fate.RELEASED, Fate.NO_COMMENT]
    assert not disagreements(call=residents.call, unit=residents.ward.unit, as_of=AFTER.date())


def test_a_letter_of_a_resident_goes_into_the_book_beside_the_codes(residents: Residents) -> None:
    make_submission(residents.ward.unit, "Thư của bà Lành", call=residents.call)
    assert Submission.objects.get().number == 1
    assert not disagreements(call=residents.call, unit=residents.ward.unit, as_of=DAY)


def test_drawing_again_leaves_what_was_used_and_replaces_the_rest(residents: Residents) -> None:
    residents.send(0, "Một lời")
    with pytest.raises(Refused, match=CommentError.CODES_DRAWN):
        actions.draw_codes(call=residents.call, sheet=0, actor=SYSTEM, at=AT)
    again = actions.draw_codes(call=residents.call, sheet=1, actor=SYSTEM, at=AT)
    assert len(again) == 11
    assert not set(again) & set(residents.codes)
    assert code_of(residents.codes[0]) is not None
    assert code_of(residents.codes[1]) is None
    for code in again:
        actions.send_by_code(code=code, letter=Letter(None), at=AT)
    with pytest.raises(Refused, match=CommentError.CODES_USED_UP):
        actions.draw_codes(call=residents.call, sheet=2, actor=SYSTEM, at=AT)


def test_who_draws_codes_and_until_when(residents: Residents) -> None:
    elsewhere = make_ward(cells=1, name="Đảng bộ phường khác")
    with pytest.raises(DomainError, match=CommentError.NOT_THE_DESK):
        actions.draw_codes(call=residents.call, sheet=1, actor=office_of(elsewhere.unit), at=AT)
    with pytest.raises(Refused, match=CommentError.NOT_OPEN):
        actions.draw_codes(call=residents.call, sheet=1, actor=SYSTEM, at=AFTER)
    of_members = make_call(residents.ward)
    assert not policies.can_draw_codes(SYSTEM, of_members, at=DAY)


def test_the_office_opens_the_call_draws_and_prints_once() -> None:
    ward = make_ward(cells=2, members=3)
    holders = enrol(*ward.members[1][:2])
    office = as_office(ward.unit)
    told = {
        "title": "Bà con góp ý về đường ngõ",
        "asks": "",
        "opens_on": f"{today():%d/%m/%Y}",
        "closes_on": "01/01/2199",
        "answer_by": "01/02/2199",
        "addressed": "residents",
        "codes": "12",
        "promises": ["named", "without_name"],
        "releasers": [str(key) for key in holders],
        "free": "on",
        "reviewed_by": "",
    }
    assert office.post("/comments/open/", {**told, "codes": ""}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    opened = office.post("/comments/open/", told)
    url = f"/comments/{Call.objects.get().key}/codes/"
    assert (opened.status_code, opened.headers["Location"]) == (302, url)
    assert office.get(url).status_code == HTTPStatus.OK
    sheet = office.post(url, {"sheet": "0"})
    codes = re.findall(r'class="code-signs">([A-Z2-7-]{14})<', sheet.content.decode())
    assert len(set(codes)) == 12
    assert all(code_of(code) for code in codes)
    assert "no-store" in sheet.headers["Cache-Control"]
    loaded_again = office.post(url, {"sheet": "0"})
    assert loaded_again.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not re.search(r'class="code-signs"', loaded_again.content.decode())
    assert all(code_of(code) for code in codes)
    member = as_person(ward.members[0][1])
    assert member.get(url).status_code == member.post(url, {"sheet": "1"}).status_code == HTTPStatus.NOT_FOUND


def test_a_resident_writes_reads_again_and_sends_without_signing_in_or_any_cookie(going_on: Residents) -> None:
    browser = Client(enforce_csrf_checks=True)
    code = shown_code(going_on.codes[0]).lower()
    assert browser.get(PAGE).status_code == HTTPStatus.OK
    first = browser.post(PAGE, {"code": code})
    page = first.content.decode()
    assert (first.status_code, 'name="promise"' in page, going_on.call.title in page) == (200, True, True)
    browser.cookies.clear()
    again = browser.post(PAGE, by_code(code, review="1"))
    assert "Đèn đường hỏng đã lâu" in again.content.decode()
    given = re.search(r'name="receipt" value="([A-Z2-7]{16})"', again.content.decode())
    assert given
    browser.cookies.clear()
    changed = browser.post(PAGE, by_code(code, change="1")).content.decode()
    assert "Đèn đường hỏng đã lâu" in changed
    sent = [browser.post(PAGE, by_code(code, send="1", receipt=given[1])) for _try in range(2)]
    assert {code_shown(answer.content).replace("-", "") for answer in sent} == {given[1]}
    assert all("no-store" in answer.headers["Cache-Control"] for answer in (first, again, *sent))
    for step in ("review", "change", "more"):
        back = browser.post(PAGE, by_code(code, receipt=given[1], **{step: "1"}))
        assert "Đèn đường" not in back.content.decode()
    assert "receipt-code" not in browser.post(PAGE, by_code(code, send="1")).content.decode()
    assert status(going_on.call.round_key or going_on.call.key).boxes == 1
    kept = [where for where, content in everything_kept() if "Đèn đường".encode() in content]
    assert not kept


def test_whoever_signs_writes_a_name(going_on: Residents) -> None:
    browser = Client()
    told = {**by_code(going_on.codes[0], send="1"), "promise": "named"}
    assert browser.post(PAGE, told).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert code_shown(browser.post(PAGE, {**told, "signed": "Ông Bền, tổ 2"}).content)
    nothing = browser.post(PAGE, {"code": going_on.codes[1], "nothing": "1", "receipt": "ABCDEFGHIJKLMNOP"})
    assert code_shown(nothing.content)


def test_the_words_above_the_box_speak_of_codes_and_of_no_sign_in(going_on: Residents) -> None:
    page = Client().post(PAGE, {"code": going_on.codes[0]}).content.decode()
    assert "12" in page
    assert "/comments/mine/" not in page
    assert "csrfmiddlewaretoken" not in page[page.index("<main") : page.index("</main>")]


def test_wrong_codes_wait_and_right_ones_do_not(going_on: Residents) -> None:
    browser = Client()
    for _try in range(TRIES + 1):
        assert browser.post(PAGE, {"code": going_on.codes[0]}).status_code == HTTPStatus.OK
    for _try in range(TRIES):
        assert browser.post(PAGE, {"code": "AAAA-BBBB-CCCC"}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert browser.post(PAGE, {"code": going_on.codes[0]}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_who_has_signed_in_does_not_reach_the_page(going_on: Residents) -> None:
    assert getattr(resolve(PAGE).func, "knows_reader", True) is False
    member = going_on.ward.members[0][1]
    pages = [
        client.post(PAGE, {"code": going_on.codes[0]}).content.decode() for client in (as_person(member), Client())
    ]
    bare = [re.sub(r'value="[A-Za-z0-9]{16,64}"', "", page) for page in pages]
    assert bare[0] == bare[1]


def test_points_of_residents_are_read_at_the_desk_like_others(residents: Residents) -> None:
    for n in range(5):
        residents.send(n, f"Lời {n}")
    residents.release()
    assert Point.objects.count() == policies.desk_points(office_of(residents.ward.unit), at=DAY).count() == 5
    assert asked_words(residents.call).endswith("số mã phát cho người dân: 12.")
    page = as_office(residents.ward.unit).get(f"/comments/{residents.call.key}/").content.decode()
    assert "/slips/" not in page
    assert f"/comments/{residents.call.key}/codes/" in page
