"""Look for damage: database, record, files, figures, rule files. Exit status 1 when something is wrong."""

import argparse
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from trienkhai.comments.queries.numbers import check_numbers, own_file
from trienkhai.documents import ProfileError, load_profile
from trienkhai.progress.queries.process import check_rule_file
from trienkhai.progress.queries.process import own_file as own_process_file


class FaultLike(Protocol):
    """What a check returns of each fault."""

    @property
    def code(self) -> str:
        """Stable."""

    @property
    def at(self) -> str:
        """Where."""


@dataclass(frozen=True)
class Fault:
    """A fault of the database itself."""

    code: str
    at: str


# What is looked at: a name for people, the module and the function without arguments that returns the faults.
CHECKS = (
    ("database", "trienkhai.config.commands.check", "check_database"),
    ("record", "trienkhai.ledger.queries", "check_ledger"),
    ("files", "trienkhai.files.queries", "check_files"),
    ("sealed boxes", "trienkhai.sealed.queries", "check_keys"),
    ("figures", "trienkhai.progress.queries.recount", "check_figures"),
    ("figures of calls", "trienkhai.comments.queries.recount", "check_figures"),
    ("rules", "trienkhai.config.commands.check", "check_rules"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""
    del parser


def check_database() -> list[Fault]:
    """Missing migrations; on SQLite damaged pages and references into nothing."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    faults = [Fault("not_migrated", str(migration)) for migration, _ in plan]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            faults += [Fault("damaged", row[0]) for row in cursor.fetchall() if row[0] != "ok"]
            cursor.execute("PRAGMA foreign_key_check")
            faults += [
                Fault("reference_into_nothing", f"{row[0]} row {row[1]} to {row[2]}") for row in cursor.fetchall()
            ]
    return faults


def check_rules() -> list[Fault]:
    """Files in the rules folder that say something without meaning, or that nothing reads."""
    faults = []
    for path in sorted(Path(settings.TRIENKHAI_RULES).glob("*.toml")):
        if path in {own_file(), own_process_file()}:  # of other kinds, looked at below
            continue
        try:
            load_profile(path.stem, path)
        except ProfileError as error:
            faults.append(Fault(str(error.code), f"{path.name}: {error.params}"))
    faults += [Fault(fault.code, fault.at) for fault in check_numbers()]
    return [*faults, *(Fault(fault.code, fault.at) for fault in check_rule_file())]


def all_checks() -> Iterable[tuple[str, Callable[[], Iterable[FaultLike]]]]:
    """Each check whose app offers one."""
    for name, module, function in CHECKS:
        check = getattr(import_module(module), function, None) if find_spec(module) else None
        if check is not None:
            yield name, check


def run(args: argparse.Namespace) -> int:
    """Run every check and print what is wrong."""
    del args
    wrong = 0
    for name, check in all_checks():
        faults = list(check())
        wrong += len(faults)
        print(f"{name}: {'whole' if not faults else f'{len(faults)} faults'}")
        for fault in faults:
            print(f"  {fault.code}: {fault.at}")
    return 1 if wrong else 0
