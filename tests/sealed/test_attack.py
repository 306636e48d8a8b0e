"""Nobody who holds everything that is left can say who said what; and the attack that says so finds what leaks."""

from collections.abc import Iterator

import pytest

from tests.factories.sealed import Holder, holders
from tests.sealed import attacking
from tests.sealed.attacking import CONTROLS, EXACT, PEOPLE, TOGETHER, Ours, Scheme
from tests.sealed.spying import spy
from tests.surroundings import on_postgresql

pytestmark = pytest.mark.django_db(transaction=True)
CALLS = 100 if on_postgresql() else 200
"""``benchmarks/attack.py`` plays all 200 on both."""


@pytest.fixture
def office() -> Iterator[list[Holder]]:
    attacking.make_tables()
    yield holders()
    attacking.drop_tables()


def test_matches_stay_within_chance(office: list[Holder]) -> None:
    scheme = Ours(office)
    result = attacking.attack(scheme, range(CALLS))
    assert {way: result.matches[way] for way in EXACT} == dict.fromkeys(EXACT, 0)
    assert len(result.matches) >= 37
    assert attacking.repeated(scheme, result, range(CALLS, CALLS + CALLS // 2)) == {}


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.name)
def test_what_leaks_is_caught(office: list[Holder], control: type[Scheme]) -> None:
    result = attacking.attack(control(office), range(3))
    assert result.matches[TOGETHER] == result.calls * PEOPLE


def test_the_attacker_has_eyes(office: list[Holder]) -> None:
    """Who sent which box is seen in every case, and every box that was deleted is still there to be tried."""
    watcher = spy()
    seen = attacking.watch(Ours(office), seed=1, watcher=watcher)
    watcher.end()
    assert set(attacking.senders(seen).values()) == set(seen.truth)
    boxes = [row for rows in seen.appeared for table, row in rows if table == "sealed_sealedbox"]
    assert len(boxes) == PEOPLE
    assert {len(row[4]) for row in boxes if isinstance(row[4], bytes)} == {1024 + 48}
    log = b"".join(seen.steps)
    assert all(isinstance(row[4], bytes) and row[4][:500] in log for row in boxes)
    assert len(seen.dead) == (PEOPLE if on_postgresql() else 0)
    writers = [{row[1] for _, row in rows} for rows in seen.appeared]
    assert all(len(step) == 1 for step in writers)
    assert {row[0] for row in seen.dead} <= set.union(*writers)
