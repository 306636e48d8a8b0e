"""A real Chromium for journeys.

A journey chooses by overriding fixtures: ``@pytest.mark.parametrize("lang", ["vi", "en"])``,
``@pytest.mark.parametrize("no_js", [False, True])``, ``viewport``, ``color_scheme``; and by ``world``, what it starts
from.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Literal

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from tests.e2e import case
from tests.e2e.browser import switches, watch
from tests.e2e.worlds import Worlds
from tests.surroundings import find_browser
from trienkhai.accounts.models import User

LOCALES = {"vi": "vi-VN", "en": "en-GB"}
DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
PATIENCE_MS = 30_000
type SignIn = Callable[[User], None]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the session."""
    path = find_browser()
    if path is None:
        pytest.skip("no Chromium on this machine")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        # Playwright keeps an event loop on this thread; Django would take every query for one made inside it.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        started = playwright.chromium.launch(executable_path=path, args=switches())
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def worlds(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Worlds:  # noqa: ARG001 - makes it
    """Installations to start from."""
    with django_db_blocker.unblock():
        return Worlds({"case": case.make})


@pytest.fixture(scope="session")
def served(worlds: Worlds) -> Iterator[str]:  # noqa: ARG001 - the database has to be there
    """The address of a server that runs as long as the session."""
    server = LiveServer("127.0.0.1")
    yield server.url
    server.stop()


@pytest.fixture
def world() -> str:
    """The installation a journey starts from: ``empty`` or ``case`` (tests/e2e/case.py)."""
    return "empty"


@pytest.fixture
def address(transactional_db: None, worlds: Worlds, served: str, world: str) -> Iterator[str]:  # noqa: ARG001 - opens it
    """Where the pages of the journey's world are served."""
    worlds.enter(world)
    yield served
    worlds.enter("empty")


@pytest.fixture
def lang() -> str:
    """The language its reader has chosen."""
    return "vi"


@pytest.fixture
def no_js() -> bool:
    """Whether pages run without JavaScript."""
    return False


@pytest.fixture
def viewport() -> ViewportSize:
    """The window's size: a desk; ``PHONE`` is the other one that counts."""
    return DESK


@pytest.fixture
def color_scheme() -> Literal["light", "dark"]:
    """What the system prefers."""
    return "light"


@pytest.fixture
def context_faults() -> list[str]:
    """What pages did that they may not; whatever is left in it at the end fails the test."""
    return []


def new_context(  # noqa: PLR0917 - as Playwright has it
    browser: Browser,
    address: str,
    lang: str = "vi",
    no_js: bool = False,  # noqa: FBT001, FBT002 - a fixture's value
    viewport: ViewportSize = DESK,
    color_scheme: Literal["light", "dark"] = "light",
) -> BrowserContext:
    """A fresh browser profile whose reader has chosen a language."""
    fresh = browser.new_context(
        base_url=address,
        locale=LOCALES[lang],
        java_script_enabled=not no_js,
        viewport=viewport,
        color_scheme=color_scheme,
        service_workers="block",
    )
    fresh.set_default_timeout(PATIENCE_MS)
    fresh.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": lang, "url": address}])
    return fresh


def sign_in_to(context: BrowserContext, address: str, user: User) -> None:
    """Sign in without typing."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])


@contextmanager
def signed_in_context(browser: Browser, address: str, user: User, **chosen: Any) -> Iterator[BrowserContext]:
    """Somebody else at a browser of their own; ``chosen`` as in ``new_context``."""
    faults: list[str] = []
    fresh = new_context(browser, address, **chosen)
    watch(fresh, faults)
    sign_in_to(fresh, address, user)
    yield fresh
    fresh.close()
    assert not faults, "\n".join(faults)


@pytest.fixture
def context(  # noqa: PLR0917 - fixtures
    browser: Browser,
    address: str,
    lang: str,
    no_js: bool,  # noqa: FBT001 - a fixture
    viewport: ViewportSize,
    color_scheme: Literal["light", "dark"],
    context_faults: list[str],
) -> Iterator[BrowserContext]:
    """A fresh browser profile. Fails at its end when a page asked another host, broke the content policy or raised."""
    fresh = new_context(browser, address, lang, no_js, viewport, color_scheme)
    watch(fresh, context_faults)
    yield fresh
    fresh.close()
    assert not context_faults, "\n".join(context_faults)


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """An empty page; addresses may be given without the host."""
    return context.new_page()


@pytest.fixture
def sign_in(context: BrowserContext, address: str) -> SignIn:
    """Signs a user in without typing: ``sign_in(user)``."""
    return partial(sign_in_to, context, address)
