import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trienkhai.text import Rank, fold, matches, rank, snippet, spans

SHORT = st.text(alphabet="aàáăâbcdđoòhịyý ,.\u0300", max_size=30)


@pytest.mark.parametrize(
    ("query", "text", "level"),
    [
        ("Hoà Lạc", "Phường Hòa Lạc", Rank.PHRASE_AS_SPELT),
        ("lạc hoà", "Phường Hoà Lạc", Rank.WORDS_AS_SPELT),
        ("hoa lac", "Phường Hoà Lạc", Rank.PHRASE_FOLDED),
        ("lac hoa", "Phường Hoà Lạc", Rank.WORDS_FOLDED),
        ("hoá lạc", "Phường Hoà Lạc", Rank.PHRASE_FOLDED),
        ("dang", "Đảng uỷ", Rank.PHRASE_FOLDED),
        ("uy", "Đảng ủy", Rank.PHRASE_FOLDED),
        ("uỷ", "Đảng ủy", Rank.PHRASE_AS_SPELT),
        ("nguy", "Nguyễn", Rank.PHRASE_AS_SPELT),  # the beginning of a word
        ("nguyen", "Nguyễn", Rank.PHRASE_FOLDED),
        ("127 BC", "Số 127-BC/ĐU", Rank.PHRASE_AS_SPELT),
        ("hoa an", "Phường Hoà Lạc", None),
        ("  ", "Phường", None),
        ("?!", "Phường", None),
        ("a", "", None),
    ],
)
def test_rank(query: str, text: str, level: Rank | None) -> None:
    assert rank(query, text) == level
    assert matches(query, text) == (level is not None)


@given(SHORT, SHORT)
def test_rank_and_matches_agree(query: str, text: str) -> None:
    assert matches(query, text) == (rank(query, text) is not None)


@given(SHORT, SHORT)
def test_every_word_of_the_query_is_among_the_hits(query: str, text: str) -> None:
    found = spans(query, text)
    if rank(query, text) is None:
        assert found == []
        return
    marked = " ".join(fold(text[start:end]) for start, end in found)
    assert all(word in marked for word in fold(query).split())
    assert all(a[1] < b[0] for a, b in itertools.pairwise(found))


@given(SHORT, st.text(max_size=300), st.integers(10, 60))
def test_a_snippet_is_a_part_of_the_text(query: str, text: str, width: int) -> None:
    pieces = snippet(query, text, width)
    joined = "".join(piece for piece, _ in pieces)
    inner = joined.removeprefix("…").removesuffix("…") if joined.strip("…") != text.strip("…") else joined
    assert inner in text or joined in text
    assert len(joined) <= width + 2


def test_snippet_marks_the_original_letters() -> None:
    text = "Hội nghị của Đảng uỷ phường Hoà Lạc bàn về kế hoạch."
    assert snippet("dang uy", text, 200) == [
        ("Hội nghị của ", False),
        ("Đảng uỷ", True),
        (" phường Hoà Lạc bàn về kế hoạch.", False),
    ]


def test_snippet_marks_taken_apart_letters_whole() -> None:
    text = unicodedata.normalize("NFD", "của Đảng uỷ")
    assert snippet("dang", text) == [
        ("cu\u0309a ", False),
        (unicodedata.normalize("NFD", "Đảng"), True),
        (unicodedata.normalize("NFD", " uỷ"), False),
    ]


def test_snippet_cuts_between_words_and_keeps_the_hit() -> None:
    text = "một hai ba bốn năm sáu bảy tám chín mười " * 5 + "Hoà Lạc " + "mười một mười hai " * 9
    pieces = snippet("hoa lac", text, 60)
    assert ("Hoà Lạc", True) in pieces
    assert pieces[0] == ("…", False)
    assert pieces[-1] == ("…", False)
    words = set(text.split())
    assert all(word in words for piece, _ in pieces[1:-1] for word in piece.split())


def test_snippet_without_a_hit_is_the_beginning() -> None:
    assert snippet("x", "một hai ba", 6) == [("một ", False), ("…", False)]
    assert snippet("x", "một", 6) == [("một", False)]
    assert snippet("x", "") == []
