from datetime import date

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.examples import examples
from tests.factories.directives import AT, facts, make_directive
from tests.factories.organisation import make_unit
from trienkhai.directives import actions, indexes
from trienkhai.directives.models import Directive
from trienkhai.directives.queries import find_directives, hits, relations_of
from trienkhai.directives.rules import DirectiveKind, RelationKind
from trienkhai.organisation.rules import SYSTEM, UnitKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward() -> int:
    return make_unit("Đảng uỷ phường Hoà Lạc", kind=UnitKind.BASE)


def found(query: str, kind: str = "") -> list[str]:
    return [directive.title for directive in find_directives(Directive.objects.all(), query, kind)]


def test_marks_case_and_the_place_of_a_tone_do_not_matter(ward: int) -> None:
    make_directive(ward, "Kế hoạch của phường Hoà Lạc", number="05-KH/ĐU", issuer="Đảng uỷ phường")
    for query in (
        "hoa lac",
        "HOÀ LẠC",
        "Hòa Lạc",
        "lac  hoa",
        "ke hoach phuong",
        "05-kh/du",
        "dang uy",
        "đảng ủy",
        "hoa la",
    ):
        assert found(query) == ["Kế hoạch của phường Hoà Lạc"], query
    for query in ("hoa binh", "oa lac", "hoala"):
        assert found(query) == [], query


def test_exact_accents_come_first_then_phrases_then_the_newest(ward: int) -> None:
    make_directive(ward, "Hoa hồng", issued_on=date(2012, 5, 5))
    make_directive(ward, "Hoà bình", issued_on=date(2012, 5, 1))
    make_directive(ward, "Hoả hoạn", issued_on=date(2012, 5, 9))
    assert found("hoà") == ["Hoà bình", "Hoả hoạn", "Hoa hồng"]
    assert found("hoa") == ["Hoa hồng", "Hoả hoạn", "Hoà bình"]
    make_directive(ward, "Xây dựng, chỉnh đốn tổ chức Đảng", issued_on=date(2012, 5, 20))
    make_directive(ward, "Về xây dựng Đảng", issued_on=date(2012, 5, 10))
    assert found("xây dựng đảng") == ["Về xây dựng Đảng", "Xây dựng, chỉnh đốn tổ chức Đảng"]


def test_provisions_are_searched_and_the_best_is_shown(ward: int) -> None:
    text = "I. Tình hình\n1. Học tập còn hình thức\n2. Một bộ phận không nhỏ cán bộ, đảng viên suy thoái về tư tưởng"
    directive = make_directive(ward, "Nghị quyết", provisions=text)
    assert found("suy thoai") == ["Nghị quyết"]
    hit = hits([directive], "bộ phận suy thoái")[directive.pk]
    assert hit.label == "2."
    assert {piece for piece, is_hit in hit.text if is_hit} == {"bộ", "phận", "suy", "thoái"}
    assert hit.anchor == str(directive.provisions.get(label="2.").key)
    assert hits([directive], "nghị quyết")[directive.pk].title == [("Nghị quyết", True)]
    assert hits([directive], '"') == {}


def test_of_equal_provisions_exact_accents_win(ward: int) -> None:
    directive = make_directive(ward, "Nghị quyết", provisions="1. hoa hồng\n2. hoà bình\n3. hoà hợp")
    assert hits([directive], "hoà")[directive.pk].label == "2."


def test_the_index_follows_corrections_and_removals(ward: int) -> None:
    directive = make_directive(ward, "Tên cũ")
    head = facts(directive.number, "Tên mới")
    actions.correct_directive(directive=directive, facts=head, actor=SYSTEM, at=AT)
    assert (found("cu"), found("moi")) == ([], ["Tên mới"])
    actions.set_provisions(directive=directive, text="1. tiết kiệm", actor=SYSTEM, at=AT)
    assert found("tiết kiệm") == ["Tên mới"]
    actions.remove_directive(directive=directive, actor=SYSTEM, at=AT)
    assert found("moi") == []


def test_kinds_narrow(ward: int) -> None:
    make_directive(ward, "Hướng dẫn học tập", kind=DirectiveKind.GUIDANCE)
    make_directive(ward, "Nghị quyết học tập")
    assert found("học tập", "guidance") == ["Hướng dẫn học tập"]
    assert found("", "guidance") == ["Hướng dẫn học tập"]
    assert len(found("", "nonsense")) == 2


def test_the_index_is_made_again_when_a_migration_has_lost_it(ward: int) -> None:
    make_directive(ward, "Cũ")
    connection.check_constraints()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in indexes.SQLITE_TRIGGERS:
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute("DROP INDEX directives_words")
    make_directive(ward, "Mới")
    connection.check_constraints()
    indexes.create_all()
    indexes.create_all()
    assert (found("moi"), found("cu")) == (["Mới"], ["Cũ"])


@pytest.mark.postgresql
def test_postgresql_uses_its_index(ward: int) -> None:
    make_directive(ward, "Một")
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM directives_directive"
            " WHERE to_tsvector('simple', folded) @@ to_tsquery('simple', '''mot'':*')"
        )
        assert "directives_words" in "".join(row[0] for row in cursor.fetchall())


def test_relations_are_read_from_both_sides(ward: int) -> None:
    resolution, guidance, hidden = (make_directive(ward) for _n in range(3))
    for source in (guidance, hidden):
        actions.relate(source=source, target=resolution, kind=RelationKind.GUIDES, actor=SYSTEM, at=AT)
    visible = Directive.objects.exclude(pk=hidden.pk)
    (row,) = relations_of(resolution, visible)
    assert (row.kind, row.way, row.other) == (RelationKind.GUIDES, "from", guidance)
    (row,) = relations_of(guidance, visible)
    assert (row.way, row.other) == ("to", resolution)


class SearchingNeverFails(TestCase):
    @settings(max_examples=examples(60, thorough=3_000))
    @given(
        st.text(max_size=30)
        | st.sampled_from(['"', "a AND", "NOT", "* OR (", "folded:x", "'a':*", "a & | !b", "-", "\x00"])
    )
    def test_whatever_is_typed(self, query: str) -> None:
        list(find_directives(Directive.objects.all(), query))
        list(find_directives(Directive.objects.all(), f"hoà {query} lạc"))
