"""Errors that escape a view become clear pages: what happened, what was kept, what to do."""

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext as _

from trienkhai.core.decisions import DomainError
from trienkhai.core.pages import explain, status_of

log = logging.getLogger(__name__)
_TEMPLATES = {
    HTTPStatus.FORBIDDEN: "403.html",
    HTTPStatus.NOT_FOUND: "404.html",
    HTTPStatus.UNPROCESSABLE_ENTITY: "422.html",
}
_TRY_AGAIN_SECONDS = "10"


class RefusalMiddleware:
    """Answers for errors no view has caught."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass through, but for an address that only takes what a form sends: a page says so instead of nothing."""
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and request.method == "GET":
            words = _("Nothing is to be seen at this address: it only takes what a form sends. Nothing was changed.")
            page = render(request, "404.html", {"explanation": words}, status=HTTPStatus.METHOD_NOT_ALLOWED)
            page.headers["Allow"] = response.headers.get("Allow", "POST")
            return page
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page for what the domain or the database would not do; ``None`` for everything else."""
        if isinstance(exception, DomainError):
            return self._domain_error(request, exception)
        if isinstance(exception, OperationalError | InterfaceError):
            log.error("Database not available at %s", request.path, exc_info=exception)
            return unavailable()
        return None

    def _domain_error(self, request: HttpRequest, error: DomainError) -> HttpResponse | None:
        status = status_of(error)
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            return unavailable(explain(error))
        context = {"explanation": explain(error), "exception": Http404()}
        return render(request, _TEMPLATES.get(HTTPStatus(status), "403.html"), context, status=status)


def unavailable(explanation: str = "") -> HttpResponse:
    """503, made without the database."""
    response = HttpResponse(render_to_string("503.html", {"explanation": explanation}), status=503)
    response.headers["Retry-After"] = _TRY_AGAIN_SECONDS
    return response


class PrivacyMiddleware:
    """Pages of people who have signed in are kept nowhere: not by proxies, not by a browser others use afterwards."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Say so, where the view has not said anything about keeping."""
        response = self.get_response(request)
        name = settings.SESSION_COOKIE_NAME
        if (name in request.COOKIES or name in response.cookies) and not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = "private, no-store"
        return response


class StrangerMiddleware:
    """Pages that must not learn who reads them do not: what a browser sends of its signing in is dropped unread.

    A view says so with ``knows_reader = False``. Stands before everything that reads cookies; so the session, the user
    and the actor of such a request are nobody's, and the answer is the same for everybody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Drop what tells readers apart; language, size and colours of the page stay."""
        if _knows_reader(request.path_info):
            return self.get_response(request)
        names = (settings.SESSION_COOKIE_NAME, "messages")
        for name in names:
            request.COOKIES.pop(name, None)
        request.META.pop("HTTP_COOKIE", None)
        response = self.get_response(request)
        for name in names:  # and what the browser has of them stays as it is
            response.cookies.pop(name, None)
        return response


def _knows_reader(path: str) -> bool:
    try:
        return bool(getattr(resolve(path).func, "knows_reader", True))
    except Resolver404:
        return True


class LanguageMiddleware(LocaleMiddleware):
    """The reader's own choice, else the installation's: a browser bought in English says nothing of its owner."""

    def process_request(self, request: HttpRequest) -> None:
        """Activate the language of the cookie, else the default."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()
