"""Calls about single measures of a plan."""

from datetime import date

import pytest
from django.test import Client

from tests.factories.comments import plan_of_call
from tests.factories.organisation import DAY, acting_as, key_of_unit, make_user
from tests.factories.plans import AT, World, make_plan, make_world, version_of
from trienkhai.comments import actions
from trienkhai.comments.models import Call, Group, Point
from trienkhai.comments.queries.subjects import calls_on, choices_of
from trienkhai.comments.rules import About, Said, Subject
from trienkhai.ledger.clock import today
from trienkhai.organisation.rules import SYSTEM
from trienkhai.plans import actions as plans
from trienkhai.plans.models import Measure, Plan
from trienkhai.plans.rules import Adopted, Line

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def plan(world: World) -> Plan:
    """Two measures, adopted."""
    plan = make_plan(world, None, Line(text="Học tập nghị quyết"), Line(text="Lắp đèn"))
    plans.adopt_plan(plan=plan, adopted=Adopted(on=date(2012, 3, 1)), actor=SYSTEM, at=AT)
    return plan


def told(**more: object) -> dict[str, object]:
    return {
        "title": "Lấy ý kiến",
        "asks": "",
        "opens_on": f"{today():%d/%m/%Y}",
        "closes_on": "01/01/2199",
        "answer_by": "01/02/2199",
        "addressed": "all_below",
        "promises": ["named"],
        "reviewed_by": "",
        **more,
    }


def test_the_office_asks_about_one_measure(client: Client, world: World, plan: Plan) -> None:
    client.force_login(make_user(office_of=world.unit.pk))
    address = f"/comments/open/?unit={key_of_unit(world.unit.pk)}"
    assert "Lắp đèn" in client.get(address).content.decode()
    second = Measure.objects.filter(plan=plan).order_by("pk")[1]
    key = f"{version_of(plan).key}/{second.key}"
    assert client.post(address, told(measures=[key])).status_code == 302
    call = Call.objects.get()
    assert call.rollout == world.rollout
    assert [(one.about, one.subject.measure) for one in choices_of(call, on=today())] == [
        (About.MEASURE, second.pk),
        (About.FREE, None),
    ]
    page = client.get(f"/comments/{call.key}/").content.decode()
    assert "Lắp đèn" in page
    assert "Học tập nghị quyết" not in page


def test_of_a_plan_asked_about_as_a_whole_no_measure_stands_twice(client: Client, world: World, plan: Plan) -> None:
    client.force_login(make_user(office_of=world.unit.pk))
    version = version_of(plan)
    measures = [f"{version.key}/{one.key}" for one in Measure.objects.filter(plan=plan)]
    address = f"/comments/open/?unit={key_of_unit(world.unit.pk)}"
    assert client.post(address, told(plans=[str(version.key)], measures=measures)).status_code == 302
    assert list(Call.objects.get().subjects.values_list("about", flat=True)) == [About.PLAN]
    assert client.post(address, told(measures=["something else"])).status_code == 422


def test_a_comment_on_it_lies_with_the_measure(world: World, plan: Plan) -> None:
    first, second = Measure.objects.filter(plan=plan).order_by("pk")
    subject = Subject(About.MEASURE, version=version_of(plan).pk, measure=second.pk)
    asked = plan_of_call(subjects=[subject], rollout=world.rollout.pk)
    call = actions.open_call(unit=world.unit.pk, plan=asked, actor=SYSTEM, at=AT)
    person = world.ward.members[0][0]
    assert calls_on(first.pk, person=person, on=DAY) == []
    ((found, key),) = calls_on(second.pk, person=person, on=DAY)
    assert found == call
    choice = next(one for one in choices_of(call, on=DAY) if one.key == key)
    said = [Said(choice.subject, "Đèn ở ngõ sau chợ trước.")]
    actions.write_openly(call=call, person=person, points=said, actor=acting_as(person), at=AT)
    assert (Point.objects.get().measure, Group.objects.get().measure) == (second, second)
