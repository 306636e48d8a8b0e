"""Sign-in as this project wants it: the office opens accounts, nobody signs up alone."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class ClosedAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """No public sign-up; faults in our own words; no "signed in as" messages."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed. Ask the office that opened it."),
        "incorrect_password": _("The password is not right."),
        "invalid_login": _("The user name or the password is not right."),
        "username_password_mismatch": _(
            "The user name or the password is not right. Look at capitals and the Vietnamese keyboard."
        ),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, then try again."),
        "rate_limited": _("Too many tries. Wait five minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Never."""
        return False

    def add_message(self, *_args: Any, **_kwargs: Any) -> None:
        """Stay silent: the page that follows shows who has signed in."""
