from datetime import date

import pytest

from trienkhai.web.rules import ToDo, Urgency, in_order, urgency

OPENS, DUE = date(2012, 2, 1), date(2012, 10, 31)


@pytest.mark.parametrize(
    ("today", "deadline", "expected"),
    [
        (date(2012, 1, 31), DUE, Urgency.NOT_DUE),
        (OPENS, DUE, Urgency.RUNNING),
        (DUE, DUE, Urgency.RUNNING),
        (date(2012, 11, 1), DUE, Urgency.LATE),
        (date(2020, 1, 1), None, Urgency.RUNNING),
    ],
)
def test_a_deadline_is_the_end_of_its_day(today: date, deadline: date | None, expected: Urgency) -> None:
    assert urgency(opens_on=OPENS, deadline=deadline, today=today) is expected


def thing(urgent: Urgency, deadline: date | None) -> ToDo:
    return ToDo("papers_submitted", "", "", 1, 3, deadline, "/", urgent)


def test_late_first_oldest_first_without_deadline_last() -> None:
    late, later = thing(Urgency.LATE, date(2012, 5, 1)), thing(Urgency.LATE, date(2012, 9, 1))
    running, open_end = thing(Urgency.RUNNING, DUE), thing(Urgency.RUNNING, None)
    assert in_order([open_end, running, later, late]) == [late, later, running, open_end]
    assert late.missing == 2
