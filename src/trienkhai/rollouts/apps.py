from django.apps import AppConfig


class RolloutsConfig(AppConfig):
    """Registers the app."""

    name = "trienkhai.rollouts"
    label = "rollouts"
