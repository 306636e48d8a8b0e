"""Posts and bodies that a list names."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import batched

from django.db.models import Q, QuerySet

from trienkhai.core.periods import Period
from trienkhai.figures.models import Path
from trienkhai.imports.models import ImportBatch
from trienkhai.imports.rules.fields import ListKind
from trienkhai.ledger.models import Entry
from trienkhai.organisation.actions.changes import CHUNK
from trienkhai.organisation.actions.importing.comparing import Places, posts_of
from trienkhai.organisation.actions.posts import NewPost, check_posts, insert_posts
from trienkhai.organisation.actions.states import CHUNK_ROWS, open_days
from trienkhai.organisation.models import Body, BodyState, Post, Unit, UnitState
from trienkhai.organisation.rules import BodyKind, PostKind, UnitKind
from trienkhai.organisation.rules.post_names import BODY_NAMES, BODY_OF, Level, NamedPost, body_named

_SECRETARIES = (PostKind.SECRETARY, PostKind.DEPUTY_STANDING, PostKind.DEPUTY)


class ListedPosts:
    """Collects posts row by row, then makes the bodies that are missing and gives the posts."""

    def __init__(
        self, batch: ImportBatch, entry: Entry, places: Places, days: dict[int, Period], kept: QuerySet[Unit]
    ) -> None:
        self._batch = batch
        self._entry = entry
        self._places = places
        self._days = days
        self._kept = kept
        self._bases: dict[int, int | None] = {}
        self._posts: list[NewPost] = []
        self._wanted: dict[tuple[int, BodyKind], str] = {}
        self._first_days: dict[tuple[int, BodyKind], date] = {}

    def _base(self, unit: int) -> int | None:
        """The base organisation above a unit, if the actor keeps it; else, in none, the unit itself."""
        if unit not in self._bases:
            base = base_above([unit]).get(unit, unit)
            self._bases[unit] = base if self._kept.filter(pk=base).exists() else None
        return self._bases[unit]

    def note(self, values: dict[str, str], person: int, unit: int, start: date) -> None:
        """Remember the posts a row names; those of units the actor does not keep are left out."""
        if "party_post" not in values:
            return
        place = self._places.find(values)
        for named in posts_of(values, place, listed=self._batch.kind == ListKind.POSTS):
            of = self._base(unit) if named.level is Level.BASE else unit
            if of is None:
                continue
            if of not in self._days:
                self._days.update(open_days([of]))
            self._note_post(named, values, person, of, start)

    def _note_post(self, named: NamedPost, values: dict[str, str], person: int, unit: int, start: date) -> None:
        days = self._days[unit]
        end = whole(values.get("ends_on"))
        on = max(start, days.start)
        if end and end <= on:
            return
        said = values.get("body", "")
        kind = body_named(said) or BODY_OF.get(named.kind)
        if kind is not None:
            self._wanted.setdefault((unit, kind), said)
            self._first_days[unit, kind] = min(self._first_days.get((unit, kind), on), on)
        self._posts.append(
            NewPost(
                unit=unit, kind=named.kind, on=on, person=person, title=_title(named), until=end or days.end_or_none
            )
        )

    def write(self) -> set[int]:
        """Bodies first, then the posts not held already; returns whose posts are new."""
        bodies = self._bodies()
        held = self._held({post.person for post in self._posts})
        fresh: dict[tuple[int, int, str, str], NewPost] = {}
        for post in self._posts:
            key = (post.person, post.unit, post.kind.value, post.title if post.kind is PostKind.OTHER else "")
            if key not in held:
                fresh.setdefault(key, replace(post, body=_body_for(post, bodies)))
        check_posts(fresh.values())
        for chunk in batched(fresh.values(), CHUNK):
            insert_posts(chunk, entry=self._entry)
        return {post.person for post in fresh.values()}

    def _held(self, people: set[int]) -> set[tuple[int, int, str, str]]:
        held: set[tuple[int, int, str, str]] = set()
        for chunk in batched(sorted(people), CHUNK):
            rows = Post.objects.current().filter(
                Q(ends_on__isnull=True) | Q(ends_on__gt=self._batch.holds_from), person__in=chunk
            )
            for person, unit, kind, title in rows.values_list("person", "unit", "kind", "title"):
                held.add((person, unit, kind, title if kind == PostKind.OTHER else ""))
        return held

    def _bodies(self) -> dict[tuple[int, BodyKind], int]:
        """The bodies of the units concerned by kind, those that are missing made."""
        units = {post.unit for post in self._posts}
        found: dict[tuple[int, BodyKind], int] = {}
        for chunk in batched(sorted(units), CHUNK):
            open_ones = BodyState.objects.current().filter(ends_on__isnull=True, body__unit__in=chunk)
            for pk, unit, kind in open_ones.values_list("body", "body__unit", "body__kind"):
                found[unit, BodyKind(kind)] = pk
        missing = [(key, name) for key, name in self._wanted.items() if key not in found]
        made = Body.objects.bulk_create([Body(unit_id=unit, kind=kind.value) for (unit, kind), _name in missing])
        BodyState.objects.bulk_create(
            [
                BodyState(
                    body=body,
                    name=(name or BODY_NAMES[key[1]])[:250],
                    starts_on=self._first_days[key],
                    ends_on=self._days[key[0]].end_or_none,
                    recorded_seq=self._entry.seq,
                    recorded_on=self._entry.recorded_on,
                )
                for body, (key, name) in zip(made, missing, strict=True)
            ],
            batch_size=CHUNK_ROWS,
        )
        return found | {key: body.pk for body, (key, _name) in zip(made, missing, strict=True)}


def base_above(units: Iterable[int]) -> dict[int, int]:
    """For each unit the nearest base organisation it lies in, itself included; units in none are left out."""
    found: dict[int, tuple[int, int]] = {}
    for chunk in batched(sorted(set(units)), CHUNK):
        paths = Path.objects.filter(descendant__in=chunk, superseded_seq__isnull=True)
        rows = list(paths.values_list("descendant", "ancestor", "depth"))
        bases = set(
            UnitState.objects.current()
            .filter(unit__in={ancestor for _unit, ancestor, _depth in rows}, kind=UnitKind.BASE.value)
            .values_list("unit", flat=True)
        )
        for unit, ancestor, depth in rows:
            if ancestor in bases and (unit not in found or depth < found[unit][0]):
                found[unit] = (depth, ancestor)
    return {unit: base for unit, (_depth, base) in found.items()}


def _body_for(post: NewPost, bodies: dict[tuple[int, BodyKind], int]) -> int | None:
    if post.kind in BODY_OF:
        return bodies.get((post.unit, BODY_OF[post.kind]))
    if post.kind in _SECRETARIES:
        for kind in (BodyKind.STANDING_COMMITTEE, BodyKind.COMMITTEE, BodyKind.CELL_COMMITTEE):
            if (post.unit, kind) in bodies:
                return bodies[post.unit, kind]
    return None


def _title(named: NamedPost) -> str:
    """Words are kept for posts no rule knows; for the others the kind says it."""
    return named.title if named.kind is PostKind.OTHER else ""


def whole(kept: str | None) -> date | None:
    """A kept day if it is whole."""
    try:
        return date.fromisoformat(kept) if kept else None
    except ValueError:
        return None
