from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    """Registers the app."""

    name = "trienkhai.organisation"
    label = "organisation"
