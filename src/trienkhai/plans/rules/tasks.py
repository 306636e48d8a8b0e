"""What is given to do, and where it stands by its dates alone: no percentage is typed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from trienkhai.core.decisions import Invalid
from trienkhai.text import clean_line, clean_text

LONGEST_TASK = {"text": 5_000, "product": 250, "note": 5_000, "reason": 500, "told_by": 120, "indicator_note": 250}
MOST_EVIDENCE = 10
VALUE_DIGITS, VALUE_PLACES = 18, 4


class TaskError(StrEnum):
    """Why something about a task or an indicator is not possible. Texts: texts.py."""

    TEXT_EMPTY = "task_text_empty"
    TOO_LONG = "task_too_long"
    NOBODY = "task_nobody"
    NOT_BELOW = "task_not_below"
    NOT_ADOPTED = "task_plan_not_adopted"
    NOT_ITS_MEASURE = "task_not_its_measure"
    DEADLINE_BEFORE_START = "task_deadline_before_start"
    MAY_NOT_GIVE = "task_may_not_give"
    MAY_NOT_REPORT = "task_may_not_report"
    NOT_VISIBLE = "not_visible"
    WITHDRAWN = "task_withdrawn"
    ALREADY_DONE = "task_already_done"
    NOT_REPORTED = "task_not_reported"
    BEFORE_START = "task_before_start"
    IN_THE_FUTURE = "task_in_the_future"
    REASON_EMPTY = "task_reason_empty"
    TOO_MANY_FILES = "task_too_many_files"
    NOTHING_SHOWN = "task_nothing_shown"
    CHANGED_MEANWHILE = "task_changed_meanwhile"
    NO_INDICATOR = "task_no_indicator"
    VALUE_TOO_LARGE = "task_value_too_large"


class TaskState(StrEnum):
    """Where a task stands on a day."""

    LATE = "late"
    RUNNING = "running"
    NOT_DUE = "not_due"
    DONE_LATE = "done_late"
    DONE = "done"
    WITHDRAWN = "withdrawn"


OPEN_STATES = (TaskState.LATE, TaskState.RUNNING, TaskState.NOT_DUE)
DONE_STATES = (TaskState.DONE, TaskState.DONE_LATE)


@dataclass(frozen=True)
class TaskDays:
    """Everything the state of a task follows from. ``withdrawn_on``: from that day on it is no longer to be done."""

    starts_on: date
    deadline_on: date | None = None
    done_on: date | None = None
    withdrawn_on: date | None = None

    def state(self, day: date) -> TaskState:
        """Where it stands at the end of ``day``: done in time up to and on the deadline, late from the day after.

        A task without a deadline is never late. What was done before it was withdrawn stays done.
        """
        if self.done_on is not None and self.done_on <= day:
            in_time = self.deadline_on is None or self.done_on <= self.deadline_on
            return TaskState.DONE if in_time else TaskState.DONE_LATE
        if self.withdrawn_on is not None and self.withdrawn_on <= day:
            return TaskState.WITHDRAWN
        if self.starts_on > day:
            return TaskState.NOT_DUE
        is_late = self.deadline_on is not None and self.deadline_on < day
        return TaskState.LATE if is_late else TaskState.RUNNING


def late_first(state: TaskState, *, is_urgent: bool, deadline_on: date | None) -> tuple[int, bool, date]:
    """The order of tasks: late ones, then what is under way, then the rest; in each the urgent first, by deadline."""
    return list(TaskState).index(state), not is_urgent, deadline_on or date.max


@dataclass(frozen=True)
class Asked:
    """What a task asks, of a unit or of a person, from ``starts_on`` on."""

    text: str
    starts_on: date
    unit: int | None = None
    person: int | None = None
    product: str = ""
    deadline_on: date | None = None
    is_urgent: bool = False

    def checked(self) -> "Asked":
        """The same with clean text.

        Raises:
            Invalid: no text, nobody or two asked, something too long, or a deadline before the beginning.
        """
        asked = replace(self, text=clean_text(self.text), product=clean_line(self.product))
        if not asked.text:
            raise Invalid(TaskError.TEXT_EMPTY, on="text")
        for name in ("text", "product"):
            must_fit(name, getattr(asked, name))
        if (asked.unit is None) == (asked.person is None):
            raise Invalid(TaskError.NOBODY, on="unit")
        if asked.deadline_on is not None and asked.deadline_on < asked.starts_on:
            raise Invalid(TaskError.DEADLINE_BEFORE_START, on="deadline_on")
        return asked

    def as_detail(self) -> dict[str, object]:
        """As the ledger keeps it."""
        return {
            "text": self.text,
            "starts_on": self.starts_on.isoformat(),
            "unit": self.unit,
            "person": self.person,
            "product": self.product,
            "deadline_on": self.deadline_on.isoformat() if self.deadline_on else "",
            "is_urgent": self.is_urgent,
        }


@dataclass(frozen=True)
class Done:
    """That a task was done, and with what. ``told_by``: who said so, where it was typed for somebody else."""

    on: date
    product: str = ""
    note: str = ""
    told_by: str = ""

    def checked(self, *, starts_on: date, today: date) -> "Done":
        """The same with clean text.

        Raises:
            Invalid: a day ahead or before the task was given, or something too long.
        """
        done = Done(self.on, clean_line(self.product), clean_text(self.note), clean_line(self.told_by))
        if done.on > today:
            raise Invalid(TaskError.IN_THE_FUTURE, on="on")
        if done.on < starts_on:
            raise Invalid(TaskError.BEFORE_START, on="on", start=f"{starts_on:%d/%m/%Y}")
        for name in ("product", "note", "told_by"):
            must_fit(name, getattr(done, name))
        return done

    def as_detail(self) -> dict[str, object]:
        """As the ledger keeps it."""
        return {"on": self.on.isoformat(), "product": self.product, "note": self.note, "told_by": self.told_by}


def must_fit(name: str, value: str, *, on: str = "") -> None:
    """Raise when a text is too long.

    Raises:
        Invalid: it is.
    """
    if len(value) > LONGEST_TASK[name]:
        raise Invalid(TaskError.TOO_LONG, on=on or name, limit=LONGEST_TASK[name])


def checked_value(value: Decimal) -> Decimal:
    """An indicator's value as it can be kept.

    Raises:
        Invalid: too many digits.
    """
    if (
        not value.is_finite()
        or abs(value) >= 10 ** (VALUE_DIGITS - VALUE_PLACES)
        or value != round(value, VALUE_PLACES)
    ):
        raise Invalid(TaskError.VALUE_TOO_LARGE, on="value", digits=VALUE_DIGITS - VALUE_PLACES)
    return value


def total(values: Iterable[Decimal]) -> Decimal | None:
    """The sum; ``None`` of nothing."""
    found = list(values)
    return sum(found, Decimal(0)) if found else None
