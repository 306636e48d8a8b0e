"""Sign in, sign out, change one's password."""

from http import HTTPStatus
from typing import Any

from allauth.account import views as allauth_views
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import PasswordChangeView
from django.forms import BaseForm
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from trienkhai.accounts.forms import ChangePasswordForm, LoginForm


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

    def form_invalid(self, form: BaseForm) -> Any:
        """The same page, with 422."""
        response = super().form_invalid(form)
        response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return response


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
