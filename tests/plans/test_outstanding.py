"""Plans that the plan above has gone past: said on the list of what is to do and on the plan's own page."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from tests.factories.organisation import make_user
from tests.factories.plans import AT, World, make_plan, make_world, version_of
from trienkhai.organisation.queries import actor_for
from trienkhai.organisation.rules import SYSTEM
from trienkhai.plans import actions, queries
from trienkhai.plans.models import Plan
from trienkhai.plans.rules import Adopted, Head, Line
from trienkhai.web.queries import to_do
from trienkhai.web.rules import ToDo

pytestmark = pytest.mark.django_db
ON, DAY = date(2012, 2, 20), AT.date()
NEXT = ON + timedelta(days=30)


@pytest.fixture(autouse=True)
def _english(settings: object) -> None:
    settings.LANGUAGE_CODE = "en"  # type: ignore[attr-defined]
    translation.activate("en")


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def above(world: World) -> Plan:
    """The ward's plan in force."""
    plan = make_plan(world, None, Line("Học tập"), Line("Kiểm điểm"))
    actions.adopt_plan(plan=plan, adopted=Adopted(ON, "05-KH/ĐU"), actor=SYSTEM, at=AT)
    return Plan.objects.get(pk=plan.pk)


def adopted(plan: Plan, on: date) -> Plan:
    actions.adopt_plan(plan=plan, adopted=Adopted(on), actor=SYSTEM, at=AT)
    return Plan.objects.get(pk=plan.pk)


def applying(world: World, above: Plan, cell: int = 1) -> Plan:
    """A cell's plan in force that applies the ward's."""
    head, base = Head("Kế hoạch của chi bộ"), version_of(above)
    unit = world.cell(cell)
    plan = actions.draft_applying(rollout=world.rollout, unit=unit, base=base, head=head, actor=SYSTEM, at=AT)
    return adopted(plan, ON + timedelta(days=5))


def newer(above: Plan, *lines: Line, on: date = NEXT) -> Plan:
    """The ward's next version in force: its measures and these."""
    actions.revise_plan(plan=above, actor=SYSTEM, at=AT)
    for line in lines:
        actions.add_measure(plan=above, line=line, actor=SYSTEM, at=AT)
    return adopted(above, on)


def told(world: World, cell: int = 1, *, on: date = DAY) -> list[ToDo]:
    """What the cell's office is told of plans."""
    actor = actor_for(make_user(office_of=world.ward.cells[cell]), on=on)
    return [thing for thing in to_do(actor, today=on) if thing.figure.startswith("plan_")]


def test_a_newer_version_above_is_to_be_applied_until_it_is(world: World, above: Plan) -> None:
    plan = applying(world, above)
    assert told(world) == []
    newer(above)
    (thing,) = told(world)
    assert (thing.figure, thing.unit, thing.url) == (
        "plan_newer_above",
        "Chi bộ khu 2",
        reverse("plans:one", args=[plan.key]),
    )
    assert told(world, on=NEXT - timedelta(days=1)) == [], "it was not in force yet"
    secretary = Client()
    secretary.force_login(make_user(person=world.ward.members[1][0]))
    page = secretary.get(thing.url).content.decode()
    assert "The plan above has a newer version" in page
    assert reverse("plans:changes", args=[above.key, 2]) + "?with=1" in page
    assert secretary.get(reverse("plans:changes", args=[above.key, 2]), {"with": 1}).status_code == 200
    applied = secretary.post(reverse("plans:apply_upper", args=[plan.key]))
    assert applied["Location"] == reverse("plans:apply", args=[plan.key])
    draft = version_of(plan)
    assert (draft.number, draft.adopted_on, draft.base) == (2, None, version_of(above))
    (again,) = told(world)
    assert again.url == applied["Location"], "it is done on the page of the draft"
    assert "Go on with the draft" in secretary.get(thing.url).content.decode()
    adopted(plan, NEXT + timedelta(days=5))
    assert told(world) == []
    assert "newer version" not in secretary.get(thing.url).content.decode()


def test_new_measures_above_wait_for_a_plan_of_its_own(world: World, above: Plan) -> None:
    plan = make_plan(world, world.cell(1), Line("Việc của chi bộ"))
    adopted(plan, ON + timedelta(days=5))
    assert told(world) == [], "what was there when the plan was adopted was known"
    newer(above, Line("Niêm yết lịch tiếp dân", product="Lịch"))
    (thing,) = told(world)
    assert (thing.figure, thing.url) == ("plan_new_above", reverse("plans:one", args=[plan.key]))
    actions.revise_plan(plan=plan, actor=SYSTEM, at=AT)
    (drafted,) = told(world)
    assert drafted.url == reverse("plans:version", args=[plan.key, 2])
    secretary = Client()
    secretary.force_login(make_user(person=world.ward.members[1][0]))
    upper = queries.lines_of(version_of(above))[-1]
    form = reverse("plans:measure_new", args=[plan.key]) + f"?above={upper.key}"
    assert form in secretary.get(drafted.url).content.decode()
    begun = secretary.get(form).context["form"].initial
    assert (begun["text"], begun["product"], begun["answers"]) == (upper.text, "Lịch", f"3. {upper.text}")
    typed = {name: begun[name] for name in ("text", "product", "answers", "seen")}
    assert secretary.post(form, typed).status_code == 302
    assert [line.answers for line in queries.lines_of(version_of(plan))] == [None, upper.measure]
    adopted(plan, NEXT + timedelta(days=5))
    assert told(world) == []


def test_the_office_above_sees_who_applies_an_older_version(world: World, above: Plan) -> None:
    applying(world, above, 0), applying(world, above, 1)
    newer(above)
    actions.apply_newer(plan=Plan.objects.get(unit=world.ward.cells[0]), base=version_of(above), actor=SYSTEM, at=AT)
    adopted(Plan.objects.get(unit=world.ward.cells[0]), NEXT + timedelta(days=1))
    clerk = Client()
    clerk.force_login(make_user(office_of=world.ward.unit))
    page = clerk.get(reverse("plans:index", args=[world.rollout.key])).content.decode()
    assert page.count("applies an earlier version of the plan above") == 1


def test_as_many_statements_for_three_units_as_for_one(world: World, above: Plan) -> None:
    for cell in range(3):
        applying(world, above, cell)
    newer(above)
    counts = []
    for number in (1, 3):
        with CaptureQueriesContext(connection) as asked:
            found = queries.outstanding([world.rollout], world.ward.cells[:number], on=DAY)
        assert len(found) == number
        counts.append(len(asked))
    assert counts[0] == counts[1]
