"""What every benchmark needs: Django on a database, a clock, a table of targets and results, facts of the machine."""

import atexit
import contextlib
import gc
import os
import platform
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GIVEN = "TRIENKHAI_DATABASE"
WARM_UP = 3


def use(url: str, *, folder: str | None = None) -> None:
    """Set Django up on the database (empty: an SQLite file in a folder gone afterwards) and bring it up to date."""
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    os.environ["TRIENKHAI_DATA"] = folder or _throw_away()
    os.environ[GIVEN] = url
    os.environ["DJANGO_SETTINGS_MODULE"] = "trienkhai.config.settings"
    import django  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    warnings.filterwarnings("ignore", "No directory at")  # static files are not served here
    django.setup()
    call_command("compilemessages", verbosity=0, ignore_patterns=[".venv"], locale=["vi"])
    call_command("migrate", verbosity=0, skip_checks=True)


def _throw_away() -> str:
    folder = tempfile.TemporaryDirectory(prefix="trienkhai-benchmark-")
    atexit.register(folder.cleanup)
    return folder.name


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """The URL of the database given by ``TRIENKHAI_DATABASE``, else of a server of our own, gone afterwards."""
    if given := os.environ.get(GIVEN):
        yield given
        return
    sys.path.insert(0, str(ROOT))
    from tests.postgresql_server import server  # noqa: PLC0415

    print("PostgreSQL: a server of our own, with fsync off and 128 MB of shared buffers")
    with server() as url:
        yield url


def timed(work: Callable[[], object]) -> float:
    """Milliseconds ``work`` took."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


class Times(list[float]):
    """Milliseconds of each of several works; ``own``: the processor time of one, ours and the database's, on average.

    The clock on the wall says what a busy machine makes of it; processor time says what the work is.
    """

    own: float = float("nan")


def samples(works: Sequence[Callable[[], object]], *, seconds: float, warm_up: int = WARM_UP) -> Times:
    """Milliseconds of each of ``works``, one after the other, until they or the time run out."""
    for work in works[:warm_up]:
        work()
    gc.collect()
    until, found, before = time.perf_counter() + seconds, Times(), processor_seconds()
    for work in works:
        found.append(timed(work))
        if time.perf_counter() > until:
            break
    found.own = (processor_seconds() - before) * 1000 / len(found)
    return found


def processor_seconds() -> float:
    """Processor time this process has used, and its PostgreSQL backend where that can be read (Linux, same host)."""
    from django.db import connection  # noqa: PLC0415

    own = time.process_time()
    if connection.vendor != "postgresql":
        return own
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not backend.exists() or "postgres" not in (fields := backend.read_text()):
        return own
    user, system = fields.rpartition(")")[2].split()[11:13]
    return own + (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def percentile(values: Sequence[float], part: float) -> float:
    """The value below which ``part`` of them lie (the nearest one)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def spread(values: Sequence[float], unit: str = "ms") -> str:
    """Median, 95th percentile, processor time, and how many there were."""
    own = f"; processor {values.own:.1f}" if isinstance(values, Times) else ""
    return f"median {percentile(values, 0.5):.1f}, p95 {percentile(values, 0.95):.1f}{own} {unit} (n {len(values)})"


def row(what: str, target: str, measured: str, *, met: bool | None) -> None:
    """Print one line of the table."""
    verdict = {True: "met", False: "MISSED", None: ""}[met]
    print(f"  {what:<54} {target:<12} {measured:<58} {verdict}", flush=True)


def heading(what: str) -> None:
    """Print what a table is about."""
    print(f"\n{what}\n  {'':<54} {'target':<12} measured", flush=True)


def machine() -> str:
    """The machine and the versions, on one line; how busy it was, since that is what the numbers depend on."""
    from django import get_version  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    parts = [f"{os.cpu_count()} cores", f"Python {platform.python_version()}", f"Django {get_version()}"]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SHOW server_version")
            version = cursor.fetchone()[0].split()[0]
            cursor.execute(
                "SELECT string_agg(name || ' ' || current_setting(name), ', ') FROM pg_settings "
                "WHERE name IN ('fsync', 'shared_buffers', 'synchronous_commit')"
            )
            parts.append(f"PostgreSQL {version} ({cursor.fetchone()[0]})")
        else:
            cursor.execute("SELECT sqlite_version()")
            parts.append(f"SQLite {cursor.fetchone()[0]}")
    if hasattr(os, "getloadavg"):
        parts.append(f"load {os.getloadavg()[0]:.1f}")
    begun, own = time.perf_counter(), time.process_time()
    sum(number * number for number in range(2_000_000))
    parts.append(f"two million squares {time.perf_counter() - begun:.2f} s, own {time.process_time() - own:.2f} s")
    return " · ".join(parts)


def finish() -> None:
    """Let go of the database before its server goes."""
    from django.db import connections  # noqa: PLC0415

    connections.close_all()
