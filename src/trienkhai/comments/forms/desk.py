"""Shapes of what is typed at the desk."""

from collections.abc import Sequence
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from trienkhai.comments.forms.finding import Found, find, is_long, shortened, with_value
from trienkhai.comments.queries.clauses import Clause
from trienkhai.comments.queries.desk import Filters
from trienkhai.comments.rules import About, DispositionKind
from trienkhai.comments.rules.grouping import Reply
from trienkhai.comments.texts import ABOUT_NAMES, DISPOSITION_NAMES
from trienkhai.core import forms

LONGEST_OPTION = 110


class DeskFilterForm(forms.Form):
    """What of the desk is shown. Whatever makes no sense is left out."""

    words = django_forms.CharField(label=_("Words in it"), max_length=100, required=False)
    state = django_forms.ChoiceField(
        label=_("State"),
        choices=[
            ("", _("all")),
            ("waiting", _("not answered yet")),
            ("answered", _("answered")),
            ("in_time", _("answered in time")),
            ("late", _("answered late")),
        ],
        required=False,
    )
    kind = django_forms.ChoiceField(
        label=_("Answer"),
        choices=[("", _("all")), *((k.value, n) for k, n in DISPOSITION_NAMES.items())],
        required=False,
    )
    about = django_forms.ChoiceField(
        label=_("About"),
        choices=[("", _("everything")), *((a.value, n) for a, n in ABOUT_NAMES.items() if a is not About.PERSON)],
        required=False,
    )
    measure = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)
    theme = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)
    stuck = django_forms.BooleanField(widget=django_forms.HiddenInput, required=False)

    def filters(self) -> Filters:
        """What is asked for."""
        self.is_valid()
        asked = self.cleaned_data
        kind, about = asked.get("kind"), asked.get("about")
        return Filters(
            is_answered={"waiting": False, "answered": True}.get(asked.get("state") or ""),
            kind=DispositionKind(kind) if kind else None,
            about=About(about) if about else None,
            measure=asked.get("measure"),
            theme=asked.get("theme"),
            words=asked.get("words") or "",
            is_timely={"in_time": True, "late": False}.get(asked.get("state") or ""),
            is_stuck=bool(asked.get("stuck")),
        )


class AnswerForm(forms.Form):
    """An answer to one group or several. Of very many measures the list shows those chosen and those looked for."""

    summary = forms.LongTextField(
        label=_("What was said, in your own words"),
        help_text=_("Others read this: in the table, beside the changed clause. Never the author’s own words."),
        required=False,
        rows=3,
    )
    kind = django_forms.ChoiceField(
        label=_("What becomes of it"),
        widget=django_forms.RadioSelect,
        choices=[(k.value, n) for k, n in DISPOSITION_NAMES.items()],
    )
    measure = django_forms.ChoiceField(
        label=_("The measure of the draft that changes"), help_text=_("When it is accepted."), required=False
    )
    find = django_forms.CharField(
        label=_("Find a measure"), help_text=_("Its number, or words in it"), required=False, max_length=80
    )
    passed_to = django_forms.CharField(
        label=_("Passed on to"), help_text=_("When it is passed on."), max_length=200, required=False
    )
    answer = forms.LongTextField(
        label=_("Answer"), help_text=_("The authors read this; whoever wrote without a name, by receipt."), rows=5
    )
    on = forms.DayField(label=_("Answered on"))

    def __init__(self, *args: Any, clauses: Sequence[Clause], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_key = {str(clause.key): clause.measure for clause in clauses}
        titles = {str(one.key): _clause_words(number, one) for number, one in enumerate(clauses, start=1)}
        self.found = Found()
        if not is_long(titles):
            del self.fields["find"]
        elif self.is_looking:
            self.found = find(titles, self.data.get("find", "")[:80])
            if self.found.keys:
                self.data = with_value(self.data, "measure", self.found.keys[0])
        field = self.fields["measure"]
        assert isinstance(field, django_forms.ChoiceField)  # noqa: S101 - as declared above
        nothing = ("", gettext("no measure"))
        field.choices = [nothing, *titles.items()]
        chosen = self.data.get("measure", "") if self.is_bound else str(self.initial.get("measure", ""))
        shown = shortened(titles, kept=[chosen, *self.found.keys])
        field.widget.choices = [nothing, *shown.items()]

    @property
    def is_looking(self) -> bool:
        """Whether only a measure is looked for: nothing is answered yet."""
        return self.is_bound and self.data.get("do") == "find"

    def reply(self) -> Reply:
        """What is answered."""
        said = self.cleaned_data
        return Reply(
            kind=DispositionKind(said["kind"]),
            answer=said["answer"],
            on=said["on"],
            summary=said["summary"],
            measure=self.by_key.get(said["measure"]),
            passed_to=said["passed_to"],
        )


def _clause_words(number: int, clause: Clause) -> str:
    if clause.is_removed:
        return gettext("taken out: %(text)s") % {"text": clause.text[:LONGEST_OPTION]}
    return f"{number}. {clause.text[:LONGEST_OPTION]}"


class TitleForm(forms.Form):
    """The name of a theme."""

    title = django_forms.CharField(label=_("Name of the theme"), max_length=250)
