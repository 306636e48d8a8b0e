from django.apps import AppConfig

from trienkhai.core import pages


class MeetingsConfig(AppConfig):
    """Registers the app and its words."""

    name = "trienkhai.meetings"
    label = "meetings"

    def ready(self) -> None:
        """Register with the page kit."""
        from trienkhai.meetings.texts import ERRORS  # noqa: PLC0415 - once translations can be looked up
        from trienkhai.meetings.views.programmes import panel  # noqa: PLC0415

        pages.register_panel("programmes.one", "meetings", panel, order=20)
        pages.register_texts(ERRORS)
