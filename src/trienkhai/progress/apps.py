from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from trienkhai.core import pages
from trienkhai.ledger import triggers


class ProgressConfig(AppConfig):
    """Registers the app, its place in the navigation, its words and what its database refuses to change."""

    name = "trienkhai.progress"
    label = "progress"

    def ready(self) -> None:
        """Register with the page kit and the ledger's triggers."""
        from trienkhai.progress.texts import ERRORS, REASONS, UNFOUND  # noqa: PLC0415 - once the apps are ready
        from trienkhai.progress.triggers import GUARDS  # noqa: PLC0415

        triggers.guard(*GUARDS)

        pages.register_navigation("reports", _("Reports"), "progress:reports", order=50)
        pages.register_texts({**ERRORS, **REASONS, **UNFOUND})
