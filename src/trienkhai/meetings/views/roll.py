"""Calling the roll and minding the roster."""

from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from trienkhai.core import pages
from trienkhai.core.decisions import DomainError, Invalid
from trienkhai.ledger.clock import now, today
from trienkhai.meetings import actions, policies
from trienkhai.meetings.actions import MeetingFacts, RollResult
from trienkhai.meetings.forms import (
    AWAY,
    GuestForm,
    RollRow,
    SourceForm,
    default_source,
    first_rows,
    marks_of,
    typed_rows,
)
from trienkhai.meetings.models import Meeting, RosterEntry
from trienkhai.meetings.queries.pages import RosterRow, names_on, parts_of, roster_rows, writers
from trienkhai.meetings.queries.rosters import seated_units
from trienkhai.meetings.rules import MeetingForm, MeetingState, Source
from trienkhai.meetings.texts import PRESENCE_NAMES, SOURCE_NAMES
from trienkhai.meetings.views.asking import chosen_unit, key_asked, visible_meeting
from trienkhai.meetings.views.one import come_back
from trienkhai.organisation.models import Person
from trienkhai.organisation.policies import visible_people
from trienkhai.organisation.requests import ActorRequest, signed_in
from trienkhai.text import fold

MOST_ROWS = 300
"""A longer roll is called unit by unit."""
MOST_FOUND = 50


@signed_in
def call(request: ActorRequest, key: UUID) -> HttpResponse:
    """The roll: everybody present, tap those away; also from a sheet or a telephone call, afterwards."""
    meeting = visible_meeting(request, key)
    reach = policies.reach_of(request.actor, meeting, at=today())
    policies.can_call_roll(request.actor, meeting, at=today(), reach=reach).require()
    if request.method != "POST":
        rows = _rows(request, meeting, reach)
        source = request.GET.get("source", "")
        first = Source(source) if source in set(Source) else default_source(meeting.held_on, today())
        form = _source_form(meeting, None, source=first)
        return _page(request, meeting, form, None if rows is None else first_rows(rows), reach=reach)
    return _sent(request, meeting, reach)


def _source_form(meeting: Meeting, data: Any, *, source: Source = Source.ROLL_CALL) -> SourceForm:
    initial = {"source": source, "held_on": meeting.held_on, "seen": meeting.roll_seq, "sending": uuid4()}
    return SourceForm(data, initial=initial)


def _rows(request: ActorRequest, meeting: Meeting, reach: policies.Reach) -> list[RosterRow] | None:
    """Who the reader may mark, of the unit asked for; ``None`` when that is too many for one page."""
    entries = policies.callable_entries(request.actor, meeting, at=today(), reach=reach)
    unit = chosen_unit(request)
    if unit is not None:
        entries = entries.filter(unit=unit)
    elif entries.count() > MOST_ROWS:
        return None
    return roster_rows(meeting, entries)


def _sent(request: ActorRequest, meeting: Meeting, reach: policies.Reach) -> HttpResponse:
    form = _source_form(meeting, request.POST)
    typed = typed_rows(_rows(request, meeting, reach) or [], request.POST)
    if not form.is_valid():
        return _page(request, meeting, form, typed, reach=reach, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        result = _call(request, meeting, form, typed)
    except DomainError as error:
        pages.form_error(form, error)
        meeting.refresh_from_db()
        return _page(request, meeting, form, typed, reach=reach, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if result.conflicts:
        return _conflicts(request, meeting, form, typed, result=result, reach=reach)
    _say(request, result)
    address = reverse("meetings:one", args=[meeting.key])
    if request.headers.get("X-Roll") == "1":
        return JsonResponse({"address": address})
    return redirect(address)


@transaction.atomic
def _call(request: ActorRequest, meeting: Meeting, form: SourceForm, typed: Sequence[RollRow]) -> RollResult:
    """Correct the day first when another was typed, then call the roll; both or neither."""
    said = form.cleaned_data
    day = said["held_on"] or meeting.held_on
    seen: int = said["seen"]
    if day != meeting.held_on:
        actions.change_meeting(meeting=meeting, facts=_on_another_day(meeting, day), actor=request.actor, at=now())
        if seen == meeting.roll_seq:
            meeting.refresh_from_db()
            seen = meeting.roll_seq
    return actions.call_roll(
        meeting=meeting,
        marks=marks_of(typed, request.POST),
        actor=request.actor,
        at=now(),
        source=Source(said["source"]),
        told_by=said["told_by"],
        seen=seen,
        sending=said["sending"],
    )


def _on_another_day(meeting: Meeting, day: Any) -> MeetingFacts:
    return MeetingFacts(
        title=meeting.title,
        held_on=day,
        begins_at=meeting.begins_at,
        minutes=meeting.minutes,
        venue=meeting.venue,
        form=MeetingForm(meeting.form),
        presenter=meeting.presenter,
        seats=[unit for unit in seated_units(meeting) if unit != meeting.host_id],
    )


def _renewed(form: SourceForm, meeting: Meeting) -> SourceForm:
    """The same form for a second sending, knowing what the roll says by now."""
    said = {**form.cleaned_data, "seen": meeting.roll_seq, "sending": uuid4()}
    return SourceForm(initial=said)


def _conflicts(
    request: ActorRequest,
    meeting: Meeting,
    form: SourceForm,
    typed: Sequence[RollRow],
    *,
    result: RollResult,
    reach: policies.Reach,
) -> HttpResponse:
    """What was clear has been written; ask about the rest, showing who wrote what in between."""
    meeting.refresh_from_db()
    wrote = writers(conflict.theirs_seq for conflict in result.conflicts)
    theirs = {conflict.place: (conflict.theirs, wrote.get(conflict.theirs_seq)) for conflict in result.conflicts}
    mine = {row.row.key: row for row in typed}
    fresh = first_rows(_rows(request, meeting, reach) or [])
    rows = [replace(mine[row.row.key], row=row.row) if row.row.key in theirs else row for row in fresh]
    again = _renewed(form, meeting)
    return _page(request, meeting, again, rows, reach=reach, theirs=theirs, result=result, status=HTTPStatus.CONFLICT)


def _page(  # what the page shows
    request: ActorRequest,
    meeting: Meeting,
    form: SourceForm,
    rows: Sequence[RollRow] | None,
    *,
    reach: policies.Reach,
    theirs: dict[UUID, Any] | None = None,
    result: RollResult | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    is_running = bool(policies.can_run_meeting(request.actor, meeting, at=today(), reach=reach))
    if not is_running or meeting.state != MeetingState.PLANNED:
        del form.fields["held_on"]
    unit = chosen_unit(request)
    source = form["source"].value()
    parts = []
    if rows is None:
        parts = parts_of(meeting, reach.counted)
    shown = [_shown(row, (theirs or {}).get(row.row.key)) for row in rows or ()]
    context = {
        "meeting": meeting,
        "rollout": meeting.rollout,
        "host_name": names_on([meeting.host_id], meeting.held_on).get(meeting.host_id, ""),
        "form": form,
        "asked": [row for row in shown if row["theirs"]],
        "groups": _grouped([row for row in shown if not row["theirs"]]),
        "rows": shown,
        "parts": parts,
        "unit": unit,
        "away_names": [(what, PRESENCE_NAMES[what]) for what in AWAY],
        "result": result,
        "guest_form": GuestForm(initial={"key": uuid4()}, auto_id="guest_%s"),
        "is_running": is_running,
        "is_afterwards": source != Source.ROLL_CALL,
        "is_open": "source" in request.GET,
        "source_name": SOURCE_NAMES[Source(source)] if source in set(Source) else "",
        "is_first": meeting.state == MeetingState.PLANNED,
    }
    return render(request, "meetings/roll.html", context, status=status)


def _shown(row: RollRow, theirs: Any) -> dict[str, Any]:
    mark, writer = theirs or (None, None)
    return {
        "roll": row,
        "row": row.row,
        "theirs": theirs,
        "their_words": PRESENCE_NAMES[mark.presence] if mark else "",
        "their_reason": mark.reason if mark else "",
        "writer": writer,
    }


def _grouped(rows: Sequence[dict[str, Any]]) -> list[tuple[str, str, list[dict[str, Any]]]]:
    """By unit and group, in the order of the rows: ``[(unit name, group, rows)]``."""
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault((row["row"].unit_name, row["row"].group.value), []).append(row)
    return [(name, group, members) for (name, group), members in groups.items()]


def _say(request: ActorRequest, result: RollResult) -> None:
    if result.repeated:
        messages.info(request, _("This form had arrived already; nothing was entered twice."))
    elif result.entry is None:
        messages.info(request, _("Nothing was new: the roll says this already."))
    else:
        written = ngettext("The roll is saved: %d mark.", "The roll is saved: %d marks.", result.written)
        messages.success(request, written % result.written)
    if result.kept:
        kept = ngettext(
            "%d mark somebody else changed meanwhile was left as it is.",
            "%d marks somebody else changed meanwhile were left as they are.",
            result.kept,
        )
        messages.info(request, kept % result.kept)


@require_POST
@signed_in
def draw(request: ActorRequest, key: UUID) -> HttpResponse:
    """Bring the roster in line with who belongs on it."""
    meeting = visible_meeting(request, key)
    entry = actions.draw_roster(meeting=meeting, actor=request.actor, at=now())
    messages.success(request, _("The roster is up to date.") if entry else _("Nothing has changed."))
    return redirect("meetings:one", key=key)


@signed_in
def add(request: ActorRequest, key: UUID) -> HttpResponse:
    """Look for somebody and put them on the roster."""
    meeting = visible_meeting(request, key)
    policies.can_run_meeting(request.actor, meeting, at=today()).require()
    listed = RosterEntry.objects.current().filter(meeting=meeting, person__isnull=False).values("person")
    people = visible_people(request.actor, at=today()).exclude(pk__in=listed)
    if request.method == "POST":
        person = get_object_or_404(visible_people(request.actor, at=today()), key=key_asked(request, "person"))
        return _add(request, meeting, person)
    words = request.GET.get("q", "").strip()
    seated = seated_units(meeting)
    if words:
        found = people.filter(*(_word_begins(word) for word in fold(words).split()))
    else:
        found = people.filter(memberships__unit__in=seated, memberships__superseded_seq__isnull=True).distinct()
    context = {
        "meeting": meeting,
        "rollout": meeting.rollout,
        "words": words,
        "people": list(found.order_by("sort_key", "pk")[:MOST_FOUND]),
        "most": MOST_FOUND,
    }
    return render(request, "meetings/add.html", context)


def _word_begins(word: str) -> Q:
    return Q(folded__startswith=word) | Q(folded__contains=f" {word}")


def _add(request: ActorRequest, meeting: Meeting, person: Person) -> HttpResponse:
    try:
        actions.add_person(meeting=meeting, person=person, actor=request.actor, at=now())
    except Invalid as error:
        messages.error(request, pages.explain(error))
        return redirect("meetings:add", key=meeting.key)
    messages.success(request, _("%(name)s is on the roster.") % {"name": person.full_name})
    return redirect("meetings:one", key=meeting.key)


@require_POST
@signed_in
def guest(request: ActorRequest, key: UUID) -> HttpResponse:
    """Put a guest on the roster."""
    meeting = visible_meeting(request, key)
    form = GuestForm(request.POST, auto_id="guest_%s")
    if form.is_valid():
        try:
            actions.add_guest(
                meeting=meeting,
                name=form.cleaned_data["name"],
                key=form.cleaned_data["key"],
                actor=request.actor,
                at=now(),
            )
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, _("%(name)s is on the roster.") % {"name": form.cleaned_data["name"]})
            return redirect("meetings:one", key=key)
    return come_back(request, meeting, guest_form=form)


@require_POST
@signed_in
def remove(request: ActorRequest, key: UUID, place: UUID) -> HttpResponse:
    """Take somebody off the roster."""
    meeting = visible_meeting(request, key)
    actions.remove_from_roster(meeting=meeting, place=place, actor=request.actor, at=now())
    messages.success(request, _("Taken off the roster."))
    return redirect("meetings:one", key=key)
