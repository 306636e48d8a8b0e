import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from http import HTTPStatus
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.organisation import AT as NOW
from tests.factories.organisation import make_user, office_of
from tests.factories.plans import AT, World, make_plan, make_world, version_of
from tests.factories.programmes import make_programme
from trienkhai.core.decisions import DomainError, Invalid, Refused
from trienkhai.documents import Sheet, write_xlsx
from trienkhai.files.models import StoredFile
from trienkhai.ledger.queries import history_of
from trienkhai.organisation.rules import SYSTEM, Actor
from trienkhai.plans import actions as plans
from trienkhai.plans.actions import sheets as actions
from trienkhai.plans.models import Measure, Plan
from trienkhai.plans.queries import lines_of
from trienkhai.plans.queries import sheets as queries
from trienkhai.plans.rules import Adopted, Coordinator, Line
from trienkhai.plans.rules.sheets import (
    HEADINGS,
    Column,
    Given,
    Names,
    SheetChange,
    SheetFault,
    compared,
    number_in,
    written,
)

DAY = NOW.date()
NAMES = Names(
    units={1: "Đảng uỷ phường", 2: "Chi bộ khu 1", 3: "Chi bộ khu 2", 9: "Chi bộ đã giải thể"},
    provisions={5: "12-NQ/TW, I.1", 6: "12-NQ/TW, II.1.a"},
    programmes={7: "Phường lành mạnh", 8: "Học tập; làm theo"},
    leads=frozenset({1, 2, 3}),
)
HEAD = list(HEADINGS["vi"].values())


def table(*rows: dict[Column, Given], head: Sequence[Given] = HEAD) -> list[list[Given]]:
    return [["PHỤ LỤC"], list(head), *([row.get(column) for column in Column] for row in rows)]


def as_rows(lines: Sequence[Line], names: Names = NAMES) -> list[dict[Column, Given]]:
    """As a spreadsheet gives back what was written into it."""
    rows: list[dict[Column, Given]] = []
    for number, line in enumerate(lines, start=1):
        cells = written(line, number, names)
        rows.append({column: float(cell) if isinstance(cell, Decimal) else cell for column, cell in cells.items()})
    return rows


def line(text: str = "Mở lớp", **said: object) -> Line:
    return replace(Line(text, key=uuid4()), **said)  # type: ignore[arg-type]


# --- Reading (no database) --------------------------------------------------------------------------------------------

words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Co", "Cn"]), max_size=30)
some_words = words.filter(lambda text: bool(text.strip()))
numbers = st.none() | st.decimals(-(10**13), 10**13, places=4, allow_nan=False)


@st.composite
def measures(draw: st.DrawFn) -> Line:
    lead = draw(st.none() | st.sampled_from([1, 2, 9]))
    helpers = st.sampled_from([Coordinator(2), Coordinator(9)]) | some_words.map(lambda name: Coordinator(name=name))
    indicator = draw(words)
    target = draw(numbers) if indicator.strip() else None
    drawn = Line(
        text="\n".join(draw(st.lists(some_words, min_size=1, max_size=3))),
        lead_unit=lead,
        lead="" if lead else draw(words),
        deadline_on=draw(st.none() | st.dates(date(1900, 3, 1), date(2199, 12, 31))),
        product=draw(words),
        is_urgent=draw(st.booleans()),
        provision=draw(st.none() | st.sampled_from([5, 6])),
        key=draw(st.uuids(version=4)),
        coordinators=tuple(draw(st.lists(helpers, max_size=3))),
        indicator=indicator,
        target=target,
        target_unit=draw(words) if indicator.strip() else "",
        is_recurring=draw(st.booleans()),
        programmes=tuple(draw(st.lists(st.sampled_from([7, 8]), unique=True))),
    )
    try:
        return drawn.checked()
    except Invalid:
        return Line("Mở lớp", key=drawn.key)


@given(st.lists(measures(), max_size=5, unique_by=lambda one: one.key))
def test_what_is_written_out_and_read_back_changes_nothing(lines: list[Line]) -> None:
    change = compared(table(*as_rows(lines)), lines, NAMES)
    assert not change.faults
    assert change.lines == lines
    assert change.is_nothing


def test_rows_are_added_changed_taken_out_and_moved() -> None:
    lines = [line("Một"), line("Hai", deadline_on=date(2012, 5, 1)), line("Ba"), line("Bốn")]
    one, two, _three, four = as_rows(lines)
    new: dict[Column, Given] = {
        Column.TEXT: "Năm",
        Column.LEAD: "chi bo khu 1",
        Column.COORDINATORS: "Chi bộ khu 2; Hội Phụ nữ",
        Column.DEADLINE: "30/6/2012",
        Column.TARGET: "1.234,5",
        Column.INDICATOR: "Số lớp",
        Column.URGENT: "X",
        Column.PROVISION: "12-nq/tw, ii.1.a",
        Column.PROGRAMMES: "phuong lanh manh",
    }
    changed = two | {Column.DEADLINE: datetime(2012, 6, 1)}  # noqa: DTZ001 - as a spreadsheet gives a day
    change = compared(table(four, changed, {}, new, one), lines, NAMES)
    assert [one.text for one in change.lines] == ["Bốn", "Hai", "Năm", "Một"]
    assert [one.text for one in change.removed] == ["Ba"]
    (difference,) = change.changed
    assert (difference.after.deadline_on, difference.columns) == (date(2012, 6, 1), (Column.DEADLINE,))
    (added,) = change.added
    assert added == Line(
        "Năm",
        lead_unit=2,
        deadline_on=date(2012, 6, 30),
        is_urgent=True,
        provision=6,
        coordinators=(Coordinator(3), Coordinator(name="Hội Phụ nữ")),
        indicator="Số lớp",
        target=Decimal("1234.5"),
        programmes=(7,),
    )
    assert change.is_reordered


FAULTY: list[tuple[Column, Given, SheetFault | str]] = [
    (Column.DEADLINE, "hết quý", SheetFault.BAD_DAY),
    (Column.DEADLINE, "2012", SheetFault.BAD_DAY),
    (Column.TARGET, "nhiều", SheetFault.BAD_NUMBER),
    (Column.URGENT, "gấp", SheetFault.BAD_TICK),
    (Column.PROVISION, "99-NQ/TW, I", SheetFault.UNKNOWN_PROVISION),
    (Column.PROGRAMMES, "Không có", SheetFault.UNKNOWN_PROGRAMME),
    (Column.TEXT, "", "plan_measure_empty"),
    (Column.PRODUCT, "x" * 251, "plan_too_long"),
    (Column.TARGET, 5, "plan_target_without_indicator"),
]


@pytest.mark.parametrize(("column", "cell", "code"), FAULTY)
def test_a_row_with_a_fault_leaves_its_measure_as_it_is(column: Column, cell: Given, code: str) -> None:
    lines = [line("Một", lead="Văn phòng"), line("Hai", lead="Văn phòng")]
    one, two = as_rows(lines)
    change = compared(table(one | {column: cell}, two), lines, NAMES)
    assert [(fault.row, fault.code) for fault in change.faults] == [(3, code)]
    assert change.lines == lines
    assert change.is_nothing
    new = compared(table({Column.TEXT: "Mới", Column.LEAD: "Văn phòng", column: cell}), [], NAMES)
    assert [fault.code for fault in new.faults] == [code]
    assert new.is_nothing


def test_keys() -> None:
    lines = [line("Một"), line("Hai")]
    one, two = as_rows(lines)
    copied = compared(table(one, one | {Column.TEXT: "Một nữa"}, two), lines, NAMES)
    assert [(one.text, one.key is None) for one in copied.lines] == [("Một", False), ("Một nữa", True), ("Hai", False)]
    foreign = compared(table(one, two | {Column.KEY: str(uuid4())}), lines, NAMES)
    assert [fault.code for fault in foreign.faults] == [SheetFault.BAD_KEY]
    without = [title for column, title in HEADINGS["vi"].items() if column is not Column.KEY]
    rows = [[cells[column] for column in Column if column is not Column.KEY] for cells in (two, one)]
    by_words = compared([without, *rows], lines, NAMES)
    assert by_words.lines == [lines[1], lines[0]]


def test_english_headings_and_titles_above() -> None:
    head = ["Deadline", "What is to be done"]
    change = compared([["Appendix"], [], head, ["1/5/2012", "Open a class"]], [], NAMES)
    assert change.lines == [Line("Open a class", deadline_on=date(2012, 5, 1))]


@pytest.mark.parametrize("rows", [[], [["Họ tên", "Ngày sinh"]], [["Nhiệm vụ, giải pháp"]]])
def test_no_table(rows: list[list[Given]]) -> None:
    with pytest.raises(Invalid) as invalid:
        compared(rows, [], NAMES)
    assert invalid.value.code == SheetFault.NO_TABLE


def test_too_many() -> None:
    with pytest.raises(Invalid) as invalid:
        compared([HEAD, *([None, n, f"Việc {n}"] for n in range(6001))], [], NAMES)
    assert invalid.value.code == SheetFault.TOO_MANY


@pytest.mark.parametrize("text", ["", "mười", "1e5", "٣", "--1", "1,2,3", "1.2.3"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(ArithmeticError):
        number_in(text)


# --- With a draft -----------------------------------------------------------------------------------------------------


@pytest.fixture
def world(settings: object, tmp_path: Path) -> World:
    settings.TRIENKHAI_FILES = tmp_path  # type: ignore[attr-defined]
    settings.LANGUAGE_CODE = "en"  # type: ignore[attr-defined]
    translation.activate("en")
    return make_world()


def full_plan(world: World) -> Plan:
    programme = make_programme(world.ward.unit)
    return make_plan(
        world,
        None,
        Line(
            "Mở lớp học\n- hai buổi",
            lead_unit=world.ward.cells[0],
            coordinators=(Coordinator(world.ward.cells[1]), Coordinator(name="Hội; Đoàn")),
            deadline_on=date(2012, 5, 1),
            provision=world.provision("Ở chi bộ"),
            indicator="Số lớp",
            target=Decimal("2.5"),
            target_unit="lớp",
            is_urgent=True,
            programmes=(programme.pk,),
        ),
        Line("=SUM(A1:A9)", lead="Văn phòng"),
        Line("Ba", is_recurring=True),
    )


def as_file(plan: Plan, language: str = "vi") -> io.BytesIO:
    draft = version_of(plan)
    return io.BytesIO(queries.measures_sheet(draft, on=DAY, created=NOW, language=language, unit="Phường"))


def read(plan: Plan, content: io.BytesIO) -> SheetChange:
    return queries.read_sheet(version_of(plan), content, on=DAY)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["vi", "en", "fr"])
def test_out_and_in_again(world: World, language: str) -> None:
    plan = full_plan(world)
    change = read(plan, as_file(plan, language))
    assert change.is_nothing
    assert not change.faults
    assert len(change.lines) == 3


@pytest.mark.django_db
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(measures(), max_size=4, unique_by=lambda one: one.key))
def test_out_and_in_again_through_a_real_file(lines: list[Line]) -> None:
    columns = queries.columns_of("vi")
    rows = [list(written(one, number, NAMES).values()) for number, one in enumerate(lines, start=1)]
    made = write_xlsx([Sheet("Nhiệm vụ", columns, rows, titles=("Phụ lục",))], created=NOW)
    change = compared(queries._table(io.BytesIO(made)), lines, NAMES)
    assert change.lines == lines
    assert not change.faults


@pytest.mark.django_db
def test_a_table_is_kept_looked_at_and_brought_in(world: World) -> None:
    plan, clerk = full_plan(world), office_of(world.ward.unit)
    lines = lines_of(version_of(plan))
    names = queries.names_for(version_of(plan), lines, on=DAY)
    rows = [list(written(one, number, names).values()) for number, one in enumerate(lines, start=1)]
    rows[1][2] = "Hai, nói khác"
    rows[2] = [None, 3, "Việc mới", *[None] * (len(Column) - 3)]
    made = write_xlsx([Sheet("A", queries.columns_of("en"), rows)], created=NOW)
    kept = actions.keep_table(plan=plan, content=io.BytesIO(made), name="ke-hoach.xlsx", actor=clerk, at=AT)
    assert lines_of(version_of(plan)) == lines
    with pytest.raises(Refused) as refused:
        actions.bring_in(plan=plan, file=kept, actor=SYSTEM, at=AT)
    assert refused.value.code == SheetFault.NOT_YOURS
    change = actions.bring_in(plan=plan, file=kept, actor=clerk, at=AT)
    entry = history_of(plan.key).order_by("-seq")[0]
    assert (entry.action, entry.file_digest) == ("plans.set_measures", kept.sha256)
    after = lines_of(version_of(plan))
    assert [one.text for one in after] == [lines[0].text, "Hai, nói khác", "Việc mới"]
    assert [one.key for one in after[:2]] == [one.key for one in lines[:2]]
    assert [one.text for one in change.removed] == ["Ba"]
    assert Measure.objects.filter(plan=plan).count() == 3
    with pytest.raises(Invalid) as invalid:
        actions.bring_in(plan=plan, file=_again(plan, clerk), actor=clerk, at=AT)
    assert invalid.value.code == SheetFault.NOTHING_CHANGED


def _again(plan: Plan, actor: Actor) -> StoredFile:
    return actions.keep_table(plan=plan, content=as_file(plan), name="x.xlsx", actor=actor, at=AT)


DAMAGED = {
    "empty": b"",
    "a document": b"%PDF-1.7\n%%EOF\n",
    "half a file": b"PK\x03\x04" + b"\x00" * 200,
    "a program": b"MZ\x90\x00",
    "a list of people": "Họ tên,Ngày sinh\nNguyễn Văn A,1960\n".encode(),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_and_wrong_files_are_refused(world: World, name: str) -> None:
    plan = full_plan(world)
    before = lines_of(version_of(plan))
    with pytest.raises(Invalid) as invalid:
        actions.keep_table(plan=plan, content=io.BytesIO(DAMAGED[name]), name="x.xlsx", actor=SYSTEM, at=AT)
    assert invalid.value.on == "file"
    assert lines_of(version_of(plan)) == before


@pytest.mark.django_db
def test_only_into_a_draft_of_ones_own(world: World) -> None:
    plan = full_plan(world)
    content = as_file(plan)
    with pytest.raises(DomainError):
        actions.keep_table(plan=plan, content=content, name="x.xlsx", actor=office_of(world.ward.cells[0]), at=AT)
    plans.adopt_plan(plan=plan, adopted=Adopted(on=date(2012, 4, 1)), actor=SYSTEM, at=AT)
    with pytest.raises(Refused):
        actions.keep_table(plan=plan, content=as_file(plan), name="x.xlsx", actor=SYSTEM, at=AT)


@pytest.mark.django_db
def test_the_pages(world: World) -> None:
    plan, client = full_plan(world), Client()
    client.force_login(make_user(office_of=world.ward.unit))
    answer = client.get(reverse("plans:sheet", args=[plan.key, 1]))
    assert "attachment" in answer["Content-Disposition"]
    bring = reverse("plans:bring", args=[plan.key])
    wrong = client.post(bring, {"file": SimpleUploadedFile("x.xlsx", b"PK\x03\x04 broken")})
    assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    csv = "Nhiệm vụ,Thời hạn,Cấp bách\nMở lớp học - hai buổi,1/5/2012,\nViệc mới,30/6/2012,x\nSai,hôm nào,\n"
    sent = client.post(bring, {"file": SimpleUploadedFile("x.csv", csv.encode())})
    assert sent.status_code == HTTPStatus.FOUND
    preview = client.get(sent["Location"]).content.decode()
    assert "1 row cannot be taken" in preview
    assert "“hôm nào” is not a day" in preview
    assert "Việc mới" in client.get(sent["Location"] + "?show=added").content.decode()
    assert "Ba" in client.get(sent["Location"] + "?show=removed").content.decode()
    changed = client.get(sent["Location"] + "?show=changed").content.decode()
    assert "Urgent" in changed
    other = Client()
    other.force_login(make_user(is_installer=True))
    assert other.get(sent["Location"]).status_code == HTTPStatus.NOT_FOUND
    plan.refresh_from_db()
    stale = client.post(sent["Location"], {"seen": plan.changed_seq - 1})
    assert stale.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert client.post(sent["Location"], {"seen": plan.changed_seq}).status_code == HTTPStatus.FOUND
    assert [one.text for one in lines_of(version_of(plan))] == ["Mở lớp học\n- hai buổi", "Việc mới"]


@pytest.mark.django_db
def test_the_preview_asks_as_often_for_three_rows_as_for_one(world: World) -> None:
    plan, clerk = full_plan(world), make_user(office_of=world.ward.unit)
    client = Client()
    client.force_login(clerk)
    asked = []
    for rows in (1, 3):
        csv = "Nhiệm vụ,Chủ trì\n" + "".join(f"Việc {n},Chi bộ khu {n + 1}\n" for n in range(rows))
        sent = client.post(reverse("plans:bring", args=[plan.key]), {"file": SimpleUploadedFile("x.csv", csv.encode())})
        client.get(sent["Location"] + "?show=added")
        with CaptureQueriesContext(connection) as queried:
            client.get(sent["Location"] + "?show=added")
        asked.append(len(queried))
    assert asked[0] == asked[1]
