from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """Registers the app."""

    name = "trienkhai.imports"
    label = "imports"
