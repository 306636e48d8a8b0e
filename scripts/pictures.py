"""Takes the pictures of the README from the demonstration: ``python scripts/pictures.py http://127.0.0.1:8000``.

Needs the demonstration being served, Chromium, and ``pdftoppm`` for the report's first page.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
PASSWORD = "Hoa-Lac-2012"  # noqa: S105 - of the demonstration
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
AS_ROOT = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
DESKTOP, PHONE = (1280, 900), (390, 844)


def signed_in(browser: Browser, base: str, user: str, language: str, size: tuple[int, int]) -> Page:
    """A page of somebody who has signed in."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, device_scale_factor=1.5)
    context.add_cookies([{"name": "django_language", "value": language, "url": base}])
    page = context.new_page()
    page.goto(f"{base}/")
    page.fill("[name=login]", user)
    page.fill("[name=password]", PASSWORD)
    page.click("main button.button-primary")
    return page


def first_link(page: Page, address: str) -> str:
    """Where the first row of a list leads."""
    page.goto(address)
    return str(page.locator("a.row-link").first.get_attribute("href"))


def take(browser: Browser, base: str, language: str) -> None:
    """The pictures in one language."""
    page = signed_in(browser, base, "vanphong", language, DESKTOP)
    rollout = first_link(page, f"{base}/rollouts/")
    page.goto(f"{base}{rollout}?as_of=2012-10-31")
    page.screenshot(path=PICTURES / f"rollout.{language}.png")
    page.goto(f"{base}{rollout}figures/papers_submitted/?as_of=2012-10-31&known_at=2012-10-31&which=missing")
    page.screenshot(path=PICTURES / f"facts.{language}.png")
    page.goto(f"{base}{rollout}plans/")
    plan = page.locator("main").get_by_role("link", name="Đảng bộ phường Hoà Lạc").first.get_attribute("href")
    page.goto(f"{base}{plan}2/changes/")  # what comments changed
    page.screenshot(path=PICTURES / f"changes.{language}.png")
    telephone = signed_in(browser, base, "vanphong", language, PHONE)
    telephone.goto(f"{base}{rollout}meetings/")
    meeting = telephone.get_by_role("link", name="Chi bộ Khu 6").first.get_attribute("href")  # some were away
    telephone.goto(f"{base}{meeting}roll/")
    telephone.locator(".roll").first.evaluate("roll => roll.previousElementSibling.scrollIntoView()")
    telephone.screenshot(path=PICTURES / f"rollcall.{language}.png")
    if language == "vi":
        report = first_link(page, f"{base}/reports/")
        page.goto(f"{base}{report}")
        address = str(page.locator("a[href$='.pdf']").first.get_attribute("href"))
        picture_of_first_page(page.request.get(f"{base}{address}").body())


def picture_of_first_page(pdf: bytes) -> None:
    """The report's first page as it is printed."""
    target = PICTURES / "report.vi"
    command = ["pdftoppm", "-png", "-r", "80", "-f", "1", "-singlefile", "-", str(target)]
    subprocess.run(command, input=pdf, check=True)


def main() -> None:
    """Take all of them."""
    base = sys.argv[1].rstrip("/")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=AS_ROOT)
        for language in ("vi", "en"):
            take(browser, base, language)
        browser.close()


if __name__ == "__main__":
    main()
