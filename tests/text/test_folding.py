import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trienkhai.text import clean_line, clean_text, fold, folded_words, nfc
from trienkhai.text.folding import clusters, mapped_fold, mapped_spelling, spelling

VIETNAMESE = st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyAĂÂĐÊÔƠƯáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệ óòỏõọốộớợúùủũụứựýỳỷỹỵ-,.")


def test_fold_matches_an_unaccented_query_word_by_word() -> None:
    assert fold("Đảng uỷ phường Hoà Lạc") == "dang ui phuong hoa lac"
    assert set(folded_words("dang uy hoa lac")) <= set(folded_words("Đảng uỷ phường Hoà Lạc"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoà", "hòa"),
        ("uỷ", "ủy"),
        ("lý", "lí"),
        ("Mỹ", "mĩ"),
        ("Đảng", "dang"),
        ("Ðảng", "Đảng"),  # eth
        ("ðảng", "đảng"),
        ("127-BC/ĐU", "127 bc đu"),
        ("Nghị  quyết\t\n 12", "nghi quyet 12"),
        ("ﬁle ①", "file 1"),
        ("Hoà\u200bLạc", "hoa\u00adlac"),
    ],
)
def test_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_unlike() -> None:
    assert fold("Hoà Lạc") != fold("Hoà An")


@given(st.text())
def test_folding_knows_no_unicode_form(text: str) -> None:
    forms = {fold(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")}
    assert forms == {fold(text)}


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(VIETNAMESE)
def test_vietnamese_folds_to_plain_letters(text: str) -> None:
    folded = fold(text)
    assert folded.isascii()
    assert folded == fold(text.upper()) == " ".join(folded.split())


@given(st.text())
def test_mapping_gives_the_same_fold_and_true_places(text: str) -> None:
    mapped = mapped_fold(text)
    assert mapped.text == fold(text)
    assert len(mapped.text) == len(mapped.starts) == len(mapped.ends)
    for character, start, end in zip(mapped.text, mapped.starts, mapped.ends, strict=True):
        assert character == " " or character in fold(text[start:end])


@given(st.text())
def test_clusters_cover_the_text(text: str) -> None:
    assert "".join(text[a:b] for a, b in clusters(text)) == text


@given(VIETNAMESE)
def test_spelling_knows_no_unicode_form(text: str) -> None:
    assert spelling(unicodedata.normalize("NFD", text)) == spelling(text)
    assert len(mapped_spelling(text).starts) == len(spelling(text))


def test_spelling_keeps_tones_and_agrees_on_their_place() -> None:
    assert spelling("Hoà") == spelling("hòa") != spelling("hoá")
    assert spelling("THUỶ") == spelling("Thủy")
    assert spelling("Ðảng") == "đảng"


def test_nfc_keeps_the_authors_tone_place() -> None:
    assert nfc("Hoa\u0300") == "Hoà"
    assert nfc("Ho\u0300a") == "Hòa"


def test_clean_line() -> None:
    assert clean_line("  Nguyễn\u00a0Văn\tA\x00\r\n\u200bB ") == "Nguyễn Văn A B"
    assert clean_line("Hoa\u0300 Lạc") == "Hoà Lạc"


def test_clean_text_keeps_paragraphs() -> None:
    assert clean_text("\r\nMột   hai \x07\r\n\r\n\r\n\r\nBa\rBốn\u2029Năm\n") == "Một hai\n\nBa\nBốn\n\nNăm"


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean_line(clean_line(text)) == clean_line(text)
    assert clean_text(clean_text(text)) == clean_text(text)
    assert "\n" not in clean_line(text)
