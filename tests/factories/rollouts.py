"""A directive and a roll-out for a ward, opened through the action a clerk uses."""

from datetime import UTC, date, datetime

from tests.factories.organisation import Ward, make_ward
from trienkhai.directives.models import Directive
from trienkhai.figures.queries import totals
from trienkhai.organisation.models import Unit
from trienkhai.organisation.rules import SYSTEM
from trienkhai.rollouts.actions import open_rollout
from trienkhai.rollouts.models import Obligation, Rollout
from trienkhai.rollouts.rules import (
    FIGURE_BY_CODE,
    LEADERS,
    RolloutPlan,
    StepKind,
    default_steps,
)
from trienkhai.text import fold

OPENS = date(2012, 2, 1)
PAPERS_BY = date(2012, 10, 31)
TODAY = date(2012, 11, 20)
NOW = datetime(2012, 11, 20, 3, tzinfo=UTC)


def make_directive(owner: int, *, number: str = "12-NQ/TW", title: str = "Một số vấn đề về xây dựng Đảng") -> Directive:
    """A directive in the owner's book."""
    return Directive.objects.create(
        owner_id=owner,
        kind="resolution",
        number=number,
        issuer="Ban Chấp hành Trung ương",
        issued_on=date(2012, 1, 16),
        title=title,
        folded=fold(f"{number} {title}"),
    )


def make_rollout(
    ward: Ward | None = None,
    *,
    opens_on: date = OPENS,
    deadlines: dict[StepKind, date | None] | None = None,
    **values: object,
) -> Rollout:
    """A roll-out led by the ward, papers due by the end of October."""
    lead = (ward or make_ward()).unit
    steps = default_steps({StepKind.PAPER: PAPERS_BY} if deadlines is None else deadlines)
    plan = RolloutPlan(title="Triển khai 12-NQ/TW", opens_on=opens_on, steps=steps, **values)  # type: ignore[arg-type]
    return open_rollout(
        plan=plan,
        lead=Unit.objects.get(pk=lead),
        directives=[make_directive(lead)],
        actor=SYSTEM,
        at=TODAY,
    )


def share(
    rollout: Rollout, code: str, unit: int, as_of: date = TODAY, known_at: date | None = None, *, leaders: bool = False
) -> tuple[int, int]:
    """A figure as (numerator, denominator)."""
    figure = FIGURE_BY_CODE[code]
    suffix = LEADERS if leaders else ""
    codes = (figure.numerator + suffix, figure.denominator + suffix)
    found = totals(scope=rollout.scope, codes=codes, unit=unit, as_of=as_of, known_at=known_at)
    return found[codes[0]], found[codes[1]]


def obligation_of(rollout: Rollout, person: int, step: StepKind = StepKind.PAPER) -> Obligation:
    """What the person owes in the step."""
    return Obligation.objects.select_related("step__rollout").get(step__rollout=rollout, step__kind=step, person=person)
