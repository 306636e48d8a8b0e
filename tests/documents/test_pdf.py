import json
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.documents.samples import CREATED, TRICKY, letter, report, sign_in_sheet
from tests.examples import examples
from trienkhai.documents import Bullet, Document, Header, Paragraph, load_profile, write_pdf
from trienkhai.documents.fonts import BUNDLED, choose
from trienkhai.documents.pdf import _template, pdf_data

PROFILE = load_profile()
needs_pdftotext = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")


def pages(document: Document) -> int:
    counted = typst.query(
        _template() + b"\n#context [#metadata(counter(page).final().first()) <pages>]",
        "<pages>",
        field="value",
        one=True,
        sys_inputs={"document": pdf_data(document, PROFILE)},
        font_paths=choose((BUNDLED,)).fonts,
    )
    return int(json.loads(counted))


def words(document: Document, folder: Path) -> str:
    file = folder / "document.pdf"
    file.write_bytes(write_pdf(document, PROFILE))
    pdftotext = shutil.which("pdftotext")
    assert pdftotext
    done = subprocess.run([pdftotext, "-layout", file, "-"], capture_output=True, check=True)  # noqa: S603
    return done.stdout.decode().replace("\u00a0", " ")


def test_a_pdf_with_its_fonts_inside() -> None:
    data = write_pdf(report(), PROFILE)
    assert data.startswith(b"%PDF-")
    assert b"/FontFile" in data


@pytest.mark.parametrize(("document", "count"), [(report(rows=5), 2), (letter(), 1), (sign_in_sheet(), 1)])
def test_pages(document: Document, count: int) -> None:
    assert pages(document) == count


def test_a_long_table_runs_over_pages() -> None:
    assert pages(report(rows=200)) > 4


@needs_pdftotext
def test_an_appendix_stands_after_the_signature_on_a_page_of_its_own(tmp_path: Path) -> None:
    sample = report()
    with_one = replace(sample, appendix=(Paragraph.of("Danh sách kèm theo"),))
    assert pages(with_one) == pages(sample) + 1
    said = words(with_one, tmp_path)
    assert said.index(sample.signatures[0].name) < said.index("Danh sách kèm theo")


def test_the_same_document_gives_the_same_bytes() -> None:
    assert write_pdf(report(), PROFILE) == write_pdf(report(), PROFILE)
    naive = replace(report(), created=datetime(2012, 11, 3, 8, 30))  # noqa: DTZ001
    assert write_pdf(naive, PROFILE) == write_pdf(report(), PROFILE)


def test_paper_lies_on_its_side_when_asked() -> None:
    data = json.loads(pdf_data(sign_in_sheet(), PROFILE))
    assert (data["width"], data["height"]) == (297, 210)


@pytest.mark.parametrize("document", [Document(Header(), (), CREATED), replace(report(), blocks=())])
def test_little_is_enough(document: Document) -> None:
    assert write_pdf(document, PROFILE).startswith(b"%PDF-")


@settings(max_examples=examples(25, thorough=1_000), deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_written(text: str) -> None:
    document = Document(Header("", text, text, text, None, text, text), (Paragraph.of(text), Bullet.of(text)), CREATED)
    assert write_pdf(document, PROFILE).startswith(b"%PDF-")


@needs_pdftotext
def test_texts_are_only_texts(tmp_path: Path) -> None:
    printable = " ".join(TRICKY.replace("\x0b\x00", "").split())
    assert printable in " ".join(words(report(text=TRICKY), tmp_path).split())


@needs_pdftotext
def test_head_foot_and_page_numbers(tmp_path: Path) -> None:
    first, *others = words(report(), tmp_path).rstrip("\f").split("\f")
    assert re.search(r"ĐẢNG BỘ THÀNH PHỐ MÓNG.*ĐẢNG CỘNG SẢN VIỆT NAM", first)
    assert re.search(r"Số 127-BC/ĐU +Hoà Lạc, ngày 03 tháng 11 năm 2012", first)
    assert "T/M ĐẢNG UỶ" in others[-1]
    assert [page.split()[0] for page in others] == [str(number) for number in range(2, len(others) + 2)]
    assert first.split()[0] != "1"
    header = re.compile(r"TT +Chi bộ +Đã học")
    assert header.search(first)
    assert header.search(others[0])


def test_a_typeface_without_vietnamese_letters_is_passed_over() -> None:
    assert choose(("No Such Face", "New Computer Modern Math", BUNDLED)).family in {"New Computer Modern Math", BUNDLED}
    assert choose(("No Such Face",)).family == BUNDLED


def test_the_bundled_face_is_found_without_the_machines_fonts() -> None:
    chosen = choose((BUNDLED,))
    assert chosen.family == BUNDLED
    assert BUNDLED in chosen.fonts.families()


def test_a_document_is_made_at_any_microsecond() -> None:
    made_at = datetime(2012, 11, 5, 8, 30, 15, 123_456, tzinfo=UTC)
    assert write_pdf(replace(letter(), created=made_at), PROFILE).startswith(b"%PDF")
