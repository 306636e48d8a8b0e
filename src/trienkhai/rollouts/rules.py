"""Steps, obligations and what they add to figures."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from itertools import pairwise

from trienkhai.core.periods import FOREVER, Period, joined
from trienkhai.organisation.rules import MemberKind, Standing, Tie, UnitKind


class StepKind(StrEnum):
    """The steps a roll-out can have, in order."""

    RECEIVE = "receive"
    PLAN = "plan"
    STUDY = "study"
    PAPER = "paper"


class MilestoneCode(StrEnum):
    """What can have happened to an obligation."""

    RECEIVED = "received"
    PLANNED = "planned"
    STUDIED = "studied"
    SUBMITTED = "submitted"
    ON_TIME = "on_time"
    ACCEPTED = "accepted"


class CellStudyRule(StrEnum):
    """When a cell counts as having studied; stated in the figure's definition."""

    OWN_OR_SEATS = "own_or_seats"  # a meeting of its own, or seats in an upper unit's meeting
    OWN_ONLY = "own_only"
    QUORUM = "quorum"  # either, and at least the set share of its roster was there


class PaperForm(StrEnum):
    """How a paper may be given."""

    HANDWRITTEN = "handwritten"
    SPOKEN = "spoken"
    TYPED = "typed"
    FILE = "file"


class Subject(StrEnum):
    """Who owes: a unit or a person."""

    UNIT = "unit"
    PERSON = "person"


@dataclass(frozen=True)
class Figure:
    """A figure: of those with an obligation of ``step``, how many have reached ``milestone``."""

    code: str
    step: StepKind
    subject: Subject
    milestone: MilestoneCode

    @property
    def numerator(self) -> str:
        """The series counting those who have."""
        return series(self.step, self.subject, self.milestone)

    @property
    def denominator(self) -> str:
        """The series counting those who owe."""
        return series(self.step, self.subject, OWED)


OWED = "owed"
LEADERS = ".leaders"


@cache
def series(step: StepKind, subject: Subject, what: str) -> str:
    """The code of a series: ``step.subject.what``."""
    return f"{step}.{subject}.{what}"


FIGURES: tuple[Figure, ...] = (
    Figure("units_received", StepKind.RECEIVE, Subject.UNIT, MilestoneCode.RECEIVED),
    Figure("units_planned", StepKind.PLAN, Subject.UNIT, MilestoneCode.PLANNED),
    Figure("units_studied", StepKind.STUDY, Subject.UNIT, MilestoneCode.STUDIED),
    Figure("persons_studied", StepKind.STUDY, Subject.PERSON, MilestoneCode.STUDIED),
    Figure("papers_submitted", StepKind.PAPER, Subject.PERSON, MilestoneCode.SUBMITTED),
    Figure("papers_on_time", StepKind.PAPER, Subject.PERSON, MilestoneCode.ON_TIME),
    Figure("papers_accepted", StepKind.PAPER, Subject.PERSON, MilestoneCode.ACCEPTED),
)
FIGURE_BY_CODE: Mapping[str, Figure] = {figure.code: figure for figure in FIGURES}

OTHERS_STUDIED = "study.others.studied"
"""Series: people who are not members and took part; they owe nothing, so there is no denominator."""
MEETINGS_HELD = "study.meetings.held"
ATTENDANCES = "study.attendances.present"
"""Series: attendances (lượt); one person at two meetings makes two."""


def declared(code: str, part: str) -> str:
    """The series of a declared figure; ``part`` is ``numerator`` or ``denominator``."""
    return f"declared.{code}.{part}"


@dataclass(frozen=True)
class Place:
    """The unit an obligation belongs to for some days; ``is_leader`` on those days."""

    unit: int
    period: Period
    is_leader: bool = False


@dataclass(frozen=True)
class History:
    """Everything known of one obligation: where it belonged, and the days each milestone holds."""

    step: StepKind
    subject: Subject
    places: tuple[Place, ...] = ()
    milestones: Mapping[str, Period] = field(default_factory=dict)


type Effects = Counter[tuple[str, int, date]]


def effects(history: History) -> Effects:
    """What one obligation adds to figures: ``{(series code, unit, day): ±n}``.

    Owed on the days it has a place; a milestone counts on the days both hold. Leaders' own part is a series beside.
    """
    result: Effects = Counter()
    periods: list[tuple[str, Period]] = [(OWED, Period(date.min)), *history.milestones.items()]
    for place in history.places:
        for what, period in periods:
            days = place.period & period
            if not days:
                continue
            code = series(history.step, history.subject, what)
            for name in (code, code + LEADERS) if place.is_leader else (code,):
                result[name, place.unit, days.start] += 1
                if days.end != FOREVER:
                    result[name, place.unit, days.end] -= 1
    return result


def declaration_effects(code: str, unit: int, declarations: Iterable[tuple[date, int, int]]) -> Effects:
    """What a unit's declarations add: each stands from its day until the next one.

    ``declarations``: (day, numerator, denominator), at most one a day.
    """
    result: Effects = Counter()
    before = (0, 0)
    for day, numerator, denominator in sorted(declarations):
        result[declared(code, "numerator"), unit, day] += numerator - before[0]
        result[declared(code, "denominator"), unit, day] += denominator - before[1]
        before = (numerator, denominator)
    return result


def difference(after: Effects, before: Effects) -> Effects:
    """``after`` − ``before`` without zeros."""
    result = Counter(after)
    result.subtract(before)
    return Counter({key: n for key, n in result.items() if n})


@dataclass(frozen=True)
class Owing:
    """Whose memberships make them owe a step."""

    probationary: bool = True
    exempt: bool = False
    suspended: bool = False
    away: bool = False
    temporary: bool = False
    residence: bool = False
    others: bool = False
    unit_kinds: frozenset[UnitKind] = frozenset()

    def includes(self, kind: MemberKind, standing: Standing, tie: Tie) -> bool:
        """Whether a membership of this sort makes its person owe the step."""
        by_kind = {MemberKind.OFFICIAL: True, MemberKind.PROBATIONARY: self.probationary, MemberKind.OTHER: self.others}
        by_standing = {
            Standing.ACTIVE: True,
            Standing.EXEMPT: self.exempt,
            Standing.SUSPENDED: self.suspended,
            Standing.AWAY: self.away,
        }
        by_tie = {Tie.COUNTING: True, Tie.RESIDENCE: self.residence, Tie.TEMPORARY: self.temporary}
        return by_kind[kind] and by_standing[standing] and by_tie[tie]


def on_time(submitted_on: date | None, deadline: date | None) -> date | None:
    """The day a paper counts as on time from: the day it was handed in, if not after the deadline; else never."""
    if submitted_on is None or (deadline is not None and submitted_on > deadline):
        return None
    return submitted_on


def inherited(predecessors: Iterable[date | None]) -> date | None:
    """When a merged or split unit has reached what its predecessors had: the latest of their days, if all had it."""
    days = list(predecessors)
    if not days or None in days:
        return None
    return max(day for day in days if day is not None)


@dataclass(frozen=True)
class Stay:
    """A membership that makes its person owe, clipped to the days its unit lay under the lead unit."""

    unit: int
    period: Period


def places_from(
    stays: Iterable[Stay], *, opens_on: date, deadline: date | None, leading: Iterable[Period] = ()
) -> tuple[Place, ...]:
    """Where a person's (or unit's) obligation belongs, day by day: exactly one unit, never before the roll-out opens.

    Overlapping stays: the one that began later wins from its first day. Somebody whose first stay begins after the
    deadline owes nothing; somebody who moves or returns after it still owes.
    """
    clipped = [Stay(stay.unit, stay.period & Period(opens_on)) for stay in stays]
    single = list(_one_at_a_time([stay for stay in clipped if stay.period]))
    if not single or (deadline is not None and single[0].period.start > deadline):
        return ()
    leads = list(joined(leading))
    return tuple(_merged(piece for stay in single for piece in _split_by_leading(stay, leads)))


def _one_at_a_time(stays: Sequence[Stay]) -> Iterable[Stay]:
    """The stays without overlap, in order: on each day the one that began last."""
    bounds = sorted({day for stay in stays for day in (stay.period.start, stay.period.end)})
    for start, end in pairwise(bounds):
        here = [(stay.period.start, stay.unit) for stay in stays if start in stay.period]
        if here:
            yield Stay(max(here)[1], Period(start, end))


def _split_by_leading(stay: Stay, leads: list[Period]) -> Iterable[Place]:
    day = stay.period.start
    for lead in leads:
        days = stay.period & lead
        if not days:
            continue
        if day < days.start:
            yield Place(stay.unit, Period(day, days.start))
        yield Place(stay.unit, days, is_leader=True)
        day = days.end
    if day < stay.period.end:
        yield Place(stay.unit, Period(day, stay.period.end))


def _merged(places: Iterable[Place]) -> Iterable[Place]:
    last: Place | None = None
    for place in places:
        if last and (last.unit, last.is_leader, last.period.end) == (place.unit, place.is_leader, place.period.start):
            last = Place(last.unit, Period(last.period.start, place.period.end), last.is_leader)
            continue
        if last:
            yield last
        last = place
    if last:
        yield last


class RolloutError(StrEnum):
    """Why something about a roll-out is not possible. Texts: apps.py."""

    NO_TITLE = "rollout_no_title"
    NO_DIRECTIVE = "rollout_no_directive"
    LEAD_NOT_OPEN = "rollout_lead_not_open"
    DEADLINE_BEFORE_OPENING = "rollout_deadline_before_opening"
    CLOSING_BEFORE_OPENING = "rollout_closing_before_opening"
    TOO_FAR_AHEAD = "rollout_too_far_ahead"
    ALREADY_CLOSED = "rollout_already_closed"
    NOT_CLOSED = "rollout_not_closed"
    QUORUM_OUT_OF_RANGE = "rollout_quorum_out_of_range"
    NO_PAPER_FORM = "rollout_no_paper_form"
    OWES_NOTHING_HERE = "rollout_owes_nothing_here"
    IN_THE_FUTURE = "rollout_in_the_future"
    BEFORE_ISSUED = "rollout_before_issued"
    NO_SUCH_FIGURE = "rollout_no_such_figure"
    MORE_THAN_ALL = "rollout_more_than_all"


DEFAULT_UNIT_KINDS: Mapping[StepKind, frozenset[UnitKind]] = {
    StepKind.RECEIVE: frozenset({UnitKind.UPPER, UnitKind.BASE, UnitKind.SECTION, UnitKind.CELL}),
    StepKind.PLAN: frozenset({UnitKind.UPPER, UnitKind.BASE, UnitKind.SECTION, UnitKind.CELL}),
    StepKind.STUDY: frozenset({UnitKind.CELL}),
    StepKind.PAPER: frozenset(),
}
"""Which kinds of unit owe a step of their own unless the roll-out says otherwise; only cells study."""


@dataclass(frozen=True)
class StepPlan:
    """One step as it is to be opened."""

    kind: StepKind
    deadline_on: date | None = None
    owing: Owing = field(default_factory=Owing)


@dataclass(frozen=True)
class RolloutPlan:
    """Everything a roll-out is opened with."""

    title: str
    opens_on: date
    steps: tuple[StepPlan, ...]
    cell_study_rule: CellStudyRule = CellStudyRule.OWN_OR_SEATS
    quorum_percent: int = 0
    paper_questions: tuple[str, ...] = ()
    paper_forms: tuple[PaperForm, ...] = tuple(PaperForm)

    def fault(self) -> RolloutError | None:
        """What cannot be right about it, if anything."""
        deadlines = [step.deadline_on for step in self.steps if step.deadline_on]
        faults = {
            RolloutError.NO_TITLE: not self.title.strip(),
            RolloutError.DEADLINE_BEFORE_OPENING: any(day < self.opens_on for day in deadlines),
            RolloutError.QUORUM_OUT_OF_RANGE: not 0 <= self.quorum_percent <= 100,  # noqa: PLR2004 - per cent
            RolloutError.NO_PAPER_FORM: not self.paper_forms,
        }
        return next((fault for fault, found in faults.items() if found), None)


def default_steps(deadlines: Mapping[StepKind, date | None]) -> tuple[StepPlan, ...]:
    """The four steps with who owes them by default.

    Those exempt from work and meetings owe neither study nor paper unless a roll-out says so (practice differs by
    place, so it is a setting).
    """
    return tuple(StepPlan(kind, deadlines.get(kind), Owing(unit_kinds=DEFAULT_UNIT_KINDS[kind])) for kind in StepKind)
