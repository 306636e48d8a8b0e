"""Applying the differences to the old gives the new, by word and by measure."""

from dataclasses import replace
from datetime import date
from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from trienkhai.plans.rules import (
    Change,
    Coordinator,
    Line,
    Piece,
    applied,
    differences,
    keys_changed,
    new_text,
    old_text,
    word_changes,
)

WORDS = st.lists(st.sampled_from(["học", "tập", "Đảng", " ", "  ", "\n", ",", ".", "uỷ"]), max_size=14).map("".join)
ANY_TEXT = WORDS | st.text(max_size=30)
KEYS = [UUID(int=number) for number in range(1, 8)]


@st.composite
def plans(draw: st.DrawFn) -> list[Line]:
    """Measures with some identities, in some order, in some words."""
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True))
    return [Line(draw(st.sampled_from(["một", "hai", "hai ba"])), key=key) for key in keys]


@given(ANY_TEXT, ANY_TEXT)
def test_pieces_make_both_texts(old: str, new: str) -> None:
    pieces = word_changes(old, new)
    assert (old_text(pieces), new_text(pieces)) == (old, new)
    assert all(piece.text and piece.text == piece.blank + piece.words for piece in pieces)
    assert all(one.change != two.change for one, two in pairwise(pieces))


@given(ANY_TEXT)
def test_the_same_text_has_no_difference(text: str) -> None:
    assert {piece.change for piece in word_changes(text, text)} <= {Change.SAME}


@given(plans(), plans())
def test_differences_applied_to_the_old_give_the_new(old: list[Line], new: list[Line]) -> None:
    found = differences(old, new)
    assert applied(old, found) == new
    assert sorted(one.old_number for one in found if one.old_number) == list(range(1, len(old) + 1))
    assert [one.new_number for one in found if one.new_number] == list(range(1, len(new) + 1))
    for one in found:
        assert one.old is None or old[(one.old_number or 0) - 1] is one.old
        assert one.change != Change.SAME or one.old == one.new
        assert one.change != Change.CHANGED or (one.old != one.new and one.old is not None and one.new is not None)
    assert keys_changed(found) == [
        (one.new or one.old).key  # type: ignore[union-attr]
        for one in found
        if one.change != Change.SAME
    ]


@given(plans())
def test_the_fewest_are_told_of_as_moved(lines: list[Line]) -> None:
    assert not any(one.is_moved for one in differences(lines, lines))
    if len(lines) > 1:
        moved = [*lines[1:], lines[0]]
        assert sum(one.is_moved for one in differences(lines, moved)) == 1


def test_only_the_words_that_changed_are_told_of() -> None:
    assert word_changes("Học tập hai buổi.", "Học tập ba buổi, có thảo luận.") == (
        Piece(Change.SAME, "Học tập"),
        Piece(Change.REMOVED, " hai"),
        Piece(Change.ADDED, " ba"),
        Piece(Change.SAME, " buổi"),
        Piece(Change.ADDED, ", có thảo luận"),
        Piece(Change.SAME, "."),
    )
    assert word_changes("Dòng một\nDòng hai", "Dòng một\nDòng ba")[0] == Piece(Change.SAME, "Dòng một\nDòng")


def test_very_long_passages_are_replaced_whole() -> None:
    old, new = " ".join(["cũ"] * 1_200), " ".join(["mới"] * 1_200)
    assert word_changes(old, new) == (Piece(Change.REMOVED, old), Piece(Change.ADDED, new))


def test_facts_that_differ_are_named() -> None:
    line = Line("Học tập", lead="Ban Tuyên giáo", key=KEYS[0])
    other = replace(line, lead="", lead_unit=4, deadline_on=date(2012, 5, 1), coordinators=(Coordinator(5),))
    (changed,) = differences([line], [other])
    assert (changed.change, changed.facts) == (Change.CHANGED, frozenset({"lead", "deadline", "coordinators"}))
    (gone,) = differences([line], [])
    assert (gone.change, gone.facts, gone.new) == (Change.REMOVED, frozenset(), None)
