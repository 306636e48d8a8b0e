"""Set up the database, or bring it to this version. Safe to run again."""

import argparse

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from trienkhai.config.faults import CannotRun


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""
    del parser


def bring_up_to_date() -> int:
    """Run the migrations that are missing; how many there were.

    Raises:
        CannotRun: a newer version of the program has been at this database.
    """
    executor = MigrationExecutor(connection)
    ours = {app for app, _ in executor.loader.disk_migrations}
    newer = [
        key for key in executor.loader.applied_migrations if key[0] in ours and key not in executor.loader.graph.nodes
    ]
    replaced = {old for migration in executor.loader.replacements.values() for old in migration.replaces}
    if set(newer) - replaced:
        msg = "This database was set up by a newer version of trienkhai. Install that version."
        raise CannotRun(msg)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        call_command("migrate", interactive=False, verbosity=0)
    return len(plan)


def run(args: argparse.Namespace) -> int:
    """Migrate, and say what was done."""
    del args
    done = bring_up_to_date()
    print(f"{done} migrations run." if done else "Nothing to do.")
    return 0
