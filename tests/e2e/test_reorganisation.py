"""The organisation changes in the middle of a roll-out: shown before it is done, and each day keeps its own figures."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import case
from tests.e2e.case import CLERK, MEMBER, SECRETARY
from tests.e2e.conftest import SignIn
from tests.e2e.reader import Reader, share
from trienkhai.accounts.models import User
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
    return Reader(page, lang, f"reorganisation-{lang}")


def people(clerk: Reader, day: date | None = None) -> tuple[int, int]:
    """Of how many how many have studied."""
    return share(clerk.page, case.second().key, "persons_studied", as_of=day)


def cells(clerk: Reader, day: date | None = None) -> tuple[int, int]:
    return share(clerk.page, case.second().key, "units_studied", as_of=day)


def confirm(clerk: Reader) -> None:
    """See what it would do, then do it."""
    clerk.press("See what this changes")
    clerk.sees(clerk.say("Nothing has been saved yet. This is what it would do."))
    clerk.look("preview")
    clerk.press("Yes, do this")


@pytest.mark.parametrize(("lang", "no_js"), WAYS)
def test_two_cells_become_one(clerk: Reader, no_js: bool) -> None:  # noqa: ARG001, FBT001 - for the browser
    page, yesterday = clerk.page, today() - timedelta(days=1)
    people_before, cells_before = people(clerk), cells(clerk)
    one, two = case.unit("Chi bộ Khu 1"), case.unit("Chi bộ Khu 2")
    page.goto(f"/units/{one.key}/")
    page.locator("summary").filter(has_text=clerk.say("Change this unit …")).click()
    clerk.look("unit")
    clerk.click(page.locator(f"a[href='/units/{one.key}/merge/']"))
    page.get_by_label("Chi bộ Khu 2", exact=True).check()
    clerk.fill("Name of the merged unit", "Chi bộ Khu 1 và 2")
    clerk.fill("From", f"{today():%d/%m/%Y}")
    clerk.look("merge")
    clerk.press("See what this changes")
    clerk.sees("Chi bộ Khu 1 và 2", clerk.say("Units that close"))
    assert people(clerk) == people_before
    page.goto(f"/units/{one.key}/merge/")
    page.get_by_label("Chi bộ Khu 2", exact=True).check()
    clerk.fill("Name of the merged unit", "Chi bộ Khu 1 và 2")
    clerk.fill("From", f"{today():%d/%m/%Y}")
    confirm(clerk)
    clerk.heading("Chi bộ Khu 1 và 2")
    clerk.look("merged")
    assert people(clerk) == people_before
    assert cells(clerk) == (0, cells_before[1] - 1)
    assert cells(clerk, yesterday) == cells_before
    page.goto(f"/organisation/?as_of={yesterday.isoformat()}")
    for unit in (one, two):
        expect(page.locator(f"main a[href^='/units/{unit.key}/']")).to_have_count(1)
    page.goto("/organisation/")
    expect(page.locator(f"main a[href^='/units/{two.key}/']")).to_have_count(0)


def test_somebody_dies_somebody_moves_somebody_is_exempt(clerk: Reader) -> None:
    page, yesterday = clerk.page, today() - timedelta(days=1)
    _done, owing = people(clerk)
    dead, moving = case.person_of(MEMBER), case.person_of(SECRETARY)
    five, six = case.unit("Chi bộ Khu 5"), case.unit("Chi bộ Khu 6")
    in_five = share(page, case.second().key, "persons_studied", unit=five.key)[1]

    page.goto(f"/people/{dead.key}/")
    clerk.follow("This person …")
    clerk.look("this-person")
    clerk.click(page.locator("a[href$='/died/']"))
    page.locator("#id_on").fill(f"{today():%d/%m/%Y}")
    confirm(clerk)
    clerk.look("dead")
    assert people(clerk) == (0, owing - 1)

    page.goto(f"/people/{moving.key}/change/moved/")
    page.locator("#id_to_unit").select_option(label="Chi bộ Khu 6")
    page.locator("#id_on").fill(f"{today():%d/%m/%Y}")
    confirm(clerk)
    assert people(clerk) == (0, owing - 1)
    assert share(page, case.second().key, "persons_studied", unit=five.key)[1] == in_five - 2

    page.goto(f"/people/{moving.key}/change/exempt/")
    page.locator("#id_on").fill(f"{today():%d/%m/%Y}")
    confirm(clerk)
    assert people(clerk) == (0, owing - 2)
    assert people(clerk, yesterday) == (0, owing)
    assert share(page, case.second().key, "persons_studied", as_of=yesterday, unit=five.key)[1] == in_five
    assert six.pk != five.pk


def test_a_day_before_the_facts_is_refused_and_what_was_typed_stays(clerk: Reader) -> None:
    page = clerk.page
    page.goto(f"/people/{case.person_of(MEMBER).key}/change/moved/")
    page.locator("#id_to_unit").select_option(label="Chi bộ Khu 6")
    for wrong in ("31/02/2026", "hôm qua", "01/01/1900", f"{today() + timedelta(days=400):%d/%m/%Y}"):
        page.locator("#id_on").fill(wrong)
        clerk.press("See what this changes")
        expect(page.locator(".errors")).to_be_visible()
        expect(page.locator("#id_on")).to_have_value(wrong)
    clerk.look("refused")
