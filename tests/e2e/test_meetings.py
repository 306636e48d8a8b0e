"""A secretary calls the roll on a phone, with and without scripts, with a line that drops."""

from collections.abc import Callable
from datetime import date

import pytest
from django.contrib.auth.base_user import AbstractBaseUser
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from tests.e2e.browser import check_axe, check_fits, settle
from tests.e2e.conftest import PHONE
from tests.factories.meetings import World, make_ward
from trienkhai.accounts.models import User
from trienkhai.ledger.models import Entry
from trienkhai.meetings.models import Attendance, Meeting
from trienkhai.organisation.models import Delegation
from trienkhai.organisation.rules import Role

WORDS = {
    "vi": {"plan": "Lên lịch hội nghị", "save": "Lưu điểm danh", "correct": "Sửa điểm danh", "why": "Lý do, nếu biết"},
    "en": {
        "plan": "Plan the meeting",
        "save": "Save the roll",
        "correct": "Correct the roll",
        "why": "Reason, if known",
    },
}
type SignIn = Callable[[AbstractBaseUser], None]


@pytest.fixture
def viewport() -> ViewportSize:
    return PHONE


@pytest.fixture
def ward(sign_in: SignIn) -> World:
    """A ward whose office is signed in."""
    made = make_ward(members=6)
    user = User.objects.create_user("office")
    Delegation.objects.create(user=user, unit=made.ward, role=Role.OFFICE, starts_on=date(2012, 1, 1))
    sign_in(user)
    return made


def presences(meeting: Meeting) -> list[str]:
    return sorted(Attendance.objects.current().filter(entry__meeting=meeting).values_list("presence", flat=True))


@pytest.mark.parametrize("no_js", [False, True], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_plan_and_call_the_roll_on_a_phone(page: Page, ward: World, lang: str, no_js: bool) -> None:  # noqa: FBT001
    words = WORDS[lang]
    page.goto(f"/rollouts/{ward.rollout.key}/meetings/new/")
    page.locator("#id_host").select_option(str(ward.cells[0].key))
    page.locator("#id_held_on").fill("12/05/2012")
    _check(page, scripts=not no_js)
    page.get_by_role("button", name=words["plan"]).click()
    settle(page)
    meeting = Meeting.objects.get()
    expect(page).to_have_url(f"{page.url.split('/meetings/')[0]}/meetings/{meeting.key}/")
    _check(page, scripts=not no_js)
    page.goto(f"/meetings/{meeting.key}/roll/")
    rows = page.locator(".roll > li")
    expect(rows).to_have_count(6)
    expect(page.locator(".roll-why:visible")).to_have_count(0)
    rows.nth(1).locator("input[type=checkbox]").uncheck()
    rows.nth(1).get_by_label(words["why"]).fill("đi viện")
    rows.nth(4).locator("input[type=checkbox]").uncheck()
    rows.nth(4).locator("input[value=late]").check()
    box = rows.nth(0).locator("label.option").bounding_box()
    assert box is not None
    assert box["height"] >= 44
    _check(page, scripts=not no_js)
    page.get_by_role("button", name=words["save"]).click()
    expect(page.get_by_role("link", name=words["correct"])).to_be_visible()
    assert presences(meeting) == ["absent_excused", "late", *["present"] * 4]
    _check(page, scripts=not no_js)


def _check(page: Page, *, scripts: bool) -> None:
    if scripts:
        check_axe(page)
        check_fits(page)


def test_a_line_that_drops_loses_no_mark_and_enters_nothing_twice(
    page: Page, context: BrowserContext, ward: World
) -> None:
    meeting = ward.meet()
    page.goto(f"/meetings/{meeting.key}/roll/")
    page.locator("input[data-member]").nth(0).uncheck()
    context.set_offline(True)
    page.get_by_role("button", name=WORDS["vi"]["save"]).click()
    expect(page.locator("[data-roll-state]")).to_contain_text("Mất mạng")
    page.locator("input[data-member]").nth(1).uncheck()
    assert not Attendance.objects.exists()
    context.set_offline(False)
    expect(page.get_by_role("link", name=WORDS["vi"]["correct"])).to_be_visible()
    assert presences(meeting) == ["absent", "absent", *["present"] * 4]
    assert Entry.objects.filter(action="meetings.call_roll").count() == 1


def test_marks_not_yet_sent_are_put_back_after_the_page_was_left(
    page: Page, context: BrowserContext, ward: World
) -> None:
    meeting = ward.meet()
    page.goto(f"/meetings/{meeting.key}/roll/")
    page.locator("input[data-member]").nth(2).uncheck()
    page.locator(".roll > li").nth(2).locator("input[value=left_early]").check()
    page.goto(f"/meetings/{meeting.key}/")
    page.goto(f"/meetings/{meeting.key}/roll/")
    expect(page.locator("input[data-member]").nth(2)).not_to_be_checked()
    expect(page.locator(".roll > li").nth(2).locator("input[value=left_early]")).to_be_checked()
    page.get_by_role("button", name=WORDS["vi"]["save"]).click()
    expect(page.get_by_role("link", name=WORDS["vi"]["correct"])).to_be_visible()
    assert presences(meeting) == ["left_early", *["present"] * 5]
    assert context.pages


def test_an_answer_lost_on_the_way_is_asked_for_again_and_entered_once(page: Page, ward: World) -> None:
    meeting = ward.meet()
    page.goto(f"/meetings/{meeting.key}/roll/")
    lost: list[str] = []

    def lose_first_answer(route) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().text())  # the server has it
            route.abort()
        else:
            route.continue_()

    page.route("**/roll/", lose_first_answer)
    page.get_by_role("button", name=WORDS["vi"]["save"]).click()
    expect(page.get_by_role("link", name=WORDS["vi"]["correct"])).to_be_visible(timeout=15_000)
    expect(page.locator(".messages")).to_contain_text("không nhập hai lần")
    assert lost
    assert Entry.objects.filter(action="meetings.call_roll").count() == 1
