from datetime import timedelta

import pytest
from django.test import Client

from tests.factories.comments import AFTER, AT, CLOSES, FREE, make_body, make_call, make_sealed, make_submission
from tests.factories.organisation import DAY, acting_as, key_of_unit, make_person, make_user, make_ward, office_of
from trienkhai.comments import actions
from trienkhai.comments.actions import answering
from trienkhai.comments.models import Submission
from trienkhai.comments.queries.due import DueKind, Unasked, due_of, unasked_at
from trienkhai.comments.queries.places import Desk
from trienkhai.comments.rules import About, DispositionKind, Promise, Said, Subject
from trienkhai.comments.rules.grouping import Reply
from trienkhai.organisation.rules import SYSTEM, Actor

pytestmark = pytest.mark.django_db
LATER = CLOSES + timedelta(days=1)


def kinds(actor: Actor, units: set[int], day: object = DAY) -> list[DueKind]:
    return [due.kind for due in due_of(actor, units, today=day)]  # type: ignore[arg-type]


def test_whoever_is_asked_has_something_to_do_until_they_have_spoken() -> None:
    ward = make_ward(cells=2, members=4)
    call = make_call(ward)
    author = ward.members[0][2]
    assert kinds(acting_as(author), set()) == [DueKind.COMMENT]
    actions.write_openly(call=call, person=author, points=[Said(FREE, "Đã nói")], actor=acting_as(author), at=AT)
    assert kinds(acting_as(author), set()) == []
    assert kinds(acting_as(ward.members[1][2]), set(), LATER) == []


def test_holders_and_desk_are_told_to_open_the_box_then_the_desk_to_answer() -> None:
    sealed = make_sealed()
    ward = sealed.ward
    sealed.send(ward.members[0][2], "Một lời", Promise.NAMED)
    outsider = make_person("Đỗ Văn Xa", unit=make_ward(cells=1, name="Đảng bộ phường xa").cells[0])
    holder, office = acting_as(ward.members[1][0]), office_of(ward.unit)
    assert kinds(office, {ward.unit}) == []
    assert kinds(holder, set(), LATER) == [DueKind.RELEASE]
    assert kinds(office, {ward.unit}, LATER) == [DueKind.RELEASE]
    assert kinds(acting_as(outsider), set(), LATER) == []
    sealed.release()
    released = sealed.call.released_on
    assert released is not None
    (due,) = due_of(office, {ward.unit}, today=released)
    assert (due.kind, due.deadline, due.waiting) == (DueKind.ANSWER, sealed.call.answer_by, 1)


def test_when_a_name_is_asked_for_everybody_who_sent_is_told() -> None:
    sealed = make_sealed()
    first, second, third = sealed.ward.members[0][1:4]
    sealed.send(first, "Tên giữ kín", Promise.NAME_KEPT)
    sealed.send(second, "Không ghi tên")
    sealed.release()
    row = Submission.objects.get(kept_name__isnull=False)
    actions.ask_for_name(submission=row, reason="Xác minh", actor=office_of(sealed.ward.unit), at=AFTER)
    for person, told in ((first, [DueKind.NAME_ASKED]), (second, [DueKind.NAME_ASKED]), (third, [])):
        assert kinds(acting_as(person), set(), LATER) == told


def test_what_came_unasked_waits_at_the_desk_of_its_unit() -> None:
    ward = make_ward(cells=2, members=4)
    body = make_body(ward.unit)
    on_person = Subject(About.PERSON, person=ward.members[0][0], reviewed_by=body.pk)
    make_submission(ward.unit, "Sửa ngõ|Lắp đèn")
    make_submission(ward.unit, "Về một đồng chí", subject=on_person)
    struck = make_submission(ward.unit, "Nhập nhầm")
    actions.strike(submission=struck, reason="Nhầm", actor=SYSTEM, at=AT)
    make_submission(ward.unit, "Trong đợt", call=make_call(ward))
    assert unasked_at({ward.unit}) == [Unasked(ward.unit, 2)]
    assert unasked_at({ward.cells[0]}) == []
    desk = Desk(ward.unit, None, body.key)
    reply = Reply(DispositionKind.EXPLAINED, "Đã có trong kế hoạch.", DAY, summary="Về ngõ")
    group = desk.groups().filter(points__text="Sửa ngõ").get()
    answering.answer(desk=desk, groups=[group.pk], reply=reply, actor=SYSTEM, at=DAY)
    assert unasked_at({ward.unit}) == [Unasked(ward.unit, 1)]


def test_the_office_finds_it_among_what_is_to_do() -> None:
    ward = make_ward(cells=2, members=4)
    make_submission(ward.unit, "Sửa ngõ")
    office, other = Client(), Client()
    office.force_login(make_user(office_of=ward.unit))
    other.force_login(make_user(office_of=make_ward(cells=1, name="Đảng bộ phường bên").unit))
    link = f'href="/comments/desk/{key_of_unit(ward.unit)}/"'
    assert link in office.get("/").content.decode()
    assert link not in other.get("/").content.decode()
