"""Parts of other apps' pages: the comments behind a changed clause, the figures of a call, the calls of a roll-out."""

from typing import TYPE_CHECKING, cast

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html

from trienkhai.comments import policies
from trienkhai.comments.models import Call
from trienkhai.comments.queries.calls import call_rows
from trienkhai.comments.queries.figures import Code
from trienkhai.comments.queries.outcomes import outcomes_at
from trienkhai.comments.queries.places import desk_of
from trienkhai.comments.queries.subjects import calls_on
from trienkhai.comments.queries.trace import Behind, behind, behind_all
from trienkhai.comments.rules import CallState
from trienkhai.comments.texts import STATE_NAMES
from trienkhai.core import pages
from trienkhai.figures.queries import totals
from trienkhai.ledger.clock import today
from trienkhai.organisation.rules import Actor
from trienkhai.plans.queries import PanelSubject
from trienkhai.rollouts.models import Rollout

if TYPE_CHECKING:
    from trienkhai.organisation.requests import ActorRequest

_KEPT = "comments.behind"


def behind_change(request: HttpRequest, subject: PanelSubject) -> str:
    """Beside a changed clause: the comments that changed it."""
    page = subject.page
    if _KEPT not in page.kept:
        page.kept[_KEPT] = behind(page.version, page.measures or (subject.measure,))
    kept = page.kept[_KEPT]
    return _behind(request, kept.get(subject.measure, []) if isinstance(kept, dict) else [])


def behind_measure(request: HttpRequest, subject: PanelSubject) -> str:
    """On a measure's page: where to comment on it now, and the comments that changed it in any version."""
    return format_html("{}{}", _ways_to_comment(request, subject), _behind(request, behind_all(subject.measure)))


def _ways_to_comment(request: HttpRequest, subject: PanelSubject) -> str:
    """Calls on the plan in which the reader may comment on the measure, with it chosen."""
    actor, day = _actor(request), today()
    if actor.person_id is None:
        return ""
    rows = [
        (call, about)
        for call, about in calls_on(subject.measure, person=actor.person_id, on=day)
        if policies.can_write(actor, call, at=day)
    ]
    return render_to_string("comments/_comment_on.html", {"rows": rows}, request=request) if rows else ""


def _behind(request: HttpRequest, rows: list[Behind]) -> str:
    if not rows:
        return ""
    by_call = sorted(rows, key=lambda row: row.call)
    return render_to_string("comments/_behind.html", {"rows": by_call}, request=request)


def figures_of_call(request: HttpRequest, call: Call) -> str:
    """On a call's page: what came and what became of it; each figure opens into its facts."""
    day = today()
    actor = _actor(request)
    is_desk = bool(policies.can_desk(actor, call.unit_id, at=day))
    found = totals(scope=call.scope, codes=list(Code), unit=call.unit_id, as_of=day)
    desk = desk_of(call)
    waiting = desk.groups().filter(is_answered=False).exists()
    state = policies.state_on(call, day)
    context = {
        "call": call,
        "n": {code.name.lower(): found[code] for code in Code},
        "is_desk": is_desk,
        "has_points": desk.groups().exists(),
        "can_finish": is_desk and not waiting and state is CallState.ANSWERING,
        "is_finished": state is CallState.FINISHED,
        "outcomes": outcomes_at(desk) if is_desk else None,
    }
    return render_to_string("comments/_figures.html", context, request=request)


def calls_of_rollout(request: HttpRequest, rollout: Rollout) -> str:
    """On a roll-out's page: its calls that the reader may see."""
    if not Call.objects.filter(rollout=rollout).exists():  # most often: who sees which is then not asked
        return ""
    day = today()
    visible = policies.visible_calls(_actor(request), at=day).filter(rollout=rollout)
    rows = [
        (row, totals(scope=row.call.scope, codes=list(Code), unit=row.call.unit_id, as_of=day), STATE_NAMES[row.state])
        for row in call_rows(visible, on=day, counted=False)
    ]
    if not rows:
        return ""
    shown = [(row, {code.name.lower(): n[code] for code in Code}, state) for row, n, state in rows]
    return render_to_string("comments/_calls.html", {"rows": shown}, request=request)


def _actor(request: HttpRequest) -> Actor:
    return cast("ActorRequest", request).actor


def register() -> None:
    """Put these parts where the apps below, and this one's own page, have room."""
    pages.register_panel("plans.change", "comments", behind_change)
    pages.register_panel("plans.measure", "comments", behind_measure)
    pages.register_panel("comments.call", "figures", figures_of_call)
    pages.register_panel("progress.rollout", "comments", calls_of_rollout)
