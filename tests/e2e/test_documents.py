"""Directives found as people type, a plan adopted, figures declared by a unit on paper."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import case
from tests.e2e.case import CLERK
from tests.e2e.conftest import SignIn
from tests.e2e.reader import Reader, share
from trienkhai.accounts.models import User
from trienkhai.directives.models import Directive
from trienkhai.ledger.clock import today

WAYS = [
    pytest.param("vi", False, id="vi"),
    pytest.param("en", False, id="en"),
    pytest.param("vi", True, id="no-script"),
]


@pytest.fixture
def world() -> str:
    return "case"


@pytest.fixture
def clerk(page: Page, sign_in: SignIn, lang: str) -> Reader:
    sign_in(User.objects.get(username=CLERK))
    return Reader(page, lang, f"documents-{lang}")


def found(page: Page) -> list[str]:
    """Titles found, best first."""
    return [" ".join(text.split()) for text in page.locator("tbody th a.row-link").all_inner_texts()]


@pytest.mark.parametrize(("lang", "no_js"), WAYS)
def test_search_without_marks_finds_and_with_marks_finds_first(clerk: Reader, no_js: bool) -> None:  # noqa: ARG001, FBT001 - for the browser
    page = clerk.page
    for number, title in (("101-CV/ĐU", "Về việc bán đấu giá bàn ghế cũ"), ("102-CV/ĐU", "Về bản kê khai tài sản")):
        page.goto("/directives/new/")
        clerk.fill("Number", number, "of a directive")
        clerk.fill("Issued on", "03/04/2026")
        clerk.fill("Issued by", "Đảng uỷ phường Hoà Lạc")
        clerk.fill("Title", title, "of a directive")
        clerk.press("Register")
        clerk.heading(title)
    for typed, first in (("ban ke khai", "Về bản kê khai tài sản"), ("bàn ghế", "Về việc bán đấu giá bàn ghế cũ")):
        page.goto("/directives/")
        clerk.fill("Search", typed)
        clerk.click(page.locator("main form[role=search] button"))
        assert found(page)[0] == first
        expect(page.locator("mark").first).to_be_visible()
    for typed, first in (("bản", "Về bản kê khai tài sản"), ("bàn", "Về việc bán đấu giá bàn ghế cũ")):
        page.goto(f"/directives/?q={typed}")
        assert len(found(page)) >= 2
        assert found(page)[0] == first
    clerk.look("found")
    page.goto("/directives/?q=DANG UY HOA LAC")
    assert found(page) == [] or all(found(page))
    page.goto("/directives/new/")
    clerk.fill("Number", "101-CV/ĐU", "of a directive")
    clerk.fill("Issued on", "03/04/2026")
    clerk.fill("Issued by", "Đảng uỷ phường Hoà Lạc")
    clerk.fill("Title", "Lại nhập lần nữa", "of a directive")
    clerk.press("Register")
    expect(page.locator(".errors")).to_be_visible()
    assert Directive.objects.filter(number="101-CV/ĐU").count() == 1


@pytest.mark.parametrize(("lang", "no_js"), WAYS)
def test_a_plan_is_written_and_adopted(clerk: Reader, no_js: bool) -> None:  # noqa: ARG001, FBT001 - for the browser
    page, rollout = clerk.page, case.second()
    before = share(page, rollout.key, "units_planned")
    page.goto(f"/plans/{case.keys().draft_plan}/")
    clerk.follow("Enter the measures")
    page.locator("textarea[name$='-text']").first.fill("Tập huấn cho tổ công nghệ số cộng đồng")
    page.locator("input[name$='-is_urgent']").first.check()
    clerk.look("measures")
    clerk.click(clerk.button("Save the measures").last)
    clerk.sees("Tập huấn cho tổ công nghệ số cộng đồng")
    clerk.follow("Adopt the plan")
    clerk.look("adopt")
    clerk.press("Adopt the plan")
    expect(page.locator(".errors")).to_be_visible()
    page.locator("#id_on").fill(f"{today():%d/%m/%Y}")
    clerk.press("Adopt the plan")
    clerk.sees(clerk.say("Adopted"))
    clerk.look("adopted")
    assert share(page, rollout.key, "units_planned") == (before[0] + 1, before[1])


def test_a_unit_on_paper_declares_and_is_shown_apart(clerk: Reader) -> None:
    page, rollout, cell = clerk.page, case.second(), case.unit("Chi bộ Khu 3")
    before = share(page, rollout.key, "persons_studied")
    page.goto(f"/rollouts/{rollout.key}/declare/{cell.key}/")
    clerk.fill("Who told it", "đ/c bí thư, qua điện thoại")
    row = page.locator("tbody tr").filter(has=page.locator("input[name*=persons_studied]"))
    row.locator("input").nth(0).fill("20")
    row.locator("input").nth(1).fill("18")
    clerk.press("Save")
    expect(page.locator(".errors, .error").first).to_be_visible()
    row.locator("input").nth(1).fill("24")
    clerk.press("Save")
    page.goto(f"/rollouts/{rollout.key}/")
    clerk.sees(clerk.say("Declared by units on paper"), "20/24")
    clerk.look("declared")
    assert share(page, rollout.key, "persons_studied") == before
    page.goto(f"/rollouts/{rollout.key}/figures/persons_studied/?which=declared")
    clerk.sees("Chi bộ Khu 3", "20/24", "đ/c bí thư, qua điện thoại")
