"""Shapes of changes to sign-ins."""

from collections.abc import Sequence
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from trienkhai.core import forms
from trienkhai.organisation.forms.fields import UnitField


class NewSignInForm(forms.Form):
    """A sign-in for a person, or for somebody who works for an office."""

    username = django_forms.CharField(
        label=_("Name to sign in with"),
        max_length=60,
        help_text=_("Short and without blanks, for example: bithu.khu5"),
        error_messages={"required": _("Enter a name.")},
    )
    office_of = UnitField(
        label=_("Works for the office of"),
        required=False,
        help_text=_("Leave this empty for a secretary or member: their rights follow from posts and memberships."),
    )

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office_of"].offer(units)  # type: ignore[attr-defined]


class DelegateForm(forms.Form):
    """A user works for a unit's office."""

    unit = UnitField(label=_("Works for the office of"), error_messages={"required": _("Choose one of the list.")})
    starts_on = forms.DayField(label=_("From"))
    ends_on = forms.DayField(
        label=_("Until the end of"), required=False, help_text=_("The last day. Leave this empty when no end is known.")
    )

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(units)  # type: ignore[attr-defined]


class LinkForm(forms.Form):
    """Which person a user is."""

    q = django_forms.CharField(label=_("Name of the person"), max_length=100, required=False)
