from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Registers the app."""

    name = "trienkhai.files"
    label = "files"
