"""Every pair of colours used for text keeps 7:1, every edge and bar 3:1, in light and in dark."""

import colorsys
import re
from pathlib import Path

import pytest

import trienkhai.core

CSS = (Path(trienkhai.core.__file__).parent / "static/core/tokens.css").read_text(encoding="utf-8")
TEXT = [
    ("ink", "page"), ("ink", "surface"), ("ink", "sunken"), ("ink", "halo"), ("muted", "page"), ("muted", "surface"),
    ("link", "page"), ("link", "surface"), ("link", "running-back"), ("link", "late-back"), ("visited", "page"),
    ("visited", "surface"), ("on-action", "action"), ("on-action", "action-pressed"), ("action", "surface"),
    ("on-bar", "bar"), ("late", "late-back"), ("late", "page"), ("late", "surface"), ("done", "done-back"),
    ("running", "running-back"), ("waiting", "waiting-back"), ("ink", "late-back"), ("ink", "done-back"),
    ("ink", "running-back"), ("ink", "waiting-back"), ("muted", "running-back"),
]  # fmt: skip
EDGES = [
    ("edge", "surface"), ("edge", "page"), ("late-fill", "track"), ("done-fill", "track"), ("running-fill", "track"),
    ("late-fill", "page"), ("action", "page"), ("ring", "page"), ("waiting-fill", "page"),
]  # fmt: skip


def block(start: str) -> dict[str, str]:
    found = CSS.split(start, 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", found))


LIGHT = block(":root {\n    color-scheme: light;")
DARK = LIGHT | block(':root[data-theme="dark"] {')


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back"), TEXT)
def test_text_keeps_seven_to_one(theme: dict[str, str], front: str, back: str) -> None:
    assert contrast(theme[front], theme[back]) >= 7


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back"), EDGES)
def test_edges_and_bars_keep_three_to_one(theme: dict[str, str], front: str, back: str) -> None:
    assert contrast(theme[front], theme[back]) >= 3


def test_dark_by_choice_and_dark_by_device_are_the_same() -> None:
    assert block(':root[data-theme="dark"] {') == block(':root:not([data-theme="light"]) {')


def test_only_the_bar_is_red() -> None:
    for theme in (LIGHT, DARK):
        for name, colour in theme.items():
            red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
            hue, saturation, _value = colorsys.rgb_to_hsv(red, green, blue)
            is_red = saturation > 0.3 and not 15 / 360 < hue < 340 / 360
            assert is_red == (name in {"bar", "bar-line"}), (name, colour)
