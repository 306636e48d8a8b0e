from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trienkhai.papers.rules import Event, PaperError, PaperEventKind, PaperStanding, PaperState, fault_of, standing

OCT = [date(2012, 10, day) for day in range(1, 32)]
S, R, A = PaperEventKind.SUBMITTED, PaperEventKind.RETURNED, PaperEventKind.ACCEPTED


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], PaperStanding()),
        ([Event(S, OCT[0])], PaperStanding(PaperState.SUBMITTED, OCT[0])),
        ([Event(S, OCT[0]), Event(R, OCT[3])], PaperStanding(PaperState.RETURNED, OCT[0])),
        (
            [Event(S, OCT[0]), Event(R, OCT[3]), Event(S, OCT[9])],
            PaperStanding(PaperState.SUBMITTED, OCT[0]),
        ),
        ([Event(S, OCT[0]), Event(A, OCT[4])], PaperStanding(PaperState.ACCEPTED, OCT[0], OCT[4])),
        ([Event(S, OCT[0]), Event(A, OCT[4]), Event(R, OCT[5])], PaperStanding(PaperState.RETURNED, OCT[0])),
    ],
)
def test_where_a_paper_stands(events: list[Event], expected: PaperStanding) -> None:
    assert standing(events) == expected


@given(st.lists(st.builds(Event, st.sampled_from(PaperEventKind), st.sampled_from(OCT)), max_size=8))
def test_only_what_can_follow_is_let_through(tried: list[Event]) -> None:
    happened: list[Event] = []
    for event in tried:
        if fault_of(event, happened) is None:
            happened.append(event)
    assert [event.on for event in happened] == sorted(event.on for event in happened)
    assert not happened or happened[0].kind is S
    stands = standing(happened)
    assert (stands.accepted_on is None) == (stands.state is not PaperState.ACCEPTED)
    assert (stands.submitted_on is None) == (not happened)


def test_a_paper_is_not_handed_in_twice() -> None:
    assert fault_of(Event(S, OCT[5]), [Event(S, OCT[1])]) is PaperError.ALREADY_SUBMITTED
    assert fault_of(Event(A, OCT[5]), []) is PaperError.NOT_SUBMITTED
    assert fault_of(Event(R, OCT[0]), [Event(S, OCT[1])]) is PaperError.BEFORE_LAST_EVENT
