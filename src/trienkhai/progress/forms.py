"""Which day is asked for, and what a report says."""

from django.utils.translation import gettext_lazy as _

from trienkhai.core import forms


class AskForm(forms.Form):
    """As of which day, and as known on which."""

    as_of = forms.DayField(label=_("As of"), required=False, help_text=_("The state of things on that day."))
    known_at = forms.DayField(
        label=_("As recorded by the end of"),
        required=False,
        help_text=_("Leave empty for everything known now."),
    )
