from datetime import timedelta

import pytest

from tests.factories.comments import AFTER, AT, CLOSES, FREE, make_call, make_sealed
from tests.factories.organisation import DAY, acting_as, make_person, make_ward, office_of
from trienkhai.comments import actions
from trienkhai.comments.models import Submission
from trienkhai.comments.queries.due import DueKind, due_of
from trienkhai.comments.rules import Promise, Said
from trienkhai.organisation.rules import Actor

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
