import io
import zipfile
from dataclasses import replace
from datetime import datetime

import docx
import pytest
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.shared import Length, Mm
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.documents.samples import CREATED, TRICKY, letter, report, sign_in_sheet
from tests.examples import examples
from trienkhai.documents import Bullet, Document, Header, Paragraph, load_profile, write_docx

PROFILE = load_profile()


def opened(document: Document) -> WordDocument:
    return docx.Document(io.BytesIO(write_docx(document, PROFILE)))


def millimetres(length: Length | None) -> int:
    assert length is not None
    return round(length / Mm(1))


def cell_lines(word: WordDocument, table: int, row: int, column: int) -> list[str]:
    paragraphs = word.tables[table].cell(row, column).paragraphs
    return [paragraph.text.replace("\u00a0", " ") for paragraph in paragraphs if paragraph.text]


def test_page_and_margins() -> None:
    (section,) = opened(report()).sections
    assert [millimetres(section.page_width), millimetres(section.page_height)] == [210, 297]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [millimetres(margin) for margin in margins] == [20, 20, 30, 15]
    assert millimetres(section.header_distance) == 10


def test_pages_are_numbered_from_the_second() -> None:
    (section,) = opened(report()).sections
    assert section.different_first_page_header_footer
    assert section.first_page_header.paragraphs[0].text == ""
    (field,) = section.header.paragraphs[0]._p.findall(qn("w:fldSimple"))
    assert field.get(qn("w:instr")).strip() == "PAGE"
    assert section.header.paragraphs[0].style.name == "Header"


def test_pages_may_be_numbered_from_the_first() -> None:
    profile = replace(PROFILE, page_number=replace(PROFILE.page_number, from_page=1))
    word = docx.Document(io.BytesIO(write_docx(report(), profile)))
    assert not word.sections[0].different_first_page_header_footer


def test_the_head() -> None:
    word = opened(report())
    assert cell_lines(word, 0, 0, 0) == ["ĐẢNG BỘ THÀNH PHỐ MÓNG CÁI", "ĐẢNG UỶ PHƯỜNG HOÀ LẠC", "*"]
    assert cell_lines(word, 0, 0, 1) == ["ĐẢNG CỘNG SẢN VIỆT NAM"]
    assert cell_lines(word, 0, 1, 0) == ["Số 127-BC/ĐU"]
    assert cell_lines(word, 0, 1, 1) == ["Hoà Lạc, ngày 03 tháng 11 năm 2012"]
    upper, organ, _ = word.tables[0].cell(0, 0).paragraphs
    assert (upper.style.font.bold, organ.style.font.bold) == (None, True)
    title, rule = word.tables[0].cell(0, 1).paragraphs
    assert (title.style.font.size.pt, title.style.font.bold) == (15, True)
    assert rule._p.find(f".//{qn('w:bottom')}").get(qn("w:val")) == "single"


def test_a_profile_without_a_rule_has_none() -> None:
    plain = replace(PROFILE, header=replace(PROFILE.header, title=replace(PROFILE.header.title, rule=0)))
    word = docx.Document(io.BytesIO(write_docx(report(), plain)))
    assert len(word.tables[0].cell(0, 1).paragraphs) == 1


def test_the_document_ends_with_a_paragraph_as_word_wants() -> None:
    for document in (report(), sign_in_sheet()):
        assert opened(document).element.body[-2].tag == qn("w:p")


def test_every_face_is_times_for_every_script_and_the_language_vietnamese() -> None:
    styles = opened(report()).styles.element
    fonts = styles.find(f".//{qn('w:docDefaults')}//{qn('w:rFonts')}")
    assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia", "cs")} == {"Times New Roman"}
    language = styles.find(f".//{qn('w:lang')}")
    assert (language.get(qn("w:val")), language.get(qn("w:eastAsia"))) == ("vi-VN", "vi-VN")
    assert not [name for node in styles.iter() for name in node.attrib if "Theme" in name]


def test_every_style_named_is_there() -> None:
    for document in (report(), letter(), sign_in_sheet()):
        word = opened(document)
        known = {style.style_id for style in word.styles}
        used = {node.get(qn("w:val")) for node in word.element.body.iter(qn("w:pStyle"), qn("w:tblStyle"))}
        assert used <= known


def test_the_body() -> None:
    word = opened(report())
    by_style = {paragraph.text: paragraph.style.style_id for paragraph in word.paragraphs if paragraph.style}
    assert by_style["BÁO CÁO"] == "DocumentKind"
    assert by_style["I. TÌNH HÌNH"] == "Heading1"
    assert by_style["1. Công tác chỉ đạo"] == "Heading2"
    assert by_style["- Học tập"] == "BodyItem"
    assert by_style["+ Viết thu hoạch"] == "BodyItem"
    (mixed,) = (paragraph for paragraph in word.paragraphs if paragraph.text.startswith("Kết quả:"))
    assert [(run.bold, run.italic) for run in mixed.runs] == [(True, None), (None, None), (None, True)]


def test_a_table_repeats_its_header_and_keeps_rows_whole() -> None:
    table = opened(report(rows=3)).tables[1]
    assert [cell.text for cell in table.rows[0].cells] == ["TT", "Chi bộ", "Đã học"]
    repeated = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
    assert repeated == [True, False, False, False, False]
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    assert [cell.text for cell in table.rows[4].cells] == ["", "Cộng", ""]
    assert table.rows[4].cells[1].paragraphs[0].runs[0].bold


def test_one_signature_stands_beside_the_recipients() -> None:
    word = opened(report())
    assert cell_lines(word, 2, 0, 0)[0] == "Nơi nhận:"
    assert cell_lines(word, 2, 0, 1) == ["T/M ĐẢNG UỶ", "PHÓ BÍ THƯ", "Nguyễn Văn An"]
    assert word.tables[2].cell(0, 0).paragraphs[0].style.font.underline


@pytest.mark.parametrize("block", [Paragraph.of("Hết."), Bullet.of("Hết.", level=2)])
def test_the_last_words_stay_with_the_signature(block: Paragraph | Bullet) -> None:
    word = opened(replace(report(), blocks=(Paragraph.of("Đầu."), block)))
    kept = {paragraph.text: bool(paragraph.paragraph_format.keep_with_next) for paragraph in word.paragraphs}
    assert kept[next(text for text in kept if "Hết." in text)]
    assert not kept["Đầu."]


def test_several_signatures_stand_side_by_side() -> None:
    word = opened(sign_in_sheet())
    assert [cell_lines(word, 1, 0, column) for column in (0, 1)] == [
        ["THƯ KÝ", "Lê Thị Bình"],
        ["CHỦ TRÌ", "Trần Văn Cường"],
    ]
    assert word.paragraphs[-1].text == "- Lưu chi bộ."


def test_a_sheet_lies_on_its_side_with_high_rows() -> None:
    word = opened(sign_in_sheet())
    section = word.sections[0]
    assert [millimetres(section.page_width), millimetres(section.page_height)] == [297, 210]
    assert section._sectPr.find(qn("w:pgSz")).get(qn("w:orient")) == "landscape"
    assert millimetres(word.tables[0].rows[1].height) == 12


def test_properties_name_no_program() -> None:
    data = write_docx(report(), PROFILE)
    properties = docx.Document(io.BytesIO(data)).core_properties
    assert properties.title == "Báo cáo sơ kết việc triển khai Nghị quyết"
    assert properties.author == properties.last_modified_by == "Đảng uỷ phường Hoà Lạc"
    assert properties.created is not None
    assert properties.created.replace(tzinfo=None) == CREATED.replace(tzinfo=None)
    assert properties.comments == ""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not [name for name in archive.namelist() if "thumbnail" in name or "app.xml" in name]
        whole = b"".join(archive.read(name) for name in archive.namelist()).lower()
    assert b"python" not in whole
    assert b"macintosh" not in whole


def test_the_same_document_gives_the_same_bytes() -> None:
    assert write_docx(report(), PROFILE) == write_docx(report(), PROFILE)
    naive = replace(report(), created=datetime(2012, 11, 3, 8, 30))  # noqa: DTZ001
    assert write_docx(naive, PROFILE) == write_docx(report(), PROFILE)


def test_texts_are_only_texts() -> None:
    (paragraph,) = (found for found in opened(report(text=TRICKY)).paragraphs if "strong" in found.text)
    assert TRICKY.replace("\x0b\x00", "") in paragraph.text


@settings(max_examples=examples(25, thorough=1_000), deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_written(text: str) -> None:
    document = Document(Header("", text, text, text, None, text, text), (Paragraph.of(text), Bullet.of(text)), CREATED)
    opened(document)


def test_a_line_feed_starts_a_new_line() -> None:
    word = opened(replace(letter(), blocks=(Paragraph.of("Một\nHai"),)))
    assert "Một\nHai" in [paragraph.text for paragraph in word.paragraphs]
