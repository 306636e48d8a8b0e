from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.factories.comments import (
    ANSWER_BY,
    AT,
    CLOSES,
    EVERY,
    FREE,
    enrol,
    make_body,
    make_call,
    make_sealed,
    plan_of_call,
)
from tests.factories.organisation import DAY, Ward, make_person, make_ward, office_of
from trienkhai.comments import actions, policies
from trienkhai.comments.models import Asked, Call
from trienkhai.comments.queries.calls import progress_of
from trienkhai.comments.rules import About, Addressed, CallState, CommentError, Promise, Subject
from trienkhai.core.decisions import Invalid, Refused
from trienkhai.organisation.rules import SYSTEM, MemberKind
from trienkhai.sealed.queries import status
from trienkhai.sealed.rules import SealedError

pytestmark = pytest.mark.django_db
EARLY = frozenset({Promise.NAMED, Promise.WITHOUT_A_NAME})


@pytest.fixture
def ward() -> Ward:
    return make_ward(cells=3, members=4)


def test_who_is_asked_is_frozen_when_the_call_opens(ward: Ward) -> None:
    call = make_call(ward)
    make_person("Lê Thị Mới", unit=ward.cells[0])
    assert call.asked_number == 12
    assert set(Asked.objects.filter(call=call).values_list("person", flat=True)) == set(ward.everybody)


def test_chosen_units_and_people_who_are_not_members(ward: Ward) -> None:
    other = make_person("Trần Văn Khách", unit=ward.cells[1], kind=MemberKind.OTHER)
    plain = make_call(ward, addressed=Addressed.CHOSEN_UNITS, units=[ward.cells[1]])
    both = make_call(ward, addressed=Addressed.CHOSEN_UNITS, units=[ward.cells[1]], with_others=True)
    assert set(Asked.objects.filter(call=plain).values_list("person", flat=True)) == set(ward.members[1])
    assert set(Asked.objects.filter(call=both).values_list("person", flat=True)) == {*ward.members[1], other}
    assert Asked.objects.get(call=both, person=other).is_member is False


def test_a_unit_elsewhere_cannot_be_asked(ward: Ward) -> None:
    elsewhere = make_ward(cells=1, members=12, name="Đảng bộ phường khác")
    with pytest.raises(Invalid) as caught:
        make_call(ward, addressed=Addressed.CHOSEN_UNITS, units=[elsewhere.cells[0]])
    assert caught.value.code == CommentError.NOBODY_ASKED


def test_only_the_desk_opens_a_call(ward: Ward) -> None:
    city = make_ward(cells=1, name="Đảng bộ phường bên cạnh")
    with pytest.raises(Refused, match=CommentError.NOT_THE_DESK):
        actions.open_call(unit=ward.unit, plan=plan_of_call(), actor=office_of(city.unit), at=AT)
    assert actions.open_call(unit=ward.unit, plan=plan_of_call(), actor=office_of(ward.unit), at=AT).pk


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"promises": frozenset()}, CommentError.NO_PROMISE),
        ({"subjects": []}, CommentError.NO_SUBJECT),
        ({"closes_on": DAY - timedelta(days=1)}, CommentError.CLOSES_TOO_EARLY),
        ({"answer_by": CLOSES - timedelta(days=1)}, CommentError.ANSWER_TOO_EARLY),
    ],
)
def test_what_cannot_be_asked(ward: Ward, more: dict[str, object], code: CommentError) -> None:
    with pytest.raises(Invalid) as caught:
        make_call(ward, **more)
    assert caught.value.code == code
    assert not Call.objects.exists()


def test_too_few_for_comments_without_a_name() -> None:
    ward = make_ward(cells=3, members=3)
    with pytest.raises(Invalid) as caught:
        make_sealed(ward, promises=EARLY)
    assert caught.value.code == CommentError.TOO_FEW_ASKED
    assert caught.value.params == {"asked": 9, "at_least": 10}


def test_a_call_on_persons_alone_takes_nothing_without_a_name(ward: Ward) -> None:
    person = ward.members[0][1]
    body = make_body(ward.unit)
    subject = Subject(About.PERSON, person=person, reviewed_by=body.pk)
    with pytest.raises(Invalid) as caught:
        make_sealed(ward, promises=EVERY, subjects=[subject])
    assert caught.value.code == CommentError.PERSON_WITHOUT_A_NAME
    kept = make_sealed(ward, promises=frozenset({Promise.NAMED, Promise.NAME_KEPT}), subjects=[subject])
    assert not status(kept.call.round_key or kept.call.key).takes_nameless


def test_a_person_needs_a_body_that_reviews(ward: Ward) -> None:
    with pytest.raises(Invalid) as caught:
        make_call(ward, subjects=[Subject(About.PERSON, person=ward.members[0][1])])
    assert caught.value.code == CommentError.NO_REVIEWER


def test_holders_must_be_ready(ward: Ward) -> None:
    with pytest.raises(Invalid) as caught:
        make_call(ward, promises=EARLY, releasers=enrol(ward.members[0][0]))
    assert caught.value.code == SealedError.NUMBER_OF_RELEASERS
    with pytest.raises(Invalid) as caught:
        make_call(ward, promises=EVERY, releasers=enrol(*ward.members[0][:2]))
    assert caught.value.code == CommentError.NO_KEEPERS


def test_the_box_is_opened_for_those_asked_alone(ward: Ward) -> None:
    sealed = make_sealed(ward)
    found = status(sealed.call.round_key or sealed.call.key)
    assert (found.eligible, found.threshold, found.takes_nameless, found.keeps_names) == (12, 5, True, True)
    assert set(found.releasers) == set(sealed.releasers)


def test_a_call_keeps_the_numbers_it_was_opened_with(ward: Ward) -> None:
    sealed = make_sealed(ward)
    numbers = sealed.call.numbers
    assert (numbers.threshold, numbers.fewest_without_a_name) == (5, 10)
    Call.objects.update(limits={**sealed.call.limits, "threshold": 7})
    assert Call.objects.get().numbers.threshold == 7


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2012, 5, 31), CallState.COMING),
        (DAY, CallState.OPEN),
        (CLOSES, CallState.OPEN),
        (CLOSES + timedelta(days=1), CallState.ANSWERING),
    ],
)
def test_an_open_call_by_its_days(ward: Ward, day: date, state: CallState) -> None:
    assert policies.state_on(make_call(ward), day) is state


def test_a_sealed_call_waits_for_its_holders(ward: Ward) -> None:
    sealed = make_sealed(ward)
    after = CLOSES + timedelta(days=1)
    assert policies.state_on(sealed.call, after) is CallState.CLOSED
    sealed.release()
    assert policies.state_on(sealed.call, sealed.call.released_on or after) is CallState.ANSWERING


def test_more_time_needs_a_reason_and_moves_the_answers(ward: Ward) -> None:
    call = make_call(ward, answer_by=CLOSES)
    later = CLOSES + timedelta(days=10)
    with pytest.raises(Invalid, match=CommentError.NO_REASON):
        actions.extend_call(call=call, closes_on=later, reason=" ", actor=SYSTEM, at=DAY)
    with pytest.raises(Invalid, match=CommentError.NOT_LATER):
        actions.extend_call(call=call, closes_on=CLOSES, reason="Mưa bão", actor=SYSTEM, at=DAY)
    actions.extend_call(call=call, closes_on=later, reason="Mưa bão", actor=SYSTEM, at=DAY)
    call.refresh_from_db()
    assert (call.closes_on, call.answer_by) == (later, later)
    assert call.extensions.get().reason == "Mưa bão"


def test_a_call_closed_by_hand_is_over(ward: Ward) -> None:
    call = make_call(ward)
    actions.close_call(call=call, reason="Đủ ý kiến", actor=SYSTEM, at=DAY)
    call.refresh_from_db()
    assert policies.state_on(call, DAY) is CallState.ANSWERING
    with pytest.raises(Refused, match=CommentError.ALREADY_CLOSED):
        actions.extend_call(call=call, closes_on=CLOSES + timedelta(days=9), reason="Thêm", actor=SYSTEM, at=DAY)


def test_slips_are_for_calls_that_take_comments_without_a_name(ward: Ward) -> None:
    with pytest.raises(Refused, match=CommentError.PROMISE_NOT_OFFERED):
        actions.hand_out_slips(call=make_call(ward), people=[ward.secretary], given=True, actor=SYSTEM, at=DAY)
    sealed = make_sealed(ward, promises=EARLY)
    people = ward.members[0][:2]
    actions.hand_out_slips(call=sealed.call, people=people, given=True, actor=SYSTEM, at=DAY)
    assert progress_of(sealed.call).slips == 2
    assert policies.can_be_heard(sealed.call, people[0], at=DAY).reason is CommentError.HAS_A_SLIP
    actions.hand_out_slips(call=sealed.call, people=people[:1], given=False, actor=SYSTEM, at=DAY)
    assert policies.can_be_heard(sealed.call, people[0], at=DAY)


def test_whoever_has_sent_gets_no_slip(ward: Ward) -> None:
    sealed = make_sealed(ward, promises=EARLY)
    sealed.send(ward.members[0][1], "Đã gửi trên máy")
    with pytest.raises(Refused, match=CommentError.ALREADY_SENT):
        actions.hand_out_slips(call=sealed.call, people=ward.members[0], given=True, actor=SYSTEM, at=DAY)
    assert progress_of(sealed.call).slips == 0


def test_a_coming_call_takes_nothing_yet(ward: Ward) -> None:
    plan = plan_of_call(opens_on=DAY + timedelta(days=3))
    call = actions.open_call(unit=ward.unit, plan=replace(plan, subjects=[FREE]), actor=SYSTEM, at=AT)
    assert policies.can_be_heard(call, ward.secretary, at=DAY).reason is CommentError.NOT_OPEN
    assert policies.can_be_heard(call, ward.secretary, at=ANSWER_BY).reason is CommentError.NOT_OPEN
    assert policies.can_be_heard(call, ward.secretary, at=DAY + timedelta(days=3))
