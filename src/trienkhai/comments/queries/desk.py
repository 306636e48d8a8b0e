"""The desk's list: groups, the largest first, a page at a time however many there are."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Aggregate, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from trienkhai.comments.models import Aimed, Disposition, Group, GroupingRun, Point, Regrouping, Submission, Theme
from trienkhai.comments.queries.calls import points_on_persons
from trienkhai.comments.queries.outcomes import stuck_at
from trienkhai.comments.queries.places import Desk
from trienkhai.comments.queries.subjects import body_name
from trienkhai.comments.rules import About, AuthorKind, Channel, DispositionKind, Promise, RegroupingKind
from trienkhai.ledger.models import Entry
from trienkhai.organisation.queries import name_of
from trienkhai.plans.models import Wording
from trienkhai.text import fold

PER_PAGE = 50
MOST_COUNTED = 10_000
FEW = 2_000
"""So many groups are looked through for words one by one."""
LONGEST_SILENCE = timedelta(minutes=5)
"""A search that has said nothing for so long has died with its worker; one that waits so long has none."""


@dataclass(frozen=True)
class Filters:
    """What of the desk is asked for; empty: all of it. ``is_stuck``: accepted, but the measure did not change.

    ``is_timely``: answered by the day answers were due, or later.
    """

    is_answered: bool | None = None
    kind: DispositionKind | None = None
    about: About | None = None
    measure: UUID | None = None
    theme: UUID | None = None
    words: str = ""
    is_stuck: bool = False
    is_timely: bool | None = None


@dataclass(frozen=True)
class After:
    """The last group of the page before."""

    size: int
    group: int


@dataclass(frozen=True)
class GroupRow:
    """A group in the list. ``words``: of the point that represents it, for the desk's eyes alone."""

    id: int
    key: UUID
    size: int
    about: About
    subject: str
    words: str
    summary: str
    is_answered: bool
    kind: DispositionKind | None
    theme: str
    theme_key: UUID | None


@dataclass(frozen=True)
class DeskPage:
    """Some groups, and where the next ones begin."""

    rows: tuple[GroupRow, ...]
    after: After | None


def desk_page(desk: Desk, filters: Filters, *, after: After | None = None, on: date, most: int = PER_PAGE) -> DeskPage:
    """The groups asked for, by size, those from the first on; the same number of statements for any number."""
    found, words = filtered(desk, replace(filters, words="")), fold(filters.words)
    if after is None:
        groups = _first(found, words, most + 1)
    else:
        groups = _first(found.filter(size=after.size, pk__gt=after.group), words, most + 1)
        if len(groups) <= most:
            groups += _first(found.filter(size__lt=after.size), words, most + 1 - len(groups))
    shown = groups[:most]
    last = After(shown[-1].size, shown[-1].pk) if len(groups) > most else None
    return DeskPage(tuple(rows_of(shown, on=on)), last)


def _first(found: QuerySet[Group], words: str, most: int) -> list[Group]:
    """The first groups in order, of those that have the words.

    Few groups are looked through one by one; for many every point there is is looked at once. There is no index of
    words: it would keep those that their authors withdrew.
    """
    ordered = found.select_related("theme").order_by("-size", "pk")
    if not words:
        return list(ordered[:most])
    saying = _saying(words)
    if found.order_by().values("pk")[: FEW + 1].count() <= FEW:
        return list(ordered.filter(Exists(saying.filter(group=OuterRef("pk"))))[:most])
    return list(ordered.filter(pk__in=saying.values("group"))[:most])


def _saying(words: str) -> QuerySet[Point]:
    return Point.objects.filter(folded__contains=words, submission__superseded_seq__isnull=True)


def filtered(desk: Desk, filters: Filters) -> QuerySet[Group]:
    """The desk's groups asked for."""
    found = desk.groups()
    if filters.is_answered is not None:
        found = found.filter(is_answered=filters.is_answered)
    if filters.kind is not None:
        found = found.filter(pk__in=Disposition.objects.current().filter(kind=filters.kind).values("group"))
    if filters.about is not None:
        found = found.filter(about=filters.about)
    if filters.measure is not None:
        found = found.filter(measure__key=filters.measure)
    if filters.theme is not None:
        found = found.filter(theme__key=filters.theme)
    if filters.is_timely is not None and desk.call is not None:
        timely = Disposition.objects.current().filter(answered_on__lte=desk.call.answer_by).values("group")
        found = found.filter(is_answered=True)
        found = found.filter(pk__in=timely) if filters.is_timely else found.exclude(pk__in=timely)
    if filters.is_stuck:
        found = found.filter(pk__in=stuck_at(desk))
    if filters.words.strip():
        found = found.filter(pk__in=_saying(fold(filters.words)).values("group"))
    return found


def rows_of(groups: Sequence[Group], *, on: date) -> list[GroupRow]:
    """Groups with what represents them, what they are about, and what was answered."""
    words = words_of(groups)
    subjects = subjects_named(groups, on=on)
    kinds = dict(Disposition.objects.current().filter(group__in=groups).values_list("group", "kind"))
    return [
        GroupRow(
            id=group.pk,
            key=group.key,
            size=group.size,
            about=About(group.about),
            subject=subjects[group.pk],
            words=words.get(group.pk, ""),
            summary=group.summary,
            is_answered=group.is_answered,
            kind=DispositionKind(kinds[group.pk]) if group.pk in kinds else None,
            theme=group.theme.title if group.theme else "",
            theme_key=group.theme.key if group.theme else None,
        )
        for group in groups
    ]


def words_of(groups: Iterable[Group]) -> dict[int, str]:
    """What represents each group: the chosen point, or its only one."""
    chosen = {group.representative_id: group.pk for group in groups if group.representative_id is not None}
    found = {chosen[point]: text for point, text in Point.objects.filter(pk__in=chosen).values_list("pk", "text")}
    alone = [group.pk for group in groups if group.representative_id is None]
    rows = Point.objects.filter(group__in=alone, submission__superseded_seq__isnull=True).order_by("-pk")
    return found | dict(rows.values_list("group", "text"))


def subjects_named(rows: Sequence[Aimed], *, on: date) -> dict[int, str]:
    """What each row is about, in words: a measure by its number and text, a body by name; plans by their title."""
    measures = _measures(rows)
    bodies = {body: body_name(body, on=on) for body in {row.body_id for row in rows} if body is not None}
    titles = dict(
        Wording.objects.filter(version__in={row.version_id for row in rows if row.about == About.PLAN})
        .order_by()
        .values_list("version", "version__title")
        .distinct()
    )
    return {
        row.pk: measures.get((row.version_id, row.measure_id), "")
        if row.about == About.MEASURE
        else bodies.get(row.body_id or 0, "")
        or (titles.get(row.version_id or 0, "") if row.about == About.PLAN else "")
        for row in rows
    }


def _measures(rows: Sequence[Aimed]) -> dict[tuple[int | None, int | None], str]:
    wanted = {(row.version_id, row.measure_id) for row in rows if row.about == About.MEASURE}
    earlier = Wording.objects.filter(version=OuterRef("version"), position__lt=OuterRef("position")).order_by()
    number = Coalesce(Subquery(earlier.values("version").annotate(n=Count("pk")).values("n")), 0) + 1
    found = Wording.objects.filter(
        version__in={version for version, _m in wanted}, measure__in={measure for _v, measure in wanted}
    ).annotate(number=number)
    rows_found = found.order_by("pk").values_list("version", "measure", "number", "text")
    return {(version, measure): f"{n}. {text}" for version, measure, n, text in rows_found}


@dataclass(frozen=True)
class Numbers:
    """How much there is at a desk, counted as far as people count: to :data:`MOST_COUNTED` and one more.

    ``on_persons``: points kept apart, by the name of the body that reviews them.
    """

    waiting: int
    answered: int
    on_persons: tuple[tuple[str, int], ...]

    @property
    def many_wait(self) -> bool:
        """Whether more wait than were counted."""
        return self.waiting > MOST_COUNTED

    @property
    def many_answered(self) -> bool:
        """Whether more are answered than were counted."""
        return self.answered > MOST_COUNTED


def numbers_of(desk: Desk, *, on: date) -> Numbers:
    """How many groups wait, how many are answered; how many points on persons there are."""
    waiting, answered = (
        desk.groups().filter(is_answered=is_answered).order_by()[: MOST_COUNTED + 1].count()
        for is_answered in (False, True)
    )
    return Numbers(
        waiting=waiting,
        answered=answered,
        on_persons=tuple((body_name(body, on=on), n) for body, n in points_on_persons(desk.book, desk.call)),
    )


@dataclass(frozen=True)
class PointRow:
    """A point as the desk reads it. ``author``: as far as was promised; ``entry``: its number in the intake book."""

    point: Point
    author: str
    kind: AuthorKind
    promise: Promise
    channel: Channel
    entry: str


def point_rows(points: Iterable[Point], *, on: date) -> list[PointRow]:
    """Points with who said them: nobody, unless they gave their name."""
    found = list(points)
    units = {point.submission.unit_id for point in found if point.submission.unit_id is not None}
    names = {unit: name_of(unit, on) for unit in units}
    return [_point_row(point, names) for point in found]


def _point_row(point: Point, names: Mapping[int, str]) -> PointRow:
    told = point.submission
    return PointRow(
        point=point,
        author=_author(told, names),
        kind=AuthorKind(told.author_kind),
        promise=Promise(told.promise),
        channel=Channel(told.channel),
        entry=f"{told.number}/{told.year}" if told.number else "",
    )


def _author(told: Submission, names: Mapping[int, str]) -> str:
    if told.promise != Promise.NAMED:
        return ""
    unit = names.get(told.unit_id or 0, "")
    person = told.person.full_name if told.person else told.author
    return ", ".join(filter(None, (person, unit)))


def points_in(group: Group) -> QuerySet[Point]:
    """The points of a group that count, in the order they came."""
    rows = Point.objects.filter(group=group, submission__superseded_seq__isnull=True)
    return rows.select_related("submission__person", "group").order_by("pk")


@dataclass(frozen=True)
class Step:
    """Something done with points, by one entry of the ledger. ``can_undo``: was not undone yet.

    ``words``: what represents the group that points went into, or one of them where it is empty since; of many groups,
    nothing.
    """

    seq: int
    kind: RegroupingKind
    points: int
    at: datetime
    can_undo: bool
    words: str = ""


def steps_of(desk: Desk, *, most: int = 100) -> list[Step]:
    """What was done with points at the desk, the last first; read by the entries, however many points each moved."""
    last = Regrouping.objects.order_by("-seq").values_list("seq", flat=True).distinct()[: most * _OTHER_DESKS]
    moved = Regrouping.objects.filter(seq=OuterRef("seq")).order_by("pk")
    entries = Entry.objects.filter(seq__in=list(last)).annotate(
        book=Subquery(moved.values("to_group__book")[:1]),
        call=Subquery(moved.values("to_group__call")[:1]),
        kind=Subquery(moved.values("kind")[:1]),
        undone=Subquery(moved.values("undone_seq")[:1]),
        into=Subquery(moved.values("to_group")[:1]),
        said=Subquery(moved.values("point__text")[:1]),
    )
    call = desk.call.pk if desk.call is not None else None
    columns = ("seq", "recorded_at", "count", "kind", "undone", "into", "said", "book", "call")
    found = [row for row in entries.order_by("-seq").values_list(*columns) if row[-2:] == (desk.book, call)][:most]
    groups = {into for _s, _at, _n, kind, _u, into, *_more in found if kind != RegroupingKind.FOUND_ALIKE}
    words = words_of(list(Group.objects.filter(pk__in=groups)))
    return [
        Step(
            seq,
            RegroupingKind(kind),
            count,
            at,
            kind != RegroupingKind.UNDONE and undone is None,
            words.get(into) or said if kind != RegroupingKind.FOUND_ALIKE else "",
        )
        for seq, at, count, kind, undone, into, said, *_where in found
    ]


_OTHER_DESKS = 3
"""Of so many steps of all desks, those of one are shown: as a rule there is only one at work."""


@dataclass(frozen=True)
class ThemeRow:
    """A theme: its groups and points, and the words or summary that stand for it."""

    theme: Theme
    groups: int
    points: int
    waiting: int
    words: str


def theme_rows(themes: QuerySet[Theme]) -> list[ThemeRow]:
    """Themes, named ones first, the larger before the smaller. A proposal whose groups have become one is none."""
    sizes = Group.objects.filter(theme=OuterRef("pk"), size__gt=0).order_by().values("theme")
    counted = themes.annotate(
        n=_counted(sizes, Count("pk")),
        points_n=_counted(sizes, Sum("size")),
        waiting_n=_counted(sizes.filter(is_answered=False), Count("pk")),
    ).filter(Q(n__gt=1) | Q(n=1) & ~Q(title=""))
    rows = list(counted.select_related("representative").order_by("-points_n", "pk")[:200])
    heads = {row.representative_id: row.representative for row in rows if row.representative is not None}
    words = words_of(list(heads.values()))
    found = [
        ThemeRow(row, row.n, row.points_n, row.waiting_n, words.get(row.representative_id or 0, "")) for row in rows
    ]
    return sorted(found, key=lambda one: not one.theme.title)


def _counted(rows: QuerySet[Group, Any], how: Aggregate) -> Coalesce:
    return Coalesce(Subquery(rows.annotate(n_found=how).values("n_found"), output_field=IntegerField()), 0)


def is_running(run: GroupingRun | None, *, at: datetime) -> bool:
    """Whether a search is under way or waits for its turn, and was heard of lately."""
    return run is not None and run.finished_at is None and at - (run.told_at or run.asked_at) < LONGEST_SILENCE


def last_run(desk: Desk) -> GroupingRun | None:
    """The last search for points that say the same."""
    return GroupingRun.objects.filter(book=desk.book, call=desk.call).order_by("-pk").first()


def ids_of(desk: Desk, keys: Collection[UUID]) -> list[int]:
    """Groups of the desk by their keys; those that are gone are missing."""
    return list(desk.groups().filter(key__in=keys).order_by("pk").values_list("pk", flat=True))
