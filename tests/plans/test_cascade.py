"""Plans above and below one another."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.factories.organisation import make_unit
from tests.factories.plans import AT, World, make_plan, make_world, version_of
from trienkhai.core.decisions import Invalid, Refused
from trienkhai.documents import Heading
from trienkhai.organisation.models import Unit
from trienkhai.organisation.rules import SYSTEM, UnitKind
from trienkhai.plans import actions, queries
from trienkhai.plans.models import Measure, Plan
from trienkhai.plans.queries import lines_of
from trienkhai.plans.rules import (
    Adopted,
    Change,
    Finding,
    Head,
    Line,
    PlanError,
    Remark,
    Stance,
    Stances,
    Taking,
    Treatment,
    VersionKind,
    Words,
    in_effect,
    uncovered,
)

pytestmark = pytest.mark.django_db
ON = date(2012, 2, 20)
DAY = AT.date()


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def above(world: World) -> Plan:
    """The ward's plan in force: three measures."""
    lines = [
        Line("Học tập", deadline_on=date(2012, 5, 1), provision=world.provision("Học tập")),
        Line("Kiểm điểm ở trường học"),
        Line("Báo cáo"),
    ]
    plan = make_plan(world, None, *lines)
    actions.adopt_plan(plan=plan, adopted=Adopted(ON, "05-KH/ĐU"), actor=SYSTEM, at=AT)
    plan.refresh_from_db()
    return plan


def ids(plan: Plan, number: int | None = None) -> list[int]:
    """The measures of a version, by identity."""
    return [line.measure or 0 for line in lines_of(version_of(plan, number))]


def applying(world: World, above: Plan, cell: int = 0) -> Plan:
    """A cell's draft that applies the ward's plan."""
    return actions.draft_applying(
        rollout=world.rollout,
        unit=world.cell(cell),
        base=version_of(above, 1),
        head=Head("Kế hoạch của chi bộ"),
        actor=SYSTEM,
        at=AT,
    )


def treat(plan: Plan, upper: int, line: Line | None) -> None:
    actions.treat_measure(plan=plan, upper=upper, line=line, actor=SYSTEM, at=AT)


CHANGED = Line("Học tập hai buổi", treatment=Treatment.CHANGED, reason="Đông đảng viên", deadline_on=date(2012, 5, 2))
OUT = Line("", treatment=Treatment.LEFT_OUT, reason="Không có trường học")


def refused(code: str, change: object) -> None:
    with pytest.raises((Refused, Invalid), match=f"^{code}$"):
        change()  # type: ignore[operator]


def test_a_cell_applies_the_plan_above_with_changes_and_additions(world: World, above: Plan) -> None:
    plan = applying(world, above)
    study, review, report = ids(above)
    draft = version_of(plan)
    assert [one.taking for one in queries.effective(draft)] == [Taking.AS_IT_IS] * 3
    treat(plan, study, CHANGED)
    treat(plan, review, OUT)
    actions.add_measure(plan=plan, line=Line("Thăm hỏi"), actor=SYSTEM, at=AT)
    found = queries.effective(draft)
    assert [(one.taking, one.line.text) for one in found] == [
        (Taking.CHANGED, "Học tập hai buổi"),
        (Taking.LEFT_OUT, "Kiểm điểm ở trường học"),
        (Taking.AS_IT_IS, "Báo cáo"),
        (Taking.OWN, "Thăm hỏi"),
    ]
    assert [row.number for row in queries.measure_rows(draft, on=DAY)] == [1, 2, 3]
    assert found[1].reason == "Không có trường học"
    assert queries.waiting(draft, on=DAY) == []
    treat(plan, study, None)
    assert queries.effective(draft)[0].taking == Taking.AS_IT_IS
    assert report in {line.measure for line in queries.lines_in_effect(draft)}


def test_a_measure_changed_again_keeps_its_identity(world: World, above: Plan) -> None:
    plan = applying(world, above)
    study = ids(above)[0]
    treat(plan, study, CHANGED)
    first = Measure.objects.get(plan=plan)
    treat(plan, study, replace(CHANGED, text="Học tập ba buổi"))
    treat(plan, study, OUT)
    assert Measure.objects.get(plan=plan) == first
    assert lines_of(version_of(plan))[0].reason == "Không có trường học"
    actions.adopt_plan(plan=plan, adopted=Adopted(ON), actor=SYSTEM, at=AT)
    actions.revise_plan(plan=plan, actor=SYSTEM, at=AT)
    treat(plan, study, None)
    treat(plan, study, CHANGED)
    assert lines_of(version_of(plan))[0].key == first.key


def test_what_cannot_be_applied_or_treated(world: World, above: Plan) -> None:
    study = ids(above)[0]
    full = make_plan(world, world.cell(1), Line("Riêng"))
    refused(PlanError.NOT_APPLYING, lambda: treat(full, study, CHANGED))
    for base in (version_of(full), version_of(above)):
        refused(
            PlanError.NOT_ABOVE,
            lambda b=base: actions.apply_upper(
                plan=full if b.plan_id == full.pk else above_draft(above), base=b, actor=SYSTEM, at=AT
            ),
        )
    plan = applying(world, above)
    refused(PlanError.NOT_ABOVE, lambda: treat(plan, ids(full)[0], CHANGED))
    refused(PlanError.LEFT_OUT_WHY, lambda: treat(plan, study, replace(OUT, reason=" ")))
    refused(PlanError.NOT_APPLYING, lambda: actions.write_in_full(plan=full, actor=SYSTEM, at=AT))


def above_draft(above: Plan) -> Plan:
    """The ward's plan with a draft; its own version is not above it."""
    if not above.versions.filter(adopted_on__isnull=True).exists():
        actions.revise_plan(plan=above, actor=SYSTEM, at=AT)
    return above


def test_a_version_that_is_applied_is_not_taken_back(world: World, above: Plan) -> None:
    plan = applying(world, above)
    base = version_of(above)
    refused(
        PlanError.APPLIED_BELOW,
        lambda: actions.withdraw_adoption(version=base, reason="Nhầm", actor=SYSTEM, at=AT),
    )
    actions.discard_draft(plan=plan, actor=SYSTEM, at=AT)
    actions.withdraw_adoption(version=base, reason="Nhầm", actor=SYSTEM, at=AT)
    refused(PlanError.NOT_ABOVE, lambda: applying(world, above))


def test_a_plan_written_in_full_keeps_what_it_took(world: World, above: Plan) -> None:
    plan = applying(world, above)
    study, review, report = ids(above)
    treat(plan, study, CHANGED)
    treat(plan, review, OUT)
    actions.add_measure(plan=plan, line=Line("Thăm hỏi"), actor=SYSTEM, at=AT)
    changed = lines_of(version_of(plan))[0].key
    actions.write_in_full(plan=plan, actor=SYSTEM, at=AT)
    draft = version_of(plan)
    assert (draft.kind, draft.base) == (VersionKind.FULL, None)
    lines = lines_of(draft)
    assert [(line.text, line.answers) for line in lines] == [
        ("Học tập hai buổi", study),
        ("Báo cáo", report),
        ("Thăm hỏi", None),
    ]
    assert lines[0].key == changed
    assert [number for number, _line in queries.waiting(draft, on=DAY)] == [2]


def test_a_newer_version_above_waits_until_it_is_applied(world: World, above: Plan) -> None:
    plan = applying(world, above)
    study, review, _report = ids(above)
    treat(plan, study, CHANGED)
    treat(plan, review, OUT)
    actions.adopt_plan(plan=plan, adopted=Adopted(ON), actor=SYSTEM, at=AT)
    actions.revise_plan(plan=above, actor=SYSTEM, at=AT)
    lines = lines_of(version_of(above))
    actions.set_measures(plan=above, lines=[lines[0], lines[2], Line("Mới")], actor=SYSTEM, at=AT)
    actions.adopt_plan(plan=above, adopted=Adopted(ON + timedelta(days=30)), actor=SYSTEM, at=AT)
    newer = version_of(above)
    assert queries.upper_version(world.rollout, world.ward.cells[0], on=DAY) == newer
    assert queries.upper_version(world.rollout, world.ward.cells[0], on=ON) == version_of(above, 1)
    assert queries.upper_version(world.rollout, world.ward.unit, on=DAY) is None
    assert [(number, line.text) for number, line in queries.waiting(version_of(plan), on=DAY)] == [(3, "Mới")]
    assert [row.taken for row in queries.taken_up(newer, on=DAY)] == [1, 1, 0]
    actions.revise_plan(plan=plan, actor=SYSTEM, at=AT)
    actions.apply_upper(plan=plan, base=newer, actor=SYSTEM, at=AT)
    found = queries.effective(version_of(plan))
    assert [one.taking for one in found] == [Taking.CHANGED, Taking.AS_IT_IS, Taking.AS_IT_IS]
    assert [one.taking for one in queries.effective(version_of(plan, 1))].count(Taking.LEFT_OUT) == 1
    compared = queries.compare(version_of(plan, 1), version_of(plan))
    assert [(one.change.value, one.new.text if one.new else "") for one in compared.found] == [
        ("same", "Học tập hai buổi"),
        ("same", "Báo cáo"),
        ("added", "Mới"),
    ]


def test_from_above_who_took_up_what(world: World, above: Plan) -> None:
    study, review, _report = ids(above)
    first = applying(world, above, 0)
    treat(first, review, OUT)
    second = make_plan(world, world.cell(1), Line("Học kỹ", answers=study), Line("Riêng"))
    for plan in (first, second):
        actions.adopt_plan(plan=plan, adopted=Adopted(ON), actor=SYSTEM, at=AT)
    applying(world, above, 2)
    rows = queries.taken_up(version_of(above), on=DAY)
    assert [(row.number, row.taken, row.left_out, row.waiting) for row in rows] == [
        (1, 2, 0, 1),
        (2, 0, 1, 2),
        (3, 1, 0, 2),
    ]
    assert {row.owed for row in rows} == {3}
    answers = queries.answers_to(version_of(above), study, on=DAY)
    assert [(one.unit_id, one.words) for one in answers.taken] == [
        (world.ward.cells[0], ""),
        (world.ward.cells[1], "Học kỹ"),
    ]
    assert [one.unit_id for one in answers.waiting] == [world.ward.cells[2]]
    left = queries.answers_to(version_of(above), review, on=DAY, among={world.ward.cells[0]})
    assert [one.reason for one in left.left_out] == ["Không có trường học"]
    assert left.waiting == ()
    assert [line.text for _number, line in queries.waiting(version_of(second), on=DAY)] == [
        "Kiểm điểm ở trường học",
        "Báo cáo",
    ]


def test_what_is_taken_up_reaches_through_a_section(world: World, above: Plan) -> None:
    section = make_unit("Đảng bộ bộ phận", kind=UnitKind.SECTION, parent=world.ward.unit)
    study, review, report = ids(above)
    middle = actions.draft_applying(
        rollout=world.rollout,
        unit=Unit.objects.get(pk=section),
        base=version_of(above),
        head=Head("Kế hoạch bộ phận"),
        actor=SYSTEM,
        at=AT,
    )
    treat(middle, study, CHANGED)
    treat(middle, review, OUT)
    actions.adopt_plan(plan=middle, adopted=Adopted(ON), actor=SYSTEM, at=AT)
    own = Measure.objects.get(plan=middle, answers=study)
    stances = Stances(
        versions={
            1: Words(None, tuple((measure, Treatment.OWN) for measure in (study, review, report))),
            2: Words(1, ((own.pk, Treatment.CHANGED), (99, Treatment.LEFT_OUT))),
            3: Words(2, ((100, Treatment.OWN),)),
        },
        answers={own.pk: study, 99: review, 100: None},
    )
    assert stances.of(3) == Stance(frozenset({own.pk, study, report, 100}), frozenset({review}))
    assert stances.of(7) == Stance()


def test_checks_look_at_own_words_and_at_the_plan_above(world: World, above: Plan) -> None:
    plan = applying(world, above)
    study = ids(above)[0]
    treat(plan, study, replace(CHANGED, lead="Chi uỷ", product="Biên bản"))
    actions.add_measure(plan=plan, line=Line("Thăm hỏi", lead="Chi uỷ", product="Sổ"), actor=SYSTEM, at=AT)
    found = queries.version_findings(version_of(plan), on=DAY)
    assert found == [
        Finding(Remark.AFTER_UPPER, 1),
        Finding(Remark.NO_DEADLINE, 4),
        Finding(Remark.ORPHAN, 4),
    ]
    actions.adopt_plan(plan=plan, adopted=Adopted(ON), actor=SYSTEM, at=AT)
    assert Finding(Remark.OVERDUE, 1) in queries.version_findings(version_of(plan), on=date(2012, 5, 3))


def test_provisions_without_a_measure(above: Plan) -> None:
    parts = queries.uncovered_provisions(version_of(above))
    assert [(part.name, part.text) for part in parts] == [("12-NQ/TW, I", "Tình hình"), ("12-NQ/TW, II.2", "Kiểm điểm")]


def test_topmost_parts_are_told_of() -> None:
    tree = [(1, None), (2, 1), (3, 2), (4, 1), (5, None), (6, 5)]
    assert uncovered(tree, {3}) == [4, 5]
    assert uncovered(tree, {1}) == [5]
    assert uncovered(tree, set()) == [1, 5]
    assert uncovered(tree, {1, 6}) == []


def test_treatments_of_measures_that_are_gone_are_left_out() -> None:
    base = [Line("Một", measure=1)]
    own = [Line("Hai, sửa", answers=2, treatment=Treatment.CHANGED), Line("Riêng")]
    found = in_effect(own, base)
    assert [(one.taking, one.line.text) for one in found] == [(Taking.AS_IT_IS, "Một"), (Taking.OWN, "Riêng")]


def test_links_upwards_stay_as_adopted(world: World, above: Plan) -> None:
    study, review, _report = ids(above)
    plan = make_plan(world, world.cell(0), Line("Học"), Line("Kiểm", answers=review))
    actions.adopt_plan(plan=plan, adopted=Adopted(ON), actor=SYSTEM, at=AT)
    actions.revise_plan(plan=plan, actor=SYSTEM, at=AT)
    one, two = lines_of(version_of(plan))
    turned = [one, replace(two, answers=study)]
    refused(
        PlanError.ANSWER_FIXED,
        lambda: actions.set_measures(plan=plan, lines=turned, actor=SYSTEM, at=AT),
    )
    linked = [replace(one, answers=study), two]
    actions.set_measures(plan=plan, lines=linked, actor=SYSTEM, at=AT)
    assert [line.answers for line in lines_of(version_of(plan))] == [study, review]


def test_a_plan_of_its_own_turns_to_applying_and_keeps_what_it_said(world: World, above: Plan) -> None:
    study, review, report = ids(above)
    lines = [
        Line("Thăm hỏi"),
        Line("Báo cáo tháng", answers=report, product="Báo cáo"),
        Line("Học tập hai buổi", answers=study),
        Line("Học tập bù", answers=study),
    ]
    plan = make_plan(world, world.cell(1), *lines)
    actions.adopt_plan(plan=plan, adopted=Adopted(ON + timedelta(days=2)), actor=SYSTEM, at=AT)
    before = {line.text: line.key for line in lines_of(version_of(plan))}
    actions.apply_newer(plan=plan, base=version_of(above), actor=SYSTEM, at=AT)
    found = queries.effective(version_of(plan))
    assert [(one.taking, one.line.text) for one in found] == [
        (Taking.CHANGED, "Học tập hai buổi"),
        (Taking.AS_IT_IS, "Kiểm điểm ở trường học"),
        (Taking.CHANGED, "Báo cáo tháng"),
        (Taking.OWN, "Thăm hỏi"),
        (Taking.OWN, "Học tập bù"),
    ]
    assert {line.text: line.key for line in lines_of(version_of(plan))} == before, "the same measures"
    compared = queries.compare(version_of(plan, 1), version_of(plan))
    assert [one.new.text for one in compared.found if one.change.value == "added" and one.new] == [
        "Kiểm điểm ở trường học"
    ]
    assert compared.count(Change.REMOVED) == 0
    actions.adopt_plan(plan=plan, adopted=Adopted(ON + timedelta(days=3)), actor=SYSTEM, at=AT)
    stance = {row.line.measure: row.taken for row in queries.taken_up(version_of(above), on=DAY)}
    assert stance == {study: 1, review: 1, report: 1}


def test_words_saved_as_they_stand_above_change_nothing(world: World, above: Plan) -> None:
    plan, study = applying(world, above), ids(above)[0]
    upper = lines_of(version_of(above))[0]
    same = replace(upper, key=None, treatment=Treatment.CHANGED, reason="Không rõ", text=f" {upper.text} ")
    said = actions.treat_measure(plan=plan, upper=study, line=same, actor=SYSTEM, at=AT)
    assert said == Taking.AS_IT_IS
    assert lines_of(version_of(plan)) == []
    treat(plan, study, CHANGED)
    treat(plan, study, same)
    assert lines_of(version_of(plan)) == [], "words changed back are no change"
    other = replace(same, deadline_on=date(2012, 4, 30))
    assert actions.treat_measure(plan=plan, upper=study, line=other, actor=SYSTEM, at=AT) == Taking.CHANGED


def test_the_document_says_what_is_different(world: World, above: Plan) -> None:
    plan = applying(world, above)
    study, review, _report = ids(above)
    treat(plan, study, CHANGED)
    treat(plan, review, OUT)
    actions.add_measure(plan=plan, line=Line("Thăm hỏi"), actor=SYSTEM, at=AT)
    made = queries.plan_document(version_of(plan), on=DAY, created=AT)
    said = "\n".join(run.text for block in made.blocks for run in getattr(block, "runs", ()))
    for words in (
        "áp dụng Kế hoạch số 05-KH/ĐU",
        "Thực hiện nguyên văn 1 nhiệm vụ",
        "Nhiệm vụ 1 được sửa như sau: Học tập hai buổi",
        "Nhiệm vụ 2 (“Kiểm điểm ở trường học”): Không có trường học",
        "- Thăm hỏi",
    ):
        assert words in said
    assert [block.text for block in made.blocks if isinstance(block, Heading)][1:] == [
        "1. Áp dụng",
        "2. Sửa đổi",
        "3. Không áp dụng",
        "4. Bổ sung",
    ]
