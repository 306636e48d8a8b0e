"""Somebody entered twice, found out while a call is under way, speaks once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.comments import (
    AFTER,
    AT,
    FREE,
    SealedCall,
    give_post,
    key_of,
    make_body,
    make_call,
    make_sealed,
    unlocks,
)
from tests.factories.organisation import DAY, Ward, acting_as, make_person, make_ward, office_of
from trienkhai.comments import actions, policies
from trienkhai.comments.actions import Letter, Told
from trienkhai.comments.models import Asked, Submission
from trienkhai.comments.queries.calls import asked_rows
from trienkhai.comments.queries.due import due_of
from trienkhai.comments.queries.names import forbidden_keepers
from trienkhai.comments.queries.recount import disagreements
from trienkhai.comments.queries.subjects import GENERAL
from trienkhai.comments.rules import About, Channel, CommentError, Promise, Said, Subject
from trienkhai.core.decisions import Refused
from trienkhai.organisation import actions as organisation
from trienkhai.organisation.models import Post
from trienkhai.organisation.rules import SYSTEM
from trienkhai.sealed.queries import status

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward() -> Ward:
    return make_ward(cells=3, members=5)


def merged(keep: int, drop: int) -> None:
    organisation.merge_duplicate(keep=keep, drop=drop, actor=SYSTEM, at=AT)


def send(sealed: SealedCall, person: int, text: str, promise: Promise = Promise.WITHOUT_A_NAME) -> str:
    return sealed.send(person, text, promise)


def test_the_one_kept_writes_in_the_place_of_the_one_dropped(ward: Ward) -> None:
    sealed = make_sealed(ward)
    asked, late = ward.members[0][2], make_person()
    assert policies.can_write(acting_as(late), sealed.call, at=DAY).reason is CommentError.NOT_ASKED
    merged(late, asked)
    actor = acting_as(late)
    assert sealed.call in policies.visible_calls(actor, at=DAY)
    assert [due.call for due in due_of(actor, (), today=DAY)] == [sealed.call]
    send(sealed, late, "Một lần, có tên", Promise.NAMED)
    assert policies.can_write(actor, sealed.call, at=DAY).reason is CommentError.ALREADY_SENT
    assert not due_of(actor, (), today=DAY)
    with pytest.raises(Refused, match=CommentError.ALREADY_SENT):
        send(sealed, late, "Lần hai")
    sealed.release()
    assert list(policies.own_submissions(actor)) == [Submission.objects.get()]
    assert not disagreements(call=sealed.call, unit=ward.unit, as_of=AFTER.date())


@pytest.mark.parametrize("first", ["as the one kept", "as the one dropped", "after the merger"])
def test_asked_twice_and_sent_once(ward: Ward, first: str) -> None:
    sealed = make_sealed(ward)
    keep, drop = ward.members[0][2:4]
    if first != "after the merger":
        send(sealed, keep if first == "as the one kept" else drop, "Trước khi gộp")
    merged(keep, drop)
    if first == "after the merger":
        send(sealed, keep, "Sau khi gộp")
    with pytest.raises(Refused, match=CommentError.ALREADY_SENT):
        send(sealed, keep, "Lần nữa")
    letter = Letter(Promise.NAMED, [Said(FREE, "Nhập hộ")], {FREE: GENERAL}, told=Told(Channel.TELEPHONE))
    for entry in (keep, drop):
        with pytest.raises(Refused, match=CommentError.ALREADY_SENT):
            actions.send(call=sealed.call, person=entry, letter=letter, actor=office_of(ward.unit), at=AT)
    assert status(sealed.call.round_key or sealed.call.key).participants == 1


def test_a_slip_in_one_place_bars_the_other(ward: Ward) -> None:
    sealed = make_sealed(ward)
    keep, drop, other = ward.members[0][2:5]
    actions.hand_out_slips(call=sealed.call, people=[drop], given=True, actor=SYSTEM, at=DAY)
    merged(keep, drop)
    with pytest.raises(Refused, match=CommentError.HAS_A_SLIP):
        send(sealed, keep, "Trên máy")
    with pytest.raises(Refused, match=CommentError.HAS_A_SLIP):
        actions.hand_out_slips(call=sealed.call, people=[keep], given=True, actor=SYSTEM, at=DAY)
    merged(other, make_person())
    actions.hand_out_slips(call=sealed.call, people=[other], given=True, actor=SYSTEM, at=DAY)
    assert Asked.objects.exclude(slip_on=None).count() == 2


def test_two_places_of_one_person_get_one_slip(ward: Ward) -> None:
    sealed = make_sealed(ward)
    keep, drop = ward.members[0][2:4]
    merged(keep, drop)
    assert [row.person_id for row in asked_rows(sealed.call, ward.cells[0]) if row.person_id in {keep, drop}] == [keep]
    with pytest.raises(Refused, match=CommentError.HAS_A_SLIP):
        actions.hand_out_slips(call=sealed.call, people=[keep, drop], given=True, actor=SYSTEM, at=DAY)


def test_lists_of_people_ask_as_often_for_three_as_for_one(ward: Ward) -> None:
    sealed = make_sealed(ward)
    counted = []
    for n in range(2):
        merged(ward.members[n][2], ward.members[n][3])
        with CaptureQueriesContext(connection) as found:
            asked_rows(sealed.call, ward.cells[0])
        counted.append(len(found))
    assert counted[0] == counted[1]


def test_in_a_call_with_names_both_entries_are_one_voice(ward: Ward) -> None:
    call = make_call(ward)
    keep, drop = ward.members[0][2:4]
    said = [Said(FREE, "Nói với tên mình")]
    before = actions.write_openly(call=call, person=drop, points=said, actor=acting_as(drop), at=AT)
    merged(keep, drop)
    more = [Said(FREE, "Nói thêm")]
    after = actions.write_openly(call=call, person=keep, points=more, actor=acting_as(keep), at=AT)
    assert before.person_id == after.person_id == drop
    assert set(policies.own_submissions(acting_as(keep))) == {before, after}
    assert not disagreements(call=call, unit=ward.unit, as_of=AFTER.date())


def test_a_button_pressed_twice_says_it_once(ward: Ward) -> None:
    call = make_call(ward)
    author, said = ward.members[0][2], [Said(FREE, "Bấm hai lần")]
    both = [
        actions.write_openly(call=call, person=author, points=said, actor=acting_as(author), at=AT) for _n in range(2)
    ]
    assert both[0] == both[1] == Submission.objects.get()
    entered = actions.write_openly(call=call, person=author, points=said, actor=office_of(ward.unit), at=AT)
    assert entered != both[0]
    again = actions.write_openly(
        call=call, person=author, points=said, actor=office_of(ward.unit), at=AT + timedelta(days=1)
    )
    assert again != entered


def test_a_kept_name_opens_as_the_person_kept_and_for_no_other_entry_of_the_criticised(ward: Ward) -> None:
    body = make_body(ward.unit)
    criticised, entered_twice = ward.members[0][4], ward.members[2][0]
    sealed = make_sealed(ward, subjects=[FREE, Subject(About.PERSON, person=criticised, reviewed_by=body.pk)])
    author, late = ward.members[0][1], make_person()
    choice = sealed.choice(About.PERSON)
    sealed.send(author, "Về một đồng chí", Promise.NAME_KEPT, choice=choice)
    sealed.release()
    row = Submission.objects.get()
    reviewer = ward.members[1][3]
    give_post(reviewer, body)
    assert key_of(entered_twice) not in forbidden_keepers(row, on=AFTER.date())
    merged(late, author)
    actions.ask_for_name(submission=row, reason="Xác minh", actor=acting_as(reviewer), at=AFTER)
    actions.answer_asking(receipt=sealed.receipts[0], consents=True, at=AFTER)
    merged(criticised, entered_twice)
    assert {key_of(criticised), key_of(entered_twice)} <= forbidden_keepers(row, on=AFTER.date())
    person = actions.open_name(
        submission=row, unlocks=unlocks(sealed.keepers[1:3]), actor=acting_as(reviewer), at=AFTER
    )
    assert person is not None
    assert person.pk == late


def test_who_left_a_body_since_still_opens_no_name_behind_words_on_it(ward: Ward) -> None:
    body = make_body(ward.unit)
    keeper = ward.members[2][0]
    give_post(keeper, body)
    sealed = make_sealed(ward, subjects=[FREE, Subject(About.BODY, body=body.pk)])
    sealed.send(ward.members[0][1], "Về tập thể", Promise.NAME_KEPT, choice=sealed.choice(About.BODY))
    sealed.release()
    post = Post.objects.current().get(person=keeper, body=body)
    organisation.end_post(post=post.pk, on=DAY + timedelta(days=3), actor=SYSTEM, at=AFTER)
    assert key_of(keeper) in forbidden_keepers(Submission.objects.get(), on=AFTER.date())
