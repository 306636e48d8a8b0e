"""Reading figures of any unit, on any day, as known on any day."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from trienkhai.core.periods import FOREVER
from trienkhai.core.sql import as_day
from trienkhai.figures.models import Path, Scope, Series

DAY_DAY, MONTH_DAY, DAY_MONTH, MONTH_MONTH, OWN = range(5)
LATEST = date(9999, 12, 30)
"""Stands for "as known now": every recorded day lies before it."""


def paths_on(day: date, *, known_at: date | None = None) -> QuerySet[Path]:
    """The paths that hold on ``day``, as known at the end of ``known_at`` (now when ``None``)."""
    known = known_at or LATEST
    return Path.objects.filter(starts_on__lte=day, ends_on__gt=day, recorded_on__lte=known, superseded_on__gt=known)


def keys_under(unit: int, day: date, *, known_at: date | None = None) -> QuerySet[Path, int]:
    """The keys in or below ``unit``, for use in a subquery."""
    return paths_on(day, known_at=known_at).filter(ancestor=unit).values_list("descendant", flat=True)


def keys_above(unit: int, day: date, *, known_at: date | None = None) -> QuerySet[Path, int]:
    """The keys ``unit`` lies in, itself included."""
    return paths_on(day, known_at=known_at).filter(descendant=unit).values_list("ancestor", flat=True)


def totals(
    *, scope: Scope, codes: Collection[str], unit: int, as_of: date, known_at: date | None = None
) -> dict[str, int]:
    """What each code counts in or below ``unit`` on ``as_of``; zero where nothing was posted."""
    found = totals_by_unit(scope=scope, codes=codes, units=[unit], as_of=as_of, known_at=known_at)
    return found[unit]


def totals_by_unit(
    *, scope: Scope, codes: Collection[str], units: Sequence[int], as_of: date, known_at: date | None = None
) -> dict[int, dict[str, int]]:
    """What each code counts in or below each of ``units``: ``{unit: {code: n}}``.

    One statement however many units, over what is rolled up and what is posted but not yet rolled up: right even when
    the worker is dead, and when it works meanwhile (two statements would see a delta twice, or never).
    """
    result = {unit: dict.fromkeys(codes, 0) for unit in units}
    if not codes or not units:
        return result
    known = known_at or LATEST
    about = f"unit IN ({_listed(units)}) AND series_id {_among_named()}"
    blocks = BLOCKS if known < LATEST else BLOCKS_NOW
    parts = [f"SELECT unit, series_id, n FROM figures_rollup WHERE {about} AND {block}" for block in blocks]  # noqa: S608
    parts.append(PENDING.format(series=_among_named(), units=_listed(units)))
    sums = f"SELECT unit, series_id, sum(n) AS n FROM ({' UNION ALL '.join(parts)}) found GROUP BY unit, series_id"  # noqa: S608
    statement = f"SELECT total.unit, named.code, total.n FROM ({sums}) total JOIN named ON named.id = total.series_id"  # noqa: S608
    for unit, code, total in _fetched(scope, codes, statement, as_of, known):
        result[unit][code] = int(total)
    return result


def daily(
    *, scope: Scope, codes: Collection[str], unit: int, until: date, known_at: date | None = None
) -> dict[str, list[tuple[date, int]]]:
    """How each code changed by day up to ``until``: ``{code: [(day, ±n), …]}`` in order, for a burn-up picture."""
    changes: dict[str, list[tuple[date, int]]] = {code: [] for code in codes}
    if not codes:
        return changes
    known = known_at or LATEST
    about = f"unit = {unit:d} AND series_id {_among_named()}"
    rolled = [
        f"SELECT series_id, valid_on, n FROM figures_rollup WHERE {about} AND {block}"  # noqa: S608
        for block in (DAILY_BLOCKS if known < LATEST else DAILY_BLOCKS_NOW)
    ]
    deltas = f"(SELECT * FROM figures_pendingdelta WHERE series_id {_among_named()})"  # noqa: S608
    pending = corners_statement(deltas, f"(SELECT * FROM figures_path WHERE ancestor = {unit:d})")  # noqa: S608
    within = "valid_on <= %(day)s AND recorded_on <= %(known)s"
    rolled.append(f"SELECT series_id, valid_on, n FROM ({pending}) corner WHERE {within}")  # noqa: S608
    statement = (
        f"SELECT named.code, valid_on, sum(n) FROM ({' UNION ALL '.join(rolled)}) found "  # noqa: S608
        "JOIN named ON named.id = found.series_id "
        "GROUP BY named.code, valid_on HAVING sum(n) <> 0 ORDER BY valid_on"
    )
    for code, day, total in _fetched(scope, codes, statement, until, known):
        changes[code].append((as_day(day), int(total)))
    return changes


def _among_named() -> str:
    """Of the series asked for; as an array, PostgreSQL reads the ranges of the key as it would of a list."""
    return "= ANY (ARRAY(SELECT id FROM named))" if connection.vendor == "postgresql" else "IN (SELECT id FROM named)"


def _fetched(
    scope: Scope, codes: Collection[str], statement: str, day: date, known: date
) -> list[tuple[Any, Any, Any]]:
    """The rows of a statement about ``named`` series: those of the codes that were ever posted."""
    marks = ", ".join(f"%(code_{place})s" for place in range(len(codes)))
    series = f"SELECT id, code FROM figures_series WHERE scope_id = {scope.pk:d} AND code IN ({marks})"  # noqa: S608
    values = {f"code_{place}": str(code) for place, code in enumerate(codes)} | _asked(statement, day, known)
    with connection.cursor() as cursor:
        cursor.execute(f"WITH named AS MATERIALIZED ({series}) {statement}", values)
        return list(cursor.fetchall())


def corners_statement(deltas: str, paths: str, *, sign: int = 1) -> str:
    """SQL of what deltas add to their ancestors: (series_id, ancestor, is_own, valid_on, recorded_on, n).

    Four signed corners of each path's rectangle in both times (docs/adr/0002). ``deltas`` and ``paths`` are SQL of this
    app (a table or a parenthesised select), never input.
    """
    greatest = "greatest" if connection.vendor == "postgresql" else "max"
    forever = f"DATE '{FOREVER}'" if connection.vendor == "postgresql" else f"'{FOREVER}'"
    return " UNION ALL ".join(
        "SELECT delta.series_id, path.ancestor, path.depth = 0 AS is_own, "  # noqa: S608
        f"{greatest}(delta.valid_on, path.{day}) AS valid_on, "
        f"{greatest}(delta.recorded_on, path.{known}) AS recorded_on, {by * sign:d} * delta.n AS n "
        f"FROM {deltas} delta JOIN {paths} path ON path.descendant = delta.unit "
        f"AND path.{day} < {forever} AND path.{known} < {forever}"
        for day, known, by in (
            ("starts_on", "recorded_on", 1),
            ("ends_on", "recorded_on", -1),
            ("starts_on", "superseded_on", -1),
            ("ends_on", "superseded_on", 1),
        )
    )


def changes_since(
    *, scope: Scope, codes: Collection[str], unit: int, as_of: date, seq: int
) -> dict[int, dict[str, int]]:
    """What entries after ``seq`` changed in figures as of ``as_of``, by entry: ``{recorded_seq: {code: ±n}}``.

    Facts told or corrected since, and changes of the tree told since: added up, they are exactly today's figure minus
    the figure as of ``seq``.
    """
    names = series_names(scope, codes)
    result: dict[int, dict[str, int]] = {}
    if not names:
        return result
    about: list[date | int] = [*names, unit, as_of, as_of, as_of]
    one_table = [*about, seq, *about, seq, seq, seq]
    with connection.cursor() as cursor:
        cursor.execute(_since(_marks(list(names))), _adapted([*one_table, *one_table, seq]))
        for recorded_seq, series, total in cursor.fetchall():
            result.setdefault(recorded_seq, {})[names[series]] = int(total)
    return dict(sorted(result.items()))


def series_names(scope: Scope, codes: Collection[str]) -> Mapping[int, str]:
    """``{series id: code}`` of those codes that were ever posted."""
    return dict(Series.objects.filter(scope=scope, code__in=codes).values_list("pk", "code"))


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


# Of a unit's own, single days; of those below, whole months of both times, and single days in the dates' own months.
# One condition each, so that each is one range of the key.
_DAY, _MONTH = "valid_on <= %(day)s", "valid_on < %(month)s"
_DAY_OF_MONTH = "valid_on >= %(month)s AND valid_on <= %(day)s"
_KNOWN, _KNOWN_MONTH = "recorded_on <= %(known)s", "recorded_on < %(known_month)s"
_KNOWN_IN_MONTH = "recorded_on >= %(known_month)s AND recorded_on <= %(known)s"
BLOCKS = (
    f"grain = {OWN} AND {_DAY} AND {_KNOWN}",
    f"grain = {MONTH_MONTH} AND {_MONTH} AND {_KNOWN_MONTH}",
    f"grain = {MONTH_DAY} AND {_MONTH} AND {_KNOWN_IN_MONTH}",
    f"grain = {DAY_MONTH} AND {_DAY_OF_MONTH} AND {_KNOWN_MONTH}",
    f"grain = {DAY_DAY} AND {_DAY_OF_MONTH} AND {_KNOWN_IN_MONTH}",
)
BLOCKS_NOW = (
    f"grain = {OWN} AND {_DAY}",
    f"grain = {MONTH_MONTH} AND {_MONTH}",
    f"grain = {DAY_MONTH} AND {_DAY_OF_MONTH}",
)
DAILY_BLOCKS = (
    f"grain = {OWN} AND {_DAY} AND {_KNOWN}",
    f"grain = {DAY_MONTH} AND {_DAY} AND {_KNOWN_MONTH}",
    f"grain = {DAY_DAY} AND {_DAY} AND {_KNOWN_IN_MONTH}",
)
DAILY_BLOCKS_NOW = (f"grain = {OWN} AND {_DAY}", f"grain = {DAY_MONTH} AND {_DAY}")

PENDING = """
    SELECT path.ancestor, delta.series_id, delta.n
    FROM figures_pendingdelta delta
    JOIN figures_path path ON path.descendant = delta.unit
     AND path.recorded_on <= %(known)s AND path.superseded_on > %(known)s
    WHERE delta.series_id {series} AND path.ancestor IN ({units})
      AND delta.valid_on <= %(day)s AND delta.recorded_on <= %(known)s
      AND path.starts_on <= %(day)s AND path.ends_on > %(day)s
"""


_SINCE_PAIRS = """
    SELECT delta.series_id, delta.n, path.superseded_seq AS unseen,
           CASE WHEN delta.recorded_seq > path.recorded_seq THEN delta.recorded_seq ELSE path.recorded_seq END AS seen
    FROM {table} delta
    JOIN figures_path path ON path.descendant = delta.unit
    WHERE delta.series_id IN ({series}) AND path.ancestor = %s
      AND delta.valid_on <= %s AND path.starts_on <= %s AND path.ends_on > %s AND {newer}
"""
_SINCE_NEWER = (
    "delta.recorded_seq > %s",
    "delta.recorded_seq <= %s AND (path.recorded_seq > %s OR path.superseded_seq > %s)",
)


def _since(series: str) -> str:
    """A delta counts from the entry by which both it and its path were known, until the path was superseded."""
    pairs = " UNION ALL ".join(
        _SINCE_PAIRS.format(table=table, series=series, newer=newer)
        for table in ("figures_delta", "figures_pendingdelta")
        for newer in _SINCE_NEWER
    )
    return (
        f"WITH pair AS ({pairs}), change AS ("  # noqa: S608 - made of this module's own words
        "SELECT seen AS seq, series_id, n FROM pair WHERE unseen IS NULL OR unseen > seen "
        "UNION ALL SELECT unseen AS seq, series_id, -n FROM pair WHERE unseen > seen) "
        "SELECT seq, series_id, sum(n) FROM change WHERE seq > %s GROUP BY seq, series_id HAVING sum(n) <> 0"
    )


def _asked(statement: str, day: date, known: date) -> dict[str, date | int | str]:
    """The days a statement names."""
    days = {"day": day, "month": month_of(day), "known": known, "known_month": month_of(known)}
    named = {name: value for name, value in days.items() if f"%({name})s" in statement}
    return dict(zip(named, _adapted(list(named.values())), strict=True))


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(f"{number:d}" for number in numbers)


def _marks(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))


def _adapted(values: Sequence[date | int]) -> list[date | int | str]:
    """Dates as the database driver wants them in hand-written SQL (SQLite keeps ISO text)."""
    if connection.vendor == "postgresql":
        return list(values)
    return [value.isoformat() if isinstance(value, date) else value for value in values]


assert LATEST < FOREVER  # noqa: S101 - an open path must count as known now
