"""What a call asks about, as its readers choose it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from trienkhai.comments.models import Aimed, Call, CallSubject
from trienkhai.comments.rules import About, Subject
from trienkhai.organisation.models import Body, BodyState, Person, held_on
from trienkhai.organisation.queries import name_of
from trienkhai.plans.models import Measure, PlanVersion, Wording
from trienkhai.plans.rules import Treatment

GENERAL = "general"
"""The choice of whoever speaks of nothing in particular."""


@dataclass(frozen=True)
class Choice:
    """One thing that can be commented on. ``key`` is what a form sends; ``title`` its name, ``within`` its plan's."""

    key: str
    subject: Subject
    title: str
    within: str = ""

    @property
    def about(self) -> About:
        """What kind of thing it is."""
        return self.subject.about


def subject_of(row: Aimed) -> Subject:
    """What a row is about, by ids."""
    return Subject(
        about=About(row.about),
        version=row.version_id,
        measure=row.measure_id,
        body=row.body_id,
        person=row.person_id,
        reviewed_by=row.reviewed_by_id,
    )


def choices_of(call: Call, *, on: date) -> list[Choice]:
    """Everything a call takes comments on, in its order: a plan, then each of its measures; last, general."""
    found: list[Choice] = []
    for row in _subjects(call):
        found.append(Choice(str(row.key), subject_of(row), title_of(row, on=on)))
        if row.about == About.PLAN and row.version is not None:
            found.extend(measures_of(row.version))
    return [*found, Choice(GENERAL, Subject(About.FREE), "")]


def subjects_of(call: Call, *, on: date) -> list[Choice]:
    """What a call asks about, without the measures of its plans."""
    titles = Titles(on)
    return [Choice(str(row.key), subject_of(row), titles.of(row)) for row in _subjects(call)]


def _subjects(call: Call) -> QuerySet[CallSubject]:
    rows = CallSubject.objects.filter(call=call).order_by("position", "pk")
    return rows.select_related("version__plan", "measure", "body", "person", "reviewed_by")


def measures_of(version: PlanVersion) -> list[Choice]:
    """The measures of a plan's version that it does not leave out."""
    rows = Wording.objects.filter(version=version).order_by("position", "pk")
    found = list(rows.values_list("measure", "measure__key", "text", "treatment"))
    return [
        Choice(
            f"{version.key}/{key}",
            Subject(About.MEASURE, version=version.pk, measure=measure),
            f"{number}. {text}",
            version.title,
        )
        for number, (measure, key, text, treatment) in enumerate(found, start=1)
        if treatment != Treatment.LEFT_OUT
    ]


def calls_on(measure: int, *, person: int, on: date) -> list[tuple[Call, str]]:
    """Calls open on the day that ask the person about the measure, or a version with it; the choice's key in each."""
    wordings = Wording.objects.filter(measure=measure).exclude(treatment=Treatment.LEFT_OUT).values("version")
    asked = Call.objects.filter(electorate__person=person, opens_on__lte=on, closes_on__gte=on)
    by_itself = Q(about=About.MEASURE, measure=measure)
    rows = CallSubject.objects.filter(Q(about=About.PLAN, version__in=wordings) | by_itself, call__in=asked)
    key = Measure.objects.values_list("key", flat=True).get(pk=measure)
    found = rows.select_related("call", "version").order_by("-call__opens_on", "-call", "position")
    return [
        (row.call, f"{row.version.key}/{key}" if row.about == About.PLAN else str(row.key))
        for row in found
        if row.version is not None
    ]


class Titles:
    """What rows are about, by name; each plan's measures and each body are looked up once."""

    def __init__(self, on: date) -> None:
        self.on = on
        self._measures: dict[int, dict[int | None, str]] = {}
        self._bodies: dict[int, str] = {}

    def of(self, row: Aimed) -> str:
        """The name; empty when the row is about nothing in particular."""
        match About(row.about):
            case About.PLAN:
                return row.version.title if row.version else ""
            case About.MEASURE:
                return self._measure(row)
            case About.BODY:
                return self._body(row.body_id or 0)
            case About.PERSON:
                return row.person.full_name if row.person else ""
            case About.FREE:
                return ""

    def _measure(self, row: Aimed) -> str:
        """A measure with its number in the version that was commented on."""
        if row.version is None:
            return ""
        if row.version.pk not in self._measures:
            found = {choice.subject.measure: choice.title for choice in measures_of(row.version)}
            self._measures[row.version.pk] = found
        return self._measures[row.version.pk].get(row.measure_id, "")

    def _body(self, body: int) -> str:
        if body not in self._bodies:
            self._bodies[body] = body_name(body, on=self.on)
        return self._bodies[body]


def title_of(row: Aimed, *, on: date) -> str:
    """What one row is about, by name; empty when it is about nothing in particular."""
    return Titles(on).of(row)


def body_name(body: int, *, on: date) -> str:
    """The body's name on a day, with its unit's."""
    states = BodyState.objects.current().filter(body=body).select_related("body")
    state = states.filter(held_on(on)).first() or states.order_by("-starts_on").first()
    return f"{state.name}, {name_of(state.body.unit_id, on)}" if state else ""


def body_names(bodies: Iterable[Body], *, on: date) -> Mapping[int, str]:
    """Names of bodies, with their units'."""
    return {body.pk: body_name(body.pk, on=on) for body in bodies}


def people_of(choices: Sequence[Choice]) -> Mapping[int, str]:
    """Names of the persons among the choices."""
    ids = [choice.subject.person for choice in choices if choice.subject.person]
    return dict(Person.objects.filter(pk__in=ids).values_list("pk", "full_name"))
