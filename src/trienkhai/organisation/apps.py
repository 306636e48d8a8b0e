from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from trienkhai.core import pages


class OrganisationConfig(AppConfig):
    """Registers the app, its place in the navigation and its words."""

    name = "trienkhai.organisation"
    label = "organisation"

    def ready(self) -> None:
        """Register with the page kit."""
        from trienkhai.organisation.rules import Reason  # noqa: PLC0415 - once translations can be looked up
        from trienkhai.organisation.texts import ERRORS  # noqa: PLC0415

        pages.register_navigation("organisation", _("Organisation"), "organisation:tree", order=40)
        pages.register_texts(ERRORS)
        pages.register_statuses({Reason.MAY_NOT_SEE_NAMES: 404})
