"""A table with measures."""

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from trienkhai.core import forms

MEGABYTES = 10


class TableForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=_("Excel file"),
        kinds=(".xlsx", ".csv"),
        megabytes=MEGABYTES,
        help_text=_("The file written from this plan with what you changed in it, or a list of your own."),
    )


class ConfirmForm(forms.Form):
    """That it is to be written. ``seen`` notices somebody else's change."""

    seen = django_forms.IntegerField(widget=django_forms.HiddenInput())
