"""Putting points that say the same into one group, taking them apart again, and undoing either.

A point's group never becomes empty of meaning: whatever is done, each point is in exactly one group, every change is
written down point by point, and can be taken back as long as nothing was done on top of it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from trienkhai.comments import policies
from trienkhai.comments.actions import counting
from trienkhai.comments.models import Call, Group, Point, Regrouping, Theme
from trienkhai.comments.queries.figures import Effects, clause_effects, point_effects
from trienkhai.comments.queries.places import Desk
from trienkhai.comments.queries.subjects import subject_of
from trienkhai.comments.rules import RegroupingKind
from trienkhai.comments.rules.grouping import MOST_AT_ONCE, DeskError, Join, may_share
from trienkhai.core.decisions import Invalid, Refused
from trienkhai.ledger.actions import record
from trienkhai.ledger.models import Entry
from trienkhai.organisation.models import Unit
from trienkhai.organisation.rules import Actor
from trienkhai.text.similar import best_written

_AT_ONCE = 500


def lock(desk: Desk, actor: Actor, *, at: date) -> Desk:
    """The desk for us alone until the transaction ends.

    Raises:
        Refused: not the desk, or everything has been answered and the call finished.
    """
    policies.can_desk(actor, desk.book, at=at).require()
    if desk.call is None:
        Unit.objects.select_for_update().get(pk=desk.book)
        return desk
    call = Call.objects.select_for_update(of=("self",)).select_related("scope").get(pk=desk.call.pk)
    if call.finished_seq is not None:
        raise Refused(DeskError.FINISHED)
    return Desk(desk.book, call, desk.key)


@transaction.atomic
def merge(*, desk: Desk, groups: Collection[int], into: int, actor: Actor, at: date) -> Entry:
    """Empty groups into another; its answer, if it has one, is theirs.

    Raises:
        Refused: not the desk, finished; one of those to be emptied has an answer; on different persons.
        Invalid: nothing chosen, too many, or gone meanwhile.
    """
    desk = lock(desk, actor, at=at)
    target = _chosen(desk, [into])[0]
    sources = _chosen(desk, [group for group in groups if group != into])
    if any(source.is_answered for source in sources):
        raise Refused(DeskError.ANSWERED)
    if not all(may_share(subject_of(source), subject_of(target)) for source in sources):
        raise Refused(DeskError.OTHER_PERSON)
    emptied = [source.pk for source in sources]
    moves = [(point, group, target.pk) for point, group in _in(emptied)]
    heads = _heads([target, *sources])
    entry = _shift(desk, moves, RegroupingKind.MERGED, actor, subject=target)
    Group.objects.filter(pk__in=emptied).update(merged_into=target)
    if heads:
        best = best_written([text for _point, text, _n in heads], [n for _point, _text, n in heads])
        Group.objects.filter(pk=target.pk).update(representative=heads[best][0])
    return entry


def _heads(groups: Sequence[Group]) -> list[tuple[int, str, int]]:
    """The points that represent these groups, the chosen ones and the only ones: words, and of how many."""
    alone = [group.pk for group in groups if group.representative_id is None]
    rows = Point.objects.filter(pk__in=[group.representative_id for group in groups if group.representative_id])
    rows |= Point.objects.filter(group__in=alone, submission__superseded_seq__isnull=True)
    return list(rows.order_by("pk").values_list("pk", "text", "group__size"))


@transaction.atomic
def split(*, desk: Desk, points: Collection[int], actor: Actor, at: date) -> Group:
    """Take some points out of their group into a new one on the same thing, which has no answer yet.

    Raises:
        Refused: not the desk, finished.
        Invalid: nothing chosen, not all of one group, or the whole of it.
    """
    desk = lock(desk, actor, at=at)
    rows = _points_of(desk, points)
    homes = {row.group_id for row in rows}
    if len(homes) > 1:
        raise Invalid(DeskError.MOVED_SINCE)
    home = rows[0].group
    if home.size <= len(rows):
        raise Invalid(DeskError.WHOLE_GROUP)
    made = Group.objects.create(
        book_id=home.book_id,
        call_id=home.call_id,
        about=home.about,
        version_id=home.version_id,
        measure_id=home.measure_id,
        body_id=home.body_id,
        theme_id=home.theme_id,
        size=0,
    )
    _shift(desk, [(row.pk, home.pk, made.pk) for row in rows], RegroupingKind.SPLIT, actor, subject=made)
    made.refresh_from_db()
    return made


@transaction.atomic
def move(*, desk: Desk, points: Collection[int], to: int, actor: Actor, at: date) -> Entry:
    """Put points into another group of the desk.

    Raises:
        Refused: not the desk, finished, on different persons.
        Invalid: nothing chosen, or gone meanwhile.
    """
    desk = lock(desk, actor, at=at)
    target = _chosen(desk, [to])[0]
    rows = [row for row in _points_of(desk, points) if row.group_id != target.pk]
    if not rows:
        raise Invalid(DeskError.NOTHING_CHOSEN)
    if not all(may_share(subject_of(row.group), subject_of(target)) for row in rows):
        raise Refused(DeskError.OTHER_PERSON)
    return _shift(
        desk, [(row.pk, row.group_id, target.pk) for row in rows], RegroupingKind.MOVED, actor, subject=target
    )


@transaction.atomic
def undo(*, desk: Desk, seq: int, actor: Actor, at: date) -> Entry:
    """Take back what one entry did with points: each goes back to where it came from.

    Raises:
        Refused: not the desk, finished; undone already, or something was done with these points or groups since.
    """
    desk = lock(desk, actor, at=at)
    rows = undoable(desk).filter(seq=seq)
    back = list(rows.values_list("point", "to_group", "from_group", "point__group", "from_group__merged_into"))
    if not back or any(now != to or merged not in {None, to} for _p, to, _from, now, merged in back):
        raise Refused(DeskError.MOVED_SINCE)
    home = Group.objects.get(pk=back[0][2])
    entry = _shift(desk, [(p, to, of) for p, to, of, _n, _m in back], RegroupingKind.UNDONE, actor, subject=home)
    Regrouping.objects.filter(seq=seq).update(undone_seq=entry.seq)
    homes = {of for _p, _to, of, _n, _m in back}
    Group.objects.filter(pk__in=homes, merged_into__isnull=False).update(merged_into=None)
    return entry


def undoable(desk: Desk) -> QuerySet[Regrouping]:
    """What was done with points at the desk and not undone."""
    rows = Regrouping.objects.filter(to_group__book=desk.book, to_group__call=desk.call, undone_seq__isnull=True)
    return rows.exclude(kind=RegroupingKind.UNDONE)


@transaction.atomic
def join_alike(*, desk: Desk, found: Sequence[Join], actor: Actor, at: date) -> Entry | None:
    """Join single points that say the same, as found by the library. Whatever has been touched meanwhile is left.

    Raises:
        Refused: not the desk, or finished.
    """
    desk = lock(desk, actor, at=at)
    homes = _untouched(desk, [point for join in found for point in join.points])
    wanted = Group.objects.filter(pk__in=[join.into for join in found], merged_into__isnull=True)
    lasting = set(wanted.values_list("pk", flat=True))
    moves = [
        (point, homes[point], join.into)
        for join in found
        if join.into in lasting
        for point in join.points
        if point in homes and homes[point] != join.into
    ]
    if not moves:
        return None
    sources = {of for _point, of, _to in moves}
    moves = [(point, of, to) for point, of, to in moves if to not in sources]
    entry = _shift(desk, moves, RegroupingKind.FOUND_ALIKE, actor)
    for to, emptied in _by_target((of, to) for _point, of, to in moves).items():
        for start in range(0, len(emptied), _AT_ONCE):
            Group.objects.filter(pk__in=emptied[start : start + _AT_ONCE]).update(merged_into=to)
    _represent(found)
    return entry


def _represent(found: Sequence[Join]) -> None:
    heads = {join.into: join.representative for join in found if join.representative is not None}
    groups = list(Group.objects.filter(pk__in=heads, size__gt=0))
    there = dict(Point.objects.filter(pk__in=heads.values()).values_list("pk", "group"))
    groups = [group for group in groups if there.get(heads[group.pk]) == group.pk]
    for group in groups:
        group.representative_id = heads[group.pk]
    Group.objects.bulk_update(groups, ["representative"], batch_size=_AT_ONCE)


def _untouched(desk: Desk, points: Sequence[int]) -> dict[int, int]:
    """Of the points, those that are still alone in a group without an answer, and were never placed by anybody.

    Where something that was taken back lies beside it, somebody had put the two together.
    """
    call = desk.call.pk if desk.call is not None else None
    columns = ("pk", "group", "group__size", "group__is_answered", "group__book", "group__call")
    found: dict[int, int] = {}
    for start in range(0, len(points), _AT_ONCE):
        some = points[start : start + _AT_ONCE]
        placed = set(Regrouping.objects.filter(point__in=some).values_list("point", flat=True))
        rows = list(Point.objects.filter(pk__in=some).values_list(*columns))
        beside = Point.objects.filter(group__in=[group for _point, group, *_more in rows]).exclude(pk__in=some)
        shared = set(beside.filter(submission__superseded_seq__isnull=False).values_list("group", flat=True))
        found |= {
            point: group
            for point, group, size, is_answered, *where in rows
            if size == 1
            and not is_answered
            and where == [desk.book, call]
            and point not in placed
            and group not in shared
        }
    return found


@transaction.atomic
def propose_themes(*, desk: Desk, themes: Iterable[tuple[int, Sequence[int]]], actor: Actor, at: date) -> int:
    """Put the proposed themes (their representative group, their groups) in the place of those nobody has named.

    Proposals are no facts: they have no entry in the ledger.
    """
    desk = lock(desk, actor, at=at)
    proposed = desk.themes().filter(title="")
    Group.objects.filter(theme__in=proposed).update(theme=None)
    proposed.delete()
    count = 0
    for head, members in themes:
        theme = Theme.objects.create(book_id=desk.book, call=desk.call, representative_id=head)
        for start in range(0, len(members), _AT_ONCE):
            some = Group.objects.filter(pk__in=members[start : start + _AT_ONCE], theme__isnull=True, size__gt=0)
            count += some.update(theme=theme)
    return count


@transaction.atomic
def name_theme(*, desk: Desk, theme: Theme, title: str, actor: Actor, at: date) -> Entry:
    """Take a proposed theme on under a title, or give it another.

    Raises:
        Refused: not the desk, finished.
        Invalid: no title.
    """
    lock(desk, actor, at=at)
    if not title.strip():
        raise Invalid(DeskError.NO_TITLE, on="title")
    entry = record(actor=actor.key, action="comments.name_theme", subject=theme.key, detail={"title": title})
    Theme.objects.filter(pk=theme.pk).update(title=title)
    return entry


@transaction.atomic
def drop_theme(*, desk: Desk, theme: Theme, actor: Actor, at: date) -> Entry:
    """Take a theme away; its groups stay as they are.

    Raises:
        Refused: not the desk, finished.
    """
    lock(desk, actor, at=at)
    entry = record(actor=actor.key, action="comments.drop_theme", subject=theme.key, detail={"title": theme.title})
    Group.objects.filter(theme=theme).update(theme=None)
    theme.delete()
    return entry


def _shift(
    desk: Desk,
    moves: Sequence[tuple[int, int, int]],
    kind: RegroupingKind,
    actor: Actor,
    *,
    subject: Group | None = None,
) -> Entry:
    """Move points (point, from, to), write it down, bring sizes, representatives and figures in line."""
    touched = {group for _point, of, to in moves for group in (of, to)}
    before = _effects(desk, touched)
    key = subject.key if subject else desk.key
    entry = record(actor=actor.key, action=f"comments.{kind}", subject=key, count=len(moves))
    Regrouping.objects.bulk_create(
        [
            Regrouping(point_id=point, from_group_id=of, to_group_id=to, kind=kind, seq=entry.seq)
            for point, of, to in moves
        ],
        batch_size=_AT_ONCE,
    )
    for to, points in _by_target((point, to) for point, _of, to in moves).items():
        for start in range(0, len(points), _AT_ONCE):
            Point.objects.filter(pk__in=points[start : start + _AT_ONCE]).update(group=to)
    counting.resize(touched)
    counting.regrouped(call=desk.call, before=before, after=_effects(desk, touched), entry=entry)
    return entry


def _by_target(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    """What goes where, by where."""
    found: dict[int, list[int]] = defaultdict(list)
    for what, to in pairs:
        found[to].append(what)
    return found


def _effects(desk: Desk, groups: Collection[int]) -> Effects:
    """What the points of answered groups count; nothing else changes with a point's group."""
    if desk.call is None:
        return Effects()
    listed = sorted(groups)
    found = Effects()
    for start in range(0, len(listed), _AT_ONCE):
        some = listed[start : start + _AT_ONCE]
        points = Point.objects.filter(group__in=some, submission__superseded_seq__isnull=True)
        found.update(point_effects(desk.call, points))
    found.update(clause_effects(desk.call))
    return found


def _in(groups: Sequence[int]) -> list[tuple[int, int]]:
    return list(Point.objects.filter(group__in=groups).order_by("pk").values_list("pk", "group"))


def _chosen(desk: Desk, groups: Collection[int]) -> list[Group]:
    """The groups, all of them at this desk and still there."""
    if not groups:
        raise Invalid(DeskError.NOTHING_CHOSEN)
    if len(groups) > MOST_AT_ONCE:
        raise Invalid(DeskError.TOO_MANY, at_most=MOST_AT_ONCE)
    found = list(desk.groups().filter(pk__in=groups).order_by("pk"))
    if len(found) != len(set(groups)):
        raise Invalid(DeskError.MOVED_SINCE)
    return found


def _points_of(desk: Desk, points: Collection[int]) -> list[Point]:
    if not points:
        raise Invalid(DeskError.NOTHING_CHOSEN)
    found = list(desk.points().filter(pk__in=points).select_related("group").order_by("pk"))
    if len(found) != len(set(points)):
        raise Invalid(DeskError.MOVED_SINCE)
    return found
