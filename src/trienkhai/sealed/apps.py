from django.apps import AppConfig

from trienkhai.core import pages


class SealedConfig(AppConfig):
    """Registers the app and its words."""

    name = "trienkhai.sealed"
    label = "sealed"

    def ready(self) -> None:
        """Register with the page kit."""
        from trienkhai.sealed.texts import ERRORS  # noqa: PLC0415 - once translations can be looked up

        pages.register_texts(ERRORS)
