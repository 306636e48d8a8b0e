from django.apps import AppConfig


class WebConfig(AppConfig):
    """Registers the app."""

    name = "trienkhai.web"
    label = "web"
