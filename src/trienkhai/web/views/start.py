"""The first start, and the sheet to keep."""

import secrets
from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from trienkhai.core import pages
from trienkhai.core.decisions import DomainError, Refused
from trienkhai.ledger.clock import now, today
from trienkhai.organisation.requests import ActorRequest, signed_in
from trienkhai.organisation.rules import UnitKind
from trienkhai.web import actions
from trienkhai.web.forms import StartForm
from trienkhai.web.queries import is_set_up
from trienkhai.web.rules import StartError

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_FORWARDED_HOST", "HTTP_VIA")


def start(request: HttpRequest) -> HttpResponse:
    """Whose installation this is. Gone once it has been said."""
    if is_set_up():
        return redirect("web:home")
    needs_code = not _is_this_machine(request)
    first_day = today().replace(month=1, day=1)
    initial = {"kind": UnitKind.BASE, "mode": "one_machine", "since": first_day}
    form = StartForm(request.POST or None, initial=initial, needs_code=needs_code)
    if form.is_valid():
        values = dict(form.cleaned_data)
        person = values.pop("person")
        code = values.pop("code", "")
        try:
            if needs_code and not secrets.compare_digest(code.strip().lower(), settings.TRIENKHAI_START_CODE):
                raise Refused(StartError.WRONG_CODE)
            user, _unit = actions.set_up(**{**values, "kind": UnitKind(values["kind"])}, at=now())
        except DomainError as error:
            pages.form_error(form, error)
        else:
            login(request, user, backend="django.contrib.auth.backends.ModelBackend")
            request.session["named"] = person
            return redirect("web:sheet")
    context = {"title": _("Welcome to Triển khai"), "needs_code": needs_code}
    return pages.render_form(request, "web/start.html", context, form)


def _is_this_machine(request: HttpRequest) -> bool:
    """Whether the browser runs on the machine itself: then no code is asked.

    Behind a proxy every visitor seems to: whatever was forwarded needs the code.
    """
    if settings.HTTPS or any(name in request.META for name in FORWARDED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


@signed_in
def sheet(request: ActorRequest) -> HttpResponse:
    """The sheet to print and lock away: how to get in again, what to back up."""
    if not request.actor.is_installer:
        raise Http404
    context = {
        "person": request.session.get("named", ""),
        "address": request.build_absolute_uri("/"),
        "folder": settings.TRIENKHAI_DATA_FOLDER,
        "day": today(),
    }
    return render(request, "web/sheet.html", context)
