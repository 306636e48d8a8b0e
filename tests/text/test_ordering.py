import random
import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trienkhai.text import LONGEST_KEY, name_sort_key, sort_key, split_name
from trienkhai.text.ordering import ALPHABET, Name

WORD = st.text(alphabet=ALPHABET, min_size=1, max_size=4)


def ordered_rightly(right: list[str], *, names: bool = False) -> None:
    mixed = right[:]
    random.Random(4).shuffle(mixed)  # noqa: S311 - any order will do
    assert sorted(mixed, key=name_sort_key if names else sort_key) == right


def test_the_twenty_nine_letters() -> None:
    ordered_rightly(list("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"))


def test_tones() -> None:
    ordered_rightly(["ma", "mà", "mả", "mã", "má", "mạ"])
    ordered_rightly(["ô", "ồ", "ổ", "ỗ", "ố", "ộ"])


def test_code_points_would_sort_these_wrongly() -> None:
    ordered_rightly(["Ánh", "Ăn", "Ân", "Đức", "Ông", "Ý", "Yến"])


def test_tones_count_after_all_letters() -> None:
    ordered_rightly(["Hoa", "Hòa", "Hoá", "Hoan", "Hoàn"])
    ordered_rightly(["Mà an", "Ma ba", "Má ba"])


def test_a_stroke_d_follows_every_d() -> None:
    ordered_rightly(["da", "dưỡng", "đa"])


def test_numbers_by_value() -> None:
    ordered_rightly(["Chi bộ", "Chi bộ 1", "Chi bộ 2", "Chi bộ 2A", "Chi bộ 2B", "Chi bộ 10", "Chi bộ khu 3"])
    assert sort_key("Tổ 02") == sort_key("tổ 2")
    ordered_rightly(["1", "9" * 30, "1" + "0" * 31])


def test_names_by_given_then_family_then_middle() -> None:
    ordered_rightly(
        [
            "Trần Thị Anh",
            "Lê Ánh",
            "Nguyễn Văn Ân",
            "Phạm Bình",
            "Đỗ Văn Dũng",
            "Bùi Thị Đào",
            "Nguyễn An Hùng",
            "Nguyễn Văn Hùng",
            "Nguyễn Văn Hùng (A)",
            "Nguyễn Văn Hùng (B)",
            "Vũ Hùng",
            "Hoàng Yến",
        ],
        names=True,
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [("Lê Hoà", "LÊ HÒA"), ("Lê Thuý", "lê  thúy"), ("Đỗ An", "Ðỗ An"), ("H'Hen Niê", "H’Hen Niê")],
)
def test_same_key(one: str, other: str) -> None:
    assert name_sort_key(one) == name_sort_key(other)
    assert name_sort_key(unicodedata.normalize("NFD", one)) == name_sort_key(other)


@given(st.text(max_size=200))
def test_keys_are_plain_and_fit(text: str) -> None:
    for key in (sort_key(text), name_sort_key(text)):
        assert set(key) <= set(string.digits + string.ascii_lowercase)
        assert len(key) <= LONGEST_KEY


@given(st.text())
def test_keys_know_no_unicode_form(text: str) -> None:
    assert sort_key(unicodedata.normalize("NFC", text)) == sort_key(text)
    assert sort_key(unicodedata.normalize("NFD", text)) == sort_key(text)


@given(st.lists(WORD, min_size=1, max_size=4), st.lists(WORD, min_size=1, max_size=4))
def test_letters_compare_word_by_word(one: list[str], other: list[str]) -> None:
    def positions(words: list[str]) -> list[list[int]]:
        return [[ALPHABET.index(letter) for letter in word] for word in words]

    assert (sort_key(" ".join(one)) < sort_key(" ".join(other))) == (positions(one) < positions(other))


@given(WORD, WORD, WORD, WORD)
def test_the_given_name_decides_first(family: str, given_name: str, other_family: str, other_given: str) -> None:
    if given_name != other_given:
        by_name = name_sort_key(f"{family} {given_name}") < name_sort_key(f"{other_family} {other_given}")
        assert by_name == (sort_key(given_name) < sort_key(other_given))


def test_other_alphabets_come_last() -> None:
    ordered_rightly(["zz", "Ω", "日"])
    assert sort_key("Øst") == sort_key("ost")


@pytest.mark.parametrize(
    ("full", "name"),
    [
        ("Nguyễn Thị Minh Khai", Name("Nguyễn", "Thị Minh", "Khai")),
        ("Lê  Lợi", Name("Lê", "", "Lợi")),
        ("Út", Name("", "", "Út")),
        ("", Name("", "", "")),
    ],
)
def test_split_name(full: str, name: Name) -> None:
    assert split_name(full) == name
