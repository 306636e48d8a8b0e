from datetime import UTC, date, datetime

import pytest

from tests.factories.organisation import acting_as, make_person, make_unit, make_ward, office_of
from tests.factories.rollouts import OPENS, TODAY, make_directive, make_rollout, obligation_of, share
from trienkhai.core.decisions import Invalid, Refused
from trienkhai.figures.actions import roll_up
from trienkhai.ledger import clock
from trienkhai.ledger.actions import record
from trienkhai.ledger.models import Entry
from trienkhai.organisation.actions import NewUnit
from trienkhai.organisation.models import Unit
from trienkhai.organisation.rules import SYSTEM, EndReason, PostKind, Standing, UnitKind
from trienkhai.rollouts import actions
from trienkhai.rollouts.actions import organisation as changing
from trienkhai.rollouts.models import Declaration, Milestone, ObligationPlace, Receipt
from trienkhai.rollouts.queries import obligations
from trienkhai.rollouts.rules import MilestoneCode, RolloutError, RolloutPlan, StepKind, default_steps

pytestmark = pytest.mark.django_db
NOVEMBER = datetime(2012, 11, 20, 3, tzinfo=UTC)


def entry() -> Entry:
    return record(actor=None, action="tests.something")


def test_opening_gives_everybody_what_they_owe() -> None:
    ward = make_ward(cells=3, members=4)
    make_person("Trần Văn Miễn", unit=ward.cells[0], standing=Standing.EXEMPT)
    rollout = make_rollout(ward)
    assert share(rollout, "units_received", ward.unit) == (0, 4)
    assert share(rollout, "units_planned", ward.unit) == (0, 4)
    assert share(rollout, "units_studied", ward.unit) == (0, 3)
    assert share(rollout, "persons_studied", ward.unit) == (0, 12)
    assert share(rollout, "papers_submitted", ward.cells[0]) == (0, 4)
    assert share(rollout, "persons_studied", ward.unit, leaders=True) == (0, 3)
    assert share(rollout, "persons_studied", ward.unit, as_of=date(2012, 1, 31)) == (0, 0)


def test_opening_is_refused_to_strangers_and_without_a_directive() -> None:
    ward = make_ward()
    unit = Unit.objects.get(pk=ward.unit)
    plan = RolloutPlan(title="Thử", opens_on=OPENS, steps=default_steps({}))
    with pytest.raises(Refused):
        actions.open_rollout(
            plan=plan, lead=unit, directives=[make_directive(ward.unit)], actor=acting_as(ward.members[1][1]), at=TODAY
        )
    with pytest.raises(Invalid, match=RolloutError.NO_DIRECTIVE):
        actions.open_rollout(plan=plan, lead=unit, directives=[], actor=office_of(ward.unit), at=TODAY)


def test_reconciling_again_changes_nothing() -> None:
    ward = make_ward()
    make_rollout(ward)
    rows = ObligationPlace.objects.count()
    actions.reconcile(entry=entry(), people=ward.everybody, units=[ward.unit, *ward.cells])
    assert ObligationPlace.objects.count() == rows


def test_an_obligation_travels_with_the_person_who_moves() -> None:
    ward = make_ward(cells=2, members=3)
    rollout = make_rollout(ward)
    mover = ward.members[0][1]
    obligation = obligation_of(rollout, mover, StepKind.STUDY)
    actions.set_milestones(wanted={obligation.pk: {MilestoneCode.STUDIED: date(2012, 5, 1)}}, entry=entry())
    changing.move_person(person=mover, to_unit=ward.cells[1], on=date(2012, 10, 1), actor=SYSTEM, at=NOVEMBER)
    first, second = ward.cells
    assert share(rollout, "persons_studied", first, date(2012, 9, 30)) == (1, 3)
    assert share(rollout, "persons_studied", first, date(2012, 10, 1)) == (0, 2)
    assert share(rollout, "persons_studied", second, date(2012, 10, 1)) == (1, 4)
    assert share(rollout, "persons_studied", ward.unit, date(2012, 10, 1)) == (1, 6)


@pytest.mark.parametrize("reason", [EndReason.DIED, EndReason.MOVED_OUT, EndReason.EXPELLED])
def test_obligations_end_with_death_and_leaving(reason: EndReason) -> None:
    ward = make_ward(cells=1, members=3)
    rollout = make_rollout(ward)
    changing.end_membership(person=ward.members[0][2], on=date(2012, 6, 1), reason=reason, actor=SYSTEM, at=NOVEMBER)
    assert share(rollout, "papers_submitted", ward.unit, date(2012, 5, 31)) == (0, 3)
    assert share(rollout, "papers_submitted", ward.unit, date(2012, 6, 1)) == (0, 2)


def test_a_new_leader_is_counted_among_the_leaders_from_that_day() -> None:
    ward = make_ward(cells=1, members=3)
    rollout = make_rollout(ward)
    changing.give_post(
        person=ward.members[0][1],
        unit=ward.cells[0],
        kind=PostKind.DEPUTY,
        on=date(2012, 7, 1),
        actor=SYSTEM,
        at=NOVEMBER,
    )
    assert share(rollout, "persons_studied", ward.unit, date(2012, 6, 30), leaders=True) == (0, 1)
    assert share(rollout, "persons_studied", ward.unit, date(2012, 7, 1), leaders=True) == (0, 2)


def test_known_at_an_earlier_day_a_late_entry_is_not_there() -> None:
    with clock.simulated(datetime(2012, 2, 1, 3, tzinfo=UTC)):
        ward = make_ward(cells=1, members=2)
        rollout = make_rollout(ward)
    obligation = obligation_of(rollout, ward.members[0][1])
    with clock.simulated(datetime(2012, 11, 3, 3, tzinfo=UTC)):
        actions.set_milestones(wanted={obligation.pk: {MilestoneCode.SUBMITTED: date(2012, 10, 30)}}, entry=entry())
    october = date(2012, 10, 31)
    for _round in range(2):
        assert share(rollout, "papers_submitted", ward.unit, october, known_at=october) == (0, 2)
        assert share(rollout, "papers_submitted", ward.unit, october, known_at=date(2012, 11, 5)) == (1, 2)
        assert share(rollout, "papers_on_time", ward.unit, october) == (1, 2)
        roll_up()


def test_a_duplicate_found_later_disappears_from_what_is_known_now_alone() -> None:
    with clock.simulated(datetime(2012, 2, 1, 3, tzinfo=UTC)):
        ward = make_ward(cells=2, members=2)
        rollout = make_rollout(ward)
    keep, drop = ward.members[0][1], ward.members[1][1]
    with clock.simulated(datetime(2012, 10, 20, 3, tzinfo=UTC)):
        for person in (keep, drop):
            wanted = {obligation_of(rollout, person).pk: {MilestoneCode.SUBMITTED: date(2012, 10, 20)}}
            actions.set_milestones(wanted=wanted, entry=entry())
    with clock.simulated(NOVEMBER):
        changing.merge_duplicate(keep=keep, drop=drop, actor=SYSTEM, at=NOVEMBER)
    october = date(2012, 10, 31)
    assert share(rollout, "papers_submitted", ward.unit, october, known_at=date(2012, 11, 5)) == (2, 4)
    assert share(rollout, "papers_submitted", ward.unit, october) == (1, 3)


def test_a_merged_cell_has_studied_when_both_had() -> None:
    ward = make_ward(cells=3, members=2)
    rollout = make_rollout(ward)
    owed = obligations(rollout=rollout, step=StepKind.STUDY, units=ward.cells)
    for cell, day in ((ward.cells[0], date(2012, 5, 1)), (ward.cells[1], date(2012, 6, 1))):
        actions.set_milestones(wanted={owed[cell].pk: {MilestoneCode.STUDIED: day}}, entry=entry())
    merged = NewUnit(name="Chi bộ khu 1 và 2", kind=UnitKind.CELL, on=date(2012, 10, 1), parent=ward.unit)
    changing.merge_units(units=ward.cells[:2], into=merged, on=date(2012, 10, 1), actor=SYSTEM, at=NOVEMBER)
    assert share(rollout, "units_studied", ward.unit, date(2012, 9, 30)) == (2, 3)
    assert share(rollout, "units_studied", ward.unit, date(2012, 10, 1)) == (1, 2)
    actions.set_milestones(wanted={owed[ward.cells[1]].pk: {MilestoneCode.STUDIED: None}}, entry=entry())
    assert share(rollout, "units_studied", ward.unit, date(2012, 10, 1)) == (0, 2)


def test_milestones_written_twice_are_written_once() -> None:
    ward = make_ward(cells=1, members=2)
    rollout = make_rollout(ward)
    wanted = {obligation_of(rollout, ward.members[0][0]).pk: {MilestoneCode.SUBMITTED: date(2012, 10, 1)}}
    for _again in range(2):
        actions.set_milestones(wanted=wanted, entry=entry())
    assert Milestone.objects.filter(code=MilestoneCode.SUBMITTED).count() == 1
    assert share(rollout, "papers_submitted", ward.unit) == (1, 2)


def test_a_later_deadline_makes_late_papers_timely() -> None:
    ward = make_ward(cells=1, members=2)
    rollout = make_rollout(ward)
    wanted = {obligation_of(rollout, ward.members[0][0]).pk: {MilestoneCode.SUBMITTED: date(2012, 11, 3)}}
    actions.set_milestones(wanted=wanted, entry=entry())
    assert share(rollout, "papers_on_time", ward.unit) == (0, 2)
    actions.change_deadline(rollout=rollout, step=StepKind.PAPER, deadline_on=date(2012, 11, 5), actor=SYSTEM, at=TODAY)
    assert share(rollout, "papers_on_time", ward.unit) == (1, 2)


def test_receipts_are_corrected_and_withdrawn() -> None:
    ward = make_ward(cells=1, members=1)
    rollout = make_rollout(ward)
    cell = Unit.objects.get(pk=ward.cells[0])
    actions.record_receipt(rollout=rollout, unit=cell, on=date(2012, 3, 1), actor=SYSTEM, at=TODAY)
    actions.record_receipt(rollout=rollout, unit=cell, on=date(2012, 3, 5), actor=SYSTEM, at=TODAY)
    assert share(rollout, "units_received", ward.unit, date(2012, 3, 4)) == (0, 2)
    assert share(rollout, "units_received", ward.unit, date(2012, 3, 5)) == (1, 2)
    assert Receipt.objects.count() == 2
    actions.withdraw_receipt(rollout=rollout, unit=cell, actor=SYSTEM, at=TODAY)
    assert share(rollout, "units_received", ward.unit) == (0, 2)


def test_a_unit_cannot_receive_in_the_future_nor_for_a_neighbour() -> None:
    ward = make_ward(cells=2, members=2)
    rollout = make_rollout(ward)
    own, other = (Unit.objects.get(pk=cell) for cell in ward.cells)
    secretary = acting_as(ward.members[0][0], on=TODAY)
    with pytest.raises(Invalid, match=RolloutError.IN_THE_FUTURE):
        actions.record_receipt(rollout=rollout, unit=own, on=date(2012, 12, 1), actor=SYSTEM, at=TODAY)
    stranger = Unit.objects.get(pk=make_unit("Đảng bộ phường khác", kind=UnitKind.BASE))
    with pytest.raises(Refused, match=RolloutError.OWES_NOTHING_HERE):
        actions.record_receipt(rollout=rollout, unit=stranger, on=OPENS, actor=SYSTEM, at=TODAY)
    member = acting_as(ward.members[1][1], on=TODAY)
    with pytest.raises(Refused):
        actions.record_receipt(rollout=rollout, unit=other, on=OPENS, actor=member, at=TODAY)
    assert secretary.person_id == ward.members[0][0]


def test_declared_figures_are_totalled_apart_and_replaced() -> None:
    from trienkhai.figures.queries import totals  # noqa: PLC0415 - used once
    from trienkhai.rollouts.rules import declared  # noqa: PLC0415

    ward = make_ward(cells=2, members=1)
    rollout = make_rollout(ward)
    cell = Unit.objects.get(pk=ward.cells[0])
    for numerator in (30, 40):
        actions.declare(
            rollout=rollout,
            unit=cell,
            figures={"persons_studied": (numerator, 45)},
            on=date(2012, 10, 1),
            actor=SYSTEM,
            at=TODAY,
        )
    codes = [declared("persons_studied", part) for part in ("numerator", "denominator")]
    found = totals(scope=rollout.scope, codes=codes, unit=ward.unit, as_of=TODAY)
    assert [found[code] for code in codes] == [40, 45]
    assert share(rollout, "persons_studied", ward.unit) == (0, 2)
    assert Declaration.objects.current().count() == 1
    with pytest.raises(Invalid, match=RolloutError.MORE_THAN_ALL):
        actions.declare(
            rollout=rollout, unit=cell, figures={"papers_submitted": (3, 2)}, on=TODAY, actor=SYSTEM, at=TODAY
        )


def test_closing_stops_new_obligations_and_can_be_undone() -> None:
    ward = make_ward(cells=1, members=1)
    rollout = make_rollout(ward, deadlines={})
    actions.close_rollout(rollout=rollout, on=date(2012, 6, 1), actor=SYSTEM, at=TODAY)
    newcomer = make_person("Lê Thị Mới", birth_year=1990)
    changing.add_membership(person=newcomer, unit=ward.cells[0], on=date(2012, 7, 1), actor=SYSTEM, at=NOVEMBER)
    assert share(rollout, "papers_submitted", ward.unit) == (0, 1)
    with pytest.raises(Refused, match=RolloutError.ALREADY_CLOSED):
        actions.close_rollout(rollout=rollout, on=TODAY, actor=SYSTEM, at=TODAY)
    actions.reopen_rollout(rollout=rollout, actor=SYSTEM, at=TODAY)
    actions.reconcile(entry=entry(), people=[newcomer])
    assert share(rollout, "papers_submitted", ward.unit) == (0, 2)
