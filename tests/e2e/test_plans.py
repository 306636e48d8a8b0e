"""A cell applies the ward's plan from a telephone; the ward revises it and sees what changed and who took it up."""

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.e2e import case
from tests.e2e.case import CLERK, SECRETARY
from tests.e2e.conftest import DESK, PHONE, SignIn
from tests.e2e.reader import Reader
from trienkhai.accounts.models import User
from trienkhai.ledger.clock import now, today
from trienkhai.organisation.rules import SYSTEM
from trienkhai.plans import actions
from trienkhai.plans.models import Plan
from trienkhai.plans.queries import in_force
from trienkhai.plans.rules import Adopted, Line

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


def adopted_above() -> Plan:
    """The ward's plan of the roll-out opened today, in force."""
    plan = Plan.objects.get(key=case.keys().draft_plan)
    lines = [Line("Tập huấn cho tổ công nghệ số"), Line("Mở lớp ở trường học"), Line("Báo cáo hằng quý")]
    actions.set_measures(plan=plan, lines=lines, actor=SYSTEM, at=now())
    actions.adopt_plan(plan=plan, adopted=Adopted(today(), "05-KH/ĐU"), actor=SYSTEM, at=now())
    return plan


def beginning_with(reader: Reader, source: str, context: str) -> re.Pattern[str]:
    """What such links are called: the measure's number follows, for who cannot see where it is."""
    return re.compile(rf"^{re.escape(reader.say(source, context))}")


@pytest.mark.parametrize(("lang", "no_js"), WAYS)
def test_from_the_wards_plan_to_the_cells_and_back(
    page: Page,
    sign_in: SignIn,
    lang: str,
    no_js: bool,  # noqa: ARG001, FBT001 - for the browser
) -> None:
    ward, rollout, cell = adopted_above(), case.second(), case.unit("Chi bộ Khu 5")
    sign_in(User.objects.get(username=SECRETARY))
    secretary = Reader(page, lang, f"plans-{lang}")
    page.goto(f"/rollouts/{rollout.key}/plans/{cell.key}/")
    secretary.look("begin")
    secretary.press("Apply the plan above")
    secretary.heading(secretary.say("Apply the plan above"))
    secretary.click(page.get_by_role("link", name=beginning_with(secretary, "Change", "measure")).first)
    page.locator("#id_text").fill("Chi bộ tập huấn trong hai buổi")
    secretary.look("change")
    secretary.press("Save")
    secretary.sees("Chi bộ tập huấn trong hai buổi")
    secretary.click(page.get_by_role("link", name=beginning_with(secretary, "Leave out", "measure")).nth(1))
    secretary.press("Leave it out")
    expect(page.locator(".errors")).to_be_visible()
    page.locator("#id_reason").fill("Trên địa bàn không có trường học")
    secretary.press("Leave it out")
    secretary.follow("Add a measure")
    page.locator("#id_text").fill("Giúp người cao tuổi cài ứng dụng")
    secretary.press("Save")
    secretary.look("one page")
    adopt_today(secretary)
    secretary.sees("Giúp người cao tuổi cài ứng dụng", "Trên địa bàn không có trường học", "Báo cáo hằng quý")
    secretary.look("adopted")

    page.set_viewport_size(DESK)
    sign_in(User.objects.get(username=CLERK))
    clerk = Reader(page, lang, f"plans-{lang}-clerk")
    page.goto(f"/plans/{ward.key}/")
    clerk.press("Draft the next version")
    clerk.follow("Edit the measures")
    page.locator("#id_form-0-text").fill("Tập huấn cho tổ công nghệ số và đoàn viên")
    clerk.click(clerk.button("Save the measures").last)
    clerk.follow("What changed")
    expect(page.locator("main ins")).to_have_text(["và đoàn viên"])
    clerk.look("changes")
    page.goto(f"/plans/{ward.key}/")
    clerk.sees("Mở lớp ở trường học")
    expect(page.locator("main")).not_to_contain_text("và đoàn viên")
    clerk.follow("Taken up below")
    shares = page.locator("main .share-fraction").all_inner_texts()
    assert [text.partition("/")[0] for text in shares] == ["1", "0", "1"]
    clerk.look("below")
    page.goto(f"/plans/{ward.key}/2/")
    adopt_today(clerk)
    page.set_viewport_size(PHONE)
    sign_in(User.objects.get(username=SECRETARY))
    take_up_the_newer_version(secretary)


def adopt_today(reader: Reader) -> None:
    """Enter that the draft was adopted today."""
    reader.follow("Adopt the plan")
    reader.page.locator("#id_on").fill(f"{today():%d/%m/%Y}")
    reader.press("Adopt the plan")


def take_up_the_newer_version(secretary: Reader) -> None:
    """The list of what is to do leads to the plan, its button to the page where the newer version is applied."""
    page, plan = secretary.page, Plan.objects.get(rollout=case.second(), unit=case.unit("Chi bộ Khu 5"))
    told = secretary.say("the plan above has a newer version, which this plan does not apply yet")
    page.goto("/")
    secretary.click(page.get_by_role("link", name=f"Chi bộ Khu 5: {told}"))
    secretary.look("newer above")
    secretary.press("Apply the newer version")
    secretary.heading(secretary.say("Apply the plan above"))
    secretary.sees("Chi bộ tập huấn trong hai buổi", "Trên địa bàn không có trường học")
    page.locator("details summary").first.click()
    secretary.sees("và đoàn viên")
    page.goto("/")
    secretary.click(page.get_by_role("link", name=f"Chi bộ Khu 5: {told}"))
    adopt_today(secretary)
    page.goto("/")
    secretary.heading(secretary.say("To do"))
    expect(page.locator("main")).not_to_contain_text(told)
    version = in_force(plan, today())
    assert version is not None
    assert version.base is not None
    assert (version.number, version.base.number) == (2, 2)
