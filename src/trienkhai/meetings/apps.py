from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """Registers the app."""

    name = "trienkhai.meetings"
    label = "meetings"
