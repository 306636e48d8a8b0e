"""What is said: points of a submission, and what of it cannot be taken."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from trienkhai.comments.rules.calls import Subject
from trienkhai.comments.rules.kinds import About, AuthorKind, Channel, CommentError, Promise
from trienkhai.comments.rules.limits import Limits
from trienkhai.core.decisions import Problems


@dataclass(frozen=True)
class Said:
    """One point: what it is about, and the words. ``repr`` shows no words."""

    subject: Subject
    text: str = field(repr=False)


@dataclass(frozen=True)
class Intake:
    """A submission as it is entered into the book.

    ``unit``: the unit that speaks, or the author's. ``person``: a person of the organisation; ``author``: the name and
    place of somebody who is none. ``people_behind``: how many a unit's or a letter's words stand for.
    """

    channel: Channel
    author_kind: AuthorKind
    points: Sequence[Said]
    received_on: date
    person: int | None = None
    unit: int | None = None
    author: str = ""
    people_behind: int = 0
    told_by: str = ""


def faults_of_points(points: Sequence[Said], limits: Limits, *, promise: Promise = Promise.NAMED) -> Problems:
    """What of the points cannot be taken."""
    problems = Problems()
    if len(points) > limits.most_points:
        problems.add(CommentError.TOO_MANY_POINTS, at_most=limits.most_points)
    if any(len(point.text) > limits.longest_text for point in points):
        problems.add(CommentError.TOO_LONG, at_most=limits.longest_text)
    if any(not point.text.strip() for point in points):
        problems.add(CommentError.NOTHING_SAID)
    on_person = any(point.subject.about is About.PERSON for point in points)
    if on_person and promise is Promise.WITHOUT_A_NAME and not limits.persons_without_a_name:
        problems.add(CommentError.PERSON_WITHOUT_A_NAME)
    return problems


def faults_of_intake(intake: Intake, limits: Limits, *, at: date) -> Problems:
    """What of an entry for the book cannot be true."""
    problems = faults_of_points(intake.points, limits)
    if not intake.points:
        problems.add(CommentError.NOTHING_SAID)
    if intake.received_on > at:
        problems.add(CommentError.IN_THE_FUTURE, on="received_on")
    if _lacks_author(intake):
        problems.add(CommentError.NO_AUTHOR, on="author")
    if any(point.subject.about is About.PERSON and point.subject.reviewed_by is None for point in intake.points):
        problems.add(CommentError.NO_REVIEWER, on="reviewed_by")
    return problems


def _lacks_author(intake: Intake) -> bool:
    match intake.author_kind:
        case AuthorKind.MEMBER | AuthorKind.OTHER:
            return intake.person is None
        case AuthorKind.UNIT:
            return intake.unit is None and not intake.author
        case _:
            return False


def in_words(points: Sequence[Said], keys: Mapping[Subject, str]) -> list[dict[str, str]]:
    """The points as they go into a box: opaque keys and words."""
    return [{"about": keys[point.subject], "text": point.text} for point in points]


def out_of_words(content: object, subjects: Mapping[str, Subject]) -> list[Said]:
    """The points found in a box; what is about nothing known is general.

    One text that cannot be taken would hold up all of them: so everything is taken.
    """
    rows = content if isinstance(content, list) else []
    free = Subject(About.FREE)
    return [
        Said(subjects.get(str(row.get("about", "")), free), str(row["text"]))
        for row in rows
        if isinstance(row, dict) and row.get("text")
    ]


def count_kinds(points: Collection[Said]) -> dict[About, int]:
    """How many points there are about each kind of thing."""
    return {about: n for about in About if (n := sum(point.subject.about is about for point in points))}
