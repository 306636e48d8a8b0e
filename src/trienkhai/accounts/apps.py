from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registers the app."""

    name = "trienkhai.accounts"
    label = "accounts"
