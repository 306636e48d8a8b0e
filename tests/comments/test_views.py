import re
from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from tests.factories.comments import (
    AT,
    PASSPHRASE,
    SealedCall,
    enrol,
    key_of,
    make_body,
    make_call,
    make_sealed,
    make_submission,
    plan_of_call,
)
from tests.factories.organisation import PASSWORD, Ward, acting_as, key_of_person, key_of_unit, make_user, make_ward
from tests.factories.plans import AT as PLANNED
from tests.factories.plans import make_plan, make_world, version_of
from trienkhai.comments import actions
from trienkhai.comments.models import Asked, Call, Point, Submission
from trienkhai.comments.queries.promises import promise_facts
from trienkhai.comments.rules import About, AuthorKind, Promise, Said, Subject
from trienkhai.comments.texts import PROMISE_NAMES
from trienkhai.comments.views.tries import TRIES
from trienkhai.ledger.clock import now, today
from trienkhai.organisation.rules import SYSTEM
from trienkhai.plans import actions as plans
from trienkhai.plans.models import Measure
from trienkhai.plans.rules import Adopted, Line
from trienkhai.sealed.models import SealedHolder
from trienkhai.sealed.queries import receipt, status
from trienkhai.sealed.rules import Below

pytestmark = pytest.mark.django_db
FAR = date(2199, 1, 1)


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    cache.clear()


@pytest.fixture
def ward() -> Ward:
    return make_ward(cells=3, members=4)


@pytest.fixture
def sealed(ward: Ward) -> SealedCall:
    return make_sealed(ward, closes_on=FAR, answer_by=FAR)


def as_person(person: int) -> Client:
    client = Client()
    client.force_login(make_user(person=person))
    return client


def as_office(unit: int) -> Client:
    client = Client()
    client.force_login(make_user(office_of=unit))
    return client


def typed(text: str, **more: str) -> dict[str, str]:
    return {"rows": "1", "about-0": "general", "text-0": text, "promise": "without_name", "below": "release", **more}


def test_a_member_writes_reads_again_sends_and_gets_a_receipt(sealed: SealedCall) -> None:
    client = as_person(sealed.ward.members[0][1])
    url = f"/comments/{sealed.call.key}/write/"
    first = client.get(url)
    assert b'name="promise"' in first.content
    again = client.post(url, typed("Đề nghị đổi lịch họp", review="1"))
    page = again.content.decode()
    assert again.status_code == 200
    assert "Đề nghị đổi lịch họp" in page
    assert not Asked.objects.exclude(slip_on=None).exists()
    code = re.search(r'name="receipt" value="([A-Z2-7]{16})"', page)
    assert code
    sent = client.post(url, typed("Đề nghị đổi lịch họp", send="1", receipt=code[1]))
    assert sent.status_code == 200
    assert "no-store" in sent.headers["Cache-Control"]
    shown = re.search(r'class="receipt-code">([A-Z2-7-]{19})<', sent.content.decode())
    assert shown
    assert shown[1].replace("-", "") == code[1]
    assert receipt(shown[1])


def test_a_second_try_after_a_broken_line_shows_the_same_receipt(sealed: SealedCall) -> None:
    client = as_person(sealed.ward.members[0][1])
    url = f"/comments/{sealed.call.key}/write/"
    page = client.post(url, typed("Gửi lại được", review="1")).content.decode()
    code = re.search(r'name="receipt" value="([A-Z2-7]{16})"', page)
    assert code
    both = [client.post(url, typed("Gửi lại được", send="1", receipt=code[1])) for _try in range(2)]
    assert [one.status_code for one in both] == [200, 200]
    assert both[0].content.count(b"receipt-code") == both[1].content.count(b"receipt-code") == 1
    other = client.post(url, typed("Lần khác", send="1", receipt="ABCDEFGHIJKLMNOP"))
    assert b"receipt-code" not in other.content


def test_nothing_written_is_said_at_the_field(sealed: SealedCall) -> None:
    client = as_person(sealed.ward.members[0][1])
    answer = client.post(f"/comments/{sealed.call.key}/write/", typed("  ", review="1"))
    assert answer.status_code == 422


def test_another_point_keeps_what_was_typed(sealed: SealedCall) -> None:
    client = as_person(sealed.ward.members[0][1])
    page = client.post(f"/comments/{sealed.call.key}/write/", typed("Điểm đầu", more="1")).content.decode()
    assert "Điểm đầu" in page
    assert 'name="text-1"' in page


def test_a_person_without_a_name_comes_back_with_the_words_kept(ward: Ward) -> None:
    body = make_body(ward.unit)
    on_person = Subject(About.PERSON, person=ward.secretary, reviewed_by=body.pk)
    sealed = make_sealed(ward, closes_on=FAR, answer_by=FAR, subjects=[Subject(About.FREE), on_person])
    choice = sealed.choice(About.PERSON)
    client = as_person(ward.members[0][1])
    url = f"/comments/{sealed.call.key}/write/"
    answer = client.post(url, {**typed("Giữ lời", review="1"), "about-0": choice.key})
    assert answer.status_code == 422
    assert "Giữ lời" in answer.content.decode()
    fine = client.post(url, {**typed("Giữ lời", review="1"), "about-0": choice.key, "promise": "name_kept"})
    assert fine.status_code == 200


def test_no_comment_has_a_receipt_like_all_else(sealed: SealedCall) -> None:
    client = as_person(sealed.ward.members[0][1])
    answer = client.post(f"/comments/{sealed.call.key}/write/", {"nothing": "1"})
    assert b"receipt-code" in answer.content


def test_an_open_call_leads_to_my_comments(ward: Ward) -> None:
    call = make_call(ward, closes_on=FAR, answer_by=FAR)
    client = as_person(ward.members[0][1])
    answer = client.post(
        f"/comments/{call.key}/write/", {**typed("Có ký tên", send="1"), "promise": "named"}, follow=True
    )
    assert answer.redirect_chain == [("/comments/mine/", 302)]
    assert "Có ký tên" in answer.content.decode()


def test_strangers_find_no_call(sealed: SealedCall) -> None:
    stranger = as_person(make_ward(cells=1, name="Đảng bộ phường khác").secretary)
    for path in ("", "write/", "slips/", "release/", "extend/", "names/"):
        assert stranger.get(f"/comments/{sealed.call.key}/{path}").status_code == 404
    assert stranger.get(f"/comments/book/{key_of_unit(sealed.ward.unit)}/").status_code == 404


def test_members_see_no_desk(sealed: SealedCall) -> None:
    client = as_person(sealed.ward.members[2][3])
    page = client.get(f"/comments/{sealed.call.key}/").content.decode()
    assert "/release/" not in page
    for path in ("slips/", "slips/enter/", "extend/", "close/", "release/", "names/"):
        assert client.get(f"/comments/{sealed.call.key}/{path}").status_code == 404


def test_the_office_opens_a_sealed_call_on_screen(ward: Ward) -> None:
    keys = enrol(*ward.members[1][:2])
    office = as_office(ward.unit)
    day = today()
    told = {
        "title": "Lấy ý kiến mùa hè",
        "asks": "",
        "opens_on": f"{day:%d/%m/%Y}",
        "closes_on": "01/01/2199",
        "answer_by": "01/02/2199",
        "addressed": "all_below",
        "promises": ["named", "without_name"],
        "releasers": [str(key) for key in keys],
        "free": "on",
        "reviewed_by": "",
    }
    assert office.get("/comments/open/").status_code == 200
    answer = office.post("/comments/open/", told)
    assert answer.status_code == 302, answer.content.decode()
    call = Call.objects.get()
    assert (call.asked_number, call.is_sealed) == (12, True)
    page = office.get(f"/comments/{call.key}/").content.decode()
    assert "Lấy ý kiến mùa hè" in page
    assert office.post("/comments/open/", {**told, "releasers": []}).status_code == 422


def test_two_holders_release_on_screen(ward: Ward) -> None:
    sealed = make_sealed(ward)
    sealed.send(ward.members[0][1], "Lời trong hộp")
    office = as_office(ward.unit)
    url = f"/comments/{sealed.call.key}/release/"
    first, second = sealed.releasers
    told = {
        "holder_1": str(first),
        "passphrase_1": PASSPHRASE.format(first),
        "holder_2": str(second),
        "passphrase_2": "sai bét rồi, sai bét rồi",
    }
    wrong = office.post(url, told)
    assert wrong.status_code == 422
    assert PASSPHRASE.format(first) not in wrong.content.decode()
    right = office.post(url, {**told, "passphrase_2": PASSPHRASE.format(second)})
    assert right.status_code == 302
    assert Point.objects.get().text == "Lời trong hộp"


def test_the_receipt_page_shows_the_fate_and_never_the_words(ward: Ward) -> None:
    sealed = make_sealed(ward)
    code = sealed.send(ward.members[0][1], "Lời riêng của tôi")
    anybody = Client()
    assert anybody.get("/receipts/").status_code == 200
    waiting = anybody.post("/receipts/", {"code": code.lower()})
    assert waiting.status_code == 200
    assert "no-store" in waiting.headers["Cache-Control"]
    sealed.release()
    answered = anybody.post("/receipts/", {"code": code}).content.decode()
    assert "Lời riêng của tôi" not in answered
    assert sealed.call.title in answered
    assert anybody.post("/receipts/", {"code": "AAAA-BBBB-CCCC-DDDD"}).status_code == 422
    assert anybody.post("/receipts/", {"code": "xin chào"}).status_code == 422


def test_whoever_tries_too_often_waits(ward: Ward) -> None:
    sealed = make_sealed(ward)
    code = sealed.send(ward.members[0][1], "Lời riêng")
    anybody = Client()
    for _try in range(TRIES):
        anybody.post("/receipts/", {"code": "AAAA-BBBB-CCCC-DDDD"})
    assert anybody.post("/receipts/", {"code": code}).status_code == 422


def test_a_kept_name_is_withdrawn_by_receipt(ward: Ward) -> None:
    sealed = make_sealed(ward)
    code = sealed.send(ward.members[0][1], "Lời sẽ rút", Promise.NAME_KEPT)
    sealed.release()
    answer = Client().post("/receipts/", {"code": code, "withdraw": "1"})
    assert answer.status_code == 200
    assert not Submission.objects.current().exists()


def test_the_book_lists_and_takes_letters(ward: Ward) -> None:
    office = as_office(ward.unit)
    unit = key_of_unit(ward.unit)
    assert office.get(f"/comments/book/{unit}/").status_code == 200
    told = {
        "rows": "2",
        "about-0": "general",
        "text-0": "Đường xuống cấp",
        "about-1": "general",
        "text-1": "Cần thêm đèn",
        "channel": "letter",
        "told_by": "",
        "received_on": f"{today():%d/%m/%Y}",
        "author_kind": "unit",
        "unit": key_of_unit(ward.cells[0]),
        "people_behind": "20",
    }
    answer = office.post(f"/comments/book/{unit}/add/", told)
    assert answer.status_code == 302, answer.content.decode()
    row = Submission.objects.get()
    assert (row.number, row.unit_id, row.people_behind, row.points.count()) == (1, ward.cells[0], 20, 2)
    page = office.get(f"/comments/submissions/{row.key}/").content.decode()
    assert "Cần thêm đèn" in page
    struck = office.post(f"/comments/submissions/{row.key}/take-back/", {"reason": "Nhập nhầm"})
    assert struck.status_code == 302
    assert office.get(f"/comments/submissions/{row.key}/").status_code == 404


def test_namesakes_are_not_guessed(ward: Ward) -> None:
    office = as_office(ward.unit)
    told = {**typed("Lời của đồng chí"), "channel": "letter", "received_on": f"{today():%d/%m/%Y}"}
    told |= {"author_kind": "member", "person": "không có ai tên vậy"}
    url = f"/comments/book/{key_of_unit(ward.unit)}/add/"
    assert office.post(url, told).status_code == 422
    assert not Submission.objects.exists()


def test_the_book_shows_the_desk_no_more_than_a_number_of_what_is_on_persons(ward: Ward) -> None:
    body = make_body(ward.unit)
    subject = Subject(About.PERSON, person=ward.members[1][0], reviewed_by=body.pk)
    make_submission(ward.unit, "Bí mật thư", subject=subject, author="Bà Lành", author_kind=AuthorKind.RESIDENT)
    page = as_office(ward.unit).get(f"/comments/book/{key_of_unit(ward.unit)}/").content.decode()
    assert "1/2012" in page
    assert "Bà Lành" not in page
    assert "Bí mật thư" not in page


def test_the_secretary_enters_for_a_member(sealed: SealedCall) -> None:
    secretary = as_person(sealed.ward.members[1][0])
    unit, member = key_of_unit(sealed.ward.cells[1]), sealed.ward.members[1][2]
    url = f"/comments/{sealed.call.key}/enter/{unit}/"
    assert secretary.get(url).status_code == 200
    told = {"rows": "1", "about-0": "general", "text-0": "Kể qua điện thoại", "channel": "telephone", "told_by": "bác"}
    answer = secretary.post(f"{url}?person={key_of_person(member)}", told)
    assert b"receipt-code" in answer.content
    other = f"/comments/{sealed.call.key}/enter/{key_of_unit(sealed.ward.cells[0])}/"
    assert secretary.get(other).status_code == 404


def test_slips_on_screen(sealed: SealedCall) -> None:
    office = as_office(sealed.ward.unit)
    url = f"/comments/{sealed.call.key}/slips/"
    unit = key_of_unit(sealed.ward.cells[0])
    people = [key_of_person(one) for one in sealed.ward.members[0]]
    assert office.get(url).status_code == 200
    office.post(f"{url}?unit={unit}", {"person": people[:2]})
    assert Asked.objects.exclude(slip_on=None).count() == 2
    told = {"rows": "2", "about-0": "general", "text-0": "Phiếu một", "about-1": "general", "text-1": "Phiếu hai"}
    assert status(sealed.call.round_key or sealed.call.key).boxes == 0
    assert "Phiếu một" not in office.post(f"{url}enter/", told).content.decode()
    actions.hand_out_slips(call=sealed.call, people=sealed.ward.members[1], given=True, actor=SYSTEM, at=today())
    assert office.post(f"{url}enter/", told).status_code == 302
    assert status(sealed.call.round_key or sealed.call.key).boxes == 2
    assert not Point.objects.exists()


def test_a_member_becomes_a_holder_and_changes_the_passphrase(ward: Ward) -> None:
    client = as_person(ward.members[0][1])
    long, other = "bốn năm từ khó đoán", "một câu khác cũng khó"
    assert client.post("/comments/holders/", {"passphrase": long, "again": "khác hẳn"}).status_code == 422
    assert client.post("/comments/holders/", {"passphrase": "ngắn", "again": "ngắn"}).status_code == 422
    assert client.post("/comments/holders/", {"passphrase": long, "again": long}).status_code == 302
    changed = {"old": long, "passphrase": other, "again": other}
    assert client.post("/comments/holders/", changed).status_code == 302
    assert client.post("/comments/holders/", changed).status_code == 422


def test_nobody_chooses_a_passphrase_for_somebody_elsewhere(ward: Ward) -> None:
    stranger = as_office(make_ward(cells=1, name="Đảng bộ phường khác").unit)
    assert stranger.get(f"/comments/holders/?person={key_of(ward.secretary)}").status_code == 404


def test_a_key_file_is_downloaded_once(ward: Ward) -> None:
    office = as_office(ward.unit)
    answer = office.post(f"/comments/holders/{key_of_unit(ward.unit)}/key-file/")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert len(answer.content.strip()) == 56
    assert "no-store" in answer.headers["Cache-Control"]


def test_every_way_into_the_list_of_calls(ward: Ward) -> None:
    make_call(ward, closes_on=FAR, answer_by=FAR)
    for client in (as_person(ward.members[0][1]), as_person(ward.members[0][0]), as_office(ward.unit)):
        page = client.get("/comments/")
        assert page.status_code == 200
        assert "Lấy ý kiến về công tác xây dựng Đảng" in page.content.decode()
    assert Client().get("/comments/").status_code == 302


def test_more_time_and_closing_on_screen(ward: Ward) -> None:
    plan = plan_of_call(opens_on=today(), closes_on=today(), answer_by=today())
    call = actions.open_call(unit=ward.unit, plan=plan, actor=SYSTEM, at=now())
    office = as_office(ward.unit)
    url = f"/comments/{call.key}/"
    assert office.post(f"{url}extend/", {"closes_on": "01/01/2199", "reason": ""}).status_code == 422
    assert office.post(f"{url}extend/", {"closes_on": "01/01/2199", "reason": "Bão"}).status_code == 302
    assert office.post(f"{url}close/", {"reason": "Đủ rồi"}).status_code == 302
    call.refresh_from_db()
    assert call.closed_on == today()


def test_an_address_with_nonsense_is_not_found(ward: Ward) -> None:
    office = as_office(ward.unit)
    assert office.get("/comments/open/?unit=xyz").status_code == 404
    assert office.get("/comments/holders/?person=xyz").status_code == 404
    assert office.get("/comments/holders/").status_code == 200


def test_to_do_leads_to_the_call_and_to_the_answers(ward: Ward) -> None:
    call = make_call(ward, closes_on=FAR, answer_by=FAR)
    author = as_person(ward.members[0][1])
    assert f"/comments/{call.key}/write/" in author.get("/").content.decode()
    author.post(f"/comments/{call.key}/write/", {**typed("Đã nói", send="1"), "promise": "named"})
    assert f"/comments/{call.key}/write/" not in author.get("/").content.decode()
    office = as_office(ward.unit)
    actions.close_call(call=call, reason="Đủ", actor=SYSTEM, at=today())
    assert f"/comments/{call.key}/" in office.get("/").content.decode()


@pytest.mark.parametrize("path", ["/comments/", "/comments/book/{unit}/", "/comments/mine/", "/comments/{call}/"])
def test_pages_ask_as_often_for_three_as_for_one(ward: Ward, path: str) -> None:
    body = make_body(ward.unit)
    call = make_call(ward, closes_on=FAR, answer_by=FAR, subjects=[Subject(About.BODY, body=body.pk)])
    author = ward.members[0][0]
    client = as_person(author)  # the ward's secretary: asked, and at its desk
    counted = []
    url = path.format(unit=key_of_unit(ward.unit), call=call.key)
    for more in (1, 2):
        for number in range(more):
            points = [Said(Subject(About.BODY, body=body.pk), f"Ý {number}"), Said(Subject(About.FREE), "Khác")]
            actions.write_openly(call=call, person=author, points=points, actor=acting_as(author), at=AT)
            make_submission(ward.unit, call=call)
            make_call(ward)
        client.get(url)
        with CaptureQueriesContext(connection) as found:
            assert client.get(url).status_code == 200
        counted.append(len(found))
    assert counted[0] == counted[1]


def test_a_keeper_finds_the_kept_names_and_no_words(ward: Ward) -> None:
    sealed = make_sealed(ward)
    sealed.send(ward.members[0][1], "Lời giữ kín tên", Promise.NAME_KEPT)
    sealed.release()
    keeper = as_person(ward.members[2][0])
    assert f"/comments/{sealed.call.key}/names/" in keeper.get(f"/comments/{sealed.call.key}/").content.decode()
    page = keeper.get(f"/comments/{sealed.call.key}/names/").content.decode()
    row = Submission.objects.get()
    assert f"/comments/submissions/{row.key}/name/" in page
    one = keeper.get(f"/comments/submissions/{row.key}/name/")
    assert one.status_code == 200
    assert "Lời giữ kín tên" not in page + one.content.decode()
    stranger = as_person(ward.members[0][3])
    assert stranger.get(f"/comments/submissions/{row.key}/name/").status_code == 404
    assert stranger.get(f"/comments/{sealed.call.key}/names/").status_code == 404


@pytest.mark.parametrize("what", [{"nothing": "1"}, typed("Bấm hai lần", send="1")])
def test_a_button_pressed_twice_shows_the_receipt_twice(sealed: SealedCall, what: dict[str, str]) -> None:
    client = as_person(sealed.ward.members[0][1])
    url = f"/comments/{sealed.call.key}/write/"
    code = re.search(r'name="receipt" value="([A-Z2-7]{16})"', client.get(url).content.decode())
    assert code
    both = [client.post(url, {**what, "receipt": code[1]}) for _try in range(2)]
    assert [answer.content.count(b"receipt-code") for answer in both] == [1, 1]
    assert status(sealed.call.round_key or sealed.call.key).boxes == 1


def test_who_pages_back_after_sending_sees_no_words(sealed: SealedCall) -> None:
    client = as_person(sealed.ward.members[0][1])
    url = f"/comments/{sealed.call.key}/write/"
    told = typed("Chỉ mình tôi viết")
    steps = [{"review": "1"}, {"change": "1"}, {"more": "1"}]
    code = re.search(r'name="receipt" value="([A-Z2-7]{16})"', client.post(url, {**told, **steps[0]}).content.decode())
    assert code
    told["receipt"] = code[1]
    assert all("Chỉ mình tôi viết" in client.post(url, {**told, **step}).content.decode() for step in steps)
    client.post(url, {**told, "send": "1"})
    for step in [*steps, {"send": "1"}]:
        assert "Chỉ mình tôi viết" not in client.post(url, {**told, **step}).content.decode()


def test_slips_entered_twice_are_in_the_box_once(sealed: SealedCall) -> None:
    office = as_office(sealed.ward.unit)
    url = f"/comments/{sealed.call.key}/slips/enter/"
    given = sealed.ward.everybody[:5]
    actions.hand_out_slips(call=sealed.call, people=given, given=True, actor=SYSTEM, at=today())
    code = re.search(r'name="receipt" value="([A-Z2-7]{16})"', office.get(url).content.decode())
    assert code
    told = {"rows": "2", "about-0": "general", "text-0": "Phiếu một", "about-1": "general", "text-1": "Phiếu hai"}
    told |= {"below-0": "on", "receipt": code[1]}
    assert [office.post(url, told).status_code for _try in range(2)] == [302, 422]
    assert status(sealed.call.round_key or sealed.call.key).boxes == 2


def test_what_the_secretary_enters_twice_is_there_once_with_its_receipt(sealed: SealedCall) -> None:
    secretary = as_person(sealed.ward.members[1][0])
    unit, member = key_of_unit(sealed.ward.cells[1]), key_of_person(sealed.ward.members[1][2])
    url = f"/comments/{sealed.call.key}/enter/{unit}/?person={member}"
    code = re.search(r'name="receipt" value="([A-Z2-7]{16})"', secretary.get(url).content.decode())
    assert code
    told = {
        "rows": "1",
        "about-0": "general",
        "text-0": "Kể",
        "channel": "telephone",
        "told_by": "",
        "receipt": code[1],
    }
    assert [secretary.post(url, told).content.count(b"receipt-code") for _try in range(2)] == [1, 1]
    assert status(sealed.call.round_key or sealed.call.key).boxes == 1


def test_the_sign_in_password_is_no_passphrase(ward: Ward) -> None:
    client = as_person(ward.members[0][1])
    answer = client.post("/comments/holders/", {"passphrase": PASSWORD, "again": PASSWORD})
    assert answer.status_code == 422
    assert not SealedHolder.objects.exists()


def test_a_passphrase_typed_at_the_office_is_told_above_the_box(ward: Ward) -> None:
    own, other = ward.members[1][:2]
    long = "bốn năm từ khó đoán"
    holder = as_person(own)
    assert holder.post("/comments/holders/", {"passphrase": long, "again": long}).status_code == 302
    office = as_office(ward.unit)
    told = {"passphrase": "một câu khác cũng khó", "again": "một câu khác cũng khó"}
    assert office.post(f"/comments/holders/?person={key_of(other)}", told).status_code == 302
    plan = {"promises": frozenset({Promise.NAMED, Promise.WITHOUT_A_NAME}), "closes_on": FAR, "answer_by": FAR}
    call = make_call(ward, releasers=[key_of(own), key_of(other)], **plan)
    holders = promise_facts(call, on=today()).holders
    assert [len(name.split("(")) for name in holders] == [1, 2]
    page = as_person(ward.members[0][1]).get(f"/comments/{call.key}/write/").content.decode()
    assert holders[1] in page


def test_a_member_comments_on_one_of_very_many_measures_from_the_plan(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    world = make_world()
    plan = make_plan(world, None, *[Line(text=f"Nhiệm vụ thứ {n}") for n in range(1, 200)], Line(text="Trồng cây"))
    plans.adopt_plan(plan=plan, adopted=Adopted(on=date(2012, 3, 1), number="05-KH/ĐU"), actor=SYSTEM, at=PLANNED)
    version = version_of(plan, 1)
    about = [Subject(About.PLAN, version=version.pk)]
    call = make_call(world.ward, subjects=about, closes_on=FAR, answer_by=FAR, rollout=world.rollout.pk)
    trees = Measure.objects.get(wordings__text="Trồng cây")
    key = f"{version.key}/{trees.key}"
    client = as_person(world.ward.members[0][1])
    page = client.get(f"/plans/{plan.key}/measures/{trees.key}/").content.decode()
    write = f"/comments/{call.key}/write/?about={version.key}%2F{trees.key}"
    assert write in page
    with django_assert_max_num_queries(40):
        page = client.get(write).content.decode()
    assert f'value="{key}" selected' in page
    assert page.count("<option") == 3, "the plan, this measure, nothing in particular"
    said = {"rows": "1", "about-0": "general", "text-0": "Trồng thêm xà cừ", "promise": "named"}
    found = client.post(f"/comments/{call.key}/write/", {**said, "find-0": "thu 12", "more": "find-0"}).content.decode()
    assert found.count("<option") == 14, "12, 112 and 120 to 129 beside the two: any of them can be chosen"
    assert "Trồng thêm xà cừ" in found
    assert found.count('name="text-') == 1, "no row more"
    nothing = client.post(f"/comments/{call.key}/write/", {**said, "find-0": "sân bay", "more": "find-0"})
    assert "Không thấy nhiệm vụ nào như vậy" in nothing.content.decode()
    client.post(f"/comments/{call.key}/write/", {**said, "about-0": key, "send": "1"})
    assert Point.objects.get().measure_id == trees.pk
    stranger = client.get(f"/plans/{plan.key}/measures/{trees.key}/").content.decode()
    assert write in stranger, "in an open call one may write again"


def test_browsers_are_told_to_send_the_words_to_no_speller_and_to_keep_none(sealed: SealedCall) -> None:
    page = as_person(sealed.ward.members[0][1]).get(f"/comments/{sealed.call.key}/write/").content.decode()
    boxes = re.findall(r"<textarea[^>]*>", page)
    assert boxes
    assert all('spellcheck="false"' in box and 'autocomplete="off"' in box for box in boxes)


def test_everything_sent_is_accounted_for_once_the_box_is_open(ward: Ward) -> None:
    sealed = make_sealed(ward)
    people = iter(ward.everybody)
    sealed.send(next(people), "Một", Promise.NAMED)
    sealed.send(next(people), "Hai")
    for _n in range(2):
        sealed.send(next(people), "Huỷ nếu ít", below=Below.DESTROY)
    sealed.send(next(people), "", None)
    office, url = as_office(ward.unit), f"/comments/{sealed.call.key}/"
    assert "đã gửi:" not in office.get(url).content.decode()
    sealed.release()
    told = re.search(r"Khi mở hộp có 5 lượt đã gửi:(.*?)</p>", office.get(url).content.decode())
    assert told
    parts = [part.strip() for part in told[1].split("·")]
    with translation.override("vi"):
        named, nameless = str(PROMISE_NAMES[Promise.NAMED]), str(PROMISE_NAMES[Promise.WITHOUT_A_NAME])
    destroyed = "không ghi tên, đã huỷ không đọc vì quá ít người: 2"
    assert parts == [f"{named}: 1", f"{nameless}: 1", destroyed, "không có ý kiến: 1"]
    assert "đã gửi:" not in as_person(ward.members[2][3]).get(url).content.decode()


def opening(**more: object) -> dict[str, object]:
    return {
        "title": "Lấy ý kiến",
        "asks": "",
        "opens_on": f"{today():%d/%m/%Y}",
        "closes_on": "01/01/2199",
        "answer_by": "01/02/2199",
        "addressed": "all_below",
        "promises": ["named"],
        "free": "on",
        "reviewed_by": "",
        **more,
    }


def test_a_call_opens_today_or_later(ward: Ward) -> None:
    office = as_office(ward.unit)
    past = office.post("/comments/open/", opening(opens_on="01/02/2012"))
    assert past.status_code == 422
    assert 'href="#id_opens_on"' in past.content.decode()
    assert not Call.objects.exists()
    assert office.post("/comments/open/", opening()).status_code == 302


@pytest.mark.parametrize("codes", ["", "9"])
def test_too_few_codes_are_said_where_they_are_asked_for(ward: Ward, codes: str) -> None:
    keys = [str(key) for key in enrol(*ward.members[1][:2])]
    told = opening(addressed="residents", promises=["named", "without_name"], releasers=keys, codes=codes)
    answer = as_office(ward.unit).post("/comments/open/", told)
    assert answer.status_code == 422
    assert 'href="#id_codes"' in answer.content.decode()


def test_who_sees_no_names_is_not_told_that_nobody_has_a_passphrase(ward: Ward) -> None:
    enrol(ward.members[1][0])
    member, office = as_person(ward.members[0][1]), as_office(ward.unit)
    with translation.override("vi"):
        heading = translation.gettext("Who has one")
    assert heading not in member.get("/comments/holders/").content.decode()
    page = office.get("/comments/holders/").content.decode()
    assert heading in page


def test_everything_the_box_promises_stands_open_before_sending(sealed: SealedCall) -> None:
    client = as_person(sealed.ward.members[0][1])
    url = f"/comments/{sealed.call.key}/write/"
    first = client.get(url).content.decode()
    assert 'href="#point-1"' in first
    assert 'id="point-1"' in first
    last = client.post(url, typed("Một ý", review="1")).content.decode()
    with translation.override("vi"):
        cost = str(translation.gettext("No protection from:"))
    assert cost in first
    assert cost in last
    assert "<details>" in first.partition("<main")[2]
    assert "<details>" not in last.partition("<main")[2]
