from datetime import timedelta

import pytest
from django.db import connection

from tests.factories.comments import (
    AFTER,
    AT,
    FREE,
    PASSPHRASE,
    SealedCall,
    enrol,
    give_post,
    make_body,
    make_call,
    make_sealed,
    unlocks,
)
from tests.factories.organisation import DAY, Ward, acting_as, make_ward, office_of
from trienkhai.comments import actions, policies
from trienkhai.comments.actions import Letter, Told
from trienkhai.comments.models import Group, OfficeKeyFile, Point, Submission
from trienkhai.comments.queries.calls import progress_of
from trienkhai.comments.queries.subjects import GENERAL
from trienkhai.comments.rules import About, AuthorKind, Channel, CommentError, Promise, Said, Subject
from trienkhai.core.decisions import Invalid, Refused
from trienkhai.ledger.models import Detail, Entry
from trienkhai.organisation.rules import SYSTEM
from trienkhai.sealed.queries import key_state, receipt, round_by_key
from trienkhai.sealed.rules import Below, Counts, Fate, KeyState, NameState, SealedError, Unlock

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward() -> Ward:
    return make_ward(cells=3, members=4)


@pytest.fixture
def sealed(ward: Ward) -> SealedCall:
    return make_sealed(ward)


def fill(sealed: SealedCall, number: int = 6) -> None:
    for n, person in enumerate(sealed.ward.everybody[:number]):
        sealed.send(person, f"Ý kiến số {n}")


def test_nothing_can_be_read_before_the_release(sealed: SealedCall) -> None:
    fill(sealed)
    assert not Submission.objects.exists()
    assert progress_of(sealed.call).taken_part == 6
    box = progress_of(sealed.call).box
    assert box
    assert box.counts == Counts()


def test_released_texts_carry_nothing_but_words(sealed: SealedCall) -> None:
    fill(sealed)
    sealed.release()
    rows = list(Submission.objects.order_by("pk"))
    assert len(rows) == 6
    assert {row.points.get().text for row in rows} == {f"Ý kiến số {n}" for n in range(6)}
    for row in rows:
        assert (row.person_id, row.unit_id, row.received_on, row.number) == (None, None, None, None)
        assert (row.author_kind, row.channel, row.promise) == (
            AuthorKind.NOT_SAID,
            Channel.SCREEN,
            Promise.WITHOUT_A_NAME,
        )
    assert Point.objects.values("group").distinct().count() == Group.objects.count() == 6


def test_a_signed_text_comes_out_with_its_author(sealed: SealedCall) -> None:
    author = sealed.ward.members[0][1]
    sealed.send(author, "Tôi đề nghị làm rõ", Promise.NAMED)
    sealed.release()
    row = Submission.objects.get()
    assert (row.person_id, row.unit_id, row.author_kind) == (author, sealed.ward.cells[0], AuthorKind.MEMBER)
    assert list(policies.own_submissions(acting_as(author))) == [row]


def test_a_kept_name_is_nowhere_in_the_row(sealed: SealedCall) -> None:
    author = sealed.ward.members[0][1]
    sealed.send(author, "Xin giữ kín tên tôi", Promise.NAME_KEPT)
    sealed.release()
    row = Submission.objects.get()
    assert (row.person_id, row.unit_id, row.author_kind) == (None, None, AuthorKind.NOT_SAID)
    assert row.kept_name is not None
    assert not policies.own_submissions(acting_as(author)).exists()


def test_no_comment_is_a_submission_too(sealed: SealedCall) -> None:
    sealed.send(sealed.ward.secretary, "", None)
    assert progress_of(sealed.call).taken_part == 1
    done = sealed.release()
    assert (done.counts.nothing, Submission.objects.count()) == (1, 0)
    found = receipt(sealed.receipts[0])
    assert found
    assert found.fate is Fate.NO_COMMENT


def test_too_few_without_a_name_are_handled_as_each_chose(sealed: SealedCall) -> None:
    first, second, third = sealed.ward.members[0][:3]
    kept = sealed.send(first, "Vẫn công bố")
    gone = sealed.send(second, "Huỷ nếu quá ít", below=Below.DESTROY)
    sealed.send(third, "Có ký tên", Promise.NAMED)
    sealed.release()
    assert set(Point.objects.values_list("text", flat=True)) == {"Vẫn công bố", "Có ký tên"}
    assert [receipt(one).fate for one in (kept, gone)] == [Fate.RELEASED, Fate.DESTROYED]  # type: ignore[union-attr]


def test_a_receipt_leads_to_the_submission_and_back(sealed: SealedCall) -> None:
    fill(sealed)
    sealed.release()
    for n, code in enumerate(sealed.receipts):
        found = receipt(code)
        assert found
        assert Submission.objects.get(answer=found.answer).points.get().text == f"Ý kiến số {n}"


def test_nobody_sends_twice(sealed: SealedCall) -> None:
    person = sealed.ward.secretary
    sealed.send(person, "Lần một")
    with pytest.raises(Refused, match=CommentError.ALREADY_SENT):
        sealed.send(person, "Lần hai")


def test_nobody_sends_after_the_last_day(sealed: SealedCall) -> None:
    letter = Letter(Promise.WITHOUT_A_NAME, [Said(FREE, "Muộn")], {FREE: GENERAL})
    person = sealed.ward.secretary
    with pytest.raises(Refused, match=CommentError.NOT_OPEN):
        actions.send(call=sealed.call, person=person, letter=letter, actor=acting_as(person), at=AFTER)


def test_the_box_stays_shut_while_the_call_is_open(sealed: SealedCall) -> None:
    fill(sealed)
    with pytest.raises(Refused, match=CommentError.NOT_CLOSED):
        actions.release_call(
            call=sealed.call, unlocks=unlocks(sealed.releasers), actor=office_of(sealed.ward.unit), at=AT
        )


def test_one_holder_or_a_wrong_passphrase_open_nothing(sealed: SealedCall) -> None:
    fill(sealed)
    office = office_of(sealed.ward.unit)
    pair = unlocks(sealed.releasers)
    with pytest.raises(Refused, match=SealedError.TWO_NEEDED):
        actions.release_call(call=sealed.call, unlocks=pair[:1] * 2, actor=office, at=AFTER)
    wrong = [pair[0], type(pair[1])(pair[1].holder, "một câu khác hẳn, dài")]
    with pytest.raises(Invalid, match=SealedError.PASSPHRASE_WRONG):
        actions.release_call(call=sealed.call, unlocks=wrong, actor=office, at=AFTER)
    assert not Submission.objects.exists()


def test_another_office_cannot_bring_the_holders(sealed: SealedCall) -> None:
    elsewhere = make_ward(cells=1, name="Đảng bộ phường khác")
    with pytest.raises(Refused, match=CommentError.NOT_THE_DESK):
        actions.release_call(
            call=sealed.call, unlocks=unlocks(sealed.releasers), actor=office_of(elsewhere.unit), at=AFTER
        )


def test_a_call_is_released_once(sealed: SealedCall) -> None:
    fill(sealed)
    sealed.release()
    assert key_state(round_by_key(sealed.call.round_key or sealed.call.key)) is not KeyState.PRESENT
    with pytest.raises(Refused, match=CommentError.ALREADY_RELEASED):
        sealed.release()
    with pytest.raises(Refused, match=CommentError.ALREADY_CLOSED):
        actions.extend_call(
            call=sealed.call, closes_on=DAY + timedelta(days=60), reason="Thêm", actor=SYSTEM, at=AFTER.date()
        )


def test_a_person_is_not_commented_on_without_a_name(ward: Ward) -> None:
    body = make_body(ward.unit)
    subjects = [FREE, Subject(About.PERSON, person=ward.members[0][0], reviewed_by=body.pk)]
    sealed = make_sealed(ward, subjects=subjects)
    choice = sealed.choice(About.PERSON)
    with pytest.raises(Invalid, match=CommentError.PERSON_WITHOUT_A_NAME):
        sealed.send(ward.members[0][1], "Cần gương mẫu hơn", choice=choice)
    sealed.send(ward.members[0][1], "Cần gương mẫu hơn", Promise.NAME_KEPT, choice=choice)
    sealed.release()
    point = Point.objects.get()
    assert (point.about, point.person_id, point.reviewed_by_id) == (About.PERSON, ward.members[0][0], body.pk)


def test_a_secretary_types_for_a_member_with_their_name_alone(sealed: SealedCall) -> None:
    member, secretary = sealed.ward.members[0][2], sealed.ward.members[0][0]
    said = [Said(FREE, "Bác Hoa kể qua điện thoại")]
    told = Told(Channel.TELEPHONE, "bác Hoa")
    for promise in (Promise.WITHOUT_A_NAME, Promise.NAME_KEPT):
        letter = Letter(promise, said, {FREE: GENERAL}, told=told)
        with pytest.raises(Refused, match=CommentError.PROMISE_NOT_OFFERED):
            actions.send(call=sealed.call, person=member, letter=letter, actor=acting_as(secretary), at=AT)
    letter = Letter(Promise.NAMED, said, {FREE: GENERAL}, told=told)
    actor = acting_as(secretary)
    actions.send(call=sealed.call, person=member, letter=letter, actor=actor, at=AT)
    sealed.release()
    row = Submission.objects.get()
    assert (row.person_id, row.told_by, row.channel, row.typed_by) == (
        member,
        "bác Hoa",
        Channel.TELEPHONE,
        actor.key,
    )


def test_a_secretary_types_for_no_other_cell(sealed: SealedCall) -> None:
    letter = Letter(Promise.NAMED, [Said(FREE, "Chi bộ khác")], {FREE: GENERAL})
    actor = acting_as(sealed.ward.members[1][0])
    with pytest.raises(Refused, match=CommentError.NOT_THE_DESK):
        actions.send(call=sealed.call, person=sealed.ward.members[2][1], letter=letter, actor=actor, at=AT)


def test_slips_go_into_the_same_box(sealed: SealedCall) -> None:
    people = [*sealed.ward.members[0], sealed.ward.members[1][2]]
    actions.hand_out_slips(call=sealed.call, people=people, given=True, actor=SYSTEM, at=DAY)
    sealed.send(sealed.ward.members[1][3], "Trên máy")
    slips = [
        Letter(Promise.WITHOUT_A_NAME, [Said(FREE, f"Phiếu {n}")], {FREE: GENERAL}, Below.RELEASE) for n in range(3)
    ]
    office = office_of(sealed.ward.unit)
    with pytest.raises(Invalid, match=CommentError.MORE_THAN_SLIPS):
        actions.enter_slips(call=sealed.call, slips=[*slips, *slips], actor=office, at=AFTER)
    assert actions.enter_slips(call=sealed.call, slips=slips, actor=office, at=AFTER) == 3
    assert len(policies.slips_waiting(sealed.call)) == 2
    sealed.release()
    texts = set(Point.objects.values_list("text", flat=True))
    assert texts == {"Trên máy", "Phiếu 0", "Phiếu 1", "Phiếu 2"}
    assert set(Submission.objects.values_list("channel", flat=True)) == {Channel.SCREEN}


def test_a_lost_key_asks_everybody_again(sealed: SealedCall) -> None:
    fill(sealed)
    box = round_by_key(sealed.call.round_key or sealed.call.key)
    box.batches.get().key_path.unlink()
    with pytest.raises(Refused, match=SealedError.KEY_LOST):
        sealed.send(sealed.ward.everybody[8], "Sau khi mất khoá")
    actions.give_up_lost(call=sealed.call, actor=SYSTEM, at=AT)
    assert progress_of(sealed.call).taken_part == 0
    sealed.send(sealed.ward.everybody[0], "Gửi lại", Promise.NAMED)
    sealed.release()
    assert Point.objects.get().text == "Gửi lại"


def test_a_key_file_stands_for_the_second_holder(ward: Ward) -> None:
    content = actions.make_key_file(unit=ward.unit, actor=SYSTEM, at=AT)
    file = OfficeKeyFile.objects.get()
    (holder,) = enrol(ward.secretary)
    promises = frozenset({Promise.NAMED, Promise.WITHOUT_A_NAME})

    call = make_call(ward, promises=promises, releasers=[holder, file.owner])
    sealed = SealedCall(call, ward, [holder, file.owner], [])
    sealed.send(ward.everybody[3], "Một người giữ khoá")
    pair = [Unlock(holder, PASSPHRASE.format(holder)), Unlock(file.owner, content)]
    actions.release_call(call=call, unlocks=pair, actor=office_of(ward.unit), at=AFTER)
    assert Point.objects.get().text == "Một người giữ khoá"


def test_the_author_of_a_kept_name_withdraws_name_and_words(sealed: SealedCall) -> None:
    code = sealed.send(sealed.ward.members[0][1], "Lời sẽ rút", Promise.NAME_KEPT)
    fill_after = sealed.send(sealed.ward.members[0][2], "Lời ở lại", Promise.NAMED)
    sealed.release()
    actions.withdraw(receipt=code, at=AFTER)
    assert list(Submission.objects.current().values_list("points__text", flat=True)) == ["Lời ở lại"]
    assert not Point.objects.filter(text__contains="sẽ rút").exists()
    assert receipt(code).name_state is NameState.WITHDRAWN  # type: ignore[union-attr]
    assert receipt(fill_after)


def test_opening_a_kept_name_tells_the_author_first(sealed: SealedCall) -> None:
    author = sealed.ward.members[0][1]
    code = sealed.send(author, "Có tên giữ kín", Promise.NAME_KEPT)
    sealed.release()
    row = Submission.objects.get()
    office = office_of(sealed.ward.unit)
    pair = unlocks(sealed.keepers[:2])
    with pytest.raises(Refused, match=SealedError.NAME_NOT_ASKED):
        actions.open_name(submission=row, unlocks=pair, actor=office, at=AFTER)
    opens_on = actions.ask_for_name(submission=row, reason="Cần xác minh", actor=office, at=AFTER)
    assert (opens_on - AFTER.date()).days == 7
    with pytest.raises(Refused, match=SealedError.NAME_TOO_EARLY):
        actions.open_name(submission=row, unlocks=pair, actor=office, at=AFTER)
    actions.answer_asking(receipt=code, consents=True, at=AFTER)
    person = actions.open_name(submission=row, unlocks=pair, actor=office, at=AFTER)
    assert person
    assert person.pk == author
    row.refresh_from_db()
    assert row.person_id is None


def test_a_name_is_not_opened_by_those_under_the_person_criticised(ward: Ward) -> None:
    body = make_body(ward.unit)
    boss = ward.members[2][0]  # leads the cell whose people keep the names
    sealed = make_sealed(ward, subjects=[FREE, Subject(About.PERSON, person=boss, reviewed_by=body.pk)])
    sealed.send(ward.members[0][1], "Về đồng chí bí thư", Promise.NAME_KEPT, choice=sealed.choice(About.PERSON))
    sealed.release()

    reviewer = ward.members[1][3]
    give_post(reviewer, body)
    with pytest.raises(Refused, match=SealedError.TOO_FEW_KEEPERS):
        actions.ask_for_name(submission=Submission.objects.get(), reason="Xem xét", actor=acting_as(reviewer), at=AFTER)


def test_the_desk_asks_for_no_name_behind_words_it_may_not_read(ward: Ward) -> None:
    body = make_body(ward.unit)
    subjects = [FREE, Subject(About.PERSON, person=ward.members[0][0], reviewed_by=body.pk)]
    sealed = make_sealed(ward, subjects=subjects)
    sealed.send(ward.members[0][1], "Về một đồng chí", Promise.NAME_KEPT, choice=sealed.choice(About.PERSON))
    sealed.release()
    row = Submission.objects.get()
    for actor in (office_of(ward.unit), acting_as(ward.members[0][0]), SYSTEM):
        with pytest.raises(Refused, match=CommentError.NOT_THE_DESK):
            actions.ask_for_name(submission=row, reason="Muốn biết ai", actor=actor, at=AFTER)


CANARY = "chim sơn ca hót bảy lần"


def everything_written() -> str:
    """The database, row by row, as the text of all its columns."""
    found: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - our own tables
            found.extend(
                bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)
                for row in cursor.fetchall()
                for value in row
            )
    return "\n".join(found)


def test_no_word_is_in_the_database_before_and_none_in_the_ledger_after(sealed: SealedCall) -> None:
    for person in sealed.ward.everybody[:6]:
        sealed.send(person, f"{CANARY} {person}")
        assert CANARY not in everything_written()
    sealed.release()
    assert CANARY in everything_written()
    ledger = [str(one) for one in Detail.objects.values_list("content", flat=True)]
    assert not any(CANARY in one for one in ledger)
    assert not Entry.objects.filter(action__contains="send").exists()
