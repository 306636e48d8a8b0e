"""What cannot be done with a roll-out; each leaves everything as it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest

from tests.factories.directives import make_directive
from tests.factories.organisation import Ward, acting_as, make_unit, make_ward
from tests.factories.rollouts import OPENS, TODAY, make_rollout
from trienkhai.core.decisions import DomainError, Invalid, Refused
from trienkhai.ledger.models import Entry
from trienkhai.organisation.models import Unit
from trienkhai.organisation.rules import SYSTEM, Reason, UnitKind
from trienkhai.rollouts import actions
from trienkhai.rollouts.models import Declaration, Receipt, Rollout
from trienkhai.rollouts.rules import RolloutError, RolloutPlan, default_steps

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def ward() -> Ward:
    return make_ward(cells=2, members=3)


@pytest.fixture
def rollout(ward: Ward) -> Rollout:
    return make_rollout(ward)


@contextmanager
def refused(kind: type[DomainError], code: RolloutError | Reason, on: str = "") -> Iterator[None]:
    """It is refused with that code, at that field, and nothing has been written."""

    def kept() -> list[object]:
        models = (Rollout, Receipt, Declaration, Entry)
        return [list(model.objects.order_by("pk").values_list()) for model in models]

    before = kept()
    with pytest.raises(kind) as raised:
        yield
    assert raised.value.code == code
    assert getattr(raised.value, "on", "") == on
    assert kept() == before


def test_what_cannot_be_opened(ward: Ward) -> None:
    lead, directive = Unit.objects.get(pk=ward.unit), make_directive(ward.unit)

    def plan(opens_on: date = OPENS, title: str = "Triển khai") -> RolloutPlan:
        return RolloutPlan(title=title, opens_on=opens_on, steps=default_steps({}))

    with refused(Invalid, RolloutError.NO_DIRECTIVE, "directives"):
        actions.open_rollout(plan=plan(), lead=lead, directives=[], actor=SYSTEM, at=TODAY)
    with refused(Invalid, RolloutError.TOO_FAR_AHEAD, "opens_on"):
        ahead = plan(TODAY + timedelta(days=4000))
        actions.open_rollout(plan=ahead, lead=lead, directives=[directive], actor=SYSTEM, at=TODAY)
    with refused(Invalid, RolloutError.LEAD_NOT_OPEN, "opens_on"):
        early = plan(date(1950, 1, 1))
        actions.open_rollout(plan=early, lead=lead, directives=[directive], actor=SYSTEM, at=TODAY)
    secretary = acting_as(ward.members[1][0], on=TODAY)
    with refused(Refused, Reason.MAY_NOT_RUN):
        actions.open_rollout(plan=plan(), lead=lead, directives=[directive], actor=secretary, at=TODAY)


def test_it_is_not_closed_before_it_opened_nor_reopened_while_open(rollout: Rollout) -> None:
    with refused(Invalid, RolloutError.CLOSING_BEFORE_OPENING, "on"):
        actions.close_rollout(rollout=rollout, on=OPENS - timedelta(days=1), actor=SYSTEM, at=TODAY)
    with refused(Refused, RolloutError.NOT_CLOSED):
        actions.reopen_rollout(rollout=rollout, actor=SYSTEM, at=TODAY)
    actions.close_rollout(rollout=rollout, on=TODAY, actor=SYSTEM, at=TODAY)
    with refused(Refused, RolloutError.ALREADY_CLOSED):
        actions.close_rollout(rollout=rollout, on=TODAY, actor=SYSTEM, at=TODAY)


def test_of_receipts_with_one_fault_none_is_written(ward: Ward, rollout: Rollout) -> None:
    elsewhere = make_unit("Đảng bộ xã khác", kind=UnitKind.BASE)
    one, two = ward.cells
    with refused(Invalid, RolloutError.IN_THE_FUTURE, "on"):
        actions.record_receipts(rollout=rollout, days={one: TODAY, two: TOMORROW}, actor=SYSTEM, at=TODAY)
    with refused(Refused, RolloutError.OWES_NOTHING_HERE):
        actions.record_receipts(rollout=rollout, days={one: TODAY, elsewhere: TODAY}, actor=SYSTEM, at=TODAY)
    secretary = acting_as(ward.members[1][0], on=TODAY)
    with refused(Refused, Reason.MAY_NOT_RUN):
        actions.record_receipts(rollout=rollout, days={one: TODAY, two: TODAY}, actor=secretary, at=TODAY)


@pytest.mark.parametrize(
    ("figures", "on", "code", "field"),
    [
        ({"persons_studied": (3, 2)}, TODAY, RolloutError.MORE_THAN_ALL, "persons_studied"),
        ({"persons_studied": (-1, 2)}, TODAY, RolloutError.MORE_THAN_ALL, "persons_studied"),
        ({"persons_studied": (1, 2), "happiness": (1, 1)}, TODAY, RolloutError.NO_SUCH_FIGURE, "happiness"),
        ({"persons_studied": (1, 2)}, TOMORROW, RolloutError.IN_THE_FUTURE, "on"),
    ],
)
def test_what_cannot_be_declared(
    rollout: Rollout, figures: dict[str, tuple[int, int]], on: date, code: RolloutError, field: str
) -> None:
    with refused(Invalid, code, field):
        actions.declare(rollout=rollout, unit=rollout.lead, figures=figures, on=on, actor=SYSTEM, at=TODAY)
