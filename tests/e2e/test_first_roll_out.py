"""A clerk's first morning: from a messy list to a frozen report, by the screens alone."""

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from playwright.sync_api import FilePayload, Page, expect

from tests.e2e.lists import ASKED, CELLS, EXEMPT, FAULTY, GOOD, WARD, workbook
from tests.e2e.reader import Reader
from trienkhai.ledger.clock import today

WAYS = [
    pytest.param("vi", False, id="vi"),
    pytest.param("en", False, id="en"),
    pytest.param("vi", True, id="vi-no-script"),
]
CELL = "Chi bộ Tổ dân phố số 5"
AWAY = 3
"""Who was away, and who had not handed in."""


@pytest.mark.parametrize(("lang", "no_js"), WAYS)
def test_from_a_messy_list_to_a_frozen_report(page: Page, lang: str, no_js: bool) -> None:  # noqa: FBT001 - a fixture
    clerk = Reader(page, lang, f"first-{lang}{'-noscript' if no_js else ''}")
    begins(clerk)
    takes_in_the_list(clerk)
    registers_a_directive(clerk)
    owing = rolls_it_out(clerk)
    in_cell = holds_a_study_meeting(clerk)
    ticks_papers(clerk, in_cell)
    sees_how_far_it_has_come(clerk, owing, in_cell)
    freezes_a_report(clerk, owing, in_cell)


def begins(clerk: Reader) -> None:
    clerk.page.goto("/")
    clerk.heading(clerk.say("Welcome to Triển khai"))
    clerk.look("start")
    clerk.fill("Your Party organisation", WARD)
    clerk.fill("The organisation directly above", "Đảng bộ tỉnh Cao Bằng")
    clerk.fill("Place written before the date", "Mây Bạc")
    clerk.fill("Your name", "Lê Thị Văn Phòng")
    clerk.fill("Sign-in name", "vanphong")
    clerk.fill("Password", "sông dài biển rộng")
    clerk.press("Begin")
    clerk.heading(clerk.say("Sheet to keep"))
    clerk.sees(WARD, "Lê Thị Văn Phòng")
    clerk.look("sheet")
    clerk.follow("Go on")
    clerk.sees(clerk.say("Begin with your list of members"))


def takes_in_the_list(clerk: Reader) -> None:
    clerk.follow("Bring in a list")
    clerk.look("drop")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    dropped: FilePayload = {"name": "DS đảng viên 2026.xlsx", "mimeType": kind, "buffer": workbook().getvalue()}
    clerk.field("The list").set_input_files(dropped)
    clerk.press("Read the list")
    clerk.heading(clerk.say("What is this column?"))
    expect(clerk.page.get_by_label(re.compile("Số CCCD"))).to_have_value("")
    clerk.look("columns")
    clerk.press("Confirm the columns")
    assert clerk.page.locator("tbody tr").count() == len(CELLS)
    clerk.look("cells")
    clerk.press("Confirm the units")
    for _question in range(ASKED):
        clerk.look("namesake")
        clerk.page.get_by_role("radio").first.check()
        clerk.press("Save and go on")
    expect(clerk.page.locator("h1")).to_have_text(re.compile(f"{GOOD} .*{FAULTY} "))
    clerk.look("check")
    with clerk.page.expect_download() as download:
        clerk.page.locator("a[href$='rejected.xlsx']").click()
    mended = load_workbook(BytesIO(Path(download.value.path()).read_bytes())).worksheets[0]
    assert "31/02/1960" in [cell.value for row in mended for cell in row]
    clerk.click(clerk.page.locator("main form .button-primary").first)
    clerk.sees(clerk.say("The list has been taken in"))
    clerk.look("taken-in")
    clerk.follow("Go on")


def registers_a_directive(clerk: Reader) -> None:
    clerk.look("nothing-yet")
    clerk.follow("Register a directive")
    clerk.look("directive-form")
    clerk.fill("Number", "12-NQ/TW", "of a directive")
    clerk.fill("Issued on", "16/01/2026")
    clerk.fill("Issued by", "Ban Chấp hành Trung ương")
    clerk.fill("Title", "Một số vấn đề về xây dựng Đảng ở cơ sở", "of a directive")
    clerk.press("Register")
    clerk.heading("Một số vấn đề về xây dựng Đảng ở cơ sở")
    clerk.look("directive")


def rolls_it_out(clerk: Reader) -> int:
    """Open the roll-out a month ago; how many owe study."""
    clerk.follow("Roll it out")
    clerk.fill("First day", f"{today() - timedelta(days=30):%d/%m/%Y}")
    clerk.fill("Papers handed in by", f"{today() + timedelta(days=30):%d/%m/%Y}")
    clerk.look("roll-out-form")
    clerk.press("See who owes what")
    clerk.look("roll-out-preview")
    owing = GOOD - EXEMPT
    numbers = re.findall(r"\d+", clerk.page.locator("#preview .lead").inner_text())
    assert list(map(int, numbers[:3])) == [GOOD, EXEMPT, owing]
    clerk.press("Open the roll-out")
    clerk.sees(clerk.say("The roll-out is open."), f"0/{owing}", f"0/{len(CELLS)}")
    clerk.look("roll-out")
    return owing


def holds_a_study_meeting(clerk: Reader) -> int:
    """Cell 5 meets, all but three; how many of the cell owe study."""
    clerk.follow("Study meetings")
    clerk.look("meetings")
    clerk.follow("Plan a study meeting")
    clerk.field("Which unit holds it").select_option(label=CELL)
    clerk.fill("Day", f"{today() - timedelta(days=10):%d/%m/%Y}")
    clerk.fill("Where", "Nhà văn hoá tổ 5")
    clerk.look("meeting-form")
    clerk.click(clerk.page.locator("main form .button-primary"))
    clerk.look("meeting")
    clerk.follow("Call the roll")
    boxes = clerk.page.locator(".roll input[type=checkbox][data-member]")
    in_cell = boxes.count()
    for place in range(AWAY):
        boxes.nth(place).uncheck()
    clerk.look("roll")
    clerk.save_the_roll()
    clerk.sees(f"{in_cell - AWAY}/{in_cell}")
    clerk.look("meeting-held")
    return in_cell


def ticks_papers(clerk: Reader, in_cell: int) -> None:
    clerk.follow("Roll-outs")
    clerk.click(clerk.page.get_by_role("link", name=re.compile("12-NQ")).first)
    clerk.click(clerk.page.get_by_role("navigation", name=clerk.say("Enter facts")).get_by_text(clerk.say("Papers")))
    clerk.look("papers")
    clerk.click(clerk.page.get_by_role("link", name=CELL, exact=True))
    boxes = clerk.page.locator("input[name=person]")
    assert boxes.count() == in_cell
    for place in range(AWAY):
        boxes.nth(place).uncheck()
    clerk.look("papers-of-cell")
    clerk.press("Save as handed in")
    clerk.sees(f"{in_cell - AWAY}/{in_cell}")
    clerk.look("papers-ticked")


def sees_how_far_it_has_come(clerk: Reader, owing: int, in_cell: int) -> None:
    clerk.follow("Roll-outs")
    clerk.click(clerk.page.get_by_role("link", name=re.compile("12-NQ")).first)
    clerk.sees(f"1/{len(CELLS)}", f"{in_cell - AWAY}/{owing}")
    clerk.look("progress")
    clerk.click(clerk.page.locator("main td a").filter(has_text=f"{in_cell - AWAY}/{owing}").first)
    assert clerk.page.locator("tbody tr").count() == in_cell - AWAY
    clerk.look("names")


def freezes_a_report(clerk: Reader, owing: int, in_cell: int) -> None:
    clerk.page.go_back()
    clerk.follow("Report", within="main")
    clerk.look("report-form")
    clerk.click(clerk.page.locator("main form .button-primary"))
    clerk.sees(f"{in_cell - AWAY}/{owing}")
    clerk.look("report-edit")
    clerk.press("Save")
    clerk.look("report-draft")
    clerk.follow("Freeze the figures")
    clerk.look("freeze")
    clerk.press("Freeze the figures")
    clerk.sees(clerk.say("Figures frozen"), clerk.say("Nothing has been corrected since."))
    clerk.look("report-frozen")
    with clerk.page.expect_download() as word:
        clerk.page.get_by_role("link", name="Word", exact=True).click()
    document = ZipFile(BytesIO(Path(word.value.path()).read_bytes())).read("word/document.xml").decode()
    text = re.sub(r"<[^>]+>", "", document)
    assert "ĐẢNG BỘ PHƯỜNG MÂY BẠC" in text.upper()
    assert f"{in_cell - AWAY}/{owing}" in text
    with clerk.page.expect_download() as pdf:
        clerk.page.get_by_role("link", name="PDF", exact=True).click()
    assert Path(pdf.value.path()).read_bytes().startswith(b"%PDF-")
