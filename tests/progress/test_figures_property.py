"""Figures against a recount of the facts, on random histories made by the actions people use.

Moves, deaths, exemptions, mergers, splits, late entries, corrections, make-up sessions, papers returned and taken back,
duplicates merged: in any order, recorded on days that vary. Asked at random for a unit, a day, and a day of knowing;
while nothing is rolled up, when all is, and after a rebuild. When it fails, the shortest history that does is printed.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.factories.progress import MOVES, OPENS, Move, Play, start_play
from trienkhai.core.periods import FOREVER
from trienkhai.figures.actions import rebuild, roll_up_all
from trienkhai.figures.models import Path
from trienkhai.organisation.models import Membership, Post, Unit, held_on
from trienkhai.organisation.rules import LEADERS, MemberKind, Standing, Tie
from trienkhai.progress.queries.recount import disagreements
from trienkhai.rollouts.models import ObligationPlace, Step
from trienkhai.rollouts.rules import CellStudyRule, StepKind

pytestmark = pytest.mark.django_db

EXAMPLES = int(os.environ.get("TRIENKHAI_HISTORIES", examples(4, thorough=250)))
small = st.integers(0, 11)
moves = st.builds(
    Move,
    name=st.sampled_from(sorted(MOVES)),
    wait=st.sampled_from((0, 0, 1, 3, 9)),
    back=st.sampled_from((0, 0, 1, 2, 5, 14)),
    a=small,
    b=small,
    c=st.integers(0, 255),
)
facts_first = st.builds(
    Move,
    name=st.sampled_from(("meet", "hand_in_many", "receive", "meet", "adopt")),
    wait=st.sampled_from((0, 1, 3)),
    back=st.sampled_from((0, 1)),
    a=small,
    b=small,
    c=st.integers(0, 255),
)
histories = st.tuples(
    st.lists(facts_first, min_size=1, max_size=4), st.booleans(), st.lists(moves, min_size=14, max_size=34)
)
type History = tuple[list[Move], bool, list[Move]]
some_days = st.integers(-2, 60).map(lambda n: OPENS + timedelta(days=n))
questions = st.lists(st.tuples(small, some_days, st.none() | some_days), min_size=3, max_size=6)


@contextmanager
def undone() -> Iterator[None]:
    """Every history begins anew."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def check(play: Play, asked: list[tuple[int, date, date | None]]) -> None:
    """Every figure asked for is what the facts say."""
    units = {unit.pk: unit for unit in Unit.objects.all()}
    every = play.every_unit()
    questions = [*((every[n % len(every)], day, known) for n, day, known in asked), (play.ward, play.today, None)]
    for unit, day, known in questions:
        assert disagreements(rollout=play.rollout, units=[units[unit]], as_of=day, known_at=known) == []


type Places = dict[tuple[StepKind, int], tuple[int, bool]]
"""Where each person's obligation of a step belongs, and whether they lead."""


def places_now(play: Play, day: date) -> Places:
    """As recorded with the obligations."""
    rows = ObligationPlace.objects.current().filter(
        held_on(day), obligation__person__isnull=False, obligation__step__rollout=play.rollout
    )
    found = rows.values_list("obligation__step__kind", "obligation__person", "unit", "is_leader")
    return {(StepKind(kind), person or 0): (unit, leads) for kind, person, unit, leads in found}


def places_by_hand(play: Play, day: date) -> Places:
    """From memberships, posts and the tree, day by day: whoever first owes after the deadline owes nothing."""
    play.rollout.refresh_from_db()
    ties = list(Membership.objects.current().order_by("starts_on", "unit"))
    paths = list(Path.objects.filter(ancestor=play.ward, superseded_seq__isnull=True))
    posts = Post.objects.current().filter(held_on(day), kind__in=LEADERS)
    leading = set(posts.values_list("person", flat=True))
    found: Places = {}
    for step in play.rollout.steps.filter(kind__in=[StepKind.STUDY, StepKind.PAPER]):

        def owing_on(when: date, step: Step = step) -> dict[int, int]:
            """Who owes the step on one day, and in which unit; of two ties the one that began later."""
            under = {path.descendant for path in paths if path.starts_on <= when < path.ends_on}
            return {
                tie.person_id: tie.unit_id
                for tie in ties
                if tie.unit_id in under and tie.starts_on <= when < (tie.ends_on or FOREVER)
                if step.owing.includes(MemberKind(tie.kind), Standing(tie.standing), Tie(tie.tie))
            }

        latest = min([day, *(end for end in (step.deadline_on, play.rollout.closed_on) if end)])
        days = (latest - play.rollout.opens_on).days + 1
        in_time = {who for n in range(days) for who in owing_on(play.rollout.opens_on + timedelta(days=n))}
        if day >= play.rollout.opens_on:
            found |= {
                (StepKind(step.kind), who): (unit, who in leading)
                for who, unit in owing_on(day).items()
                if who in in_time
            }
    return found


def run(play: Play, history: History, asked: list[tuple[int, date, date | None]]) -> None:
    with undone():
        fresh = Play(play.ward, play.rollout)
        fresh.rollout.refresh_from_db()
        before, is_rolled_up, after = history
        for move in before:
            fresh.play(move)
        if is_rolled_up:
            roll_up_all()
        for move in after:
            fresh.play(move)
        check(fresh, asked)
        for day in {day for _n, day, _known in asked}:
            assert places_now(fresh, day) == places_by_hand(fresh, day)
        roll_up_all()
        check(fresh, asked)
        rebuild()
        check(fresh, asked)


RULES = (
    (CellStudyRule.OWN_OR_SEATS, 0),
    (CellStudyRule.OWN_ONLY, 0),
    (CellStudyRule.QUORUM, 60),
)


@pytest.mark.parametrize(("rule", "quorum"), RULES, ids=[str(rule) for rule, _quorum in RULES])
def test_figures_are_what_the_facts_say(rule: CellStudyRule, quorum: int) -> None:
    play = start_play(rule, quorum)

    @settings(
        max_examples=EXAMPLES,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    )
    @given(history=histories, asked=questions)
    def histories_agree(history: History, asked: list[tuple[int, date, date | None]]) -> None:
        run(play, history, asked)

    histories_agree()
