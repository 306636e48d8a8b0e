"""Files that are no lists, no documents, or no files at all: a clear word, and nothing is lost or written."""

import random
import zipfile
from http import HTTPStatus
from io import BytesIO

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import case
from tests.e2e.case import CLERK
from tests.e2e.conftest import SignIn
from tests.e2e.reader import Reader
from tests.imports.lists import builders
from trienkhai.accounts.models import User
from trienkhai.files.models import StoredFile
from trienkhai.imports.models import ImportBatch
from trienkhai.ledger.models import Entry

WORKBOOK = builders.plain().getvalue()


def _zip(**files: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


BAD = {
    "empty": ("rỗng.xlsx", b""),
    "an exe": ("danh sách.xlsx", b"MZ\x90\x00" + bytes(2000)),
    "cut short": ("đứt.xlsx", WORKBOOK[: len(WORKBOOK) // 2]),
    "flipped bytes": ("hỏng.xlsx", WORKBOOK[:400] + bytes(200) + WORKBOOK[600:]),
    "junk": ("rác.xlsx", random.Random(7).randbytes(300_000)),  # noqa: S311 - junk
    "junk as csv": ("rác.csv", random.Random(8).randbytes(300_000)),  # noqa: S311 - junk
    "another zip": ("ảnh.xlsx", _zip(**{"readme.txt": "không phải bảng tính"})),
    "a pdf": ("văn bản.pdf", case.PDF),
    "a list of nothing": ("trống.csv", b"\n\n;;;\n"),
}


@pytest.fixture
def world() -> str:
    return "case"


@pytest.mark.parametrize("no_js", [False, True], ids=["script", "no-script"])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_bad_list_is_named_and_leaves_nothing(page: Page, sign_in: SignIn, lang: str, no_js: bool) -> None:  # noqa: ARG001, FBT001 - for the browser
    sign_in(User.objects.get(username=CLERK))
    clerk = Reader(page, lang, f"bad-{lang}")
    batches, files, entries = ImportBatch.objects.count(), StoredFile.objects.count(), Entry.objects.count()
    said = set()
    for what, (name, content) in BAD.items():
        page.goto("/import/")
        clerk.fill("From which day it holds", "01/02/2026")
        clerk.field("The list").set_input_files(
            {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        )
        with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
            clerk.press("Read the list")
        assert answer.value.status == HTTPStatus.UNPROCESSABLE_ENTITY, what
        expect(page.locator(".errors"), what).to_be_visible()
        expect(clerk.field("From which day it holds"), what).to_have_value("01/02/2026")
        said.add(page.locator(".errors li").inner_text())
    clerk.look()
    assert len(said) >= 4
    assert (ImportBatch.objects.count(), StoredFile.objects.count(), Entry.objects.count()) == (batches, files, entries)


def test_a_bad_document_is_not_kept_with_a_directive(page: Page, sign_in: SignIn) -> None:
    sign_in(User.objects.get(username=CLERK))
    clerk, files = Reader(page, "vi"), StoredFile.objects.count()
    for name, content in {
        "rỗng.pdf": b"",
        "chương trình.pdf": b"MZ\x90\x00" + bytes(500),
        "chương trình.exe": b"MZ\x90\x00" + bytes(500),
        "hỏng.docx": WORKBOOK[:900],
        "trang.html": b"<script>alert(1)</script>",
    }.items():
        page.goto(f"/directives/{case.keys().directive}/files/")
        clerk.field("File").set_input_files({"name": name, "mimeType": "application/pdf", "buffer": content})
        clerk.press("Add it")
        expect(page.locator(".errors"), name).to_be_visible()
    assert StoredFile.objects.count() == files
