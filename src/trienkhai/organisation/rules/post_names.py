"""Posts as lists name them: "Bí thư", "PBT", "UV BTV", "Bí thư Đảng uỷ, Chủ tịch HĐND"."""

import re
from dataclasses import dataclass
from enum import StrEnum

from trienkhai.organisation.rules.kinds import BodyKind, PostKind, UnitKind
from trienkhai.text import fold


class Level(StrEnum):
    """Of which unit a post is: the person's own, or the base organisation above it."""

    OWN = "own"
    BASE = "base"


@dataclass(frozen=True, slots=True)
class NamedPost:
    """A post as read from a list."""

    kind: PostKind
    level: Level
    title: str


_CUT = re.compile(r"[,;/+\n]|\s[-–]\s|\bkiêm\b")
_BASE = re.compile(r"\b(dang ui|thuong vu|btv|bch dang bo|dang bo|phuong|xa|thi tran|du)\b")
_CELL = re.compile(r"\b(chi bo|chi ui|cb|to dang)\b")
_KINDS: tuple[tuple[PostKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (PostKind.DEPUTY_STANDING, r"(pho bi thu|pbt)( \w+)* thuong truc\b|(pho bi thu|pbt) tt\b|\bpbttt\b"),
        (PostKind.DEPUTY, r"\bpho bi thu\b|\bpbt\b|\bp bi thu\b"),
        (PostKind.SECRETARY, r"\bbi thu\b|^bt\b"),
        (PostKind.INSPECTION_MEMBER, r"\b(ui ban kiem tra|ubkt)\b"),
        (PostKind.STANDING_MEMBER, r"\b(ban thuong vu|btv|uvtv|uvbtv|ui vien thuong vu)\b"),
        (PostKind.GROUP_HEAD, r"\bto truong( to)? dang\b|^to truong$"),
        (PostKind.CELL_COMMITTEE_MEMBER, r"\bchi ui vien\b|\b(ui vien|uv) chi ui\b|^chi ui$|^cuv\b"),
        (
            PostKind.COMMITTEE_MEMBER,
            r"\bdang ui vien\b|\b(ui vien|uv) (ban chap hanh|bch)\b|^duv\b|\bcap ui vien\b|\bbch\b",
        ),
    )
)
_YOUTH = re.compile(r"\b(doan|chi doan|dtn|tncs|hoi|cong doan)\b")
_LONGEST_TITLE = 150


def posts_named(text: str, *, unit_kind: UnitKind) -> tuple[NamedPost, ...]:
    """The Party posts a text names; posts outside the Party and "đảng viên" are none.

    Args:
        text: what the list says.
        unit_kind: what the person's unit is: in a cell "cấp uỷ viên" is a member of the cell's committee.
    """
    found: list[NamedPost] = []
    for piece in _CUT.split(text):
        title = " ".join(piece.split())[:_LONGEST_TITLE]
        folded = fold(title)
        kind = next((kind for kind, pattern in _KINDS if pattern.search(folded)), None)
        if kind is None or _YOUTH.search(folded):
            continue
        post = _placed(kind, title, folded, unit_kind)
        if all(post.kind is not other.kind or post.level is not other.level for other in found):
            found.append(post)
    return tuple(found)


def _placed(kind: PostKind, title: str, folded: str, unit_kind: UnitKind) -> NamedPost:
    of_base = unit_kind not in {UnitKind.CELL, UnitKind.GROUP}
    if kind is PostKind.COMMITTEE_MEMBER and not of_base and not re.search(r"\bdang\b|\bphuong\b|\bxa\b", folded):
        return NamedPost(PostKind.CELL_COMMITTEE_MEMBER, Level.OWN, title)
    if kind in {PostKind.STANDING_MEMBER, PostKind.COMMITTEE_MEMBER, PostKind.INSPECTION_MEMBER}:
        return NamedPost(kind, Level.OWN if of_base else Level.BASE, title)
    if not of_base and _BASE.search(folded) and not _CELL.search(folded):
        return NamedPost(kind, Level.BASE, title)
    return NamedPost(kind, Level.OWN, title)


BODY_OF: dict[PostKind, BodyKind] = {
    PostKind.STANDING_MEMBER: BodyKind.STANDING_COMMITTEE,
    PostKind.COMMITTEE_MEMBER: BodyKind.COMMITTEE,
    PostKind.CELL_COMMITTEE_MEMBER: BodyKind.CELL_COMMITTEE,
    PostKind.INSPECTION_MEMBER: BodyKind.INSPECTION,
}
"""The body a post is a place in. Secretaries and deputies belong to the highest body of their unit that is there."""

_BODIES = (
    (BodyKind.STANDING_COMMITTEE, re.compile(r"\b(ban thuong vu|btv)\b")),
    (BodyKind.STANDING, re.compile(r"\bthuong truc\b")),
    (BodyKind.INSPECTION, re.compile(r"\b(ui ban kiem tra|ubkt)\b")),
    (BodyKind.CELL_COMMITTEE, re.compile(r"\b(chi ui|cap ui)\b")),
    (BodyKind.COMMITTEE, re.compile(r"\b(dang ui|ban chap hanh|bch)\b")),
)


def body_named(text: str) -> BodyKind | None:
    """The kind of body a text names, if it names one."""
    folded = fold(text)
    return next((kind for kind, pattern in _BODIES if pattern.search(folded)), None)


BODY_NAMES: dict[BodyKind, str] = {
    BodyKind.COMMITTEE: "Ban Chấp hành",
    BodyKind.STANDING_COMMITTEE: "Ban Thường vụ",
    BodyKind.STANDING: "Thường trực",
    BodyKind.CELL_COMMITTEE: "Chi uỷ",
    BodyKind.INSPECTION: "Uỷ ban Kiểm tra",
}
"""What a body is called when a list does not say. A name is content, not a translation."""
