"""A cell secretary on a cheap phone: signs in, calls the roll, corrects it, holds a make-up session."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.e2e import case
from tests.e2e.case import SECRETARY
from tests.e2e.conftest import PHONE
from tests.e2e.reader import Reader, share
from trienkhai.ledger.clock import today
from trienkhai.simulation.hoalac.loading import SIGN_INS

PASSWORD = next(password for name, password, _who in SIGN_INS if name == SECRETARY)
AWAY = 2


@pytest.fixture
def world() -> str:
    return "case"


@pytest.fixture
def viewport() -> ViewportSize:
    return PHONE


@pytest.mark.parametrize(("lang", "no_js"), [("vi", False), ("en", False), ("vi", True)], ids=["vi", "en", "no-script"])
def test_roll_correction_and_make_up(page: Page, lang: str, no_js: bool) -> None:  # noqa: FBT001 - a fixture
    secretary = Reader(page, lang, f"secretary-{lang}{'-noscript' if no_js else ''}")
    cell, rollout = case.unit("Chi bộ Khu 5"), case.second()
    page.goto("/accounts/login/")
    secretary.look("sign-in")
    page.locator("#id_login").fill(SECRETARY)
    page.locator("#id_password").fill("không phải mật khẩu")
    secretary.click(page.locator("main .button-primary"))
    expect(page.locator(".errors")).to_be_visible()
    page.locator("#id_login").fill(SECRETARY)
    page.locator("#id_password").fill(PASSWORD)
    secretary.click(page.locator("main .button-primary"))
    secretary.heading(secretary.say("To do"))
    secretary.look("to-do")

    secretary.click(page.locator("main a").filter(has_text=secretary.say("people have not studied")))
    secretary.look("meetings")
    secretary.click(page.get_by_role("link", name="Học tập chuyên đề"))
    secretary.look("meeting")
    secretary.follow("Call the roll")
    boxes = page.locator("input[data-member]")
    owing = boxes.count()
    for place in range(AWAY):
        boxes.nth(place).uncheck()
    rows = page.locator(".roll > li")
    rows.nth(0).get_by_label(secretary.say("away, with a reason")).check()
    rows.nth(0).get_by_label(secretary.say("Reason, if known")).fill("đi viện")
    secretary.look("roll")
    secretary.save_the_roll()
    secretary.sees(f"{owing - AWAY}/{owing}", "đi viện")
    secretary.look("held")

    secretary.follow("Correct the roll")
    boxes.nth(1).check()
    secretary.save_the_roll()
    secretary.sees(f"{owing - 1}/{owing}")
    have, owed = share(page, rollout.key, "persons_studied", unit=cell.key)
    assert (have, owed) == (owing - 1, owing)

    page.goto(f"/meetings/{case.planned_meeting().key}/")
    page.locator("form[action$='/make-up/'] input[name$=held_on]").fill(f"{today():%d/%m/%Y}")
    secretary.press("Plan a make-up session")
    secretary.look("make-up")
    secretary.follow("Call the roll")
    assert page.locator("input[data-member]").count() == 1
    secretary.save_the_roll()
    secretary.sees("1/1")
    assert share(page, rollout.key, "persons_studied", unit=cell.key) == (owing, owing)
    assert share(page, rollout.key, "units_studied", unit=cell.key) == (1, 1)
    yesterday = today() - timedelta(days=1)
    assert share(page, rollout.key, "persons_studied", unit=cell.key, as_of=yesterday) == (owing - 1, owing)
    page.goto("/")
    expect(page.locator("main")).not_to_contain_text(secretary.say("people have not studied"))
    secretary.look("done")
