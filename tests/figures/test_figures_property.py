"""Figures against counting by hand, on random trees and facts through both times."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from trienkhai.core.periods import ALWAYS, FOREVER, Period
from trienkhai.figures import actions, queries
from trienkhai.figures.actions import PathRow
from trienkhai.figures.models import Scope
from trienkhai.ledger import clock
from trienkhai.ledger.actions import record
from trienkhai.ledger.models import Entry

pytestmark = pytest.mark.django_db

FIRST = date(2012, 2, 26)
UNITS = (1, 2, 3, 4)
CODES = ("owed", "done")
SPAN = 70

days = st.integers(0, SPAN).map(lambda n: FIRST + timedelta(days=n))
units = st.sampled_from(UNITS)


@dataclass(frozen=True)
class Post:
    """Something happened in a leaf; entered ``wait`` days after the last thing."""

    wait: int
    changes: tuple[tuple[str, int, date, int], ...]


@dataclass(frozen=True)
class Retree:
    """Where one unit hangs is told anew."""

    wait: int
    unit: int
    above: tuple[tuple[int, date, date | None], ...]


@dataclass(frozen=True)
class RollUp:
    """The worker takes some."""

    limit: int


@dataclass(frozen=True)
class Rebuild:
    """Somebody has everything counted again."""


waits = st.integers(0, 12)
changes = st.tuples(st.sampled_from(CODES), units, days, st.sampled_from((-2, -1, 1, 1, 3)))
posts = st.builds(Post, waits, st.lists(changes, min_size=1, max_size=4).map(tuple))
above = st.tuples(units, days, st.none() | days)
retrees = st.builds(Retree, waits, units, st.lists(above, max_size=3).map(tuple))
steps = st.lists(
    st.one_of(posts, posts, retrees, st.builds(RollUp, st.integers(1, 5)), st.just(Rebuild())), min_size=2, max_size=14
)
questions = st.lists(
    st.tuples(units, days, st.none() | st.integers(-1, 120).map(lambda n: FIRST + timedelta(days=n))),
    min_size=4,
    max_size=8,
)


@dataclass
class ByHand:
    """What was entered, kept as a plain list and counted one by one."""

    deltas: list[tuple[str, int, date, date, int, int]] = field(default_factory=list)
    paths: list[tuple[int, int, Period, date, date]] = field(default_factory=list)
    at_entry: dict[int, "ByHand"] = field(default_factory=dict)

    def lies_in(self, leaf: int, unit: int, day: date, known: date) -> int:
        """How many paths say so (never more than one)."""
        return sum(
            (a, d) == (unit, leaf) and day in days_ and seen <= known < unseen
            for a, d, days_, seen, unseen in self.paths
        )

    def total(self, code: str, unit: int, day: date, known: date) -> int:
        """What ``code`` counts."""
        return sum(
            n * self.lies_in(leaf, unit, day, known)
            for c, leaf, valid, seen, _seq, n in self.deltas
            if c == code and valid <= day and seen <= known
        )

    def noted(self, entry: Entry) -> None:
        """Remember how everything stood after this entry."""
        self.at_entry[entry.seq] = ByHand(list(self.deltas), list(self.paths))

    def since(self, unit: int, day: date, seq: int) -> dict[int, dict[str, int]]:
        """What each later entry changed: how things stood after it, minus how they stood before."""
        found: dict[int, dict[str, int]] = {}
        before = dict.fromkeys(CODES, 0)
        for by, stood in self.at_entry.items():
            after = {code: stood.total(code, unit, day, queries.LATEST) for code in CODES}
            changed = {code: after[code] - before[code] for code in CODES if after[code] != before[code]}
            if by > seq and changed:
                found[by] = changed
            before = after
        return found


@contextmanager
def undone() -> Iterator[None]:
    """Each history begins with an empty database."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def entered(moment: datetime) -> Entry:
    """An entry of that moment."""
    with clock.simulated(moment):
        return record(actor=None, action="test.fact")


def apart(rows: tuple[tuple[int, date, date | None], ...], unit: int) -> list[tuple[int, Period]]:
    """Periods of one ancestor never overlap, as in a tree."""
    kept: list[tuple[int, Period]] = []
    for ancestor, start, end in rows:
        period = Period.of(start, end)
        if period and ancestor != unit and not any(a == ancestor and p & period for a, p in kept):
            kept.append((ancestor, period))
    return kept


def retree(step: Retree, by_hand: ByHand, entry: Entry) -> None:
    """Tell figures and the list by hand where a unit hangs from now on."""
    wanted = apart(step.above, step.unit)
    paths = [actions.self_path(step.unit), *(PathRow(a, step.unit, 1, p) for a, p in wanted)]
    actions.set_paths(descendants=[step.unit], paths=paths, entry=entry)
    known = entry.recorded_on
    closed = [(a, d, p, s, known if d == step.unit != a and u == FOREVER else u) for a, d, p, s, u in by_hand.paths]
    by_hand.paths = [*closed, *((a, step.unit, p, known, FOREVER) for a, p in wanted)]


def play(history: list[Post | Retree | RollUp | Rebuild], scope: Scope) -> ByHand:
    """Carry out the history, and keep it by hand as well."""
    moment = datetime(FIRST.year, FIRST.month, FIRST.day, 3, tzinfo=UTC)
    by_hand = ByHand()
    actions.set_paths(descendants=UNITS, paths=[actions.self_path(unit) for unit in UNITS], entry=entered(moment))
    by_hand.paths = [(unit, unit, Period(ALWAYS), ALWAYS, FOREVER) for unit in UNITS]
    for step in history:
        match step:
            case RollUp():
                actions.roll_up(limit=step.limit)
            case Rebuild():
                actions.rebuild()
            case Post() | Retree():
                moment += timedelta(days=step.wait)
                entry = entered(moment)
                if isinstance(step, Retree):
                    retree(step, by_hand, entry)
                    by_hand.noted(entry)
                    continue
                change: dict[tuple[str, int, date], int] = {}
                for code, unit, day, n in step.changes:
                    change[code, unit, day] = change.get((code, unit, day), 0) + n
                actions.post(scope=scope, change=change, entry=entry)
                by_hand.deltas += [(c, u, d, entry.recorded_on, entry.seq, n) for (c, u, d), n in change.items()]
                by_hand.noted(entry)
    return by_hand


def compare(scope: Scope, by_hand: ByHand, asked: list[tuple[int, date, date | None]]) -> None:
    """Every question has the answer counting by hand gives."""
    for unit, day, known_at in asked:
        known = known_at or queries.LATEST
        wanted = {code: by_hand.total(code, unit, day, known) for code in CODES}
        assert queries.totals(scope=scope, codes=CODES, unit=unit, as_of=day, known_at=known_at) == wanted
        changed = queries.daily(scope=scope, codes=CODES, unit=unit, until=day, known_at=known_at)
        for code in CODES:
            for until in {day, day - timedelta(days=9), FIRST}:
                summed = sum(n for on, n in changed[code] if on <= until)
                if until <= day:
                    assert summed == by_hand.total(code, unit, until, known), (code, until)
        for seq in (0, *list(by_hand.at_entry)[::3]):
            since = queries.changes_since(scope=scope, codes=CODES, unit=unit, as_of=day, seq=seq)
            assert since == by_hand.since(unit, day, seq)


@settings(max_examples=examples(30, thorough=2_000))
@given(history=steps, asked=questions)
def test_figures_equal_counting_by_hand(
    history: list[Post | Retree | RollUp | Rebuild], asked: list[tuple[int, date, date | None]]
) -> None:
    with undone():
        scope = actions.open_scope()
        by_hand = play(history, scope)
        compare(scope, by_hand, asked)
        actions.roll_up_all()
        compare(scope, by_hand, asked)
        actions.rebuild()
        compare(scope, by_hand, asked)


@settings(max_examples=examples(10, thorough=500))
@given(history=steps, asked=questions)
def test_many_units_at_once_equal_one_by_one(
    history: list[Post | Retree | RollUp | Rebuild], asked: list[tuple[int, date, date | None]]
) -> None:
    with undone():
        scope = actions.open_scope()
        by_hand = play(history, scope)
        for _unit, day, known_at in asked:
            found = queries.totals_by_unit(scope=scope, codes=CODES, units=UNITS, as_of=day, known_at=known_at)
            known = known_at or queries.LATEST
            assert found == {u: {c: by_hand.total(c, u, day, known) for c in CODES} for u in UNITS}


def test_another_scope_counts_apart() -> None:
    entry = entered(datetime(2012, 3, 1, 3, tzinfo=UTC))
    actions.set_paths(descendants=[1], paths=[actions.self_path(1)], entry=entry)
    ours, theirs = actions.open_scope(), actions.open_scope()
    actions.post(scope=theirs, change={("done", 1, FIRST): 5}, entry=entry)
    assert queries.totals(scope=ours, codes=CODES, unit=1, as_of=date(2012, 12, 31)) == {"owed": 0, "done": 0}
