"""Versions of a plan through any history: measures keep their identity, adopted words never change."""

import io
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import transaction
from docx import Document as WordFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.comments import make_body
from tests.factories.plans import AT, World, make_plan, make_world, version_of
from trienkhai.core.decisions import DomainError, Invalid, Refused
from trienkhai.documents import PARTY, Table, load_profile, write_docx
from trienkhai.figures.queries import totals
from trienkhai.ledger.queries import history_of
from trienkhai.organisation.models import UnitState
from trienkhai.organisation.rules import SYSTEM, BodyKind
from trienkhai.plans import actions, queries
from trienkhai.plans.models import Measure, Plan, PlanVersion
from trienkhai.plans.rules import Adopted, Coordinator, Head, Line, PlanError, Treatment, VersionState
from trienkhai.programmes import actions as programmes
from trienkhai.programmes.rules import Facts, ProgrammeKind
from trienkhai.rollouts.rules import FIGURE_BY_CODE

pytestmark = pytest.mark.django_db
ON = date(2012, 2, 20)
FIGURE = FIGURE_BY_CODE["units_planned"]


@pytest.fixture
def world() -> World:
    return make_world()


@dataclass
class History:
    """A plan and what was ever adopted of it, in words and identities."""

    plan: Plan
    day: date = ON
    adopted: dict[int, list[tuple[UUID | None, str]]] = field(default_factory=dict)

    def words(self, version: PlanVersion) -> list[tuple[UUID | None, str]]:
        """Identities and words of a version."""
        return [(line.key, line.text) for line in queries.lines_of(version)]

    def play(self, name: str, choice: int) -> None:
        """One move; what is refused has not happened."""
        try:
            with transaction.atomic():
                MOVES[name](self, choice)
        except (Refused, Invalid):
            return


def add(history: History, choice: int) -> None:
    actions.add_measure(plan=history.plan, line=Line(f"Việc {choice}"), actor=SYSTEM, at=AT)


def reword(history: History, choice: int) -> None:
    lines = queries.lines_of(version_of(history.plan))
    if lines:
        line = lines[choice % len(lines)]
        said = Line(f"{line.text} sửa {choice}", key=line.key)
        actions.edit_measure(plan=history.plan, line=said, actor=SYSTEM, at=AT)


def remove(history: History, choice: int) -> None:
    lines = queries.lines_of(version_of(history.plan))
    if lines and (key := lines[choice % len(lines)].key):
        actions.remove_measure(plan=history.plan, measure=key, actor=SYSTEM, at=AT)


def reorder(history: History, choice: int) -> None:
    lines = queries.lines_of(version_of(history.plan))
    place = choice % (len(lines) or 1)
    actions.set_measures(plan=history.plan, lines=lines[place:] + lines[:place], actor=SYSTEM, at=AT)


def adopt(history: History, choice: int) -> None:
    history.day += timedelta(days=choice % 3)
    draft = version_of(history.plan)
    words = history.words(draft)
    actions.adopt_plan(plan=history.plan, adopted=Adopted(history.day), actor=SYSTEM, at=AT)
    history.adopted[draft.number] = words


def revise(history: History, _choice: int) -> None:
    draft = actions.revise_plan(plan=history.plan, actor=SYSTEM, at=AT)
    assert history.words(draft) == history.adopted[draft.number - 1]


def withdraw(history: History, choice: int) -> None:
    number = 1 + choice % max(history.adopted, default=1)
    version = version_of(history.plan, number)
    actions.withdraw_adoption(version=version, reason="Nhầm", actor=SYSTEM, at=AT)
    assert number == max(history.adopted)
    del history.adopted[number]


def discard(history: History, _choice: int) -> None:
    if version_of(history.plan).number > 1:
        actions.discard_draft(plan=history.plan, actor=SYSTEM, at=AT)


MOVES = {move.__name__: move for move in (add, reword, remove, reorder, adopt, revise, withdraw, discard)}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(sorted(MOVES)), st.integers(0, 9)), min_size=4, max_size=24))
def test_adopted_words_never_change_and_measures_keep_their_identity(
    world: World, moves: list[tuple[str, int]]
) -> None:
    point = transaction.savepoint_create()
    try:
        history = History(make_plan(world, None, Line("Một"), Line("Hai")))
        for name, choice in moves:
            history.play(name, choice)
            check(history)
    finally:
        transaction.savepoint_rollback(point)


def check(history: History) -> None:
    """What holds after every move."""
    versions = list(history.plan.versions.order_by("number"))
    drafts = [version for version in versions if version.adopted_on is None]
    assert [version.number for version in versions] == list(range(1, len(versions) + 1))
    assert len(drafts) <= 1
    assert not drafts or drafts[0] == versions[-1]
    for number, words in history.adopted.items():
        assert history.words(versions[number - 1]) == words
    days = [version.adopted_on for version in versions if version.adopted_on]
    assert days == sorted(days)
    for version in versions:
        positions = list(version.wordings.order_by("position").values_list("position", flat=True))
        assert positions == list(range(len(positions)))
        assert (version.adopted_on is not None) == version.adoptions.current().exists()
    history.plan.refresh_from_db()
    first = versions[0]
    assert (history.plan.adopted_on, history.plan.adopted_seq) == (first.adopted_on, first.adopted_seq)
    worded = {key for version in versions for key, _text in history.words(version)}
    assert set(Measure.objects.filter(plan=history.plan).values_list("key", flat=True)) == worded
    current = queries.in_force(history.plan, AT.date())
    adopted = [version.number for version in versions if version.adopted_on]
    assert (current.number if current else None) == max(adopted, default=None)


def refused(code: str, change: object) -> DomainError:
    with pytest.raises((Refused, Invalid), match=f"^{code}$") as caught:
        change()  # type: ignore[operator]
    return caught.value


def adopted_twice(world: World) -> Plan:
    """A plan in its second version: the first measure reworded, the second gone, a third added."""
    plan = make_plan(world, None, Line("Một"), Line("Hai"))
    actions.adopt_plan(plan=plan, adopted=Adopted(ON, "05-KH/ĐU"), actor=SYSTEM, at=AT)
    actions.revise_plan(plan=plan, actor=SYSTEM, at=AT)
    one = queries.lines_of(version_of(plan))[0]
    actions.set_measures(plan=plan, lines=[Line("Một, rõ hơn", key=one.key), Line("Ba")], actor=SYSTEM, at=AT)
    day = ON + timedelta(days=60)
    actions.adopt_plan(plan=plan, adopted=Adopted(day, "19-KH/ĐU"), actor=SYSTEM, at=AT)
    plan.refresh_from_db()
    return plan


def test_a_second_version_changes_no_figure(world: World) -> None:
    def planned(day: date) -> int:
        return totals(scope=world.rollout.scope, codes=[FIGURE.numerator], unit=world.ward.unit, as_of=day)[
            FIGURE.numerator
        ]

    plan = adopted_twice(world)
    second = version_of(plan)
    assert (plan.adopted_on, second.adopted_on) == (ON, ON + timedelta(days=60))
    assert (planned(ON - timedelta(days=1)), planned(ON), planned(AT.date())) == (0, 1, 1)
    actions.correct_adoption(version=second, adopted=Adopted(ON + timedelta(days=50)), actor=SYSTEM, at=AT)
    actions.withdraw_adoption(version=second, reason="Nhầm", actor=SYSTEM, at=AT)
    assert (planned(ON), planned(AT.date())) == (1, 1)


def test_which_is_in_force_follows_from_the_day(world: World) -> None:
    plan = adopted_twice(world)
    second_on = ON + timedelta(days=60)
    for day, number in ((ON - timedelta(days=1), None), (ON, 1), (second_on - timedelta(days=1), 1), (second_on, 2)):
        found = queries.in_force(plan, day)
        assert (found.number if found else None) == number
    early = queries.version_rows(plan, on=ON, with_draft=True)
    assert [(row.number, row.state, row.number_printed) for row in early] == [
        (2, VersionState.AHEAD, "19-KH/ĐU"),
        (1, VersionState.IN_FORCE, "05-KH/ĐU"),
    ]
    late = queries.version_rows(plan, on=AT.date(), with_draft=True)
    assert [row.state for row in late] == [VersionState.IN_FORCE, VersionState.SUPERSEDED]
    actions.revise_plan(plan=plan, actor=SYSTEM, at=AT)
    assert [row.number for row in queries.version_rows(plan, on=AT.date(), with_draft=False)] == [2, 1]
    assert queries.version_rows(plan, on=AT.date(), with_draft=True)[0].state == VersionState.DRAFT


def test_versions_are_taken_back_from_the_last_and_stand_in_their_order(world: World) -> None:
    plan = adopted_twice(world)
    first, second = version_of(plan, 1), version_of(plan, 2)
    refused(
        PlanError.LATER_VERSION,
        lambda: actions.withdraw_adoption(version=first, reason="x", actor=SYSTEM, at=AT),
    )
    for version, day, code in (
        (first, ON + timedelta(days=61), PlanError.AFTER_NEXT_VERSION),
        (second, ON - timedelta(days=1), PlanError.BEFORE_LAST_VERSION),
    ):
        refused(
            code,
            lambda v=version, d=day: actions.correct_adoption(version=v, adopted=Adopted(d), actor=SYSTEM, at=AT),
        )
    late = {world.ward.unit: Adopted(ON + timedelta(days=61))}
    refused(
        PlanError.AFTER_NEXT_VERSION,
        lambda: actions.record_adoptions(rollout=world.rollout, adopted=late, title="K", actor=SYSTEM, at=AT),
    )
    actions.revise_plan(plan=plan, actor=SYSTEM, at=AT)
    refused(PlanError.DRAFT_THERE, lambda: actions.revise_plan(plan=plan, actor=SYSTEM, at=AT))
    refused(
        PlanError.LATER_VERSION,
        lambda: actions.withdraw_adoption(version=second, reason="x", actor=SYSTEM, at=AT),
    )
    actions.discard_draft(plan=plan, actor=SYSTEM, at=AT)
    actions.withdraw_adoption(version=second, reason="Nhầm", actor=SYSTEM, at=AT)
    refused(PlanError.WAS_ADOPTED, lambda: actions.discard_draft(plan=plan, actor=SYSTEM, at=AT))


def test_a_draft_cannot_be_revised(world: World) -> None:
    plan = make_plan(world)
    refused(PlanError.NOT_ADOPTED, lambda: actions.revise_plan(plan=plan, actor=SYSTEM, at=AT))


def test_a_removed_measure_stays_in_the_version_that_had_it(world: World) -> None:
    plan = adopted_twice(world)
    first, second = (queries.lines_of(version_of(plan, number)) for number in (1, 2))
    assert [line.text for line in first] == ["Một", "Hai"]
    assert [line.text for line in second] == ["Một, rõ hơn", "Ba"]
    assert first[0].key == second[0].key
    gone = Measure.objects.get(pk=first[1].measure or 0)
    stages = queries.stages(gone, with_draft=True, on=AT.date())
    assert [(stage.number, stage.row is not None) for stage in stages] == [(2, False), (1, True)]
    compared = queries.compare(version_of(plan, 1), version_of(plan, 2))
    rows = queries.compared_rows(compared, compared.differing, on=AT.date())
    assert [row.change.value for row in rows] == ["changed", "removed", "added"]
    assert [(row.old and row.old.number, row.new and row.new.number) for row in rows] == [(1, 1), (2, None), (None, 2)]


def test_a_measure_holds_everything_that_is_said_of_it(world: World) -> None:
    facts = Facts(ProgrammeKind.MOVEMENT, "Phường lành mạnh", ON)
    programme = programmes.add_programme(owner=world.unit, facts=facts, actor=SYSTEM, at=AT)
    line = Line(
        "Sinh hoạt",
        coordinators=(Coordinator(world.ward.cells[0]), Coordinator(name="Công an"), Coordinator(name=" ")),
        indicator="chi bộ đã sinh hoạt",
        target=Decimal("95.5"),
        target_unit="%",
        is_recurring=True,
        programmes=(programme.pk,),
    )
    plan = make_plan(world, None, line)
    (kept,) = queries.lines_of(version_of(plan))
    assert (kept.coordinators, kept.target, kept.programmes) == (
        line.coordinators[:2],
        Decimal("95.5"),
        (programme.pk,),
    )
    (row,) = queries.measure_rows(version_of(plan), on=AT.date())
    assert row.coordinators[1] == "Công an"
    assert row.programmes == ((programme.key, "Phường lành mạnh"),)
    assert queries.recurring_measures(world.ward.unit, on=AT.date()) == []
    actions.adopt_plan(plan=plan, adopted=Adopted(ON), actor=SYSTEM, at=AT)
    (recurring,) = queries.recurring_measures(world.ward.unit, on=AT.date())
    assert (recurring.line.text, recurring.plan_key, recurring.version) == ("Sinh hoạt", str(plan.key), 1)
    assert queries.recurring_measures(world.ward.unit, on=ON - timedelta(days=1)) == []


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (Line("x", target_unit="%"), PlanError.TARGET_WITHOUT_INDICATOR),
        (Line("x", programmes=(99_999,)), PlanError.NOT_ITS_PROGRAMME),
        (Line("x", answers=99_999), PlanError.NOT_ABOVE),
        (Line("x", answers=99_999, treatment=Treatment.CHANGED), PlanError.NOT_APPLYING),
        (Line("", answers=99_999, treatment=Treatment.LEFT_OUT), PlanError.LEFT_OUT_WHY),
    ],
)
def test_what_a_measure_cannot_be(world: World, line: Line, code: str) -> None:
    plan = make_plan(world, None, Line("Một"))
    before = history_of(plan.key).count()
    refused(code, lambda: actions.add_measure(plan=plan, line=line, actor=SYSTEM, at=AT))
    assert history_of(plan.key).count() == before
    assert len(queries.lines_of(version_of(plan))) == 1


def test_the_document_of_a_later_version_says_what_it_replaces(world: World) -> None:
    plan = adopted_twice(world)
    actions.revise_plan(plan=plan, actor=SYSTEM, at=AT)
    actions.edit_head(plan=plan, head=Head("Kế hoạch học tập", "Mục đích"), actor=SYSTEM, at=AT)
    made = queries.plan_document(version_of(plan), on=AT.date(), created=AT)
    assert made.header.subject == "Học tập (sửa đổi, bổ sung lần 2)"
    said = [run.text for block in made.blocks for run in getattr(block, "runs", ())]
    assert any("sửa đổi, bổ sung lần 2 và thay thế Kế hoạch số 19-KH/ĐU" in text for text in said)
    first = queries.plan_document(version_of(plan, 1), on=AT.date(), created=AT)
    assert first.header.subject == "Học tập"


def test_the_list_of_measures_stands_after_the_signature_of_the_committee(world: World) -> None:
    make_body(world.ward.unit, name="Đảng uỷ phường Hoà Lạc", kind=BodyKind.COMMITTEE)
    plan = make_plan(world, None, Line("Mở lớp", deadline_on=date(2012, 5, 1)))
    adopted = Adopted(ON, "05-KH/ĐU", signer="Trần Văn Ba", signer_post="Phó Bí thư")
    actions.adopt_plan(plan=plan, adopted=adopted, actor=SYSTEM, at=AT)
    made = queries.plan_document(version_of(plan), on=AT.date(), created=AT)
    assert (made.header.organ, made.recipients[-1]) == ("Đảng uỷ phường Hoà Lạc", "Lưu")
    assert [(one.authority, one.post) for one in made.signatures] == [("T/M ĐẢNG UỶ", "PHÓ BÍ THƯ")]
    (table,) = [block for block in made.appendix if isinstance(block, Table)]
    assert [row[1] for row in table.rows] == ["Mở lớp"]
    assert not any(isinstance(block, Table) for block in made.blocks)
    word = WordFile(io.BytesIO(write_docx(made, load_profile(PARTY)))).element.body
    texts = "".join(node.text or "" for node in word.iter() if node.tag.endswith("}t"))
    assert texts.index("PHÓ BÍ THƯ") < texts.index("PHỤ LỤC") < texts.rindex("Mở lớp")


def test_a_committee_whose_name_does_not_say_where_gives_way_to_the_unit(world: World) -> None:
    make_body(world.ward.unit, name="Ban Chấp hành Đảng bộ", kind=BodyKind.COMMITTEE)
    made = queries.plan_document(version_of(make_plan(world)), on=AT.date(), created=AT)
    assert made.header.organ == "Đảng bộ phường Hoà Lạc"


def test_a_cell_without_a_place_dates_its_plan_from_the_one_above(world: World) -> None:
    UnitState.objects.filter(unit=world.ward.unit).update(place="Hoà Lạc")
    UnitState.objects.filter(unit=world.ward.cells[0]).update(place="")
    made = queries.plan_document(version_of(make_plan(world, world.cell(0))), on=AT.date(), created=AT)
    assert (made.header.place, made.header.number) == ("Hoà Lạc", "     -KH/CB")


def test_the_list_says_what_a_measure_carries_out_and_is_tied_to(world: World) -> None:
    facts = Facts(ProgrammeKind.MOVEMENT, "Phường lành mạnh", date(2012, 1, 1))
    tie = programmes.add_programme(owner=world.unit, facts=facts, actor=SYSTEM, at=AT).pk
    provision, due = world.provision("Ở chi bộ"), date(2012, 5, 1)
    often = Line("Họp dân", is_recurring=True, programmes=(tie,), provision=provision, deadline_on=due)
    made = queries.plan_document(version_of(make_plan(world, None, often, Line("Một"))), on=AT.date(), created=AT)
    (table,) = [block for block in made.appendix if isinstance(block, Table)]
    assert [row[1] for row in table.rows] == [
        "Họp dân\nThực hiện: 12-NQ/TW, II.1.a\nThường xuyên\nGắn với: Phường lành mạnh",
        "Một",
    ]
