"""Do the background work of one installation. `trienkhai serve` runs one of these; run no second one."""

import argparse
import os
import signal
import sys
import threading

from django.core.management import call_command
from django.tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

INTERVAL_SECONDS = 2
GRACE_SECONDS = 10


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


def run(args: argparse.Namespace) -> int:
    """Work until told to stop."""
    if args.until_input_closes:
        end_with_input()
    take_up_what_was_left()
    call_command(
        "db_worker", interval=INTERVAL_SECONDS, batch=args.batch, reload=False, startup_delay=False, verbosity=0
    )
    return 0
