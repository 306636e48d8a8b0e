import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from http import HTTPStatus
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from tests.factories.organisation import key_of_person, key_of_unit, make_user
from tests.factories.plans import World, make_world
from tests.factories.tasks import AT, DUE, asked, make_adopted_plan, make_task, measure_of
from trienkhai.accounts.models import User
from trienkhai.ledger.clock import simulated
from trienkhai.organisation.rules import SYSTEM
from trienkhai.plans.actions import tasks as actions
from trienkhai.plans.models import IndicatorValue, Plan, Task, TaskEvidence, TaskReport, TaskTerms
from trienkhai.plans.rules import Line
from trienkhai.plans.rules.sheets import number_in
from trienkhai.plans.rules.tasks import Done

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%%EOF\n"


@dataclass(frozen=True)
class Case:
    world: World
    plan: Plan

    def client(self, **who: int) -> Client:
        there = User.objects.filter(sign_in__person=who.get("person", 0)).first()
        client = Client()
        client.force_login(there or make_user(**who))  # type: ignore[arg-type]
        return client

    @property
    def clerk(self) -> Client:
        return self.client(office_of=self.world.ward.unit)

    @property
    def secretary(self) -> Client:
        return self.client(person=self.world.ward.members[1][0])


@pytest.fixture
def played(settings: object, tmp_path: Path) -> Case:
    """As :func:`case`, in an installation whose clock began in March 2012."""
    with simulated(datetime(2012, 3, 25, 3, tzinfo=UTC)):
        return make_case(settings, tmp_path)


@pytest.fixture
def case(settings: object, tmp_path: Path) -> Case:
    return make_case(settings, tmp_path)


def make_case(settings: object, tmp_path: Path) -> Case:
    settings.TRIENKHAI_FILES = tmp_path  # type: ignore[attr-defined]
    settings.LANGUAGE_CODE = "en"  # type: ignore[attr-defined]
    translation.activate("en")
    world = make_world()
    line = Line("Mở lớp cho đảng viên", product="Báo cáo", indicator="Số lớp", target=Decimal(3), target_unit="lớp")
    return Case(world, make_adopted_plan(world, line))


def at(name: str, *keys: object) -> str:
    return reverse(f"plans:{name}", args=list(keys))


def body(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == HTTPStatus.OK, address
    return response.content.decode()


def test_a_measure_is_given_to_two_cells_and_one_reports_with_a_file(case: Case) -> None:
    measure, cells = measure_of(case.plan), case.world.ward.cells
    form = at("task_give", case.plan.key) + f"?measure={measure.key}"
    assert "Mở lớp cho đảng viên" in body(case.clerk, form)
    typed = {
        "to": [key_of_unit(cells[1]), key_of_unit(cells[2])],
        "text": "Mở lớp",
        "starts_on": "1/4/2012",
        "deadline_on": "1/5/2012",
        "product": "Báo cáo",
    }
    assert case.clerk.post(form, typed).status_code == HTTPStatus.FOUND
    task = Task.objects.get(terms__unit=cells[1])
    assert task.measure == measure
    assert "Chi bộ khu 3" in body(case.clerk, at("tasks", case.plan.key))
    mine = body(case.secretary, at("all_tasks"))
    assert "Chi bộ khu 2" in mine
    assert "Chi bộ khu 3" not in mine
    page = body(case.secretary, at("task_report", task.key))
    assert "Who said so" in page
    report = {
        "on": "28/4/2012",
        "product": "Báo cáo 5",
        "note": "",
        "told_by": "",
        "seen": task.changed_seq,
    }
    sent = case.secretary.post(at("task_report", task.key), report | {"file": SimpleUploadedFile("bao-cao.pdf", PDF)})
    assert sent["Location"] == at("task", task.key)
    shown = body(case.clerk, at("task", task.key))
    assert "Done in time" in shown
    assert "Báo cáo 5" in shown
    file = TaskEvidence.objects.get()
    stale = case.secretary.post(at("task_report", task.key), report)
    assert stale.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    task.refresh_from_db()
    again = report | {"seen": task.changed_seq, "on": "29/4/2012", "without": [str(file.key)]}
    assert case.secretary.post(at("task_report", task.key), again).status_code == HTTPStatus.FOUND
    assert TaskReport.objects.current().get().evidence.count() == 0
    assert case.clerk.get(at("evidence", task.key, file.key)).status_code == HTTPStatus.NOT_FOUND


def test_evidence_is_given_to_those_who_see_the_task(case: Case) -> None:
    task = make_task(case.plan, asked(unit=case.world.ward.cells[1]))
    actions.report_task(task=task, done=Done(DUE, "Báo cáo"), actor=SYSTEM, at=AT, evidence=[(PDF, "bao-cao.pdf")])
    file = TaskEvidence.objects.get()
    other = case.client(person=case.world.ward.members[2][1])
    assert other.get(at("evidence", task.key, file.key)).status_code == HTTPStatus.NOT_FOUND
    answer = case.clerk.get(at("evidence", task.key, file.key))
    assert b"".join(answer) == PDF
    answer.close()


def test_persons_are_asked_unit_by_unit(case: Case) -> None:
    member = case.world.ward.members[1][1]
    form = at("task_give", case.plan.key) + f"?unit={key_of_unit(case.world.ward.cells[1])}"
    assert key_of_person(member) in body(case.clerk, form)
    typed = {"to": [key_of_person(member)], "text": "Viết tin", "starts_on": "1/4/2012", "deadline_on": ""}
    assert case.clerk.post(form, typed).status_code == HTTPStatus.FOUND
    task = Task.objects.get()
    himself = case.client(person=member)
    assert "Viết tin" in body(himself, at("all_tasks"))
    assert "Who said so" not in body(himself, at("task_report", task.key))
    assert (
        himself.post(
            at("task_report", task.key), {"on": "28/4/2012", "product": "Biên bản", "seen": task.changed_seq}
        ).status_code
        == 302
    )
    neighbour = case.client(person=case.world.ward.members[2][1])
    assert neighbour.get(at("task", task.key)).status_code == HTTPStatus.NOT_FOUND


def test_a_task_is_changed_withdrawn_and_a_report_taken_back(case: Case) -> None:
    task = make_task(case.plan, asked(unit=case.world.ward.cells[1]))
    typed = {"text": "Mở hai lớp", "starts_on": "1/4/2012", "deadline_on": "1/7/2012", "seen": task.changed_seq}
    assert case.clerk.post(at("task_change", task.key), typed).status_code == HTTPStatus.FOUND
    assert TaskTerms.objects.current().get().text == "Mở hai lớp"
    actions.report_task(task=task, done=Done(DUE, "Báo cáo"), actor=SYSTEM, at=AT)
    task.refresh_from_db()
    back = {"reason": "nhầm", "seen": task.changed_seq}
    assert case.clerk.post(at("task_take_back", task.key), back).status_code == HTTPStatus.FOUND
    assert not TaskReport.objects.current().exists()
    task.refresh_from_db()
    empty = case.clerk.post(at("task_withdraw", task.key), {"on": "1/5/2012", "reason": "", "seen": task.changed_seq})
    assert empty.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    sent = {"on": "1/5/2012", "reason": "thôi", "seen": task.changed_seq}
    assert case.clerk.post(at("task_withdraw", task.key), sent).status_code == HTTPStatus.FOUND
    shown = body(case.clerk, at("task", task.key))
    assert "Withdrawn" in shown
    assert "thôi" in shown
    assert "Report as done" not in shown


@pytest.mark.parametrize("name", ["task_change", "task_withdraw"])
def test_those_who_only_do_it_do_not_change_it(case: Case, name: str) -> None:
    task = make_task(case.plan, asked(unit=case.world.ward.cells[1]))
    assert case.secretary.get(at(name, task.key)).status_code == HTTPStatus.FORBIDDEN
    assert case.secretary.get(at("task_give", case.plan.key)).status_code == HTTPStatus.FORBIDDEN
    assert "Change the task" not in body(case.secretary, at("task", task.key))


def test_filters_and_the_day_before(case: Case) -> None:
    cell = case.world.ward.cells[1]
    for text, deadline in (("Trễ rồi", DUE), ("Còn lâu", date(2100, 1, 1))):
        make_task(case.plan, asked(text, unit=cell, deadline_on=deadline))
    late = body(case.clerk, at("tasks", case.plan.key) + "?state=late")
    assert "Trễ rồi" in late
    assert "Còn lâu" not in late
    of_unit = at("all_tasks") + f"?unit={key_of_unit(cell)}"
    assert "Còn lâu" in body(case.clerk, of_unit)
    assert "Còn lâu" not in body(case.clerk, at("all_tasks"))
    assert "Còn lâu" in body(case.clerk, at("all_tasks") + "?whose=all")
    person = at("all_tasks") + f"?person={key_of_person(case.world.ward.members[1][1])}"
    assert "Còn lâu" not in body(case.clerk, person)


def test_an_indicator_is_entered_shown_and_taken_back(case: Case) -> None:
    measure, cell = measure_of(case.plan), case.world.ward.cells[1]
    address = at("values", measure.key)
    typed = {"unit": key_of_unit(cell), "on": "1/5/2012", "value": "1.234,5", "note": ""}
    assert case.secretary.post(address, typed).status_code == HTTPStatus.FOUND
    value = IndicatorValue.objects.get()
    assert value.value == Decimal("1234.5")
    assert case.clerk.post(at("summable", measure.key), {"is_summable": "1"}).status_code == HTTPStatus.FOUND
    page = body(case.clerk, address)
    assert "Together" in page
    assert "Together" not in body(case.secretary, address)
    assert "Chi bộ khu 3" not in body(case.secretary, address)
    assert "1,234.5" not in body(case.clerk, address + "?as_of=30/04/2012")
    assert case.secretary.post(at("summable", measure.key), {"is_summable": "0"}).status_code == HTTPStatus.FORBIDDEN
    wrong = case.clerk.post(address, typed | {"value": "mười"})
    assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    back = at("value_take_back", measure.key, value.key)
    assert case.secretary.post(back).status_code == HTTPStatus.FOUND
    assert not IndicatorValue.objects.current().exists()


def test_a_task_for_every_unit_directly_below(case: Case) -> None:
    give, cells = at("task_give", case.plan.key), case.world.ward.cells
    assert f"Every unit directly below ({len(cells)})" in body(case.clerk, give)
    typed = {"text": "Mở lớp", "starts_on": "1/4/2012", "deadline_on": "1/5/2012"}
    nobody = case.clerk.post(give, typed)
    assert nobody.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Choose at least one" in nobody.content.decode()
    both = typed | {"everyone": "on", "to": [key_of_unit(cells[1]), key_of_unit(case.world.ward.unit)]}
    assert case.clerk.post(give, both).status_code == HTTPStatus.FOUND
    given = TaskTerms.objects.values_list("unit", flat=True)
    assert sorted(given) == sorted([*cells, case.world.ward.unit]), "each once"
    people = give + f"?unit={key_of_unit(cells[1])}"
    assert f"Everybody in this list ({len(case.world.ward.members[1])})" in body(case.clerk, people)
    assert case.clerk.post(people, typed | {"everyone": "on"}).status_code == HTTPStatus.FOUND
    assert set(TaskTerms.objects.exclude(person=None).values_list("person", flat=True)) == set(
        case.world.ward.members[1]
    )


def test_a_measure_and_its_plan_tell_of_the_tasks_one_may_see(case: Case) -> None:
    measure, cells = measure_of(case.plan), case.world.ward.cells
    late = make_task(case.plan, asked("Việc của chi bộ hai", unit=cells[1]), measure=measure)
    done = make_task(case.plan, asked("Việc của chi bộ ba", unit=cells[2]), measure=measure)
    actions.report_task(task=done, done=Done(date(2012, 4, 20), "Báo cáo"), actor=SYSTEM, at=AT)
    one, plan = at("measure", case.plan.key, measure.key), at("one", case.plan.key)
    page = body(case.clerk, one)
    assert page.index("Việc của chi bộ hai") < page.index("Việc của chi bộ ba"), "late first"
    assert "Tasks done: 1/2" in body(case.clerk, plan)
    assert "1 late" in body(case.clerk, plan)
    assert "Việc của chi bộ ba" not in body(case.secretary, one), "a sibling's"
    assert "Tasks done: 0/1" in body(case.secretary, plan)
    assert str(late.key) in body(case.secretary, one)


def test_targets_and_values_are_written_without_idle_digits(case: Case) -> None:
    measure = measure_of(case.plan)
    actions.record_value(
        measure=measure, unit=case.world.unit, on=date(2012, 5, 1), value=Decimal("1250.5000"), actor=SYSTEM, at=AT
    )
    assert "Số lớp: 3 lớp." in body(case.clerk, at("one", case.plan.key))
    page = body(case.clerk, at("values", measure.key))
    assert "1,250.5<" in page
    assert "3 units have no value yet" in page


def told(client: Client, address: str) -> tuple[str, ...]:
    """How many tasks are to be done, late, done, and all there are."""
    tabs = re.findall(r'class="count">\s*([\d.,]+)', body(client, address))
    return tuple(tabs[:4])


def test_tasks_as_they_stood_on_a_day_and_as_that_was_known(played: Case) -> None:
    with simulated(datetime(2012, 4, 2, 3, tzinfo=UTC)):
        task = make_task(played.plan, asked("Mở lớp", unit=played.world.ward.cells[0]))
    with simulated(datetime(2012, 6, 20, 3, tzinfo=UTC)):
        actions.report_task(task=task, done=Done(date(2012, 4, 20), "Báo cáo"), actor=SYSTEM, at=AT)
    lists = at("tasks", played.plan.key), at("all_tasks") + "?whose=all&state=all"
    for address in lists:
        ask = "&" if "?" in address else "?"
        assert told(played.clerk, address) == ("0", "0", "1", "1")
        assert told(played.clerk, f"{address}{ask}as_of=19/04/2012") == ("1", "0", "0", "1"), "not done by then"
        assert told(played.clerk, f"{address}{ask}as_of=2012-03-31") == ("1", "0", "0", "1"), "not begun by then"
        known = f"{address}{ask}as_of=02/05/2012&known_at=03/05/2012"
        assert told(played.clerk, known) == ("1", "1", "0", "1"), "nobody had said so yet"
        assert told(played.clerk, f"{address}{ask}known_at=01/04/2012") == ("0", "0", "0", "0"), "not given yet"
    page = body(played.clerk, lists[1] + "&as_of=19/04/2012&known_at=03/05/2012")
    assert "As of 19/04/2012, as recorded by the end of 03/05/2012." in page
    assert page.count("as_of=19%2F04%2F2012") >= 4, "the tabs keep the day"
    typed = body(played.clerk, lists[0] + "?as_of=2012-04-19")
    assert 'value="19/04/2012"' in typed, "days are read as they are written here"
    assert "field-error" in body(played.clerk, lists[0] + "?as_of=hôm qua")
    assert 'name="whose" value="all"' in page


def test_an_indicator_as_it_was_known_then(played: Case) -> None:
    measure, cell = measure_of(played.plan), played.world.unit
    for number, day in ((5, 2), (7, 20)):
        with simulated(datetime(2012, 5, day, 3, tzinfo=UTC)):
            actions.record_value(
                measure=measure, unit=cell, on=date(2012, 5, 1), value=Decimal(number), actor=SYSTEM, at=AT
            )
    address = at("values", measure.key)
    shown = '<td class="num" data-label="Value">{}</td>'
    assert shown.format(7) in body(played.clerk, address)
    then = body(played.clerk, address + "?known_at=10/05/2012")
    assert shown.format(5) in then
    assert "Take back" not in then, "the past is read, not entered"
    assert shown.format(5) not in body(played.clerk, address + "?known_at=01/05/2012")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        ("12,5", 12.5),
        ("1.234,5", 1234.5),
        ("1 234", 1234),
        ("1.234.567", 1234567),
        ("1.234", 1234),
        ("-1.5", -1.5),
    ],
)
def test_numbers_as_they_are_written_here(text: str, number: float) -> None:
    assert number_in(text) == Decimal(str(number))


def test_lists_ask_as_often_for_three_as_for_one(case: Case, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    clerk, ward = case.clerk, case.world.ward
    addresses = (at("tasks", case.plan.key), at("all_tasks") + "?whose=all")
    make_task(case.plan, asked(unit=ward.cells[0]), measure=measure_of(case.plan))
    make_task(case.plan, asked(person=ward.members[1][1]))
    before = []
    for address in addresses:
        clerk.get(address)
        with CaptureQueriesContext(connection) as asked_for:
            clerk.get(address)
        before.append(len(asked_for))
    for number in (1, 2):
        make_task(case.plan, asked(unit=ward.cells[number]), measure=measure_of(case.plan))
        make_task(case.plan, asked(person=ward.members[number][0]))
    for address, queries in zip(addresses, before, strict=True):
        with django_assert_num_queries(queries):
            clerk.get(address)
