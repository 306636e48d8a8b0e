"""Shapes of what is typed about a plan as a whole: its head, its adoption, adoptions of many."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from trienkhai.core import forms
from trienkhai.plans.rules import LONGEST, Adopted, Head

SCAN_KINDS = (".pdf", ".jpg", ".jpeg", ".png", ".docx", ".doc")


class HeadForm(forms.Form):
    """Title and prose."""

    title = django_forms.CharField(
        label=_("Title of the plan"), max_length=LONGEST["title"], widget=django_forms.Textarea(attrs={"rows": 2})
    )
    purpose = forms.LongTextField(
        label=_("Purpose and requirements"), required=False, rows=5, help_text=_("Fitted to your own unit.")
    )
    organising = forms.LongTextField(
        label=_("How it is organised"), required=False, rows=4, help_text=_("Who follows up, who reports, and when.")
    )
    seen = django_forms.IntegerField(widget=django_forms.HiddenInput(), required=False)

    def head(self) -> Head:
        """The values typed."""
        values = self.cleaned_data
        return Head(values["title"], values["purpose"], values["organising"])


class AdoptForm(forms.Form):
    """How the plan was adopted."""

    on = forms.DayField(label=_("Adopted on"))
    number = django_forms.CharField(
        label=_("Number of the plan"),
        max_length=LONGEST["number"],
        required=False,
        help_text=_("As it is printed, like 05-KH/ĐU."),
    )
    signer = django_forms.CharField(label=_("Signed by"), max_length=LONGEST["signer"], required=False)
    signer_post = django_forms.CharField(
        label=_("Post of who signed"), max_length=LONGEST["signer_post"], required=False, help_text=_("Like Bí thư.")
    )
    scan = forms.FileField(label=_("Signed and sealed sheet"), required=False, kinds=SCAN_KINDS, megabytes=50)
    seen = django_forms.IntegerField(widget=django_forms.HiddenInput(), required=False)

    def adopted(self) -> Adopted:
        """The values typed."""
        values = self.cleaned_data
        return Adopted(values["on"], values["number"], values["signer"], values["signer_post"])


class WithdrawForm(forms.Form):
    """Why an adoption is taken back."""

    reason = django_forms.CharField(label=_("Why is it taken back?"), max_length=250)


class ManyForm(forms.Form):
    """Days and numbers of adoptions of many units."""

    title = django_forms.CharField(
        label=_("Title of these plans"),
        max_length=LONGEST["title"],
        help_text=_("For units whose plan is not in here yet."),
    )
    note = django_forms.CharField(
        label=_("How do you know?"),
        max_length=LONGEST["note"],
        required=False,
        help_text=_("For example: the plans were sent in; told by telephone."),
    )

    def __init__(
        self, *args: Any, units: Mapping[str, str], known: Mapping[str, tuple[date, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        for key in units:
            day, number = known.get(key, (None, ""))
            self.fields[f"on-{key}"] = forms.DayField(label=_("Adopted on"), required=False, initial=day)
            self.fields[f"number-{key}"] = django_forms.CharField(
                label=_("Number of the plan"), max_length=LONGEST["number"], required=False, initial=number
            )
        self.units = units

    def clean(self) -> dict[str, Any]:
        """A number goes with a day; what is known is not emptied here."""
        values = super().clean() or {}
        for key in self.units:
            if values.get(f"on-{key}") is None and f"on-{key}" not in self.errors:
                if key in self.known:
                    self.add_error(f"on-{key}", _("To take an adoption back, open the plan itself."))
                elif values.get(f"number-{key}"):
                    self.add_error(f"on-{key}", _("Enter the day as well."))
        return values

    def entered(self) -> dict[str, Adopted]:
        """``{unit key: adopted}`` of the units whose day or number is new."""
        values = self.cleaned_data
        return {
            key: Adopted(values[f"on-{key}"], values[f"number-{key}"], note=values["note"])
            for key in self.units
            if values[f"on-{key}"] is not None and (values[f"on-{key}"], values[f"number-{key}"]) != self.known.get(key)
        }
