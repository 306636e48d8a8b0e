from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _recreate_triggers(**kwargs: Any) -> None:
    """Make the triggers again: SQLite drops them whenever it rebuilds a table."""
    if kwargs.get("using", "default") == "default":
        from trienkhai.ledger import triggers  # noqa: PLC0415 - after the apps are ready

        triggers.create_all()


class LedgerConfig(AppConfig):
    """Registers the app and keeps its triggers in place."""

    name = "trienkhai.ledger"
    label = "ledger"

    def ready(self) -> None:
        """Hook the triggers to migrations (Django's own signal; the project has none of its own)."""
        post_migrate.connect(_recreate_triggers, sender=self)
