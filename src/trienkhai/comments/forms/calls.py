"""Shapes of what is typed when a call is opened or given more time."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from trienkhai.comments.queries.opening import Offers
from trienkhai.comments.rules import MOST_CODES, About, Addressed, CallPlan, Promise, Subject
from trienkhai.comments.texts import ADDRESSED_NAMES, PROMISE_NAMES
from trienkhai.core import forms


class CallForm(forms.Form):
    """A call: what is asked, whom, until when, with which promises and whose keys."""

    title = django_forms.CharField(label=_("Title"), max_length=300)
    asks = forms.LongTextField(
        label=_("What do you ask?"), required=False, rows=4, max_length=4_000, help_text=_("Two or three sentences.")
    )
    opens_on = forms.DayField(label=_("First day"))
    closes_on = forms.DayField(label=_("Last day"))
    answer_by = forms.DayField(label=_("Answers by"))
    plans = django_forms.MultipleChoiceField(
        label=_("Plans"), required=False, widget=django_forms.CheckboxSelectMultiple
    )
    measures = django_forms.MultipleChoiceField(
        label=_("Measures"), required=False, widget=django_forms.CheckboxSelectMultiple
    )
    bodies = django_forms.MultipleChoiceField(
        label=_("Bodies"), required=False, widget=django_forms.CheckboxSelectMultiple
    )
    persons = django_forms.MultipleChoiceField(
        label=_("Persons"), required=False, widget=django_forms.CheckboxSelectMultiple
    )
    reviewed_by = django_forms.ChoiceField(label=_("The body that reviews these persons"), required=False)
    free = django_forms.BooleanField(label=_("Anything else people want to say"), required=False)
    addressed = django_forms.ChoiceField(
        label=_("Who is asked?"),
        choices=[(one.value, ADDRESSED_NAMES[one]) for one in Addressed],
        widget=django_forms.RadioSelect,
        initial=Addressed.ALL_BELOW.value,
    )
    units = django_forms.MultipleChoiceField(
        label=_("Units"), required=False, widget=django_forms.CheckboxSelectMultiple
    )
    codes = django_forms.IntegerField(
        label=_("How many codes, when residents are asked"),
        help_text=_("As many residents can comment. The codes are drawn and printed once the call is open."),
        required=False,
        min_value=1,
        max_value=MOST_CODES,
    )
    with_others = django_forms.BooleanField(label=_("People who are not members, too"), required=False)
    promises = django_forms.MultipleChoiceField(
        label=_("How may people say it?"),
        choices=[(one.value, PROMISE_NAMES[one]) for one in Promise],
        widget=django_forms.CheckboxSelectMultiple,
        initial=[Promise.NAMED.value],
    )
    releasers = django_forms.MultipleChoiceField(
        label=_("Who opens the box: any two of these"), required=False, widget=django_forms.CheckboxSelectMultiple
    )
    name_keepers = django_forms.MultipleChoiceField(
        label=_("Who keeps the names: three to five people, any two of whom can open one"),
        required=False,
        widget=django_forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, offers: Offers, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offers = offers
        named = {
            "plans": [(key, label) for key, (_subject, label) in offers.plans.items()],
            "measures": [(key, label) for key, (_subject, label) in offers.measures.items()],
            "bodies": [(key, label) for key, (_subject, label) in offers.bodies.items()],
            "persons": [(key, label) for key, (_subject, label) in offers.persons.items()],
            "reviewed_by": [("", "–"), *((key, label) for key, (_subject, label) in offers.bodies.items())],
            "units": [(key, label) for key, (_id, label) in offers.units.items()],
            "name_keepers": list(offers.holders.items()),
            "releasers": [*offers.holders.items(), *((key, key_file_name(day)) for key, day in offers.files.items())],
        }
        for name, choices in named.items():
            field = self.fields[name]
            assert isinstance(field, django_forms.ChoiceField)  # noqa: S101 - narrows the type
            field.choices = choices

    def plan(self) -> CallPlan:
        """The call as it is to be opened."""
        told, offers = self.cleaned_data, self.offers
        reviewing = offers.bodies[told["reviewed_by"]][0].body if told["reviewed_by"] else None
        subjects = [offers.plans[key][0] for key in told["plans"]]
        whole = {subject.version for subject in subjects}
        measures = [offers.measures[key][0] for key in told["measures"]]
        subjects += [one for one in measures if one.version not in whole]
        subjects += [offers.bodies[key][0] for key in told["bodies"]]
        subjects += [
            Subject(About.PERSON, person=offers.persons[key][0].person, reviewed_by=reviewing)
            for key in told["persons"]
        ]
        subjects += [Subject(About.FREE)] if told["free"] else []
        return CallPlan(
            title=told["title"],
            asks=told["asks"],
            opens_on=told["opens_on"],
            closes_on=told["closes_on"],
            answer_by=told["answer_by"],
            promises=frozenset(Promise(one) for one in told["promises"]),
            subjects=subjects,
            addressed=Addressed(told["addressed"]),
            units=[offers.units[key][0] for key in told["units"]],
            with_others=told["with_others"],
            codes=told["codes"] or 0,
            rollout=next((offers.rollouts[key] for key in (*told["plans"], *told["measures"])), None),
            releasers=[UUID(key) for key in told["releasers"]],
            name_keepers=[UUID(key) for key in told["name_keepers"]],
        )


def key_file_name(day: date) -> str:
    """A key file in a list."""
    return gettext("the key file of the office, made on %(day)s") % {"day": f"{day:%d/%m/%Y}"}


class ExtendForm(forms.Form):
    """More time."""

    closes_on = forms.DayField(label=_("New last day"))
    reason = django_forms.CharField(label=_("Why"), max_length=250)
