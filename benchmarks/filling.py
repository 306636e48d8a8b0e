"""A city or a province in PostgreSQL within minutes: units and roll-out by actions, everything else by plain SQL.

    python benchmarks/filling.py [--scale province]        (TRIENKHAI_DATABASE: an empty PostgreSQL database)

The facts are those a year of work leaves (surges before the deadline, entries told late, corrections, make-up sessions,
moves, deaths). Figures are posted by one statement that says again what `rollouts.rules.effects` says; that both agree
with the facts is proved at the end by the recount, which shares no code with either.
"""

import argparse
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import measuring

FOUNDED, OPENS, ENDS = date(2025, 1, 1), date(2025, 2, 1), date(2025, 11, 20)
FACTS_FROM = date(2025, 2, 10)
PROOF_DAYS = ((ENDS, None), (date(2025, 9, 15), date(2025, 9, 20)), (date(2025, 10, 31), date(2025, 10, 31)))
UNITS_AT_ONCE = 5_000


@contextmanager
def said(what: str) -> Iterator[None]:
    """Say how long a part took."""
    begun = time.perf_counter()
    yield
    print(f"  {what:<42}{time.perf_counter() - begun:8.1f} s", flush=True)


def fill(scale: str) -> None:
    """Fill an empty database."""
    from django.db import connection, transaction  # noqa: PLC0415
    from filling_sql import STATEMENTS  # noqa: PLC0415

    from trienkhai.figures.actions import rebuild, roll_up_all  # noqa: PLC0415
    from trienkhai.ledger import clock  # noqa: PLC0415
    from trienkhai.simulation.scales import SIZES  # noqa: PLC0415

    size = SIZES[scale]
    with said("units by actions"), clock.simulated(_nine(FOUNDED)):
        cells = _units(size)
    with said("roll-out opened"), clock.simulated(_nine(OPENS)):
        values = _opened(size)
        roll_up_all()
    with transaction.atomic():
        days = _entries()
        with connection.cursor() as cursor:
            _unchecked(cursor)
            cursor.execute("CREATE TEMP TABLE day (on_day date PRIMARY KEY, seq bigint) ON COMMIT DROP")
            cursor.executemany("INSERT INTO day VALUES (%s, %s)", list(days.items()))
            cursor.execute("CREATE TEMP TABLE cell_unit (n int PRIMARY KEY, unit bigint) ON COMMIT DROP")
            cursor.execute(
                "INSERT INTO cell_unit SELECT ordinality - 1, unit FROM unnest(%s::bigint[]) "
                "WITH ORDINALITY AS made (unit, ordinality)",
                [cells],
            )
            cursor.execute(
                "CREATE TEMP TABLE named (n int PRIMARY KEY, name text, folded text, sorted text, sex text) "
                "ON COMMIT DROP"
            )
            cursor.executemany("INSERT INTO named VALUES (%s, %s, %s, %s, %s)", list(_names()))
            for what, statement in STATEMENTS:
                with said(what):
                    cursor.execute(statement.format(**values))
    with said("figures rolled up (rebuild)"):
        rebuild()
    with said("VACUUM ANALYZE"), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _nine(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 2, tzinfo=UTC)


def _units(size: object) -> list[int]:
    """The root, the communes, the cells spread evenly; returns the cells."""
    from trienkhai.organisation.actions import NewUnit, open_units  # noqa: PLC0415
    from trienkhai.organisation.rules import SYSTEM, UnitKind  # noqa: PLC0415

    at = _nine(FOUNDED)
    root = open_units(units=[NewUnit(name="Đảng bộ mô phỏng", kind=UnitKind.UPPER, on=FOUNDED)], actor=SYSTEM, at=at)
    (breadth,) = size.branching  # type: ignore[attr-defined]
    planned = [
        NewUnit(name=f"Đảng bộ xã số {n + 1} (mô phỏng)", kind=UnitKind.BASE, on=FOUNDED, parent=root.made[0])
        for n in range(breadth)
    ]
    communes = open_units(units=planned, actor=SYSTEM, at=at).made
    count = size.cells  # type: ignore[attr-defined]
    planned = [
        NewUnit(name=f"Chi bộ số {n + 1} (mô phỏng)", kind=UnitKind.CELL, on=FOUNDED,
                parent=communes[n * breadth // count])
        for n in range(count)
    ]  # fmt: skip
    made: list[int] = []
    for first in range(0, count, UNITS_AT_ONCE):
        made.extend(open_units(units=planned[first : first + UNITS_AT_ONCE], actor=SYSTEM, at=at).made)
    return made


def _opened(size: object) -> dict[str, int]:
    """Open the roll-out while there are no members; returns the numbers the statements need."""
    from trienkhai.directives.actions import register_directive  # noqa: PLC0415
    from trienkhai.directives.rules import DirectiveKind  # noqa: PLC0415
    from trienkhai.directives.rules.facts import Facts  # noqa: PLC0415
    from trienkhai.organisation.models import Unit  # noqa: PLC0415
    from trienkhai.organisation.rules import SYSTEM  # noqa: PLC0415
    from trienkhai.rollouts.actions import open_rollout  # noqa: PLC0415
    from trienkhai.rollouts.rules import RolloutPlan, StepKind, default_steps  # noqa: PLC0415

    root = Unit.objects.order_by("pk")[0]
    facts = Facts(kind=DirectiveKind.RESOLUTION, number="01-NQ/MP", issuer="Ban Chấp hành (mô phỏng)",
                  issued_on=date(2025, 1, 20), title="Nghị quyết mô phỏng")  # fmt: skip
    directive = register_directive(owner=root, facts=facts, actor=SYSTEM, at=_nine(OPENS))
    steps = default_steps({
        StepKind.RECEIVE: date(2025, 3, 15),
        StepKind.PLAN: date(2025, 5, 31),
        StepKind.STUDY: date(2025, 10, 31),
        StepKind.PAPER: date(2025, 10, 31),
    })  # fmt: skip
    plan = RolloutPlan(title="Triển khai Nghị quyết mô phỏng", opens_on=OPENS, steps=steps)
    rollout = open_rollout(plan=plan, lead=root, directives=[directive], actor=SYSTEM, at=OPENS)
    ids = {step.kind: step.pk for step in rollout.steps.all()}
    return {
        "rollout": rollout.pk,
        "scope": rollout.scope_id,
        "members": size.members,  # type: ignore[attr-defined]
        "cells": size.cells,  # type: ignore[attr-defined]
        "receive": ids["receive"],
        "plan": ids["plan"],
        "study": ids["study"],
        "paper": ids["paper"],
    }


def _entries() -> dict[date, int]:
    """One ledger entry a day on which something was recorded: ``{day: seq}``."""
    from trienkhai.ledger import clock  # noqa: PLC0415
    from trienkhai.ledger.actions import record  # noqa: PLC0415

    found = {}
    for day in [OPENS, *(FACTS_FROM + timedelta(days=n) for n in range((ENDS - FACTS_FROM).days + 1))]:
        with clock.simulated(_nine(day)):
            found[day] = record(actor=None, action="simulation.fill").seq
    return found


def _unchecked(cursor: object) -> None:
    """Spare the checks of foreign keys where we may; the data is proved otherwise."""
    cursor.execute("SELECT current_setting('is_superuser')")  # type: ignore[attr-defined]
    if cursor.fetchone()[0] == "on":  # type: ignore[attr-defined]
        cursor.execute("SET LOCAL session_replication_role = replica")  # type: ignore[attr-defined]


def _names() -> Iterator[tuple[int, str, str, str, str]]:
    from trienkhai.simulation.scales import inventing  # noqa: PLC0415
    from trienkhai.text import fold, name_sort_key  # noqa: PLC0415

    number = 0
    for family in inventing.FAMILIES:
        for sex, middles in (("m", inventing.MEN), ("f", inventing.WOMEN)):
            for middle in middles:
                for given in inventing.GIVEN:
                    name = f"{family} {middle} {given}"
                    yield number, name, fold(name), name_sort_key(name), sex
                    number += 1


def counted() -> str:
    """How much there is, in words."""
    from django.db import connection  # noqa: PLC0415

    tables = {
        "members": "organisation_person", "units": "organisation_unit", "places": "rollouts_obligationplace",
        "roster": "meetings_rosterentry", "attendance": "meetings_attendance", "paper events": "papers_paperevent",
        "milestones": "rollouts_milestone", "deltas": "figures_delta", "roll-up": "figures_rollup",
    }  # fmt: skip
    with connection.cursor() as cursor:
        parts = []
        for name, table in tables.items():
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - the names above
            parts.append(f"{name} {cursor.fetchone()[0]:,}")
    return " · ".join(parts)


def prove(*, sample: int = 2) -> bool:
    """Compare figures with the recount: at the root, some communes and some cells, at three (day, known at)."""
    from trienkhai.organisation.models import Unit  # noqa: PLC0415
    from trienkhai.progress.queries.recount import disagreements  # noqa: PLC0415
    from trienkhai.progress.queries.values import figures  # noqa: PLC0415
    from trienkhai.rollouts.queries import newest_rollout  # noqa: PLC0415

    rollout = newest_rollout()
    if rollout is None:
        msg = "nothing has been filled in"
        raise RuntimeError(msg)
    under = Unit.objects.filter(states__superseded_seq__isnull=True).order_by("pk")
    communes = list(under.filter(states__kind="base")[5 : 5 + sample])
    cells = list(under.filter(states__kind="cell")[100 : 100 + sample])
    agreed = True
    for as_of, known_at in PROOF_DAYS:
        begun = time.perf_counter()
        found = disagreements(rollout=rollout, units=[rollout.lead, *communes, *cells], as_of=as_of, known_at=known_at)
        agreed = agreed and not found
        values = figures(rollout=rollout, unit=rollout.lead_id, as_of=as_of, known_at=known_at)
        shares = {value.code: value for value in values}
        told = ", ".join(
            f"{code} {shares[code].numerator:,}/{shares[code].denominator:,}"
            for code in ("units_studied", "persons_studied", "papers_submitted", "papers_accepted")
        )
        verdict = f"{len(found)} DISAGREE, first {found[0]}" if found else "recount agrees"
        print(
            f"  {as_of} known {known_at or 'now'}: {told}: {verdict} at {1 + 2 * sample} units, every figure and part "
            f"({time.perf_counter() - begun:.1f} s)",
            flush=True,
        )
    return agreed


def ensure(scale: str) -> None:
    """Fill the database unless it has been filled already."""
    from trienkhai.organisation.models import Person  # noqa: PLC0415
    from trienkhai.simulation.scales import SIZES  # noqa: PLC0415

    there = Person.objects.count()
    if there == 0:
        print(f"Filling a {scale}")
        fill(scale)
    elif there < SIZES[scale].members:
        msg = f"The database holds {there:,} people: neither empty nor a {scale}."
        raise SystemExit(msg)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", choices=("city", "province"), default="province")
    parser.add_argument("--unproved", action="store_true", help="leave out the proof, which takes minutes")
    options = parser.parse_args()
    if not os.environ.get(measuring.GIVEN):
        parser.error("TRIENKHAI_DATABASE says which (empty) database to fill")
    measuring.use(os.environ[measuring.GIVEN])
    begun = time.perf_counter()
    ensure(options.scale)
    print(f"{time.perf_counter() - begun:.0f} s · {counted()}\n{measuring.machine()}")
    if not options.unproved and not prove():
        raise SystemExit(1)


if __name__ == "__main__":
    main()
