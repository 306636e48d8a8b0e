from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Registers the app."""

    name = "trienkhai.core"
    label = "core"
