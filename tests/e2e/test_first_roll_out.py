"""A clerk's first morning: from a messy list to a frozen report, without a manual."""

import pytest
from playwright.sync_api import Page

from tests.e2e.reader import Reader
from tests.imports.lists import builders

WAYS = [
    pytest.param("vi", False, id="vi"),
    pytest.param("en", False, id="en"),
    pytest.param("vi", True, id="vi, no script"),
]


@pytest.mark.parametrize(("lang", "no_js"), WAYS)
def test_from_a_messy_list_to_a_frozen_report(page: Page, lang: str, no_js: bool) -> None:  # noqa: FBT001 - a fixture
    clerk = Reader(page, lang, f"first-{lang}{'-noscript' if no_js else ''}")
    begins(clerk)
    takes_in_the_list(clerk)
    registers_a_directive(clerk)
    rolls_it_out(clerk)


def begins(clerk: Reader) -> None:
    clerk.page.goto("/")
    clerk.heading(clerk.say("Welcome to Triển khai"))
    clerk.look()
    clerk.fill("Your Party organisation", "Đảng bộ phường Bến Lau")
    clerk.fill("The organisation directly above", "Đảng bộ thành phố Hải Bình")
    clerk.fill("Place written before the date", "Bến Lau")
    clerk.fill("Your name", "Lê Thị Văn Phòng")
    clerk.fill("Sign-in name", "vanphong")
    clerk.fill("Password", "sông dài biển rộng")
    clerk.press("Begin")
    clerk.heading(clerk.say("Sheet to keep"))
    clerk.look()
    clerk.follow("Go on")
    clerk.sees(clerk.say("Begin with your list of members"))
    clerk.look()


def takes_in_the_list(clerk: Reader) -> None:
    clerk.follow("Bring in a list")
    clerk.look()
    content = builders.grouped().getvalue()
    clerk.field("The list").set_input_files(
        {"name": "DS dang vien 2026.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    )
    clerk.press("Read the list")
    clerk.heading(clerk.say("What is this column?"))
    clerk.look()
    clerk.press("Confirm the columns")
    clerk.look()
    clerk.press("Confirm the units")
    clerk.look()
    print(clerk.page.locator("main").inner_text())


def registers_a_directive(clerk: Reader) -> None: ...


def rolls_it_out(clerk: Reader) -> None: ...
