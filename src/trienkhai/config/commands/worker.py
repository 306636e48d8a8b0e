"""Do the background work of one installation. `trienkhai serve` runs one of these; run no second one."""

import argparse
import contextlib
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator

from django.core.management import call_command
from django.db import DatabaseError, close_old_connections, connections
from django.tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from trienkhai.figures.jobs import keep_rolled_up
from trienkhai.files.jobs import keep_clean
from trienkhai.ledger.jobs import keep_sealed
from trienkhai.sealed.jobs import keep_keys_destroyed

logger = logging.getLogger(__name__)

INTERVAL_SECONDS = 2
GRACE_SECONDS = 10
SEAL_EVERY_SECONDS = 15 * 60
KEYS_EVERY_SECONDS = 60
CLEAN_EVERY_SECONDS = 24 * 60 * 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("--until-input-closes", action="store_true", help="end when standard input closes (for serve)")
    parser.add_argument("--batch", action="store_true", help="do what is waiting, then end")


def take_up_what_was_left() -> int:
    """Put back what a killed worker had begun: there is one worker, so nobody else is at it. Jobs may run twice."""
    return DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING).update(
        status=TaskResultStatus.READY, started_at=None
    )


def end_with_input() -> None:
    """End this process, gracefully at first, when standard input closes: whoever started it is gone."""

    def watch() -> None:
        sys.stdin.read()
        signal.raise_signal(signal.SIGINT)
        threading.Event().wait(GRACE_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def keep_house(stopping: threading.Event) -> None:
    """Roll figures up as they come; chain the ledger, destroy call keys, clear unused files now and then.

    Until told to stop. A database that does not answer is tried again later: figures stay right meanwhile, only slower.
    """
    sealed_at = -float(SEAL_EVERY_SECONDS)
    keys_at = -float(KEYS_EVERY_SECONDS)
    cleaned_at = time.monotonic()
    while not stopping.is_set():
        try:
            close_old_connections()
            keep_rolled_up()
            if time.monotonic() - sealed_at >= SEAL_EVERY_SECONDS:
                keep_sealed()
                sealed_at = time.monotonic()
            if time.monotonic() - keys_at >= KEYS_EVERY_SECONDS:
                keep_keys_destroyed()
                keys_at = time.monotonic()
            if time.monotonic() - cleaned_at >= CLEAN_EVERY_SECONDS:
                keep_clean()
                cleaned_at = time.monotonic()
        except DatabaseError:
            logger.warning("The database did not answer; trying again.", exc_info=True)
        stopping.wait(INTERVAL_SECONDS)
    connections.close_all()


@contextlib.contextmanager
def housekeeping() -> Iterator[None]:
    """Keep house in a thread meanwhile."""
    stopping = threading.Event()
    thread = threading.Thread(target=keep_house, args=[stopping], name="housekeeping", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(GRACE_SECONDS)


def run(args: argparse.Namespace) -> int:
    """Work until told to stop."""
    if args.until_input_closes:
        end_with_input()
    take_up_what_was_left()
    if args.batch:
        keep_rolled_up()
        keep_sealed()
        keep_keys_destroyed()
        keep_clean()
    with contextlib.nullcontext() if args.batch else housekeeping():
        call_command(
            "db_worker", interval=INTERVAL_SECONDS, batch=args.batch, reload=False, startup_delay=False, verbosity=0
        )
    return 0
