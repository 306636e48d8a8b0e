from django.apps import AppConfig


class FiguresConfig(AppConfig):
    """Registers the app."""

    name = "trienkhai.figures"
    label = "figures"
