"""The office draws codes and prints them; a resident comments with one by telephone and finds what became of it."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, ViewportSize

from tests.e2e.case import CLERK
from tests.e2e.comment_case import SEALED
from tests.e2e.conftest import DESK, PHONE, SignIn
from tests.e2e.reader import Reader
from trienkhai.accounts.models import User
from trienkhai.comments import actions
from trienkhai.comments.models import Call
from trienkhai.comments.queries.codes import code_counts
from trienkhai.comments.rules import About, Addressed, CallPlan, Promise, Subject
from trienkhai.ledger.clock import now, today
from trienkhai.organisation.queries import actor_for
from trienkhai.sealed.queries import status

TITLE = "Bà con góp ý về đường ngõ"
WORDS = "Đèn đường đầu ngõ hỏng đã lâu."
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
    return DESK


def open_call() -> Call:
    """A call of the ward for thirty residents, with the holders of another of its boxes."""
    other = Call.objects.get(title=SEALED)
    assert other.round_key is not None
    plan = CallPlan(
        title=TITLE,
        asks="Điều gì ở tổ dân phố cần làm trước?",
        opens_on=today(),
        closes_on=today() + timedelta(days=14),
        answer_by=today() + timedelta(days=44),
        promises=frozenset({Promise.NAMED, Promise.WITHOUT_A_NAME}),
        subjects=[Subject(About.FREE)],
        addressed=Addressed.RESIDENTS,
        codes=30,
        releasers=status(other.round_key).releasers,
    )
    actor = actor_for(User.objects.get(username=CLERK), on=today())
    return actions.open_call(unit=other.unit_id, plan=plan, actor=actor, at=now())


@pytest.mark.parametrize(("lang", "no_js"), WAYS)
def test_from_the_bowl_to_the_box(page: Page, context: BrowserContext, sign_in: SignIn, lang: str) -> None:
    call = open_call()
    codes = draw(Reader(page, lang, f"codes-{lang}"), sign_in, call)
    page.set_viewport_size(PHONE)
    context.clear_cookies(name="sessionid")
    context.clear_cookies(name="csrftoken")
    resident = Reader(page, lang, f"resident-{lang}")
    receipt = write(resident, call, codes[7])
    page.goto(reverse("comments:receipts"))
    resident.fill("Your receipt", receipt)
    resident.press("Show the answer")
    resident.sees(TITLE, resident.say("In the box, unread"))
    page.goto(reverse("comments:by_code"))
    resident.fill("Your code", codes[7])
    resident.press("Go on")
    resident.sees(resident.say("A comment has been sent with this code. It cannot be changed or sent again."))
    resident.look("used")


def draw(clerk: Reader, sign_in: SignIn, call: Call) -> list[str]:
    """The clerk's sheet: thirty slips, and none of them again when the page is loaded again."""
    page = clerk.page
    sign_in(User.objects.get(username=CLERK))
    page.goto(reverse("comments:one", args=[call.key]))
    clerk.look("call")
    clerk.follow("Codes for residents")
    clerk.look("before")
    clerk.click(page.get_by_role("button", name=clerk.say("Draw %(n)s codes and show them") % {"n": 30}))
    clerk.look("sheet")
    codes = page.locator(".code-signs").all_inner_texts()
    assert len(set(codes)) == 30
    page.goto(reverse("comments:codes", args=[call.key]))
    clerk.sees(clerk.say("They have been drawn before"))
    clerk.look("drawn")
    return codes


def write(resident: Reader, call: Call, code: str) -> str:
    """Without signing in, on a telephone; the receipt."""
    page = resident.page
    page.goto(reverse("comments:by_code"))
    resident.look("code")
    resident.fill("Your code", code.lower().replace("-", " "))
    resident.press("Go on")
    resident.look("above-the-box")
    resident.sees(TITLE)
    resident.choose("Without a name")
    resident.fill("Your comment", WORDS)
    resident.press("Read it again")
    resident.sees(WORDS, resident.say("Nothing has been sent yet."))
    resident.look("read-again")
    resident.press("Send")
    resident.look("receipt")
    receipt = page.locator(".receipt-code").inner_text()
    assert re.fullmatch(r"([A-Z2-7]{4}-){3}[A-Z2-7]{4}", receipt)
    assert code not in page.url
    assert code_counts(call).used == 1
    return receipt
