"""Shapes of what a resident types who has drawn a code."""

from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from trienkhai.comments.forms import WritingForm
from trienkhai.comments.rules import CommentError, Promise
from trienkhai.comments.texts import ERRORS
from trienkhai.core import forms


class CodeForm(forms.Form):
    """A code: twelve signs, however they are typed."""

    code = django_forms.CharField(
        label=_("Your code"),
        max_length=30,
        help_text=_("Twelve signs, for example ABCD-EFGH-IJKL."),
        widget=django_forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
        ),
    )


class ResidentForm(WritingForm):
    """A resident's comment: as a member's, and the name of whoever signs."""

    signed = django_forms.CharField(
        label=_("Your name and where you live, if you sign"),
        help_text=_("Leave it empty when you write without a name."),
        required=False,
        max_length=100,
        widget=django_forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        """Whoever signs writes a name; whoever does not, leaves none."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if told.get("promise") == Promise.NAMED and not (told.get("signed") or "").strip():
            self.add_error("signed", str(ERRORS[CommentError.NO_SIGNATURE]))
        if told.get("promise") != Promise.NAMED:
            told["signed"] = ""
        return told
