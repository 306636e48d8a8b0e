"""Posting deltas, rolling them up, and following the tree."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from django.db import connection, transaction

from trienkhai.core.joining import joining
from trienkhai.core.periods import ALWAYS, FOREVER, Period
from trienkhai.figures.models import Path, PendingDelta, Rollup, Scope, Series
from trienkhai.figures.queries import DAY_DAY, DAY_MONTH, MONTH_DAY, MONTH_MONTH, OWN, corners_statement, series_names
from trienkhai.ledger.models import Entry

LOCK = 0x6669_6775
"""Held while rolling up or changing the tree (PostgreSQL); posting does not take it."""

BATCH = 5_000
WORK_MEMORY = "256MB"
"""What rebuilding may use for each sum and for the key (PostgreSQL)."""
KEY = "unit, series_id, grain, valid_on, recorded_on"


def open_scope() -> Scope:
    """A new scope."""
    return Scope.objects.create()


@joining
def post(*, scope: Scope, change: Mapping[tuple[str, int, date], int], entry: Entry) -> int:
    """Post changes ``{(code, unit, day): ±n}`` recorded by ``entry``; returns the number of rows written.

    Leaf rows only: no ancestor's row is touched, so posts under one root never wait for one another.
    """
    wanted = {key: n for key, n in change.items() if n}
    if not wanted:
        return 0
    missing = {code for code, _unit, _day in wanted} - _insert(scope, wanted, entry)
    if missing:
        Series.objects.bulk_create([Series(scope=scope, code=c) for c in sorted(missing)], ignore_conflicts=True)
        _insert(scope, {key: n for key, n in wanted.items() if key[0] in missing}, entry)
    return len(wanted)


def _insert(scope: Scope, change: Mapping[tuple[str, int, date], int], entry: Entry) -> set[str]:
    """Insert the rows of those codes that have a series; returns these codes."""
    if connection.vendor == "postgresql":
        rows = [(str(code), unit, day, n) for (code, unit, day), n in change.items()]
        columns = [list(column) for column in zip(*rows, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, [*columns, scope.pk, entry.recorded_on, entry.seq])
            return {code for (code,) in cursor.fetchall()}
    ids = {code: pk for pk, code in series_names(scope, {code for code, _unit, _day in change}).items()}
    deltas = [
        PendingDelta(
            series_id=ids[code],
            unit=unit,
            valid_on=day,
            recorded_on=entry.recorded_on,
            recorded_seq=entry.seq,
            n=n,
        )
        for (code, unit, day), n in change.items()
        if code in ids
    ]
    PendingDelta.objects.bulk_create(deltas, batch_size=BATCH)
    return set(ids)


_INSERT = """
    WITH wanted AS (
        SELECT series.id, series.code, told.unit, told.valid_on, told.n
        FROM unnest(%s::varchar[], %s::bigint[], %s::date[], %s::integer[]) told (code, unit, valid_on, n)
        JOIN figures_series series ON series.scope_id = %s AND series.code = told.code
    ), written AS (
        INSERT INTO figures_pendingdelta (series_id, unit, valid_on, recorded_on, recorded_seq, n)
        SELECT id, unit, valid_on, %s, %s, n FROM wanted
    )
    SELECT DISTINCT code FROM wanted
"""
"""One statement where the ORM would need two and an object a row: every fact that arrives passes here."""


@transaction.atomic
def roll_up(*, limit: int = 50_000) -> int:
    """Roll up to ``limit`` pending deltas into their ancestors; returns how many were taken.

    One statement takes rows away from the pending table while their sums appear in the roll-up: a reader sees a delta
    in exactly one of the two.
    """
    _sole_lock()
    taken = list(PendingDelta.objects.order_by("pk").values_list("pk", flat=True)[:limit])
    if not taken:
        return 0
    first, last = taken[0], taken[-1]
    # Rows below `last` committed since are not in `taken`; they are left for the next round by naming ids exactly.
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE IF NOT EXISTS figures_taken (id bigint PRIMARY KEY)")
        cursor.execute("DELETE FROM figures_taken")
        if connection.vendor == "postgresql":
            cursor.execute("INSERT INTO figures_taken SELECT unnest(%s::bigint[])", [taken])
        else:
            cursor.executemany("INSERT INTO figures_taken VALUES (%s)", [(pk,) for pk in taken])
        among = "SELECT id FROM figures_taken"
        columns = "series_id, unit, valid_on, recorded_on, recorded_seq, n"
        source = (
            f"(SELECT {columns} FROM figures_pendingdelta WHERE id BETWEEN {first:d} AND {last:d} AND id IN ({among}))"  # noqa: S608
        )
        _add_to_rollup(cursor, source, "figures_path")
        cursor.execute(f"INSERT INTO figures_delta ({columns}) SELECT {columns} FROM {source} taken")  # noqa: S608
        cursor.execute(f"DELETE FROM figures_pendingdelta WHERE id BETWEEN {first:d} AND {last:d} AND id IN ({among})")  # noqa: S608
    return len(taken)


def roll_up_all() -> int:
    """Roll up until nothing is pending; returns how many deltas were taken."""
    total = 0
    while taken := roll_up():
        total += taken
    return total


@transaction.atomic
def rebuild() -> int:
    """Count every rolled-up figure again from the deltas; returns the number of rows made."""
    _sole_lock()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # What was rolled up earlier in this transaction has its deferred checks made first.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("TRUNCATE figures_rollup")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            # Without numbers of rows the plan is a bad one; and a key made afterwards costs a fifth of one kept up.
            cursor.execute("ANALYZE figures_delta, figures_path")
            cursor.execute(f"SET LOCAL work_mem = '{WORK_MEMORY}'")
            cursor.execute(f"SET LOCAL maintenance_work_mem = '{WORK_MEMORY}'")
            cursor.execute("ALTER TABLE figures_rollup DROP CONSTRAINT figures_rollup_pkey")
        else:
            cursor.execute("DELETE FROM figures_rollup")
        _add_to_rollup(cursor, "figures_delta", "figures_path", fresh=True)
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE figures_rollup ADD PRIMARY KEY ({KEY}) INCLUDE (n)")
    return Rollup.objects.count()


class PathRow(NamedTuple):
    """A path to be: ``descendant`` lies in ``ancestor``, ``depth`` levels down, in ``period``."""

    ancestor: int
    descendant: int
    depth: int
    period: Period


def self_path(unit: int) -> PathRow:
    """Every unit lies in itself on all days."""
    return PathRow(unit, unit, 0, Period(ALWAYS, FOREVER))


@transaction.atomic
def set_paths(*, descendants: Iterable[int], paths: Iterable[PathRow], entry: Entry) -> int:
    """Make ``paths`` the ones known from now on for ``descendants``; returns how many paths changed.

    Paths that no longer hold are superseded, not deleted. What is rolled up is corrected in the same transaction.
    """
    _sole_lock()
    keys = sorted(set(descendants))
    wanted = {(p.ancestor, p.descendant, p.depth, p.period.start, p.period.end) for p in paths if p.period}
    ended: list[int] = []
    for chunk in (keys[i : i + 800] for i in range(0, len(keys), 800)):
        for path in Path.objects.filter(descendant__in=chunk, superseded_seq__isnull=True):
            row = (path.ancestor, path.descendant, path.depth, path.starts_on, path.ends_on)
            if row in wanted:
                wanted.discard(row)
            else:
                ended.append(path.pk)
    fresh = [
        Path(
            ancestor=ancestor,
            descendant=descendant,
            depth=depth,
            starts_on=start,
            ends_on=end,
            recorded_on=ALWAYS if ancestor == descendant else entry.recorded_on,
            recorded_seq=entry.seq,
            superseded_on=FOREVER,
        )
        for ancestor, descendant, depth, start, end in sorted(wanted)
    ]
    _take_out(ended, entry)
    made = Path.objects.bulk_create(fresh, batch_size=BATCH)
    if made:
        _bring_in(min(path.pk for path in made))
    return len(ended) + len(made)


def _take_out(ended: list[int], entry: Entry) -> None:
    """Supersede paths; what they had brought stops counting from the entry's day on.

    The open end of their rectangles moves from never to that day, so the missing corners are those of a rectangle that
    begins there, taken away.
    """
    for chunk in (ended[i : i + 800] for i in range(0, len(ended), 800)):
        Path.objects.filter(pk__in=chunk).update(superseded_seq=entry.seq, superseded_on=entry.recorded_on)
        ids = ", ".join(f"{pk:d}" for pk in chunk)
        paths = (
            "(SELECT ancestor, descendant, depth, starts_on, ends_on, superseded_on AS recorded_on, "  # noqa: S608 - numbers
            f"{_date_literal(FOREVER)} AS superseded_on FROM figures_path WHERE id IN ({ids}))"
        )
        with connection.cursor() as cursor:
            _add_to_rollup(cursor, "figures_delta", paths, sign=-1)


def _bring_in(first: int) -> None:
    """What lies in units that new paths reach counts for their new ancestors.

    ``first``: the lowest id among paths just made under the lock; every id from there on is one of them.
    """
    with connection.cursor() as cursor:
        _add_to_rollup(cursor, "figures_delta", f"(SELECT * FROM figures_path WHERE id >= {first:d})")  # noqa: S608


_SUM = "sum(CAST(n AS integer))"
"""PostgreSQL adds small integers quickly and large ones as decimals; one day's change of one unit is small."""


def _add_to_rollup(cursor: object, deltas: str, paths: str, *, sign: int = 1, fresh: bool = False) -> None:
    """Add every delta to every ancestor, at the corners of its path's rectangle, for all grains.

    ``deltas`` and ``paths`` are SQL of this module (a table or a parenthesised select), never input.
    """
    corners = corners_statement(deltas, paths, sign=sign)
    of_others = "(SELECT * FROM days WHERE NOT is_own) days"
    grains = " UNION ALL ".join(
        f"SELECT series_id, ancestor, {grain} AS grain, valid_on, recorded_on, n FROM {name}"  # noqa: S608
        for grain, name in (
            (f"CASE WHEN is_own THEN {OWN:d} ELSE {DAY_DAY:d} END", "days"),
            (f"{MONTH_DAY:d}", "months_days"),
            (f"{DAY_MONTH:d}", "days_months"),
            (f"{MONTH_MONTH:d}", "months"),
        )
    )
    conflict = "" if fresh else f" ON CONFLICT ({KEY}) DO UPDATE SET n = figures_rollup.n + excluded.n"
    as_kept = "MATERIALIZED" if connection.vendor == "postgresql" else ""
    cursor.execute(  # type: ignore[attr-defined]
        f"WITH days AS {as_kept} ({_summed(f'({corners}) corner', 'valid_on', 'recorded_on')}), "  # noqa: S608
        f"months_days AS {as_kept} ({_summed(of_others, _month('valid_on'), 'recorded_on')}), "
        f"days_months AS ({_summed(of_others, 'valid_on', _month('recorded_on'))}), "
        f"months AS ({_summed('months_days', 'valid_on', _month('recorded_on'))}) "
        "INSERT INTO figures_rollup (series_id, unit, grain, valid_on, recorded_on, n) "
        f"SELECT * FROM ({grains}) total WHERE TRUE{conflict}"
    )


def _summed(rows: str, valid_on: str, recorded_on: str) -> str:
    """The rows' sums by series, ancestor and the two days; what comes to nothing is left out."""
    return (
        f"SELECT series_id, ancestor, is_own, {valid_on} AS valid_on, {recorded_on} AS recorded_on, {_SUM} AS n "  # noqa: S608
        f"FROM {rows} GROUP BY 1, 2, 3, 4, 5 HAVING {_SUM} <> 0"
    )


def _month(column: str) -> str:
    if connection.vendor == "postgresql":
        return f"date_trunc('month', {column}::timestamp)::date"
    return f"substr({column}, 1, 8) || '01'"


def _date_literal(day: date) -> str:
    return f"DATE '{day.isoformat()}'" if connection.vendor == "postgresql" else f"'{day.isoformat()}'"


def _sole_lock() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def effects_total(changes: Iterable[Mapping[tuple[str, int, date], int]]) -> Counter[tuple[str, int, date]]:
    """Several changes as one."""
    total: Counter[tuple[str, int, date]] = Counter()
    for change in changes:
        total.update(change)
    return total
