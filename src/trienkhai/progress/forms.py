"""Which day is asked for, and what a report says."""

from dataclasses import fields

from django.forms import CharField, ChoiceField, HiddenInput, IntegerField
from django.utils.translation import gettext_lazy as _

from trienkhai.core import forms
from trienkhai.progress.actions import ReportText
from trienkhai.progress.rules.prose import LONGEST_BODY


class AskForm(forms.Form):
    """As of which day, and as known on which."""

    as_of = forms.DayField(label=_("As of"), required=False, help_text=_("How things stood on that day."))
    known_at = forms.DayField(
        label=_("As recorded by the end of"),
        required=False,
        help_text=_("Leave empty for everything known now."),
    )


class CreateReportForm(forms.Form):
    """What a report begins with."""

    as_of = forms.DayField(label=_("The report speaks of"), help_text=_("Figures are counted as of that day."))
    language = ChoiceField(label=_("Language of the report"), choices=(("vi", "Tiếng Việt"), ("en", "English")))


class ReportForm(forms.Form):
    """The words of a report and its layout."""

    version = IntegerField(widget=HiddenInput)
    subject = CharField(label=_("Subject"), max_length=500)
    body = forms.LongTextField(label=_("Text"), rows=24, max_length=LONGEST_BODY)
    kind = CharField(label=_("Kind of document"), max_length=80, required=False)
    upper_organ = CharField(label=_("Upper organ"), max_length=200, required=False)
    organ = CharField(label=_("Issuing organ"), max_length=200, required=False)
    number = CharField(
        label=_("Number"), max_length=60, required=False, strip=False, help_text=_("Room is left before the hyphen.")
    )
    place = CharField(label=_("Place"), max_length=100, required=False)
    dated_on = forms.DayField(
        label=_("Date of the document"), required=False, help_text=_("Left empty, room is left to write it in.")
    )
    signer_authority = CharField(label=_("Signing for"), max_length=120, required=False)
    signer_post = CharField(label=_("Post of the signer"), max_length=120, required=False)
    signer = CharField(label=_("Name of the signer"), max_length=120, required=False)
    recipients = forms.LongTextField(
        label=_("Recipients"), rows=4, required=False, max_length=2_000, help_text=_("Each on a line of its own.")
    )

    def text(self) -> ReportText:
        """What was written, once the form is valid."""
        return ReportText(**{field.name: self.cleaned_data[field.name] for field in fields(ReportText)})


class ScanForm(forms.Form):
    """The signed and sealed paper."""

    file = forms.FileField(label=_("Signed and sealed copy"), kinds=(".pdf", ".jpg", ".jpeg", ".png"), megabytes=25)
