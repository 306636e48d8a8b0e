"""Signing in and changing one's password."""

from typing import Any

from allauth.account import forms as allauth_forms
from django.contrib.auth.forms import PasswordChangeForm
from django.utils.translation import gettext_lazy as _

from trienkhai.core.forms import FILL_IN


class LoginForm(allauth_forms.LoginForm):  # type: ignore[misc]  # allauth has no types
    """User name and password."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password, remember = (self.fields[name] for name in ("login", "password", "remember"))
        login.label, password.label = _("User name"), _("Password")
        remember.label = _("Stay signed in on this device")
        remember.help_text = _("Not on a telephone or machine you share.")
        password.help_text = ""
        login.widget.attrs.update({"autocapitalize": "none", "spellcheck": "false"})
        for field in (login, password):
            field.widget.attrs.pop("placeholder", None)
            field.error_messages["required"] = FILL_IN


class ChangePasswordForm(PasswordChangeForm):
    """The old password once, the new one twice."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("Present password")
        self.fields["new_password1"].label = _("New password")
        self.fields["new_password1"].help_text = _(
            "At least 10 characters; not your user name; not a common password. "
            "Three or four words are easy to remember."
        )
        self.fields["new_password2"].label = _("New password once more")
        self.fields["new_password2"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("autofocus", None)
            field.error_messages["required"] = FILL_IN
