"""Requests of people who have signed in."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django_htmx.middleware import HtmxDetails

from trienkhai.accounts.models import User
from trienkhai.organisation.rules import Actor


class ActorRequest(HttpRequest):
    """A request whose user has signed in and whose actor is known."""

    actor: Actor
    user: User
    htmx: HtmxDetails


def signed_in[**P, R: HttpResponseBase](
    view: Callable[Concatenate[ActorRequest, P], R],
) -> Callable[Concatenate[HttpRequest, P], R | HttpResponse]:
    """Send whoever has not signed in to the sign-in page, and back afterwards."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> R | HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(cast("ActorRequest", request), *args, **kwargs)

    return guarded
