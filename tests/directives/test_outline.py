from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trienkhai.directives.rules import Entry, outline_of, parse_outline, tree_of
from trienkhai.directives.rules.outline import paths_of

PASTED = """
Hội nghị nhận định tình hình như sau.

I. Tình hình
1. Kết quả
  Nhiều việc đã làm được,
  nhưng còn chậm.
2. Hạn chế
a) Một bộ phận cán bộ chưa gương mẫu
b) Học tập còn hình thức
- ở cấp xã
+ nhất là chi bộ nhỏ
- ở cơ quan
đ) Việc khác
II – Giải pháp
1. 5 việc cần làm ngay
1.1. Tự phê bình
1.2 Kiểm tra
"""


def shape(text: str) -> list[tuple[int, str]]:
    return [(entry.depth, entry.label) for entry in parse_outline(text)]


def test_a_pasted_resolution_becomes_its_tree() -> None:
    assert shape(PASTED) == [
        (0, ""),
        (0, "I."),
        (1, "1."),
        (1, "2."),
        (2, "a)"),
        (2, "b)"),
        (3, "-"),
        (4, "+"),
        (3, "-"),
        (2, "đ)"),
        (0, "II –"),
        (1, "1."),
        (2, "1.1."),
        (2, "1.2"),
    ]


def test_lines_without_a_number_belong_to_the_one_before() -> None:
    entries = parse_outline(PASTED)
    assert entries[2].text == "Kết quả\nNhiều việc đã làm được,\nnhưng còn chậm."
    assert entries[0] == Entry("", "Hội nghị nhận định tình hình như sau.", 0)


def test_a_regulation_becomes_its_tree() -> None:
    text = (
        "Chương I\nQuy định chung\nĐiều 1. Phạm vi\nKhoản 1: đảng viên\nĐiểm a) chính thức\n"
        "Điều 5 của Điều lệ vẫn còn hiệu lực.\nĐiều 2\nChương II: Thi hành\nĐiều 3: Hiệu lực"
    )
    assert shape(text) == [
        (0, "Chương I"), (1, "Điều 1."), (2, "Khoản 1:"), (3, "Điểm a)"),
        (1, "Điều 2"), (0, "Chương II:"), (1, "Điều 3:"),
    ]  # fmt: skip
    assert parse_outline(text)[0].text == "Quy định chung"
    assert parse_outline(text)[3].text == "chính thức\nĐiều 5 của Điều lệ vẫn còn hiệu lực."


@pytest.mark.parametrize(
    "line",
    [
        "1.000 đồng",
        "16.01.2012 ban hành",
        "16/01/2012",
        "2012. Năm",
        "v.v...",
        "vv. và",
        "Mục tiêu chung",
        "-5 độ",
        "",
        "1.2 triệu",
    ],
)
def test_money_dates_and_words_begin_no_provision(line: str) -> None:
    assert shape(f"I. Đầu\n{line}") == [(0, "I.")]


def test_letters_that_are_also_roman_numbers() -> None:
    assert shape("A. một\nB. hai\nC. ba\nD. bốn") == [(0, "A."), (0, "B."), (0, "C."), (0, "D.")]
    assert shape("A. một\nI. hai\nV. ba\nB. bốn\nI.Năm") == [(0, "A."), (1, "I."), (1, "V."), (0, "B."), (1, "I.")]
    assert shape("h) tám\ni) chín") == [(0, "h)"), (0, "i)")]


def test_a_number_alone_on_its_line_keeps_its_text_below() -> None:
    entries = parse_outline("Điều 2\nvề cán bộ\nvà đảng viên\n1.\nHọc tập")
    assert outline_of(entries) == "Điều 2\nvề cán bộ\nvà đảng viên\n1. Học tập"
    assert parse_outline(outline_of(entries)) == entries


def test_a_tree_knows_positions() -> None:
    (first, second) = tree_of(parse_outline("I. a\n1. b\n2. c\nII. d"))
    assert [child.position for child in first.children] == [1, 2]
    assert (second.position, second.children) == (3, [])


def test_paths_tell_repeated_labels_apart() -> None:
    paths = list(paths_of(parse_outline("I. a\n- b\n- c\nI. d\n- e")))
    assert len(set(paths)) == 5
    assert paths[1] == ("i#1", "-#1")


SIGNS = ("I.", "II.", "V.", "A.", "B.", "C.", "1.", "2)", "1.1.", "1.2", "a)", "b.", "đ)", "-", "+", "1.000", "v.v")
WORDS = ("Điều 3.", "Khoản 2", "Chương I", "Mục 2:", "Phần thứ nhất", "Điểm b)")
RESTS = st.text("ab Đ1.)-(", max_size=8)
LABELLED = st.builds(lambda label, rest: f"{label} {rest}", st.sampled_from(SIGNS + WORDS), RESTS)
LINES = st.lists(LABELLED | st.text(max_size=20), max_size=12)


@given(LINES)
def test_the_lines_of_a_tree_are_read_as_the_same_tree(lines: list[str]) -> None:
    once = parse_outline("\n".join(lines))
    assert parse_outline(outline_of(once)) == once


@given(LINES)
def test_nobody_hangs_in_the_air(lines: list[str]) -> None:
    depths = [entry.depth for entry in parse_outline("\n".join(lines))]
    assert all(later <= earlier + 1 for earlier, later in pairwise(depths))
    assert not depths or depths[0] == 0
