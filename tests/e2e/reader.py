"""Somebody at the screen: finds things by the words they read, in the language they have chosen."""

import os
import re
from datetime import date
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

from django.utils import translation
from playwright.sync_api import Locator, Page, expect

from tests.e2e.browser import check_axe, check_fits, settle

PICTURES = os.environ.get("JOURNEY_PICTURES", "")
"""A folder to keep a picture of every page looked at."""


class Reader:
    """Reads and uses a page; texts are given as they stand in the source, in English."""

    def __init__(self, page: Page, lang: str, name: str = "") -> None:
        self.page = page
        self.lang = lang
        self.name = name
        self.looks = 0

    def say(self, source: str, context: str | None = None) -> str:
        """The words for ``source`` in the reader's language."""
        with translation.override(self.lang):
            words = translation.pgettext(context, source) if context else translation.gettext(source)
        assert self.lang == "en" or words != source, f"not translated: {source!r}"
        return words

    @property
    def pictures(self) -> bool:
        """Whether pictures are asked for."""
        return bool(PICTURES)

    def look(self, label: str = "") -> None:
        """Look at the page as a whole: accessible, no wider than the window; keep a picture when asked to."""
        settle(self.page)
        if PICTURES:
            self.looks += 1
            self.picture(f"{self.name}-{self.looks:02}{f'-{label}' if label else ''}")
        check_axe(self.page)
        check_fits(self.page)

    def picture(self, name: str) -> None:
        """Keep a picture of the whole page."""
        Path(PICTURES).mkdir(exist_ok=True)
        self.page.screenshot(path=Path(PICTURES, f"{name}.png"), full_page=True)

    def button(self, source: str, context: str | None = None) -> Locator:
        """A button by its words."""
        return self.page.get_by_role("button", name=self.say(source, context), exact=True)

    def press(self, source: str, context: str | None = None) -> None:
        """Press a button and read what it leads to."""
        self.click(self.button(source, context))

    def link(self, source: str, context: str | None = None) -> Locator:
        """A link by its words."""
        return self.page.get_by_role("link", name=self.say(source, context), exact=True)

    def follow(self, source: str, context: str | None = None, *, within: str = "body") -> None:
        """Follow a link, the first of that name ``within`` a part of the page."""
        self.click(self.link(source, context).and_(self.page.locator(f"{within} a")).first)

    def click(self, place: Locator) -> None:
        """Click on something; where it leads to another page, that page is there afterwards."""
        place.click()
        settle(self.page)

    def field(self, source: str, context: str | None = None) -> Locator:
        """An input by its label, with or without “(optional)” behind it."""
        return self.page.get_by_label(re.compile(rf"^\s*{re.escape(self.say(source, context))}\s*(\(.*\))?\s*$"))

    def fill(self, source: str, text: str, context: str | None = None) -> None:
        """Type into an input."""
        self.field(source, context).fill(text)

    def choose(self, source: str) -> None:
        """Choose one of several."""
        self.page.get_by_role("radio", name=self.say(source)).check()

    def save_the_roll(self) -> None:
        """Save it. With scripts it is sent beside the page, which moves on when the answer is there."""
        self.press("Save the roll")
        expect(self.link("Correct the roll")).to_be_visible()
        settle(self.page)

    def open_details(self, source: str) -> None:
        """Open what is folded away."""
        self.page.locator("summary").filter(has_text=self.say(source)).first.click()

    def sees(self, *texts: str) -> None:
        """Fail unless the page's main part has all these texts."""
        for text in texts:
            expect(self.page.locator("main")).to_contain_text(text)

    def heading(self, text: str) -> None:
        """Fail unless the page is headed so."""
        expect(self.page.locator("h1").first).to_have_text(text)


def share(
    page: Page,
    rollout: UUID,
    code: str,
    *,
    as_of: date | None = None,
    known_at: date | None = None,
    unit: UUID | None = None,
) -> tuple[int, int]:
    """A figure as its page shows it: how many, of how many."""
    asked = {"as_of": as_of, "known_at": known_at, "unit": unit}
    query = urlencode({name: str(value) for name, value in asked.items() if value})
    page.goto(f"/rollouts/{rollout}/figures/{code}/?{query}")
    fraction = page.locator("main .share-fraction").first.inner_text()
    have, owed = re.findall(r"[\d.,]+", fraction)
    return int(re.sub(r"\D", "", have)), int(re.sub(r"\D", "", owed))
