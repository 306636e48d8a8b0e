"""Milestones handed down from the apps that own the facts: by person and unit, in parts, along the line of units."""

from collections import Counter
from datetime import date

import pytest

from tests.factories.directives import make_directive
from tests.factories.organisation import AT, Ward, acting_as, make_person, make_unit, make_ward
from tests.factories.rollouts import OPENS, TODAY, make_rollout, share
from trienkhai.core.decisions import Invalid
from trienkhai.figures.queries import totals
from trienkhai.ledger.actions import record
from trienkhai.ledger.models import Entry
from trienkhai.organisation.actions import NewUnit
from trienkhai.organisation.models import Unit
from trienkhai.organisation.rules import SYSTEM, UnitKind
from trienkhai.rollouts import actions
from trienkhai.rollouts.actions import milestones, organisation
from trienkhai.rollouts.models import Milestone, Obligation, Rollout
from trienkhai.rollouts.queries import obligations, reached_by
from trienkhai.rollouts.rules import MEETINGS_HELD, MilestoneCode, RolloutError, RolloutPlan, StepKind, StepPlan

pytestmark = pytest.mark.django_db
MAY, JUNE = date(2012, 5, 1), date(2012, 6, 1)


@pytest.fixture
def ward() -> Ward:
    return make_ward(cells=3, members=3)


@pytest.fixture
def rollout(ward: Ward) -> Rollout:
    return make_rollout(ward)


def entry() -> Entry:
    return record(actor=None, action="tests.fact")


def reach(rollout: Rollout, people: dict[int, date | None], units: dict[int, date | None]) -> None:
    milestones.set_reached(
        rollout=rollout, step=StepKind.STUDY, code=MilestoneCode.STUDIED, people=people, units=units, entry=entry()
    )


def test_in_parts_it_is_the_same_as_at_once(ward: Ward, rollout: Rollout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(milestones, "CHUNK", 2)
    reach(rollout, dict.fromkeys(ward.everybody, MAY), dict.fromkeys(ward.cells, JUNE))
    assert share(rollout, "persons_studied", ward.unit, MAY) == (9, 9)
    assert share(rollout, "units_studied", ward.unit, MAY) == (0, 3)
    assert share(rollout, "units_studied", ward.unit, JUNE) == (3, 3)
    reach(rollout, dict.fromkeys(ward.everybody[:5], None), {})
    assert reached_by(rollout=rollout, code=MilestoneCode.STUDIED) == dict.fromkeys(ward.everybody[5:], MAY)
    assert share(rollout, "persons_studied", ward.unit) == (4, 9)


def test_a_step_the_roll_out_has_not_is_reached_by_nobody(ward: Ward) -> None:
    plan = RolloutPlan(title="Chỉ nộp bài", opens_on=OPENS, steps=(StepPlan(StepKind.PAPER),))
    lead, directive = Unit.objects.get(pk=ward.unit), make_directive(ward.unit)
    rollout = actions.open_rollout(plan=plan, lead=lead, directives=[directive], actor=SYSTEM, at=TODAY)
    milestones.set_reached(
        rollout=rollout,
        step=StepKind.STUDY,
        code=MilestoneCode.STUDIED,
        people={ward.everybody[0]: MAY},
        units={},
        entry=entry(),
        beside=Counter({(MEETINGS_HELD, ward.cells[0], MAY): 1}),
    )
    assert not Milestone.objects.exists()
    made = milestones.ensure_obligations(rollout=rollout, step=StepKind.STUDY, people=[ward.everybody[0]])
    assert (made, Obligation.objects.filter(step__kind=StepKind.STUDY).count()) == ({}, 0)
    found = totals(scope=rollout.scope, codes=[MEETINGS_HELD], unit=ward.unit, as_of=TODAY)
    assert found == {MEETINGS_HELD: 1}  # what is counted beside it is counted all the same


def test_an_obligation_made_before_it_is_owed_belongs_nowhere(ward: Ward, rollout: Rollout) -> None:
    outsider = make_person("Người Ngoài")
    known = obligations(rollout=rollout, step=StepKind.PAPER, people=ward.everybody[:1])
    made = milestones.ensure_obligations(
        rollout=rollout, step=StepKind.PAPER, people=[outsider, ward.everybody[0], outsider]
    )
    assert made.keys() == {outsider, ward.everybody[0]}
    assert made[ward.everybody[0]].pk == known[ward.everybody[0]].pk
    reach(rollout, {outsider: MAY}, {})
    assert reached_by(rollout=rollout, code=MilestoneCode.STUDIED, people=[outsider]) == {outsider: MAY}
    assert share(rollout, "persons_studied", ward.unit) == (0, 9)
    again = milestones.ensure_obligations(rollout=rollout, step=StepKind.PAPER, people=[outsider])
    assert again[outsider].pk == made[outsider].pk
    assert share(rollout, "papers_submitted", ward.unit) == (0, 9)
    milestones.set_milestones(wanted={made[outsider].pk: {MilestoneCode.SUBMITTED: JUNE}}, entry=entry())
    assert share(rollout, "papers_submitted", ward.unit) == (0, 9)


def test_a_unit_outside_the_roll_out_gets_one_too(ward: Ward, rollout: Rollout) -> None:
    other = make_ward(cells=1, members=1, name="Đảng bộ xã khác").cells[0]
    made = milestones.ensure_obligations(rollout=rollout, step=StepKind.STUDY, units=[other, ward.cells[0]])
    assert made.keys() == {other, ward.cells[0]}
    assert share(rollout, "units_studied", ward.unit) == (0, 3)


def test_what_both_had_goes_down_the_line_of_merged_units(ward: Ward, rollout: Rollout) -> None:
    """Merged twice: the last one has studied as soon as the third has, by what the first two had."""
    one, two, three = ward.cells
    reach(rollout, {}, {one: MAY, two: JUNE})
    first = _merged(ward, (one, two), "Chi bộ 1 và 2", date(2012, 7, 1))
    last = _merged(ward, (first, three), "Chi bộ 1, 2 và 3", date(2012, 8, 1))
    assert share(rollout, "units_studied", ward.unit) == (0, 1)
    reach(rollout, {}, {three: JUNE})
    assert share(rollout, "units_studied", ward.unit) == (1, 1)
    reach(rollout, {}, {last: date(2012, 9, 1)})  # of its own now
    reach(rollout, {}, {one: None})
    assert share(rollout, "units_studied", ward.unit) == (1, 1)
    reach(rollout, {}, {last: None})
    assert share(rollout, "units_studied", ward.unit) == (0, 1)


def _merged(ward: Ward, cells: tuple[int, ...], name: str, on: date) -> int:
    into = NewUnit(name=name, kind=UnitKind.CELL, on=on, parent=ward.unit)
    change = organisation.merge_units(units=cells, into=into, on=on, actor=SYSTEM, at=AT)
    return change.made[0]


def test_a_plan_that_cannot_be_is_refused_before_anything_is_made(ward: Ward) -> None:
    lead, directive = Unit.objects.get(pk=ward.unit), make_directive(ward.unit)
    plan = RolloutPlan(title=" ", opens_on=OPENS, steps=())
    with pytest.raises(Invalid) as raised:
        actions.open_rollout(plan=plan, lead=lead, directives=[directive], actor=SYSTEM, at=TODAY)
    assert raised.value.code == RolloutError.NO_TITLE
    assert not Rollout.objects.exists()


def test_a_secretary_records_their_own_units_receipts_alone(ward: Ward, rollout: Rollout) -> None:
    secretary = acting_as(ward.members[1][0], on=TODAY)
    assert actions.record_receipts(rollout=rollout, days={ward.cells[1]: MAY}, actor=secretary, at=TODAY).count == 1
    assert share(rollout, "units_received", ward.unit, MAY) == (1, 4)


def test_a_group_receives_with_its_cell(ward: Ward, rollout: Rollout) -> None:
    """It lies in the roll-out and owes no receipt of its own."""
    group = make_unit("Tổ đảng 1", kind=UnitKind.GROUP, parent=ward.cells[0])
    entries = Entry.objects.count()
    with pytest.raises(Invalid) as raised:
        actions.record_receipts(rollout=rollout, days={ward.cells[0]: MAY, group: MAY}, actor=SYSTEM, at=TODAY)
    assert raised.value.code == RolloutError.OWES_NOTHING_HERE
    assert (share(rollout, "units_received", ward.unit), Entry.objects.count()) == ((0, 4), entries)
