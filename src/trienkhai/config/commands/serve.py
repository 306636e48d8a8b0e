"""Serve the pages and do the background work. Ctrl-C ends both."""

import argparse
import contextlib
import errno
import hashlib
import multiprocessing
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection, connections
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from trienkhai import __version__
from trienkhai.config.commands.migrate import bring_up_to_date
from trienkhai.config.faults import CannotRun
from trienkhai.sealed.actions import destroy_leftovers
from trienkhai.web.queries import is_set_up

HOST, PORT = "127.0.0.1", 8000
SQLITE_WORKERS, POSTGRESQL_WORKERS, MOST_THREADS = 1, 4, 8
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS, STEADY_SECONDS, GRACE_SECONDS = 1.0, 60.0, 60.0, 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("--host", default=HOST, help=f"the address to listen on ({HOST})")
    parser.add_argument("--port", default=PORT, type=int, help=f"the port to listen on ({PORT})")
    parser.add_argument("--workers", type=int, help="serving processes (1 on SQLite, up to 4 on PostgreSQL)")
    parser.add_argument("--no-worker", action="store_true", help="leave the background work to another process")


def run(args: argparse.Namespace) -> int:
    """Bring the data folder to this version, then serve until told to stop."""
    check_port(args.host, args.port)
    bring_up_to_date()
    destroy_leftovers()
    collect_static()
    first_start = not is_set_up()
    connections.close_all()
    print(f"Triển khai {__version__} on {address(args.host, args.port)} (Ctrl-C ends it)", flush=True)
    if first_start:
        print(f"Nothing is in it yet. A browser on another machine asks for the start code: {start_code()}", flush=True)
    with contextlib.nullcontext() if args.no_worker else background_worker():
        serve_pages(args.host, args.port, args.workers or default_workers())
    return 0


def start_code() -> str:
    """What proves that someone who sets the installation up from elsewhere can see this window."""
    return str(settings.TRIENKHAI_START_CODE)


def address(host: str, port: int) -> str:
    """Where a browser on this machine finds the pages."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "::1": "[::1]"}.get(host, host)  # noqa: S104 - compared, not bound
    return f"http://{shown}:{port}/"


def check_port(host: str, port: int) -> None:
    """Whether the port can be had.

    Raises:
        CannotRun: it cannot, and why.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as fault:
            raise CannotRun(why_not_bound(host, port, fault)) from fault


def why_not_bound(host: str, port: int, fault: OSError | OverflowError) -> str:
    """Why an address cannot be listened on."""
    code = fault.errno if isinstance(fault, OSError) else None
    if code == errno.EADDRINUSE:
        other = f"--port {port + 1} (make demo PORT={port + 1})"
        return f"Port {port} is taken. Is Triển khai running already? Else choose another: {other}"
    if code in {errno.EACCES, errno.EPERM}:
        return f"Port {port} needs more rights than you have. Choose one above 1023: --port 8000"
    return f"Cannot listen on {host} port {port}: {fault}"


def default_workers() -> int:
    """Serving processes: SQLite has one writer at a time anyway."""
    return SQLITE_WORKERS if connection.vendor == "sqlite" else min(POSTGRESQL_WORKERS, os.cpu_count() or 1)


def threads() -> int:
    """Threads of each serving process: they wait for the database rather than compute."""
    return min(MOST_THREADS, 2 * (os.cpu_count() or 1))


def collect_static() -> None:
    """Collect static files into the data folder when they differ from those collected last."""
    root = Path(settings.STATIC_ROOT)
    stamp = root / ".collected"
    now = fingerprint_of_static()
    if stamp.exists() and stamp.read_text() == now:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(now)


def fingerprint_of_static() -> str:
    """Changes when a static file of any app does."""
    total = hashlib.sha256(__version__.encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            about = Path(storage.path(name)).stat()
            total.update(f"{name}|{about.st_size}|{about.st_mtime_ns}\n".encode())
    return total.hexdigest()


def serve_pages(host: str, port: int, workers: int) -> None:
    """Serve until told to stop."""
    multiprocessing.set_start_method("spawn", force=True)  # the same everywhere; a fork would inherit our pipes
    Server(
        "trienkhai.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads(),
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE_SECONDS,
    ).serve()


@contextlib.contextmanager
def background_worker() -> Iterator[None]:
    """Keep exactly one worker alive meanwhile; it ends with us, however we end."""
    supervisor = Supervisor([sys.executable, "-m", "trienkhai.config.cli", "worker", "--until-input-closes"])
    thread = threading.Thread(target=supervisor.keep_alive, name="supervisor", daemon=True)
    thread.start()
    try:
        yield
    finally:
        supervisor.stop()
        thread.join(GRACE_SECONDS + 1)


class Supervisor:
    """Starts a process, and starts it again, later and later, whenever it dies."""

    def __init__(self, command: list[str]) -> None:
        self.command = command
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None

    def keep_alive(self) -> None:
        """Run until :meth:`stop`."""
        wait = FIRST_WAIT_SECONDS
        while not self.stopping.is_set():
            began = time.monotonic()
            status = self.run_once()
            if self.stopping.is_set():
                return
            wait = next_wait(wait, lived=time.monotonic() - began)
            print(f"The background worker ended ({status}); again in {wait:.0f} s.", file=sys.stderr, flush=True)
            self.stopping.wait(wait)

    def run_once(self) -> int:
        """Run the process to its end; its exit status."""
        with self.lock:
            if self.stopping.is_set():
                return 0
            # Out of reach of the terminal's Ctrl-C, which would end it before us: it ends when its input closes.
            self.process = subprocess.Popen(  # noqa: S603 - our own command
                self.command,
                stdin=subprocess.PIPE,
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        with self.process as process:
            return process.wait()

    def stop(self) -> None:
        """End the process: its input closes, which it takes as a request; when it does not listen, by force."""
        with self.lock:
            self.stopping.set()
            process = self.process
        if process is None:
            return
        if process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.close()
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


def next_wait(last: float, *, lived: float) -> float:
    """How long to wait before the next start: doubling while starts fail, short again after a steady life."""
    return FIRST_WAIT_SECONDS if lived >= STEADY_SECONDS else min(last * 2, LONGEST_WAIT_SECONDS)
