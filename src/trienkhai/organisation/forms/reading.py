"""Which day a page speaks of, and what is searched for."""

from datetime import date

from django import forms as django_forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from trienkhai.core import forms


class AsOfForm(forms.Form):
    """The day a page speaks of, and the day up to whose end what was recorded counts."""

    as_of = forms.DayField(label=_("As of"), required=False)
    known_at = forms.DayField(label=_("As recorded by the end of"), required=False)


class SearchForm(forms.Form):
    """What is looked for."""

    q = django_forms.CharField(label=_("Unit or name"), required=False, max_length=100)


def days_asked(query: QueryDict, today: date) -> tuple[AsOfForm, date, date | None]:
    """The form as asked, the day meant (today when nothing usable was typed), and the day of knowledge."""
    asked = {name: query[name] for name in ("as_of", "known_at") if query.get(name)}
    form = AsOfForm(asked) if asked else AsOfForm(initial={"as_of": today})
    if not form.is_bound:
        return form, today, None
    form.is_valid()
    as_of, known_at = form.cleaned_data.get("as_of") or today, form.cleaned_data.get("known_at")
    return form, as_of, known_at if known_at and known_at < today else None
