from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from trienkhai.core import pages


class CommentsConfig(AppConfig):
    """Registers the app and its words."""

    name = "trienkhai.comments"
    label = "comments"

    def ready(self) -> None:
        """Register with the page kit."""
        from trienkhai.comments.actions.counting import adopting  # noqa: PLC0415 - models have to be there
        from trienkhai.comments.texts import DESK_ERRORS, ERRORS  # noqa: PLC0415 - once translations can be looked up
        from trienkhai.comments.views.panels import register  # noqa: PLC0415
        from trienkhai.plans.actions import register_watch  # noqa: PLC0415

        pages.register_texts(ERRORS)
        pages.register_navigation("comments", _("Comments"), "comments:index", order=35)
        pages.register_texts(DESK_ERRORS)
        register()
        register_watch("comments", adopting)
