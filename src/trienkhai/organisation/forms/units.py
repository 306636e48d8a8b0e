"""Shapes of changes to units."""

from collections.abc import Sequence
from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from trienkhai.core import forms
from trienkhai.organisation.forms.fields import UnitField, UnitsField
from trienkhai.organisation.rules import BodyKind, UnitKind
from trienkhai.organisation.texts import BODY_KINDS, UNIT_KINDS

_FIRST_DAY = _("The first day on which this holds.")


class _UnitNames(forms.Form):
    name = django_forms.CharField(
        label=pgettext_lazy("unit", "Name"), max_length=250, error_messages={"required": _("Enter a name.")}
    )
    short_name = django_forms.CharField(
        label=_("Short name"), max_length=60, required=False, help_text=_("For narrow tables, for example “CB khu 1”.")
    )


class OpenUnitForm(_UnitNames):
    """A unit to open."""

    kind = django_forms.ChoiceField(label=_("Kind of unit"), choices=[], widget=django_forms.RadioSelect)
    on = forms.DayField(label=_("Open from"), help_text=_FIRST_DAY)
    place = django_forms.CharField(
        label=_("Place written before the date"),
        max_length=100,
        required=False,
        help_text=_("At the head of its documents, for example: Hoà Lạc"),
    )

    def __init__(self, *args: Any, kinds: Sequence[UnitKind] = tuple(UnitKind), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        if isinstance(field, django_forms.ChoiceField):
            field.choices = [(kind.value, UNIT_KINDS[kind]) for kind in kinds]


class RenameUnitForm(_UnitNames):
    """Another name from a day on."""

    on = forms.DayField(label=_("From"), help_text=_FIRST_DAY)
    field_order = ("name", "short_name", "on")


class CorrectUnitForm(_UnitNames):
    """What was entered wrongly."""

    place = django_forms.CharField(label=_("Place written before the date"), max_length=100, required=False)
    opened_on = forms.DayField(label=_("Open from"), required=False)


class ChangeKindForm(forms.Form):
    """A unit becomes one of another kind."""

    kind = django_forms.ChoiceField(
        label=_("What it becomes"),
        choices=[(kind.value, UNIT_KINDS[kind]) for kind in UnitKind],
        widget=django_forms.RadioSelect,
    )
    on = forms.DayField(label=_("From"), help_text=_FIRST_DAY)


class MoveUnitForm(forms.Form):
    """A unit goes under another."""

    to_parent = UnitField(label=_("Put under"), error_messages={"required": _("Choose one of the list.")})
    on = forms.DayField(label=_("From"), help_text=_FIRST_DAY)

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_parent"].offer(units)  # type: ignore[attr-defined]


class CloseUnitForm(forms.Form):
    """An empty unit closes."""

    on = forms.DayField(label=_("Closed from"), help_text=_("The first day without the unit."))


class MergeUnitsForm(forms.Form):
    """Units become one."""

    units = UnitsField(
        label=_("Merge with"), error_messages={"required": _("Choose at least one other unit to merge.")}
    )
    name = django_forms.CharField(
        label=_("Name of the merged unit"),
        max_length=250,
        required=False,
        help_text=_("Leave this empty to keep this unit and its name; the others then close."),
    )
    on = forms.DayField(label=_("From"), help_text=_("The first day of the merged unit."))

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].choices = list(units)  # type: ignore[attr-defined]


class SplitUnitForm(forms.Form):
    """Some people and units below go into a new unit."""

    name = django_forms.CharField(
        label=_("Name of the new unit"), max_length=250, error_messages={"required": _("Enter a name.")}
    )
    on = forms.DayField(label=_("From"), help_text=_("The first day of the new unit."))
    children = UnitsField(label=_("Units below that go there"), required=False)
    people = django_forms.MultipleChoiceField(
        label=_("People who go there"), required=False, widget=django_forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        people: Sequence[tuple[str, str]],
        children: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("people", people), ("children", children)):
            if choices:
                self.fields[name].choices = list(choices)  # type: ignore[attr-defined]
            else:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Somebody or something has to go."""
        values = super().clean() or self.cleaned_data
        if not values.get("people") and not values.get("children") and not self.errors:
            raise ValidationError(_("Choose who or what goes into the new unit."), code="nobody")
        return values


class BodyForm(forms.Form):
    """Those who lead a unit, as one."""

    kind = django_forms.ChoiceField(
        label=_("Kind"), choices=[(kind.value, BODY_KINDS[kind]) for kind in BodyKind], widget=django_forms.RadioSelect
    )
    name = django_forms.CharField(
        label=pgettext_lazy("unit", "Name"),
        max_length=250,
        error_messages={"required": _("Enter a name.")},
        help_text=_("As it stands on documents, for example: Ban Thường vụ Đảng uỷ phường"),
    )
    on = forms.DayField(label=_("From"), help_text=_FIRST_DAY)


class EndBodyForm(forms.Form):
    """A body is dissolved."""

    on = forms.DayField(label=_("Dissolved from"), help_text=_("The first day without it. Posts in it end with it."))
