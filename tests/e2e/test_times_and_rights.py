"""What was known when, and who may see what."""

from datetime import date, timedelta
from http import HTTPStatus
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import case
from tests.e2e.case import CITY, CLERK, MEMBER, SECRETARY
from tests.e2e.conftest import SignIn, signed_in_context
from tests.e2e.reader import Reader, share
from trienkhai.accounts.models import User
from trienkhai.ledger.clock import now, today
from trienkhai.organisation import actions as organisation
from trienkhai.organisation.actions import NewUnit
from trienkhai.organisation.models import Membership, Person
from trienkhai.organisation.rules import SYSTEM, UnitKind

END, FROZEN, SUMMER = date(2012, 10, 31), date(2012, 11, 5), date(2012, 6, 30)


@pytest.fixture
def world() -> str:
    return "case"


def user(name: str) -> User:
    return User.objects.get(username=name)


@pytest.mark.parametrize(("lang", "no_js"), [("vi", False), ("en", False), ("vi", True)], ids=["vi", "en", "no-script"])
def test_the_same_day_as_it_was_known_on_three_days(page: Page, sign_in: SignIn, lang: str, no_js: bool) -> None:  # noqa: ARG001, FBT001 - for the browser
    sign_in(user(CLERK))
    clerk, key = Reader(page, lang, f"times-{lang}"), case.first().key
    asked = [share(page, key, "papers_submitted", as_of=END, known_at=known) for known in (END, FROZEN, None)]
    (then, owed_then), (frozen, owed_frozen), (latest, owed_now) = asked
    assert then < owed_then
    assert frozen == owed_frozen
    assert latest == owed_now == owed_frozen - 1
    summer, _owed = share(page, key, "papers_submitted", as_of=SUMMER)
    assert summer < then
    page.goto(f"/rollouts/{key}/")
    clerk.open_details("Another day")
    clerk.fill("As of", f"{END:%d/%m/%Y}")
    clerk.fill("As recorded by the end of", f"{END:%d/%m/%Y}")
    clerk.press("Show")
    expect(page.locator("main")).to_contain_text(f"{then}/{owed_then}")
    clerk.look("known-then")
    clerk.follow("Show today")
    expect(page.locator("main")).to_contain_text(f"{latest}/{owed_now}")


def test_a_late_correction_changes_the_day_but_not_what_was_known_of_it(page: Page, sign_in: SignIn) -> None:
    sign_in(user(CLERK))
    clerk, key, in_june = Reader(page, "vi"), case.first().key, date(2012, 6, 1)
    before = share(page, key, "units_received", as_of=in_june)
    page.goto(f"/rollouts/{key}/receipts/")
    page.get_by_label("Chi bộ Khu 1", exact=True).fill("15/06/2012")
    clerk.press("Save")
    assert share(page, key, "units_received", as_of=in_june) == (before[0] - 1, before[1])
    assert share(page, key, "units_received", as_of=date(2012, 6, 15)) == before
    assert share(page, key, "units_received", as_of=in_june, known_at=today() - timedelta(days=1)) == before
    page.goto(f"/rollouts/{key}/figures/units_received/?as_of=2012-06-15")
    row = page.locator("tbody tr").filter(has_text="Chi bộ Khu 1")
    expect(row).to_contain_text("15/06/2012")
    expect(row).to_contain_text(f"{today():%d/%m/%Y}")
    page.goto(f"/reports/{case.keys().report}/")
    clerk.sees(clerk.say("Since the figures frozen on %(day)s") % {"day": "05/11/2012"})


def test_guessed_addresses_of_another_ward_lead_nowhere(page: Page, sign_in: SignIn) -> None:
    city = case.unit("Đảng bộ thành phố Móng Cái")
    made = organisation.open_units(
        units=[
            NewUnit("Đảng bộ phường Bên Cạnh", UnitKind.BASE, date(2012, 1, 1), parent=city.pk),
            NewUnit("Chi bộ Bên Cạnh 1", UnitKind.CELL, date(2012, 1, 1), within=0),
        ],
        actor=SYSTEM,
        at=now(),
    ).made
    organisation.open_sign_in(
        username="bencanh", password="phuong ben canh 1", actor=SYSTEM, at=now(), office_of=made[0]
    )
    keys = case.keys()
    sign_in(user("bencanh"))
    for address in (
        f"/rollouts/{keys.rollout}/",
        f"/rollouts/{keys.rollout}/figures/persons_studied/",
        f"/rollouts/{keys.rollout}/settings/",
        f"/rollouts/{keys.rollout}/papers/{keys.cell}/",
        f"/units/{keys.cell}/",
        f"/units/{keys.cell}/merge/",
        f"/people/{keys.person}/",
        f"/people/{keys.person}/change/died/",
        f"/meetings/{keys.meeting}/",
        f"/meetings/{keys.planned}/roll/",
        f"/meetings/{keys.planned}/sheet.xlsx",
        f"/meetings/{keys.planned}/materials/{keys.material}/",
        f"/papers/{keys.paper}/",
        f"/plans/{keys.plan}/",
        f"/plans/{keys.draft_plan}/measures/",
        f"/reports/{keys.report}/",
        f"/reports/{keys.draft}/edit/",
        f"/reports/{keys.report}/bao-cao.pdf",
        f"/reports/{keys.report}/scan/{keys.scan}/",
        f"/import/{keys.checked}/check/",
        f"/import/{keys.checked}/rejected.xlsx",
        f"/organisation/users/{keys.user}/",
        f"/directives/{keys.directive}/files/{keys.directive_file}/",
    ):
        assert page.request.get(address).status == HTTPStatus.NOT_FOUND, address
        assert page.request.get(address.replace(address.split("/")[2], str(uuid4()))).status == HTTPStatus.NOT_FOUND


def test_a_secretary_never_sees_a_sibling(page: Page, sign_in: SignIn) -> None:
    sign_in(user(SECRETARY))
    secretary, sibling = Reader(page, "vi", "sibling"), case.unit("Chi bộ Khu 4")
    theirs = _names_of("Chi bộ Khu 4")
    for address in (f"/units/{sibling.key}/", f"/rollouts/{case.second().key}/?unit={sibling.key}"):
        assert page.request.get(address).status == HTTPStatus.NOT_FOUND, address
    of_rollout = f"/rollouts/{case.first().key}/"
    for address in (
        "/organisation/",
        of_rollout,
        f"{of_rollout}figures/persons_studied/",
        f"{of_rollout}meetings/",
        f"/organisation/search/?q={theirs[0]}",
    ):
        page.goto(address)
        text = page.locator("body").inner_text()
        assert "Chi bộ Khu 4" not in text, address
        assert not [name for name in theirs if name in text.replace(f"“{theirs[0]}”", "")], address
    secretary.look()


def test_the_city_sees_counts_and_no_name(page: Page, sign_in: SignIn) -> None:
    sign_in(user(CITY))
    key, everybody = case.first().key, set(Person.objects.values_list("full_name", flat=True))
    for address in (
        f"/rollouts/{key}/",
        f"/rollouts/{key}/figures/persons_studied/",
        f"/rollouts/{key}/figures/papers_submitted/?which=missing&as_of=2012-06-30",
        f"/units/{case.unit('Chi bộ Khu 5').key}/",
        f"/rollouts/{key}/meetings/",
        f"/meetings/{case.keys().meeting}/",
        f"/organisation/search/?q={'Nguyễn'}",
        "/organisation/",
        "/organisation/users/",
    ):
        answer = page.goto(address)
        assert answer is not None
        text = page.locator("main").inner_text()
        assert not [name for name in everybody if name in text], address
    page.goto(f"/rollouts/{key}/")
    expect(page.locator("main")).to_contain_text("182/182")
    for address in (f"/people/{case.keys().person}/", f"/papers/{case.keys().paper}/"):
        assert page.request.get(address).status == HTTPStatus.NOT_FOUND


def test_a_paper_is_read_by_its_author_and_the_reader_only(browser: Browser, address: str) -> None:
    paper = case.keys().paper
    seen = {who: _status(browser, address, user(who), f"/papers/{paper}/") for who in (MEMBER, SECRETARY, CLERK, CITY)}
    assert seen[MEMBER] == seen[SECRETARY] == HTTPStatus.OK
    assert seen[CLERK] == seen[CITY] == HTTPStatus.NOT_FOUND


def _status(browser: Browser, address: str, who: User, path: str) -> int:
    with signed_in_context(browser, address, who) as other:
        return other.request.get(path).status


def _names_of(unit: str) -> list[str]:
    """Names of people who are in that unit and in name nowhere else."""
    inside = Membership.objects.current().filter(unit=case.unit(unit)).values("person")
    elsewhere = set(Person.objects.exclude(pk__in=inside).values_list("full_name", flat=True))
    return sorted({person.full_name for person in Person.objects.filter(pk__in=inside)} - elsewhere)
