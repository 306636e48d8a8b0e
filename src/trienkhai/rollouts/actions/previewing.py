"""What a change of the organisation would do, by doing it and taking it back."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import batched

from django.db import transaction
from django.db.models import Q

from trienkhai.figures.queries import totals
from trienkhai.organisation.actions import Change
from trienkhai.organisation.models import Membership, Post, UnitState, held_on
from trienkhai.organisation.queries import name_of
from trienkhai.organisation.queries.trees import member_counts
from trienkhai.organisation.rules import MemberKind, PostKind, Tie
from trienkhai.rollouts.models import Rollout
from trienkhai.rollouts.queries import CHUNK
from trienkhai.rollouts.rules import FIGURES

type Totals = dict[int, dict[str, int]]


@dataclass(frozen=True)
class CountEffect:
    """Members counting in a unit before and after."""

    unit: str
    before: int
    after: int


@dataclass(frozen=True)
class FigureEffect:
    """A figure of a roll-out's lead unit, (numerator, denominator) before and after."""

    rollout: str
    code: str
    before: tuple[int, int]
    after: tuple[int, int]


@dataclass(frozen=True)
class PostEffect:
    """A post that ends or begins."""

    person: str
    unit: str
    kind: PostKind
    title: str
    ends: bool


@dataclass(frozen=True)
class Effect:
    """What a change would do, on a day, as known once it is recorded."""

    day: date
    people: int
    counts: tuple[CountEffect, ...]
    posts: tuple[PostEffect, ...]
    closed: tuple[str, ...]
    figures: tuple[FigureEffect, ...]


def previewed(run: Callable[[], Change], *, rollouts: Iterable[Rollout], day: date) -> Effect:
    """What ``run`` would change; nothing stays.

    Args:
        run: the action with everything that follows from it; may raise what it raises.
        rollouts: whose figures (of the lead unit) are compared.
        day: the day spoken of.
    """
    compared = list(rollouts)
    with transaction.atomic():
        before = _totals(compared, day)
        change = run()
        effect = Effect(
            day=day,
            people=len(change.people),
            counts=_count_effects(change, day),
            posts=_post_effects(change, day),
            closed=_closed(change, day),
            figures=tuple(_figure_effects(compared, before, _totals(compared, day))),
        )
        transaction.set_rollback(True)
    return effect


def _count_effects(change: Change, day: date) -> tuple[CountEffect, ...]:
    difference: Counter[int] = Counter()
    for chunk in batched(sorted(change.people), CHUNK):
        rows = Membership.objects.filter(_touched(change), held_on(day), person__in=chunk, tie=Tie.COUNTING)
        for unit, superseded in rows.exclude(kind=MemberKind.OTHER).values_list("unit", "superseded_seq"):
            difference[unit] += 1 if superseded is None else -1
    changed = [unit for unit, n in difference.items() if n]
    now = member_counts(changed, day)
    found = [CountEffect(name_of(unit, day), now.get(unit, 0) - difference[unit], now.get(unit, 0)) for unit in changed]
    return tuple(sorted(found, key=lambda effect: effect.unit))


def _closed(change: Change, day: date) -> tuple[str, ...]:
    """Names of units that were open on the day and no longer are."""
    states = UnitState.objects.filter(held_on(day))
    was = dict(states.filter(superseded_seq=change.entry.seq).values_list("unit", "name"))
    still = set(states.filter(superseded_seq__isnull=True, unit__in=was).values_list("unit", flat=True))
    return tuple(sorted(name for unit, name in was.items() if unit not in still))


def _touched(change: Change) -> Q:
    """Rows the change recorded or superseded."""
    return Q(recorded_seq=change.entry.seq, superseded_seq__isnull=True) | Q(superseded_seq=change.entry.seq)


def _post_effects(change: Change, day: date) -> tuple[PostEffect, ...]:
    rows = Post.objects.filter(_touched(change), held_on(day), person__in=change.people).select_related("person")
    was = {post.key: post for post in rows if post.superseded_seq is not None}
    now = {post.key: post for post in rows if post.superseded_seq is None}
    ended = [(post, True) for key, post in was.items() if key not in now]
    begun = [(post, False) for key, post in now.items() if key not in was]
    return tuple(
        PostEffect(post.person.full_name, name_of(post.unit_id, day), PostKind(post.kind), post.title, ends)
        for post, ends in sorted([*ended, *begun], key=lambda item: (item[0].person.sort_key, item[0].pk))
    )


def _totals(rollouts: Iterable[Rollout], day: date) -> Totals:
    codes = {code for figure in FIGURES for code in (figure.numerator, figure.denominator)}
    return {
        rollout.pk: totals(scope=rollout.scope, codes=codes, unit=rollout.lead_id, as_of=day) for rollout in rollouts
    }


def _figure_effects(rollouts: Iterable[Rollout], before: Totals, after: Totals) -> Iterable[FigureEffect]:
    for rollout in rollouts:
        for figure in FIGURES:
            shares = [
                (side[rollout.pk][figure.numerator], side[rollout.pk][figure.denominator]) for side in (before, after)
            ]
            if shares[0] != shares[1]:
                yield FigureEffect(rollout.title, figure.code, shares[0], shares[1])
