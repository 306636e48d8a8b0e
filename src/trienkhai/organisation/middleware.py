"""Every request knows its actor."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from trienkhai.ledger.clock import today
from trienkhai.organisation.queries import actor_for


class ActorMiddleware:
    """Sets ``request.actor``: who acts, by the user's posts and delegations today. Read only when a view asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the actor lazily and go on."""
        request.actor = SimpleLazyObject(lambda: actor_for(request.user, on=today()))  # type: ignore[attr-defined]
        return self.get_response(request)
