"""Which points may share a group, where late ones go, what an answer must say. Imports no Django."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from trienkhai.comments.rules.calls import Subject
from trienkhai.comments.rules.kinds import About, DispositionKind
from trienkhai.core.decisions import Problems
from trienkhai.text import fold
from trienkhai.text.similar import says_the_same

MOST_AT_ONCE = 500
_WHOLE_TEXT = 4  # words; fewer anybody would use
_LONG_RUN = 8  # words
"""So many groups are merged or answered by one form."""


class DeskError(StrEnum):
    """Why something at the desk is not possible."""

    NOTHING_CHOSEN = "desk_nothing_chosen"
    TOO_MANY = "desk_too_many"
    OTHER_PERSON = "desk_other_person"
    ANSWERED = "desk_answered"
    NOT_ANSWERED = "desk_not_answered"
    WHOLE_GROUP = "desk_whole_group"
    MOVED_SINCE = "desk_moved_since"
    FINISHED = "desk_finished"
    UNANSWERED_LEFT = "desk_unanswered_left"
    STILL_OPEN = "desk_still_open"
    NO_ANSWER = "desk_no_answer"
    NO_SUMMARY = "desk_no_summary"
    VERBATIM = "desk_verbatim"
    NO_CLAUSE = "desk_no_clause"
    NO_DRAFT = "desk_no_draft"
    OTHER_CLAUSE = "desk_other_clause"
    NO_RECEIVER = "desk_no_receiver"
    IN_THE_FUTURE = "desk_in_the_future"
    NO_TITLE = "desk_no_title"
    BUSY = "desk_busy"
    SEARCH_FAILED = "desk_search_failed"


class Outcome(StrEnum):
    """What became of a clause that an accepted comment was to change."""

    CHANGED = "changed"  # the version in force reads otherwise
    DRAFTED = "drafted"  # the draft reads otherwise
    NOT_YET = "not_yet"  # nor does the draft, so far
    UNCHANGED = "unchanged"  # adopted as it was
    GONE = "gone"  # new in the draft, and taken out of it again


@dataclass(frozen=True)
class Placed:
    """A point as the search for like ones sees it; ``is_placed``: a person or an earlier search put it where it is."""

    point: int
    group: int
    is_placed: bool


@dataclass(frozen=True)
class Join:
    """Single points that go into a group. ``representative``: the point that is to stand for it, if it lies there."""

    into: int
    points: tuple[int, ...]
    representative: int | None


@dataclass(frozen=True)
class Reply:
    """What is answered to groups. ``measure``: the clause of the draft that an acceptance changes."""

    kind: DispositionKind
    answer: str
    on: date
    summary: str = ""
    measure: int | None = None
    passed_to: str = ""


def may_share(one: Subject, other: Subject) -> bool:
    """Whether points on these may lie in one group: those on a person only with those on the same person."""
    on_person = About.PERSON in {one.about, other.about}
    return not on_person or (one.about == other.about and one.person == other.person)


def joins(points: Sequence[Placed], alike: Iterable[tuple[Sequence[int], int]]) -> list[Join]:
    """Where points go that were found alike; ``alike``: places in ``points``, and the place that represents them.

    Whatever was placed before stays. The others go where most of their like are placed; where none is, to the group of
    the one that represents them.
    """
    found = []
    for places, head in alike:
        members = [points[place] for place in places]
        free = [member for member in members if not member.is_placed]
        held = Counter(member.group for member in members if member.is_placed)
        into = min(held, key=lambda group: (-held[group], group)) if held else points[head].group
        moving = tuple(sorted(member.point for member in free if member.group != into))
        if moving:
            stays = points[head].is_placed and points[head].group != into
            found.append(Join(into, moving, None if stays else points[head].point))
    return sorted(found, key=lambda join: join.into)


def faults_of_reply(reply: Reply, *, needs_clause: bool, has_draft: bool, today: date) -> Problems:
    """What an answer lacks."""
    problems = Problems()
    if not reply.answer.strip():
        problems.add(DeskError.NO_ANSWER, on="answer")
    if reply.on > today:
        problems.add(DeskError.IN_THE_FUTURE, on="on")
    if reply.kind is DispositionKind.ACCEPTED and needs_clause and reply.measure is None:
        problems.add(DeskError.NO_CLAUSE if has_draft else DeskError.NO_DRAFT, on="measure")
    if reply.kind is DispositionKind.PASSED_ON and not reply.passed_to.strip():
        problems.add(DeskError.NO_RECEIVER, on="passed_to")
    return problems


def outcome_of(old: tuple[object, ...] | None, new: tuple[object, ...] | None, *, is_adopted: bool) -> Outcome:
    """What became of a clause by what the version before and the version named say of it (nothing: is not in it)."""
    if old is None and new is None:
        return Outcome.GONE
    if old == new:
        return Outcome.UNCHANGED if is_adopted else Outcome.NOT_YET
    return Outcome.CHANGED if is_adopted else Outcome.DRAFTED


def is_verbatim(written: str, texts: Collection[str]) -> bool:
    """Whether what others read repeats an author: a whole text or a long run of it, or says the very same."""
    own = fold(written)
    if not own:
        return False
    return any(_repeats(own, fold(text)) or says_the_same(written, text) for text in texts)


def _repeats(own: str, text: str) -> bool:
    if own == text:
        return True
    holds_all = f" {text} " in f" {own} " and len(text.split()) >= _WHOLE_TEXT
    return holds_all or (f" {own} " in f" {text} " and len(own.split()) >= _LONG_RUN)


def difference(
    before: Mapping[tuple[str, int, date], int], after: Mapping[tuple[str, int, date], int]
) -> Counter[tuple[str, int, date]]:
    """What must be posted so that figures say what they should."""
    found = Counter(after)
    found.subtract(before)
    return Counter({key: n for key, n in found.items() if n})
