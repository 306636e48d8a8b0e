"""Which figures a page is asked for, by its address; and the addresses of figures and facts."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from trienkhai.figures.queries import paths_on
from trienkhai.ledger.clock import today
from trienkhai.organisation.models import Unit
from trienkhai.organisation.policies import can_see_names, runnable_units, visible_units
from trienkhai.organisation.requests import ActorRequest
from trienkhai.organisation.rules import Actor, Role
from trienkhai.progress import policies
from trienkhai.progress.forms import AskForm
from trienkhai.progress.queries.facts import Asked, Fact, FactKind
from trienkhai.progress.rules.figures import CODES, Part
from trienkhai.rollouts.models import Rollout
from trienkhai.rollouts.policies import can_act_for, visible_rollouts
from trienkhai.rollouts.rules import FIGURE_BY_CODE, StepKind


@dataclass(frozen=True)
class Addresses:
    """Addresses of one roll-out's pages that keep the days asked for."""

    rollout: Rollout
    as_of: date | None
    known_at: date | None

    @cached_property
    def _days(self) -> str:
        days = {"as_of": self.as_of, "known_at": self.known_at}
        return urlencode({name: day.isoformat() for name, day in days.items() if day})

    @cached_property
    def _paths(self) -> dict[str, str]:
        """Paths of figures, made once: a page has hundreds of links."""
        key = self.rollout.key
        return {code: reverse("progress:facts", args=[key, code]) for code in CODES} | {
            "": reverse("progress:rollout", args=[key])
        }

    def _query(self, **more: str) -> str:
        """Keys of units and words of ours: nothing in them needs quoting."""
        parts = [f"{name}={value}" for name, value in more.items() if value]
        query = "&".join([*parts, self._days] if self._days else parts)
        return f"?{query}" if query else ""

    def page(self, unit_key: str = "") -> str:
        """The roll-out's page, of a unit."""
        return self._paths[""] + self._query(unit=unit_key)

    def facts(self, code: str, unit_key: str, which: Part = Part.DONE, *, leaders: bool = False) -> str:
        """The facts behind a figure of a unit; of its leaders alone."""
        shown = "" if which is Part.DONE else str(which)
        return self._paths[code] + self._query(unit=unit_key, which=shown, leaders="1" if leaders else "")


@dataclass(frozen=True)
class Asking:
    """What a page of figures is asked for, checked against what the reader may see."""

    asked: Asked
    unit: Unit
    today: date
    form: AskForm
    given_as_of: date | None
    may_open: bool
    """Whether the reader may open these figures down to their facts."""

    @cached_property
    def addresses(self) -> Addresses:
        """Addresses with the same days."""
        return Addresses(self.asked.rollout, self.given_as_of, self.asked.known_at)


def visible_rollout(request: ActorRequest, key: UUID) -> Rollout:
    """The roll-out, if the reader may know of it."""
    return get_object_or_404(visible_rollouts(request.actor, at=today()), key=key)


def asking(request: ActorRequest, key: UUID) -> Asking | HttpResponse:
    """What is asked for; a redirect to the canonical address when days were typed the local way.

    Raises:
        Http404: a roll-out or unit the reader may not see.
    """
    rollout, day = visible_rollout(request, key), today()
    unit = _unit(request, rollout, day)
    may_open = bool(policies.can_open_facts(request.actor, rollout, unit.pk, at=day))
    if not may_open and not policies.can_see_figures(request.actor, rollout, unit.pk, at=day):
        raise Http404
    form = AskForm(request.GET)
    form.is_valid()
    as_of, known_at = form.cleaned_data.get("as_of"), form.cleaned_data.get("known_at")
    if not form.errors and _is_typed(request, {"as_of": as_of, "known_at": known_at}):
        return redirect(_canonical(request, as_of, known_at))
    asked = Asked(rollout, unit.pk, as_of or day, known_at)
    if not form.errors:
        form = AskForm(initial={"as_of": asked.as_of, "known_at": known_at})
    return Asking(asked, unit, day, form, as_of, may_open)


def _unit(request: ActorRequest, rollout: Rollout, day: date) -> Unit:
    typed = request.GET.get("unit", "")
    if not typed:
        return rollout.lead
    try:
        key = UUID(typed)
    except ValueError:
        raise Http404 from None
    return get_object_or_404(visible_units(request.actor, at=day), key=key)


def _is_typed(request: ActorRequest, days: dict[str, date | None]) -> bool:
    return any(
        name in request.GET and request.GET[name] != (day.isoformat() if day else None) for name, day in days.items()
    )


def _canonical(request: ActorRequest, as_of: date | None, known_at: date | None) -> str:
    query = request.GET.copy()
    for name, day in (("as_of", as_of), ("known_at", known_at)):
        query.pop(name, None)
        if day:
            query[name] = day.isoformat()
    return f"{request.path}?{query.urlencode()}" if query else request.path


def step_of(code: str) -> StepKind:
    """The step a figure is counted in."""
    return FIGURE_BY_CODE[code].step if code in FIGURE_BY_CODE else StepKind.STUDY


def entered_steps(actor: Actor, found: Asking) -> frozenset[StepKind]:
    """The steps whose facts the reader may enter, for the unit asked about or one below it.

    Papers are ticked name by name: an office that sees no names enters none.
    """
    rollout, day = found.asked.rollout, found.today
    runs = runnable_units(actor, at=day)
    if can_act_for(actor, rollout, found.unit.pk, at=day):
        steps = frozenset(StepKind)
    elif found.unit.pk == rollout.lead_id and runs.exists():
        steps = frozenset(StepKind) - {StepKind.RECEIVE}
    else:
        return frozenset()
    return steps if _names_inside(actor, found) else steps - {StepKind.PAPER}


def _names_inside(actor: Actor, found: Asking) -> bool:
    """Whether the reader sees names in the unit asked about or below it: where from above, then in the unit itself."""
    if can_see_names(actor, found.unit.pk, at=found.today):
        return True
    own = actor.units(Role.OFFICE, Role.SECRETARY)
    return paths_on(found.today).filter(ancestor=found.unit.pk, descendant__in=own).exists()


def working_url(step: StepKind, rollout: Rollout) -> str:
    """The page on which the facts of a step are entered."""
    match step:
        case StepKind.RECEIVE:
            return reverse("rollouts:receipts", args=[rollout.key])
        case StepKind.PLAN:
            return reverse("plans:index", args=[rollout.key])
        case StepKind.PAPER:
            return reverse("papers:index", args=[rollout.key])
        case _:
            return reverse("meetings:of_rollout", args=[rollout.key])


def report_url(found: Asking) -> str:
    """Where a report of these figures is begun."""
    path = reverse("progress:create_report", args=[found.asked.rollout.key])
    return f"{path}?{urlencode({'unit': found.unit.key, 'as_of': found.asked.as_of.isoformat()})}"


def fact_url(fact: Fact, rollout: Rollout) -> str:
    """The page a fact opens to."""
    match fact.kind:
        case FactKind.MEETING if fact.key:
            return reverse("meetings:one", args=[fact.key])
        case FactKind.PAPER:
            return reverse("papers:one", args=[fact.key])
        case FactKind.PLAN if fact.key:
            return reverse("plans:one", args=[fact.key])
        case FactKind.RECEIPT:
            return reverse("rollouts:receipts", args=[rollout.key])
        case _:
            return ""
