"""Load the sample case of Hoà Lạc ward, print its figures and serve it. Run again, it keeps what was entered."""

import argparse
import shutil
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

from trienkhai.config.commands import migrate, serve
from trienkhai.config.faults import CannotRun

LOADED = "demo-loaded"
KEPT = {"secrets", "static"}
LOADER = "trienkhai.simulation.hoalac"
AS_OF = "2012-10-31"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("--reset", action="store_true", help="start over: what was entered is lost")
    parser.add_argument("--no-serve", action="store_true", help="load and print, then end")
    serve.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Load the case unless it is loaded, print its figures, serve."""
    data = Path(settings.DATABASES["default"]["NAME"]).parent
    if connection.vendor != "sqlite":
        msg = "The demo keeps its data in a folder of its own: unset TRIENKHAI_DATABASE."
        raise CannotRun(msg)
    serve.check_port(args.host, args.port)
    if args.reset or not (data / LOADED).exists():
        empty(data)
    migrate.bring_up_to_date()
    case = import_module(LOADER)
    if not (data / LOADED).exists():
        print("Loading the Hoà Lạc case …", flush=True)
        case.load()
        (data / LOADED).write_text("")
    if status := print_figures():
        return status
    print("\nSign in as:")
    for username, password, who in case.SIGN_INS:
        print(f"  {username:<16}{password:<20}{who}")
    print(flush=True)
    connections.close_all()
    return 0 if args.no_serve else serve.run(args)


def empty(data: Path) -> None:
    """Remove a demo's data, whole or half loaded.

    Raises:
        CannotRun: the folder holds data that are not a demo's.
    """
    connections.close_all()
    present = {path.name for path in data.iterdir()} - KEPT
    if (
        (data / "trienkhai.sqlite3").exists()
        and not (data / LOADED).exists()
        and not (data / f"{LOADED}.begun").exists()
    ):
        msg = f"{data} holds an installation that is not the demo. Name another folder: --data DIR"
        raise CannotRun(msg)
    for name in present:
        path = data / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    (data / f"{LOADED}.begun").write_text("")


def print_figures() -> int:
    """Print the roll-out's figures as of the report's day, as ``trienkhai progress`` does; its exit status."""
    progress = import_module("trienkhai.config.commands.progress")
    parser = argparse.ArgumentParser()
    progress.add_arguments(parser)
    status: int = progress.run(parser.parse_args(["--as-of", AS_OF]))
    return status
