"""Codes typed wrongly again and again, from one place: after so many, that place waits.

The place is kept for minutes, in memory, as a keyed digest; never with a code, never with what was found.
"""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

TRIES = 20
WINDOW_SECONDS = 300


def is_too_often(request: HttpRequest) -> bool:
    """Whether too many wrong codes have come from the same place."""
    return int(cache.get(_key(request), 0)) >= TRIES


def missed(request: HttpRequest) -> None:
    """A wrong code has come. Right ones do not count: many people share one line."""
    key = _key(request)
    cache.add(key, 0, WINDOW_SECONDS)
    try:
        cache.incr(key)
    except ValueError:  # the window ended in this very moment
        cache.add(key, 1, WINDOW_SECONDS)


def _key(request: HttpRequest) -> str:
    try:
        place = get_adapter().get_client_ip(request)
    except (PermissionDenied, ImproperlyConfigured):  # a proxy that does not say where it comes from: all wait together
        place = ""
    return f"tries:{salted_hmac('trienkhai.comments.tries', place, algorithm='sha256').hexdigest()[:32]}"
