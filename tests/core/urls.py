"""The kit's own pages and views that fail on purpose."""

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.i18n import set_language

from trienkhai.core.decisions import Invalid, Refused
from trienkhai.core.urls import gallery_patterns


def refuse(_request: HttpRequest, code: str) -> HttpResponse:
    raise Refused(code, name="Chi bộ 5")


def invalid(_request: HttpRequest) -> HttpResponse:
    raise Invalid("days_out_of_order", on="ends_on")


def locked(_request: HttpRequest) -> HttpResponse:
    message = "database is locked"
    raise OperationalError(message)


def remembers(request: HttpRequest) -> HttpResponse:
    request.session["seen"] = True  # kept after the view has answered
    return HttpResponse("")


def broken(_request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


urlpatterns = [
    path("language/", set_language, name="set_language"),
    path("accounts/", include("trienkhai.accounts.urls")),
    path("", include("trienkhai.core.urls")),
    path("test/refuse/<slug:code>/", refuse),
    path("test/invalid/", invalid),
    path("test/locked/", locked),
    path("test/remembers/", remembers),
    path("test/broken/", broken),
    *gallery_patterns,
]
handler400 = "trienkhai.core.views.bad_request"
handler500 = "trienkhai.core.views.server_error"
