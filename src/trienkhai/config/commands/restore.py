"""Set up an empty data folder (and an empty PostgreSQL database, if one is named) from an archive, and check it."""

import argparse
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

from trienkhai.config import archive
from trienkhai.config.commands import check, migrate
from trienkhai.config.commands.backup import postgresql_program
from trienkhai.config.faults import CannotRun

MADE_AT_START = {"secrets", "static"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("path", type=Path, help="the archive that `trienkhai backup` wrote")


def run(args: argparse.Namespace) -> int:
    """Unpack beside, check, move into place, bring to this version, check again."""
    root = Path(settings.DATA.root)
    refuse_what_is_not_empty(root)
    if not args.path.is_file():
        msg = f"There is no archive at {args.path}."
        raise CannotRun(msg)
    with tempfile.TemporaryDirectory(dir=root, prefix=".restoring-") as folder:
        manifest = archive.unpack(args.path, Path(folder))
        if manifest.vendor != connection.vendor:
            msg = f"This is a backup of {manifest.vendor}; it cannot be restored into {connection.vendor}."
            raise CannotRun(msg)
        put_in_place(Path(folder), root, manifest.vendor)
    connections.close_all()
    migrate.bring_up_to_date()
    print(f"Restored a backup of version {manifest.version}. Everyone signs in anew.")
    return check.run(args)


def refuse_what_is_not_empty(root: Path) -> None:
    """Whether there is something a restore would destroy.

    Raises:
        CannotRun: there is.
    """
    present = sorted({path.name for path in root.iterdir()} - MADE_AT_START)
    if present:
        msg = f"{root} is not empty ({present[0]}). A backup is restored into an empty folder only."
        raise CannotRun(msg)
    if connection.vendor != "sqlite" and connection.introspection.table_names():
        msg = "The database is not empty. A backup is restored into an empty one only."
        raise CannotRun(msg)


def put_in_place(folder: Path, root: Path, vendor: str) -> None:
    """Files first, the database last: a restore cut short leaves no installation that looks whole."""
    for name in archive.FOLDERS:
        if (folder / name).exists():
            (folder / name).replace(root / name)
    database = folder / archive.DATABASES[vendor]
    if vendor == "sqlite":
        connections.close_all()
        database.replace(settings.DATABASES["default"]["NAME"])
    else:
        restore_dump(database)


def restore_dump(dump: Path) -> None:
    """Restore in one transaction: all of it or nothing."""
    name = settings.DATABASES["default"]["NAME"]
    postgresql_program("pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", "-d", name, str(dump))
