"""A member writes a paper on a phone: the line drops, the reader returns it, it is mended, it is accepted."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.e2e import case
from tests.e2e.case import MEMBER, PDF, SECRETARY
from tests.e2e.conftest import PHONE, SignIn, signed_in_context
from tests.e2e.reader import Reader
from trienkhai.accounts.models import User
from trienkhai.papers.models import Paper

WORDS = "Tôi nhận thấy bản thân cần học thêm về chuyển đổi số."
MORE = " Tôi sẽ giúp bà con trong khu phố làm thủ tục trên mạng."
NOTE = "Đồng chí nêu rõ thời gian thực hiện."
WAYS = [
    pytest.param("vi", False, id="vi"),
    pytest.param("en", False, id="en"),
    pytest.param("vi", True, id="no-script"),
]


@pytest.fixture
def world() -> str:
    return "case"


@pytest.fixture
def viewport() -> ViewportSize:
    return PHONE


def paper() -> Paper:
    return Paper.objects.get(obligation__step__rollout=case.second(), obligation__person=case.person_of(MEMBER))


def user(name: str) -> User:
    return User.objects.get(username=name)


@pytest.fixture
def mine(sign_in: SignIn) -> str:
    """The member is signed in; the address of their paper."""
    sign_in(user(MEMBER))
    return f"/rollouts/{case.second().key}/my-paper/"


def test_a_line_that_drops_in_mid_typing_loses_no_word(page: Page, context: BrowserContext, mine: str) -> None:
    member = Reader(page, "vi", "paper")
    page.goto(mine)
    words, state = page.locator("textarea").first, page.locator("[data-saved-state]")
    words.press_sequentially(WORDS)
    expect(state).to_have_text(member.say("Kept"))
    member.look("typed")
    context.set_offline(True)
    words.press("End")
    words.press_sequentially(MORE)
    expect(state).to_contain_text(
        member.say("The line is down. Your words wait in this window and are sent when it returns.")
    )
    member.look("offline")
    assert paper().answers == [WORDS]
    context.set_offline(False)
    expect(state).to_have_text(member.say("Kept"))
    assert paper().answers == [WORDS + MORE]
    page.goto("/")
    page.goto(mine)
    expect(page.locator("textarea").first).to_have_value(WORDS + MORE)


def test_a_page_reloaded_without_a_line_gives_the_words_back(page: Page, mine: str) -> None:
    page.goto(mine)
    page.route("**/keep/", lambda route: route.abort())
    page.locator("textarea").first.press_sequentially(WORDS)
    expect(page.locator("[data-saved-state]")).to_have_attribute("data-state", "waiting")
    page.reload()
    expect(page.locator("textarea").first).to_have_value(WORDS)
    page.unroute("**/keep/")
    page.locator("textarea").first.press_sequentially(" ")
    expect(page.locator("[data-saved-state]")).to_have_attribute("data-state", "kept")


@pytest.mark.parametrize(("lang", "no_js"), WAYS)
def test_returned_with_a_note_mended_and_accepted(  # noqa: PLR0917 - fixtures
    page: Page,
    mine: str,
    browser: Browser,
    address: str,
    lang: str,
    no_js: bool,  # noqa: FBT001 - a fixture
) -> None:
    name = f"paper-{lang}{'-noscript' if no_js else ''}"
    member = Reader(page, lang, f"{name}-member")
    page.goto(mine)
    page.locator("textarea").first.fill(WORDS)
    member.press("Hand in")
    member.sees(member.say("Your paper has been handed in."), WORDS)
    member.look("handed-in")
    expect(page.locator("textarea")).to_have_count(0)

    with signed_in_context(browser, address, user(SECRETARY), lang=lang, no_js=no_js, viewport=PHONE) as other:
        secretary = Reader(other.new_page(), lang, f"{name}-secretary")
        secretary.page.goto(f"/rollouts/{case.second().key}/papers/{case.unit('Chi bộ Khu 5').key}/")
        secretary.look("list")
        secretary.click(secretary.page.get_by_role("link", name=re.compile(f"^{secretary.say('Read')} ?:")))
        secretary.sees(WORDS)
        secretary.open_details("Return with a note")
        secretary.fill("What is to be mended?", NOTE)
        secretary.look("read")
        secretary.press("Return")

        page.goto(mine)
        member.sees(NOTE)
        member.look("returned")
        expect(page.locator("textarea").first).to_have_value(WORDS)
        page.locator("textarea").first.fill(WORDS + MORE)
        member.press("Hand in")

        secretary.page.goto(f"/papers/{paper().key}/")
        secretary.sees(WORDS + MORE)
        secretary.press("Accept")
        secretary.look("accepted")
    page.goto(mine)
    member.sees(WORDS + MORE)
    page.goto(f"/rollouts/{case.second().key}/figures/papers_accepted/?unit={case.unit('Chi bộ Khu 5').key}")
    member.sees("1/")


def test_a_paper_handed_in_as_a_file_is_read_by_the_secretary(
    page: Page, mine: str, browser: Browser, address: str
) -> None:
    member = Reader(page, "vi")
    page.goto(mine)
    member.open_details("Hand in a file instead")
    member.field("Your paper").last.set_input_files(
        {"name": "bài thu hoạch.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    member.press("Hand in the file")
    member.sees("bài thu hoạch.pdf")
    with signed_in_context(browser, address, user(SECRETARY), viewport=PHONE) as other:
        reading = other.new_page()
        reading.goto(f"/papers/{paper().key}/")
        with reading.expect_download() as download:
            reading.get_by_role("link", name="bài thu hoạch.pdf").click()
        assert Path(download.value.path()).read_bytes() == PDF


def test_two_windows_on_one_paper_the_second_is_told_and_keeps_its_words(
    page: Page, context: BrowserContext, mine: str
) -> None:
    member, second = Reader(page, "vi"), context.new_page()
    page.goto(mine)
    second.goto(mine)
    page.locator("textarea").first.press_sequentially(WORDS)
    expect(page.locator("[data-saved-state]")).to_have_text(member.say("Kept"))
    second.locator("textarea").first.press_sequentially(MORE)
    expect(second.locator("[data-saved-state]")).to_have_attribute("data-state", "conflict")
    assert paper().answers == [WORDS]
    second.reload()
    expect(second.locator("textarea").first).to_have_value(WORDS)
    expect(second.locator("main")).to_contain_text(MORE.strip())
