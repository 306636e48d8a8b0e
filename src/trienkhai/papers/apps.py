from django.apps import AppConfig

from trienkhai.core import pages


class PapersConfig(AppConfig):
    """Registers the app and its words."""

    name = "trienkhai.papers"
    label = "papers"

    def ready(self) -> None:
        """Register with the page kit."""
        from trienkhai.papers.texts import ERRORS  # noqa: PLC0415 - once translations can be looked up

        pages.register_texts(ERRORS)
