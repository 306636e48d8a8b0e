from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from trienkhai.core import pages


class RolloutsConfig(AppConfig):
    """Registers the app, its place in the navigation and its words."""

    name = "trienkhai.rollouts"
    label = "rollouts"

    def ready(self) -> None:
        """Register with the page kit."""
        from trienkhai.rollouts.texts import ERRORS  # noqa: PLC0415 - once translations can be looked up

        pages.register_navigation("rollouts", _("Roll-outs"), "rollouts:index", order=20)
        pages.register_texts(ERRORS)
