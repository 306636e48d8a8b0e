"""A measure is given to a cell, its secretary reports on a phone with a file; the plan goes to Excel and back."""

import io
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect
from python_calamine import CalamineWorkbook

from tests.e2e import case
from tests.e2e.case import CLERK, SECRETARY
from tests.e2e.conftest import DESK, PHONE, SignIn
from tests.e2e.reader import Reader
from trienkhai.accounts.models import User
from trienkhai.ledger.clock import today
from trienkhai.plans.models import Plan, Task, TaskEvidence
from trienkhai.plans.queries import draft_of, lines_of

PAPER = b"%PDF-1.7\n%%EOF\n"
TEXT = "Rà soát danh sách hộ cần giúp đỡ trong khu"


@pytest.fixture
def world() -> str:
    return "case"


@pytest.fixture
def viewport() -> ViewportSize:
    return DESK


@pytest.mark.parametrize(("lang", "no_js"), [("vi", False), ("en", True)], ids=["vi", "en-no-script"])
def test_given_reported_and_seen(  # noqa: PLR0917 - fixtures
    page: Page,
    context: BrowserContext,
    sign_in: SignIn,
    lang: str,
    no_js: bool,  # noqa: FBT001
    tmp_path: Path,
) -> None:
    clerk = Reader(page, lang, f"tasks-{lang}{'-noscript' if no_js else ''}")
    plan = Plan.objects.get(rollout=case.first(), unit=case.unit("Đảng bộ phường Hoà Lạc"))
    sign_in(User.objects.get(username=CLERK))
    page.goto(f"/plans/{plan.key}/")
    clerk.follow("Tasks", within="main")
    clerk.follow("Give a task")
    page.get_by_label("Chi bộ Khu 5", exact=True).check()
    clerk.fill("What is to be done", TEXT, "of a task")
    page.locator("#id_deadline_on").fill(f"{today():%d/%m/%Y}")
    page.locator("#id_is_urgent").check()
    clerk.look("give")
    clerk.click(page.locator("main form[method=post] .button-primary"))
    clerk.sees(TEXT)

    context.clear_cookies(name="sessionid")
    page.set_viewport_size(PHONE)
    sign_in(User.objects.get(username=SECRETARY))
    page.goto("/")
    clerk.look("to-do")
    clerk.click(page.locator("main a").filter(has_text=TEXT))
    clerk.follow("Report as done")
    paper = tmp_path / "danh-sach.pdf"
    paper.write_bytes(PAPER)
    page.locator("#id_product").fill("Danh sách 12 hộ")
    page.locator("#id_file").set_input_files(paper)
    clerk.look("report")
    clerk.press("Report as done")
    expect(page.locator("main")).to_contain_text("danh-sach.pdf")
    clerk.look("reported")
    page.goto("/")
    expect(page.locator("main a").filter(has_text=TEXT)).to_have_count(0)
    task = Task.objects.get(terms__text=TEXT)
    assert TaskEvidence.objects.get(report__task=task).file.name == "danh-sach.pdf"

    context.clear_cookies(name="sessionid")
    page.set_viewport_size(DESK)
    sign_in(User.objects.get(username=CLERK))
    page.goto(f"/plans/{plan.key}/tasks/?state=done")
    clerk.sees(TEXT, clerk.say("Done in time", "of a task"))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_measures_to_excel_and_back(page: Page, sign_in: SignIn, lang: str, tmp_path: Path) -> None:
    clerk = Reader(page, lang, f"sheet-{lang}")
    plan = Plan.objects.get(rollout=case.first(), unit=case.unit("Đảng bộ phường Hoà Lạc"))
    draft = draft_of(plan)
    assert draft is not None
    before = lines_of(draft)
    sign_in(User.objects.get(username=CLERK))
    page.goto(f"/plans/{plan.key}/{draft.number}/")
    with page.expect_download() as download:
        clerk.link("Excel file").click()
    made = Path(download.value.path()).read_bytes()
    rows = CalamineWorkbook.from_filelike(io.BytesIO(made)).get_sheet_by_index(0).to_python()
    assert sum(str(before[0].key) in row for row in rows) == 1
    same = tmp_path / "ke-hoach.xlsx"
    same.write_bytes(made)
    clerk.follow("Measures from an Excel file")
    page.locator("#id_file").set_input_files(same)
    clerk.press("Look at it")
    clerk.sees(clerk.say("Nothing would change"))
    clerk.look("nothing")

    clerk.follow("Another file")
    mine = tmp_path / "cua-toi.csv"
    mine.write_text(f"Nhiệm vụ,Thời hạn\n{before[1].text.replace(',', ';')} thêm,1/6/2030\nSai,bao giờ xong thì xong\n")
    page.locator("#id_file").set_input_files(mine)
    clerk.press("Look at it")
    clerk.sees("bao giờ xong thì xong")
    clerk.look("preview")
    assert lines_of(draft) == before
    clerk.press("Bring it in")
    after = lines_of(draft)
    assert [line.deadline_on.isoformat() for line in after if line.deadline_on] == ["2030-06-01"]
