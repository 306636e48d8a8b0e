"""The tree page and the unit page."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from trienkhai.figures.queries import keys_under, paths_on
from trienkhai.organisation.models import BodyState, Membership, Post, Succession, Unit, UnitState, held_on
from trienkhai.organisation.queries.units import UnitRow, rows_among, states_on, unit_rows
from trienkhai.organisation.rules import BodyKind, MemberKind, PostKind, SuccessionKind, Tie

WHOLE_TREE = 400
"""Trees larger than this are shown two levels deep; the rest is one page further down."""


@dataclass(frozen=True)
class Node:
    """A unit in the tree. ``members`` counts the whole of it; ``None`` where the reader does not see all of it."""

    unit: UnitRow
    children: tuple["Node", ...]
    members: int | None
    below: int
    is_cut: bool


@dataclass(frozen=True)
class Tree:
    """What the tree page shows. ``total``: units the reader can see that day."""

    roots: tuple[Node, ...]
    total: int
    is_whole: bool


def tree_on(visible: QuerySet[Unit], covered: QuerySet[Unit], day: date, *, known_at: date | None = None) -> Tree:
    """The units among ``visible`` on ``day``, one inside the other; members are counted in ``covered`` ones."""
    states = states_on(day, known_at=known_at).filter(unit__in=visible)
    total = states.count()
    is_whole = total <= WHOLE_TREE
    if not is_whole:
        states = _two_levels(states, visible, day, known_at)
    rows = rows_among(states)
    counts = _members_below(rows, covered, day, known_at) if is_whole else {}
    below = Counter(row.parent_id for row in rows) if is_whole else _children_counts(rows, day, known_at)
    return Tree(tuple(_nested(rows, counts, below)), total, is_whole)


def _two_levels(
    states: QuerySet[UnitState], visible: QuerySet[Unit], day: date, known_at: date | None
) -> QuerySet[UnitState]:
    above = UnitState.objects.known_at(known_at).filter(held_on(day), unit__in=visible)
    has_parent = Exists(above.filter(unit=OuterRef("parent")))
    roots = list(states.exclude(has_parent).values_list("unit", flat=True))
    first = list(states.filter(parent__in=roots).values_list("unit", flat=True))
    return states.filter(Q(unit__in=roots) | Q(unit__in=first) | Q(parent__in=first[:WHOLE_TREE]))


def _members_below(
    rows: Sequence[UnitRow], covered: QuerySet[Unit], day: date, known_at: date | None
) -> dict[int, int]:
    """Members of each covered unit and everything below it."""
    ids = set(covered.filter(pk__in=[row.id for row in rows]).values_list("pk", flat=True))
    own = member_counts(ids, day, known_at=known_at)
    parents = {row.id: row.parent_id for row in rows}
    totals: Counter[int] = Counter(dict.fromkeys(ids, 0))
    for unit, n in own.items():
        at: int | None = unit
        while at is not None:
            if at in ids:
                totals[at] += n
            at = parents.get(at)
    return dict(totals)


def _children_counts(rows: Sequence[UnitRow], day: date, known_at: date | None) -> Mapping[int | None, int]:
    found = UnitState.objects.known_at(known_at).filter(held_on(day), parent__in=[row.id for row in rows])
    return dict(found.values_list("parent").annotate(n=Count("pk")).order_by())


def _nested(rows: Sequence[UnitRow], counts: Mapping[int, int], below: Mapping[int | None, int]) -> Iterator[Node]:
    by_parent: dict[int | None, list[UnitRow]] = {}
    there = {row.id for row in rows}
    for row in rows:
        by_parent.setdefault(row.parent_id if row.parent_id in there else None, []).append(row)

    def node(row: UnitRow) -> Node:
        inside = tuple(node(child) for child in by_parent.get(row.id, ()))
        n = below.get(row.id, 0)
        return Node(row, inside, counts.get(row.id), n, is_cut=n > len(inside))

    return (node(row) for row in by_parent.get(None, ()))


def member_counts(units: Iterable[int], day: date, *, known_at: date | None = None) -> dict[int, int]:
    """Members (not others) counting in each unit itself on ``day``; units without any are left out."""
    rows = (
        Membership.objects.known_at(known_at)
        .filter(held_on(day), unit__in=list(units), tie=Tie.COUNTING)
        .exclude(kind=MemberKind.OTHER)
    )
    return dict(rows.values_list("unit").annotate(n=Count("pk")).order_by())


def members_under(unit: int, day: date, *, known_at: date | None = None) -> int:
    """Members counting in the unit or anywhere below it on ``day``."""
    rows = Membership.objects.known_at(known_at).filter(
        held_on(day), unit__in=keys_under(unit, day, known_at=known_at), tie=Tie.COUNTING
    )
    return rows.exclude(kind=MemberKind.OTHER).count()


def state_of(unit: int, day: date, *, known_at: date | None = None) -> UnitState | None:
    """The unit's state on ``day``; when it was not open, the nearest one."""
    rows = UnitState.objects.known_at(known_at).filter(unit=unit).select_related("unit").order_by("starts_on")
    states: list[UnitState] = list(rows)
    for state in reversed(states):
        if state.starts_on <= day:
            return state
    return states[0] if states else None


def above(unit: int, day: date, *, known_at: date | None = None) -> list[UnitRow]:
    """The units it lies in on ``day``, from the top, without itself."""
    paths = paths_on(day, known_at=known_at).filter(descendant=unit, depth__gt=0)
    depths = dict(paths.values_list("ancestor", "depth"))
    rows = unit_rows(depths, day, known_at=known_at)
    return sorted(rows.values(), key=lambda row: -depths[row.id])


@dataclass(frozen=True)
class Child:
    """A unit directly below, with its members (and those below it)."""

    unit: UnitRow
    members: int | None


def children_with_members(
    unit: int, visible: QuerySet[Unit], covered: QuerySet[Unit], day: date, *, known_at: date | None = None
) -> list[Child]:
    """Units directly below that the reader can see, by name, with the members in and below each."""
    states = states_on(day, known_at=known_at).filter(parent=unit, unit__in=visible)
    rows = rows_among(states)
    counted = set(covered.filter(pk__in=[row.id for row in rows]).values_list("pk", flat=True))
    counts = _totals_below(counted, day, known_at)
    return [Child(row, counts.get(row.id, 0) if row.id in counted else None) for row in rows]


def _totals_below(units: Collection[int], day: date, known_at: date | None) -> dict[int, int]:
    """Members in or below each of the units (of which none lies in another)."""
    paths = paths_on(day, known_at=known_at).filter(ancestor__in=units)
    home = dict(paths.values_list("descendant", "ancestor"))
    totals: Counter[int] = Counter()
    for unit, n in member_counts(home, day, known_at=known_at).items():
        totals[home[unit]] += n
    return dict(totals)


@dataclass(frozen=True)
class PostRow:
    """A post on a day, with its holder."""

    key: UUID
    kind: PostKind
    title: str
    person: str
    person_key: UUID
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class BodyRow:
    """A body on a day, with the posts in it."""

    id: int
    key: UUID
    kind: BodyKind
    name: str
    posts: tuple[PostRow, ...]


def leaders_of(
    unit: int, day: date, *, known_at: date | None = None
) -> tuple[tuple[BodyRow, ...], tuple[PostRow, ...]]:
    """The bodies of a unit with their posts, and its posts outside bodies, in the order of posts, then names."""
    order = list(PostKind)
    found = Post.objects.known_at(known_at).filter(held_on(day), unit=unit).select_related("person")
    posts = sorted(found, key=lambda post: (order.index(PostKind(post.kind)), post.person.sort_key, post.pk))
    states = BodyState.objects.known_at(known_at).filter(held_on(day), body__unit=unit).select_related("body")
    kinds = list(BodyKind)
    bodies = sorted(states, key=lambda state: (kinds.index(BodyKind(state.body.kind)), state.pk))
    known = {state.body_id for state in bodies}
    return (
        tuple(
            BodyRow(
                state.body_id,
                state.body.key,
                BodyKind(state.body.kind),
                state.name,
                tuple(_post(post) for post in posts if post.body_id == state.body_id),
            )
            for state in bodies
        ),
        tuple(_post(post) for post in posts if post.body_id not in known),
    )


def _post(post: Post) -> PostRow:
    return PostRow(
        post.key,
        PostKind(post.kind),
        post.title,
        post.person.full_name,
        post.person.key,
        post.starts_on,
        post.ends_on,
    )


@dataclass(frozen=True)
class UnitPhase:
    """What a unit was for some days."""

    row: UnitRow
    parent: str
    starts_on: date
    ends_on: date | None


def phases_of(unit: int, *, known_at: date | None = None) -> list[UnitPhase]:
    """Names, kinds and parents through time, newest first."""
    states = list(
        UnitState.objects.known_at(known_at).filter(unit=unit).select_related("unit").order_by("-starts_on", "-pk")
    )
    parents = {state.parent_id for state in states if state.parent_id}
    named: dict[int, list[UnitState]] = {}
    for state in UnitState.objects.known_at(known_at).filter(unit__in=parents).order_by("starts_on"):
        named.setdefault(state.unit_id, []).append(state)
    return [
        UnitPhase(
            UnitRow.of(state),
            _name_on(named.get(state.parent_id or 0, []), state.starts_on),
            state.starts_on,
            state.ends_on,
        )
        for state in states
    ]


def _name_on(states: Sequence[UnitState], day: date) -> str:
    names = [state.name for state in states if state.starts_on <= day] or [state.name for state in states[:1]]
    return names[-1] if names else ""


@dataclass(frozen=True)
class Relative:
    """A unit that came before or after."""

    unit: UnitRow
    kind: SuccessionKind
    on: date


def relatives_of(unit: int, *, known_at: date | None = None) -> tuple[list[Relative], list[Relative]]:
    """Units it came from, and units that came from it, by day."""
    links = list(
        Succession.objects.known_at(known_at).filter(Q(predecessor=unit) | Q(successor=unit)).order_by("on", "pk")
    )
    others = {link.predecessor_id if link.successor_id == unit else link.successor_id for link in links}
    states: dict[int, UnitState] = {}
    for state in UnitState.objects.current().filter(unit__in=others).select_related("unit").order_by("starts_on"):
        states[state.unit_id] = state
    before: list[Relative] = []
    after: list[Relative] = []
    for link in links:
        came_before = link.successor_id == unit
        other = states.get(link.predecessor_id if came_before else link.successor_id)
        if other is not None:
            side = before if came_before else after
            side.append(Relative(UnitRow.of(other), SuccessionKind(link.kind), link.on))
    return before, after


__all__ = [
    "BodyRow",
    "Child",
    "Node",
    "PostRow",
    "Relative",
    "Tree",
    "UnitPhase",
    "above",
    "children_with_members",
    "leaders_of",
    "member_counts",
    "members_under",
    "phases_of",
    "relatives_of",
    "state_of",
    "tree_on",
]
