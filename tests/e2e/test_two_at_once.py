"""Two people at the same thing: the second is told, and nobody's work is lost."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import case
from tests.e2e.case import CLERK, SECRETARY
from tests.e2e.conftest import SignIn, signed_in_context
from tests.e2e.reader import Reader
from trienkhai.accounts.models import User
from trienkhai.meetings.models import Attendance
from trienkhai.progress.models import Report


@pytest.fixture
def world() -> str:
    return "case"


@pytest.fixture
def clerk(page: Page, sign_in: SignIn) -> Reader:
    sign_in(User.objects.get(username=CLERK))
    return Reader(page, "vi", "two-clerk")


@pytest.fixture
def other_page(browser: Browser, address: str, no_js: bool) -> Iterator[Page]:  # noqa: FBT001 - a fixture
    """The secretary of cell 5, at a browser of their own."""
    with signed_in_context(browser, address, User.objects.get(username=SECRETARY), no_js=no_js) as context:
        yield context.new_page()


@pytest.mark.parametrize("no_js", [False, True], ids=["script", "no-script"])
def test_one_roll(clerk: Reader, other_page: Page, no_js: bool) -> None:  # noqa: ARG001, FBT001 - for the browser
    meeting = case.planned_meeting()
    secretary, roll = Reader(other_page, "vi", "two-secretary"), f"/meetings/{meeting.key}/roll/"
    clerk.page.goto(roll)
    other_page.goto(roll)
    clerk.page.locator("input[data-member]").nth(0).uncheck()
    clerk.save_the_roll()
    other_page.locator("input[data-member]").nth(1).uncheck()
    secretary.press("Save the roll")
    secretary.sees(secretary.say("Somebody else called this roll at the same time"))
    secretary.look("asked")
    asked = other_page.locator(".roll-asked")
    assert asked.count() >= 1
    secretary.save_the_roll()
    marks = Attendance.objects.current().filter(entry__meeting=meeting)
    assert marks.count() == marks.values("entry").distinct().count()
    assert marks.filter(presence="absent").count() >= 1


def test_one_report(clerk: Reader, page: Page, browser: Browser, address: str) -> None:
    edit = f"/reports/{case.keys().draft}/edit/"
    with signed_in_context(browser, address, User.objects.get(username=CLERK)) as context:
        second = Reader(context.new_page(), "vi", "two-report")
        page.goto(edit)
        second.page.goto(edit)
        mine = page.locator("textarea[name=body]").input_value() + "\n\nNhận xét của người thứ nhất."
        theirs = second.page.locator("textarea[name=body]").input_value() + "\n\nNhận xét của người thứ hai."
        page.locator("textarea[name=body]").fill(mine)
        clerk.press("Save")
        clerk.sees("Nhận xét của người thứ nhất.")
        second.page.locator("textarea[name=body]").fill(theirs)
        second.click(second.button("Save").first)
        expect(second.page.locator(".errors")).to_be_visible()
        assert second.page.locator("textarea[name=body]").input_value().replace("\r", "") == theirs
        second.look("told")
        body = Report.objects.get(key=case.keys().draft).body
        assert "thứ nhất" in body
        assert "thứ hai" not in body
        second.click(second.button("Save").first)
        second.sees("Nhận xét của người thứ hai.")


def test_one_plan(clerk: Reader, page: Page, browser: Browser, address: str) -> None:
    edit = f"/plans/{case.keys().draft_plan}/edit/"
    with signed_in_context(browser, address, User.objects.get(username=CLERK)) as context:
        second = Reader(context.new_page(), "vi", "two-plan")
        page.goto(edit)
        second.page.goto(edit)
        clerk.fill("Purpose and requirements", "Mục đích của người thứ nhất")
        clerk.press("Save")
        clerk.sees("Mục đích của người thứ nhất")
        second.fill("Purpose and requirements", "Mục đích của người thứ hai")
        second.press("Save")
        expect(second.page.locator(".errors")).to_be_visible()
        expect(second.field("Purpose and requirements")).to_have_value("Mục đích của người thứ hai")
        second.look("told")
