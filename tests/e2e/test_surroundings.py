"""The journeys' own instruments, tried on pages that are known to be wrong."""

import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import override

import pytest
from playwright.sync_api import Page

from tests.e2e.browser import SCRIPTS_RUN, check_axe, check_fits
from tests.e2e.reader import Reader
from tests.e2e.untranslated import english_on


@pytest.fixture
def address() -> str:
    """These pages come from nowhere."""
    return "http://127.0.0.1:9"


def test_axe_finds_an_unnamed_picture(page: Page) -> None:
    page.set_content(
        "<html lang=vi><title>t</title><main><h1>h</h1><img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>"
    )
    with pytest.raises(AssertionError, match="image-alt"):
        check_axe(page)


@pytest.mark.parametrize("no_js", [False, True])
def test_axe_passes_a_plain_page(page: Page, no_js: bool) -> None:  # noqa: FBT001 - a fixture
    assert page.evaluate(SCRIPTS_RUN) is not no_js
    page.set_content("<html lang=vi><title>t</title><main><h1>Tiêu đề</h1><p>Chữ.</main>")
    check_axe(page)


def test_a_wide_page_is_noticed(page: Page) -> None:
    page.set_content("<main style='width:3000px'>x</main>")
    with pytest.raises(AssertionError, match="wider"):
        check_fits(page)


class _Halting(BaseHTTPRequestHandler):
    """Sends a page in two halves, as a slow line does."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        halves = ("<!-- nothing to see yet -->", "<main><ul><li>1<li>2<li>3</ul><p style='width:3000px'>x</main>")
        for half in halves:
            time.sleep(0.7)
            self.wfile.write(half.encode())
            self.wfile.flush()

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def halting() -> Iterator[str]:
    """The address of a server whose pages come in two halves."""
    with HTTPServer(("127.0.0.1", 0), _Halting) as server:
        thread = Thread(target=server.serve_forever, args=[0.05])
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("no_js", [False, True])
def test_what_follows_a_click_is_read_when_it_is_all_there(page: Page, halting: str) -> None:
    page.set_content(f"<main><form action='{halting}'><button>Đi</button></form></main>")
    reader = Reader(page, "vi")
    reader.click(page.get_by_role("button"))
    assert page.locator("li").count() == 3
    page.set_content(f"<main><a href='{halting}'>Đi</a></main>")
    page.get_by_role("link").click()
    with pytest.raises(AssertionError, match="wider"):
        check_fits(page)


def test_english_on_a_vietnamese_page_is_noticed(page: Page) -> None:
    page.set_content(
        "<title>Tổ chức</title><h1>Sign out</h1><p>This has not been thought of by the translators.</p>"
        "<button aria-label='Roll-outs'>x</button><p>Chi bộ Khu 5, 12-NQ/TW</p><span lang=en>English</span>"
    )
    assert english_on(page) == ["Sign out", "This has not been thought of by the translators.", "Roll-outs"]


def test_no_name_outside_is_looked_up(page: Page, context_faults: list[str]) -> None:
    page.set_content("<img src='http://example.org/x.png'>")
    page.wait_for_load_state("networkidle")
    assert [fault for fault in context_faults if "example.org" in fault]
    context_faults.clear()
