from django.apps import AppConfig


class DirectivesConfig(AppConfig):
    """Registers the app."""

    name = "trienkhai.directives"
    label = "directives"
