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

from tests.factories.progress import MOVES, OPENS, Move, Play, start_play
from trienkhai.figures.actions import rebuild, roll_up_all
from trienkhai.organisation.models import Unit
from trienkhai.progress.queries.recount import disagreements
from trienkhai.rollouts.rules import CellStudyRule

pytestmark = pytest.mark.django_db

EXAMPLES = int(os.environ.get("TRIENKHAI_HISTORIES", "12"))
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
histories = st.tuples(st.lists(facts_first, min_size=1, max_size=4), st.lists(moves, min_size=3, max_size=16))
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


def run(play: Play, history: tuple[list[Move], list[Move]], asked: list[tuple[int, date, date | None]]) -> None:
    with undone():
        fresh = Play(play.ward, play.rollout)
        fresh.rollout.refresh_from_db()
        for move in (*history[0], *history[1]):
            fresh.play(move)
        check(fresh, asked)
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
    def histories_agree(history: tuple[list[Move], list[Move]], asked: list[tuple[int, date, date | None]]) -> None:
        run(play, history, asked)

    histories_agree()
