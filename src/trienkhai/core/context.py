"""What every page knows: the installation's name, the main navigation, how the reader likes to read."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest

import trienkhai
from trienkhai.core import pages

TEXT_COOKIE = "text_size"
THEME_COOKIE = "theme"


@dataclass(frozen=True)
class Site:
    """What ``base.html`` shows around a page. Everything is looked up when shown, not before."""

    request: HttpRequest

    @cached_property
    def place(self) -> str:
        """Whose installation this is; empty before it has been set up."""
        return pages.site_place(self.request)

    @cached_property
    def banner(self) -> str:
        """A sentence above every page (a demonstration, an exercise), or empty."""
        return pages.site_banner(self.request)

    @property
    def person(self) -> str:
        """How the one signed in is addressed; empty for a visitor."""
        return pages.site_person(self.request)

    @cached_property
    def navigation(self) -> Sequence[pages.Link]:
        """The main places this reader may go to."""
        return pages.navigation_for(self.request)

    @property
    def text(self) -> str:
        """``large`` or empty."""
        return "large" if self.request.COOKIES.get(TEXT_COOKIE) == "large" else ""

    @property
    def theme(self) -> str:
        """``light``, ``dark``, or empty: as the device has it."""
        theme = self.request.COOKIES.get(THEME_COOKIE, "")
        return theme if theme in {"light", "dark"} else ""

    @property
    def version(self) -> str:
        """The version that is running."""
        return trienkhai.__version__


def site(request: HttpRequest) -> dict[str, object]:
    """Context processor."""
    return {"site": Site(request)}
