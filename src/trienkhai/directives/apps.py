from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


def _make_indexes(**kwargs: Any) -> None:
    """Make the full-text index again: SQLite loses its triggers whenever it rebuilds a table."""
    if kwargs.get("using", "default") == "default":
        from trienkhai.directives import indexes  # noqa: PLC0415 - after the apps are ready

        indexes.create_all()


class DirectivesConfig(AppConfig):
    """Registers the app, its place in the navigation, its texts and its full-text index."""

    name = "trienkhai.directives"
    label = "directives"

    def ready(self) -> None:
        """Hook the index to migrations (Django's own signal; the project has none of its own)."""
        from trienkhai.core import pages  # noqa: PLC0415 - after the apps are ready
        from trienkhai.directives.texts import TEXTS  # noqa: PLC0415

        post_migrate.connect(_make_indexes, sender=self)
        pages.register_texts(TEXTS)
        pages.register_navigation("directives", _("Directives"), "directives:index", order=30)
