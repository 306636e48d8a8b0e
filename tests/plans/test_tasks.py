from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.organisation import acting_as, make_unit, make_ward, office_of
from tests.factories.plans import World, make_plan, make_world
from tests.factories.tasks import AT, DUE, GIVEN, asked, make_adopted_plan, make_task, measure_of
from trienkhai.core.decisions import DomainError, Invalid, Refused
from trienkhai.ledger.queries import history_of
from trienkhai.organisation.models import Unit
from trienkhai.organisation.queries.trees import above
from trienkhai.organisation.rules import ANONYMOUS, SYSTEM, Actor, UnitKind
from trienkhai.plans.actions import tasks as actions
from trienkhai.plans.models import IndicatorValue, Measure, Plan, Task, TaskEvidence, TaskTerms
from trienkhai.plans.policies import tasks as policies
from trienkhai.plans.queries import tasks as queries
from trienkhai.plans.rules import Line
from trienkhai.plans.rules.tasks import Done, TaskDays, TaskError, TaskState

DAY = AT.date()
BEGIN = date(2012, 1, 1)
days = st.integers(0, 12).map(lambda n: BEGIN + timedelta(days=n))


# --- The state follows from dates -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("deadline", "done", "withdrawn", "day", "state"),
    [
        (DUE, None, None, date(2012, 3, 31), TaskState.NOT_DUE),
        (DUE, None, None, GIVEN, TaskState.RUNNING),
        (DUE, None, None, DUE, TaskState.RUNNING),
        (DUE, None, None, date(2012, 5, 2), TaskState.LATE),
        (None, None, None, date(2020, 1, 1), TaskState.RUNNING),
        (DUE, DUE, None, DUE, TaskState.DONE),
        (DUE, date(2012, 5, 2), None, date(2012, 5, 2), TaskState.DONE_LATE),
        (DUE, date(2012, 5, 2), None, DUE, TaskState.RUNNING),
        (None, date(2012, 5, 2), None, date(2012, 6, 1), TaskState.DONE),
        (DUE, None, date(2012, 4, 20), date(2012, 4, 19), TaskState.RUNNING),
        (DUE, None, date(2012, 4, 20), date(2012, 4, 20), TaskState.WITHDRAWN),
    ],
)
def test_where_a_task_stands(
    deadline: date | None, done: date | None, withdrawn: date | None, day: date, state: TaskState
) -> None:
    assert TaskDays(GIVEN, deadline, done, withdrawn).state(day) is state


@given(start=days, deadline=st.none() | days, done=st.none() | days, withdrawn=st.none() | days, day=days)
def test_a_state_never_runs_backwards(
    start: date, deadline: date | None, done: date | None, withdrawn: date | None, day: date
) -> None:
    task = TaskDays(start, deadline, done, withdrawn)
    now, next_day = task.state(day), task.state(day + timedelta(days=1))
    after = {
        TaskState.NOT_DUE: set(TaskState),
        TaskState.RUNNING: set(TaskState) - {TaskState.NOT_DUE},
        TaskState.LATE: {TaskState.LATE, TaskState.DONE_LATE, TaskState.WITHDRAWN},
        TaskState.WITHDRAWN: {TaskState.WITHDRAWN, TaskState.DONE, TaskState.DONE_LATE},
        TaskState.DONE: {TaskState.DONE},
        TaskState.DONE_LATE: {TaskState.DONE_LATE},
    }
    assert next_day in after[now]
    if done is None and withdrawn is None and start <= day:
        assert (now is TaskState.LATE) == (deadline is not None and deadline < day)


@dataclass(frozen=True)
class Case:
    world: World
    plan: Plan


@pytest.fixture
def case(settings: object, tmp_path: Path) -> Case:
    settings.TRIENKHAI_FILES = tmp_path  # type: ignore[attr-defined]
    world = make_world(parent=make_unit("Thành uỷ", kind=UnitKind.UPPER))
    return Case(world, make_adopted_plan(world))


pytestmark = pytest.mark.django_db


@settings(max_examples=25)
@given(rows=st.lists(st.tuples(days, st.none() | days, st.none() | days, st.none() | days), max_size=6), day=days)
def test_lists_say_the_same_state_as_the_rule(
    rows: list[tuple[date, date | None, date | None, date | None]], day: date
) -> None:
    world = make_world()
    plan = make_adopted_plan(world)
    expected = {}
    for start, deadline, done, withdrawn in rows:
        due = deadline if deadline is None or deadline >= start else None
        task = make_task(plan, asked(unit=plan.unit_id, starts_on=start, deadline_on=due))
        was_withdrawn = withdrawn if withdrawn is not None and withdrawn > start and done is None else None
        if was_withdrawn:
            actions.withdraw_task(task=task, on=was_withdrawn, reason="thôi", actor=SYSTEM, at=AT)
        was_done = done if done is not None and done >= start else None
        if was_done:
            actions.report_task(task=task, done=Done(was_done, "Báo cáo"), actor=SYSTEM, at=AT)
        expected[task.pk] = TaskDays(start, due, was_done, was_withdrawn).state(day)
    found = queries.terms_on(TaskTerms.objects.filter(task__plan=plan), day)
    states = list(TaskState)
    assert {row.task_id: states[row.place] for row in found} == expected
    assert {row.task_id: queries.days_of(row).state(day) for row in found} == expected
    counts = queries.state_counts(found)
    assert {state: n for state, n in counts.items() if n} == {
        state: list(expected.values()).count(state) for state in set(expected.values())
    }


# --- Giving, changing, withdrawing ------------------------------------------------------------------------------------


def test_the_same_work_is_given_to_several_at_once(case: Case) -> None:
    cells = case.world.ward.cells
    given_to = [asked(unit=unit) for unit in cells]
    measure = measure_of(case.plan)
    made = actions.give_tasks(plan=case.plan, measure=measure, asked=given_to, actor=SYSTEM, at=AT)
    assert [terms.unit_id for terms in TaskTerms.objects.order_by("pk")] == list(cells)
    assert len({task.changed_seq for task in made}) == 1
    by_measure = queries.tasks_by_measure(TaskTerms.objects.all(), DUE)
    assert by_measure == {measure.pk: queries.MeasureTasks(given=3, done=0, late=0)}
    actions.report_task(task=made[0], done=Done(DUE, "Báo cáo"), actor=SYSTEM, at=AT)
    assert queries.tasks_by_measure(TaskTerms.objects.all(), DAY)[measure.pk] == queries.MeasureTasks(3, 1, 2)


def test_a_longer_deadline_holds_from_the_day_it_was_given(case: Case) -> None:
    task = make_task(case.plan, asked(unit=case.world.ward.cells[0]))
    longer = asked(unit=case.world.ward.cells[0], starts_on=date(2012, 5, 10), deadline_on=date(2012, 6, 30))
    actions.change_task(task=task, asked=longer, actor=SYSTEM, at=AT)
    assert state_on(task, DUE) is TaskState.RUNNING
    assert state_on(task, date(2012, 5, 9)) is TaskState.LATE
    assert state_on(task, date(2012, 5, 10)) is TaskState.RUNNING
    assert [terms.starts_on for terms in queries.history_of_terms(task)] == [date(2012, 5, 10), GIVEN]
    assert {terms.given_on for terms in queries.history_of_terms(task)} == {GIVEN}


def test_a_correction_holds_from_the_beginning_and_the_past_keeps_what_was_known(case: Case) -> None:
    cell = case.world.ward.cells[0]
    task = make_task(case.plan, asked(unit=cell))
    later = AT + timedelta(days=9)
    actions.change_task(task=task, asked=asked("Viết đúng", unit=cell), actor=SYSTEM, at=later)
    assert [terms.text for terms in queries.history_of_terms(task)] == ["Viết đúng"]
    known_before = TaskTerms.objects.filter(task=task, superseded_seq__isnull=False)
    assert [terms.text for terms in known_before] == ["Mở lớp học cho đảng viên"]
    entries = len(history_of(task.key))
    actions.change_task(task=task, asked=asked("Viết đúng", unit=cell), actor=SYSTEM, at=later)
    assert len(history_of(task.key)) == entries


def test_withdrawn_from_a_day_on_or_given_by_mistake(case: Case) -> None:
    task = make_task(case.plan, asked(unit=case.plan.unit_id))
    actions.withdraw_task(task=task, on=date(2012, 4, 15), reason=" đổi hướng ", actor=SYSTEM, at=AT)
    assert state_on(task, date(2012, 4, 14)) is TaskState.RUNNING
    assert state_on(task, DAY) is TaskState.WITHDRAWN
    assert queries.history_of_terms(task)[0].reason == "đổi hướng"
    mistake = make_task(case.plan, asked(unit=case.plan.unit_id))
    actions.withdraw_task(task=mistake, on=GIVEN, reason="nhầm", actor=SYSTEM, at=AT)
    assert queries.terms_of(mistake, DAY) is None
    assert not policies.visible_tasks(SYSTEM, at=DAY).filter(pk=mistake.pk, terms__superseded_seq__isnull=True).exists()


def state_on(task: Task, day: date) -> TaskState:
    terms = queries.terms_of(task, day)
    assert terms is not None
    return list(TaskState)[terms.place]


# --- Reporting --------------------------------------------------------------------------------------------------------

PDF = b"%PDF-1.7\n%%EOF\n"


def test_a_report_is_corrected_and_taken_back_with_its_evidence(case: Case) -> None:
    task = make_task(case.plan, asked(unit=case.plan.unit_id))
    first = actions.report_task(
        task=task, done=Done(date(2012, 5, 3), "Báo cáo 12"), actor=SYSTEM, at=AT, evidence=[(PDF, "bao-cao.pdf")]
    )
    assert state_on(task, DAY) is TaskState.DONE_LATE
    second = actions.report_task(
        task=task, done=Done(DUE, "Báo cáo 12"), actor=SYSTEM, at=AT, evidence=[(PDF, "anh.pdf")]
    )
    assert state_on(task, DAY) is TaskState.DONE
    files = TaskEvidence.objects.filter(report=second).order_by("position")
    assert [row.file.name for row in files] == ["bao-cao.pdf", "anh.pdf"]
    assert first.evidence.count() == 1
    third = actions.report_task(task=task, done=Done(DUE, "Báo cáo"), actor=SYSTEM, at=AT, without=[files[0].key])
    assert [row.file.name for row in third.evidence.all()] == ["anh.pdf"]
    with pytest.raises(Refused) as refused:
        actions.withdraw_task(task=task, on=DAY, reason="thôi", actor=SYSTEM, at=AT)
    assert refused.value.code == TaskError.ALREADY_DONE
    actions.withdraw_report(task=task, reason="nhầm", actor=SYSTEM, at=AT)
    assert state_on(task, DAY) is TaskState.LATE
    verbs = sorted(entry.action for entry in history_of(task.key))
    assert verbs == [
        "plans.correct_report",
        "plans.correct_report",
        "plans.give_tasks",
        "plans.report_task",
        "plans.withdraw_report",
    ]


FAULTS: list[tuple[TaskError, Callable[[Case, Task], object]]] = [
    (TaskError.TEXT_EMPTY, lambda c, _t: make_task(c.plan, asked("  ", unit=c.plan.unit_id))),
    (TaskError.TOO_LONG, lambda c, _t: make_task(c.plan, asked("x" * 5001, unit=c.plan.unit_id))),
    (TaskError.NOBODY, lambda c, _t: make_task(c.plan, asked())),
    (TaskError.NOBODY, lambda c, _t: make_task(c.plan, asked(unit=c.plan.unit_id, person=c.world.ward.secretary))),
    (TaskError.NOBODY, lambda c, _t: actions.give_tasks(plan=c.plan, measure=None, asked=[], actor=SYSTEM, at=AT)),
    (TaskError.NOT_BELOW, lambda c, _t: make_task(c.plan, asked(unit=make_ward(cells=1, name="Khác").unit))),
    (TaskError.NOT_BELOW, lambda c, _t: make_task(c.plan, asked(person=make_ward(cells=1, name="Khác").secretary))),
    (
        TaskError.DEADLINE_BEFORE_START,
        lambda c, _t: make_task(c.plan, asked(unit=c.plan.unit_id, deadline_on=date(2012, 3, 1))),
    ),
    (TaskError.NOT_ITS_MEASURE, lambda c, _t: make_task(c.plan, asked(unit=c.plan.unit_id), measure=other_measure())),
    (TaskError.NOT_ADOPTED, lambda c, _t: make_task(draft_of(c), asked(unit=c.world.ward.cells[0]))),
    (
        TaskError.IN_THE_FUTURE,
        lambda _c, t: actions.report_task(task=t, done=Done(DAY + timedelta(1), "Báo cáo"), actor=SYSTEM, at=AT),
    ),
    (
        TaskError.BEFORE_START,
        lambda _c, t: actions.report_task(task=t, done=Done(date(2012, 3, 31), "Báo cáo"), actor=SYSTEM, at=AT),
    ),
    (
        TaskError.TOO_LONG,
        lambda _c, t: actions.report_task(task=t, done=Done(DUE, "x" * 251), actor=SYSTEM, at=AT),
    ),
    (
        TaskError.TOO_MANY_FILES,
        lambda _c, t: actions.report_task(
            task=t, done=Done(DUE, "Báo cáo"), actor=SYSTEM, at=AT, evidence=[(PDF, f"{n}.pdf") for n in range(11)]
        ),
    ),
    (TaskError.NOT_REPORTED, lambda _c, t: actions.withdraw_report(task=t, reason="x", actor=SYSTEM, at=AT)),
    (TaskError.REASON_EMPTY, lambda _c, t: actions.withdraw_task(task=t, on=DAY, reason=" ", actor=SYSTEM, at=AT)),
    (
        TaskError.IN_THE_FUTURE,
        lambda _c, t: actions.withdraw_task(task=t, on=DAY + timedelta(1), reason="x", actor=SYSTEM, at=AT),
    ),
    (
        TaskError.IN_THE_FUTURE,
        lambda c, t: actions.change_task(
            task=t,
            asked=asked(unit=c.plan.unit_id, starts_on=DAY + timedelta(1), deadline_on=None),
            actor=SYSTEM,
            at=AT,
        ),
    ),
    (
        TaskError.CHANGED_MEANWHILE,
        lambda _c, t: actions.report_task(
            task=t, done=Done(DUE, "Báo cáo"), actor=SYSTEM, at=AT, seen=t.changed_seq - 1
        ),
    ),
]


def other_measure() -> Measure:
    return measure_of(make_adopted_plan(make_world(name="Phường khác")))


def draft_of(case: Case) -> Plan:
    return make_plan(case.world, case.world.cell(0), Line("Nháp"))


@pytest.mark.parametrize(("code", "act"), FAULTS)
def test_what_cannot_be(case: Case, code: TaskError, act: Callable[[Case, Task], object]) -> None:
    task = make_task(case.plan, asked(unit=case.plan.unit_id))
    with pytest.raises(DomainError) as raised:
        act(case, task)
    assert raised.value.code == code
    assert state_on(task, DAY) is TaskState.LATE


def test_what_was_withdrawn_is_neither_reported_nor_changed(case: Case) -> None:
    task = make_task(case.plan, asked(unit=case.plan.unit_id))
    actions.withdraw_task(task=task, on=DAY, reason="thôi", actor=SYSTEM, at=AT)
    for act in (
        lambda: actions.report_task(task=task, done=Done(DUE, "Báo cáo"), actor=SYSTEM, at=AT),
        lambda: actions.change_task(task=task, asked=asked(unit=case.plan.unit_id), actor=SYSTEM, at=AT),
        lambda: actions.withdraw_task(task=task, on=DAY, reason="x", actor=SYSTEM, at=AT),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == TaskError.WITHDRAWN


# --- Who may ----------------------------------------------------------------------------------------------------------

EVERY = {"ward's", "cell 1's", "cell 2's", "member's"}
WHO: dict[str, tuple[bool, set[str], set[str]]] = {
    # who: (may give, sees, may report)
    "installer": (True, EVERY, EVERY),
    "city office": (True, {"ward's", "cell 1's", "cell 2's"}, {"ward's", "cell 1's", "cell 2's"}),
    "ward office": (
        True,
        {"ward's", "cell 1's", "cell 2's", "member's"},
        {"ward's", "cell 1's", "cell 2's", "member's"},
    ),
    "ward secretary": (True, {"ward's", "cell 1's", "cell 2's"}, {"ward's", "cell 1's", "cell 2's"}),
    "cell 2's secretary": (False, {"cell 2's", "member's"}, {"cell 2's", "member's"}),
    "that member": (False, {"cell 2's", "member's"}, {"member's"}),
    "member of cell 1": (False, {"cell 1's"}, set()),
    "member of cell 3": (False, set(), set()),
    "sibling ward's office": (False, set(), set()),
    "anonymous": (False, set(), set()),
}


@pytest.mark.parametrize("who", WHO)
def test_who_gives_sees_and_reports(case: Case, who: str) -> None:
    ward, plan = case.world.ward, case.plan
    given = {
        "ward's": make_task(plan, asked(unit=ward.unit)),
        "cell 1's": make_task(plan, asked(unit=ward.cells[0])),
        "cell 2's": make_task(plan, asked(unit=ward.cells[1])),
        "member's": make_task(plan, asked(person=ward.members[1][1])),
    }
    gives, sees, reports = WHO[who]
    actor = actor_called(case, who)
    visible = set(policies.visible_tasks(actor, at=DAY))
    assert {name for name, task in given.items() if task in visible} == sees
    assert bool(policies.can_give(actor, plan, at=DAY)) == gives
    for name, task in given.items():
        terms = queries.terms_of(task, DAY)
        assert terms is not None
        if name in sees:
            assert bool(policies.can_report(actor, terms, at=DAY)) == (name in reports)
        elif name not in reports:
            with pytest.raises(Refused):
                actions.report_task(task=task, done=Done(DUE, "Báo cáo"), actor=actor, at=AT)
    if not gives:
        with pytest.raises(Refused):
            actions.give_tasks(plan=plan, measure=None, asked=[asked(unit=ward.unit)], actor=actor, at=AT)


def actor_called(case: Case, who: str) -> Actor:
    ward = case.world.ward
    return {
        "installer": lambda: SYSTEM,
        "city office": lambda: office_of(upper_of(ward.unit)),
        "ward office": lambda: office_of(ward.unit),
        "ward secretary": lambda: acting_as(ward.secretary),
        "cell 2's secretary": lambda: acting_as(ward.members[1][0]),
        "that member": lambda: acting_as(ward.members[1][1]),
        "member of cell 1": lambda: acting_as(ward.members[0][1]),
        "member of cell 3": lambda: acting_as(ward.members[2][1]),
        "sibling ward's office": lambda: office_of(make_ward(cells=1, name="Phường bên").unit),
        "anonymous": lambda: ANONYMOUS,
    }[who]()


def upper_of(unit: int) -> int:
    return above(unit, DAY)[-1].id


def test_an_upper_office_gives_nothing_to_persons_whose_names_it_does_not_see(case: Case) -> None:
    city = office_of(upper_of(case.world.ward.unit))
    assert not policies.people_to_ask(city, case.plan, at=DAY).exists()
    person = asked(person=case.world.ward.members[0][1])
    with pytest.raises(Invalid) as invalid:
        actions.give_tasks(plan=case.plan, measure=None, asked=[person], actor=city, at=AT)
    assert invalid.value.code == TaskError.NOT_BELOW


# --- Lists ------------------------------------------------------------------------------------------------------------


def test_late_and_urgent_first(case: Case) -> None:
    unit = case.plan.unit_id
    kinds: dict[str, tuple[date | None, bool]] = {
        "running": (date(2012, 7, 1), False),
        "late": (DUE, False),
        "no deadline": (None, False),
        "urgent and late": (date(2012, 5, 20), True),
        "urgent": (date(2012, 8, 1), True),
    }
    for text, (deadline, is_urgent) in kinds.items():
        make_task(case.plan, asked(text, unit=unit, deadline_on=deadline, is_urgent=is_urgent))
    done = make_task(case.plan, asked("done", unit=unit))
    actions.report_task(task=done, done=Done(DUE, "Báo cáo"), actor=SYSTEM, at=AT)
    make_task(case.plan, asked("a cell's", unit=case.world.ward.cells[0]))
    rows = queries.open_tasks_of(TaskTerms.objects.all(), units=[unit], person=None, day=DAY)
    assert [row.text for row in rows] == ["urgent and late", "late", "urgent", "running", "no deadline"]
    assert {row.unit for row in rows} == {"Đảng bộ phường Hoà Lạc"}
    assert {row.plan for row in rows} == {"Kế hoạch học tập"}


def test_a_person_is_named_with_their_unit_and_the_measure_with_its_words(case: Case) -> None:
    measure = measure_of(case.plan)
    make_task(case.plan, asked(person=case.world.ward.members[1][1]), measure=measure)
    (row,) = queries.task_rows(list(queries.terms_on(TaskTerms.objects.all(), DAY)), day=DAY)
    assert (row.measure, row.measure_number) == ("Học tập nghị quyết", 1)
    assert row.unit == "Chi bộ khu 2"
    assert row.given_to == f"{row.person} (Chi bộ khu 2)"


# --- Indicators -------------------------------------------------------------------------------------------------------


def test_an_indicator_is_as_of_a_day_and_adds_up_only_where_it_was_said_so() -> None:
    world = make_world(name="Phường có chỉ tiêu")
    plan = make_adopted_plan(world, Line("Kết nạp", indicator="Đảng viên mới", target=Decimal(12), target_unit="người"))
    measure, (first, second, third) = measure_of(plan), world.ward.cells
    say(measure, first, date(2012, 4, 1), "2")
    say(measure, first, date(2012, 5, 1), "5")
    say(measure, second, date(2012, 4, 15), "1.5")
    seen = queries.indicator_on(measure, world.ward.cells, date(2012, 4, 20))
    assert {row.unit_id: row.value for row in seen.rows} == {first: Decimal(2), second: Decimal("1.5"), third: None}
    assert seen.total is None
    actions.say_summable(measure=measure, is_summable=True, actor=SYSTEM, at=AT)
    actions.say_summable(measure=measure, is_summable=True, actor=SYSTEM, at=AT)
    assert queries.indicator_on(measure, [first], date(2012, 4, 20)).total == Decimal("3.5")
    assert queries.indicator_on(measure, [], date(2012, 5, 1)).total == Decimal("6.5")
    assert queries.indicator_on(measure, [], date(2012, 3, 1)).total is None
    say(measure, first, date(2012, 5, 1), "4", at=AT + timedelta(days=2))
    assert queries.values_on(measure, DAY)[first].value == 4
    assert IndicatorValue.objects.get(superseded_seq__isnull=False).value == 5
    assert queries.values_on(measure, DAY, known_at=DAY) == {}
    actions.withdraw_value(value=queries.values_on(measure, DAY)[first], actor=SYSTEM, at=AT + timedelta(days=2))
    assert queries.values_on(measure, DAY)[first].value == 2
    actions.say_summable(measure=measure, is_summable=False, actor=SYSTEM, at=AT)
    assert queries.indicator_on(measure, [], DAY).total is None


def say(
    measure: Measure, unit: int, on: date, value: str, *, at: datetime = AT, actor: Actor = SYSTEM
) -> IndicatorValue:
    place = Unit.objects.get(pk=unit)
    return actions.record_value(measure=measure, unit=place, on=on, value=Decimal(value), actor=actor, at=at)


def test_who_says_what_an_indicator_showed(case: Case) -> None:
    world = make_world(name="Phường có chỉ tiêu")
    plan = make_adopted_plan(world, Line("Kết nạp", indicator="Đảng viên mới"), Line("Không có chỉ tiêu"))
    measure, (first, second, _third) = measure_of(plan), world.ward.cells
    secretary = acting_as(world.ward.members[1][0])
    say(measure, second, DUE, "1", actor=secretary)
    cannot: list[tuple[str, Callable[[], object]]] = [
        ("may_not_run_unit", lambda: say(measure, first, DUE, "1", actor=acting_as(world.ward.members[1][1]))),
        (TaskError.NOT_BELOW, lambda: say(measure, case.world.ward.unit, DUE, "1")),
        (TaskError.NO_INDICATOR, lambda: say(measure_of(plan, 2), first, DUE, "1")),
        (TaskError.IN_THE_FUTURE, lambda: say(measure, first, DAY + timedelta(1), "1")),
        (TaskError.VALUE_TOO_LARGE, lambda: say(measure, first, DUE, "1e15")),
        (TaskError.VALUE_TOO_LARGE, lambda: say(measure, first, DUE, "0.00001")),
    ]
    for code, act in cannot:
        with pytest.raises(DomainError) as raised:
            act()
        assert raised.value.code == code
    assert not policies.can_say_summable(secretary, measure, at=DAY)


def test_what_is_asked_reads_as_it_was_given() -> None:
    one = asked(unit=1)
    assert replace(one.checked(), text=one.text) == one
