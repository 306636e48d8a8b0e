"""Bodies, and posts in them or at the head of units."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from trienkhai.core.decisions import Invalid
from trienkhai.core.periods import FOREVER, Period
from trienkhai.ledger.actions import record
from trienkhai.ledger.clock import local_day
from trienkhai.ledger.models import Entry
from trienkhai.organisation.actions.changes import (
    Change,
    checked_day,
    checked_name,
    chunks,
    locked_people,
    locked_units,
)
from trienkhai.organisation.actions.states import CHUNK_ROWS, held_from, open_days
from trienkhai.organisation.models import Body, BodyState, Post, held_on
from trienkhai.organisation.policies import can_keep_organisation
from trienkhai.organisation.rules import Actor, BodyKind, Fault, PostKind
from trienkhai.text import clean_line

_LONGEST_TITLE = 150
_LONGEST_BODY_NAME = 250


@dataclass(frozen=True)
class NewPost:
    """A post to give. ``until``: the first day without it."""

    unit: int
    kind: PostKind
    on: date
    person: int = 0
    body: int | None = None
    title: str = ""
    until: date | None = None

    @property
    def period(self) -> Period:
        """The days of the post."""
        return Period.of(self.on, self.until)


@transaction.atomic
def give_post(
    *,
    person: int,
    unit: int,
    kind: PostKind,
    on: date,
    actor: Actor,
    at: datetime,
    body: int | None = None,
    title: str = "",
    until: date | None = None,
) -> Change:
    """Give a person a post in a unit from a day on. ``made``: the row's id.

    Raises:
        Refused: the actor does not keep the unit.
        Invalid: the unit is not open, or the person holds this post already.
    """
    post = NewPost(unit=unit, kind=kind, on=on, person=person, body=body, title=title, until=until)
    return give_posts(posts=[post], actor=actor, at=at)


@transaction.atomic
def give_posts(*, posts: Sequence[NewPost], actor: Actor, at: datetime, file_digest: str = "") -> Change:
    """Give many posts with one entry. ``made``: the rows' ids.

    Raises:
        Refused: the actor does not keep one of the units.
        Invalid: as :func:`give_post`.
    """
    people = locked_people(post.person for post in posts)
    units = locked_units({post.unit for post in posts})
    for unit in units:
        can_keep_organisation(actor, unit, at=local_day(at)).require()
    for post in posts:
        checked_day(post.on, at=at)
    check_posts(posts)
    _check_not_held(posts)
    single = posts[0] if len(posts) == 1 else None
    entry = record(
        actor=actor.key,
        action="organisation.give_post" if single else "organisation.give_posts",
        subject=people[single.person].key if single else None,
        detail={"unit": str(units[single.unit].key), "kind": single.kind.value, "on": single.on.isoformat()}
        if single
        else {"posts": len(posts)},
        count=len(posts),
        file_digest=file_digest,
    )
    made = insert_posts(posts, entry=entry)
    return Change(entry=entry, people=frozenset(people), made=made)


@transaction.atomic
def end_post(*, post: int, on: date, actor: Actor, at: datetime) -> Change:
    """End a post: ``on`` is the first day without it.

    Args:
        post: id of the row as known now.
        on: not after the day it ends anyway.
        actor: who acts.
        at: when.

    Raises:
        Refused: the actor does not keep the unit.
        Invalid: no such post, or it would end before it began.
    """
    checked_day(on, at=at)
    row = Post.objects.current().select_for_update().filter(pk=post).select_related("person", "unit").first()
    if row is None:
        raise Invalid(Fault.POST_UNKNOWN)
    can_keep_organisation(actor, row.unit_id, at=local_day(at)).require()
    if on <= row.starts_on or (row.ends_on and on >= row.ends_on):
        raise Invalid(Fault.ENDS_BEFORE_START, on="on", day=row.starts_on)
    entry = record(
        actor=actor.key,
        action="organisation.end_post",
        subject=row.person.key,
        detail={"unit": str(row.unit.key), "kind": row.kind, "on": on.isoformat()},
    )
    end_posts(Post.objects.filter(pk=row.pk), on=on, entry=entry)
    return Change(entry=entry, people=frozenset({row.person_id}))


@transaction.atomic
def withdraw_post(*, post: int, actor: Actor, at: datetime) -> Change:
    """A post entered by mistake: as if it had never been.

    Raises:
        Refused: the actor does not keep the unit.
        Invalid: no such post.
    """
    row = Post.objects.current().select_for_update().filter(pk=post).select_related("person", "unit").first()
    if row is None:
        raise Invalid(Fault.POST_UNKNOWN)
    can_keep_organisation(actor, row.unit_id, at=local_day(at)).require()
    detail = {"unit": str(row.unit.key), "kind": row.kind}
    entry = record(actor=actor.key, action="organisation.withdraw_post", subject=row.person.key, detail=detail)
    Post.objects.filter(pk=row.pk).supersede(entry)
    return Change(entry=entry, people=frozenset({row.person_id}))


@transaction.atomic
def make_body(*, unit: int, kind: BodyKind, name: str, on: date, actor: Actor, at: datetime) -> Change:
    """Name those who lead a unit as one body from a day on. ``made``: its id.

    Raises:
        Refused: the actor does not keep the unit.
        Invalid: the unit is not open, or has such a body already.
    """
    checked_day(on, at=at)
    name = checked_name(name, longest=_LONGEST_BODY_NAME, on="name")
    found = locked_units([unit])[unit]
    can_keep_organisation(actor, unit, at=local_day(at)).require()
    days = open_days([unit]).get(unit)
    if days is None or on not in days:
        raise Invalid(Fault.UNIT_NOT_OPEN, on="on", day=on)
    if BodyState.objects.current().filter(held_from(on), body__unit=unit, body__kind=kind.value).exists():
        raise Invalid(Fault.BODY_ALREADY, on="kind")
    detail = {"kind": kind.value, "name": name, "on": on.isoformat()}
    entry = record(actor=actor.key, action="organisation.make_body", subject=found.key, detail=detail)
    body = Body.objects.create(unit=found, kind=kind.value)
    BodyState.objects.create(
        body=body,
        name=name,
        starts_on=on,
        ends_on=days.end_or_none,
        recorded_seq=entry.seq,
        recorded_on=entry.recorded_on,
    )
    return Change(entry=entry, made=(body.pk,))


@transaction.atomic
def end_body(*, body: int, on: date, actor: Actor, at: datetime) -> Change:
    """Dissolve a body; posts in it end with it.

    Raises:
        Refused: the actor does not keep the unit.
        Invalid: no such body that day.
    """
    checked_day(on, at=at)
    found = Body.objects.select_for_update().select_related("unit").filter(pk=body).first()
    if found is None or not BodyState.objects.current().filter(held_from(on), body=body, starts_on__lt=on).exists():
        raise Invalid(Fault.BODY_UNKNOWN)
    can_keep_organisation(actor, found.unit_id, at=local_day(at)).require()
    detail = {"kind": found.kind, "on": on.isoformat()}
    entry = record(actor=actor.key, action="organisation.end_body", subject=found.unit.key, detail=detail)
    end_bodies(BodyState.objects.filter(body=body), on=on, entry=entry)
    people = end_posts(Post.objects.filter(body=body), on=on, entry=entry)
    return Change(entry=entry, people=people)


def check_posts(posts: Iterable[NewPost]) -> None:
    """Posts lie on days their unit is open, in bodies of that unit, in order.

    Raises:
        Invalid: one does not.
    """
    posts = list(posts)
    days = open_days({post.unit for post in posts})
    bodies = dict(Body.objects.filter(pk__in={p.body for p in posts if p.body}).values_list("pk", "unit"))
    for post in posts:
        inside = days.get(post.unit, Period(FOREVER, FOREVER))
        if not post.period:
            raise Invalid(Fault.ENDS_BEFORE_START, on="until", day=post.on)
        if post.on not in inside or (post.until and post.period & inside != post.period):
            raise Invalid(Fault.UNIT_NOT_OPEN, on="on", day=post.on)
        if post.body is not None and bodies.get(post.body) != post.unit:
            raise Invalid(Fault.BODY_UNKNOWN, on="body")
        if len(clean_line(post.title)) > _LONGEST_TITLE:
            raise Invalid(Fault.NAME_TOO_LONG, on="title", limit=_LONGEST_TITLE)


def insert_posts(posts: Sequence[NewPost], *, entry: Entry) -> tuple[int, ...]:
    """Insert posts already checked; one open at the end lasts as long as its unit. Returns the rows' ids."""
    days = open_days({post.unit for post in posts})
    rows = [
        Post(
            person_id=post.person,
            unit_id=post.unit,
            body_id=post.body,
            kind=post.kind.value,
            title=clean_line(post.title),
            starts_on=post.on,
            ends_on=post.until or days[post.unit].end_or_none,
            recorded_seq=entry.seq,
            recorded_on=entry.recorded_on,
        )
        for post in posts
    ]
    return tuple(row.pk for row in Post.objects.bulk_create(rows, batch_size=CHUNK_ROWS))


def end_posts(posts: QuerySet[Post], *, on: date, entry: Entry) -> frozenset[int]:
    """End those of the posts known now that still hold on ``on`` or later; returns their holders."""
    rows = list(posts.filter(held_from(on), superseded_seq__isnull=True).order_by("pk"))
    for chunk in chunks(row.pk for row in rows):
        Post.objects.filter(pk__in=chunk).supersede(entry)
    shorter = [
        Post(
            key=row.key,
            person_id=row.person_id,
            unit_id=row.unit_id,
            body_id=row.body_id,
            kind=row.kind,
            title=row.title,
            starts_on=row.starts_on,
            ends_on=on,
            recorded_seq=entry.seq,
            recorded_on=entry.recorded_on,
        )
        for row in rows
        if row.starts_on < on
    ]
    Post.objects.bulk_create(shorter, batch_size=CHUNK_ROWS)
    return frozenset(row.person_id for row in rows)


def end_bodies(states: QuerySet[BodyState], *, on: date, entry: Entry) -> int:
    """End bodies' states known now that still hold on ``on`` or later; returns how many."""
    rows = list(states.filter(held_from(on), superseded_seq__isnull=True).order_by("pk"))
    BodyState.objects.filter(pk__in=[row.pk for row in rows]).supersede(entry)
    shorter = [
        BodyState(
            body_id=row.body_id,
            name=row.name,
            starts_on=row.starts_on,
            ends_on=on,
            recorded_seq=entry.seq,
            recorded_on=entry.recorded_on,
        )
        for row in rows
        if row.starts_on < on
    ]
    BodyState.objects.bulk_create(shorter, batch_size=CHUNK_ROWS)
    return len(rows)


def _check_not_held(posts: Iterable[NewPost]) -> None:
    for post in posts:
        same = Post.objects.current().filter(
            held_on(post.on) | Q(starts_on__gt=post.on, **({"starts_on__lt": post.until} if post.until else {})),
            person=post.person,
            unit=post.unit,
            kind=post.kind.value,
            title=clean_line(post.title),
        )
        if same.exists():
            raise Invalid(Fault.POST_ALREADY, on="kind")
