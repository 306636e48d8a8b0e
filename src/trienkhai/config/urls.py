"""Where each app's pages live."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

APPS = (
    "web",
    "organisation",
    "directives",
    "programmes",
    "rollouts",
    "plans",
    "meetings",
    "papers",
    "comments",
    "progress",
    "core",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("language/", set_language, name="set_language"),
    path("accounts/", include("trienkhai.accounts.urls")),
    *(path("", include(f"trienkhai.{app}.urls")) for app in APPS),
]

handler400 = "trienkhai.core.views.bad_request"
handler500 = "trienkhai.core.views.server_error"
