from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from trienkhai.core import pages
from trienkhai.ledger.clock import today


def _place(request: HttpRequest) -> str:
    """The organisation's name, for the head of every page."""
    from trienkhai.web.queries import own_place  # noqa: PLC0415 - after the apps are ready

    return own_place(request.actor, day=today()) if request.user.is_authenticated else ""  # type: ignore[attr-defined]


def _banner(request: HttpRequest) -> str:  # noqa: ARG001 - the kit's signature
    """Says so when everything here was played."""
    from trienkhai.ledger.models import Origin  # noqa: PLC0415 - after the apps are ready

    if Origin.objects.filter(is_simulated=True).exists():
        return gettext("Demonstration: all people here are invented.")
    return ""


class WebConfig(AppConfig):
    """Registers the app, its place in the navigation and its words."""

    name = "trienkhai.web"
    label = "web"

    def ready(self) -> None:
        """Register with the page kit."""
        from trienkhai.web.texts import ERRORS  # noqa: PLC0415 - once translations can be looked up

        pages.register_navigation("to_do", _("To do"), "web:home", order=10)
        pages.register_texts(ERRORS)
        pages.register_site(place=_place, banner=_banner)
