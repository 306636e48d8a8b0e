from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trienkhai.core.periods import FOREVER, Period
from trienkhai.organisation.rules import MemberKind, Standing, Tie
from trienkhai.rollouts.rules import (
    LEADERS,
    OWED,
    History,
    Owing,
    Place,
    RolloutError,
    RolloutPlan,
    Stay,
    StepKind,
    Subject,
    declaration_effects,
    declared,
    default_steps,
    difference,
    effects,
    inherited,
    on_time,
    places_from,
    series,
)

D0 = date(2012, 1, 1)
days = st.integers(0, 60).map(lambda n: D0 + timedelta(days=n))
periods = st.tuples(days, st.one_of(st.just(FOREVER), days)).map(lambda p: Period(*p)).filter(bool)
stays = st.lists(st.builds(Stay, st.integers(1, 3), periods), max_size=6)


def counted(posted: Counter[tuple[str, int, date]], code: str, unit: int, day: date) -> int:
    return sum(n for (c, u, d), n in posted.items() if (c, u) == (code, unit) and d <= day)


@given(stays, days, st.one_of(st.none(), days), st.lists(periods, max_size=3))
def test_an_obligation_belongs_to_at_most_one_unit_on_any_day(
    found: list[Stay], opens: date, deadline: date | None, leading: list[Period]
) -> None:
    places = places_from(found, opens_on=opens, deadline=deadline, leading=leading)
    for n in range(70):
        day = D0 + timedelta(days=n)
        here = [place for place in places if day in place.period]
        staying = {stay.unit for stay in found if day in stay.period}
        assert len(here) <= 1
        if here:
            assert day >= opens
            assert here[0].unit in staying
            assert here[0].is_leader == any(day in lead for lead in leading)
        elif places and staying and day >= opens:
            pytest.fail(f"{day}: owes the step, is somewhere, and yet belongs nowhere")


def test_somebody_who_comes_after_the_deadline_owes_nothing_but_a_mover_still_does() -> None:
    late = [Stay(1, Period(date(2012, 11, 2)))]
    assert places_from(late, opens_on=D0, deadline=date(2012, 10, 31)) == ()
    mover = [Stay(1, Period(D0, date(2012, 11, 2))), Stay(2, Period(date(2012, 11, 2)))]
    assert [place.unit for place in places_from(mover, opens_on=D0, deadline=date(2012, 10, 31))] == [1, 2]


@given(st.lists(st.builds(Place, st.integers(1, 3), periods, st.booleans()), max_size=4), periods)
def test_effects_add_up_to_who_owes_and_who_has_on_every_day(raw: list[Place], studied: Period) -> None:
    places = places_from(
        [Stay(place.unit, place.period) for place in raw],
        opens_on=D0,
        deadline=None,
        leading=[place.period for place in raw if place.is_leader],
    )
    history = History(StepKind.STUDY, Subject.PERSON, places, {"studied": studied})
    posted = effects(history)
    for n in range(0, 70, 3):
        day = D0 + timedelta(days=n)
        for unit in (1, 2, 3):
            here = [place for place in places if place.unit == unit and day in place.period]
            owes, has = len(here), len(here) if day in studied else 0
            leads = sum(place.is_leader for place in here)
            assert counted(posted, series(StepKind.STUDY, Subject.PERSON, OWED), unit, day) == owes
            assert counted(posted, series(StepKind.STUDY, Subject.PERSON, "studied"), unit, day) == has
            assert counted(posted, series(StepKind.STUDY, Subject.PERSON, OWED) + LEADERS, unit, day) == leads


def test_the_difference_of_the_same_effects_is_empty() -> None:
    history = History(StepKind.PAPER, Subject.PERSON, (Place(1, Period(D0)),), {})
    assert difference(effects(history), effects(history)) == Counter()


def test_a_declaration_stands_until_the_next_one() -> None:
    posted = declaration_effects("persons_studied", 7, [(date(2012, 6, 1), 5, 20), (date(2012, 9, 1), 18, 19)])
    code = declared("persons_studied", "denominator")
    assert [counted(posted, code, 7, day) for day in (date(2012, 5, 31), date(2012, 6, 1), date(2012, 9, 1))] == [
        0,
        20,
        19,
    ]


@pytest.mark.parametrize(
    ("handed_in", "deadline", "expected"),
    [
        (None, date(2012, 10, 31), None),
        (date(2012, 10, 31), date(2012, 10, 31), date(2012, 10, 31)),
        (date(2012, 11, 1), date(2012, 10, 31), None),
        (date(2012, 11, 1), None, date(2012, 11, 1)),
    ],
)
def test_on_time_goes_by_the_day_it_was_handed_in(
    handed_in: date | None, deadline: date | None, expected: date | None
) -> None:
    assert on_time(handed_in, deadline) == expected


def test_a_merged_unit_has_it_when_every_predecessor_had() -> None:
    assert inherited([date(2012, 5, 1), date(2012, 6, 1)]) == date(2012, 6, 1)
    assert inherited([date(2012, 5, 1), None]) is None
    assert inherited([]) is None


@pytest.mark.parametrize(
    ("kind", "standing", "tie", "owes"),
    [
        (MemberKind.OFFICIAL, Standing.ACTIVE, Tie.COUNTING, True),
        (MemberKind.PROBATIONARY, Standing.ACTIVE, Tie.COUNTING, True),
        (MemberKind.OTHER, Standing.ACTIVE, Tie.COUNTING, False),
        (MemberKind.OFFICIAL, Standing.EXEMPT, Tie.COUNTING, False),
        (MemberKind.OFFICIAL, Standing.SUSPENDED, Tie.COUNTING, False),
        (MemberKind.OFFICIAL, Standing.ACTIVE, Tie.RESIDENCE, False),
        (MemberKind.OFFICIAL, Standing.ACTIVE, Tie.TEMPORARY, False),
    ],
)
def test_who_owes_by_default(kind: MemberKind, standing: Standing, tie: Tie, owes: bool) -> None:  # noqa: FBT001
    assert Owing().includes(kind, standing, tie) is owes


def test_a_plan_says_what_is_wrong_with_it() -> None:
    late = default_steps({StepKind.STUDY: date(2012, 1, 1)})
    assert RolloutPlan(title=" ", opens_on=D0, steps=()).fault() == RolloutError.NO_TITLE
    assert RolloutPlan(title="x", opens_on=date(2012, 2, 1), steps=late).fault() == RolloutError.DEADLINE_BEFORE_OPENING
    assert RolloutPlan(title="x", opens_on=D0, steps=(), paper_forms=()).fault() == RolloutError.NO_PAPER_FORM
    assert RolloutPlan(title="x", opens_on=D0, steps=(), quorum_percent=101).fault() == RolloutError.QUORUM_OUT_OF_RANGE
    assert RolloutPlan(title="x", opens_on=D0, steps=late[:1]).fault() is None
