from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Registers the app."""

    name = "trienkhai.ledger"
    label = "ledger"
