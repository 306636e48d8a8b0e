"""The first start."""

from typing import Any

from django import forms as django_forms
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.translation import gettext_lazy as _

from trienkhai.core import forms
from trienkhai.organisation.rules import UnitKind

KINDS = [
    (UnitKind.BASE, _("Party organisation of a ward, commune or the like")),
    (UnitKind.UPPER, _("Party organisation of a city, district or province")),
    (UnitKind.CELL, _("A single cell")),
]
MODES = [
    ("one_machine", _("One machine: I print, and enter by hand")),
    ("server", _("A server that phones reach")),
]


class StartForm(forms.Form):
    """Whose installation this is, and who runs it."""

    unit = django_forms.CharField(
        label=_("Your Party organisation"), max_length=250, help_text=_("For example: Đảng bộ phường Hoà Lạc")
    )
    kind = django_forms.ChoiceField(label=_("What it is"), choices=KINDS, widget=django_forms.RadioSelect)
    upper = django_forms.CharField(
        label=_("The organisation directly above"),
        max_length=250,
        required=False,
        help_text=_("For example: Đảng bộ thành phố Móng Cái. It stands at the head of documents."),
    )
    place = django_forms.CharField(
        label=_("Place written before the date"),
        max_length=100,
        required=False,
        help_text=_("For example: Hoà Lạc. Left empty, it is taken from the organisation's name."),
    )
    since = forms.DayField(label=_("Keep records from"), help_text=_("The earliest day you will enter anything for."))
    person = django_forms.CharField(label=_("Your name"), max_length=120)
    username = django_forms.CharField(
        label=_("Sign-in name"),
        max_length=60,
        validators=[UnicodeUsernameValidator()],
        help_text=_("Short, without blanks: vanphong"),
    )
    password = django_forms.CharField(
        label=_("Password"),
        widget=django_forms.PasswordInput({"autocomplete": "new-password"}),
        strip=False,
        help_text=_("At least 10 characters. Three or four words are good and easy to remember."),
    )
    mode = django_forms.ChoiceField(label=_("How you will work"), choices=MODES, widget=django_forms.RadioSelect)
    code = django_forms.CharField(
        label=_("Start code"),
        max_length=20,
        required=False,
        help_text=_("It stands in the window where Triển khai was started."),
    )

    def __init__(self, *args: Any, needs_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_code:
            del self.fields["code"]

    def clean_password(self) -> str:
        """Long enough and not among the common ones."""
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password
