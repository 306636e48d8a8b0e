from datetime import date

import pytest

from tests.factories.directives import make_directive
from tests.factories.plans import AT, World, make_plan, make_world, version_of
from trienkhai.organisation.models import Unit
from trienkhai.organisation.rules import SYSTEM
from trienkhai.plans import actions, queries
from trienkhai.plans.rules import Adopted, Head, Line
from trienkhai.rollouts.models import RolloutDirective

pytestmark = pytest.mark.django_db
DAY = AT.date()


@pytest.fixture
def world() -> World:
    return make_world()


def test_provisions_are_called_by_their_whole_number(world: World) -> None:
    found = queries.references(world.rollout)
    assert list(found) == [f"12-NQ/TW, {name}" for name in ("I", "I.1", "II", "II.1", "II.1.a", "II.2")]
    assert found["12-NQ/TW, II.1.a"].provision_id == world.provision("Ở chi bộ")
    guide = make_directive(world.ward.unit, number="11-HD/BTC", provisions="Điều 5. Năm")
    RolloutDirective.objects.create(rollout=world.rollout, directive=guide, is_guiding=True, position=1)
    assert list(queries.references(world.rollout))[-1] == "11-HD/BTC, Điều 5"


def test_urgent_measures_come_first_and_keep_their_numbers(world: World) -> None:
    cell = world.ward.cells[0]
    plan = make_plan(
        world,
        None,
        Line("Một", lead="An"),
        Line("Hai", is_urgent=True, lead_unit=cell, provision=world.provision("Học tập")),
    )
    first, second = queries.measure_rows(version_of(plan), on=DAY)
    assert (first.number, first.text, first.provision) == (2, "Hai", "12-NQ/TW, II.1")
    assert first.lead.startswith("Chi bộ")
    assert (second.number, second.lead, second.provision) == (1, "An", "")


def test_a_unit_is_found_by_its_name_however_it_is_typed() -> None:
    leads = {1: "Chi bộ khu 1", 2: "Chi bộ Hoà Bình", 3: "Chi bộ Hoa Bình", 4: "Công an", 5: "Công an"}
    assert queries.unit_called("chi bo KHU 1", leads) == 1
    assert queries.unit_called("Chi bộ Hoa Bình", leads) == 3
    assert queries.unit_called("chi bo hoa binh", leads) is None
    assert queries.unit_called("Công an", leads) is None
    assert queries.unit_called("Ban Tuyên giáo", leads) is None


def test_leads_lie_in_or_below_the_unit(world: World) -> None:
    assert set(queries.possible_leads(make_plan(world), on=DAY)) == {world.ward.unit, *world.ward.cells}
    cell = make_plan(world, world.cell(1))
    assert set(queries.possible_leads(cell, on=DAY)) == {world.ward.cells[1]}


def test_units_stand_in_order_and_are_late_after_the_deadline(world: World) -> None:
    first, second, third = world.ward.cells
    actions.adopt_plan(
        plan=make_plan(world, world.cell(0)), adopted=Adopted(date(2012, 2, 20), "01"), actor=SYSTEM, at=AT
    )
    make_plan(world, world.cell(1))
    every = Unit.objects.all()
    rows = queries.unit_plan_rows(world.rollout, every, day=DAY, drafts_of={second})
    assert [(row.unit_id, row.is_late) for row in rows] == [
        (world.ward.unit, True),
        (first, False),
        (second, True),
        (third, True),
    ]
    by_unit = {row.unit_id: row for row in rows}
    assert (by_unit[first].adopted_on, by_unit[first].number) == (date(2012, 2, 20), "01")
    assert by_unit[second].plan_key
    assert not by_unit[third].plan_key
    hidden = {row.unit_id: row for row in queries.unit_plan_rows(world.rollout, every, day=DAY, drafts_of=())}
    assert not hidden[second].plan_key
    early = queries.unit_plan_rows(world.rollout, every, day=date(2012, 3, 1), drafts_of=())
    assert not any(row.is_late for row in early)
    assert queries.plan_of(world.rollout, third) is None


def test_a_units_document_without_adoption_has_room_for_its_number(world: World) -> None:
    plan = make_plan(world, None, Line("Một"))
    head = Head("Kế hoạch: thực hiện", "Mục đích", "Phân công")
    actions.edit_head(plan=plan, head=head, actor=SYSTEM, at=AT)
    plan.refresh_from_db()
    made = queries.plan_document(version_of(plan), on=DAY, created=AT)
    assert made.header.subject == "Thực hiện"
    assert (made.header.number, made.header.day, made.signatures) == ("     -KH/ĐU", None, ())
    assert [block.text for block in made.blocks if hasattr(block, "text")] == [
        "I. MỤC ĐÍCH, YÊU CẦU",
        "II. NHIỆM VỤ, GIẢI PHÁP",
        "III. TỔ CHỨC THỰC HIỆN",
    ]
