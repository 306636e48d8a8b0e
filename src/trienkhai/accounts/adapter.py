"""Sign-in as this project wants it: the office opens accounts, nobody signs up alone."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """No public sign-up; no "signed in as" messages."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Never."""
        return False

    def add_message(self, *args: object, **kwargs: object) -> None:
        """Say only what the page does not show by itself."""
        template = kwargs.get("message_template") or (args[2] if len(args) > 2 else "")  # noqa: PLR2004 - third argument
        if template not in {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}:
            super().add_message(*args, **kwargs)
