"""What is due first."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Urgency(StrEnum):
    """How a thing to do stands, in the words of the page kit."""

    LATE = "late"
    RUNNING = "running"
    NOT_DUE = "not_due"


class StartError(StrEnum):
    """Why the first start is not possible."""

    ALREADY_SET_UP = "start_already_set_up"
    WRONG_CODE = "start_wrong_code"


_SEAT = re.compile(
    r"(?:đảng bộ|đảng u[ỷy]|đảng ủy) (?:phường|xã|thị trấn|đặc khu|thị xã|thành phố|quận|huyện|tỉnh) (?P<seat>.+)",
    re.IGNORECASE,
)


def seat_of(unit: str) -> str:
    """The place that documents of a unit are dated from, as its name says it; empty when it does not.

    "Đảng bộ phường Hoà Lạc" → "Hoà Lạc".
    """
    found = _SEAT.fullmatch(" ".join(unit.split()))
    return found["seat"] if found else ""


@dataclass(frozen=True)
class ToDo:
    """One thing that is due: ``done`` of ``owed`` say how far it is, ``url`` is where it is done.

    ``text``: of a task, what it asks; ``rollout``: what it comes from, there the plan.
    """

    figure: str
    rollout: str
    unit: str
    done: int
    owed: int
    deadline: date | None
    url: str
    urgency: Urgency
    text: str = ""
    is_urgent: bool = False

    @property
    def missing(self) -> int:
        """How many are missing."""
        return self.owed - self.done


def urgency(*, opens_on: date, deadline: date | None, today: date) -> Urgency:
    """Late after the deadline's day, not yet due before the roll-out's first day, else running."""
    if deadline is not None and today > deadline:
        return Urgency.LATE
    return Urgency.NOT_DUE if today < opens_on else Urgency.RUNNING


def in_order(things: Iterable[ToDo]) -> list[ToDo]:
    """Late first; of those the urgent first, then the oldest deadline; without a deadline last."""
    rank = list(Urgency)
    return sorted(
        things, key=lambda thing: (rank.index(thing.urgency), not thing.is_urgent, thing.deadline or date.max)
    )
