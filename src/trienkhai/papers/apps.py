from django.apps import AppConfig


class PapersConfig(AppConfig):
    """Registers the app."""

    name = "trienkhai.papers"
    label = "papers"
