"""Several points in one comment; slips of paper, from the printer to the box: what is written is what is counted."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, ViewportSize

from tests.e2e.case import CLERK, MEMBER
from tests.e2e.comment_case import SEALED
from tests.e2e.conftest import DESK, PHONE, SignIn
from tests.e2e.reader import Reader
from trienkhai.accounts.models import User
from trienkhai.comments import actions
from trienkhai.comments.models import Asked, Call
from trienkhai.ledger.clock import today
from trienkhai.organisation.rules import SYSTEM
from trienkhai.sealed.queries import receipt, status
from trienkhai.sealed.rules import Fate

WAYS = [
    pytest.param("vi", False, id="vi"),
    pytest.param("en", False, id="en"),
    pytest.param("vi", True, id="no-script"),
]
POINTS = ("Nên họp sớm hơn.", "Tài liệu gửi trước ba ngày.", "Mở lớp vào buổi tối.")
SLIPS = ("Đường ngõ lầy lội.", "Loa phát sớm quá.", "Sân kho cần mái che.")


@pytest.fixture
def world() -> str:
    return "case"


@pytest.fixture
def viewport() -> ViewportSize:
    return DESK


def sealed_call() -> Call:
    return Call.objects.get(title=SEALED)


def sent() -> int:
    call = sealed_call()
    return status(call.round_key or call.key).boxes


@pytest.mark.parametrize(("lang", "no_js"), WAYS)
def test_three_points_are_read_again_and_sent(page: Page, sign_in: SignIn, lang: str) -> None:
    page.set_viewport_size(PHONE)
    member = Reader(page, lang, f"points-{lang}")
    sign_in(User.objects.get(username=MEMBER))
    page.goto(reverse("comments:write", args=[sealed_call().key]))
    member.follow("To the box for writing", within="main")
    page.locator("input[name=promise][value=named]").check()
    for n, words in enumerate(POINTS):
        if n:
            member.press("Another point")
        page.locator(f"textarea[name=text-{n}]").fill(words)
    member.look("three")
    member.press("Read it again")
    shown = page.locator("main section .verbatim").all_inner_texts()
    assert tuple(shown) == POINTS
    member.look("read-again")
    member.press("Change it")
    assert [box.input_value() for box in page.locator("main textarea").all()] == list(POINTS)
    member.press("Read it again")
    member.press("Send")
    assert re.fullmatch(r"([A-Z2-7]{4}-){3}[A-Z2-7]{4}", page.locator(".receipt-code").inner_text())
    assert sent() == 1


@pytest.mark.parametrize(("lang", "no_js"), WAYS)
def test_slips_from_the_printer_to_the_box(page: Page, context: BrowserContext, sign_in: SignIn, lang: str) -> None:
    clerk, call = Reader(page, lang, f"slips-{lang}"), sealed_call()
    sign_in(User.objects.get(username=CLERK))
    page.goto(reverse("comments:slips", args=[call.key]))
    clerk.follow("Print slips", within="main")
    clerk.fill("How many slips", "6")
    clerk.look("print")
    clerk.press("Show the slips")
    clerk.look("sheet")
    codes = page.locator(".paper-code").all_inner_texts()[::2]
    assert len(set(codes)) == 6
    member = User.objects.get(username=MEMBER)
    others = Asked.objects.filter(call=call).exclude(person__sign_in__user=member).order_by("pk")
    given = list(others.values_list("person", flat=True)[:6])
    actions.hand_out_slips(call=call, people=given, given=True, actor=SYSTEM, at=today())
    page.goto(reverse("comments:enter_slips", args=[call.key]))
    for n, words in enumerate(SLIPS):
        if n:
            clerk.press("Another point")
        page.locator(f"textarea[name=text-{n}]").fill(words)
        page.locator(f"input[name=receipt-{n}]").fill(codes[n].lower())
    page.locator("input[name=below-1]").check()
    clerk.look("enter")
    clerk.press("Put them into the box")
    assert sent() == 3
    assert [found.fate for code in codes[:3] if (found := receipt(code))] == [Fate.WAITING] * 3
    context.clear_cookies(name="sessionid")
    author = Reader(page, lang, f"slip-author-{lang}")
    page.goto(reverse("comments:receipts"))
    author.fill("Your receipt", codes[1])
    author.press("Show the answer")
    author.sees(author.say("In the box, unread"))
