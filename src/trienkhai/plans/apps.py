from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Registers the app."""

    name = "trienkhai.plans"
    label = "plans"
