"""Write everything into one archive, while the pages are served. Secrets stay out of it."""

import argparse
import contextlib
import os
import shutil
import sqlite3
import subprocess
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import connection

from trienkhai import __version__
from trienkhai.config import archive
from trienkhai.config.faults import CannotRun

O_BINARY: int = getattr(os, "O_BINARY", 0)  # Windows alone tells text from bytes


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("path", type=Path, help="the archive to write, for example trienkhai-2026-11-23.tar")


def run(args: argparse.Namespace) -> int:
    """Copy the database, then write the archive beside its place and move it there when it is whole."""
    path: Path = args.path.resolve()
    if path.exists():
        msg = f"{path} exists already; a backup overwrites nothing."
        raise CannotRun(msg)
    if not path.parent.is_dir():
        msg = f"There is no folder {path.parent}."
        raise CannotRun(msg)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".trienkhai-backup-") as folder:
        copy = Path(folder, "database")
        copy_sqlite(copy) if connection.vendor == "sqlite" else dump_postgresql(copy)
        whole = Path(folder, "archive")
        with os.fdopen(os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL | O_BINARY, 0o600), "wb") as target:
            manifest = archive.write(
                target, version=__version__, vendor=connection.vendor, database=copy, root=Path(settings.DATA.root)
            )
            target.flush()
            os.fsync(target.fileno())
        whole.replace(path)
    print(f"{path}: the database and {len(manifest.digests) - 1} files, {path.stat().st_size / 1e6:.1f} MB.")
    return 0


def copy_sqlite(target: Path) -> None:
    """A consistent copy by SQLite's own means; others go on reading and writing."""
    name = settings.DATABASES["default"]["NAME"]
    if not Path(name).exists():
        msg = f"There is no database at {name}."
        raise CannotRun(msg)
    with contextlib.closing(sqlite3.connect(name)) as source, contextlib.closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        found = copy.execute("PRAGMA integrity_check").fetchone()[0]
        copy.execute("PRAGMA journal_mode=DELETE")
    if found != "ok":
        msg = f"The database is damaged, so no backup was made: {found}"
        raise CannotRun(msg)


def dump_postgresql(target: Path) -> None:
    """A consistent dump by PostgreSQL's own program."""
    postgresql_program("pg_dump", "--format=custom", "--no-owner", "--file", str(target))


def postgresql_program(name: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on our database; the password goes by environment, where nobody lists it.

    Raises:
        CannotRun: it is not installed, or it failed.
    """
    program = shutil.which(name)
    if program is None:
        msg = f"{name} is needed and is not installed (PostgreSQL's client programs)."
        raise CannotRun(msg)
    database = settings.DATABASES["default"]
    surroundings = {
        "PGHOST": str(database["HOST"]),
        "PGPORT": str(database["PORT"]),
        "PGUSER": str(database["USER"]),
        "PGPASSWORD": str(database["PASSWORD"]),
        "PGDATABASE": str(database["NAME"]),
    }
    done = subprocess.run(  # noqa: S603 - a program of the system's, arguments of our own
        [program, *arguments],
        env=os.environ | {key: value for key, value in surroundings.items() if value},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        msg = f"{name} failed: {done.stderr.strip()}"
        raise CannotRun(msg)
