"""What every page of plans loads first, through what the reader may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from trienkhai.core.pages import Text
from trienkhai.ledger.clock import today
from trienkhai.organisation.forms.reading import AsOfForm, days_asked
from trienkhai.organisation.queries import name_of
from trienkhai.organisation.requests import ActorRequest
from trienkhai.plans import policies, queries
from trienkhai.plans.forms import Offered
from trienkhai.plans.models import Plan, PlanVersion
from trienkhai.plans.rules import InEffect, Line, Remark
from trienkhai.plans.texts import REMARKS
from trienkhai.programmes.queries import programme_names, programmes_for
from trienkhai.rollouts.models import Rollout
from trienkhai.rollouts.policies import visible_rollouts

_SHORT = 70
_FEW = 12


@dataclass(frozen=True)
class Found:
    """A remark of the checks and the measures it is about: the first ones by number, and how many more."""

    remark: Text
    measures: tuple[int, ...] = ()
    more: int = 0


class Days(TypedDict):
    """The days a page is asked for, and what its form and its links need."""

    as_of: date
    known_at: date | None
    is_today: bool
    days_form: AsOfForm
    kept: list[tuple[str, str]]
    today_url: str


def asked_of(request: ActorRequest) -> Days:
    """As of which day, known by the end of which; today as known now unless the address says otherwise."""
    day = today()
    form, as_of, known_at = days_asked(request.GET, day)
    if not form.errors:
        form = AsOfForm(initial={"as_of": as_of, "known_at": known_at})
    others = request.GET.copy()
    for name in ("as_of", "known_at", "page"):
        others.pop(name, None)
    return {
        "as_of": as_of,
        "known_at": known_at,
        "is_today": as_of == day and known_at is None,
        "days_form": form,
        "kept": [(name, value) for name, values in others.lists() for value in values],
        "today_url": f"{request.path}?{others.urlencode()}" if others else request.path,
    }


def visible(request: ActorRequest, key: UUID) -> Plan:
    """A plan the reader may see, else 404."""
    return get_object_or_404(policies.visible_plans(request.actor, at=today()), key=key)


def draft_in(request: ActorRequest, key: UUID) -> PlanVersion:
    """The draft of a plan the actor may change now; a refusal for others who see the plan."""
    plan = visible(request, key)
    policies.can_edit(request.actor, plan, at=today()).require()
    draft = queries.draft_of(plan)
    if draft is None:
        raise Http404
    return draft


def version_in(request: ActorRequest, key: UUID, number: int) -> PlanVersion:
    """A version the reader may see, else 404."""
    seen = policies.visible_versions(request.actor, at=today())
    return get_object_or_404(seen, plan__key=key, number=number)


def rollout_in(request: ActorRequest, key: UUID) -> Rollout:
    """A roll-out the reader may see, else 404."""
    return get_object_or_404(visible_rollouts(request.actor, at=today()), key=key)


def about(version: PlanVersion) -> dict[str, Any]:
    """What templates of one version need: its trail and its heading."""
    plan = version.plan
    return {"plan": plan, "version": version, "rollout": plan.rollout, "unit": name_of(plan.unit_id, today())}


def found_in(version: PlanVersion, found: Sequence[InEffect] | None = None) -> list[Found]:
    """What the checks found, a line for each remark. ``found``: what is in effect, where it is known already."""
    numbers: dict[Remark, list[int]] = {}
    for finding in queries.version_findings(version, on=today(), found=found):
        of_remark = numbers.setdefault(finding.remark, [])
        if finding.measure is not None:
            of_remark.append(finding.measure)
    return [
        Found(REMARKS[remark], tuple(measures[:_FEW]), max(len(measures) - _FEW, 0))
        for remark, measures in sorted(numbers.items(), key=lambda item: list(Remark).index(item[0]))
    ]


def offered_for(draft: PlanVersion, lines: list[Line]) -> Offered:
    """What the measures of a draft can name; what they name already stays possible."""
    day, plan = today(), draft.plan
    upper = None if draft.base is not None else queries.upper_version(plan.rollout, plan.unit_id, on=day)
    named = [line.lead_unit for line in lines] + [helper.unit for line in lines for helper in line.coordinators]
    leads = queries.possible_leads(plan, on=day, also=[unit for unit in named if unit is not None])
    tied = {programme for line in lines for programme in line.programmes}
    uppers = _called(queries.lines_in_effect(upper)) if upper else {}
    gone = {line.answers for line in lines if line.answers is not None} - set(uppers.values())
    uppers |= {f"– {short(text)}": measure for measure, text in queries.last_words(gone).items()}
    programmes = dict(programmes_for(plan.unit_id, day).values_list("pk", "name"))
    programmes |= {pk: name for pk, (_key, name) in programme_names(tied - programmes.keys()).items()}
    return Offered(
        leads=leads,
        references=queries.references(plan.rollout),
        uppers={} if draft.base is not None else uppers,
        programmes=programmes,
    )


def _called(lines: list[Line]) -> dict[str, int]:
    """Measures above by number and first words."""
    return {
        f"{number}. {short(line.text)}": line.measure
        for number, line in enumerate(lines, start=1)
        if line.measure is not None
    }


def short(text: str) -> str:
    """The first words of a longer text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= _SHORT else line[: _SHORT - 1].rsplit(" ", 1)[0] + "…"
