"""Fields for units, births and kinds."""

from collections.abc import Iterable
from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from trienkhai.organisation.models import Unit
from trienkhai.text import DayError, PartialDate, parse_day, short_date


class UnitField(django_forms.ChoiceField):
    """One unit out of those given as ``[(key, name), …]``; its value is the unit's id."""

    def __init__(self, *, units: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(choices=[("", _("Choose …")), *units], **kwargs)

    def offer(self, units: Iterable[tuple[str, str]]) -> None:
        """Give the units to choose from."""
        self.choices = [("", _("Choose …")), *units]

    def clean(self, value: Any) -> Any:
        """The unit's id; ``None`` when nothing is chosen."""
        key = super().clean(value)
        return Unit.objects.values_list("pk", flat=True).get(key=key) if key else None


class UnitsField(django_forms.MultipleChoiceField):
    """Several units out of those given; their ids."""

    widget = django_forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> list[Any]:
        """The units' ids."""
        keys = super().clean(value)
        return list(Unit.objects.filter(key__in=keys).order_by("pk").values_list("pk", flat=True))


class BirthField(django_forms.CharField):
    """A date of birth of which perhaps only the year, or the month and year, is known."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20)
        super().__init__(**kwargs)
        self.last_year = 2049

    def clean(self, value: Any) -> Any:
        """A :class:`PartialDate`, or ``None``."""
        text = super().clean(value)
        if not text:
            return None
        try:
            day = parse_day(text, last_short_year=self.last_year)
        except DayError:
            message = _("This cannot be a date of birth. Write it like 03/02/1958, or the year alone.")
            raise ValidationError(message, code="birth_impossible") from None
        return day if isinstance(day, PartialDate) else PartialDate(day.year, day.month, day.day)

    def prepare_value(self, value: Any) -> Any:
        """As it is written: what is not known left out."""
        return short_date(value) if isinstance(value, PartialDate) else value
