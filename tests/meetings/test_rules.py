from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trienkhai.meetings.rules import (
    ATTENDED,
    Listed,
    Mark,
    Presence,
    RosterGroup,
    Sitting,
    Tally,
    Verdict,
    Visit,
    attendance_effects,
    holding_effects,
    judge,
    other_effects,
    redraw,
    studied_on,
    tally,
    unit_studied_on,
)
from trienkhai.rollouts.rules import ATTENDANCES, MEETINGS_HELD, OTHERS_STUDIED, CellStudyRule

FIRST = date(2012, 3, 1)
days = st.integers(0, 40).map(lambda n: FIRST + timedelta(days=n))
few = st.integers(1, 5)
marks = st.builds(Mark, st.sampled_from(Presence), st.sampled_from(["", "ốm"]))
maybe = st.none() | marks
groups = st.sampled_from(RosterGroup)
visits = st.lists(
    st.builds(Visit, few, few, groups, days, few), unique_by=lambda visit: (visit.person, visit.meeting), max_size=30
)
sittings = st.lists(
    st.builds(
        Sitting,
        day=days,
        is_own=st.booleans(),
        course=few,
        is_make_up=st.booleans(),
        listed=st.frozensets(few),
        attended=st.frozensets(few),
    ),
    max_size=8,
)


@given(mine=marks, seen=maybe, now=maybe)
def test_nothing_typed_and_nothing_written_is_ever_lost(mine: Mark, seen: Mark | None, now: Mark | None) -> None:
    verdict = judge(mine=mine, seen=seen, now=now)
    if verdict is Verdict.WRITE:
        assert now == seen  # nobody wrote in between
    if verdict is Verdict.KEEP:
        assert mine == seen  # nothing was typed here
    if verdict is Verdict.SAME:
        assert mine == now
    if verdict is Verdict.CONFLICT:
        assert mine not in {seen, now}
        assert now != seen


@given(st.lists(st.none() | st.sampled_from(Presence)))
def test_a_tally_accounts_for_everybody_listed(roll: list[Presence | None]) -> None:
    found = tally(roll)
    assert found.attended + found.away + found.unmarked == found.listed == len(roll)
    assert found.attended == sum(one in ATTENDED for one in roll)
    assert found.share is None or 0 <= found.share <= 1


@given(st.lists(st.none() | st.sampled_from(Presence)), st.lists(st.none() | st.sampled_from(Presence)))
def test_tallies_add_up(first: list[Presence | None], second: list[Presence | None]) -> None:
    assert tally(first) + tally(second) == tally(first + second)


def test_an_empty_roster_has_no_share() -> None:
    assert Tally().share is None


listed = st.builds(Listed, few, few, st.sampled_from([RosterGroup.MEMBER, RosterGroup.OTHER]))


@given(
    wanted=st.lists(listed, unique_by=lambda one: one.person),
    drawn=st.lists(listed, unique_by=lambda one: one.person),
    kept=st.sets(few),
)
def test_drawing_again_makes_the_roster_right_and_then_changes_nothing(
    wanted: list[Listed], drawn: list[Listed], kept: set[int]
) -> None:
    before = {one.person: one for one in drawn}
    change = redraw(wanted=wanted, drawn=before, kept=kept)
    after = {person: one for person, one in before.items() if person not in change.leaves}
    assert not after.keys() & {one.person for one in change.comes}
    after |= {one.person: one for one in change.comes}
    assert not redraw(wanted=wanted, drawn=after, kept=kept)
    for person in kept & before.keys():
        assert after[person] == before[person]
    for one in wanted:
        assert one.person in after


@given(visits)
def test_others_count_once_on_the_first_day_and_never_members_or_guests(found: list[Visit]) -> None:
    effects = other_effects(found)
    others = {visit.person for visit in found if visit.group is RosterGroup.OTHER}
    assert effects.total() == len(others)
    first = {
        person: min(v.day for v in found if v.person == person and v.group is RosterGroup.OTHER) for person in others
    }
    assert sorted(day for (_code, _unit, day) in effects.elements()) == sorted(first.values())
    assert {code for code, _unit, _day in effects} <= {OTHERS_STUDIED}


@given(visits)
def test_attendances_count_every_visit_but_guests_in_any_order(found: list[Visit]) -> None:
    effects = attendance_effects(found)
    assert effects.total() == sum(visit.group is not RosterGroup.GUEST for visit in found)
    assert effects == attendance_effects(reversed(found))
    assert {code for code, _unit, _day in effects} <= {ATTENDANCES}
    assert other_effects(found) == other_effects(reversed(found))


@given(st.lists(days))
def test_a_person_has_studied_on_the_first_day_there(found: list[date]) -> None:
    assert studied_on(found) == (min(found) if found else None)


def test_a_held_meeting_counts_for_its_host() -> None:
    assert holding_effects(7, FIRST) == {(MEETINGS_HELD, 7, FIRST): 1}
    assert not holding_effects(7, None)


@given(sittings, st.integers(0, 100))
def test_stricter_rules_never_let_a_unit_study_earlier(found: list[Sitting], quorum: int) -> None:
    either = unit_studied_on(CellStudyRule.OWN_OR_SEATS, quorum, found)
    for rule in (CellStudyRule.OWN_ONLY, CellStudyRule.QUORUM):
        day = unit_studied_on(rule, quorum, found)
        assert day is None or (either is not None and either <= day)
        assert day is None or day in {sitting.day for sitting in found}
    low, high = (unit_studied_on(CellStudyRule.QUORUM, share, found) for share in (quorum // 2, quorum))
    assert high is None or (low is not None and low <= high)


@given(sittings, st.integers(0, 100))
def test_a_quorum_needs_that_share_of_one_meetings_roster(found: list[Sitting], quorum: int) -> None:
    day = unit_studied_on(CellStudyRule.QUORUM, quorum, found)
    if day is None:
        return
    reached = False
    for sitting in found:
        if sitting.is_make_up or not sitting.listed:
            continue
        there: set[int] = set()
        for other in found:
            if other.course == sitting.course and other.day <= day:
                there |= other.attended & sitting.listed
        reached |= 100 * len(there) >= quorum * len(sitting.listed)
    if len({s.course for s in found if not s.is_make_up}) == sum(not s.is_make_up for s in found):
        assert reached


EVERYBODY = frozenset(range(1, 11))


@pytest.mark.parametrize(
    ("came", "quorum", "studied"), [(9, 90, True), (8, 90, False), (10, 100, True), (0, 0, True), (7, 66, True)]
)
def test_the_quorum_is_at_least_the_set_share(came: int, quorum: int, studied: bool) -> None:  # noqa: FBT001
    there = frozenset(range(1, came + 1))
    one = Sitting(FIRST, is_own=True, course=1, listed=EVERYBODY, attended=there)
    assert (unit_studied_on(CellStudyRule.QUORUM, quorum, [one]) == FIRST) is studied


def test_a_make_up_sessions_own_roster_is_no_denominator() -> None:
    meeting = Sitting(FIRST, is_own=True, course=1, listed=EVERYBODY, attended=frozenset({1, 2}))
    later = FIRST + timedelta(days=7)
    session = Sitting(later, is_own=True, course=1, is_make_up=True, listed=frozenset({3}), attended=frozenset({3}))
    assert unit_studied_on(CellStudyRule.QUORUM, 50, [meeting, session]) is None
    assert unit_studied_on(CellStudyRule.QUORUM, 30, [meeting, session]) == later
    assert unit_studied_on(CellStudyRule.QUORUM, 0, [session]) is None


def test_a_roster_without_the_units_members_proves_nothing() -> None:
    assert unit_studied_on(CellStudyRule.QUORUM, 0, [Sitting(FIRST, is_own=True, course=1)]) is None
