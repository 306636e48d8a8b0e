"""Reading figures of any unit, on any day, as known on any day."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet, Sum

from trienkhai.core.periods import FOREVER
from trienkhai.figures.models import Path, PendingDelta, Rollup, Scope, Series

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

    Two statements however many units: what is rolled up, and what is posted but not yet rolled up (right even when the
    worker is dead).
    """
    names = series_names(scope, codes)
    result = {unit: dict.fromkeys(codes, 0) for unit in units}
    if not names or not units:
        return result
    known = known_at or LATEST
    rolled = (
        Rollup.objects.filter(_blocks(as_of, known), unit__in=units, series__in=list(names))
        .values_list("unit", "series")
        .annotate(total=Sum("n"))
        .order_by()
    )
    for unit, series, total in rolled:
        result[unit][names[series]] += total
    for unit, series, total in _pending(list(names), units, as_of, known):
        result[unit][names[series]] += total
    return result


def daily(
    *, scope: Scope, codes: Collection[str], unit: int, until: date, known_at: date | None = None
) -> dict[str, list[tuple[date, int]]]:
    """How each code changed by day up to ``until``: ``{code: [(day, ±n), …]}`` in order, for a burn-up picture."""
    names = series_names(scope, codes)
    changes: dict[str, dict[date, int]] = {code: {} for code in codes}
    known = known_at or LATEST
    rolled = (
        Rollup.objects.filter(_grain_for_days(known), unit=unit, series__in=list(names), valid_on__lte=until)
        .values_list("series", "valid_on")
        .annotate(total=Sum("n"))
        .order_by()
    )
    pending = _pending_by_day(list(names), unit, until, known)
    for series, day, total in [*rolled, *pending]:
        by_day = changes[names[series]]
        by_day[day] = by_day.get(day, 0) + total
    return {code: sorted((day, n) for day, n in by_day.items() if n) for code, by_day in changes.items()}


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


def _blocks(as_of: date, known: date) -> Q:
    """What is the unit's own, and of those below whole months of both times, single days in the dates' own months."""
    own = Q(grain=OWN, valid_on__lte=as_of, recorded_on__lte=known)
    month, known_month = month_of(as_of), month_of(known)
    whole, whole_known = Q(valid_on__lt=month), Q(recorded_on__lt=known_month)
    part, part_known = (
        Q(valid_on__gte=month, valid_on__lte=as_of),
        Q(recorded_on__gte=known_month, recorded_on__lte=known),
    )
    if known == LATEST:
        return own | Q(grain=MONTH_MONTH) & whole | Q(grain=DAY_MONTH) & part
    return (
        own
        | Q(grain=MONTH_MONTH) & whole & whole_known
        | Q(grain=MONTH_DAY) & whole & part_known
        | Q(grain=DAY_MONTH) & part & whole_known
        | Q(grain=DAY_DAY) & part & part_known
    )


def _grain_for_days(known: date) -> Q:
    if known == LATEST:
        return Q(grain__in=(OWN, DAY_MONTH))
    known_month = month_of(known)
    return (
        Q(grain=OWN, recorded_on__lte=known)
        | Q(grain=DAY_MONTH, recorded_on__lt=known_month)
        | Q(grain=DAY_DAY, recorded_on__gte=known_month, recorded_on__lte=known)
    )


PENDING = """
    SELECT path.ancestor, delta.series_id, {day} sum(delta.n)
    FROM figures_pendingdelta delta
    JOIN figures_path path ON path.descendant = delta.unit
     AND path.recorded_on <= %s AND path.superseded_on > %s
    WHERE delta.series_id IN ({series}) AND path.ancestor IN ({units})
      AND delta.valid_on <= %s AND delta.recorded_on <= %s
      AND path.starts_on <= {at} AND path.ends_on > {at}
    GROUP BY path.ancestor, delta.series_id{group}
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


def _pending(series: list[int], units: Sequence[int], as_of: date, known: date) -> list[tuple[int, int, int]]:
    statement = PENDING.format(day="", group="", at="%s", series=_marks(series), units=_marks(units))
    with connection.cursor() as cursor:
        cursor.execute(statement, _adapted([known, known, *series, *units, as_of, known, as_of, as_of]))
        return [(unit, code, int(n)) for unit, code, n in cursor.fetchall()]


def _pending_by_day(series: list[int], unit: int, until: date, known: date) -> list[tuple[int, date, int]]:
    """Changes by day of what is not yet rolled up, through the same corners the roll-up uses."""
    if not series:
        return []
    from trienkhai.figures.rules import Rectangle, corners  # noqa: PLC0415 - below

    found: dict[tuple[int, date], int] = {}
    deltas = PendingDelta.objects.filter(series__in=series, valid_on__lte=until, recorded_on__lte=known)
    rows = list(deltas.values_list("series", "unit", "valid_on", "recorded_on", "n"))
    paths = Path.objects.filter(ancestor=unit, descendant__in={row[1] for row in rows})
    rectangles: dict[int, list[Rectangle]] = {}
    for path in paths:
        box = Rectangle(path.starts_on, path.ends_on, path.recorded_on, path.superseded_on)
        rectangles.setdefault(path.descendant, []).append(box)
    for code, leaf, valid_on, recorded_on, n in rows:
        for box in rectangles.get(leaf, []):
            for day, seen, sign in corners(valid_on, recorded_on, box):
                if day <= until and seen <= known:
                    found[code, day] = found.get((code, day), 0) + sign * n
    return [(code, day, n) for (code, day), n in found.items()]


def _marks(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))


def _adapted(values: Sequence[date | int]) -> list[date | int | str]:
    """Dates as the database driver wants them in hand-written SQL (SQLite keeps ISO text)."""
    if connection.vendor == "postgresql":
        return list(values)
    return [value.isoformat() if isinstance(value, date) else value for value in values]


assert LATEST < FOREVER  # noqa: S101 - an open path must count as known now
