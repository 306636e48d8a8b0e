"""What units, bodies, memberships and posts are."""

from enum import StrEnum


class UnitKind(StrEnum):
    """A node of the tree. Upper committees see counts of the units below; a base committee's office sees names."""

    UPPER = "upper"  # đảng bộ cấp trên: province, city
    BASE = "base"  # đảng bộ cơ sở: ward, commune
    SECTION = "section"  # đảng bộ bộ phận
    CELL = "cell"  # chi bộ
    GROUP = "group"  # tổ đảng
    AGENCY = "agency"  # cơ quan, đơn vị


PARTY_KINDS = frozenset({UnitKind.UPPER, UnitKind.BASE, UnitKind.SECTION, UnitKind.CELL, UnitKind.GROUP})


class SuccessionKind(StrEnum):
    """How one unit came after another."""

    MERGE = "merge"
    SPLIT = "split"


class BodyKind(StrEnum):
    """Those who lead a unit, as one."""

    COMMITTEE = "committee"  # đảng uỷ
    STANDING_COMMITTEE = "standing_committee"  # ban thường vụ
    STANDING = "standing"  # thường trực
    CELL_COMMITTEE = "cell_committee"  # chi uỷ
    INSPECTION = "inspection"  # uỷ ban kiểm tra


class MemberKind(StrEnum):
    """What a person is in a unit."""

    OFFICIAL = "official"  # đảng viên chính thức
    PROBATIONARY = "probationary"  # đảng viên dự bị
    OTHER = "other"  # người chưa là đảng viên: cán bộ, công chức, viên chức


class Standing(StrEnum):
    """Whether a member takes part as usual."""

    ACTIVE = "active"
    EXEMPT = "exempt"  # được miễn công tác và sinh hoạt đảng
    SUSPENDED = "suspended"  # đình chỉ sinh hoạt
    AWAY = "away"  # đi làm ăn xa


class Tie(StrEnum):
    """Whether the membership counts in the unit's roll."""

    COUNTING = "counting"
    RESIDENCE = "residence"  # 213-QĐ/TW
    TEMPORARY = "temporary"  # sinh hoạt tạm thời


class EndReason(StrEnum):
    """Why a membership row ended."""

    MOVED = "moved"
    MOVED_OUT = "moved_out"  # to a unit this installation does not keep
    DIED = "died"
    STRUCK_OFF = "struck_off"
    EXPELLED = "expelled"
    CHANGED = "changed"  # the next row goes on with another kind or standing
    REORGANISED = "reorganised"
    DUPLICATE = "duplicate"


class PostKind(StrEnum):
    """A place in a body or at the head of a unit."""

    SECRETARY = "secretary"
    DEPUTY_STANDING = "deputy_standing"
    DEPUTY = "deputy"
    STANDING_MEMBER = "standing_member"  # uỷ viên ban thường vụ
    COMMITTEE_MEMBER = "committee_member"  # đảng uỷ viên
    CELL_COMMITTEE_MEMBER = "cell_committee_member"  # chi uỷ viên
    INSPECTION_MEMBER = "inspection_member"
    GROUP_HEAD = "group_head"  # tổ trưởng tổ đảng
    HEAD = "head"  # người đứng đầu cơ quan, đơn vị
    DEPUTY_HEAD = "deputy_head"
    OTHER = "other"


SECRETARIES = frozenset({PostKind.SECRETARY, PostKind.DEPUTY_STANDING, PostKind.DEPUTY})
"""Posts whose holders run their unit: call its meetings, read its papers, see its names."""

LEADERS = frozenset(set(PostKind) - {PostKind.OTHER})
"""Posts whose holders are counted as leaders, whose own part is shown first."""

_LEVELS: dict[UnitKind, int] = {
    UnitKind.UPPER: 0,
    UnitKind.BASE: 1,
    UnitKind.SECTION: 2,
    UnitKind.CELL: 3,
    UnitKind.GROUP: 4,
}


def may_hang_under(kind: UnitKind, parent: UnitKind | None) -> bool:
    """Whether a unit of ``kind`` may lie directly under one of ``parent`` (``None``: at the top).

    Upper committees nest; below them every level lies under a higher one. Agencies hang anywhere but under a group;
    no Party unit hangs under an agency.
    """
    if parent is None:
        return kind is not UnitKind.GROUP
    if kind is UnitKind.AGENCY:
        return parent is not UnitKind.GROUP
    if parent is UnitKind.AGENCY:
        return False
    if kind is UnitKind.GROUP:
        return parent is UnitKind.CELL
    return _LEVELS[parent] < _LEVELS[kind] or kind is parent is UnitKind.UPPER


LEAVING = frozenset({EndReason.DIED, EndReason.MOVED_OUT, EndReason.STRUCK_OFF, EndReason.EXPELLED})
"""Ends after which a person has no tie and no post here any more."""
