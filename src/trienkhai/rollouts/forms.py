"""Shapes of what is typed about roll-outs."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django import forms as django_forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from trienkhai.core import forms
from trienkhai.directives.models import Directive
from trienkhai.organisation.models import Unit
from trienkhai.rollouts.rules import (
    DEFAULT_UNIT_KINDS,
    CellStudyRule,
    Owing,
    PaperForm,
    RolloutError,
    RolloutPlan,
    StepKind,
    StepPlan,
)
from trienkhai.rollouts.texts import ERRORS, PAPER_FORM_NAMES, WHO_ELSE

STUDY_RULES = [
    (CellStudyRule.OWN_OR_SEATS, _("it held a study meeting, or had seats in one of an upper unit")),
    (CellStudyRule.OWN_ONLY, _("it held a study meeting of its own")),
    (CellStudyRule.QUORUM, _("either of these, and enough of its roster was there")),
]
PAPER_FORMS = [(form, PAPER_FORM_NAMES[form]) for form in PaperForm]


class DirectiveChoice(forms.KeyChoiceField):
    """One directive, by number and title."""

    def label_from_instance(self, obj: Directive) -> str:
        """Number and title."""
        return f"{obj.number} – {obj.title}"


class DirectivesChoice(django_forms.ModelMultipleChoiceField[Directive]):
    """Several directives as a tick list."""

    widget = django_forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Directive) -> str:
        """Number and title."""
        return f"{obj.number} – {obj.title}"


class UnitChoice(forms.KeyChoiceField):
    """One unit, by its name on the day of asking."""

    def __init__(self, *, names: Mapping[int, str] | None = None, **kwargs: Any) -> None:
        self.names: Mapping[int, str] = names or {}
        super().__init__(**kwargs)

    def label_from_instance(self, obj: Unit) -> str:
        """The unit's name."""
        return self.names.get(obj.pk, "")


class OpenRolloutForm(forms.Form):
    """What a roll-out is opened with; everything but directive, lead unit, title and first day has a good default."""

    directives = DirectivesChoice(
        Directive.objects.none(), to_field_name="key", label=_("What is rolled out"), required=True
    )
    guiding = DirectivesChoice(
        Directive.objects.none(),
        to_field_name="key",
        label=_("Guiding documents of upper levels"),
        required=False,
    )
    title = django_forms.CharField(label=_("Title of the roll-out"), max_length=300)
    lead = UnitChoice(label=_("Lead unit"))
    opens_on = forms.DayField(label=_("First day"), help_text=_("Whoever is a member on this day owes the steps."))
    receive_deadline = forms.DayField(label=_("Received by"), required=False)
    plan_deadline = forms.DayField(label=_("Plans adopted by"), required=False)
    study_deadline = forms.DayField(label=_("Studied by"), required=False)
    paper_deadline = forms.DayField(label=_("Papers handed in by"), required=False)
    study_owed_by = django_forms.MultipleChoiceField(
        label=_("Besides official members, who is to study?"),
        choices=WHO_ELSE,
        widget=django_forms.CheckboxSelectMultiple,
        required=False,
        initial=["probationary"],
    )
    paper_owed_by = django_forms.MultipleChoiceField(
        label=_("Besides official members, who is to give a paper?"),
        choices=WHO_ELSE,
        widget=django_forms.CheckboxSelectMultiple,
        required=False,
        initial=["probationary"],
    )
    cell_study_rule = django_forms.ChoiceField(
        label=_("A cell counts as having studied when"),
        choices=STUDY_RULES,
        widget=django_forms.RadioSelect,
        initial=CellStudyRule.OWN_OR_SEATS,
    )
    quorum_percent = django_forms.IntegerField(
        label=_("How many per cent of its roster is enough?"),
        min_value=1,
        max_value=100,
        required=False,
        help_text=_("Only for the third choice."),
    )
    paper_questions = forms.LongTextField(
        label=_("Questions of the paper"), required=False, rows=4, help_text=_("One on each line.")
    )
    paper_forms = django_forms.MultipleChoiceField(
        label=_("A paper may be"),
        choices=PAPER_FORMS,
        widget=django_forms.CheckboxSelectMultiple,
        initial=[form.value for form in PaperForm],
    )

    def __init__(
        self,
        *args: Any,
        directives: QuerySet[Directive],
        leads: QuerySet[Unit],
        names: Mapping[int, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in ("directives", "guiding"):
            field = self.fields[name]
            assert isinstance(field, DirectivesChoice)  # noqa: S101 - narrows the type
            field.queryset = directives
        if directives.count() == 1:
            del self.fields["guiding"]
        lead = self.fields["lead"]
        assert isinstance(lead, UnitChoice)  # noqa: S101 - narrows the type
        lead.names = names
        lead.queryset = leads

    def clean(self) -> dict[str, Any]:
        """The third study rule needs its share; no deadline before the first day."""
        values = super().clean() or {}
        opens_on = values.get("opens_on")
        for name in (f"{kind}_deadline" for kind in StepKind):
            if opens_on and values.get(name) and values[name] < opens_on:
                self.add_error(name, str(ERRORS[RolloutError.DEADLINE_BEFORE_OPENING]))
        if values.get("cell_study_rule") == CellStudyRule.QUORUM and not values.get("quorum_percent"):
            self.add_error("quorum_percent", _("Say how many per cent are enough."))
        return values

    def plan(self) -> RolloutPlan:
        """The values typed, as the roll-out's plan."""
        values = self.cleaned_data
        questions = tuple(line.strip() for line in values["paper_questions"].splitlines() if line.strip())
        return RolloutPlan(
            title=values["title"],
            opens_on=values["opens_on"],
            steps=tuple(self._step(kind) for kind in StepKind),
            cell_study_rule=CellStudyRule(values["cell_study_rule"]),
            quorum_percent=values["quorum_percent"] or 0,
            paper_questions=questions,
            paper_forms=tuple(PaperForm(form) for form in values["paper_forms"]),
        )

    def _step(self, kind: StepKind) -> StepPlan:
        who: Iterable[str] = self.cleaned_data.get(f"{kind}_owed_by", ())
        chosen = {name: name in who for name, _label in WHO_ELSE}
        deadline: date | None = self.cleaned_data[f"{kind}_deadline"]
        return StepPlan(kind, deadline, Owing(**chosen, unit_kinds=DEFAULT_UNIT_KINDS[kind]))


PROPOSED_DAYS = {StepKind.RECEIVE: 15, StepKind.PLAN: 45, StepKind.STUDY: 90, StepKind.PAPER: 105}
"""Days from the first day to each deadline proposed; practice differs, so they are there to be changed."""


def proposed_deadlines(opens_on: date) -> dict[str, date]:
    """The form's first values for the deadlines, by field."""
    return {f"{kind}_deadline": opens_on + timedelta(days=days) for kind, days in PROPOSED_DAYS.items()}


class DeadlineForm(forms.Form):
    """One step's deadline."""

    deadline_on = forms.DayField(label=_("Deadline"), required=False)


class CloseForm(forms.Form):
    """The day after which nobody new comes to owe anything."""

    on = forms.DayField(label=_("Closed on"))


class ReceiptForm(forms.Form):
    """Days on which several units received the documents."""

    rest_on = forms.DayField(label=_("The same day for all left empty"), required=False)
    note = django_forms.CharField(label=_("How"), max_length=250, required=False)

    def __init__(self, *args: Any, units: Mapping[str, str], received: Mapping[str, date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._received = received
        for key, name in units.items():
            day = received.get(key)
            self.fields[f"on-{key}"] = forms.DayField(label=name, required=False, initial=day)
            was = forms.DayField(required=False, initial=day, widget=django_forms.HiddenInput)
            self.fields[f"was-{key}"] = was

    def clean(self) -> dict[str, Any]:
        """What somebody else has entered since the form was opened is not written over unseen."""
        values = super().clean() or {}
        for key in self._changed(values):
            now = self._received.get(key)
            if now != values.get(f"was-{key}") and now != values[f"on-{key}"]:
                said = {"day": f"{now:%d/%m/%Y}" if now else "–"}
                self.add_error(f"on-{key}", _("Somebody else has entered %(day)s meanwhile. Look, then save.") % said)
                self.data = {**self.data, f"was-{key}": f"{now:%d/%m/%Y}" if now else ""}
        return values

    def _changed(self, values: Mapping[str, Any]) -> list[str]:
        """Units whose day was changed in the form, by key."""
        keys = [name.removeprefix("on-") for name in self.fields if name.startswith("on-")]
        return [key for key in keys if (day := values.get(f"on-{key}")) and day != values.get(f"was-{key}")]

    def days(self) -> dict[str, date]:
        """``{unit key: day}`` of the days changed; units that have none get the day given for all, if one was."""
        values = self.cleaned_data
        found: dict[str, date] = {key: values[f"on-{key}"] for key in self._changed(values)}
        if rest := values["rest_on"]:
            typed = [name.removeprefix("on-") for name in self.fields if name.startswith("on-") and not values[name]]
            found |= {key: rest for key in typed if key not in self._received}
        return found


class DeclareForm(forms.Form):
    """What a unit on paper says of itself: for each figure, how many of how many."""

    on = forms.DayField(label=_("As of"))
    told_by = django_forms.CharField(label=_("Who told it"), max_length=150, required=False)

    def __init__(self, *args: Any, figures: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = list(figures)
        for code, label in figures.items():
            self.fields[f"{code}-numerator"] = django_forms.IntegerField(label=label, min_value=0, required=False)
            self.fields[f"{code}-denominator"] = django_forms.IntegerField(
                label=_("of"), min_value=0, max_value=10_000_000, required=False
            )

    def clean(self) -> dict[str, Any]:
        """Both numbers or neither; never more than all."""
        values = super().clean() or {}
        for code in self.codes:
            numerator, denominator = values.get(f"{code}-numerator"), values.get(f"{code}-denominator")
            if (numerator is None) != (denominator is None):
                self.add_error(f"{code}-numerator", _("Say both how many and of how many."))
            elif numerator is not None and denominator is not None and numerator > denominator:
                self.add_error(f"{code}-numerator", _("There cannot be more than all."))
        if not self.errors and not self.declared():
            self.add_error(None, _("Fill in at least one figure."))
        return values

    def declared(self) -> dict[str, tuple[int, int]]:
        """``{figure code: (numerator, denominator)}`` of those filled in."""
        values = self.cleaned_data
        return {
            code: (values[f"{code}-numerator"], values[f"{code}-denominator"])
            for code in self.codes
            if values.get(f"{code}-numerator") is not None and values.get(f"{code}-denominator") is not None
        }

    def pairs(self) -> list[tuple[Any, Any]]:
        """The two fields of each figure, for the table."""
        return [(self[f"{code}-numerator"], self[f"{code}-denominator"]) for code in self.codes]
