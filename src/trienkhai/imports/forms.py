"""The drop of a list, what its columns are, and who a row is."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from trienkhai.core import forms
from trienkhai.core.decisions import Invalid
from trienkhai.imports.rules.fields import KEPT, NEVER_KEPT, PRIVATE, Field, ListKind
from trienkhai.imports.rules.layouts import Layout
from trienkhai.imports.rules.limits import LIMITS
from trienkhai.imports.rules.states import Decision, ImportFault
from trienkhai.imports.texts import FIELDS, KINDS


class DropForm(forms.Form):
    """A list, and whose it is."""

    file = forms.FileField(
        label=_("The list"),
        megabytes=LIMITS.file_bytes // forms.MEGABYTE,
        help_text=_("The Excel file (.xlsx) or text file (.csv) as it is. Nothing is written before you confirm."),
    )
    unit = django_forms.ChoiceField(label=_("Whose list this is"))
    holds_from = forms.DayField(
        label=_("From which day it holds"),
        help_text=_("Members count in their cells from this day on. Take a day before the first thing you will enter."),
    )
    kind = django_forms.ChoiceField(
        label=_("What is in it"),
        required=False,
        choices=[("", _("See by the headings")), *((kind.value, KINDS[kind]) for kind in ListKind)],
    )

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]], latest: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".xlsx,.csv,.txt"  # a wish; what counts is what is in it
        field = self.fields["unit"]
        if isinstance(field, django_forms.ChoiceField):
            field.choices = list(units)
        self.fields["holds_from"].latest = latest  # type: ignore[attr-defined]
        if len(units) == 1:
            field.widget = django_forms.HiddenInput()
            field.initial = units[0][0]


def meanings(kind: ListKind) -> list[tuple[str, str]]:
    """What a column of such a list may hold, private ones last."""
    fields = [field for field in Field if field in KEPT[kind] and field not in NEVER_KEPT]
    fields.sort(key=lambda field: field in PRIVATE)
    return [(field.value, str(FIELDS[field])) for field in fields]


def column_choices(data: QueryDict, layouts: Sequence[Layout], kind: ListKind) -> dict[str, dict[int, Field | None]]:
    """What was posted for each column: ``column-<layout>-<index>``, empty for "leave out".

    Raises:
        Invalid: something no column of this list can hold.
    """
    allowed = {field.value for field in KEPT[kind]}
    choices: dict[str, dict[int, Field | None]] = {}
    for layout in layouts:
        of_layout = choices.setdefault(layout.key, {})
        for column in layout.columns:
            said = data.get(f"column-{layout.key}-{column.index}")
            if said is None:
                continue
            if said and said not in allowed:
                raise Invalid(ImportFault.COLUMN_UNKNOWN, on="columns")
            of_layout[column.index] = Field(said) if said else None
    return choices


class AnswerForm(forms.Form):
    """Who a row is: ``new``, ``skip``, ``same-<key>`` or ``moved-<key>``."""

    answer = django_forms.ChoiceField(
        label=_("Who is this?"),
        widget=django_forms.RadioSelect,
        error_messages={"required": _("Say who this is."), "invalid_choice": _("Say who this is.")},
    )
    moved_on = forms.DayField(label=_("Moved on"), required=False)

    def __init__(self, *args: Any, answers: Mapping[str, str], latest: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["answer"]
        if isinstance(field, django_forms.ChoiceField):
            field.choices = list(answers.items())
        self.fields["moved_on"].latest = latest  # type: ignore[attr-defined]
        if not any(answer.startswith("moved-") for answer in answers):
            del self.fields["moved_on"]

    @property
    def decision(self) -> Decision:
        """What was said."""
        return Decision(self.cleaned_data["answer"].partition("-")[0])

    @property
    def person(self) -> UUID | None:
        """Whom it is about, if it is somebody there."""
        key = self.cleaned_data["answer"].partition("-")[2]
        return UUID(key) if key else None
