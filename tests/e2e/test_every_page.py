"""Every address there is, visited: nothing broken, too wide, untranslated or inaccessible."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from playwright.sync_api import BrowserContext, Error, Page

from tests.e2e import case
from tests.e2e.browser import check_axe, check_fits
from tests.e2e.case import CITY, CLERK, INSTALLER, MEMBER, SECRETARY, Keys
from tests.e2e.conftest import DESK, PHONE, SignIn
from tests.e2e.reader import Reader
from tests.e2e.untranslated import english_on
from trienkhai.accounts.models import User

NOBODY = ""


@dataclass(frozen=True)
class At:
    """A page: whose eyes, and the keys and query in its address (``@name`` stands for a key of the case)."""

    who: str = CLERK
    args: Sequence[str] = ()
    query: str = ""


PAGES: dict[str, Sequence[At]] = {
    "account_login": [At(NOBODY)],
    "account_logout": [At()],
    "account_inactive": [At(NOBODY)],
    "account_reauthenticate": [At()],
    "account_change_password": [At()],
    "account_reset_password": [At(NOBODY)],
    "web:home": [At(), At(SECRETARY), At(MEMBER), At(CITY), At(INSTALLER)],
    "web:sheet": [At(INSTALLER)],
    "web:import": [At(), At(INSTALLER)],
    "web:import_columns": [At(args=["@columns"])],
    "web:import_units": [At(args=["@units"])],
    "web:import_check": [At(args=["@checked"])],
    "web:unit_open_top": [At(INSTALLER)],
    "web:unit_open": [At(args=["@ward"])],
    "web:unit_rename": [At(args=["@cell"])],
    "web:unit_correct": [At(args=["@cell"])],
    "web:unit_kind": [At(args=["@cell"])],
    "web:unit_move": [At(args=["@cell"])],
    "web:unit_close": [At(args=["@cell"])],
    "web:unit_merge": [At(args=["@cell"])],
    "web:unit_split": [At(args=["@cell"])],
    "web:unit_body": [At(args=["@ward"])],
    "web:unit_body_end": [At(args=["@cell", "@body"])],
    "web:person_new": [At(args=["@cell"])],
    "web:person_change": [At(args=["@person"])],
    "web:person_changed": [
        At(args=["@person", what])
        for what in ("moved", "died", "exempt", "away", "suspended", "left", "post", "tie", "correct", "duplicate")
    ],
    "web:post_end": [At(args=["@person", "@post"])],
    "organisation:tree": [At(), At(CITY), At(SECRETARY), At(query=urlencode({"as_of": "2012-03-01"}))],
    "organisation:search": [At(query=urlencode({"q": "khu 5"})), At(query=urlencode({"q": "không có ai"}))],
    "organisation:users": [At(), At(INSTALLER)],
    "organisation:user_new": [At()],
    "organisation:user": [At(args=["@user"])],
    "organisation:user_person": [At(args=["@user"])],
    "organisation:unit": [At(args=["@ward"]), At(args=["@cell"]), At(SECRETARY, ["@cell"]), At(CITY, ["@ward"])],
    "organisation:person": [At(args=["@person"])],
    "directives:index": [
        At(),
        At(query=urlencode({"q": "xây dựng Đảng"})),
        At(query=urlencode({"q": "zzz"})),
        At(MEMBER),
    ],
    "directives:create": [At()],
    "directives:one": [At(args=["@directive"]), At(MEMBER, ["@directive"])],
    "directives:edit": [At(args=["@directive"])],
    "directives:remove": [At(args=["@directive"])],
    "directives:provisions": [At(args=["@directive"])],
    "directives:add_file": [At(args=["@directive"])],
    "directives:relate": [At(args=["@directive"])],
    "programmes:index": [At(), At(MEMBER), At(CITY)],
    "programmes:create": [At()],
    "programmes:one": [At(args=["@programme"]), At(MEMBER, ["@programme"])],
    "programmes:edit": [At(args=["@programme"])],
    "programmes:remove": [At(args=["@programme"])],
    "rollouts:index": [At(), At(MEMBER), At(CITY)],
    "rollouts:open": [At()],
    "rollouts:settings": [At(args=["@running"])],
    "rollouts:deadline": [At(args=["@running", "paper"])],
    "rollouts:close": [At(args=["@running"])],
    "rollouts:receipts": [At(args=["@running"])],
    "rollouts:declare": [At(args=["@running", "@cell"])],
    "plans:index": [At(args=["@running"]), At(args=["@rollout"]), At(SECRETARY, ["@running"])],
    "plans:enter": [At(args=["@running"])],
    "plans:of_unit": [At(args=["@running", "@cell"])],
    "plans:one": [At(args=["@draft_plan"]), At(args=["@plan"])],
    "plans:changes": [
        At(args=["@revised", "2"]),
        At(args=["@revised", "3"]),
        At(args=["@revised", "3"], query="all=1"),
    ],
    "plans:cascade": [At(args=["@revised"]), At(args=["@revised"], query="show=nobody")],
    "plans:apply": [At(args=["@applying"])],
    "plans:change": [At(args=["@applying", "@above"])],
    "plans:leave_out": [At(args=["@applying", "@above"])],
    "plans:measure": [At(args=["@revised", "@measure"]), At(SECRETARY, ["@revised", "@above"])],
    "plans:measure_new": [At(args=["@revised"])],
    "plans:measure_edit": [At(args=["@revised", "@measure"]), At(args=["@applying", "@own"])],
    "plans:edit": [At(args=["@draft_plan"])],
    "plans:measures": [At(args=["@draft_plan"]), At(args=["@revised"])],
    "plans:adopt": [At(args=["@draft_plan"])],
    "plans:version": [At(args=["@plan", "1"]), At(args=["@revised", "3"]), At(args=["@applying", "2"])],
    "plans:correct": [At(args=["@plan", "1"])],
    "plans:withdraw": [At(args=["@plan", "1"])],
    "plans:bring": [At(args=["@draft_plan"])],
    "plans:bring_check": [
        At(args=["@draft_plan", "@table"]),
        At(args=["@draft_plan", "@table"], query="show=added"),
    ],
    "plans:all_tasks": [
        At(),
        At(SECRETARY),
        At(query="whose=all&state=done"),
        At(query="whose=given&state=late"),
        At(MEMBER),
    ],
    "plans:tasks": [
        At(args=["@tasks_of"]),
        At(args=["@tasks_of"], query="state=all"),
        At(args=["@tasks_of"], query="state=all&as_of=2012-10-10&known_at=2012-10-12"),
    ],
    "plans:task_give": [At(args=["@tasks_of"])],
    "plans:task": [At(args=["@task"]), At(args=["@done"]), At(SECRETARY, ["@task"])],
    "plans:task_report": [At(SECRETARY, ["@task"]), At(args=["@done"])],
    "plans:task_take_back": [At(args=["@done"])],
    "plans:task_change": [At(args=["@task"])],
    "plans:task_withdraw": [At(args=["@task"])],
    "plans:values": [At(args=["@indicated"]), At(SECRETARY, ["@indicated"])],
    "meetings:of_rollout": [At(args=["@rollout"]), At(args=["@running"]), At(SECRETARY, ["@running"])],
    "meetings:plan": [At(args=["@running"]), At(SECRETARY, ["@running"])],
    "meetings:missing": [At(args=["@running"]), At(SECRETARY, ["@running"])],
    "meetings:one": [
        At(args=["@meeting"]),
        At(args=["@planned"]),
        At(args=["@cancelled"]),
        At(SECRETARY, ["@planned"]),
    ],
    "meetings:change": [At(args=["@planned"])],
    "meetings:cancel": [At(args=["@planned"])],
    "meetings:roll": [At(args=["@planned"]), At(args=["@meeting"]), At(SECRETARY, ["@planned"])],
    "meetings:add": [At(args=["@planned"])],
    "meetings:notes": [At(args=["@meeting"])],
    "meetings:sheet": [At(args=["@planned"])],
    "papers:index": [At(args=["@running"]), At(args=["@rollout"])],
    "papers:of_unit": [
        At(args=["@running", "@cell"]),
        At(args=["@rollout", "@cell"]),
        At(SECRETARY, ["@rollout", "@cell"]),
    ],
    "papers:mine": [At(MEMBER, ["@running"]), At(MEMBER, ["@rollout"])],
    "papers:one": [At(SECRETARY, ["@paper"])],
    "comments:receipts": [At(NOBODY), At()],
    "comments:by_code": [At(NOBODY), At()],
    "comments:index": [At(), At(SECRETARY), At(MEMBER), At(CITY), At(INSTALLER)],
    "comments:open": [At(), At(INSTALLER)],
    "comments:mine": [At(MEMBER)],
    "comments:on_me": [At(MEMBER)],
    "comments:to_review": [At(SECRETARY)],
    "comments:holders": [At(), At(MEMBER)],
    "comments:book": [At(args=["@ward"])],
    "comments:add": [At(args=["@ward"])],
    "comments:submission": [At(args=["@letter"])],
    "comments:strike": [At(args=["@letter"])],
    "comments:name": [At(args=["@kept"])],
    "comments:one": [
        At(args=["@call_open"]),
        At(args=["@call_sealed"]),
        At(args=["@call_shut"]),
        At(args=["@call_done"]),
        At(SECRETARY, ["@call_sealed"]),
        At(MEMBER, ["@call_open"]),
        At(MEMBER, ["@call_done"]),
    ],
    "comments:write": [At(MEMBER, ["@call_open"]), At(MEMBER, ["@call_sealed"]), At(MEMBER, ["@call_done"])],
    "comments:enter": [At(args=["@call_open", "@cell"]), At(SECRETARY, ["@call_sealed", "@cell"])],
    "comments:slips": [At(args=["@call_sealed"]), At(SECRETARY, ["@call_sealed"])],
    "comments:enter_slips": [At(args=["@call_sealed"])],
    "comments:print_slips": [At(args=["@call_sealed"]), At(SECRETARY, ["@call_sealed"]), At(args=["@call_shut"])],
    "comments:extend": [At(args=["@call_open"])],
    "comments:close": [At(args=["@call_open"])],
    "comments:release": [At(args=["@call_shut"]), At(args=["@call_sealed"]), At(args=["@call_done"])],
    "comments:names": [At(args=["@call_done"])],
    "comments:figures": [At(args=["@call_done"])],
    "comments:finish": [At(args=["@call_done"])],
    "comments:desk": [
        At(args=["@call_done"]),
        At(args=["@call_open"]),
        At(args=["@ward"]),
        At(args=["@call_done"], query="state=answered&words=hop"),
    ],
    "comments:group": [At(args=["@call_done", "@said"]), At(args=["@call_done", "@answered"])],
    "comments:answer": [At(args=["@call_done"], query="group=@said")],
    "comments:steps": [At(args=["@call_done"])],
    "comments:themes": [At(args=["@call_done"])],
    "comments:table": [At(args=["@call_done"]), At(args=["@ward"])],
    "progress:rollout": [
        At(args=["@running"]),
        At(args=["@rollout"]),
        At(args=["@rollout"], query=urlencode({"as_of": "2012-10-31", "known_at": "2012-10-31"})),
        At(CITY, ["@rollout"]),
        At(SECRETARY, ["@rollout"]),
        At(MEMBER, ["@running"]),
    ],
    "progress:facts": [
        *(
            At(args=["@rollout", code], query=urlencode({"which": which}))
            for code in ("units_received", "units_studied", "persons_studied", "papers_submitted")
            for which in ("done", "missing")
        ),
        At(CITY, ["@rollout", "papers_accepted"]),
    ],
    "progress:process": [At(args=["@rollout"]), At(args=["@running"])],
    "progress:create_report": [At(args=["@running"])],
    "progress:definitions": [At()],
    "progress:reports": [At(), At(CITY)],
    "progress:report": [At(args=["@report"]), At(args=["@draft"])],
    "progress:edit_report": [At(args=["@draft"])],
    "progress:freeze_report": [At(args=["@draft"])],
}
FILES: dict[str, At] = {
    "web:import_rejected": At(args=["@checked"]),
    "directives:file": At(args=["@directive", "@directive_file"]),
    "plans:scan": At(args=["@plan", "1"]),
    "plans:document": At(args=["@draft_plan", "1"]),
    "plans:sheet": At(args=["@plan", "1"]),
    "plans:evidence": At(args=["@done", "@evidence"]),
    "meetings:material": At(args=["@planned", "@material"]),
    "meetings:docx": At(args=["@planned"]),
    "meetings:xlsx": At(args=["@planned"]),
    "comments:table_docx": At(args=["@call_done"]),
    "comments:table_xlsx": At(args=["@call_done"]),
    "progress:scan": At(args=["@report", "@scan"]),
    "progress:docx": At(args=["@report", "bao-cao"]),
    "progress:pdf": At(args=["@report", "bao-cao"]),
}
POSTED = {
    "set_language",
    "preferences",
    "web:import_people_alike",
    "web:import_people_later",
    "web:import_discard",
    "web:undo",
    "organisation:user_password",
    "organisation:user_stop",
    "organisation:user_resume",
    "organisation:user_end",
    "directives:remove_file",
    "directives:unrelate",
    "rollouts:reopen",
    "rollouts:withdraw",
    "plans:discard",
    "plans:revise",
    "plans:summable",
    "plans:value_take_back",
    "plans:apply_upper",
    "plans:in_full",
    "plans:as_it_is",
    "plans:measure_remove",
    "meetings:hold",
    "meetings:make_up",
    "meetings:restore",
    "meetings:add_material",
    "meetings:draw",
    "meetings:guest",
    "meetings:remove",
    "meetings:remove_material",
    "comments:key_file",
    "comments:renew",
    "comments:look",
    "comments:take_back",
    "papers:hand_in",
    "papers:note_accepted",
    "papers:take_back",
    "papers:keep",
    "papers:submit_file",
    "papers:return",
    "papers:accept",
    "progress:preview_report",
    "progress:attach_scan",
}
"""Taken by a button only."""
ELSEWHERE = {
    "web:start": "journey of the first start",
    "web:import_one": "leads on to the list's next screen",
    "web:import_people": "journey of the first start",
    "web:import_wait": "lists too long to be read at once",
    "papers:download": "journey of the paper handed in as a file",
    "comments:codes": "journey of residents with codes",
}
WIDTHS = {"phone": PHONE, "desk": DESK}
APPS = sorted({name.partition(":")[0] if ":" in name else "account" for name in PAGES})


def names(patterns: Sequence[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    """The names of all addresses."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        else:
            yield f"{space}{pattern.name}"


def test_every_address_is_in_the_sweep() -> None:
    here = {*PAGES, *FILES, *POSTED, *ELSEWHERE}
    there = set(names(get_resolver().url_patterns))
    assert here == there, f"new: {sorted(there - here)}; gone: {sorted(here - there)}"


@pytest.fixture
def world() -> str:
    return "case"


@pytest.fixture
def keys(address: str) -> Keys:  # noqa: ARG001 - the case has to be there
    return case.keys()


def address_of(name: str, at: At, keys: Keys) -> str:
    """Where the page is."""
    values = [getattr(keys, arg[1:]) if arg.startswith("@") else arg for arg in at.args]
    query = re.sub(r"@(\w+)", lambda found: str(getattr(keys, found[1])), at.query)
    return reverse(name, args=values) + (f"?{query}" if query else "")


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("app", APPS)
def test_pages(page: Page, context: BrowserContext, sign_in: SignIn, keys: Keys, lang: str, app: str) -> None:  # noqa: PLR0917 - fixtures
    faults: list[str] = []
    page.on(
        "console", lambda message: faults.append(f"{page.url}: {message.text}") if message.type == "error" else None
    )
    visits = [
        (at, name)
        for name in PAGES
        if name.startswith(f"{app}:" if app != "account" else "account_")
        for at in PAGES[name]
    ]
    for who in dict.fromkeys(at.who for at, _name in visits):
        context.clear_cookies(name="sessionid")
        if who != NOBODY:
            sign_in(user(who))
        for number, (at, name) in enumerate(visit for visit in visits if visit[0].who == who):
            reader = Reader(page, lang, f"{lang}-{who or 'nobody'}-{name.replace(':', '-')}-{number}")
            faults += faults_of(reader, address_of(name, at, keys))
    assert not faults, "\n".join(faults)


def user(name: str) -> User:
    return User.objects.get(username=name)


def faults_of(reader: Reader, address: str) -> list[str]:
    """Everything wrong with one page, at both widths."""
    page, found = reader.page, []
    try:
        answer = page.goto(address)
    except Error as error:  # an answer without a page
        return [f"{address}: {error.message}"]
    if answer is None or answer.status != HTTPStatus.OK:
        return [f"{address}: {answer and answer.status}"]
    if not page.url.endswith(address):
        found.append(f"{address}: sent on to {page.url}")
    found += [f"{address}: {fault}" for fault in faults_in_words(reader)]
    for name, size in WIDTHS.items():
        page.set_viewport_size(size)
        if reader.pictures:
            reader.picture(f"{name}-{reader.name}")
        for check in (check_axe, check_fits) if reader.lang == "vi" else (check_fits,):
            try:
                check(page)
            except AssertionError as fault:
                found.append(f"{name}: {fault}")
    return found


def faults_in_words(reader: Reader) -> list[str]:
    """What is wrong with a page's title, language, heading and words."""
    page, found = reader.page, []
    title, language = page.title(), page.evaluate("document.documentElement.lang")
    if title.partition(" – ")[0].strip() in {"", "Triển khai"} or language != reader.lang:
        found.append(f"title {title!r}, lang {language!r}")
    if page.locator("h1").count() != 1:
        found.append(f"{page.locator('h1').count()} first headings")
    if reader.lang == "vi":
        found += [f"not translated: {text!r}" for text in english_on(page)]
    return found


IN_THE_DARK = (
    "web:home",
    "web:import_columns",
    "web:person_changed",
    "organisation:unit",
    "plans:measures",
    "meetings:one",
    "meetings:roll",
    "papers:of_unit",
    "progress:rollout",
    "progress:report",
    "progress:edit_report",
)


@pytest.mark.parametrize("color_scheme", ["dark"])
def test_pages_in_dark_colours(page: Page, sign_in: SignIn, keys: Keys) -> None:
    sign_in(user(CLERK))
    faults: list[str] = []
    for name in IN_THE_DARK:
        reader = Reader(page, "vi", f"dark-{name.replace(':', '-')}")
        faults += faults_of(reader, address_of(name, PAGES[name][0], keys))
    assert not faults, "\n".join(faults)


def test_files(page: Page, sign_in: SignIn, keys: Keys) -> None:
    sign_in(user(CLERK))
    for name, at in FILES.items():
        answer = page.request.get(address_of(name, at, keys))
        assert answer.status == HTTPStatus.OK, name
        assert "attachment" in answer.headers["content-disposition"], name
        assert len(answer.body()) > 10, name


def test_what_a_button_does_is_not_done_by_an_address(page: Page, sign_in: SignIn, keys: Keys) -> None:
    sign_in(user(CLERK))
    for name in sorted(POSTED):
        space, _sep, last = name.rpartition(":")
        resolver = get_resolver().namespace_dict[space][1] if space else get_resolver()
        wanted = resolver.reverse_dict.getlist(last)[0][0][0][1]
        answer = page.request.get(reverse(name, kwargs=dict.fromkeys(wanted, keys.cell)), max_redirects=0)
        assert answer.status in {HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_FOUND, HTTPStatus.FOUND}, (
            name,
            answer.status,
        )
