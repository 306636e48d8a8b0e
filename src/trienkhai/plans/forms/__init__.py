"""Shapes of what is typed about plans."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms as django_forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from trienkhai.core import forms
from trienkhai.core.pages import whole_number
from trienkhai.plans.queries import Reference, unit_called
from trienkhai.plans.rules import LONGEST, MOST_MEASURES, Adopted, Head, Line

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


class MeasureForm(forms.Form):
    """One measure. Lead and provision are typed, with the known ones offered."""

    key = django_forms.UUIDField(widget=django_forms.HiddenInput(), required=False)
    text = forms.LongTextField(
        label=_("What is to be done"),
        rows=2,
        required=False,
        error_messages={"required": _("Say what is to be done.")},
    )
    lead = django_forms.CharField(
        label=_("Who leads"),
        max_length=LONGEST["lead"],
        required=False,
        widget=django_forms.TextInput(attrs={"list": "leads", "autocomplete": "off"}),
    )
    deadline = forms.DayField(label=_("Deadline"), required=False)
    product = django_forms.CharField(label=_("Product"), max_length=LONGEST["product"], required=False)
    provision = django_forms.CharField(
        label=pgettext_lazy("of a measure", "Carries out"),
        required=False,
        max_length=200,
        widget=django_forms.TextInput(attrs={"list": "provisions", "autocomplete": "off"}),
    )
    is_urgent = django_forms.BooleanField(label=_("Urgent"), required=False)

    def __init__(
        self, *args: Any, leads: Mapping[int, str], references: Mapping[str, Reference], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.leads, self.references = leads, references

    def clean_provision(self) -> str:
        """A provision of the roll-out's directives, as it is offered."""
        typed = str(self.cleaned_data["provision"])
        if typed and typed not in self.references:
            raise django_forms.ValidationError(_("There is no such provision. Choose one that is offered, or none."))
        return typed

    def clean(self) -> dict[str, Any]:
        """A measure that says anything says what is to be done."""
        values = super().clean() or {}
        says = [values.get(name) for name in ("lead", "deadline", "product", "provision")]
        if any(says) and not values.get("text") and "text" not in self.errors:
            self.add_error("text", self.fields["text"].error_messages["required"])
        return values

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed: such a row is left out."""
        return not self.cleaned_data.get("text")

    def line(self) -> Line:
        """The values typed."""
        values = self.cleaned_data
        unit = unit_called(values["lead"], self.leads) if values["lead"] else None
        reference = self.references.get(values["provision"])
        return Line(
            text=values["text"],
            lead_unit=unit,
            lead="" if unit is not None else values["lead"],
            deadline_on=values["deadline"],
            product=values["product"],
            is_urgent=values["is_urgent"],
            provision=reference.provision_id if reference else None,
            key=values["key"],
        )


MeasureFormSet = django_forms.formset_factory(
    MeasureForm, extra=0, max_num=MOST_MEASURES, absolute_max=MOST_MEASURES + 1
)
FIELDS = ("key", "text", "lead", "deadline", "product", "provision", "is_urgent")


def typed_lines(rows: django_forms.BaseFormSet[MeasureForm]) -> list[Line]:
    """The measures typed, empty rows left out."""
    return [form.line() for form in rows.forms if not form.is_empty]


def typed_rows(data: QueryDict) -> list[dict[str, Any]]:
    """What was typed in each row, as it was typed."""
    total = min(whole_number(data.get("form-TOTAL_FORMS", "")), MOST_MEASURES)
    return [{name: data.get(f"form-{n}-{name}", "") for name in FIELDS} for n in range(total)]


def rearranged(rows: Sequence[dict[str, Any]], button: str) -> list[dict[str, Any]]:
    """The rows after a button: ``add``, ``remove-3``, ``up-3``, ``down-3`` (rows from 0); else as they are."""
    result = list(rows)
    what, _dash, where = button.partition("-")
    if what == "add":
        return [*result, {}]
    place = whole_number(where, default=-1)
    if not 0 <= place < len(result):
        return result
    if what == "remove":
        del result[place]
    other = {"up": place - 1, "down": place + 1}.get(what, place)
    if 0 <= other < len(result) and what in {"up", "down"}:
        result[place], result[other] = result[other], result[place]
    return result


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
