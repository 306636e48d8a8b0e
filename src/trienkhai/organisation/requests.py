"""Requests of people who have signed in."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django_htmx.middleware import HtmxDetails

from trienkhai.accounts.models import User
from trienkhai.accounts.views import session_ended
from trienkhai.organisation.rules import Actor


class ActorRequest(HttpRequest):
    """A request whose user has signed in and whose actor is known."""

    actor: Actor
    user: User
    htmx: HtmxDetails


def carried_nowhere[V: Callable[..., object]](view: V) -> V:
    """Mark a view whose forms are not carried through signing in again: what is sent without a name."""
    view.carries = False  # type: ignore[attr-defined]
    return view


def for_strangers[V: Callable[..., object]](view: V) -> V:
    """Mark a view that never learns who has signed in in this browser (``core.middleware.StrangerMiddleware``)."""
    view.knows_reader = False  # type: ignore[attr-defined]
    return view


def signed_in[**P, R: HttpResponseBase](
    view: Callable[Concatenate[ActorRequest, P], R],
) -> Callable[Concatenate[HttpRequest, P], R | HttpResponse]:
    """Send whoever has not signed in to the sign-in page, and back afterwards.

    Whoever was signed out while filling in a form signs in again and sends it again, as it was typed.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> R | HttpResponse:
        if not request.user.is_authenticated:
            if request.method in {"GET", "HEAD"}:
                return redirect_to_login(request.get_full_path())
            return session_ended(request)
        return view(cast("ActorRequest", request), *args, **kwargs)

    return guarded
