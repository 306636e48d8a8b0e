from dataclasses import replace
from datetime import date

import pytest

from trienkhai.core.decisions import Invalid
from trienkhai.plans.rules import (
    LONGEST_TEXT,
    Adopted,
    Against,
    Between,
    Finding,
    Head,
    Line,
    PlanError,
    Remark,
    findings,
)

OPENS, LAST = date(2012, 2, 1), date(2012, 10, 31)
GOOD = Line("Học tập", lead="Ban Tuyên giáo", deadline_on=date(2012, 5, 1), product="Biên bản", provision=1)


def remarks(*lines: Line, last: date | None = LAST) -> list[Finding]:
    return findings(lines, Against(opens_on=OPENS, last_deadline=last))


def test_an_empty_draft_lacks_measures() -> None:
    assert remarks() == [Finding(Remark.NO_MEASURE)]


def test_each_measure_is_looked_at() -> None:
    assert remarks(GOOD) == []
    lacking = (Remark.NO_LEAD, Remark.NO_DEADLINE, Remark.NO_PRODUCT, Remark.ORPHAN)
    assert remarks(GOOD, Line("x")) == [Finding(remark, 2) for remark in lacking]
    assert remarks(replace(GOOD, lead="", lead_unit=3, deadline_on=LAST)) == []
    assert remarks(replace(GOOD, provision=None, answers=5)) == []
    assert remarks(replace(GOOD, deadline_on=None, is_recurring=True)) == []
    late, early = replace(GOOD, deadline_on=date(2012, 11, 1)), replace(GOOD, deadline_on=date(2012, 1, 31))
    assert remarks(late) == [Finding(Remark.AFTER_LAST_STEP, 1)]
    assert remarks(late, last=None) == []
    assert remarks(early) == [Finding(Remark.BEFORE_ROLLOUT, 1)]


def test_deadlines_are_compared_with_the_plan_above_and_the_day() -> None:
    lines = [replace(GOOD, answers=7)]

    def seen(upper: date | None, overdue_on: date | None = None) -> list[Finding]:
        return findings(lines, Against(OPENS, LAST, upper={7: upper}, overdue_on=overdue_on))

    assert seen(date(2012, 4, 30)) == [Finding(Remark.AFTER_UPPER, 1)]
    assert seen(date(2012, 5, 1)) == seen(None) == []
    assert seen(None, date(2012, 5, 1)) == []
    assert seen(None, date(2012, 5, 2)) == [Finding(Remark.OVERDUE, 1)]
    told = Against(OPENS, LAST, overdue_on=date(2012, 5, 2), done={3})
    assert findings([replace(GOOD, measure=3)], told) == []
    assert findings([replace(GOOD, measure=4)], told) == [Finding(Remark.OVERDUE, 1)]
    assert findings([replace(GOOD, is_recurring=True)], told) == []
    assert findings(lines, Against(OPENS, is_told=False, as_they_are=frozenset({1, 2}))) == []


def test_a_line_is_tidied() -> None:
    line = Line("  một\r\n\r\n\r\nhai ", lead_unit=5, lead="bỏ", product=" báo  cáo ").checked()
    assert (line.text, line.lead, line.product) == ("một\n\nhai", "", "báo cáo")


@pytest.mark.parametrize(
    ("line", "code", "on"),
    [
        (Line(" \u200b "), PlanError.MEASURE_EMPTY, "text"),
        (Line("x" * (LONGEST_TEXT + 1)), PlanError.TOO_LONG, "text"),
        (Line("x", lead="y" * 201), PlanError.TOO_LONG, "lead"),
        (Line("x", product="y" * 251), PlanError.TOO_LONG, "product"),
    ],
)
def test_lines_that_cannot_be(line: Line, code: str, on: str) -> None:
    with pytest.raises(Invalid) as caught:
        line.checked()
    assert (caught.value.code, caught.value.on) == (code, on)


@pytest.mark.parametrize(
    ("head", "code", "on"),
    [
        (Head(" "), PlanError.TITLE_EMPTY, "title"),
        (Head("x" * 301), PlanError.TOO_LONG, "title"),
        (Head("x", purpose="y" * (LONGEST_TEXT + 1)), PlanError.TOO_LONG, "purpose"),
    ],
)
def test_heads_that_cannot_be(head: Head, code: str, on: str) -> None:
    with pytest.raises(Invalid) as caught:
        head.checked()
    assert (caught.value.code, caught.value.on) == (code, on)


@pytest.mark.parametrize(
    ("adopted", "code", "on"),
    [
        (Adopted(date(2012, 6, 2)), PlanError.IN_THE_FUTURE, "on"),
        (Adopted(date(2012, 1, 15)), PlanError.BEFORE_ISSUED, "on"),
        (Adopted(date(2012, 2, 9)), PlanError.BEFORE_LAST_VERSION, "on"),
        (Adopted(date(2012, 5, 21)), PlanError.AFTER_NEXT_VERSION, "on"),
        (Adopted(date(2012, 5, 1), number="x" * 61), PlanError.TOO_LONG, "number"),
    ],
)
def test_adoptions_that_cannot_be(adopted: Adopted, code: str, on: str) -> None:
    with pytest.raises(Invalid) as caught:
        adopted.checked(Between(date(2012, 6, 1), date(2012, 1, 16), date(2012, 2, 10), date(2012, 5, 20)))
    assert (caught.value.code, caught.value.on) == (code, on)
    assert Adopted(date(2011, 1, 1)).checked(Between(date(2012, 6, 1))).on.year == 2011
