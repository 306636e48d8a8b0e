"""Choosing among hundreds: a field to look for a few of them, so that no list is longer than a telephone can take."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.datastructures import MultiValueDict

from trienkhai.text import fold

MOST_SHOWN = 40
"""A list of so many is shown whole."""
MOST_FOUND = 30


@dataclass(frozen=True)
class Found:
    """What was looked for. ``keys``: the first of them; ``number``: how many there are; ``words``: what was typed."""

    keys: tuple[str, ...] = ()
    number: int = 0
    words: str = ""

    @property
    def is_cut(self) -> bool:
        """Whether there are more than are shown."""
        return self.number > len(self.keys)


def find(titles: Mapping[str, str], words: str) -> Found:
    """Those whose title begins with the number typed; else those that have every word in them, marks aside."""
    wanted = fold(words).split()
    if not wanted:
        return Found()
    if len(wanted) == 1 and wanted[0].isdecimal():
        keys = [key for key, title in titles.items() if title.startswith(f"{wanted[0]}.")]
        if keys:
            return Found(tuple(keys), len(keys), words)
    folded = {key: fold(title) for key, title in titles.items()}
    keys = [key for key, title in folded.items() if all(word in title for word in wanted)]
    return Found(tuple(keys[:MOST_FOUND]), len(keys), words)


def is_long(titles: Collection[str]) -> bool:
    """Whether there are too many for one list."""
    return len(titles) > MOST_SHOWN


def shortened(titles: Mapping[str, str], *, kept: Sequence[str]) -> dict[str, str]:
    """Those to show, in their order: all, or of too many the ones kept."""
    if not is_long(titles):
        return dict(titles)
    wanted = set(kept)
    return {key: title for key, title in titles.items() if key in wanted}


def with_value(data: Mapping[str, Any], name: str, value: str) -> Mapping[str, Any]:
    """What was sent, with another value chosen."""
    if isinstance(data, MultiValueDict):
        changed = data.copy()
        changed[name] = value
        return changed
    return {**data, name: value}
