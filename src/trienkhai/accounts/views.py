"""Sign in, sign out, change one's password; send again what was typed when a session had ended."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from allauth.account import views as allauth_views
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import PasswordChangeView
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from trienkhai.accounts.forms import ChangePasswordForm, LoginForm
from trienkhai.accounts.rules import Carried, read

CARRIED = "carried"
"""The hidden field in which signing in carries what had been typed."""


class LoginView(allauth_views.LoginView):  # type: ignore[misc]  # allauth has no types
    """User name and password; too many tries are slowed down."""

    template_name = "accounts/login.html"
    form_class = LoginForm

    def get_form_class(self) -> type[BaseForm]:
        """Our form."""
        return LoginForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Without allauth's ``site``, which would hide the kit's."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.pop("site", None)
        return context

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Whoever has signed in meanwhile, in another window, goes on with what was typed in this one."""
        carried = _carried_in(request)
        if carried and request.user.is_authenticated:
            return send_again(request, carried)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def form_valid(self, form: BaseForm) -> Any:
        """On to where one was going; or to what had been typed when the session ended."""
        response = super().form_valid(form)
        carried = _carried_in(self.request)
        if carried and self.request.user.is_authenticated:
            return send_again(self.request, carried)
        return response

    def form_invalid(self, form: BaseForm) -> Any:
        """The same page, with 422."""
        context = self.get_context_data(form=form, carried=_carried_in(self.request))
        return self.render_to_response(context, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@never_cache
def session_ended(request: HttpRequest) -> HttpResponse:
    """Answer a form whose sender is signed out: sign in here, and what was typed is there.

    It travels in the page itself; nothing of it is kept on this side. What may not travel, or is too long, does not.
    """
    carried = _carried_in(request) or _carried_of(request)
    context = {
        "form": LoginForm(request=request),
        "carried": carried if _may_carry(request) and not carried.is_too_long else None,
        "redirect_field_value": carried.back,
        "has_ended": True,
    }
    return render(request, "accounts/login.html", context, status=HTTPStatus.FORBIDDEN)


@never_cache
def send_again(request: HttpRequest, carried: Carried, *, status: int = HTTPStatus.OK) -> HttpResponse:
    """What was typed, ready to be sent once more with one button."""
    return render(request, "accounts/send_again.html", {"carried": carried}, status=status)


def form_grown_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from a page older than one's signing in, as when that was done in another window: it can be sent again.

    Only when the browser itself says that the form was on a page of this site. Anything else is refused.
    """
    origin = f"{request.scheme}://{request.get_host()}"
    is_ours = request.headers.get("Origin") == origin and settings.CSRF_COOKIE_NAME in request.COOKIES
    if not is_ours or not _may_carry(request):
        return csrf_failure(request, reason)
    carried = _carried_in(request)
    if request.path == reverse("account_login") and carried is None:
        return redirect("/")
    if not request.user.is_authenticated:
        return session_ended(request)
    return send_again(request, carried or _carried_of(request), status=HTTPStatus.FORBIDDEN)


def _may_carry(request: HttpRequest) -> bool:
    """Whether what is sent to this address may travel through signing in."""
    match = request.resolver_match
    return match is not None and getattr(match.func, "carries", True)


def _carried_of(request: HttpRequest) -> Carried:
    """What this request sends, to be sent once more."""
    fields = ((name, value) for name, values in request.POST.lists() for value in values)
    files = (file.name or "" for name in request.FILES for file in request.FILES.getlist(name))
    return Carried.of(request.get_full_path(), fields, files=files, back=_page_of(request))


def _carried_in(request: HttpRequest) -> Carried | None:
    """What signing in carries, when it can be sent to a page of ours."""
    carried = read(request.POST.get(CARRIED, ""))
    if carried is None:
        return None
    ours = (url_has_allowed_host_and_scheme(url, None) for url in (carried.path, carried.back))
    return carried if all(ours) else None


def _page_of(request: HttpRequest) -> str:
    """The page a form was on, when it was one of ours."""
    page = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return urlsplit(page)._replace(scheme="", netloc="").geturl() or "/"
    return "/"


class LogoutView(allauth_views.LogoutView):  # type: ignore[misc]  # allauth has no types
    """Asks on GET, signs out on POST."""

    template_name = "accounts/logout.html"


class ReauthenticateView(allauth_views.ReauthenticateView):  # type: ignore[misc]  # allauth has no types
    """The password once more before something grave."""

    template_name = "accounts/reauthenticate.html"


class InactiveView(TemplateView):
    """The account is closed."""

    template_name = "accounts/inactive.html"


class ForgottenView(TemplateView):
    """What to do when the password is forgotten: many have no e-mail address, so a person helps."""

    template_name = "accounts/forgotten.html"


@method_decorator(never_cache, name="dispatch")
class ChangePassword(LoginRequiredMixin, PasswordChangeView):
    """One's own password; stays signed in here, is signed out everywhere else."""

    template_name = "accounts/change_password.html"
    form_class = ChangePasswordForm
    success_url = reverse_lazy("account_change_password")

    def form_valid(self, form: Any) -> HttpResponse:
        """Save, and say so."""
        response = super().form_valid(form)
        messages.success(self.request, _("Your password has been changed. Other devices have been signed out."))
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        """The same page, with 422."""
        response = super().form_invalid(form)
        response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return response
