"""What journeys share: what Chromium is started with, what a page may not do, what axe must not find."""

import json
import os
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

SWITCHES = [
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-default-browser-check",
    # Whatever a page asks for, no name but the loopback's is ever looked up.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
WITHOUT_HOST = {"data", "blob", "about"}
SERIOUS = {"serious", "critical"}
# What stands in <noscript> is parsed only where scripts do not run.
SCRIPTS_RUN = """() => {
    const probe = document.createElement("div");
    probe.innerHTML = "<noscript><b></b></noscript>";
    return probe.querySelector("b") === null;
}"""
STICKING_OUT = """() => [...document.querySelectorAll("body *")]
    .filter((it) => it.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .slice(0, 5).map((it) => it.outerHTML.slice(0, 160))"""


def switches() -> list[str]:
    """Chromium's switches; root (in a container) cannot have its sandbox."""
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*SWITCHES, "--no-sandbox"] if as_root else SWITCHES


def watch(context: BrowserContext, faults: list[str]) -> None:
    """Note in ``faults`` what no page may do: ask another host, break the content policy, raise in a script."""

    def request(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in WITHOUT_HOST and parts.hostname not in LOOPBACK:
            faults.append(f"asked another host: {url}")

    def console(message: ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            faults.append(message.text)

    context.on("request", lambda sent: request(sent.url))
    context.on("console", console)
    context.on("weberror", lambda raised: faults.append(f"script error: {raised.error}"))


def settle(page: Page) -> None:
    """Wait until the page is there as a whole.

    A click waits for the next page to begin, not for its words: what is counted or measured straight afterwards is
    counted in half a page, or in none.
    """
    page.wait_for_load_state()
    page.locator("main").first.wait_for(state="attached")


def check_axe(page: Page) -> None:
    """Fail when axe finds something serious or critical on the page as it stands.

    Axe is a script: where the page runs without JavaScript, nothing is checked; the same journey with it checks.
    """
    settle(page)
    if not page.evaluate(SCRIPTS_RUN):
        return
    page.evaluate(AXE_SCRIPT)
    found: dict[str, Any] = page.evaluate("axe.run({resultTypes: ['violations']})")
    serious = [
        {"rule": rule["id"], "help": rule["help"], "at": [node["target"] for node in rule["nodes"]][:5]}
        for rule in found["violations"]
        if rule["impact"] in SERIOUS
    ]
    assert not serious, f"axe at {page.url}:\n{json.dumps(serious, indent=1, ensure_ascii=False)}"


def check_fits(page: Page) -> None:
    """Fail when the page scrolls sideways at its present width; name what sticks out."""
    settle(page)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} pixels wider than its window: {page.evaluate(STICKING_OUT)}"
