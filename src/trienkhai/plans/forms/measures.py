"""Shapes of what is typed about measures: one, a page of them, one of a plan that is applied."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms as django_forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from trienkhai.core import forms
from trienkhai.core.pages import whole_number
from trienkhai.plans.queries import Reference, unit_called
from trienkhai.plans.rules import LONGEST, TARGET_DIGITS, TARGET_PLACES, Coordinator, Line, Treatment

PER_PAGE = 50
MOST_ON_A_PAGE = PER_PAGE + 20
FIELDS = (
    "key",
    "text",
    "lead",
    "deadline",
    "product",
    "provision",
    "is_urgent",
    "coordinators",
    "indicator",
    "target",
    "target_unit",
    "is_recurring",
    "answers",
    "programmes",
)
MORE = ("coordinators", "answers", "indicator", "target", "target_unit", "is_recurring", "programmes")
"""Fields that stand folded below a measure."""


@dataclass(frozen=True)
class Offered:
    """What can be named in a measure: units and provisions by name, measures of the plan above, programmes by id."""

    leads: Mapping[int, str] = field(default_factory=dict)
    references: Mapping[str, Reference] = field(default_factory=dict)
    uppers: Mapping[str, int] = field(default_factory=dict)
    programmes: Mapping[int, str] = field(default_factory=dict)

    def upper_called(self, typed: str) -> int | None:
        """The measure above by what it is called, or by its number alone."""
        number = typed.strip().rstrip(".")
        for name, measure in self.uppers.items():
            if name == typed or name.partition(".")[0] == number:
                return measure
        return None

    def name_of_upper(self, measure: int | None) -> str:
        """What a measure above is called."""
        return next((name for name, upper in self.uppers.items() if upper == measure), "")


class MeasureForm(forms.Form):
    """One measure. Lead, provision and the measure above are typed, with the known ones offered."""

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
    coordinators = django_forms.CharField(
        label=_("Who helps"), required=False, max_length=4_000, help_text=_("Several: with ; between them.")
    )
    answers = django_forms.CharField(
        label=_("Takes up, of the plan above"),
        required=False,
        max_length=200,
        widget=django_forms.TextInput(attrs={"list": "uppers", "autocomplete": "off"}),
        help_text=_("The number there is enough."),
    )
    indicator = django_forms.CharField(
        label=_("Indicator"),
        max_length=LONGEST["indicator"],
        required=False,
        help_text=_("What is counted, like “cells that have met”."),
    )
    target = django_forms.DecimalField(
        label=_("Target"),
        required=False,
        localize=True,
        max_digits=TARGET_DIGITS,
        decimal_places=TARGET_PLACES,
        widget=django_forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    target_unit = django_forms.CharField(
        label=_("Counted in"), max_length=LONGEST["target_unit"], required=False, help_text=_("Like % or cells.")
    )
    is_recurring = django_forms.BooleanField(label=_("Comes back in ordinary meetings"), required=False)
    programmes = django_forms.TypedMultipleChoiceField(
        label=_("Tied to"), coerce=int, required=False, widget=django_forms.CheckboxSelectMultiple()
    )

    def __init__(self, *args: Any, offered: Offered, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered
        choices = self.fields["programmes"]
        if isinstance(choices, django_forms.TypedMultipleChoiceField):
            choices.choices = list(offered.programmes.items())
        missing = {
            "provision": offered.references,
            "answers": offered.uppers,
            "programmes": offered.programmes,
        }
        for name, known in missing.items():
            if not known:
                del self.fields[name]

    @property
    def more(self) -> list[django_forms.BoundField]:
        """Fields that stand folded below the measure."""
        return [self[name] for name in MORE if name in self.fields]

    @property
    def says_more(self) -> bool:
        """Whether any of them is filled in, or wrong."""
        return any(bound.value() or bound.errors for bound in self.more)

    def clean_provision(self) -> str:
        """A provision of the roll-out's directives, as it is offered."""
        typed = str(self.cleaned_data["provision"])
        if typed and typed not in self.offered.references:
            raise django_forms.ValidationError(_("There is no such provision. Choose one that is offered, or none."))
        return typed

    def clean_answers(self) -> int | None:
        """A measure of the plan above, by its number or as it is offered."""
        typed = str(self.cleaned_data["answers"])
        found = self.offered.upper_called(typed) if typed else None
        if typed and found is None:
            raise django_forms.ValidationError(
                _("There is no such measure in the plan above. Choose one that is offered, or none.")
            )
        return found

    def clean(self) -> dict[str, Any]:
        """A measure that says anything says what is to be done."""
        values = super().clean() or {}
        says = [values.get(name) for name in ("lead", "deadline", "product", "provision", "coordinators", "indicator")]
        if any(says) and not values.get("text") and "text" not in self.errors:
            self.add_error("text", self.fields["text"].error_messages["required"])
        return values

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed: such a row is left out."""
        return not self.cleaned_data.get("text")

    def line(self, *, treatment: Treatment = Treatment.OWN, reason: str = "") -> Line:
        """The values typed."""
        values = self.cleaned_data
        unit, lead = self._unit_or_name(values["lead"])
        reference = self.offered.references.get(values.get("provision", ""))
        helpers = (self._unit_or_name(name) for name in values["coordinators"].split(";"))
        return Line(
            text=values["text"],
            lead_unit=unit,
            lead=lead,
            deadline_on=values["deadline"],
            product=values["product"],
            is_urgent=values["is_urgent"],
            provision=reference.provision_id if reference else None,
            key=values["key"],
            coordinators=tuple(Coordinator(helper, name) for helper, name in helpers),
            indicator=values["indicator"],
            target=values["target"],
            target_unit=values["target_unit"],
            is_recurring=values["is_recurring"],
            programmes=tuple(values.get("programmes") or ()),
            answers=values.get("answers") or None,
            treatment=treatment,
            reason=reason,
        )

    def _unit_or_name(self, typed: str) -> tuple[int | None, str]:
        name = typed.strip()
        unit = unit_called(name, self.offered.leads) if name else None
        return unit, "" if unit is not None else name


class OneMeasureForm(MeasureForm):
    """A measure on a page of its own."""

    seen = django_forms.IntegerField(widget=django_forms.HiddenInput(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = True


class ChangedForm(OneMeasureForm):
    """A measure of the plan above in the unit's own words."""

    reason = forms.LongTextField(label=_("Why is it changed?"), rows=2, required=False)


class LeftOutForm(forms.Form):
    """Why a measure of the plan above is left out."""

    reason = forms.LongTextField(
        label=_("Why is it left out?"), rows=3, help_text=_("For example: there is no school in the area.")
    )
    seen = django_forms.IntegerField(widget=django_forms.HiddenInput(), required=False)


MeasureFormSet = django_forms.formset_factory(
    MeasureForm, extra=0, max_num=MOST_ON_A_PAGE, absolute_max=MOST_ON_A_PAGE, validate_max=True
)


def initial_of(line: Line, offered: Offered, names: Mapping[int, str]) -> dict[str, Any]:
    """A measure as the form shows it. ``names``: of its units."""
    called = {reference.provision_id: name for name, reference in offered.references.items()}
    return {
        "key": line.key,
        "text": line.text,
        "lead": names.get(line.lead_unit or 0, "") or line.lead,
        "deadline": line.deadline_on,
        "product": line.product,
        "provision": called.get(line.provision or 0, ""),
        "is_urgent": line.is_urgent,
        "coordinators": "; ".join(names.get(helper.unit or 0, "") or helper.name for helper in line.coordinators),
        "indicator": line.indicator,
        "target": line.target.normalize() + 0 if line.target is not None else None,
        "target_unit": line.target_unit,
        "is_recurring": line.is_recurring,
        "answers": offered.name_of_upper(line.answers),
        "programmes": list(line.programmes),
    }


def typed_lines(rows: django_forms.BaseFormSet[MeasureForm]) -> list[Line]:
    """The measures typed, empty rows left out."""
    return [form.line() for form in rows.forms if not form.is_empty]


def typed_rows(data: QueryDict) -> list[dict[str, Any]]:
    """What was typed in each row, as it was typed."""
    total = min(whole_number(data.get("form-TOTAL_FORMS", "")), MOST_ON_A_PAGE)
    return [
        {name: data.get(f"form-{n}-{name}", "") for name in FIELDS if name != "programmes"}
        | {"programmes": data.getlist(f"form-{n}-programmes")}
        for n in range(total)
    ]


def rearranged(rows: Sequence[dict[str, Any]], button: str) -> list[dict[str, Any]]:
    """The rows after a button: ``add``, ``remove-3``, ``up-3``, ``down-3`` (rows from 0); else as they are."""
    result = list(rows)
    what, _dash, where = button.partition("-")
    if what == "add":
        return [*result, {}][:MOST_ON_A_PAGE]
    place = whole_number(where, default=-1)
    if not 0 <= place < len(result):
        return result
    if what == "remove":
        del result[place]
    other = {"up": place - 1, "down": place + 1}.get(what, place)
    if 0 <= other < len(result) and what in {"up", "down"}:
        result[place], result[other] = result[other], result[place]
    return result
