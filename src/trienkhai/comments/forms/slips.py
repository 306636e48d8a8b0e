"""Shapes of what is typed about slips of paper: how many to print; each slip with its choice and its receipt."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from trienkhai.comments.forms import PointFields, PointsForm
from trienkhai.comments.queries.subjects import Choice
from trienkhai.comments.rules import CommentError, Said
from trienkhai.comments.texts import ERRORS
from trienkhai.core import forms
from trienkhai.core.decisions import Invalid
from trienkhai.sealed.rules import Below, SealedError, normalised
from trienkhai.sealed.texts import ERRORS as SEALED_ERRORS

MOST_PRINTED = 300


@dataclass(frozen=True, repr=False)
class Slip:
    """One slip as it was typed in: the words, what becomes of them among too few, the receipt its author tore off."""

    said: Said
    below: Below
    receipt: str = field(repr=False)


class PrintForm(forms.Form):
    """How many slips are printed."""

    number = django_forms.IntegerField(label=_("How many slips"), min_value=1, max_value=MOST_PRINTED)


class SlipsForm(PointsForm):
    """Slips of paper: each row is one slip."""

    words = _("What the slip says")
    more_words = _("What the next slip says")

    def __init__(self, *args: Any, choices: Sequence[Choice], most: int, longest: int, **kwargs: Any) -> None:
        super().__init__(*args, choices=choices, most=most, longest=longest, **kwargs)
        for n in range(self.number):
            self.fields[f"below-{n}"] = django_forms.BooleanField(
                label=_("Ticked: hand it over even if too few write without a name"), required=False
            )
            self.fields[f"receipt-{n}"] = django_forms.CharField(
                label=_("Receipt code on the slip"),
                help_text=_("Sixteen signs. Without it nobody will find the answer."),
                required=False,
                max_length=40,
                widget=django_forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            )

    def points(self) -> list[PointFields]:
        """The bound fields, slip by slip."""
        return [replace(row, more=(self[f"below-{n}"], self[f"receipt-{n}"])) for n, row in enumerate(super().points())]

    def clean(self) -> dict[str, Any]:
        """Receipts can be such, and each is on one slip."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        seen: set[str] = set()
        for n in range(self.number):
            typed = told.get(f"receipt-{n}")
            if not typed:
                continue
            try:
                receipt = normalised(typed)
            except Invalid:
                self.add_error(f"receipt-{n}", str(SEALED_ERRORS[SealedError.RECEIPT_MALFORMED]))
                continue
            if receipt in seen:
                self.add_error(f"receipt-{n}", str(ERRORS[CommentError.RECEIPT_TWICE]))
            seen.add(receipt)
            told[f"receipt-{n}"] = receipt
        return told

    def slips(self) -> list[Slip]:
        """The slips that have words."""
        found = []
        for n in range(self.number):
            said = self.said_in(n)
            if said is not None:
                below = Below.RELEASE if self.cleaned_data.get(f"below-{n}") else Below.DESTROY
                found.append(Slip(said, below, self.cleaned_data.get(f"receipt-{n}") or ""))
        return found
