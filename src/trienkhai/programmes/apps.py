from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammesConfig(AppConfig):
    """Registers the app, its place in the navigation and its words."""

    name = "trienkhai.programmes"
    label = "programmes"

    def ready(self) -> None:
        """Register with the page kit."""
        from trienkhai.core import pages  # noqa: PLC0415 - after the apps are ready
        from trienkhai.programmes.texts import TEXTS  # noqa: PLC0415

        pages.register_texts(TEXTS)
        pages.register_navigation("programmes", _("Programmes"), "programmes:index", order=35)
