"""The intake book of a unit, and what one author has said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from trienkhai.accounts.models import User
from trienkhai.comments.models import Point, Submission
from trienkhai.comments.queries.subjects import Titles
from trienkhai.comments.rules import About, AuthorKind, Channel, Promise
from trienkhai.ledger.models import Detail
from trienkhai.organisation.models import Unit
from trienkhai.organisation.queries import unit_rows


@dataclass(frozen=True)
class BookRow:
    """A line of the book. ``is_apart``: of a person alone; then nothing but the number is shown to the desk."""

    key: UUID
    year: int
    number: int
    received_on: date | None
    channel: Channel
    author_kind: AuthorKind
    author: str
    people_behind: int
    call: str
    points: int
    is_apart: bool
    is_struck: bool


def book_rows(page: Sequence[Submission], readable: QuerySet[Submission], *, on: date) -> list[BookRow]:
    """Lines of the book for a page of submissions; of those not ``readable`` only the number is told."""
    ids = [row.pk for row in page]
    seen = set(readable.filter(pk__in=ids).values_list("pk", flat=True))
    counts = _counts(ids)
    names = _authors(page, on=on)
    return [
        BookRow(
            key=row.key,
            year=row.year or 0,
            number=row.number or 0,
            received_on=row.received_on,
            channel=Channel(row.channel),
            author_kind=AuthorKind(row.author_kind),
            author=names[row.pk] if row.pk in seen else "",
            people_behind=row.people_behind,
            call=row.call.title if row.call else "",
            points=counts.get(row.pk, 0),
            is_apart=row.pk not in seen and row.superseded_seq is None,
            is_struck=row.superseded_seq is not None,
        )
        for row in page
    ]


def book_of(book: Unit) -> QuerySet[Submission]:
    """Everything numbered in the unit's book, newest first."""
    rows = Submission.objects.filter(book=book, number__isnull=False).select_related("call", "person")
    return rows.order_by("-year", "-number", "-pk")


def _counts(ids: Iterable[int]) -> Mapping[int, int]:
    found: dict[int, int] = {}
    for pk in (
        Point.objects.filter(submission__in=list(ids)).exclude(about="person").values_list("submission", flat=True)
    ):
        found[pk] = found.get(pk, 0) + 1
    return found


def _authors(rows: Sequence[Submission], *, on: date) -> Mapping[int, str]:
    units = unit_rows({row.unit_id for row in rows if row.unit_id is not None}, on)
    return {
        row.pk: row.person.full_name
        if row.person
        else (units[row.unit_id].name if row.unit_id in units and row.unit_id is not None else row.author)
        for row in rows
    }


@dataclass(frozen=True)
class PointRow:
    """A point to be read."""

    key: UUID
    title: str
    text: str


def point_rows(points: QuerySet[Point], *, on: date) -> list[PointRow]:
    """Points with what each is about."""
    rows = points.select_related("version", "measure", "body", "person").order_by("submission", "position", "pk")
    titles = Titles(on)
    return [PointRow(row.key, titles.of(row), row.text) for row in rows]


def words_in(submissions: Sequence[Submission], points: QuerySet[Point], *, on: date) -> Mapping[int, list[PointRow]]:
    """By submission: those of the points that are in it."""
    rows = points.filter(submission__in=[row.pk for row in submissions])
    titles = Titles(on)
    found: dict[int, list[PointRow]] = {}
    for row in rows.select_related("version", "measure", "body", "person").order_by("submission", "position", "pk"):
        found.setdefault(row.submission_id, []).append(PointRow(row.key, titles.of(row), row.text))
    return found


@dataclass(frozen=True)
class OwnRow:
    """What one said with one's name, or what was entered in one's name by somebody else; ``unit``: who speaks."""

    submission: Submission
    points: tuple[PointRow, ...]
    book: str
    call: str
    typed_by: str
    unit: str = ""


def own_rows(submissions: QuerySet[Submission], *, on: date, on_persons: bool = True) -> list[OwnRow]:
    """One's own submissions, or one's unit's, newest first, word for word; if wanted without points on persons."""
    found = list(submissions.order_by("-recorded_seq", "-pk"))
    titles, points = Titles(on), _points_of(found, on_persons=on_persons)
    books = unit_rows({row.book_id for row in found} | {row.unit_id for row in found if row.unit_id is not None}, on)
    typists = typists_of(found)
    return [
        OwnRow(
            submission=row,
            points=tuple(PointRow(point.key, titles.of(point), point.text) for point in points.get(row.pk, ())),
            book=books[row.book_id].name if row.book_id in books else "",
            call=row.call.title if row.call else "",
            typed_by=typists.get(row.typed_by, "") if row.typed_by else "",
            unit=books[row.unit_id].name if row.unit_id is not None and row.unit_id in books else "",
        )
        for row in found
    ]


def _points_of(submissions: Sequence[Submission], *, on_persons: bool) -> Mapping[int, list[Point]]:
    rows = Point.objects.filter(submission__in=[row.pk for row in submissions])
    if not on_persons:
        rows = rows.exclude(about=About.PERSON)
    found: dict[int, list[Point]] = {}
    for point in rows.select_related("version", "measure", "body", "person").order_by("submission", "position", "pk"):
        found.setdefault(point.submission_id, []).append(point)
    return found


def typists_of(submissions: Iterable[Submission]) -> Mapping[UUID, str]:
    """Who typed for authors, by their key: the sign-in's person, else its name."""
    keys = {row.typed_by for row in submissions if row.typed_by is not None}
    users = User.objects.filter(key__in=keys).select_related("sign_in__person").order_by("pk")
    return {user.key: user.sign_in.person.full_name if hasattr(user, "sign_in") else user.username for user in users}


def typist(submission: Submission) -> str:
    """Who typed it for its author; empty when nobody did."""
    return next(iter(typists_of([submission]).values()), "")


def strike_reason(submission: Submission) -> str:
    """Why an entry was taken back."""
    found = Detail.objects.filter(entry=submission.superseded_seq or 0).values_list("content", flat=True).first()
    return str(found.get("reason", "")) if isinstance(found, dict) else ""


@dataclass(frozen=True)
class PersonPointRow:
    """A point on a person, for those who review them. ``author``: empty when the name is kept or not said."""

    person: str
    text: str
    author: str
    promise: Promise
    call: str
    submission: Submission


def person_point_rows(points: QuerySet[Point], *, on: date) -> list[PersonPointRow]:
    """Points on persons with who wrote them, as far as they said so."""
    rows = points.select_related("person", "submission__call", "submission__person").order_by(
        "person__sort_key", "submission", "position", "pk"
    )
    found = list(rows)
    names = _authors([row.submission for row in found], on=on)
    return [
        PersonPointRow(
            person=row.person.full_name if row.person else "",
            text=row.text,
            author=names[row.submission_id],
            promise=Promise(row.submission.promise),
            call=row.submission.call.title if row.submission.call else "",
            submission=row.submission,
        )
        for row in found
    ]
