from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from tests.factories.organisation import acting_as, make_unit, office_of
from tests.factories.plans import AT, World, make_plan, make_world, version_of
from trienkhai.core.decisions import DomainError, Invalid, Refused
from trienkhai.directives.actions import set_provisions
from trienkhai.figures.queries import totals
from trienkhai.ledger.clock import simulated
from trienkhai.ledger.queries import history_of
from trienkhai.organisation.models import Unit
from trienkhai.organisation.rules import SYSTEM, UnitKind
from trienkhai.organisation.rules import Reason as OrganisationReason
from trienkhai.plans import actions
from trienkhai.plans.models import Adoption, Measure, Plan
from trienkhai.plans.queries import adoption_of, lines_of
from trienkhai.plans.rules import MOST_MEASURES, Adopted, Head, Line, PlanError
from trienkhai.rollouts.rules import FIGURE_BY_CODE

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n"
TODAY = AT.date()
ON = date(2012, 2, 20)
FIGURE = FIGURE_BY_CODE["units_planned"]


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture(autouse=True)
def _folder(settings: object, tmp_path: Path) -> None:
    settings.TRIENKHAI_FILES = tmp_path  # type: ignore[attr-defined]


def planned(world: World, as_of: date = TODAY, *, known_at: date | None = None, unit: int | None = None) -> str:
    codes = (FIGURE.numerator, FIGURE.denominator)
    found = totals(scope=world.rollout.scope, codes=codes, unit=unit or world.ward.unit, as_of=as_of, known_at=known_at)
    return f"{found[codes[0]]}/{found[codes[1]]}"


def refused(code: str, change: Callable[[], object]) -> DomainError:
    with pytest.raises((Refused, Invalid), match=f"^{code}$") as caught:
        change()
    return caught.value


def test_a_unit_has_one_plan(world: World) -> None:
    plan = make_plan(world)
    fault = refused(PlanError.ALREADY_THERE, lambda: make_plan(world))
    assert fault.params["key"] == str(plan.key)
    assert history_of(plan.key).get().action == "plans.draft"
    refused(PlanError.TITLE_EMPTY, lambda: make_plan(world, world.cell(0), title=" "))


def test_the_head_changes_while_it_is_a_draft(world: World) -> None:
    plan = make_plan(world)
    actions.edit_head(plan=plan, head=Head("Tên mới", "Mục đích"), actor=SYSTEM, at=AT, seen=plan.changed_seq)
    refused(
        PlanError.CHANGED_MEANWHILE,
        lambda: actions.edit_head(plan=plan, head=Head("Khác"), actor=SYSTEM, at=AT, seen=plan.changed_seq),
    )
    actions.edit_head(plan=plan, head=Head("Tên mới", "Mục đích"), actor=SYSTEM, at=AT)
    plan.refresh_from_db()
    draft = version_of(plan)
    assert (draft.title, draft.purpose) == ("Tên mới", "Mục đích")
    assert history_of(plan.key).count() == 2


def test_measures_keep_their_identity_when_they_move(world: World) -> None:
    plan = make_plan(world, None, Line("Một"), Line("Hai"), Line("Ba"))
    one, two, three = lines_of(version_of(plan))
    changed = [three, replace(one, text="Một, sửa", lead_unit=world.ward.cells[0]), Line("Bốn", is_urgent=True)]
    actions.set_measures(plan=plan, lines=changed, actor=SYSTEM, at=AT, seen=plan.changed_seq)
    after = lines_of(version_of(plan))
    assert [(line.text, line.key) for line in after[:2]] == [("Ba", three.key), ("Một, sửa", one.key)]
    assert after[2].is_urgent
    assert two.key not in set(Measure.objects.values_list("key", flat=True))
    detail = history_of(plan.key)[0].detail.content
    assert [line["text"] for line in detail["removed"]] == ["Hai"]
    assert [line["text"] for line in detail["added"]] == ["Bốn"]
    (sole,) = detail["changed"]
    assert (sole["before"]["text"], sole["after"]["text"]) == ("Một", "Một, sửa")
    assert detail["order"][:2] == [str(three.key), str(one.key)]


def test_saving_measures_unchanged_records_nothing(world: World) -> None:
    plan = make_plan(world, None, Line("Một", deadline_on=ON))
    before = history_of(plan.key).count()
    actions.set_measures(plan=plan, lines=lines_of(version_of(plan)), actor=SYSTEM, at=AT)
    assert history_of(plan.key).count() == before


def test_measures_of_something_else_are_refused(world: World) -> None:
    plan, other = make_plan(world, None, Line("Một")), make_plan(world, world.cell(0), Line("Của chi bộ"))
    theirs = lines_of(version_of(other))[0]

    def set_to(*lines: Line) -> Callable[[], object]:
        return lambda: actions.set_measures(plan=plan, lines=lines, actor=SYSTEM, at=AT)

    own = lines_of(version_of(plan))[0]
    refused(PlanError.NOT_ITS_MEASURE, set_to(theirs))
    refused(PlanError.NOT_ITS_MEASURE, set_to(own, own))
    refused(PlanError.NOT_ITS_MEASURE, set_to(Line("x", key=uuid4())))
    refused(PlanError.NOT_ITS_PROVISION, set_to(Line("x", provision=10_000)))
    refused(PlanError.TOO_MANY_MEASURES, set_to(*[Line("x")] * (MOST_MEASURES + 1)))
    refused(PlanError.MEASURE_EMPTY, set_to(Line("")))
    assert lines_of(version_of(plan)) == [own]


def test_a_provision_that_is_carried_out_stays(world: World) -> None:
    make_plan(world, None, Line("Một", provision=world.provision("Học tập")))
    change = lambda: set_provisions(directive=world.directive, text="I. Tình hình", actor=SYSTEM, at=AT)  # noqa: E731
    assert refused("directive_provision_in_use", change).params["label"] == "1."
    assert world.directive.provisions.count() == 7


def test_adopting_counts_from_its_day_and_freezes(world: World) -> None:
    plan = make_plan(world, None, Line("Một"))
    assert planned(world) == "0/4"
    adopted = Adopted(ON, " 05-KH/ĐU ", "Nguyễn Văn An", "Bí thư")
    adoption = actions.adopt_plan(
        plan=plan, adopted=adopted, actor=SYSTEM, at=AT, scan=(PDF, "kế hoạch.pdf"), seen=plan.changed_seq
    )
    assert planned(world) == "1/4"
    assert planned(world, ON) == "1/4"
    assert planned(world, ON - timedelta(days=1)) == "0/4"
    assert adoption.number == "05-KH/ĐU"
    assert adoption.scan is not None
    assert adoption.scan.name == "kế hoạch.pdf"
    assert history_of(plan.key)[0].file_digest == adoption.scan.sha256
    for change in (
        lambda: actions.adopt_plan(plan=plan, adopted=adopted, actor=SYSTEM, at=AT),
        lambda: actions.set_measures(plan=plan, lines=[], actor=SYSTEM, at=AT),
        lambda: actions.edit_head(plan=plan, head=Head("x"), actor=SYSTEM, at=AT),
        lambda: actions.discard_draft(plan=plan, actor=SYSTEM, at=AT),
    ):
        refused(PlanError.ADOPTED, change)


def test_adoptions_that_cannot_be_change_nothing(world: World) -> None:
    plan = make_plan(world)
    for adopted, code in (
        (Adopted(AT.date() + timedelta(days=1)), PlanError.IN_THE_FUTURE),
        (Adopted(date(2012, 1, 15)), PlanError.BEFORE_ISSUED),
    ):
        refused(code, lambda a=adopted: actions.adopt_plan(plan=plan, adopted=a, actor=SYSTEM, at=AT))  # type: ignore[misc]
    bad_scan = lambda: actions.adopt_plan(plan=plan, adopted=Adopted(ON), actor=SYSTEM, at=AT, scan=(b"MZ", "x.pdf"))  # noqa: E731
    refused("file_wrong_kind", bad_scan)
    assert planned(world) == "0/4"
    assert not Adoption.objects.exists()


def test_a_correction_moves_the_day_and_keeps_what_was_known(world: World) -> None:
    plan = make_plan(world)
    actions.adopt_plan(plan=plan, adopted=Adopted(ON, "05-KH/ĐU"), actor=SYSTEM, at=AT, scan=(PDF, "a.pdf"))
    first = Adoption.objects.get()
    later = ON + timedelta(days=9)
    actions.correct_adoption(version=version_of(plan), adopted=Adopted(later, "06-KH/ĐU"), actor=SYSTEM, at=AT)
    first.refresh_from_db()
    now = adoption_of(version_of(plan))
    assert now is not None
    assert (first.superseded_seq, now.number) == (now.recorded_seq, "06-KH/ĐU")
    assert now.scan == first.scan
    assert (planned(world, ON), planned(world, later)) == ("0/4", "1/4")
    plan.refresh_from_db()
    assert plan.adopted_on == later


def test_a_correction_does_not_change_what_was_known_before_it() -> None:
    with simulated(AT):
        world = make_world()
        plan = make_plan(world)
        actions.adopt_plan(plan=plan, adopted=Adopted(ON), actor=SYSTEM, at=AT)
    weeks_later = AT + timedelta(days=21)
    with simulated(weeks_later):
        correct = Adopted(ON + timedelta(days=9))
        actions.correct_adoption(version=version_of(plan), adopted=correct, actor=SYSTEM, at=weeks_later)
    assert planned(world, ON, known_at=TODAY) == "1/4"
    assert planned(world, ON) == "0/4"
    assert Adoption.objects.known_at(TODAY).get().valid_on == ON
    assert Adoption.objects.known_at(None).get().valid_on == correct.on


def test_a_slip_is_taken_back_with_a_reason(world: World) -> None:
    plan = make_plan(world)

    def withdraw(reason: str) -> None:
        actions.withdraw_adoption(version=version_of(plan), reason=reason, actor=SYSTEM, at=AT)

    refused(PlanError.NOT_ADOPTED, lambda: withdraw("x"))
    actions.adopt_plan(plan=plan, adopted=Adopted(ON), actor=SYSTEM, at=AT)
    refused(PlanError.REASON_EMPTY, lambda: withdraw("  "))
    withdraw("nhầm chi bộ")
    assert planned(world) == "0/4"
    assert adoption_of(version_of(plan)) is None
    assert history_of(plan.key)[0].detail.content == {"reason": "nhầm chi bộ", "number": 1}
    plan.refresh_from_db()
    refused(PlanError.WAS_ADOPTED, lambda: actions.discard_draft(plan=plan, actor=SYSTEM, at=AT))
    actions.set_measures(plan=plan, lines=[Line("sửa được")], actor=SYSTEM, at=AT)
    actions.adopt_plan(plan=plan, adopted=Adopted(ON), actor=SYSTEM, at=AT)
    assert planned(world) == "1/4"


def test_a_draft_is_thrown_away(world: World) -> None:
    plan = make_plan(world, None, Line("Một"))
    actions.discard_draft(plan=plan, actor=SYSTEM, at=AT)
    assert not Plan.objects.exists()
    assert history_of(plan.key)[0].detail.content["measures"][0]["text"] == "Một"


def test_adoptions_of_many_units_are_one_entry(world: World) -> None:
    draft = make_plan(world, world.cell(0), Line("Đã soạn"))
    cells = world.ward.cells
    said = {cells[0]: Adopted(ON, "01-KH/CB"), cells[1]: Adopted(ON + timedelta(days=1), note="báo qua điện thoại")}
    rows = actions.record_adoptions(rollout=world.rollout, adopted=said, title="Kế hoạch", actor=SYSTEM, at=AT)
    assert len({row.recorded_seq for row in rows}) == 1
    assert history_of(world.rollout.key)[0].count == 2
    assert planned(world) == "2/4"
    assert planned(world, ON, unit=cells[1]) == "0/1"
    draft.refresh_from_db()
    assert (draft.adopted_on, version_of(draft).title) == (ON, "Kế hoạch học tập")
    made = version_of(Plan.objects.get(unit=cells[1]))
    assert (made.title, made.wordings.count()) == ("Kế hoạch", 0)
    again = {cells[1]: Adopted(ON)}
    actions.record_adoptions(rollout=world.rollout, adopted=again, title="Kế hoạch", actor=SYSTEM, at=AT)
    assert planned(world, ON) == "2/4"
    assert made.adoptions.count() == 2
    assert made.adoptions.current().count() == 1


def test_one_wrong_day_among_many_enters_none(world: World) -> None:
    cells = world.ward.cells
    said = {cells[0]: Adopted(ON), cells[1]: Adopted(date(2013, 1, 1))}
    enter = lambda: actions.record_adoptions(rollout=world.rollout, adopted=said, title="K", actor=SYSTEM, at=AT)  # noqa: E731
    fault = refused(PlanError.IN_THE_FUTURE, enter)
    assert fault.params["unit"] == cells[1]
    assert not Plan.objects.exists()
    nothing = lambda: actions.record_adoptions(rollout=world.rollout, adopted={}, title="K", actor=SYSTEM, at=AT)  # noqa: E731
    refused(PlanError.NOTHING_ENTERED, nothing)


def test_planned_is_derived_again(world: World) -> None:
    plan = make_plan(world)
    actions.adopt_plan(plan=plan, adopted=Adopted(ON), actor=SYSTEM, at=AT)
    entry = history_of(plan.key)[0]
    actions.restate_planned(rollout=world.rollout, entry=entry)
    actions.restate_planned(rollout=world.rollout, entry=entry, units=[world.ward.unit])
    assert planned(world) == "1/4"


@pytest.mark.parametrize("who", ["member", "another cell's secretary", "another ward's office"])
def test_who_may_not_act_for_the_unit(world: World, who: str) -> None:
    plan = make_plan(world, world.cell(1))
    adopted = make_plan(world, world.cell(2))
    actions.adopt_plan(plan=adopted, adopted=Adopted(ON), actor=SYSTEM, at=AT)
    actor = {
        "member": lambda: acting_as(world.ward.members[1][1]),
        "another cell's secretary": lambda: office_of(world.ward.cells[0]),
        "another ward's office": lambda: office_of(make_unit("Phường khác", kind=UnitKind.BASE)),
    }[who]()
    said = {world.ward.cells[1]: Adopted(ON)}
    unit = Unit.objects.get(pk=world.ward.cells[0] if who == "member" else world.ward.cells[1])
    for change in (
        lambda: actions.draft_plan(rollout=world.rollout, unit=unit, head=Head("x"), actor=actor, at=AT),
        lambda: actions.edit_head(plan=plan, head=Head("x"), actor=actor, at=AT),
        lambda: actions.set_measures(plan=plan, lines=[], actor=actor, at=AT),
        lambda: actions.adopt_plan(plan=plan, adopted=Adopted(ON), actor=actor, at=AT),
        lambda: actions.discard_draft(plan=plan, actor=actor, at=AT),
        lambda: actions.correct_adoption(version=version_of(adopted), adopted=Adopted(ON), actor=actor, at=AT),
        lambda: actions.withdraw_adoption(version=version_of(adopted), reason="x", actor=actor, at=AT),
        lambda: actions.revise_plan(plan=adopted, actor=actor, at=AT),
        lambda: actions.add_measure(plan=plan, line=Line("x"), actor=actor, at=AT),
        lambda: actions.edit_measure(plan=plan, line=Line("x", key=uuid4()), actor=actor, at=AT),
        lambda: actions.remove_measure(plan=plan, measure=uuid4(), actor=actor, at=AT),
        lambda: actions.apply_upper(plan=plan, base=version_of(adopted), actor=actor, at=AT),
        lambda: actions.treat_measure(plan=plan, upper=1, line=None, actor=actor, at=AT),
        lambda: actions.write_in_full(plan=plan, actor=actor, at=AT),
        lambda: actions.record_adoptions(rollout=world.rollout, adopted=said, title="K", actor=actor, at=AT),
    ):
        refused(OrganisationReason.MAY_NOT_RUN, change)
