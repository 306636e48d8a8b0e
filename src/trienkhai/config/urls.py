"""Where each app's pages live."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

APPS = (
    "web",
    "organisation",
    "directives",
    "rollouts",
    "plans",
    "meetings",
    "papers",
    "progress",
    "files",
    "core",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("language/", set_language, name="set_language"),
    path("accounts/", include("trienkhai.accounts.urls" if find_spec("trienkhai.accounts.urls") else "allauth.account.urls")),
    *(path("", include(f"trienkhai.{app}.urls")) for app in APPS if find_spec(f"trienkhai.{app}.urls")),
]

handler400 = "trienkhai.core.views.bad_request"
