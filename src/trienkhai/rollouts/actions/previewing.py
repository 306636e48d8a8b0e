"""What a change of the organisation would do, by doing it and taking it back."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Count

from trienkhai.figures.queries import totals
from trienkhai.organisation.actions import Change
from trienkhai.organisation.models import Membership, Post, UnitState, held_on
from trienkhai.organisation.queries import name_of
from trienkhai.organisation.rules import MemberKind, PostKind, Tie
from trienkhai.rollouts.models import Rollout
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
        counted, before, opened = _counts(day), _totals(compared, day), _open_units(day)
        change = run()
        effect = Effect(
            day=day,
            people=len(change.people),
            counts=_count_effects(counted, _counts(day), day),
            posts=_post_effects(change.entry.seq, day),
            closed=tuple(sorted(opened[unit] for unit in opened.keys() - _open_units(day).keys())),
            figures=tuple(_figure_effects(compared, before, _totals(compared, day))),
        )
        transaction.set_rollback(True)
    return effect


def _counts(day: date) -> Mapping[int, int]:
    rows = Membership.objects.current().filter(held_on(day), tie=Tie.COUNTING).exclude(kind=MemberKind.OTHER)
    return dict(rows.values_list("unit").annotate(n=Count("pk")).order_by())


def _open_units(day: date) -> dict[int, str]:
    return dict(UnitState.objects.current().filter(held_on(day)).values_list("unit", "name"))


def _count_effects(before: Mapping[int, int], after: Mapping[int, int], day: date) -> tuple[CountEffect, ...]:
    changed = [u for u in before.keys() | after.keys() if before.get(u, 0) != after.get(u, 0)]
    found = [CountEffect(name_of(unit, day), before.get(unit, 0), after.get(unit, 0)) for unit in changed]
    return tuple(sorted(found, key=lambda effect: effect.unit))


def _post_effects(seq: int, day: date) -> tuple[PostEffect, ...]:
    was = _held(Post.objects.filter(superseded_seq=seq), day)
    now = _held(Post.objects.filter(recorded_seq=seq), day)
    ended = [(post, True) for key, post in was.items() if key not in now]
    begun = [(post, False) for key, post in now.items() if key not in was]
    return tuple(
        PostEffect(post.person.full_name, name_of(post.unit_id, day), PostKind(post.kind), post.title, ends)
        for post, ends in sorted([*ended, *begun], key=lambda item: (item[0].person.sort_key, item[0].pk))
    )


def _held(posts: object, day: date) -> dict[object, Post]:
    return {post.key: post for post in posts.filter(held_on(day)).select_related("person")}  # type: ignore[attr-defined]


def _totals(rollouts: Iterable[Rollout], day: date) -> Totals:
    codes = {code for figure in FIGURES for code in (figure.numerator, figure.denominator)}
    return {
        rollout.pk: totals(scope=rollout.scope, codes=codes, unit=rollout.lead_id, as_of=day) for rollout in rollouts
    }


def _figure_effects(rollouts: Iterable[Rollout], before: Totals, after: Totals) -> Iterable[FigureEffect]:
    for rollout in rollouts:
        for figure in FIGURES:
            shares = [(side[rollout.pk][figure.numerator], side[rollout.pk][figure.denominator]) for side in (before, after)]
            if shares[0] != shares[1]:
                yield FigureEffect(rollout.title, figure.code, shares[0], shares[1])
