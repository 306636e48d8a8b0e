"""Shapes of what is typed about tasks and indicators."""

from collections.abc import Collection, Iterable
from decimal import InvalidOperation
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from trienkhai.core import forms
from trienkhai.core.pages import Text
from trienkhai.files.rules import LARGEST, MEGABYTE, FileKind
from trienkhai.organisation.models import Person, Unit
from trienkhai.plans.rules.sheets import number_in
from trienkhai.plans.rules.tasks import LONGEST_TASK, Asked, Done
from trienkhai.text import clean_line

EVIDENCE = (*(f".{kind}" for kind in FileKind), ".jpeg")
type Choices = Iterable[tuple[str, str]]


class _TermsForm(forms.Form):
    """What a task asks, but of whom."""

    text = forms.LongTextField(
        label=pgettext_lazy("of a task", "What is to be done"), rows=3, max_length=LONGEST_TASK["text"]
    )
    product = django_forms.CharField(
        label=_("Product"),
        required=False,
        max_length=LONGEST_TASK["product"],
        help_text=_("What shows that it was done, like a report or minutes."),
    )
    deadline_on = forms.DayField(label=_("Deadline"), required=False)
    is_urgent = django_forms.BooleanField(label=_("Urgent: stands first everywhere"), required=False)

    def _asked(self, *, unit: int | None = None, person: int | None = None) -> Asked:
        values = self.cleaned_data
        return Asked(
            text=values["text"],
            starts_on=values["starts_on"],
            unit=unit,
            person=person,
            product=values["product"],
            deadline_on=values["deadline_on"],
            is_urgent=values["is_urgent"],
        )


class GiveForm(_TermsForm):
    """The same work for several units, or for several persons."""

    starts_on = forms.DayField(label=_("From"))
    everyone = django_forms.BooleanField(required=False)
    to = django_forms.MultipleChoiceField(
        label=_("Who is to do it"),
        required=False,
        widget=django_forms.CheckboxSelectMultiple,
        help_text=_("Each gets a task of their own and reports on it."),
    )

    def __init__(
        self, *args: Any, choices: Choices, is_to_persons: bool, everyone: Collection[UUID] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.is_to_persons, self.keys = is_to_persons, list(everyone)
        if len(self.keys) > 1:
            label = _("Everybody in this list (%s)") if is_to_persons else _("Every unit directly below (%s)")
            self.fields["everyone"].label = label % len(self.keys)
        else:
            del self.fields["everyone"]
        to = self.fields["to"]
        if isinstance(to, django_forms.MultipleChoiceField):
            to.choices = list(choices)

    def clean(self) -> dict[str, Any]:
        """Somebody has to do it."""
        values = super().clean() or {}
        if not values.get("to") and not values.get("everyone") and "to" not in self.errors:
            self.add_error("to", _("Choose at least one to whom it is given."))
        return values

    def asked(self) -> list[Asked]:
        """One for each."""
        keys = [UUID(key) for key in self.cleaned_data["to"]]
        if self.cleaned_data.get("everyone"):
            keys = list(dict.fromkeys([*self.keys, *keys]))
        if self.is_to_persons:
            people = Person.objects.filter(key__in=keys).order_by("sort_key", "pk")
            return [self._asked(person=person) for person in people.values_list("pk", flat=True)]
        units = dict(Unit.objects.filter(key__in=keys).values_list("key", "pk"))
        return [self._asked(unit=units[key]) for key in keys]


class ChangeTaskForm(_TermsForm):
    """What a task asks from a day on; whom it asks stays."""

    starts_on = forms.DayField(
        label=_("Holds from"),
        help_text=_("The day on which this was decided. The task’s first day when it was a slip."),
    )
    seen = django_forms.IntegerField(widget=django_forms.HiddenInput())

    def asked(self, *, unit: int | None, person: int | None) -> Asked:
        """As typed."""
        return self._asked(unit=unit, person=person)


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = django_forms.CharField(label=_("Why"), max_length=LONGEST_TASK["reason"])
    seen = django_forms.IntegerField(widget=django_forms.HiddenInput())


class WithdrawTaskForm(ReasonForm):
    """From which day it is no longer to be done, and why."""

    on = forms.DayField(label=_("From"), help_text=_("The task’s first day when it was given by mistake."))
    field_order = ("on", "reason", "seen")


class ReportForm(forms.Form):
    """That a task was done: made for a telephone, so as little as there can be."""

    on = forms.DayField(label=_("Done on"))
    product = django_forms.CharField(
        label=_("Product"),
        required=False,
        max_length=LONGEST_TASK["product"],
        help_text=_("What came of it, like Report 12-BC/CB."),
    )
    note = forms.LongTextField(label=_("Note"), required=False, rows=3, max_length=LONGEST_TASK["note"])
    file = forms.FileField(label=_("Evidence"), required=False, kinds=EVIDENCE, megabytes=LARGEST // MEGABYTE)
    told_by = django_forms.CharField(
        label=_("Who said so"),
        required=False,
        max_length=LONGEST_TASK["told_by"],
        help_text=_("When you enter it for somebody else: from a sheet, or told by telephone."),
    )
    seen = django_forms.IntegerField(widget=django_forms.HiddenInput())

    def __init__(self, *args: Any, is_own: bool, kept: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_own:
            del self.fields["told_by"]
        if kept := list(kept):
            self.fields["without"] = django_forms.MultipleChoiceField(
                label=_("Take these files away"),
                required=False,
                choices=kept,
                widget=django_forms.CheckboxSelectMultiple,
            )

    def done(self) -> Done:
        """As typed."""
        values = self.cleaned_data
        return Done(values["on"], values["product"], values["note"], values.get("told_by", ""))

    def taken_away(self) -> list[UUID]:
        """Keys of the files to take away."""
        return [UUID(key) for key in self.cleaned_data.get("without", [])]


class NumberField(django_forms.CharField):
    """A number as it is written here: decimal comma, dots between thousands."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 30)
        kwargs.setdefault("widget", django_forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        """The number; ``None`` when empty."""
        text = clean_line(str(super().clean(value) or ""))
        if not text:
            return None
        try:
            return number_in(text)
        except InvalidOperation:
            message = _("“%(value)s” is not a number. Write it like 12 or 12,5.")
            raise ValidationError(message, code="invalid", params={"value": text}) from None


class ValueForm(forms.Form):
    """What an indicator showed in a unit on a day."""

    unit = django_forms.ChoiceField(label=_("Unit"))
    on = forms.DayField(label=_("As of"))
    value = NumberField(label=_("Value"))
    note = django_forms.CharField(
        label=_("Note"),
        required=False,
        max_length=LONGEST_TASK["indicator_note"],
        help_text=_("Where the number comes from."),
    )

    def __init__(self, *args: Any, units: Choices, value_label: Text = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        if isinstance(unit, django_forms.ChoiceField):
            unit.choices = list(units)
        if value_label:
            self.fields["value"].label = str(value_label)

    def unit_chosen(self) -> Unit:
        """The unit."""
        return Unit.objects.get(key=self.cleaned_data["unit"])
