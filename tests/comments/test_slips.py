"""Slips of paper: each with its author's choice and receipt, tied to nobody; never entered from too few."""

import re
from http import HTTPStatus

import pytest

from tests.comments.test_canary import everything_kept
from tests.comments.test_points_form import released
from tests.comments.test_views import FAR, as_office, as_person
from tests.factories.comments import AT, FREE, SealedCall, make_call, make_sealed
from tests.factories.organisation import DAY, make_ward, office_of
from trienkhai.comments import actions, policies
from trienkhai.comments.actions import Letter
from trienkhai.comments.models import Point
from trienkhai.comments.queries.subjects import GENERAL
from trienkhai.comments.rules import CommentError, Promise, Said
from trienkhai.core.decisions import Invalid, Refused
from trienkhai.ledger.clock import today
from trienkhai.organisation.models import Person
from trienkhai.organisation.rules import SYSTEM
from trienkhai.sealed.queries import receipt, status
from trienkhai.sealed.rules import Below, Fate, new_receipt, shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed() -> SealedCall:
    """A call under way; five people have a slip."""
    sealed = make_sealed(make_ward(cells=3, members=4), closes_on=FAR, answer_by=FAR)
    hand_out(sealed, 5)
    return sealed


def hand_out(sealed: SealedCall, number: int) -> None:
    people = sealed.ward.everybody[:number]
    actions.hand_out_slips(call=sealed.call, people=people, given=True, actor=SYSTEM, at=today())


def typed(*slips: dict[str, str]) -> dict[str, str]:
    """The form for entering these slips."""
    told = {"rows": str(len(slips))}
    for n, slip in enumerate(slips):
        told |= {f"{name}-{n}": value for name, value in {"about": "general", **slip}.items()}
    return told


def fates(*codes: str) -> list[Fate]:
    found = [receipt(code) for code in codes]
    assert None not in found
    return [one.fate for one in found if one is not None]


def test_each_author_chose_and_finds_the_answer(sealed: SealedCall) -> None:
    kept, gone = new_receipt(), new_receipt()
    told = typed(
        {"text": "Giữ lại", "below": "on", "receipt": shown(kept).lower()}, {"text": "Huỷ đi", "receipt": shown(gone)}
    )
    answer = as_office(sealed.ward.unit).post(f"/comments/{sealed.call.key}/slips/enter/", told)
    assert answer.status_code == HTTPStatus.FOUND
    assert fates(kept, gone) == [Fate.WAITING, Fate.WAITING]
    released(sealed)
    assert fates(kept, gone) == [Fate.RELEASED, Fate.DESTROYED]
    assert list(Point.objects.values_list("text", flat=True)) == ["Giữ lại"]


def test_a_slip_without_its_code_gets_one_that_is_not_shown(sealed: SealedCall) -> None:
    office = as_office(sealed.ward.unit)
    answer = office.post(f"/comments/{sealed.call.key}/slips/enter/", typed({"text": "Đã mất mã"}), follow=True)
    assert not re.search(r"([A-Z2-7]{4}-){3}[A-Z2-7]{4}", answer.content.decode())
    assert status(sealed.call.round_key or sealed.call.key).boxes == 1


def test_a_code_is_taken_once(sealed: SealedCall) -> None:
    office, code = as_office(sealed.ward.unit), new_receipt()
    url = f"/comments/{sealed.call.key}/slips/enter/"
    twice = office.post(url, typed({"text": "Một", "receipt": code}, {"text": "Hai", "receipt": code}))
    assert twice.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'href="#id_receipt-1"' in twice.content.decode()
    assert office.post(url, typed({"text": "Một", "receipt": "ABC"})).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert status(sealed.call.round_key or sealed.call.key).boxes == 0
    assert office.post(url, typed({"text": "Một", "receipt": code})).status_code == HTTPStatus.FOUND
    again = office.post(url, typed({"text": "Hai", "receipt": code}, {"text": "Ba"}))
    assert again.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert shown(code) in again.content.decode()
    assert "Hai" in again.content.decode()
    assert status(sealed.call.round_key or sealed.call.key).boxes == 1


def test_a_code_of_an_earlier_call_is_not_taken(sealed: SealedCall) -> None:
    code = new_receipt()
    letter = Letter(Promise.WITHOUT_A_NAME, [Said(FREE, "Một")], {FREE: GENERAL}, Below.RELEASE, receipt=code)
    actions.enter_slips(call=sealed.call, slips=[letter], actor=SYSTEM, at=AT)
    released(sealed)
    later = make_call(
        sealed.ward, promises=frozenset({Promise.NAMED, Promise.WITHOUT_A_NAME}), releasers=sealed.releasers
    )
    people = sealed.ward.everybody[:5]
    actions.hand_out_slips(call=later, people=people, given=True, actor=SYSTEM, at=DAY)
    with pytest.raises(Invalid, match=CommentError.RECEIPT_USED):
        actions.enter_slips(call=later, slips=[letter], actor=SYSTEM, at=AT)


def test_from_fewer_than_hide_one_no_slip_is_entered() -> None:
    sealed = make_sealed()
    letter = Letter(Promise.WITHOUT_A_NAME, [Said(FREE, "Một")], {FREE: GENERAL}, Below.RELEASE)
    office = office_of(sealed.ward.unit)
    for number, is_enough in ((4, False), (5, True)):
        hand = sealed.ward.everybody[:number]
        actions.hand_out_slips(call=sealed.call, people=hand, given=True, actor=SYSTEM, at=DAY)
        assert bool(policies.can_enter_slips(office, sealed.call, at=DAY)) is is_enough
        if not is_enough:
            with pytest.raises(Refused, match=CommentError.TOO_FEW_SLIPS):
                actions.enter_slips(call=sealed.call, slips=[letter], actor=office, at=AT)
    assert actions.enter_slips(call=sealed.call, slips=[letter], actor=office, at=AT) == 1


def test_printed_slips_have_codes_of_their_own_that_are_kept_nowhere(sealed: SealedCall) -> None:
    office = as_office(sealed.ward.unit)
    url = f"/comments/{sealed.call.key}/slips/print/"
    assert b'href="' + url.encode() in office.get(f"/comments/{sealed.call.key}/slips/").content
    assert office.get(url).status_code == HTTPStatus.OK
    assert office.post(url, {"number": "0"}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    sheet = office.post(url, {"number": "7"})
    page = sheet.content.decode()
    codes = re.findall(r'class="paper-code">([A-Z2-7-]{19})<', page)
    assert codes[::2] == codes[1::2]
    assert len(set(codes)) == 7
    assert "no-store" in sheet.headers["Cache-Control"]
    names = Person.objects.filter(pk__in=sealed.ward.members[0]).values_list("full_name", flat=True)
    assert len(names) == 4
    assert not [name for name in names if name in page]
    kept = [content for _where, content in everything_kept()]
    plain = {code.replace("-", "") for code in codes} | set(codes)
    assert not [code for code in plain for content in kept if code.encode() in content]


def test_a_secretary_prints_and_a_member_does_not(sealed: SealedCall) -> None:
    url = f"/comments/{sealed.call.key}/slips/print/"
    assert as_person(sealed.ward.members[0][0]).post(url, {"number": "5"}).status_code == HTTPStatus.OK
    assert as_person(sealed.ward.members[0][1]).post(url, {"number": "5"}).status_code == HTTPStatus.NOT_FOUND
    actions.close_call(call=sealed.call, reason="Đủ", actor=SYSTEM, at=today())
    late = as_office(sealed.ward.unit).post(url, {"number": "5"})
    assert b"paper-code" not in late.content


def test_a_call_with_names_alone_has_no_slips() -> None:
    call = make_call(ward := make_ward(cells=3, members=4), closes_on=FAR, answer_by=FAR)
    assert as_office(ward.unit).get(f"/comments/{call.key}/slips/print/").status_code == HTTPStatus.NOT_FOUND
