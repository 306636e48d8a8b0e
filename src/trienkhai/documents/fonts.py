"""Chooses a typeface for PDF: the first of a profile's that is installed and holds every Vietnamese letter."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import typst

BUNDLED = "Libertinus Serif"  # comes with typst; serif, whole Vietnamese alphabet
_PROBES = "ạếữỢỹ"
_SAME_WIDTH = 0.001  # points
_ABSENT = "\U0010fffe"  # no font has this: shown as the sign for what is missing


@dataclass(frozen=True)
class Chosen:
    """A typeface and the collection to find it in, which holds nothing else of the machine's."""

    family: str
    fonts: typst.Fonts


@cache
def choose(families: tuple[str, ...]) -> Chosen:
    """The first family that can write Vietnamese, else the bundled one.

    An old release of a family may lie beside a new one (Liberation 1 has no Vietnamese, Liberation 2 has), so
    folders are tried one by one. Looking takes a moment, so it is done once.
    """
    bundled = typst.Fonts(include_system_fonts=False)
    installed = typst.Fonts().fonts()
    for family in families:
        folders = sorted({Path(font.path).parent for font in installed if font.family == family and font.path})
        for folder in folders:
            fonts = typst.Fonts(include_system_fonts=False, font_paths=[folder])
            if _writes_vietnamese(family, fonts):
                return Chosen(family, fonts)
        if family in bundled.families():
            return Chosen(family, bundled)
    return Chosen(BUNDLED, bundled)


def _writes_vietnamese(family: str, fonts: typst.Fonts) -> bool:
    """Whether the letters differ in width from the sign for a missing one; one may happen to be as wide."""
    source = (
        "#let data = json(bytes(sys.inputs.probe))\n"
        "#set text(font: data.family, fallback: false)\n"
        "#for sign in data.signs { context [#metadata(measure(sign).width.pt()) <width>] }"
    )
    answer = typst.query(
        source.encode(),
        "<width>",
        field="value",
        font_paths=fonts,
        sys_inputs={"probe": json.dumps({"family": family, "signs": [_ABSENT, *_PROBES]})},
    )
    absent, *widths = (float(width) for width in json.loads(answer))
    return sum(abs(width - absent) > _SAME_WIDTH for width in widths) >= len(_PROBES) - 1
