from django.apps import AppConfig


class ProgressConfig(AppConfig):
    """Registers the app."""

    name = "trienkhai.progress"
    label = "progress"
