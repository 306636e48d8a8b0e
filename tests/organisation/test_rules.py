"""Which unit lies where on which day, against counting day by day; and timelines."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trienkhai.core.periods import Period
from trienkhai.organisation.rules import PARTY_KINDS, UnitKind, may_hang_under
from trienkhai.organisation.rules.timelines import Phase, changed_from, corrected, ended, overlaps, tidy, value_on
from trienkhai.organisation.rules.trees import CycleError, Hanging, lyings

FIRST = date(2012, 1, 1)
DAYS = 12
UNITS = 5


def day(n: int) -> date:
    return FIRST + timedelta(days=n)


@st.composite
def parents_by_day(draw: st.DrawFn) -> list[list[int | None]]:
    """For each unit, its parent on each of the days; -1 when it is not open. Runs are long, so that phases are few."""
    rows: list[list[int | None]] = []
    for _unit in range(UNITS):
        cuts = sorted(draw(st.sets(st.integers(1, DAYS - 1), max_size=2)))
        parts = draw(
            st.lists(st.one_of(st.none(), st.integers(-1, UNITS - 1)), min_size=len(cuts) + 1, max_size=len(cuts) + 1)
        )
        row: list[int | None] = []
        for value, start, end in zip(parts, [0, *cuts], [*cuts, DAYS], strict=True):
            row.extend([value] * (end - start))
        rows.append(row)
    return rows


def hangings_of(rows: list[list[int | None]]) -> dict[int, list[Hanging]]:
    found: dict[int, list[Hanging]] = {}
    for unit, row in enumerate(rows):
        phases = tidy(Phase(Period(day(n), day(n + 1)), parent) for n, parent in enumerate(row) if parent != -1)
        found[unit] = [Hanging(phase.value, phase.period) for phase in phases]
    return found


def chain_on(rows: list[list[int | None]], unit: int, n: int) -> list[int] | None:
    """The units above on one day, nearest first; ``None`` when they make a ring."""
    chain, at = [unit], unit
    while (parent := rows[at][n]) is not None and parent != -1:
        if parent in chain:
            return None
        chain.append(parent)
        at = parent
    return chain[1:]


@given(parents_by_day())
def test_the_tree_on_every_day_is_what_its_days_say(rows: list[list[int | None]]) -> None:
    chains = {(unit, n): chain_on(rows, unit, n) for unit in range(UNITS) for n in range(DAYS)}
    if any(chain is None for chain in chains.values()):
        with pytest.raises(CycleError):
            list(lyings(range(UNITS), hangings_of(rows)))
        return
    found = list(lyings(range(UNITS), hangings_of(rows)))
    for (unit, n), chain in chains.items():
        there = {(row.ancestor, row.depth) for row in found if row.descendant == unit and day(n) in row.period}
        assert there == {(unit, 0), *((above, k + 1) for k, above in enumerate(chain or []))}


@given(parents_by_day())
def test_no_two_paths_of_one_sort_touch(rows: list[list[int | None]]) -> None:
    try:
        found = list(lyings(range(UNITS), hangings_of(rows)))
    except CycleError:
        return
    for row in found:
        same = [r for r in found if r[:3] == row[:3] and r is not row]
        assert all(r.period.end < row.period.start or r.period.start > row.period.end for r in same)


values = st.lists(st.sampled_from(["a", "b", None]), min_size=DAYS, max_size=DAYS)


@given(values, st.integers(0, DAYS - 1), st.booleans())
def test_a_change_reaches_as_far_as_what_it_changes_stood(
    row: list[str | None],
    n: int,
    is_correction: bool,  # noqa: FBT001 - drawn
) -> None:
    before = tidy(Phase(Period(day(k), day(k + 1)), v) for k, v in enumerate(row) if v is not None)
    change = corrected if is_correction else changed_from
    after = change(before, day(n), lambda _value: "c", same=lambda value: value)
    expected = list(row)
    if row[n] is not None:
        first, last = n, n
        while is_correction and first > 0 and row[first - 1] == row[n]:
            first -= 1
        while last + 1 < DAYS and row[last + 1] == row[n]:
            last += 1
        expected[first : last + 1] = ["c"] * (last + 1 - first)
    assert [value_on(after, day(k)) for k in range(DAYS)] == expected
    assert not overlaps(after)


@given(values, st.integers(0, DAYS))
def test_what_has_ended_holds_on_no_later_day(row: list[str | None], n: int) -> None:
    before = tidy(Phase(Period(day(k), day(k + 1)), v) for k, v in enumerate(row) if v is not None)
    after = ended(before, day(n))
    assert [value_on(after, day(k)) for k in range(DAYS)] == [*row[:n], *[None] * (DAYS - n)]


def test_an_empty_timeline_has_no_overlap_and_stays_empty() -> None:
    assert changed_from((), FIRST, lambda value: value, same=lambda value: value) == ()
    assert not overlaps(())


@pytest.mark.parametrize(
    ("kind", "above"),
    [
        (UnitKind.UPPER, UnitKind.UPPER),
        (UnitKind.BASE, UnitKind.UPPER),
        (UnitKind.CELL, UnitKind.BASE),
        (UnitKind.CELL, UnitKind.UPPER),
        (UnitKind.GROUP, UnitKind.CELL),
        (UnitKind.AGENCY, UnitKind.BASE),
        (UnitKind.AGENCY, UnitKind.AGENCY),
        (UnitKind.BASE, None),
    ],
)
def test_levels_that_go_under_one_another(kind: UnitKind, above: UnitKind | None) -> None:
    assert may_hang_under(kind, above)


@pytest.mark.parametrize(
    ("kind", "above"),
    [
        (UnitKind.BASE, UnitKind.CELL),
        (UnitKind.CELL, UnitKind.CELL),
        (UnitKind.BASE, UnitKind.BASE),
        (UnitKind.GROUP, UnitKind.BASE),
        (UnitKind.GROUP, None),
        (UnitKind.AGENCY, UnitKind.GROUP),
        *((kind, UnitKind.AGENCY) for kind in sorted(PARTY_KINDS)),
    ],
)
def test_levels_that_do_not(kind: UnitKind, above: UnitKind | None) -> None:
    assert not may_hang_under(kind, above)
