"""Requests of people who have signed in."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, cast
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from trienkhai.accounts.models import User
from trienkhai.organisation.rules import Actor


class ActorRequest(HttpRequest):
    """A request whose user has signed in and whose actor is known."""

    actor: Actor
    user: User
    htmx: HtmxDetails


def _way_back(request: HttpRequest) -> str:
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    messages.warning(request, _("You had been signed out. What you sent was not saved: sign in and enter it again."))
    page = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return urlsplit(page)._replace(scheme="", netloc="").geturl()
    return "/"


def signed_in[**P, R: HttpResponseBase](
    view: Callable[Concatenate[ActorRequest, P], R],
) -> Callable[Concatenate[HttpRequest, P], R | HttpResponse]:
    """Send whoever has not signed in to the sign-in page, and back afterwards.

    Whoever was signed out while filling in a form is told that it was not saved, and comes back to the form's page.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> R | HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(_way_back(request))
        return view(cast("ActorRequest", request), *args, **kwargs)

    return guarded
