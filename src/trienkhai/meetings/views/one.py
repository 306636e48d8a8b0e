"""The page of one meeting."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import render

from trienkhai.core.pages import explain
from trienkhai.ledger.clock import today
from trienkhai.meetings import policies
from trienkhai.meetings.forms import GuestForm, MakeUpForm, MaterialForm
from trienkhai.meetings.models import Meeting
from trienkhai.meetings.queries.pages import (
    NOBODY,
    Counts,
    RosterRow,
    guests_of,
    make_ups_of,
    materials_of,
    names_on,
    parts_of,
    roster_rows,
)
from trienkhai.meetings.queries.rosters import difference_of
from trienkhai.meetings.rules import MeetingForm, MeetingState, Source
from trienkhai.meetings.texts import (
    FORM_NAMES,
    PRESENCE_NAMES,
    SOURCE_NAMES,
    STATE_NAMES,
    roll_sentence,
    took_part,
)
from trienkhai.meetings.views.asking import chosen_unit, visible_meeting
from trienkhai.organisation.requests import ActorRequest, signed_in
from trienkhai.programmes.models import Programme

MOST_NAMES = 300
"""A roster with more names than this is shown unit by unit."""


@dataclass(frozen=True)
class May:
    """What the reader may do here; the reason why not, in words, where a button is shown disabled."""

    run: bool
    call: bool
    why_not_call: str
    read: bool
    restore: bool


@signed_in
def one(request: ActorRequest, key: UUID) -> HttpResponse:
    """Facts, shares, roster, notes, materials and make-up sessions of one meeting."""
    return render(request, "meetings/one.html", page_context(request, visible_meeting(request, key)))


def page_context(request: ActorRequest, meeting: Meeting, **forms: Any) -> dict[str, Any]:
    """Everything the page shows; ``forms`` replace the fresh ones when one of them came back."""
    reach = policies.reach_of(request.actor, meeting, at=today())
    may = _may(request, meeting, reach)
    state, state_name = STATE_NAMES[MeetingState(meeting.state)]
    context: dict[str, Any] = {
        "meeting": meeting,
        "rollout": meeting.rollout,
        "host_name": names_on([meeting.host_id], meeting.held_on).get(meeting.host_id, ""),
        "state": state,
        "state_name": state_name,
        "form_name": FORM_NAMES[MeetingForm(meeting.form)],
        "may": may,
        "today": today(),
        "is_past": meeting.held_on <= today(),
        "make_ups": make_ups_of(meeting),
        "programmes": list(Programme.objects.filter(meeting_ties__meeting=meeting).order_by("sort_key", "pk")),
        **_roll(request, meeting, reach),
    }
    if may.read:
        context["documents"], context["pictures"] = materials_of(meeting)
    if may.run:
        context |= _running(meeting) | forms
    return context


def _may(request: ActorRequest, meeting: Meeting, reach: policies.Reach) -> May:
    day, actor = today(), request.actor
    call = policies.can_call_roll(actor, meeting, at=day, reach=reach)
    run = bool(policies.can_run_meeting(actor, meeting, at=day, reach=reach))
    return May(
        run=run,
        call=bool(call),
        why_not_call=explain(call) if run else "",
        read=bool(policies.can_read(actor, meeting, at=day, reach=reach)),
        restore=bool(policies.can_restore(actor, meeting, at=day, reach=reach)),
    )


def _roll(request: ActorRequest, meeting: Meeting, reach: policies.Reach) -> dict[str, Any]:
    """Counts of the units the reader may see counts of, and the names they may see."""
    day, actor = today(), request.actor
    parts = parts_of(meeting, reach.counted)
    entries = policies.visible_entries(actor, meeting, at=day, reach=reach)
    total = sum((part.counts for part in parts), Counts())
    unit = chosen_unit(request)
    is_long = entries.count() > MOST_NAMES
    if unit is not None:
        entries = entries.filter(unit=unit)
    rows = roster_rows(meeting, entries) if unit is not None or not is_long else []
    guests = guests_of(meeting) if reach.runs_host or reach.is_own or reach.host in reach.named else NOBODY
    seats = meeting.seats.filter(superseded_seq__isnull=True).count()
    sources = {(row.source, row.told_by) for row in rows if row.source}
    source, told_by = next(iter(sources)) if len(sources) == 1 else (None, "")
    return {
        "parts": [part for part in parts if part.counts.members.listed or part.counts.others.listed],
        "common_source": SOURCE_NAMES[source] if source and source is not Source.ROLL_CALL else "",
        "common_told_by": told_by,
        "has_marks": bool(sources),
        "counts": total,
        "sentence": roll_sentence(total.members),
        "others_sentence": took_part(total.others),
        "is_held": meeting.state == MeetingState.HELD,
        "guests": guests,
        "is_part_only": len(parts) < seats,
        "unit": unit,
        "is_long": is_long,
        "rows": [
            (row, PRESENCE_NAMES[row.mark.presence] if row.mark else "", _source(row, is_common=len(sources) == 1))
            for row in rows
        ],
        "missed": total.members.away + total.members.unmarked,
    }


def _source(row: RosterRow, *, is_common: bool) -> object:
    """Where a mark came from, when that differs from row to row and is not the room itself."""
    return SOURCE_NAMES[row.source] if row.source not in {None, Source.ROLL_CALL} and not is_common else ""


def _running(meeting: Meeting) -> dict[str, Any]:
    """What whoever runs the meeting gets besides."""
    difference = difference_of(meeting) if meeting.state == MeetingState.PLANNED else None
    return {
        "comes": len(difference.comes) if difference else 0,
        "leaves": len(difference.leaves) if difference else 0,
        "guest_form": GuestForm(initial={"key": uuid4()}, auto_id="guest_%s"),
        "material_form": MaterialForm(auto_id="material_%s"),
        "make_up_form": MakeUpForm(initial={"key": uuid4()}, auto_id="make_up_%s"),
    }


def come_back(request: ActorRequest, meeting: Meeting, **forms: BaseForm) -> HttpResponse:
    """The page again with a form that has faults: 422."""
    context = page_context(request, meeting, **forms)
    context["form"] = next(iter(forms.values()))
    return render(request, "meetings/one.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
