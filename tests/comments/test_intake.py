from datetime import date, timedelta
from typing import Any

import pytest

from tests.factories.comments import AT, FREE, make_call, make_sealed, make_submission
from tests.factories.organisation import DAY, Ward, acting_as, make_ward, office_of
from tests.factories.plans import make_plan, make_world, version_of
from trienkhai.comments import actions, policies
from trienkhai.comments.actions import Told
from trienkhai.comments.models import Group, Point, Submission
from trienkhai.comments.queries.subjects import choices_of
from trienkhai.comments.rules import About, AuthorKind, Channel, CommentError, Said, Subject
from trienkhai.core.decisions import Invalid, Refused
from trienkhai.ledger.models import Detail
from trienkhai.organisation.rules import SYSTEM
from trienkhai.plans import actions as plans
from trienkhai.plans.rules import Adopted, Line

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward() -> Ward:
    return make_ward(cells=2, members=4)


def test_the_book_counts_by_unit_and_year(ward: Ward) -> None:
    other = make_ward(cells=1, name="Đảng bộ phường khác")
    rows = [make_submission(ward.unit), make_submission(other.unit), make_submission(ward.unit)]
    assert [(row.year, row.number) for row in rows] == [(2012, 1), (2012, 1), (2012, 2)]
    assert make_submission(ward.unit, on=DAY.replace(month=5)).number == 3


def test_one_comment_on_several_clauses_is_several_points_each_in_its_group(ward: Ward) -> None:
    row = make_submission(ward.unit, "Ý thứ nhất|Ý thứ hai")
    points = list(Point.objects.filter(submission=row).order_by("position"))
    assert [point.text for point in points] == ["Ý thứ nhất", "Ý thứ hai"]
    assert points[0].folded == "i thu nhat"
    assert {point.group_id for point in points} == set(Group.objects.values_list("pk", flat=True))
    assert len({point.group_id for point in points}) == 2


def test_words_stay_as_they_were_written(ward: Ward) -> None:
    text = "Đảng uỷ nên  hoà giải;\n\n  xuống dòng"
    assert Point.objects.get(submission=make_submission(ward.unit, text)).text == text


def test_a_unit_speaks_for_its_people(ward: Ward) -> None:
    row = make_submission(ward.unit, author_kind=AuthorKind.UNIT, unit=ward.cells[0], author="", people_behind=23)
    assert (row.unit_id, row.people_behind) == (ward.cells[0], 23)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"author_kind": AuthorKind.MEMBER}, CommentError.NO_AUTHOR),
        ({"author_kind": AuthorKind.UNIT, "author": ""}, CommentError.NO_AUTHOR),
        ({"received_on": date(2012, 6, 2)}, CommentError.IN_THE_FUTURE),
        ({"points": []}, CommentError.NOTHING_SAID),
        ({"points": [Said(FREE, "  ")]}, CommentError.NOTHING_SAID),
        ({"points": [Said(FREE, "a" * 5001)]}, CommentError.TOO_LONG),
        ({"points": [Said(FREE, "a")] * 21}, CommentError.TOO_MANY_POINTS),
    ],
)
def test_what_cannot_be_entered(ward: Ward, more: dict[str, Any], code: CommentError) -> None:
    with pytest.raises(Invalid, match=code):
        make_submission(ward.unit, **more)
    assert not Submission.objects.exists()


def test_only_the_desk_keeps_the_book(ward: Ward) -> None:
    row = make_submission(ward.unit)
    for actor in (acting_as(ward.members[1][2]), acting_as(ward.members[1][0]), office_of(make_ward(cells=1).unit)):
        assert not policies.can_desk(actor, ward.unit, at=DAY)
        assert row not in policies.desk_submissions(actor, at=DAY)
    assert row in policies.desk_submissions(office_of(ward.unit), at=DAY)


def test_an_entry_by_mistake_keeps_its_number(ward: Ward) -> None:
    row = make_submission(ward.unit)
    with pytest.raises(Invalid, match=CommentError.NO_REASON):
        actions.strike(submission=row, reason="", actor=office_of(ward.unit), at=AT)


def test_what_its_author_sent_is_not_struck_by_the_desk(ward: Ward) -> None:
    call = make_call(ward)
    author = ward.members[0][2]
    actor = acting_as(author)
    row = actions.write_openly(call=call, person=author, points=[Said(FREE, "Của tôi")], actor=actor, at=AT)
    with pytest.raises(Refused, match=CommentError.SENT_BY_AUTHOR):
        actions.strike(submission=row, reason="Không hay", actor=office_of(ward.unit), at=AT)


def test_struck_once_and_seen_no_more(ward: Ward) -> None:
    office = office_of(ward.unit)
    call = make_call(ward)
    told = Told(Channel.TELEPHONE, "bác Lành")
    row = actions.write_openly(
        call=call, person=ward.members[0][2], points=[Said(FREE, "Nhầm")], actor=office, at=AT, told=told
    )
    assert (row.told_by, row.typed_by) == ("bác Lành", office.key)
    actions.strike(submission=row, reason="Nhập nhầm người", actor=office, at=AT)
    assert not policies.desk_submissions(office, at=DAY).exists()
    assert not policies.own_submissions(acting_as(ward.members[0][2])).exists()
    with pytest.raises(Refused, match=CommentError.ALREADY_WITHDRAWN):
        actions.strike(submission=row, reason="Lại", actor=office, at=AT)


def test_members_write_more_than_once_openly_but_never_without_being_asked(ward: Ward) -> None:
    call = make_call(ward)
    author = ward.members[0][2]
    for text in ("Một", "Hai"):
        actions.write_openly(call=call, person=author, points=[Said(FREE, text)], actor=acting_as(author), at=AT)
    assert policies.own_submissions(acting_as(author)).count() == 2
    stranger = make_ward(cells=1, name="Đảng bộ phường khác").secretary
    with pytest.raises(Refused, match=CommentError.NOT_ASKED):
        actions.write_openly(call=call, person=stranger, points=[], actor=acting_as(stranger), at=AT)


def test_no_comment_openly(ward: Ward) -> None:
    call = make_call(ward)
    author = ward.members[0][2]
    row = actions.write_openly(call=call, person=author, points=[], actor=acting_as(author), at=AT)
    assert not row.points.exists()


def test_a_letter_of_somebody_asked_by_a_box_goes_into_the_box() -> None:
    ward = make_ward(cells=3, members=4)
    sealed = make_sealed(ward)
    member: dict[str, Any] = {"author_kind": AuthorKind.MEMBER, "person": ward.members[0][1], "author": ""}
    with pytest.raises(Refused, match=CommentError.ASKED_BY_BOX):
        make_submission(ward.unit, call=sealed.call, **member)
    assert make_submission(ward.unit, call=sealed.call).call == sealed.call


def test_a_letter_older_than_the_call_is_none_of_its_answers(ward: Ward) -> None:
    call = make_call(ward)
    with pytest.raises(Invalid, match=CommentError.BEFORE_OPENING):
        make_submission(ward.unit, call=call, received_on=DAY - timedelta(days=1))


def test_the_ledger_holds_no_word(ward: Ward) -> None:
    make_submission(ward.unit, "chim sơn ca")
    assert not any("sơn ca" in str(one) for one in Detail.objects.values_list("content", flat=True))


def test_a_plan_is_commented_on_by_measure() -> None:
    world = make_world()
    plan = make_plan(world, None, Line(text="Sinh hoạt chuyên đề"), Line(text="Tiếp dân định kỳ"))
    draft = version_of(plan)
    whole = Subject(About.PLAN, version=draft.pk)
    with pytest.raises(Invalid, match=CommentError.NOT_ADOPTED):
        make_call(world.ward, subjects=[whole])
    plans.adopt_plan(plan=plan, adopted=Adopted(date(2012, 3, 20)), actor=SYSTEM, at=AT)
    call = make_call(world.ward, subjects=[whole])
    choices = choices_of(call, on=DAY)
    assert [choice.title for choice in choices] == [
        "Kế hoạch học tập",
        "1. Sinh hoạt chuyên đề",
        "2. Tiếp dân định kỳ",
        "",
    ]
    author = world.ward.members[0][1]
    points = [Said(choices[2].subject, "Thêm buổi tối")]
    actions.write_openly(call=call, person=author, points=points, actor=acting_as(author), at=AT)
    point = Point.objects.get()
    assert (point.about, point.version_id) == (About.MEASURE, draft.pk)
    assert point.measure is not None
    assert point.measure.wordings.get().text == "Tiếp dân định kỳ"
