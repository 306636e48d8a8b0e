from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trienkhai.comments.queries.numbers import check_numbers, own_file
from trienkhai.comments.rules import (
    About,
    AuthorKind,
    CallPlan,
    CallState,
    Channel,
    CommentError,
    Intake,
    Promise,
    Said,
    Subject,
    count_kinds,
    faults_of,
    faults_of_points,
    in_words,
    limits_from,
    out_of_words,
    promises_for,
    read_limits,
    state_of,
)
from trienkhai.config.commands.check import check_rules
from trienkhai.core.decisions import Invalid
from trienkhai.sealed.rules import Mode

DAY = date(2012, 6, 1)
LIMITS = read_limits()
FREE = Subject(About.FREE)
PERSON = Subject(About.PERSON, person=1, reviewed_by=2)


def plan(**more: object) -> CallPlan:
    given = {
        "title": "Lấy ý kiến",
        "asks": "",
        "opens_on": DAY,
        "closes_on": DAY,
        "answer_by": DAY,
        "promises": frozenset(Promise),
        "subjects": [FREE],
    }
    return CallPlan(**{**given, **more})  # type: ignore[arg-type]


def test_promises_are_the_boxes_modes() -> None:
    assert {promise.value for promise in Promise} == {mode.value for mode in Mode if mode is not Mode.NOTHING}


@pytest.mark.parametrize(("asked", "is_fine"), [(9, False), (10, True), (11, True)])
def test_without_a_name_needs_ten(asked: int, is_fine: bool) -> None:  # noqa: FBT001 - a table
    found = faults_of(plan(), asked=asked, limits=LIMITS, at=DAY).found
    assert ([] if is_fine else [CommentError.TOO_FEW_ASKED]) == [fault.code for fault in found]


def test_persons_alone_are_never_commented_on_without_a_name_unless_the_rules_say_so() -> None:
    found = faults_of(plan(subjects=[PERSON]), asked=20, limits=LIMITS, at=DAY).found
    assert [fault.code for fault in found] == [CommentError.PERSON_WITHOUT_A_NAME]
    other = limits_from({"persons_without_a_name": True})
    assert not faults_of(plan(subjects=[PERSON]), asked=20, limits=other, at=DAY).found
    assert not faults_of(plan(subjects=[PERSON, FREE]), asked=20, limits=LIMITS, at=DAY).found


@pytest.mark.parametrize(
    ("abouts", "promises"),
    [
        ({About.FREE}, tuple(Promise)),
        ({About.FREE, About.PERSON}, (Promise.NAMED, Promise.NAME_KEPT)),
    ],
)
def test_which_promises_can_be_given(abouts: set[About], promises: tuple[Promise, ...]) -> None:
    assert promises_for(frozenset(Promise), abouts, LIMITS) == promises


@given(
    opens=st.integers(0, 30),
    length=st.integers(0, 30),
    today=st.integers(-10, 90),
    closed=st.none() | st.integers(0, 60),
)
def test_a_sealed_call_is_never_answered_before_it_is_released(
    opens: int, length: int, today: int, closed: int | None
) -> None:
    opens_on = DAY + timedelta(days=opens)
    state = state_of(
        opens_on=opens_on,
        closes_on=opens_on + timedelta(days=length),
        today=DAY + timedelta(days=today),
        is_sealed=True,
        closed_on=None if closed is None else DAY + timedelta(days=closed),
    )
    assert state in {CallState.COMING, CallState.OPEN, CallState.CLOSED}


def test_what_goes_into_a_box_comes_out_as_it_was() -> None:
    said = [Said(PERSON, "Một"), Said(FREE, "Hai\n\n ba")]
    keys = {PERSON: "a", FREE: "b"}
    assert out_of_words(in_words(said, keys), {"a": PERSON, "b": FREE}) == said


@pytest.mark.parametrize(
    ("content", "points"),
    [
        (None, []),
        ("x", []),
        ([{"about": "gone", "text": "Còn lời"}], [Said(FREE, "Còn lời")]),
        ([{"text": ""}, 3, {"about": "a"}], []),
    ],
)
def test_one_strange_text_does_not_hold_up_the_others(content: object, points: list[Said]) -> None:
    assert out_of_words(content, {"a": PERSON}) == points


def test_words_are_not_in_what_python_shows_of_them() -> None:
    said = Said(FREE, "bí mật của tôi")
    intake = Intake(Channel.LETTER, AuthorKind.RESIDENT, [said], DAY)
    assert "bí mật" not in repr(said)
    assert "bí mật" not in repr(intake)


def test_kinds_of_points_are_counted() -> None:
    assert count_kinds([Said(FREE, "a"), Said(PERSON, "b"), Said(FREE, "c")]) == {About.PERSON: 1, About.FREE: 2}


def test_a_person_without_a_name_is_a_fault_of_the_points() -> None:
    found = faults_of_points([Said(PERSON, "a")], LIMITS, promise=Promise.WITHOUT_A_NAME).found
    assert [fault.code for fault in found] == [CommentError.PERSON_WITHOUT_A_NAME]
    assert not faults_of_points([Said(PERSON, "a")], LIMITS, promise=Promise.NAME_KEPT).found


@pytest.mark.parametrize(
    ("text", "is_fine"),
    [
        ("[calls]\nthreshold = 7\n", True),
        ("[calls]\npersons_without_a_name = true\n", True),
        ("[calls]\nthreshold = 4\n", False),
        ("[calls]\nwait_days = 1\n", False),
        ("[calls]\nfewest_without_a_name = 3\n", False),
        ("[calls]\nthreshold = true\n", False),
        ("[calls]\nthershold = 7\n", False),
        ("[calls\n", False),
    ],
)
def test_an_installation_may_raise_what_protects_and_never_lower_it(
    tmp_path: Path,
    text: str,
    is_fine: bool,  # noqa: FBT001 - a table
) -> None:
    path = tmp_path / "comments.toml"
    path.write_text(text, encoding="utf-8")
    if is_fine:
        assert read_limits(path) != LIMITS
        return
    with pytest.raises(Invalid):
        read_limits(path)


def test_check_names_what_is_wrong_in_the_file() -> None:
    path = own_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.write_text("[calls]\nthreshold = 9\n", encoding="utf-8")
        assert check_numbers() == []
        assert not [fault for fault in check_rules() if "comments" in fault.at]
        path.write_text("[calls]\nthreshold = 1\n", encoding="utf-8")
        assert [fault.code for fault in check_rules() if "comments" in fault.at] == ["comment_rules_without_meaning"]
    finally:
        path.unlink()
