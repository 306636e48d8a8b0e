"""A form sent after the session has ended, or after signing in elsewhere: nothing typed is lost."""

import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from tests.e2e import case
from tests.e2e.case import CLERK
from tests.e2e.conftest import PHONE, SignIn
from tests.e2e.reader import Reader
from trienkhai.accounts.models import User
from trienkhai.directives.models import Directive
from trienkhai.simulation.hoalac import SIGN_INS

WAYS = [
    pytest.param("vi", False, id="vi"),
    pytest.param("en", False, id="en"),
    pytest.param("vi", True, id="vi-no-script"),
]
PASSWORD = next(password for name, password, _who in SIGN_INS if name == CLERK)
TITLE = "Về việc “giữ gìn” & phát huy truyền thống"


@pytest.fixture
def world() -> str:
    return "case"


@pytest.fixture
def viewport() -> ViewportSize:
    return PHONE


@pytest.fixture
def clerk(page: Page, sign_in: SignIn, lang: str) -> Reader:
    sign_in(User.objects.get(username=CLERK))
    return Reader(page, lang, f"ended-{lang}")


def type_it(clerk: Reader) -> None:
    clerk.page.goto("/directives/new/")
    clerk.fill("Number", "77-CV/ĐU", "of a directive")
    clerk.fill("Issued on", "03/04/2026")
    clerk.fill("Issued by", "Đảng uỷ phường Hoà Lạc")
    clerk.fill("Title", TITLE, "of a directive")


def sign_in_again(clerk: Reader) -> None:
    clerk.fill("User name", CLERK)
    clerk.page.locator("#id_password").fill(PASSWORD)
    clerk.press("Sign in")


@pytest.mark.parametrize(("lang", "no_js"), WAYS)
def test_signed_out_over_a_form(clerk: Reader, context: BrowserContext, no_js: bool) -> None:  # noqa: ARG001, FBT001 - for the browser
    type_it(clerk)
    context.clear_cookies(name="sessionid")
    clerk.press("Register")
    clerk.heading(clerk.say("Sign in again"))
    clerk.sees(clerk.say("You had been signed out. What you typed is not lost."))
    clerk.look("sign-in-again")
    clerk.fill("User name", CLERK)
    clerk.page.locator("#id_password").fill("không phải")
    clerk.press("Sign in")
    expect(clerk.page.locator(".errors")).to_be_visible()
    sign_in_again(clerk)
    clerk.heading(clerk.say("Send it again"))
    clerk.sees(TITLE)
    clerk.look("send-again")
    assert not Directive.objects.filter(number="77-CV/ĐU").exists()
    clerk.press("Send it now")
    clerk.heading(TITLE)
    assert Directive.objects.get(number="77-CV/ĐU").title == TITLE


@pytest.mark.parametrize("lang", ["vi"])
def test_signed_in_again_in_another_window(clerk: Reader, context: BrowserContext) -> None:
    type_it(clerk)
    context.clear_cookies(name="sessionid")
    other = Reader(context.new_page(), "vi")
    other.page.goto("/accounts/login/")
    sign_in_again(other)
    clerk.press("Register")
    clerk.heading(clerk.say("Send it again"))
    clerk.press("Send it now")
    clerk.heading(TITLE)


@pytest.mark.parametrize("lang", ["vi"])
def test_marks_of_a_roll_are_sent_after_signing_in_again(clerk: Reader, context: BrowserContext) -> None:
    meeting = case.planned_meeting()
    clerk.page.goto(f"/meetings/{meeting.key}/roll/")
    boxes = clerk.page.locator("input[data-member]")
    listed = boxes.count()
    boxes.nth(0).uncheck()
    context.clear_cookies(name="sessionid")
    clerk.press("Save the roll")
    clerk.heading(clerk.say("Sign in again"))
    sign_in_again(clerk)
    clerk.press("Send it now")
    clerk.sees(f"{listed - 1}/{listed}")
    expect(clerk.link("Correct the roll")).to_be_visible()
