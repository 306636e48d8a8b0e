from datetime import date

import pytest

from trienkhai.comments.rules import About, DispositionKind, Subject
from trienkhai.comments.rules.grouping import (
    DeskError,
    Join,
    Placed,
    Reply,
    difference,
    faults_of_reply,
    is_verbatim,
    joins,
    may_share,
)

DAY = date(2012, 6, 1)
ACCEPTED = Reply(DispositionKind.ACCEPTED, "Tiếp thu.", DAY)


def test_points_on_a_person_share_a_group_with_those_on_the_same_person_alone() -> None:
    an, binh = Subject(About.PERSON, person=1, reviewed_by=9), Subject(About.PERSON, person=2, reviewed_by=9)
    measure, body = Subject(About.MEASURE, version=1, measure=2), Subject(About.BODY, body=1)
    assert may_share(an, Subject(About.PERSON, person=1, reviewed_by=8))
    assert not may_share(an, binh)
    assert not may_share(an, body)
    assert not may_share(measure, an)
    assert may_share(measure, body)


def test_what_is_new_goes_to_the_one_that_represents_it() -> None:
    points = [Placed(11, 1, is_placed=False), Placed(12, 2, is_placed=False), Placed(13, 3, is_placed=False)]
    assert joins(points, [((0, 1), 1), ((2,), 2)]) == [Join(2, (11,), 12)]


def test_what_comes_late_goes_where_most_of_its_like_are_and_nobody_else_moves() -> None:
    points = [Placed(n, group, is_placed=n < 5) for n, group in enumerate((7, 8, 8, 8, 7, 50, 51))]
    assert joins(points, [(range(7), 0)]) == [Join(8, (5, 6), None)]


def test_nothing_is_joined_where_all_are_placed() -> None:
    points = [Placed(1, 1, is_placed=True), Placed(2, 2, is_placed=True)]
    assert joins(points, [((0, 1), 0)]) == []


@pytest.mark.parametrize(
    ("reply", "needs", "draft", "code"),
    [
        (Reply(DispositionKind.EXPLAINED, "  ", DAY), False, True, DeskError.NO_ANSWER),
        (Reply(DispositionKind.EXPLAINED, "Đã rõ.", date(2012, 6, 2)), False, True, DeskError.IN_THE_FUTURE),
        (ACCEPTED, True, True, DeskError.NO_CLAUSE),
        (ACCEPTED, True, False, DeskError.NO_DRAFT),
        (Reply(DispositionKind.PASSED_ON, "Đã chuyển.", DAY), False, True, DeskError.NO_RECEIVER),
        (ACCEPTED, False, False, None),
        (Reply(DispositionKind.EXPLAINED, "Đã rõ.", DAY), True, False, None),
    ],
)
def test_what_an_answer_lacks(reply: Reply, needs: bool, draft: bool, code: DeskError | None) -> None:  # noqa: FBT001
    found = faults_of_reply(reply, needs_clause=needs, has_draft=draft, today=DAY).found
    assert [fault.code for fault in found] == ([code] if code else [])


def test_a_summary_that_repeats_an_author_is_noticed_whatever_its_marks() -> None:
    assert is_verbatim("Lắp đèn ở ngõ ĐÌNH!", ["lap den o ngo dinh"])
    assert not is_verbatim("Đề nghị có đèn đường", ["lap den o ngo dinh"])
    assert not is_verbatim("…", [""])


def test_only_what_changed_is_posted() -> None:
    before = {("a", 1, DAY): 2, ("b", 1, DAY): 1}
    after = {("a", 1, DAY): 3, ("b", 1, DAY): 1, ("c", 2, DAY): 1}
    assert difference(before, after) == {("a", 1, DAY): 1, ("c", 2, DAY): 1}
    assert difference(after, {}) == {("a", 1, DAY): -3, ("b", 1, DAY): -1, ("c", 2, DAY): -1}
