"""The reader's own preferences, and the pages shown when something went wrong."""

import errno
import sys
from datetime import timedelta
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from trienkhai.core.context import TEXT_COOKIE, THEME_COOKIE
from trienkhai.core.middleware import unavailable

_A_YEAR = timedelta(days=365)
_CHOICES = {"text": (TEXT_COOKIE, {"large", "normal"}), "theme": (THEME_COOKIE, {"light", "dark", "device"})}


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Remember in a cookie how the reader likes to read: ``text`` large or normal, ``theme`` light, dark or device."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    for name, (cookie, allowed) in _CHOICES.items():
        if (value := request.POST.get(name)) in allowed:
            response.set_cookie(cookie, value, max_age=_A_YEAR, samesite="Lax", secure=request.is_secure())
    return response


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """500 for a fault of ours; 503 when the database or the disk failed outside a view, as while a session is kept."""
    fault = sys.exc_info()[1]
    is_full = isinstance(fault, OSError) and fault.errno in {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
    if is_full or isinstance(fault, OperationalError | InterfaceError):
        return unavailable()
    return HttpResponse(render_to_string("500.html"), status=HTTPStatus.INTERNAL_SERVER_ERROR)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """400, or 413 when what was sent is too large. Touches nothing but the template."""
    if isinstance(exception, RequestDataTooBig):
        return HttpResponse(render_to_string("413.html"), status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return HttpResponse(render_to_string("400.html"), status=HTTPStatus.BAD_REQUEST)
