"""Shapes of what is typed about programmes."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms as django_forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from trienkhai.core import forms
from trienkhai.organisation.models import Unit
from trienkhai.programmes.rules import LONGEST, Facts, Fault, ProgrammeKind
from trienkhai.programmes.texts import KIND_NAMES, TEXTS

ONE_DAY = timedelta(days=1)


class OwnerChoice(forms.KeyChoiceField):
    """The unit that leads the programme."""

    names: Mapping[int, str]

    def label_from_instance(self, obj: Unit) -> str:
        """The unit's name today."""
        return self.names.get(obj.pk, "")


class ProgrammeForm(forms.Form):
    """What is known of a programme."""

    kind = django_forms.ChoiceField(
        label=pgettext_lazy("of a programme", "Kind"), choices=[(k.value, name) for k, name in KIND_NAMES.items()]
    )
    name = django_forms.CharField(
        label=pgettext_lazy("of a programme", "Name"),
        max_length=LONGEST["name"],
        error_messages={"required": TEXTS[Fault.NAME_EMPTY]},  # type: ignore[dict-item]
    )
    starts_on = forms.DayField(label=_("First day"))
    last_on = forms.DayField(
        label=_("Last day"), required=False, help_text=_("Leave it empty while the programme goes on.")
    )
    note = forms.LongTextField(label=_("What it is about"), required=False, rows=4, max_length=LONGEST["note"])

    def facts(self) -> Facts:
        """The values typed."""
        values = self.cleaned_data
        last_on = values["last_on"]
        return Facts(
            kind=ProgrammeKind(values["kind"]),
            name=values["name"],
            starts_on=values["starts_on"],
            ends_on=last_on + ONE_DAY if last_on else None,
            note=values["note"],
        )


class CreateForm(ProgrammeForm):
    """A new programme."""

    owner = OwnerChoice(
        Unit.objects.none(),
        label=_("Led by"),
        help_text=_("Measures and meetings of this unit and of every unit below it can be tied to the programme."),
    )

    def __init__(self, *args: Any, owners: QuerySet[Unit], names: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        if not isinstance(owner, OwnerChoice):  # pragma: no cover - says the type
            raise TypeError
        owner.names, owner.queryset = names, owners
        self.only_owner = owners.get() if len(names) == 1 else None
        if self.only_owner is not None:
            del self.fields["owner"]

    def owner_chosen(self) -> Unit:
        """The unit chosen, or the only one there is."""
        chosen: Unit = self.only_owner or self.cleaned_data["owner"]
        return chosen


class ChangeForm(ProgrammeForm):
    """A programme that is there already: it stays with its unit. ``seen`` notices somebody else's change."""

    seen = django_forms.IntegerField(widget=django_forms.HiddenInput())
