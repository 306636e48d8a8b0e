from django.apps import AppConfig

from trienkhai.core import pages


class CommentsConfig(AppConfig):
    """Registers the app and its words."""

    name = "trienkhai.comments"
    label = "comments"

    def ready(self) -> None:
        """Register with the page kit."""
        from trienkhai.comments.texts import DESK_ERRORS, ERRORS  # noqa: PLC0415 - once translations can be looked up

        pages.register_texts(ERRORS)
        pages.register_texts(DESK_ERRORS)
