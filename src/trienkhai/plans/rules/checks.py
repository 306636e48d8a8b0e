"""Automatic checks: what a plan lacks and what looks wrong in it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from trienkhai.plans.rules.codes import Remark
from trienkhai.plans.rules.drafts import Line


@dataclass(frozen=True)
class Finding:
    """A remark on the whole version or on one measure, counted from 1."""

    remark: Remark
    measure: int | None = None


@dataclass(frozen=True)
class Against:
    """What a version is looked at against.

    Attributes:
        opens_on: the roll-out's first day.
        last_deadline: the latest deadline among its steps, ``None`` when none has one.
        upper: by the measure of the plan above: its deadline there. Empty where nothing stands above.
        is_told: whether there is anything to carry out (numbered provisions, or a plan above).
        as_they_are: numbers of measures taken from above as they are; those are looked at there.
        overdue_on: the day on which passed deadlines are told of; ``None`` while nothing is adopted yet.
        done: measures whose tasks are all done.
    """

    opens_on: date
    last_deadline: date | None = None
    upper: Mapping[int, date | None] = field(default_factory=dict)
    is_told: bool = True
    as_they_are: frozenset[int] = frozenset()
    overdue_on: date | None = None
    done: Collection[int] = ()


def findings(lines: Sequence[Line], against: Against) -> list[Finding]:
    """What a version lacks: measures; of one: a lead, a deadline, a product, something it carries out.

    Deadlines outside the roll-out's own time, after the upper plan's, or past are told of too.
    """
    if not lines:
        return [Finding(Remark.NO_MEASURE)]
    return list(_of_lines(lines, against))


def _of_lines(lines: Iterable[Line], against: Against) -> Iterator[Finding]:
    for number, line in enumerate(lines, start=1):
        if number in against.as_they_are:
            continue
        if line.lead_unit is None and not line.lead:
            yield Finding(Remark.NO_LEAD, number)
        yield from (Finding(remark, number) for remark in _of_deadline(line, against))
        if not line.product:
            yield Finding(Remark.NO_PRODUCT, number)
        if against.is_told and line.provision is None and line.answers is None:
            yield Finding(Remark.ORPHAN, number)


def _of_deadline(line: Line, against: Against) -> Iterator[Remark]:
    deadline = line.deadline_on
    if deadline is None:
        if not line.is_recurring:
            yield Remark.NO_DEADLINE
        return
    if deadline < against.opens_on:
        yield Remark.BEFORE_ROLLOUT
    elif against.last_deadline is not None and deadline > against.last_deadline:
        yield Remark.AFTER_LAST_STEP
    upper = against.upper.get(line.answers or 0)
    if upper is not None and deadline > upper:
        yield Remark.AFTER_UPPER
    if _is_overdue(line, deadline, against):
        yield Remark.OVERDUE


def _is_overdue(line: Line, deadline: date, against: Against) -> bool:
    is_past = against.overdue_on is not None and deadline < against.overdue_on
    return is_past and not line.is_recurring and line.measure not in against.done
