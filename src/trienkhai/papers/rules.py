"""Papers: what their events amount to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import assert_never


class PaperEventKind(StrEnum):
    """What can happen to a paper."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class PaperState(StrEnum):
    """Where a paper stands."""

    OWED = "owed"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class PaperError(StrEnum):
    """Why something about a paper is not possible."""

    NOT_THE_AUTHOR = "paper_not_the_author"
    NOT_THE_READER = "paper_not_the_reader"
    OWES_NONE = "paper_owes_none"
    FORM_NOT_ALLOWED = "paper_form_not_allowed"
    EMPTY = "paper_empty"
    NO_FILE = "paper_no_file"
    NOT_SUBMITTED = "paper_not_submitted"
    ALREADY_SUBMITTED = "paper_already_submitted"
    NO_NOTE = "paper_no_note"
    IN_THE_FUTURE = "paper_in_the_future"
    BEFORE_OPENING = "paper_before_opening"
    BEFORE_LAST_EVENT = "paper_before_last_event"
    CHANGED_MEANWHILE = "paper_changed_meanwhile"
    TOO_LONG = "paper_too_long"


LONGEST_ANSWER = 60_000
"""Characters of one answer; a guard against accidents, far above any real paper."""


@dataclass(frozen=True)
class Event:
    """One thing that happened to a paper."""

    kind: PaperEventKind
    on: date


@dataclass(frozen=True)
class PaperStanding:
    """Where a paper stands after all that happened to it.

    ``submitted_on``: the day it was first handed in; a return does not take it away. ``accepted_on``: only while the
    acceptance is the last word.
    """

    state: PaperState = PaperState.OWED
    submitted_on: date | None = None
    accepted_on: date | None = None


def standing(events: Iterable[Event]) -> PaperStanding:
    """What the events, in order, amount to."""
    result = PaperStanding()
    for event in events:
        match event.kind:
            case PaperEventKind.SUBMITTED:
                result = PaperStanding(PaperState.SUBMITTED, result.submitted_on or event.on)
            case PaperEventKind.RETURNED:
                result = PaperStanding(PaperState.RETURNED, result.submitted_on)
            case PaperEventKind.ACCEPTED:
                result = PaperStanding(PaperState.ACCEPTED, result.submitted_on, event.on)
            case _:
                assert_never(event.kind)
    return result


def fault_of(event: Event, before: Iterable[Event]) -> PaperError | None:
    """Why ``event`` cannot follow what happened ``before``; ``None`` when it can."""
    earlier = list(before)
    now = standing(earlier)
    open_states = {
        PaperEventKind.SUBMITTED: {PaperState.OWED, PaperState.DRAFT, PaperState.RETURNED},
        PaperEventKind.RETURNED: {PaperState.SUBMITTED, PaperState.ACCEPTED},
        PaperEventKind.ACCEPTED: {PaperState.SUBMITTED},
    }
    if now.state not in open_states[event.kind]:
        submitting = event.kind is PaperEventKind.SUBMITTED
        return PaperError.ALREADY_SUBMITTED if submitting else PaperError.NOT_SUBMITTED
    if earlier and event.on < earlier[-1].on:
        return PaperError.BEFORE_LAST_EVENT
    return None


def is_empty(answers: Iterable[str]) -> bool:
    """Whether nothing has been written."""
    return not any(answer.strip() for answer in answers)


def is_further(one: PaperStanding, other: PaperStanding) -> bool:
    """Whether a paper has come further than another: accepted, or handed in at all, or handed in earlier."""

    def reached(stands: PaperStanding) -> tuple[bool, int]:
        days = -stands.submitted_on.toordinal() if stands.submitted_on else -date.max.toordinal()
        return stands.accepted_on is not None, days

    return reached(one) > reached(other)
