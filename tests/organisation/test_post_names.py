import pytest

from trienkhai.organisation.rules import BodyKind, PostKind, UnitKind
from trienkhai.organisation.rules.post_names import Level, body_named, posts_named

K = PostKind


@pytest.mark.parametrize(
    ("text", "unit_kind", "expected"),
    [
        ("Bí thư", UnitKind.CELL, [(K.SECRETARY, Level.OWN)]),
        ("BT", UnitKind.CELL, [(K.SECRETARY, Level.OWN)]),
        ("PBT", UnitKind.CELL, [(K.DEPUTY, Level.OWN)]),
        ("Phó Bí thư chi bộ", UnitKind.CELL, [(K.DEPUTY, Level.OWN)]),
        ("PHO BI THU", UnitKind.CELL, [(K.DEPUTY, Level.OWN)]),
        ("Chi uỷ viên", UnitKind.CELL, [(K.CELL_COMMITTEE_MEMBER, Level.OWN)]),
        ("Chi ủy viên", UnitKind.CELL, [(K.CELL_COMMITTEE_MEMBER, Level.OWN)]),
        ("CUV", UnitKind.CELL, [(K.CELL_COMMITTEE_MEMBER, Level.OWN)]),
        ("Cấp uỷ viên", UnitKind.CELL, [(K.CELL_COMMITTEE_MEMBER, Level.OWN)]),
        ("Bí thư Đảng uỷ phường", UnitKind.CELL, [(K.SECRETARY, Level.BASE)]),
        ("Phó Bí thư Thường trực Đảng uỷ", UnitKind.CELL, [(K.DEPUTY_STANDING, Level.BASE)]),
        ("Phó Bí thư Thường trực", UnitKind.BASE, [(K.DEPUTY_STANDING, Level.OWN)]),
        ("UV BTV Đảng uỷ", UnitKind.CELL, [(K.STANDING_MEMBER, Level.BASE)]),
        ("Uỷ viên Ban Thường vụ", UnitKind.BASE, [(K.STANDING_MEMBER, Level.OWN)]),
        ("Đảng uỷ viên", UnitKind.CELL, [(K.COMMITTEE_MEMBER, Level.BASE)]),
        ("Uỷ viên BCH Đảng bộ phường", UnitKind.CELL, [(K.COMMITTEE_MEMBER, Level.BASE)]),
        ("Tổ trưởng tổ đảng", UnitKind.GROUP, [(K.GROUP_HEAD, Level.OWN)]),
        ("Uỷ viên UBKT Đảng uỷ", UnitKind.CELL, [(K.INSPECTION_MEMBER, Level.BASE)]),
        ("Bí thư chi bộ, Đảng uỷ viên", UnitKind.CELL, [(K.SECRETARY, Level.OWN), (K.COMMITTEE_MEMBER, Level.BASE)]),
        ("Bí thư chi bộ kiêm Tổ trưởng dân phố", UnitKind.CELL, [(K.SECRETARY, Level.OWN)]),
        ("Tổ trưởng", UnitKind.GROUP, [(K.GROUP_HEAD, Level.OWN)]),
        ("Bí thư Đoàn thanh niên", UnitKind.CELL, []),
        ("Phó Bí thư Chi đoàn", UnitKind.CELL, []),
        ("Đảng viên", UnitKind.CELL, []),
        ("Chủ tịch UBND", UnitKind.CELL, []),
        ("Hiệu trưởng", UnitKind.CELL, []),
        ("", UnitKind.CELL, []),
    ],
)
def test_posts_as_lists_name_them(text: str, unit_kind: UnitKind, expected: list[tuple[PostKind, Level]]) -> None:
    assert [(post.kind, post.level) for post in posts_named(text, unit_kind=unit_kind)] == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Ban Thường vụ Đảng uỷ", BodyKind.STANDING_COMMITTEE),
        ("Thường trực Đảng uỷ", BodyKind.STANDING),
        ("Chi uỷ", BodyKind.CELL_COMMITTEE),
        ("Uỷ ban Kiểm tra", BodyKind.INSPECTION),
        ("Ban Chấp hành Đảng bộ", BodyKind.COMMITTEE),
        ("Hội đồng nhân dân", None),
    ],
)
def test_bodies_as_lists_name_them(text: str, kind: BodyKind | None) -> None:
    assert body_named(text) is kind
