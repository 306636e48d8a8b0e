"""Prose with figures bound into it."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trienkhai.progress.rules.drafts import draft
from trienkhai.progress.rules.figures import CODES, FigureValue, StepState, minus, state_of
from trienkhai.progress.rules.prose import (
    KNOWN,
    Binding,
    LineKind,
    Token,
    Writing,
    lines_of,
    pieces_of,
    plain,
    unknown_tokens,
)
from trienkhai.rollouts.rules import StepKind

DAY = date(2012, 10, 31)
VALUE = FigureValue("persons_studied", 246, 248, 3, 5, 10, 11, DAY, None, "persons_studied@1")
WRITING = Writing(str, lambda share: f"{float(share):.0%}", str, "nobody")
BINDING = Binding({code: replace(VALUE, code=code) for code in CODES}, DAY, "Đảng bộ phường Bến Mới", 4, WRITING)


@pytest.mark.parametrize(
    ("token", "reads"),
    [
        ("persons_studied", "246/248"),
        ("persons_studied.numerator", "246"),
        ("persons_studied.denominator", "248"),
        ("persons_studied.missing", "2"),
        ("persons_studied.percent", "99%"),
        ("persons_studied.leaders", "10/11"),
        ("persons_studied.leaders_percent", "91%"),
        ("persons_studied.declared", "3/5"),
        ("as_of", "2012-10-31"),
        ("unit", "Đảng bộ phường Bến Mới"),
        ("unit_count", "4"),
    ],
)
def test_what_tokens_read(token: str, reads: str) -> None:
    assert BINDING.text(Token(token)) == reads


def test_a_share_of_nobody_is_said_so() -> None:
    nobody = replace(VALUE, numerator=0, denominator=0)
    assert replace(BINDING, figures={"persons_studied": nobody}).text(Token("persons_studied.percent")) == "nobody"


def test_words_and_figures_keep_their_order() -> None:
    line = "Có {{ persons_studied }} đồng chí ({{persons_studied.percent}})."
    assert pieces_of(line) == (
        "Có ",
        Token("persons_studied"),
        " đồng chí (",
        Token("persons_studied.percent"),
        ").",
    )
    assert plain(pieces_of(line), BINDING) == "Có 246/248 đồng chí (99%)."


@pytest.mark.parametrize(
    ("body", "unknown"),
    [
        ("{{persons_studied}} {{as_of}}", ()),
        ("{{persons}} and {{persons}} {{x.y}}", ("persons", "x.y")),
        ("{{attendances.percent}}", ("attendances.percent",)),
        ("{{units_received.leaders}}", ("units_received.leaders",)),
        ("open {{ and shut", ("{{",)),
        ("{{}}", ("",)),
        ("before {{units_table}}", ("units_table",)),
        ("{{units_table}}", ()),
    ],
)
def test_what_is_no_figure_is_named(body: str, unknown: tuple[str, ...]) -> None:
    assert unknown_tokens(body) == unknown


def test_lines_are_what_they_begin_with() -> None:
    body = "# I. Kết quả\n\n## 1. Học tập\nMột đoạn.\n- một ý\n{{units_table}}\n"
    assert [line.kind for line in lines_of(body)] == [
        LineKind.HEADING,
        LineKind.SUBHEADING,
        LineKind.PARAGRAPH,
        LineKind.ITEM,
        LineKind.TABLE,
    ]


@given(
    st.lists(st.text(alphabet="ab {}#-\n") | st.sampled_from(sorted(KNOWN)).map(lambda t: f"{{{{{t}}}}}")).map("".join)
)
def test_whatever_is_typed_is_either_named_or_read(body: str) -> None:
    if not unknown_tokens(body):
        for line in lines_of(body):
            assert "{{" not in plain(line.pieces, BINDING)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("steps", [tuple(StepKind), (StepKind.STUDY,), ()])
def test_drafts_hold_nothing_unknown(language: str, steps: tuple[StepKind, ...]) -> None:
    begun = draft(language=language, what="Nghị quyết {12}", steps=steps, has_children=True)
    assert unknown_tokens(begun.body) == ()
    assert ("papers_submitted" in begun.body) == (StepKind.PAPER in steps)
    assert "(12)" in begun.subject


@pytest.mark.parametrize(
    ("numerator", "denominator", "deadline", "state"),
    [
        (0, 0, None, StepState.NONE),
        (3, 3, date(2012, 1, 1), StepState.DONE),
        (2, 3, date(2012, 10, 30), StepState.LATE),
        (2, 3, DAY, StepState.RUNNING),
        (0, 3, DAY, StepState.NOT_DUE),
        (0, 3, None, StepState.NOT_DUE),
    ],
)
def test_where_a_step_stands(numerator: int, denominator: int, deadline: date | None, state: StepState) -> None:
    assert state_of(replace(VALUE, numerator=numerator, denominator=denominator), deadline) is state


def test_what_is_left_of_a_figure() -> None:
    part = replace(VALUE, numerator=200, denominator=201, leaders_numerator=10, leaders_denominator=10)
    left = minus(VALUE, [part])
    assert (left.numerator, left.denominator, left.leaders_numerator, left.leaders_denominator) == (46, 47, 0, 1)
