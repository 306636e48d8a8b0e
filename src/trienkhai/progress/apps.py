from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from trienkhai.core import pages


class ProgressConfig(AppConfig):
    """Registers the app, its place in the navigation and its words."""

    name = "trienkhai.progress"
    label = "progress"

    def ready(self) -> None:
        """Register with the page kit."""
        from trienkhai.progress.texts import ERRORS, REASONS, UNFOUND  # noqa: PLC0415 - once the apps are ready

        pages.register_navigation("reports", _("Reports"), "progress:reports", order=50)
        pages.register_texts({**ERRORS, **REASONS, **UNFOUND})
