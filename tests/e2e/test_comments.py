"""A member comments without a name on a clause by phone; two open the box; the clause changes; the receipt tells."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, ViewportSize

from tests.e2e import case
from tests.e2e.case import CLERK, MEMBER
from tests.e2e.comment_case import SEALED, WORDS
from tests.e2e.conftest import DESK, PHONE, SignIn
from tests.e2e.reader import Reader
from trienkhai.accounts.models import User
from trienkhai.comments import actions
from trienkhai.comments.actions import Letter
from trienkhai.comments.models import Asked, Call, Disposition, Point, Submission
from trienkhai.comments.queries.subjects import choices_of
from trienkhai.comments.rules import About, Promise, Said
from trienkhai.ledger.clock import now, today
from trienkhai.organisation.rules import Actor
from trienkhai.plans.models import Plan
from trienkhai.plans.queries import draft_of, in_force
from trienkhai.sealed.queries import status
from trienkhai.sealed.rules import Below

OWN_WORDS = "Báo cáo mỗi tháng một lần thì mọi người mới theo dõi được."
SAME_WORDS = (
    "bao cao moi thang mot lan thi moi nguoi moi theo doi duoc",
    "Báo cáo mỗi tháng một lần thì mọi người mới theo dõi được ạ!",
)
OTHER_WORDS = "Nên cho biết kết quả hằng tháng."
SUMMARY = "Đề nghị báo cáo hằng tháng"
ADDED = "Kết quả hằng tháng niêm yết tại nhà văn hoá các khu."
ANSWER = "Đảng uỷ tiếp thu, bổ sung vào kế hoạch."
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


def user(name: str) -> User:
    return User.objects.get(username=name)


def call() -> Call:
    return Call.objects.get(title=SEALED)


@pytest.mark.parametrize(("lang", "no_js"), WAYS)
def test_from_a_comment_without_a_name_to_the_words_it_changed(
    page: Page, context: BrowserContext, sign_in: SignIn, lang: str
) -> None:
    receipt = send_from_a_telephone(Reader(page, lang, f"comment-{lang}"), sign_in)
    context.clear_cookies(name="sessionid")
    others_send()
    page.set_viewport_size(DESK)
    clerk = Reader(page, lang, f"comment-desk-{lang}")
    sign_in(user(CLERK))
    open_the_box(clerk)
    put_together_what_says_the_same(clerk)
    answer_with_a_changed_clause(clerk)
    change_and_adopt(clerk)
    context.clear_cookies(name="sessionid")
    page.set_viewport_size(PHONE)
    find_the_answer(Reader(page, lang, f"comment-receipt-{lang}"), receipt)


def send_from_a_telephone(member: Reader, sign_in: SignIn) -> str:
    """The member, from what is to do to the receipt."""
    page = member.page
    sign_in(user(MEMBER))
    page.goto("/")
    member.click(page.locator(f"a[href='{reverse('comments:write', args=[call().key])}']"))
    member.look("above-the-box")
    clause = next(one for one in choices_of(call(), on=today()) if one.about is About.MEASURE)
    member.choose("Without a name")
    page.get_by_role(
        "radio", name=member.say("Fewer than %(n)s: hand it over all the same; it might be guessed") % {"n": 5}
    ).check()
    member.field("About").select_option(clause.key)
    member.fill("Your comment", OWN_WORDS)
    member.press("Read it again")
    member.sees(OWN_WORDS, member.say("Nothing has been sent yet."))
    member.look("read-again")
    assert not status(call().round_key or call().key).boxes
    member.press("Send")
    member.look("receipt")
    code = page.locator(".receipt-code").inner_text()
    assert re.fullmatch(r"([A-Z2-7]{4}-){3}[A-Z2-7]{4}", code)
    assert code not in page.url
    assert status(call().round_key or call().key).boxes == 1
    assert not Point.objects.filter(text=OWN_WORDS).exists()
    member.follow("I have noted it")
    page.goto(reverse("comments:write", args=[call().key]))
    member.sees(member.say("You have sent your comment in this call. It cannot be changed or sent again."))
    return code


def others_send() -> None:
    """Three more say it: two in the same words, as people write, one otherwise."""
    clause = next(one for one in choices_of(call(), on=today()) if one.about is About.MEASURE)
    member = case.person_of(MEMBER).pk
    people = Asked.objects.filter(call=call(), slip_on__isnull=True).exclude(person=member).order_by("pk")
    for asked, text in zip(people, (*SAME_WORDS, OTHER_WORDS), strict=False):
        letter = Letter(
            Promise.WITHOUT_A_NAME, [Said(clause.subject, text)], {clause.subject: clause.key}, Below.RELEASE
        )
        own = Actor(key=None, person_id=asked.person_id)
        actions.send(call=call(), person=asked.person_id, letter=letter, actor=own, at=now())


def open_the_box(clerk: Reader) -> None:
    """The clerk closes the call; two holders type their passphrases."""
    page = clerk.page
    page.goto(reverse("comments:one", args=[call().key]))
    clerk.follow("Close now")
    clerk.fill("Why", "Đã đủ ý kiến")
    clerk.press("Close it")
    clerk.follow("Open the box", within=".heading")
    clerk.look("open-the-box")
    for number, key in enumerate(status(call().round_key or call().key).releasers, start=1):
        page.locator(f"[name=holder_{number}]").select_option(str(key))
        page.locator(f"[name=passphrase_{number}]").fill(WORDS.format(key))
    clerk.press("Open the box")
    row = Submission.objects.get(call=call(), points__text=OWN_WORDS)
    assert (row.promise, row.person_id, row.unit_id, row.received_on) == (Promise.WITHOUT_A_NAME, None, None, None)


def put_together_what_says_the_same(clerk: Reader) -> None:
    """The clerk looks for those that say the same: three lie in one group; the fourth is put to them by hand."""
    page = clerk.page
    clerk.follow("Group and answer")
    clerk.press("Look for those that say the same")
    own = Point.objects.get(text=OWN_WORDS).group
    assert set(own.points.values_list("text", flat=True)) == {OWN_WORDS, *SAME_WORDS}
    clerk.look("found-alike")
    for words in (OWN_WORDS, OTHER_WORDS):
        page.get_by_role("checkbox", name=re.compile(re.escape(words))).check()
    clerk.press("Merge those ticked")
    own.refresh_from_db()
    assert own.size == 4
    assert Point.objects.get(text=OTHER_WORDS).group_id == own.pk


def answer_with_a_changed_clause(clerk: Reader) -> None:
    """The clerk answers the group, naming the clause of the draft that is to change."""
    page = clerk.page
    page.get_by_role("checkbox", name=re.compile(re.escape(OWN_WORDS))).check()
    clerk.press("Answer those ticked")
    clerk.fill("What was said, in your own words", SUMMARY)
    page.get_by_role("radio", name=clerk.say("accepted", "comments")).check()
    point = Point.objects.get(text=OWN_WORDS)
    assert point.measure is not None
    clerk.field("The measure of the draft that changes").select_option(str(point.measure.key))
    clerk.fill("Answer", ANSWER)
    clerk.look("answer")
    clerk.press("Save the answer")
    assert Disposition.objects.get(group__points=point).answer == ANSWER


def change_and_adopt(clerk: Reader) -> None:
    """The clerk words the clause anew in the draft, looks at what changed, and enters the adoption."""
    page, measure = clerk.page, Point.objects.get(text=OWN_WORDS).measure
    plan = Plan.objects.get(rollout=case.first(), unit=case.unit("Đảng bộ phường Hoà Lạc"))
    draft = draft_of(plan)
    assert measure is not None
    assert draft is not None
    page.goto(reverse("plans:one", args=[plan.key]))
    clerk.follow("Go on with the draft")
    clerk.click(page.locator(f"#m-{measure.key} a").first)
    clerk.look("measure-of-the-draft")
    clerk.follow("Edit", within="main")
    words = clerk.field("What is to be done").input_value()
    clerk.fill("What is to be done", f"{words} {ADDED}")
    clerk.press("Save")
    clerk.follow("What changed", within="main")
    clerk.sees(ADDED, SUMMARY)
    clerk.look("what-changed")
    page.goto(reverse("plans:version", args=[plan.key, draft.number]))
    clerk.follow("Adopt the plan")
    clerk.fill("Adopted on", f"{today():%d/%m/%Y}")
    clerk.fill("Number of the plan", "44-KH/ĐU")
    clerk.look("adopt")
    clerk.press("Adopt the plan")
    clerk.sees(ADDED, "44-KH/ĐU")
    assert in_force(plan, today()) == draft


def find_the_answer(anybody: Reader, receipt: str) -> None:
    """Without signing in: the answer, the clause before and now, and never the author's own words."""
    page = anybody.page
    page.goto(reverse("comments:receipts"))
    anybody.fill("Your receipt", receipt.lower().replace("-", " "))
    anybody.press("Show the answer")
    anybody.look("answer")
    anybody.sees(ANSWER, ADDED, anybody.say("Accepted", "comments"))
    assert OWN_WORDS not in page.content()
    assert receipt not in page.url
