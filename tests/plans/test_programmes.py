from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.organisation import make_user, make_ward
from tests.factories.plans import AT, make_world, version_of
from tests.factories.programmes import make_programme
from tests.factories.tasks import DUE, asked, make_adopted_plan, make_task, measure_of
from trienkhai.organisation.rules import SYSTEM
from trienkhai.plans import actions as plans
from trienkhai.plans.actions.tasks import record_value, report_task
from trienkhai.plans.models import Plan, TaskTerms
from trienkhai.plans.queries.programmes import measures_tied, ties_before
from trienkhai.plans.queries.tasks import MeasureTasks
from trienkhai.plans.rules import Adopted, Head, Line, Treatment
from trienkhai.plans.rules.tasks import Done

pytestmark = pytest.mark.django_db


def test_measures_of_plans_in_force_with_their_tasks() -> None:
    world = make_world()
    programme, other = make_programme(world.ward.unit), make_programme(world.ward.unit, "Khác")
    plan = make_adopted_plan(
        world,
        Line("Sau", programmes=(programme.pk, other.pk), deadline_on=date(2012, 8, 1)),
        Line("Không gắn"),
        Line("Trước", programmes=(programme.pk,), deadline_on=DUE),
        Line("Gấp", programmes=(programme.pk,), is_urgent=True),
    )
    task = make_task(plan, asked(unit=world.ward.cells[0]), measure=measure_of(plan, 3))
    make_task(plan, asked(unit=world.ward.cells[1]), measure=measure_of(plan, 3))
    report_task(task=task, done=Done(DUE, "Báo cáo"), actor=SYSTEM, at=AT)
    terms = TaskTerms.objects.all()
    found = measures_tied(programme, Plan.objects.all(), terms, on=date(2012, 6, 1))
    assert [one.text for one in found] == ["Gấp", "Trước", "Sau"]
    assert found[1].tasks == MeasureTasks(given=2, done=1, late=1)
    assert {one.unit for one in found} == {"Đảng bộ phường Hoà Lạc"}
    assert [one.text for one in measures_tied(other, Plan.objects.all(), terms, on=date(2012, 6, 1))] == ["Sau"]
    assert measures_tied(programme, Plan.objects.all(), terms, on=date(2012, 3, 1)) == []


def test_measures_taken_as_they_are_from_above_count_where_they_are_applied() -> None:
    world = make_world()
    programme = make_programme(world.ward.unit)
    tied = (programme.pk,)
    plan = make_adopted_plan(
        world,
        Line("Một", programmes=tied, indicator="Số lớp", target=Decimal(3)),
        Line("Hai", programmes=tied),
        Line("Ba", programmes=tied),
    )
    measure = measure_of(plan, 1)
    for cell in (0, 1):
        draft = plans.draft_applying(
            rollout=world.rollout,
            unit=world.cell(cell),
            base=version_of(plan),
            head=Head("Kế hoạch của chi bộ"),
            actor=SYSTEM,
            at=AT,
        )
        if cell:
            out = Line("", treatment=Treatment.LEFT_OUT, reason="Không có")
            plans.treat_measure(plan=draft, upper=measure_of(plan, 2).pk, line=out, actor=SYSTEM, at=AT)
            own = Line("Ba, nói khác", treatment=Treatment.CHANGED, programmes=tied)
            plans.treat_measure(plan=draft, upper=measure_of(plan, 3).pk, line=own, actor=SYSTEM, at=AT)
        plans.adopt_plan(plan=draft, adopted=Adopted(date(2012, 4, 2)), actor=SYSTEM, at=AT)
    record_value(measure=measure, unit=world.unit, on=DUE, value=Decimal(2), actor=SYSTEM, at=AT)
    day, every = date(2012, 6, 1), Plan.objects.all()
    found = {one.text: one for one in measures_tied(programme, every, TaskTerms.objects.all(), on=day)}
    assert {text: one.applied_by for text, one in found.items()} == {
        "Một": ("Chi bộ khu 1", "Chi bộ khu 2"),
        "Hai": ("Chi bộ khu 1",),
        "Ba": ("Chi bộ khu 1",),
        "Ba, nói khác": (),
    }
    assert (found["Một"].value, found["Một"].valued_on) == (Decimal(2), DUE)
    hidden = measures_tied(programme, every, TaskTerms.objects.all(), on=day, covered=[])
    assert [one.value for one in hidden] == [None] * 4
    plans.revise_plan(plan=plan, actor=SYSTEM, at=AT)
    plans.edit_measure(plan=plan, line=Line("Hai", key=measure_of(plan, 2).key), actor=SYSTEM, at=AT)
    plans.remove_measure(plan=plan, measure=measure_of(plan, 3).key, actor=SYSTEM, at=AT)
    plans.adopt_plan(plan=plan, adopted=Adopted(date(2012, 5, 20)), actor=SYSTEM, at=AT)
    later = {one.text: one for one in measures_tied(programme, every, TaskTerms.objects.all(), on=day)}
    assert (later["Hai"].unit, later["Hai"].applied_by) == ("", ("Chi bộ khu 1",)), "the older version is applied there"
    of_ward = Plan.objects.filter(pk=plan.pk)
    now = measures_tied(programme, of_ward, TaskTerms.objects.all(), on=day)
    assert [one.text for one in now] == ["Một"]
    gone = ties_before(programme, of_ward, on=day, without=[one.measure_id for one in now])
    assert [(one.text, one.version) for one in gone] == [("Hai", 1), ("Ba", 1)]
    client = Client()
    client.force_login(make_user(office_of=world.ward.unit))
    page = client.get(reverse("programmes:one", args=[programme.key])).content.decode()
    assert "Chi bộ khu 2" in page


def test_the_page_shows_each_reader_what_they_may_see() -> None:
    world = make_world()
    programme = make_programme(world.ward.unit)
    plan = make_adopted_plan(world, Line("Mở lớp", programmes=(programme.pk,)))
    make_task(plan, asked("Việc của khu 1", unit=world.ward.cells[0]), measure=measure_of(plan))
    address = reverse("programmes:one", args=[programme.key])

    def page(**who: int) -> str:
        client = Client()
        client.force_login(make_user(**who))  # type: ignore[arg-type]
        return client.get(address).content.decode()

    clerk, member = page(office_of=world.ward.unit), page(person=world.ward.members[1][1])
    assert "Mở lớp" in clerk
    assert "Việc của khu 1" in clerk
    assert "Mở lớp" in member
    assert "Việc của khu 1" not in member
    stranger = Client()
    stranger.force_login(make_user(office_of=make_ward(cells=1, name="Phường khác").unit))
    assert stranger.get(address).status_code == 404


def test_as_many_queries_for_three_measures_as_for_one() -> None:
    asked_for = []
    for count in (1, 3):
        world = make_world(name=f"Phường {count}")
        programme = make_programme(world.ward.unit)
        lines = [Line(f"Việc {number}", programmes=(programme.pk,)) for number in range(count)]
        plan = make_adopted_plan(world, *lines)
        for number in range(count):
            make_task(plan, asked(unit=world.ward.cells[number]), measure=measure_of(plan, number + 1))
        client = Client()
        client.force_login(make_user(office_of=world.ward.unit))
        address = reverse("programmes:one", args=[programme.key])
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        asked_for.append(len(queries))
    assert asked_for[0] == asked_for[1]
