"""Layout profiles: how official documents look, as data that an installation can replace."""

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import get_args, get_type_hints

from trienkhai.core.decisions import Invalid

PARTY = "party_hd36"


class ProfileError(Invalid):
    """A profile says something that has no meaning; ``params`` hold the key."""


@dataclass(frozen=True)
class Style:
    """A face: size in points, weight, slant, capitals."""

    size: float
    bold: bool = False
    italic: bool = False
    underline: bool = False
    caps: bool = False

    def shown(self, text: str) -> str:
        """The text as this style writes it."""
        return text.upper() if self.caps else text


@dataclass(frozen=True)
class Line(Style):
    """A face with a text of its own, whose ``{names}`` are filled in."""

    text: str = ""
    blank_day: str = ""


@dataclass(frozen=True)
class TitleLines(Style):
    """The state's or the Party's title and the length of the rule below it (0: no rule)."""

    lines: tuple[str, ...] = ()
    rule: float = 0


@dataclass(frozen=True)
class Page:
    """Paper and margins, in millimetres."""

    width: float
    height: float
    top: float
    bottom: float
    left: float
    right: float


@dataclass(frozen=True)
class PageNumber:
    """Where pages are numbered."""

    size: float
    from_page: int
    from_edge: float


@dataclass(frozen=True)
class Font:
    """The typeface, and what stands in for it in PDF."""

    family: str
    fallbacks: tuple[str, ...] = ()


@dataclass(frozen=True)
class HeaderLayout:
    """The head of the first page."""

    left_width: float
    upper_organ: Style
    organ: Style
    separator: Line
    title: TitleLines
    number: Line
    letter_subject: Style
    place_day: Line


@dataclass(frozen=True)
class TitleLayout:
    """Kind of document, subject and the rule below."""

    kind: Style
    subject: Style
    rule: Line


@dataclass(frozen=True)
class Body:
    """Paragraphs of the body."""

    size: float
    first_line: float
    justify: bool
    line_spacing: float
    space_after: float


@dataclass(frozen=True)
class Headings:
    """Three levels of headings."""

    level_1: Style
    level_2: Style
    level_3: Style

    def at(self, level: int) -> Style:
        """The style of a level; deeper levels look like the third."""
        return (self.level_1, self.level_2, self.level_3)[min(max(level, 1), 3) - 1]


@dataclass(frozen=True)
class Bullets:
    """What list items begin with, by level."""

    marks: tuple[str, ...]

    def at(self, level: int) -> str:
        """The mark of a level; deeper levels use the last."""
        return self.marks[min(max(level, 1), len(self.marks)) - 1]


@dataclass(frozen=True)
class TableLayout:
    """Ruled tables."""

    size: float
    header_bold: bool
    caption_size: float


@dataclass(frozen=True)
class SignatureLayout:
    """Signatures: width of their column and the room for ink and seal."""

    width: float
    space: float
    authority: Style
    post: Style
    name: Style


@dataclass(frozen=True)
class RecipientsLayout:
    """The list of recipients."""

    label: str
    mark: str
    end: str
    last_end: str
    title: Style
    item: Style

    def shown(self, recipients: tuple[str, ...]) -> list[str]:
        """Each recipient with its mark and end, unless it brings an end of its own."""
        ends = [self.end] * (len(recipients) - 1) + [self.last_end]
        return [
            f"{self.mark}{name if name.rstrip()[-1:] in {',', '.', ';'} else name.rstrip() + end}"
            for name, end in zip(recipients, ends, strict=bool(recipients))
        ]


@dataclass(frozen=True)
class Profile:
    """A whole layout."""

    name: str
    page: Page
    page_number: PageNumber
    font: Font
    header: HeaderLayout
    title: TitleLayout
    body: Body
    heading: Headings
    bullet: Bullets
    table: TableLayout
    signature: SignatureLayout
    recipients: RecipientsLayout


def load_profile(name: str = PARTY, override: Path | None = None) -> Profile:
    """A shipped profile, with the values of an installation's own file laid over it when there is one.

    Raises:
        ProfileError: the profile is unknown, or the file has a key that means nothing or a value of the wrong kind.
    """
    if override is None or not override.exists():
        return _shipped_profile(name)
    try:
        own = tomllib.loads(override.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProfileError("profile-unreadable", file=override.name, detail=str(error)) from error
    return _built(Profile, _laid_over(_shipped(name), own), "")


@cache
def _shipped_profile(name: str) -> Profile:
    return _built(Profile, _shipped(name), "")


def _shipped(name: str) -> dict[str, object]:
    source = resources.files("trienkhai.documents") / "profiles" / f"{name}.toml"
    if not name.isidentifier() or not source.is_file():
        raise ProfileError("profile-unknown", name=name)
    return tomllib.loads(source.read_text(encoding="utf-8"))


def _laid_over(base: Mapping[str, object], own: Mapping[str, object]) -> dict[str, object]:
    merged = dict(base)
    for key, value in own.items():
        below = merged.get(key)
        merged[key] = _laid_over(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


def _built[T](shape: type[T], values: Mapping[str, object], path: str) -> T:
    """An instance of a dataclass from a table, every key and kind checked."""
    known = {part.name: part for part in fields(shape)}  # type: ignore[arg-type]
    hints = get_type_hints(shape)
    for key in values.keys() - known.keys():
        raise ProfileError("profile-key-unknown", key=f"{path}{key}")
    for key, part in known.items():
        if key not in values and part.default is MISSING:
            raise ProfileError("profile-key-missing", key=f"{path}{key}")
    return shape(**{key: _value(hints[key], value, f"{path}{key}") for key, value in values.items()})


def _value(kind: type, value: object, path: str) -> object:
    if is_dataclass(kind):
        if isinstance(value, dict):
            return _built(kind, value, f"{path}.")
    elif get_args(kind):
        if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
            return tuple(value)
    elif kind is float:
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 10_000:  # noqa: PLR2004
            return float(value)
    elif isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
        return value
    raise ProfileError("profile-value-wrong", key=path, value=str(value))
