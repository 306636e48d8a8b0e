from django.apps import AppConfig

from trienkhai.core import pages


class ImportsConfig(AppConfig):
    """Registers the app and its words."""

    name = "trienkhai.imports"
    label = "imports"

    def ready(self) -> None:
        """Register with the page kit."""
        from trienkhai.imports.texts import FILES  # noqa: PLC0415 - once the apps are ready

        pages.register_texts(FILES)
