"""What one arriving fact costs in a city and in a province, and how sixteen clients under one root share the database.

    python benchmarks/arriving.py [--city URL] [--province URL] [--quick]

Without URLs a PostgreSQL server of its own holds both; a province takes minutes to fill, `--quick` leaves it out.

- *one fact*: a roll call of one person, marked otherwise each time (entry, attendance, milestone, deltas); reaching one
  milestone; posting four deltas. Province : city by lower quartiles.
- *sixteen clients*: each calls rolls of whole cells under the same root, in processes with connections of their own.
  Against it the very INSERT statements those roll calls sent, with their rows, sent again by the same driver from as
  many processes: into copies of the tables with the same indexes, without foreign keys, reads, locks or Python. In
  rows a second. The same for postings of deltas by themselves, which is where one root could be a bottleneck.
- *with the worker*: the roll calls again while a process rolls up without pause.
- Afterwards every attendance must be there once, and figures must have grown by just as many.
"""

import argparse
import contextlib
import json
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

import filling
import measuring

CLIENTS, ROLLS, WARM_UP, POSTINGS, POSTED = 16, 16, 3, 60, 25
HELD_ON = date(2026, 1, 5)
COPIED = ("ledger_entry", "ledger_detail", "meetings_attendance", "meetings_holding", "rollouts_milestone",
          "rollouts_obligation", "figures_pendingdelta", "meetings_sending")  # fmt: skip
FORK = multiprocessing.get_context("fork" if hasattr(os, "fork") else "spawn")

DELTAS = (
    'INSERT INTO "figures_pendingdelta" (series_id, unit, valid_on, recorded_on, recorded_seq, n) '
    "SELECT 1, told.unit, told.day, %s, %s, told.n "
    "FROM unnest(%s::varchar[], %s::bigint[], %s::date[], %s::integer[]) told (code, unit, day, n)"
)
"""The deltas themselves, their series known beforehand."""

type Statement = tuple[str, Any]
type Work = Callable[[int, Callable[[], object]], int]
"""What a client does: gets its number and what to call once warmed up; tells how many rows it wrote after that."""


# --- one fact -------------------------------------------------------------------------------------------------------


def cost_of_one(seconds: float) -> dict[str, list[float]]:
    """Milliseconds of each sort of change, several times, on the database at hand."""
    from trienkhai.figures.actions import post, roll_up_all  # noqa: PLC0415
    from trienkhai.ledger import clock  # noqa: PLC0415
    from trienkhai.ledger.actions import record  # noqa: PLC0415
    from trienkhai.meetings.actions import call_roll  # noqa: PLC0415
    from trienkhai.meetings.models import Meeting, RosterEntry  # noqa: PLC0415
    from trienkhai.meetings.rules import Mark, Presence  # noqa: PLC0415
    from trienkhai.organisation.rules import SYSTEM  # noqa: PLC0415
    from trienkhai.rollouts.actions import set_milestones  # noqa: PLC0415
    from trienkhai.rollouts.models import Obligation  # noqa: PLC0415
    from trienkhai.rollouts.queries import newest_rollout  # noqa: PLC0415
    from trienkhai.rollouts.rules import MilestoneCode  # noqa: PLC0415

    random = Random(2)  # noqa: S311 - whom to mark
    rollout = newest_rollout()
    assert rollout is not None
    meetings = list(Meeting.objects.filter(makes_up_for=None).order_by("pk")[:600])
    papers = list(Obligation.objects.filter(step__kind="paper").order_by("pk")[:600])

    def calling() -> Callable[[], object]:
        meeting = random.choice(meetings)
        place = RosterEntry.objects.filter(meeting=meeting).order_by("pk")[random.randrange(15)]
        mark = Mark(random.choice([Presence.PRESENT, Presence.LATE, Presence.ABSENT]))
        return lambda: call_roll(meeting=meeting, marks={place.key: mark}, actor=SYSTEM, at=clock.now())

    def reaching() -> Callable[[], object]:
        duty, day = random.choice(papers), HELD_ON + timedelta(days=random.randrange(300))
        entry = record(actor=None, action="benchmarks.reach")
        return lambda: set_milestones(wanted={duty.pk: {MilestoneCode.ACCEPTED: day}}, entry=entry)

    def posting() -> Callable[[], object]:
        entry, unit = record(actor=None, action="benchmarks.post"), random.choice(meetings).host_id
        change = {(f"benchmark.{code}", unit, HELD_ON): 1 for code in "abcd"}
        return lambda: post(scope=rollout.scope, change=change, entry=entry)

    found = {}
    kinds = {"roll call of one person": calling, "reaching one milestone": reaching, "posting four deltas": posting}
    for name, make in kinds.items():
        found[name] = measuring.samples([make() for _n in range(150)], seconds=seconds)
    roll_up_all()
    return found


def compare(urls: dict[str, str], seconds: float) -> None:
    """The same in processes of their own, one database after the other, there and back again, and again.

    The ratio is that of the lower quartiles: what else the machine does only ever adds.
    """
    found: dict[str, dict[str, list[float]]] = {}
    for scale in [*urls, *reversed(urls)] * 2:
        script = [sys.executable, __file__, "--one", scale, "--seconds", str(seconds)]
        told = subprocess.run(  # noqa: S603 - ourselves
            script, check=True, capture_output=True, text=True, env={**os.environ, measuring.GIVEN: urls[scale]}
        )
        for name, times in json.loads(told.stdout.splitlines()[-1]).items():
            found.setdefault(name, {}).setdefault(scale, []).extend(times)
    for name, by_scale in found.items():
        for scale, times in by_scale.items():
            measuring.row(f"{name}, {scale}", "", measuring.spread(times), met=None)
        if len(by_scale) == 2:
            ratio = measuring.percentile(by_scale["province"], 0.25) / measuring.percentile(by_scale["city"], 0.25)
            measuring.row(f"{name}, province : city", "the same", f"{ratio:.2f} ×", met=ratio <= 1.25)


# --- sixteen clients ------------------------------------------------------------------------------------------------


def together(work: Work, *, clients: int = CLIENTS, beside: Callable[[], None] | None = None) -> float:
    """Rows a second that ``clients`` processes reach together, from a common start to the last one's end.

    A new connection and a new process pay for much that is paid once: each warms up before the start.
    """
    from django.db import connections  # noqa: PLC0415

    connections.close_all()
    start, told = FORK.Barrier(clients + 1), FORK.Queue()

    def client(number: int) -> None:
        from django.db import connection  # noqa: PLC0415

        connection.ensure_connection()
        told.put(work(number, start.wait))

    helper = FORK.Process(target=beside, daemon=True) if beside else None
    if helper:
        helper.start()
    processes = [FORK.Process(target=client, args=(number,)) for number in range(clients)]
    for process in processes:
        process.start()
    start.wait()
    begun = time.perf_counter()
    rows = sum(told.get(timeout=600) for _process in processes)
    took = time.perf_counter() - begun
    for process in processes:
        process.join()
        assert process.exitcode == 0
    if helper:
        helper.terminate()
        helper.join()
    return rows / took


class Inserts:
    """Keeps the INSERT statements of a connection and the rows they made."""

    def __init__(self) -> None:
        self.rows = 0
        self.statements: list[Statement] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        """Let a statement through and keep it if it is one."""
        answer = execute(sql, params, many, context)
        if sql.startswith("INSERT"):
            self.keep(sql, params, context["cursor"].rowcount)
        elif "INSERT INTO figures_pendingdelta" in sql:
            self.keep(DELTAS, [*params[5:], *params[:4]], len(params[0]))
        return answer

    def keep(self, sql: str, params: Any, rows: int) -> None:
        """Keep one statement."""
        self.rows += rows
        self.statements.append((sql, params))


def rolls_of(meetings: list[int], kept: Any, *, clients: int = CLIENTS) -> Work:
    """A client's work: the rolls of its meetings, everybody present. What it inserted is put into ``kept``."""

    def work(number: int, start: Callable[[], object]) -> int:
        from django.db import connection  # noqa: PLC0415

        from trienkhai.ledger import clock  # noqa: PLC0415
        from trienkhai.meetings.actions import call_roll  # noqa: PLC0415
        from trienkhai.meetings.models import Meeting, RosterEntry  # noqa: PLC0415
        from trienkhai.meetings.rules import Mark, Presence  # noqa: PLC0415
        from trienkhai.organisation.rules import SYSTEM  # noqa: PLC0415

        inserts, transactions = Inserts(), []
        with connection.execute_wrapper(inserts):
            for turn, pk in enumerate(meetings[number::clients]):
                if turn == WARM_UP:
                    inserts.rows, transactions = 0, []
                    start()
                meeting = Meeting.objects.get(pk=pk)
                places = RosterEntry.objects.current().filter(meeting=meeting).values_list("key", flat=True)
                marks = {key: Mark(Presence.PRESENT) for key in places}
                call_roll(meeting=meeting, marks=marks, actor=SYSTEM, at=clock.now())
                transactions.append(inserts.statements)
                inserts.statements = []
        kept[number] = transactions
        return inserts.rows

    return work


def postings(scope: Any, entry: Any, units: list[int], kept: Any) -> Work:
    """A client's work: posting ``POSTED`` deltas at once, again and again."""

    def work(number: int, start: Callable[[], object]) -> int:
        from django.db import connection  # noqa: PLC0415

        from trienkhai.figures.actions import post  # noqa: PLC0415

        inserts, transactions = Inserts(), []
        with connection.execute_wrapper(inserts):
            for turn in range(WARM_UP + POSTINGS):
                if turn == WARM_UP:
                    inserts.rows, transactions = 0, []
                    start()
                unit = units[(number * POSTINGS + turn) % len(units)]
                change = {("benchmark.many", unit, HELD_ON + timedelta(days=n)): 1 for n in range(POSTED)}
                post(scope=scope, change=change, entry=entry)
                transactions.append(inserts.statements)
                inserts.statements = []
        kept[number] = transactions
        return inserts.rows

    return work


def sent_again(kept: Any) -> Work:
    """A client's work: the inserts kept, one transaction each, into the copies of their tables."""
    mine = {
        number: [[(_copied(sql), params) for sql, params in statements] for statements in transactions]
        for number, transactions in kept.items()
    }

    def work(number: int, start: Callable[[], object]) -> int:
        from django.db import connection, transaction  # noqa: PLC0415

        def send(statements: list[Statement]) -> int:
            rows = 0
            with connection.cursor() as cursor:
                for sql, params in statements:
                    cursor.execute(sql, params)
                    rows += cursor.rowcount
            return rows

        for statements in mine[number][:WARM_UP]:
            with transaction.atomic():
                send(statements)
                transaction.set_rollback(True)
        start()
        rows = 0
        for statements in mine[number]:
            with transaction.atomic():
                rows += send(statements)
        return rows

    return work


def _copied(sql: str) -> str:
    for table in COPIED:
        sql = sql.replace(f'"{table}"', f'"benchmark_{table}"')
    return sql


def copies(verb: str) -> None:
    """Make or drop the copies of the tables."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        for table in COPIED:
            cursor.execute(f"DROP TABLE IF EXISTS benchmark_{table}")
            if verb == "make":
                cursor.execute(f"CREATE TABLE benchmark_{table} (LIKE {table} INCLUDING ALL)")


def planned(units: list[Any], rollout: Any) -> list[int]:
    """Meetings to come, with their rosters, one a unit."""
    from trienkhai.ledger import clock  # noqa: PLC0415
    from trienkhai.meetings.actions import MeetingFacts, plan_meeting  # noqa: PLC0415
    from trienkhai.organisation.rules import SYSTEM  # noqa: PLC0415

    facts = MeetingFacts(title="Hội nghị (đo)", held_on=HELD_ON)
    return [plan_meeting(rollout=rollout, host=unit, facts=facts, actor=SYSTEM, at=clock.now()).pk for unit in units]


def rolling_up() -> None:
    """The worker's part, without pause."""
    from trienkhai.figures.actions import roll_up  # noqa: PLC0415

    while True:
        if not roll_up():
            time.sleep(0.01)


def sixteen() -> None:
    """Sixteen clients under one root, on the database at hand."""
    from trienkhai.figures.actions import roll_up_all  # noqa: PLC0415
    from trienkhai.ledger.actions import record  # noqa: PLC0415
    from trienkhai.organisation.models import Unit  # noqa: PLC0415
    from trienkhai.rollouts.queries import newest_rollout  # noqa: PLC0415

    rollout = newest_rollout()
    assert rollout is not None
    cells = list(Unit.objects.filter(states__kind="cell").order_by("-pk")[: 3 * CLIENTS * (WARM_UP + ROLLS)])
    roll_up_all()
    before = attendances(rollout)
    count = CLIENTS * (WARM_UP + ROLLS)
    batches = [planned(cells[n * count : (n + 1) * count], rollout) for n in range(3)]
    with FORK.Manager() as manager:
        kept: Any = manager.dict()
        alone = together(rolls_of(batches[0][: WARM_UP + ROLLS], manager.dict(), clients=1), clients=1)
        measuring.row("roll calls of whole cells, 1 client", "", f"{alone:,.0f} rows/s", met=None)
        ours = together(rolls_of(batches[1], kept))
        copies("make")
        plain = together(sent_again(dict(kept)))
        told = f"{ours / plain:.0%} ({ours:,.0f} : {plain:,.0f} rows/s)"
        measuring.row("roll calls, 16 clients : their INSERTs alone", "≥ 60 %", told, met=ours / plain >= 0.6)
        measuring.row("roll calls, 16 clients : 1 client", "", f"{ours / alone:.2f} ×", met=None)
        entry, units = record(actor=None, action="benchmarks.post"), [cell.pk for cell in cells]
        kept = manager.dict()
        posted = together(postings(rollout.scope, entry, units, kept))
        plain = together(sent_again(dict(kept)))
        told = f"{posted / plain:.0%} ({posted:,.0f} : {plain:,.0f} rows/s)"
        measuring.row("postings of 25 deltas, 16 clients : INSERTs alone", "≥ 60 %", told, met=posted / plain >= 0.6)
        meanwhile = together(rolls_of(batches[2], manager.dict()), beside=rolling_up)
        told = f"{meanwhile / ours:.0%} ({meanwhile:,.0f} rows/s)"
        measuring.row("roll calls while rolling up : without", "", told, met=None)
    copies("drop")
    check(rollout, [*batches[0][: WARM_UP + ROLLS], *batches[1], *batches[2]], before)


def attendances(rollout: Any) -> int:
    from trienkhai.figures.queries import totals  # noqa: PLC0415
    from trienkhai.rollouts.rules import ATTENDANCES  # noqa: PLC0415

    found = totals(scope=rollout.scope, codes=[ATTENDANCES], unit=rollout.lead_id, as_of=date(2026, 12, 31))
    return found[ATTENDANCES]


def check(rollout: Any, meetings: list[int], before: int) -> None:
    """Nothing lost, nothing twice: facts and figures, before and after rolling up."""
    from trienkhai.figures.actions import roll_up_all  # noqa: PLC0415
    from trienkhai.meetings.models import Attendance, Meeting, RosterEntry  # noqa: PLC0415

    called = Meeting.objects.filter(pk__in=meetings, state="held").values("pk")
    listed = RosterEntry.objects.current().filter(meeting__in=called).count()
    there = Attendance.objects.current().filter(entry__meeting__in=called, presence="present").count()
    pending = attendances(rollout) - before
    taken = roll_up_all()
    rolled = attendances(rollout) - before
    assert listed == there == pending == rolled, (listed, there, pending, rolled)
    print(f"  nothing lost or doubled: {there:,} on rosters, marked, and in the root's figure before and after rolling "
          f"up {taken:,} deltas")  # fmt: skip


# --- command --------------------------------------------------------------------------------------------------------


def prepare(scale: str, url: str) -> None:
    """Fill a database in a process of its own."""
    script = [sys.executable, filling.__file__, "--scale", scale, "--unproved"]
    subprocess.run(script, check=True, env={**os.environ, measuring.GIVEN: url})  # noqa: S603 - ours


@contextlib.contextmanager
def databases(options: argparse.Namespace) -> Iterator[dict[str, str]]:
    """The URL of each scale's database: as given, else in a server of our own."""
    scales = ("city",) if options.quick else ("city", "province")
    given = {scale: getattr(options, scale) for scale in scales if getattr(options, scale)}
    if given:
        yield given
        return
    import psycopg  # noqa: PLC0415

    with measuring.postgresql() as url:
        with psycopg.connect(url, autocommit=True) as connection:
            for scale in scales:
                connection.execute(f"CREATE DATABASE {scale}")  # type: ignore[arg-type]
        yield {scale: f"{url.rpartition('/')[0]}/{scale}" for scale in scales}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--city", help="URL of a city's database, filled or empty")
    parser.add_argument("--province", help="URL of a province's database, filled or empty")
    parser.add_argument("--quick", action="store_true", help="the city alone")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        measuring.use(os.environ[measuring.GIVEN])
        print(json.dumps(cost_of_one(options.seconds)))
        return
    with databases(options) as urls:
        for scale, url in urls.items():
            prepare(scale, url)
        largest = list(urls)[-1]
        measuring.use(urls[largest])
        measuring.heading(f"An arriving fact\n{measuring.machine()}")
        compare(urls, options.seconds)
        print(f"  sixteen clients under the root of the {largest}:")
        sixteen()
        measuring.finish()


if __name__ == "__main__":
    main()
