"""Shapes of changes to people."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from trienkhai.core import forms
from trienkhai.organisation.actions import Particulars
from trienkhai.organisation.forms.fields import BirthField, UnitField
from trienkhai.organisation.models import Person
from trienkhai.organisation.rules import MemberKind, PostKind, Tie
from trienkhai.organisation.texts import MEMBER_KINDS, POST_KINDS, TIES
from trienkhai.text import PartialDate

_MEMBER_KINDS = [(kind.value, MEMBER_KINDS[kind]) for kind in MemberKind]
_SEXES = [("", _("not known")), ("f", _("female")), ("m", _("male"))]


class ParticularsForm(forms.Form):
    """What is known of a person besides ties and posts."""

    full_name = django_forms.CharField(
        label=_("Full name"), max_length=120, error_messages={"required": _("Enter a name.")}
    )
    birth = BirthField(
        label=_("Born"),
        required=False,
        help_text=_("For example 03/02/1958, 02/1958, or 1958 when only that is known."),
    )
    sex = django_forms.ChoiceField(label=_("Sex"), choices=_SEXES, required=False)
    phone = django_forms.CharField(label=_("Telephone"), max_length=30, required=False)
    card_number = django_forms.CharField(label=_("Party card number"), max_length=30, required=False)
    note = django_forms.CharField(
        label=_("Note"), max_length=250, required=False, help_text=_("Tells namesakes apart, for example: “khu 3”.")
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        birth = self.fields["birth"]
        if isinstance(birth, BirthField):
            birth.last_year = today.year

    @property
    def particulars(self) -> Particulars:
        """What was typed, once the form is valid."""
        values = self.cleaned_data
        birth: PartialDate | None = values["birth"]
        return Particulars(
            full_name=values["full_name"],
            birth_year=birth.year if birth else None,
            birth_month=birth.month if birth else None,
            birth_day=birth.day if birth else None,
            sex=values["sex"],
            phone=values["phone"],
            card_number=values["card_number"],
            note=values["note"],
        )

    @staticmethod
    def initial_of(person: Person) -> dict[str, Any]:
        """What is known now, for the form to begin with."""
        birth = birth_of(person)
        return {
            "full_name": person.full_name,
            "birth": birth,
            "sex": person.sex,
            "phone": person.phone,
            "card_number": person.card_number,
            "note": person.note,
        }


class NewPersonForm(ParticularsForm):
    """Somebody to add to a unit."""

    kind = django_forms.ChoiceField(
        label=pgettext_lazy("person", "Is"), choices=_MEMBER_KINDS, initial=MemberKind.OFFICIAL
    )
    on = forms.DayField(label=_("In the unit from"))
    field_order = ("full_name", "birth", "kind", "on", "sex", "phone", "card_number", "note")


class DayForm(forms.Form):
    """The day something holds from."""

    on = forms.DayField(label=_("From"))

    def __init__(self, *args: Any, label: Any = "", hint: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = label or self.fields["on"].label
        self.fields["on"].help_text = hint


class ToUnitForm(forms.Form):
    """Into which unit, and from when."""

    to_unit = UnitField(label=_("Unit"), error_messages={"required": _("Choose one of the list.")})
    on = forms.DayField(label=_("From"))

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_unit"].offer(units)  # type: ignore[attr-defined]


class JoinForm(ToUnitForm):
    """A tie to a unit."""

    kind = django_forms.ChoiceField(
        label=pgettext_lazy("person", "Is"), choices=_MEMBER_KINDS, initial=MemberKind.OFFICIAL
    )
    field_order = ("to_unit", "kind", "on")


class FurtherTieForm(ToUnitForm):
    """A tie that does not count."""

    tie = django_forms.ChoiceField(
        label=_("Tie"),
        choices=[(tie.value, TIES[tie]) for tie in Tie if tie is not Tie.COUNTING],
        widget=django_forms.RadioSelect,
    )
    field_order = ("tie", "to_unit", "on")


class PostForm(ToUnitForm):
    """A post in a unit."""

    kind = django_forms.ChoiceField(label=_("Post"), choices=[(kind.value, POST_KINDS[kind]) for kind in PostKind])
    title = django_forms.CharField(
        label=_("As written"), max_length=150, required=False, help_text=_("Only when the post is called otherwise.")
    )
    field_order = ("kind", "to_unit", "title", "on")


class DuplicateForm(forms.Form):
    """Which entry is kept."""

    keep = django_forms.ChoiceField(
        label=_("The same person as"),
        widget=django_forms.RadioSelect,
        error_messages={"required": _("Choose one of the list.")},
    )

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["keep"].choices = list(people)  # type: ignore[attr-defined]


def birth_of(person: Person) -> PartialDate | None:
    """What is known of a person's date of birth."""
    if person.birth_year is None:
        return None
    return PartialDate(person.birth_year, person.birth_month, person.birth_day)


class EndPostForm(forms.Form):
    """A post ends, or never was."""

    what = django_forms.ChoiceField(
        label=_("What happened"),
        choices=[("ends", _("The post ends")), ("mistake", _("It was entered by mistake: as if it had never been"))],
        widget=django_forms.RadioSelect,
        initial="ends",
    )
    on = forms.DayField(label=_("The post ends on"), required=False, help_text=_("The first day without the post."))

    def clean(self) -> dict[str, Any]:
        """A post that ends needs a day."""
        values = super().clean() or self.cleaned_data
        if values.get("what") == "ends" and not values.get("on") and "on" not in self.errors:
            self.add_error("on", _("Enter the day, like 27/03/2012."))
        return values
