"""Writing submissions with their points, each point in a group of its own."""

from collections.abc import Sequence

from django.db.models import Max

from trienkhai.comments.actions import counting
from trienkhai.comments.models import Group, Point, Submission
from trienkhai.comments.rules import Said, Subject
from trienkhai.ledger.models import Entry
from trienkhai.organisation.models import Unit
from trienkhai.text import fold

_AT_ONCE = 1_000


def aimed(subject: Subject) -> dict[str, object]:
    """A subject as columns."""
    return {
        "about": subject.about,
        "version_id": subject.version,
        "measure_id": subject.measure,
        "body_id": subject.body,
        "person_id": subject.person,
        "reviewed_by_id": subject.reviewed_by,
    }


def write(said: Sequence[tuple[Submission, Sequence[Said]]], *, entry: Entry) -> list[Submission]:
    """Store submissions with their points, in the order given, as recorded by ``entry``; count them."""
    submissions = [submission for submission, _points in said]
    for submission in submissions:
        submission.recorded_seq, submission.recorded_on = entry.seq, entry.recorded_on
    Submission.objects.bulk_create(submissions, batch_size=_AT_ONCE)
    rows = [(submission, n, point) for submission, points in said for n, point in enumerate(points)]
    groups = [
        Group(book_id=submission.book_id, call_id=submission.call_id, **aimed(point.subject))
        for submission, _n, point in rows
    ]
    Group.objects.bulk_create(groups, batch_size=_AT_ONCE)
    points = [
        Point(
            submission=submission,
            position=n,
            text=point.text,
            folded=fold(point.text),
            group=group,
            **aimed(point.subject),
        )
        for (submission, n, point), group in zip(rows, groups, strict=True)
    ]
    Point.objects.bulk_create(points, batch_size=_AT_ONCE)
    counting.submitted(submissions=submissions, entry=entry)
    return submissions


def next_number(book: int, year: int) -> int:
    """The next number in a unit's intake book; the book is locked until the transaction ends."""
    Unit.objects.select_for_update().get(pk=book)
    last = Submission.objects.filter(book=book, year=year).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1
