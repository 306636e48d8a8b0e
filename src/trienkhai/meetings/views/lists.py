"""The meetings of a roll-out, and who has not studied yet."""

from itertools import groupby
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from trienkhai.core import pages
from trienkhai.ledger.clock import today
from trienkhai.meetings import policies
from trienkhai.meetings.queries.pages import MeetingRow, meeting_rows, not_studied
from trienkhai.meetings.rules import MeetingState
from trienkhai.meetings.texts import STATE_NAMES
from trienkhai.meetings.views.asking import chosen_unit, visible_rollout
from trienkhai.organisation.policies import named_units
from trienkhai.organisation.requests import ActorRequest, signed_in


@signed_in
def of_rollout(request: ActorRequest, key: UUID) -> HttpResponse:
    """The meetings the reader may see: those to come first, then those held, newest first."""
    day = today()
    rollout = visible_rollout(request, key)
    meetings = policies.visible_meetings(request.actor, at=day).filter(rollout=rollout).select_related(None)
    unit = chosen_unit(request)
    if unit is not None:
        meetings = meetings.filter(host=unit)
    page = pages.paginate(request, meetings.defer("notes").order_by("-held_on", "-pk"))
    counted = policies.counted_units(request.actor, at=day)
    rows = meeting_rows(list(page), counted)
    context = {
        "rollout": rollout,
        "page": page,
        "coming": [_shown(row) for row in reversed(rows) if row.meeting.state == MeetingState.PLANNED],
        "past": [_shown(row) for row in rows if row.meeting.state != MeetingState.PLANNED],
        "today": day,
        "can_plan": rollout.closed_on is None and policies.plannable_units(request.actor, rollout, at=day).exists(),
        "can_call": named_units(request.actor, at=day).exists(),
    }
    return render(request, "meetings/of_rollout.html", context)


def _shown(row: MeetingRow) -> tuple[MeetingRow, str, object]:
    code, name = STATE_NAMES[MeetingState(row.meeting.state)]
    return row, code, name


@signed_in
def missing(request: ActorRequest, key: UUID) -> HttpResponse:
    """Who owes study and has not studied yet, with a number to call; of units whose names the reader may see."""
    day = today()
    rollout = visible_rollout(request, key)
    units = named_units(request.actor, at=day)
    unit = chosen_unit(request)
    if unit is not None:
        units = units.filter(pk=unit.pk)
    rows = not_studied(rollout=rollout, units=list(units.values_list("pk", flat=True)), day=day)
    page = pages.paginate(request, rows, per_page=200)
    context = {
        "rollout": rollout,
        "page": page,
        "groups": [(name, list(group)) for name, group in groupby(page, key=lambda row: row.unit_name)],
        "total": len(rows),
        "today": day,
    }
    return render(request, "meetings/missing.html", context)
