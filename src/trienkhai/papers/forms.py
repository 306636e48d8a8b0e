"""Shapes of what is typed about papers."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from trienkhai.core import forms
from trienkhai.papers.texts import FORM_NAMES
from trienkhai.rollouts.rules import PaperForm

ON_PAPER = (PaperForm.HANDWRITTEN, PaperForm.SPOKEN)
"""Forms that somebody else can enter for the author."""


class HandInForm(forms.Form):
    """When and how people handed in; who, is ticked in the list."""

    on = forms.DayField(label=_("Handed in on"))
    form = django_forms.ChoiceField(label=_("How"), widget=django_forms.RadioSelect)
    told_by = django_forms.CharField(label=_("Who told it, if by telephone"), max_length=150, required=False)

    def __init__(self, *args: Any, allowed: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(form, FORM_NAMES[form]) for form in ON_PAPER if form in allowed]
        field = self.fields["form"]
        assert isinstance(field, django_forms.ChoiceField)  # noqa: S101 - narrows the type
        field.choices = choices
        field.initial = choices[0][0] if choices else None


class OnDayForm(forms.Form):
    """A day."""

    on = forms.DayField(label=_("Day"))


class WritingForm(forms.Form):
    """The author's words: one field a question."""

    version = django_forms.IntegerField(widget=django_forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, questions: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = [f"answer-{number}" for number in range(len(questions))]
        for name, question in zip(self.names, questions, strict=True):
            self.fields[name] = django_forms.CharField(
                label=question,
                required=False,
                strip=False,
                widget=django_forms.Textarea({"rows": 12, "class": "writing", "spellcheck": "true"}),
            )

    def answers(self) -> list[str]:
        """The answers in the order of the questions."""
        return [self.cleaned_data[name].replace("\r\n", "\n") for name in self.names]

    def rows(self) -> list[Any]:
        """The bound fields of the questions."""
        return [self[name] for name in self.names]


class FileForm(forms.Form):
    """A paper as a file, or a photograph of it."""

    file = forms.FileField(label=_("Your paper"), kinds=(".pdf", ".docx", ".doc", ".odt", ".jpg", ".png"))


class NoteForm(forms.Form):
    """What is to be mended."""

    note = forms.LongTextField(label=_("What is to be mended?"), rows=4, max_length=5_000)


def today_or(day: date, deadline: date | None) -> date:
    """The day offered first: today, or the deadline when that has passed."""
    return min(day, deadline) if deadline else day
