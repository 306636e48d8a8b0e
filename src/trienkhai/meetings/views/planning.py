"""Planning, changing, holding and cancelling meetings."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from trienkhai.core import pages
from trienkhai.core.decisions import DomainError
from trienkhai.figures.queries import paths_on
from trienkhai.ledger.clock import now, today
from trienkhai.meetings import actions, policies
from trienkhai.meetings.actions import MeetingFacts
from trienkhai.meetings.forms import CancelForm, Choices, MakeUpForm, MeetingForm_
from trienkhai.meetings.models import Meeting
from trienkhai.meetings.queries.pages import names_on
from trienkhai.meetings.queries.rosters import seated_units
from trienkhai.meetings.rules import MeetingForm, MeetingState
from trienkhai.meetings.views.asking import visible_meeting, visible_rollout
from trienkhai.meetings.views.one import come_back
from trienkhai.organisation.models import Unit
from trienkhai.organisation.queries import units_under
from trienkhai.organisation.requests import ActorRequest, signed_in
from trienkhai.programmes.models import Programme
from trienkhai.rollouts.models import Rollout


@signed_in
def plan(request: ActorRequest, key: UUID) -> HttpResponse:
    """Plan a meeting of one of the reader's units."""
    rollout = visible_rollout(request, key)
    units = policies.plannable_units(request.actor, rollout, at=today())
    keys = dict(units.values_list("pk", "key"))
    if not keys:
        raise Http404
    form = MeetingForm_(
        request.POST or None, initial=_first(request, rollout, keys), offered=_choices(keys, keys, today())
    )
    if form.is_valid():
        host = get_object_or_404(Unit, key=form.cleaned_data["host"])
        try:
            meeting = actions.plan_meeting(
                rollout=rollout,
                host=host,
                facts=_facts(form, host),
                actor=request.actor,
                at=now(),
                key=form.cleaned_data["key"],
            )
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, _planned(meeting))
            return redirect("meetings:one", key=meeting.key)
    context = {
        "rollout": rollout,
        "title": _("Plan a study meeting"),
        "submit": _("Plan the meeting"),
        "cancel_url": reverse("meetings:of_rollout", args=[key]),
    }
    return pages.render_form(request, "meetings/plan.html", context, form)


def _planned(meeting: Meeting) -> str:
    listed = meeting.roster.filter(superseded_seq__isnull=True).count()
    said = ngettext(
        "The meeting is planned, with %d person on its roster.",
        "The meeting is planned, with %d people on its roster.",
        listed,
    )
    return said % listed


def _make_up_title(meeting: Meeting) -> str:
    course = meeting.makes_up_for or meeting
    return (_("Make-up session: %(title)s") % {"title": course.title})[:300]


def _first(request: ActorRequest, rollout: Rollout, keys: dict[int, UUID]) -> dict[str, object]:
    """What is offered first: the title of the roll-out, in one room; the unit whose page the reader came from."""
    asked = request.GET.get("unit", "")
    host = asked if asked in {str(key) for key in keys.values()} else ""
    return {
        "key": uuid4(),
        "host": host,
        "title": (_("Study: %(title)s") % {"title": rollout.title})[:300],
        "form": MeetingForm.IN_PERSON,
    }


def _choices(hosts: dict[int, UUID], seats: dict[int, UUID], day: date) -> Choices:
    names = names_on({*hosts, *seats}, day)
    return Choices(
        hosts={hosts[pk]: name for pk, name in names.items() if pk in hosts},
        guests={seats[pk]: name for pk, name in names.items() if pk in seats and (len(seats) > 1 or pk not in hosts)},
        units=Unit.objects.filter(pk__in=seats),
        programmes=_programmes(hosts, day) if hosts else {},
    )


def _programmes(hosts: Collection[int], day: date) -> dict[UUID, str]:
    """What meetings of these hosts can be tied to: programmes that run on or after the day."""
    above = paths_on(day).filter(descendant__in=hosts).values("ancestor")
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gt=day)
    found = Programme.objects.filter(lasting, owner__in=above).order_by("sort_key", "pk")
    return dict(found.values_list("key", "name"))


def _facts(form: MeetingForm_, host: Unit) -> MeetingFacts:
    day = form.cleaned_data["held_on"]
    seats = {unit.pk for unit in form.cleaned_data["seats"]}
    if form.cleaned_data["all_below"]:
        seats = seats | set(units_under(host, day).values_list("pk", flat=True))
    tied = Programme.objects.filter(key__in=form.cleaned_data["programmes"])
    programmes = tied.values_list("pk", flat=True)
    return MeetingFacts(**form.facts(), seats=seats - {host.pk}, programmes=frozenset(programmes))


@signed_in
def change(request: ActorRequest, key: UUID) -> HttpResponse:
    """Say otherwise of a meeting."""
    meeting = visible_meeting(request, key)
    policies.can_run_meeting(request.actor, meeting, at=today()).require()
    seated = seated_units(meeting)
    units = policies.plannable_units(request.actor, meeting.rollout, at=today())
    offered = dict(units.values_list("pk", "key")) | dict(Unit.objects.filter(pk__in=seated).values_list("pk", "key"))
    initial = {
        "host": str(meeting.host.key),
        "title": meeting.title,
        "held_on": meeting.held_on,
        "begins_at": meeting.begins_at,
        "minutes": meeting.minutes,
        "form": meeting.form,
        "venue": meeting.venue,
        "presenter": meeting.presenter,
        "programmes": [str(key) for key in meeting.ties.values_list("programme__key", flat=True)],
        "seats": [str(offered[pk]) for pk in seated if pk != meeting.host_id],
    }
    hosts = {meeting.host_id: meeting.host.key}
    offered.pop(meeting.host_id, None)
    choices = _choices(hosts, offered, meeting.held_on)
    tied = dict(Programme.objects.filter(meeting_ties__meeting=meeting).values_list("key", "name"))
    choices = replace(choices, programmes={**choices.programmes, **tied})
    form = MeetingForm_(request.POST or None, initial=initial, offered=choices)
    if form.is_valid():
        try:
            actions.change_meeting(meeting=meeting, facts=_facts(form, meeting.host), actor=request.actor, at=now())
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, _("The meeting has been changed."))
            return redirect("meetings:one", key=key)
    context = {
        "rollout": meeting.rollout,
        "meeting": meeting,
        "title": _("Change the meeting"),
        "is_held": meeting.state == MeetingState.HELD,
        "cancel_url": reverse("meetings:one", args=[key]),
    }
    return pages.render_form(request, "meetings/plan.html", context, form)


@signed_in
def cancel(request: ActorRequest, key: UUID) -> HttpResponse:
    """Cancel a meeting, saying why."""
    meeting = visible_meeting(request, key)
    policies.can_run_meeting(request.actor, meeting, at=today()).require()
    form = CancelForm(request.POST or None)
    if form.is_valid():
        actions.cancel_meeting(meeting=meeting, because=form.cleaned_data["because"], actor=request.actor, at=now())
        messages.success(request, _("The meeting is cancelled."))
        return redirect("meetings:one", key=key)
    context = {
        "meeting": meeting,
        "rollout": meeting.rollout,
        "title": _("Cancel the meeting"),
        "submit": _("Cancel the meeting"),
        "intro": _intro(meeting),
        "cancel_url": reverse("meetings:one", args=[key]),
    }
    return pages.render_form(request, "meetings/small_form.html", context, form)


def _intro(meeting: Meeting) -> str:
    if meeting.state != MeetingState.HELD:
        return _("It will not take place. Nobody is told by itself.")
    return _("It was entered as held. Everything its roll said leaves the figures; the record keeps it.")


@require_POST
@signed_in
def restore(request: ActorRequest, key: UUID) -> HttpResponse:
    """Take a cancellation back."""
    meeting = visible_meeting(request, key)
    actions.restore_meeting(meeting=meeting, actor=request.actor, at=now())
    messages.success(request, _("The meeting is planned again. Its roll has to be called."))
    return redirect("meetings:one", key=key)


@require_POST
@signed_in
def hold(request: ActorRequest, key: UUID) -> HttpResponse:
    """Say that it took place, without a roll."""
    meeting = visible_meeting(request, key)
    actions.hold_meeting(meeting=meeting, actor=request.actor, at=now())
    messages.success(request, _("Noted: the meeting was held."))
    return redirect("meetings:one", key=key)


@require_POST
@signed_in
def make_up(request: ActorRequest, key: UUID) -> HttpResponse:
    """Plan a session for those who were not there."""
    meeting = visible_meeting(request, key)
    form = MakeUpForm(request.POST, auto_id="make_up_%s")
    if form.is_valid():
        try:
            session = actions.plan_make_up(
                meeting=meeting,
                held_on=form.cleaned_data["held_on"],
                title=_make_up_title(meeting),
                actor=request.actor,
                at=now(),
                key=form.cleaned_data["key"],
            )
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, _planned(session))
            return redirect("meetings:one", key=session.key)
    return come_back(request, meeting, make_up_form=form)
