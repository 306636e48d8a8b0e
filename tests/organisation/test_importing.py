import io
from collections import Counter
from datetime import UTC, date, datetime

import pytest

from tests.factories.organisation import make_unit, make_ward, office_of
from tests.imports.lists import builders
from tests.imports.lists.ward import CELLS, members
from trienkhai.core.decisions import Refused
from trienkhai.imports import actions as imports
from trienkhai.imports.models import ImportBatch
from trienkhai.imports.rules.states import BatchState, Decision
from trienkhai.ledger.models import Entry
from trienkhai.organisation.actions import Change, importing
from trienkhai.organisation.models import BodyState, Membership, Person, Post, Unit, UnitState
from trienkhai.organisation.rules import SYSTEM, Actor, Grant, MemberKind, PostKind, Role, Standing, UnitKind

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 3, tzinfo=UTC)
TODAY = builders.TODAY
FROM = date(2026, 1, 1)


@pytest.fixture
def ward() -> int:
    return make_unit("Đảng bộ phường Bến Lau", kind=UnitKind.BASE, on=date(2010, 1, 1))


def csv(*lines: str) -> io.BytesIO:
    return io.BytesIO("\n".join(["STT;Họ và tên;Ngày sinh;Chi bộ;Chức vụ", *lines]).encode())


def taken(content: io.BytesIO, unit: int, *, actor: Actor = SYSTEM, name: str = "danh sách.xlsx") -> ImportBatch:
    """The list read and compared."""
    key = Unit.objects.get(pk=unit).key
    if content.getvalue()[:2] != b"PK":
        name = "danh sách.csv"
    batch = imports.take_in(content=content, name=name, unit=key, holds_from=FROM, actor_key=actor.key, at=AT)
    imports.read_batch(key=batch.key, today=TODAY)
    importing.suggest_units(key=batch.key, actor=actor, at=AT)
    return importing.compare_rows(key=batch.key, actor=actor, at=AT)


def imported(content: io.BytesIO, unit: int, *, actor: Actor = SYSTEM) -> Change:
    batch = taken(content, unit, actor=actor)
    return importing.import_list(key=batch.key, actor=actor, at=AT)


def decisions(batch: ImportBatch) -> Counter[str]:
    return Counter(batch.rows.values_list("decision", flat=True))


def rolls() -> Counter[tuple[str, str]]:
    names = {state.unit_id: state.name for state in UnitState.objects.current()}
    ties = Membership.objects.current().filter(ends_on__isnull=True).select_related("person")
    return Counter((tie.person.full_name, names[tie.unit_id]) for tie in ties)


def test_a_list_becomes_an_organisation_with_one_entry(ward: int) -> None:
    before = Entry.objects.count()
    change = imported(builders.plain(), ward)
    assert Entry.objects.count() == before + 1
    assert change.entry.action == "organisation.import_list"
    assert change.entry.count == len(members()) + len(CELLS)
    assert len(change.entry.file_digest) == 64
    assert rolls() == Counter((one.name, one.cell) for one in members())
    assert set(UnitState.objects.filter(kind="cell").values_list("name", flat=True)) == set(CELLS)
    assert set(UnitState.objects.filter(kind="cell").values_list("parent", flat=True)) == {ward}
    assert change.people == set(Person.objects.values_list("pk", flat=True))
    assert change.units == set(UnitState.objects.filter(kind="cell").values_list("unit", flat=True))


def test_posts_and_bodies_come_with_the_members(ward: int) -> None:
    imported(builders.plain(), ward)
    kinds = Counter(Post.objects.values_list("kind", flat=True))
    assert kinds == {
        PostKind.SECRETARY: len(CELLS),
        PostKind.DEPUTY: len(CELLS),
        PostKind.CELL_COMMITTEE_MEMBER: len(CELLS),
    }
    assert BodyState.objects.count() == len(CELLS)
    assert not Post.objects.filter(body__isnull=True).exists()


def test_probation_exemption_and_birth(ward: int) -> None:
    imported(builders.grouped(), ward)
    exempt = Membership.objects.filter(standing=Standing.EXEMPT).count()
    assert exempt == sum(one.is_exempt for one in members())
    probationary = Membership.objects.filter(kind=MemberKind.PROBATIONARY).count()
    assert probationary == sum(one.official is None for one in members())
    years = Counter(Person.objects.values_list("birth_year", flat=True))
    assert years == Counter(one.birth.year for one in members())


@pytest.mark.parametrize("build", [builders.plain, builders.grouped, builders.unmarked, builders.sheet_for_each_cell])
def test_a_second_run_changes_nothing(ward: int, build: object) -> None:
    assert callable(build)
    imported(build(), ward)
    people, ties, posts = Person.objects.count(), Membership.objects.count(), Post.objects.count()
    batch = taken(build(), ward)
    assert decisions(batch) == {Decision.SAME: len(members())}
    with pytest.raises(Refused, match="import_nothing"):
        importing.import_list(key=batch.key, actor=SYSTEM, at=AT)
    assert (Person.objects.count(), Membership.objects.count(), Post.objects.count()) == (people, ties, posts)


def test_spellings_of_a_cell_find_the_cell_that_is_there(ward: int) -> None:
    cell = make_unit("Chi bộ khu phố 5", parent=ward, on=date(2010, 1, 1))
    batch = taken(csv("1;Nguyễn Văn An;12/5/1968;CB KP 05;", "2;Lê Thị Bình;1970;KP 6;"), ward)
    first, second = batch.units.order_by("position")
    assert (first.target, first.is_sure) == (Unit.objects.get(pk=cell).key, True)
    assert (second.decision, second.target) == ("new", None)


def test_namesakes_are_told_apart(ward: int) -> None:
    imported(
        csv("1;Nguyễn Văn An;12/5/1968;Chi bộ 1;", "2;Nguyễn Văn An;13/5/1968;Chi bộ 1;", "3;Lê Thị Bình;;Chi bộ 1;"),
        ward,
    )
    assert Person.objects.count() == 3
    batch = taken(
        csv(
            "1;Nguyễn Văn An;12/5/1968;Chi bộ 1;",  # the first
            "2;Nguyễn Văn An;12/5/1999;Chi bộ 2;",  # somebody else
            "3;Nguyễn Văn An;1968;Chi bộ 3;",  # may be either
            "4;Lê Thị Bình;3/4/1970;Chi bộ 1;",  # says more than is known
            "5;Nguyễn Văn Ân;12/5/1968;Chi bộ 1;",  # another name
        ),
        ward,
    )
    found = list(batch.rows.order_by("line").values_list("decision", flat=True))
    assert found == [Decision.SAME, Decision.NEW, Decision.ASK, Decision.ASK, Decision.NEW]
    asked = batch.rows.get(line=4)
    assert len(asked.candidates) == 2
    with pytest.raises(Refused, match="import_questions_open"):
        importing.import_list(key=batch.key, actor=SYSTEM, at=AT)
    lady = batch.rows.get(line=5)
    importing.answer_row(key=batch.key, row=asked.pk, decision=Decision.NEW, actor=SYSTEM, at=AT)
    person = Person.objects.get(full_name="Lê Thị Bình").key
    importing.answer_row(key=batch.key, row=lady.pk, decision=Decision.SAME, person=person, actor=SYSTEM, at=AT)
    importing.import_list(key=batch.key, actor=SYSTEM, at=AT)
    assert Person.objects.count() == 6
    assert Person.objects.filter(full_name="Lê Thị Bình").count() == 1


def test_two_rows_that_may_be_one_person_are_asked(ward: int) -> None:
    batch = taken(csv("1;Nguyễn Văn An;1968;Chi bộ 1;", "2;Nguyễn Văn An;1968;Chi bộ 1;"), ward)
    assert decisions(batch) == {Decision.NEW: 1, Decision.ASK: 1}
    row = batch.rows.get(decision=Decision.ASK)
    importing.answer_row(key=batch.key, row=row.pk, decision=Decision.NEW, actor=SYSTEM, at=AT)
    importing.import_list(key=batch.key, actor=SYSTEM, at=AT)
    assert Person.objects.count() == 2
    again = taken(csv("1;Nguyễn Văn An;1968;Chi bộ 1;", "2;Nguyễn Văn An;1968;Chi bộ 1;"), ward)
    assert decisions(again) == {Decision.SAME: 2}


def test_somebody_in_another_cell_is_asked_and_moved_on_a_day(ward: int) -> None:
    imported(csv("1;Nguyễn Văn An;12/5/1968;Chi bộ 1;Bí thư"), ward)
    batch = taken(csv("1;Nguyễn Văn An;12/5/1968;Chi bộ 2;"), ward)
    row = batch.rows.get()
    assert row.decision == Decision.ASK
    person = Person.objects.get()
    importing.answer_row(
        key=batch.key,
        row=row.pk,
        decision=Decision.MOVED,
        person=person.key,
        moved_on=date(2026, 2, 15),
        actor=SYSTEM,
        at=AT,
    )
    importing.import_list(key=batch.key, actor=SYSTEM, at=AT)
    ties = Membership.objects.current().order_by("starts_on").values_list("starts_on", "ends_on")
    assert list(ties) == [(FROM, date(2026, 2, 15)), (date(2026, 2, 15), None)]
    assert Post.objects.current().get().ends_on == date(2026, 2, 15)
    assert Person.objects.count() == 1


def test_a_list_of_posts(ward: int) -> None:
    imported(csv(*[f"{n};{one.name};{one.birth:%d/%m/%Y};{one.cell};" for n, one in enumerate(members(), 1)]), ward)
    assert not Post.objects.exists()
    imported(builders.posts(), ward)
    kinds = Counter(Post.objects.values_list("kind", flat=True))
    assert kinds[PostKind.STANDING_MEMBER] == 1
    assert kinds[PostKind.SECRETARY] == len(CELLS)
    standing = Post.objects.get(kind=PostKind.STANDING_MEMBER)
    assert (standing.unit_id, standing.starts_on) == (ward, date(2025, 6, 15))
    assert BodyState.objects.get(body=standing.body_id).name == "Ban Thường vụ Đảng uỷ"
    again = taken(builders.posts(), ward)
    assert decisions(again) == {Decision.SAME: 73}


def test_a_post_of_somebody_who_is_not_there_is_a_fault(ward: int) -> None:
    batch = taken(builders.posts(), ward)
    assert decisions(batch) == {Decision.FAULTY: 73}
    assert batch.rows.first().faults[0][0] == "person_not_there"  # type: ignore[union-attr]


def test_a_list_of_units(ward: int) -> None:
    imported(builders.units(), ward)
    states = {state.name: state for state in UnitState.objects.current()}
    section = states["Đảng bộ bộ phận Trường học"]
    assert (section.kind, section.parent_id) == ("section", ward)
    assert states["Chi bộ Trường THCS Bến Lau"].parent_id == section.unit_id
    assert states["Chi bộ khu phố 1"].starts_on == date(2010, 1, 1)  # not before the ward
    assert section.starts_on == date(2010, 2, 3)
    assert decisions(taken(builders.units(), ward)) == {Decision.SAME: 18}


def test_sectional_organisations_above_their_cells(ward: int) -> None:
    content = io.BytesIO(
        "TT;Họ và tên;Năm sinh\nA;Đảng bộ bộ phận Trường học;\nI;Chi bộ 1;\n1;Nguyễn Văn An;1968\n".encode(),
    )
    imported(content, ward)
    states = {state.name: state for state in UnitState.objects.current()}
    assert states["Chi bộ 1"].parent_id == states["Đảng bộ bộ phận Trường học"].unit_id


def test_nothing_is_written_before_confirmation_and_all_or_nothing_after(
    ward: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = taken(builders.plain(), ward)
    assert not Person.objects.exists()
    assert UnitState.objects.count() == 1

    def cut(*_args: object, **_kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("trienkhai.organisation.actions.importing.posting.insert_posts", cut)
    from django.db import transaction  # noqa: PLC0415

    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        importing.import_list(key=batch.key, actor=SYSTEM, at=AT)
    assert not Person.objects.exists()
    monkeypatch.undo()
    importing.import_list(key=batch.key, actor=SYSTEM, at=AT)
    assert Person.objects.count() == len(members())


def test_faulty_rows_stay_and_the_good_ones_go(ward: int) -> None:
    batch = taken(csv("1;Nguyễn Văn An;12/5/1968;Chi bộ 1;", "2;Lê Thị Bình;31/02/1970;Chi bộ 1;"), ward)
    importing.import_list(key=batch.key, actor=SYSTEM, at=AT)
    batch.refresh_from_db()
    assert batch.state == BatchState.DONE
    assert [row.values["name"] for row in batch.rows.all()] == ["Lê Thị Bình"]
    assert batch.file is not None
    imports.forget(key=batch.key)
    assert ImportBatch.objects.get(key=batch.key).file is None
    assert batch.rows.count() == 0


def test_a_list_is_imported_once(ward: int) -> None:
    batch = taken(builders.plain(), ward)
    importing.import_list(key=batch.key, actor=SYSTEM, at=AT)
    with pytest.raises(Refused, match="import_done_already"):
        importing.import_list(key=batch.key, actor=SYSTEM, at=AT)


def test_two_lists_at_once_are_compared_again(ward: int) -> None:
    one, other = taken(builders.plain(), ward), taken(builders.plain(), ward)
    importing.import_list(key=one.key, actor=SYSTEM, at=AT)
    with pytest.raises(Refused, match="import_changed_since"):
        importing.import_list(key=other.key, actor=SYSTEM, at=AT)
    importing.suggest_units(key=other.key, actor=SYSTEM, at=AT)
    importing.compare_rows(key=other.key, actor=SYSTEM, at=AT)
    assert decisions(other) == {Decision.SAME: len(members())}


def test_an_office_imports_into_its_own_units_only(ward: int) -> None:
    elsewhere = make_ward(name="Đảng bộ phường Khác")
    office = office_of(elsewhere.unit)
    key = Unit.objects.get(pk=ward).key
    batch = imports.take_in(
        content=builders.plain(), name="ds.xlsx", unit=key, holds_from=FROM, actor_key=office.key, at=AT
    )
    imports.read_batch(key=batch.key, today=TODAY)
    with pytest.raises(Refused, match="may_not_keep"):
        importing.suggest_units(key=batch.key, actor=office, at=AT)


def test_people_of_another_ward_are_not_found_by_guessing(ward: int) -> None:
    imported(csv("1;Nguyễn Văn An;12/5/1968;Chi bộ 1;"), ward)
    elsewhere = make_ward(name="Đảng bộ phường Khác")
    batch = taken(csv("1;Nguyễn Văn An;12/5/1968;Chi bộ 1;"), elsewhere.unit, actor=office_of(elsewhere.unit))
    assert decisions(batch) == {Decision.NEW: 1}
    assert batch.units.get().decision == "new"


def test_a_cells_office_gives_no_posts_in_the_ward(ward: int) -> None:
    cell = make_unit("Chi bộ 1", parent=ward, on=date(2010, 1, 1))
    content = csv("1;Nguyễn Văn An;12/5/1968;Chi bộ 1;Bí thư chi bộ, Phó Bí thư Đảng uỷ phường")
    imported(content, cell, actor=office_of(cell))
    assert [(post.unit_id, post.kind) for post in Post.objects.all()] == [(cell, PostKind.SECRETARY)]


def test_nobody_is_moved_out_of_a_unit_the_actor_does_not_keep(ward: int) -> None:
    imported(csv("1;Nguyễn Văn An;12/5/1968;Chi bộ 1;"), ward)
    cell = UnitState.objects.get(name="Chi bộ 1").unit_id
    other = make_unit("Chi bộ 2", parent=ward, on=date(2010, 1, 1))
    secretary = Person.objects.get()
    actor = Actor(
        key=office_of(other).key,
        person_id=secretary.pk,
        grants=(Grant(Role.OFFICE, other), Grant(Role.SECRETARY, cell)),  # sees the names of one, keeps the other
    )
    batch = taken(csv("1;Nguyễn Văn An;12/5/1968;Chi bộ 2;"), other, actor=actor)
    row = batch.rows.get()
    importing.answer_row(key=batch.key, row=row.pk, decision=Decision.MOVED, person=secretary.key, actor=actor, at=AT)
    with pytest.raises(Refused, match="may_not_keep"):
        importing.import_list(key=batch.key, actor=actor, at=AT)
    assert Membership.objects.current().get().unit_id == cell
