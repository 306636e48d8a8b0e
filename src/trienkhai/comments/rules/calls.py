"""Where a call stands, what it may promise, what it lacks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from trienkhai.comments.rules.kinds import About, Addressed, CallState, CommentError, Promise
from trienkhai.comments.rules.limits import Limits
from trienkhai.core.decisions import Problems

MOST_CODES = 2_000
"""As many codes one call gives out."""


@dataclass(frozen=True)
class Subject:
    """One thing a call asks about, by ids. ``reviewed_by``: the body that reviews a person."""

    about: About
    version: int | None = None
    measure: int | None = None
    body: int | None = None
    person: int | None = None
    reviewed_by: int | None = None


@dataclass(frozen=True)
class CallPlan:
    """How a call is to be opened.

    ``units``: those chosen when not everybody is asked. ``with_others``: people who are not members too. ``codes``: how
    many residents can draw one, when residents are asked. ``releasers``
    and ``name_keepers``: persons' keys; a call that promises more than *named* needs them. ``key_file``: the key of the
    file that stands for the second holder in an office of one person.
    """

    title: str
    asks: str
    opens_on: date
    closes_on: date
    answer_by: date
    promises: frozenset[Promise]
    subjects: Sequence[Subject]
    addressed: Addressed = Addressed.ALL_BELOW
    units: Collection[int] = ()
    with_others: bool = False
    codes: int = 0
    rollout: int | None = None
    releasers: Sequence[UUID] = field(default=())
    name_keepers: Sequence[UUID] = field(default=())

    @property
    def is_sealed(self) -> bool:
        """Whether everything sent goes into a box that is opened once, by two."""
        return self.promises != {Promise.NAMED}

    @property
    def by_codes(self) -> bool:
        """Whether residents are asked, by codes."""
        return self.addressed is Addressed.RESIDENTS

    @property
    def only_persons(self) -> bool:
        """Whether nothing but named persons is asked about."""
        return bool(self.subjects) and all(subject.about is About.PERSON for subject in self.subjects)


def faults_of(plan: CallPlan, *, asked: int, limits: Limits, at: date) -> Problems:
    """What is wrong with a call before it is opened."""
    problems = Problems()
    if not plan.promises:
        problems.add(CommentError.NO_PROMISE, on="promises")
    if not plan.subjects:
        problems.add(CommentError.NO_SUBJECT, on="subjects")
    _check_days(plan, problems, at=at)
    if any(one.about is About.PERSON and one.reviewed_by is None for one in plan.subjects):
        problems.add(CommentError.NO_REVIEWER, on="reviewed_by")
    if not asked and plan.by_codes:
        problems.add(CommentError.NO_CODES, on="codes")
    elif not asked:
        problems.add(CommentError.NOBODY_ASKED, on="units")
    _check_nameless(plan, problems, asked=asked, limits=limits)
    if plan.by_codes and (Promise.WITHOUT_A_NAME not in plan.promises or Promise.NAME_KEPT in plan.promises):
        problems.add(CommentError.CODES_WITHOUT_A_NAME, on="promises")
    if plan.by_codes and plan.codes > MOST_CODES:
        problems.add(CommentError.TOO_MANY_CODES, on="codes", at_most=MOST_CODES)
    return problems


def _check_days(plan: CallPlan, problems: Problems, *, at: date) -> None:
    if plan.opens_on < at:
        problems.add(CommentError.OPENS_TOO_EARLY, on="opens_on")
    if plan.closes_on < max(plan.opens_on, at):
        problems.add(CommentError.CLOSES_TOO_EARLY, on="closes_on")
    if plan.answer_by < plan.closes_on:
        problems.add(CommentError.ANSWER_TOO_EARLY, on="answer_by")


def _check_nameless(plan: CallPlan, problems: Problems, *, asked: int, limits: Limits) -> None:
    if Promise.WITHOUT_A_NAME not in plan.promises:
        return
    if plan.only_persons and not limits.persons_without_a_name:
        problems.add(CommentError.PERSON_WITHOUT_A_NAME, on="promises")
    if asked < limits.fewest_without_a_name:
        on = "codes" if plan.by_codes else "promises"
        problems.add(CommentError.TOO_FEW_ASKED, on=on, asked=asked, at_least=limits.fewest_without_a_name)


def state_of(
    *,
    opens_on: date,
    closes_on: date,
    today: date,
    is_sealed: bool,
    closed_on: date | None = None,
    released_on: date | None = None,
    finished_on: date | None = None,
) -> CallState:
    """Where a call stands on a day."""
    if finished_on is not None and finished_on <= today:
        return CallState.FINISHED
    if today < opens_on:
        return CallState.COMING
    if today <= closes_on and (closed_on is None or today < closed_on):
        return CallState.OPEN
    if is_sealed and (released_on is None or today < released_on):
        return CallState.CLOSED
    return CallState.ANSWERING


def promises_for(offered: Collection[Promise], abouts: Collection[About], limits: Limits) -> tuple[Promise, ...]:
    """The promises that can be given for points about these things, in the order they are offered.

    Source: product principle "Comments on a named person are signed or name-kept".
    """
    on_person = About.PERSON in abouts and not limits.persons_without_a_name
    barred = {Promise.WITHOUT_A_NAME} if on_person else set()
    return tuple(promise for promise in Promise if promise in offered and promise not in barred)
