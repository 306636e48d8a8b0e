"""Changing units: each shows what it would do before it is done."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from trienkhai.ledger.clock import now, today
from trienkhai.organisation import policies
from trienkhai.organisation.actions import Change, NewUnit, Part
from trienkhai.organisation.actions import make_body as name_body
from trienkhai.organisation.forms import units as forms
from trienkhai.organisation.models import Body, Person, Unit, UnitState, held_on
from trienkhai.organisation.queries import unit_rows
from trienkhai.organisation.queries.people import ties_on
from trienkhai.organisation.queries.trees import state_of
from trienkhai.organisation.queries.users import unit_choices
from trienkhai.organisation.requests import ActorRequest, signed_in
from trienkhai.organisation.rules import BodyKind, UnitKind, may_hang_under
from trienkhai.rollouts.actions import organisation as actions
from trienkhai.web.views.organisation_changes import changing


def _kept(request: ActorRequest, key: UUID) -> tuple[Unit, UnitState]:
    """The unit and what it is today (or was last, or will be).

    Raises:
        Http404: the reader does not keep it.
    """
    day = today()
    unit = get_object_or_404(policies.kept_units(request.actor, at=day), key=key)
    state = state_of(unit.pk, day)
    if state is None:
        raise Http404
    return unit, state


def _page(unit: Unit) -> str:
    return reverse("organisation:unit", args=[unit.key])


def _page_of_made(change: Change) -> str:
    return _page(Unit.objects.get(pk=change.made[0]))


def _context(title: str, state: UnitState | None, intro: str = "") -> Mapping[str, Any]:
    trail = [(state.name, _page(state.unit))] if state else []
    return {"title": title, "intro": intro, "trail": trail, "cancel_url": trail[-1][1] if trail else ""}


@signed_in
def open_top(request: ActorRequest) -> HttpResponse:
    """Open a unit under no other: for whoever runs the installation."""
    if not request.actor.is_installer:
        raise Http404
    kinds = [kind for kind in UnitKind if may_hang_under(kind, None)]
    form = forms.OpenUnitForm(request.POST or None, kinds=kinds, initial={"kind": UnitKind.BASE, "on": today()})
    context = {**_context(_("Open a unit at the top"), None), "cancel_url": reverse("organisation:tree")}
    return changing(
        request,
        form,
        lambda: _open(request, form, None),
        context=context,
        done=_("The unit is open."),
        back=_page_of_made,
    )


@signed_in
def open_below(request: ActorRequest, key: UUID) -> HttpResponse:
    """Open a unit below another."""
    unit, state = _kept(request, key)
    kinds = [kind for kind in UnitKind if may_hang_under(kind, UnitKind(state.kind))]
    usual = UnitKind.CELL if UnitKind.CELL in kinds else kinds[0] if kinds else None
    form = forms.OpenUnitForm(request.POST or None, kinds=kinds, initial={"kind": usual, "on": today()})
    return changing(
        request,
        form,
        lambda: _open(request, form, unit.pk),
        context=_context(_("Open a unit below"), state),
        done=_("The unit is open."),
        back=_page_of_made,
    )


def _open(request: ActorRequest, form: forms.OpenUnitForm, parent: int | None) -> Change:
    values = form.cleaned_data
    return actions.open_unit(
        name=values["name"],
        kind=UnitKind(values["kind"]),
        parent=parent,
        on=values["on"],
        short_name=values["short_name"],
        place=values["place"],
        actor=request.actor,
        at=now(),
    )


@signed_in
def rename(request: ActorRequest, key: UUID) -> HttpResponse:
    """Another name from a day on."""
    unit, state = _kept(request, key)
    initial = {"name": state.name, "short_name": state.short_name, "on": today()}
    form = forms.RenameUnitForm(request.POST or None, initial=initial)
    return changing(
        request,
        form,
        lambda: actions.rename_unit(unit=unit.pk, actor=request.actor, at=now(), **form.cleaned_data),
        context=_context(
            _("Rename the unit"),
            state,
            _("The old name stays for the days before. To mend a misspelling, correct the entry."),
        ),
        done=_("The unit has its new name."),
        back=_page(unit),
    )


@signed_in
def correct(request: ActorRequest, key: UUID) -> HttpResponse:
    """What was typed wrongly, on all the days it stood."""
    unit, state = _kept(request, key)
    first = UnitState.objects.current().filter(unit=unit).order_by("starts_on").values_list("starts_on", flat=True)[0]
    initial = {"name": state.name, "short_name": state.short_name, "place": state.place, "opened_on": first}
    form = forms.CorrectUnitForm(request.POST or None, initial=initial)

    def run() -> Change:
        values = form.cleaned_data
        opened_on: date | None = values["opened_on"] if values["opened_on"] != first else None
        return actions.correct_unit(
            unit=unit.pk,
            on=state.starts_on,
            name=values["name"],
            short_name=values["short_name"],
            place=values["place"],
            opened_on=opened_on,
            actor=request.actor,
            at=now(),
        )

    return changing(
        request,
        form,
        run,
        context=_context(_("Correct the entry"), state, _("On all days, not from a day on.")),
        done=_("The entry has been corrected."),
        back=_page(unit),
    )


@signed_in
def kind(request: ActorRequest, key: UUID) -> HttpResponse:
    """A unit of another kind from a day on."""
    unit, state = _kept(request, key)
    form = forms.ChangeKindForm(request.POST or None, initial={"kind": state.kind, "on": today()})
    return changing(
        request,
        form,
        lambda: actions.change_unit_kind(
            unit=unit.pk,
            kind=UnitKind(form.cleaned_data["kind"]),
            on=form.cleaned_data["on"],
            actor=request.actor,
            at=now(),
        ),
        context=_context(_("Make it a unit of another kind"), state),
        done=_("The unit has been changed."),
        back=_page(unit),
    )


@signed_in
def move(request: ActorRequest, key: UUID) -> HttpResponse:
    """Under another unit, with everything below it."""
    unit, state = _kept(request, key)
    day = today()
    kept = policies.kept_units(request.actor, at=day)
    levels = [kind for kind in UnitKind if may_hang_under(UnitKind(state.kind), kind)]
    fitting = UnitState.objects.current().filter(held_on(day), kind__in=levels).values("unit")
    targets = kept.filter(pk__in=fitting).exclude(pk__in=[unit.pk, *([state.parent_id] if state.parent_id else [])])
    form = forms.MoveUnitForm(request.POST or None, units=unit_choices(targets, day), initial={"on": day})
    return changing(
        request,
        form,
        lambda: actions.move_unit(unit=unit.pk, actor=request.actor, at=now(), **form.cleaned_data),
        context=_context(_("Put under another unit"), state, _("Everything below it goes along.")),
        done=_("The unit has its new place."),
        back=_page(unit),
    )


@signed_in
def close(request: ActorRequest, key: UUID) -> HttpResponse:
    """Close an empty unit."""
    unit, state = _kept(request, key)
    form = forms.CloseUnitForm(request.POST or None, initial={"on": today()})
    return changing(
        request,
        form,
        lambda: actions.close_unit(unit=unit.pk, on=form.cleaned_data["on"], actor=request.actor, at=now()),
        context=_context(
            _("Close the unit"),
            state,
            _("Nobody may be left in it. To bring its people into another unit, merge it instead."),
        ),
        done=_("The unit is closed."),
        back=_page(unit),
    )


@signed_in
def merge(request: ActorRequest, key: UUID) -> HttpResponse:
    """Merge with others, into this one or a new one."""
    unit, state = _kept(request, key)
    day = today()
    alike = UnitState.objects.current().filter(held_on(day), kind=state.kind).exclude(unit=unit)
    others = policies.kept_units(request.actor, at=day).filter(pk__in=alike.values("unit"))
    form = forms.MergeUnitsForm(request.POST or None, units=_siblings_first(others, state, day), initial={"on": day})

    def run() -> Change:
        values = form.cleaned_data
        new = NewUnit(
            name=values["name"], kind=UnitKind(state.kind), on=values["on"], parent=state.parent_id, place=state.place
        )
        into = new if values["name"] else unit.pk
        return actions.merge_units(
            units=[unit.pk, *values["units"]], into=into, on=values["on"], actor=request.actor, at=now()
        )

    return changing(
        request,
        form,
        run,
        context=_context(
            _("Merge with others"),
            state,
            _("People and the units below go over; the units that close keep their past."),
        ),
        done=_("The units are merged."),
        back=_page_of_made,
    )


def _siblings_first(units: QuerySet[Unit], state: UnitState, day: date) -> list[tuple[str, str]]:
    rows = unit_rows(units.values_list("pk", flat=True), day)
    ordered = sorted(rows.values(), key=lambda row: row.parent_id != state.parent_id)
    return [(row.key, row.name) for row in ordered]


@signed_in
def split(request: ActorRequest, key: UUID) -> HttpResponse:
    """Some people and units below go into a new unit."""
    unit, state = _kept(request, key)
    day = today()
    children = Unit.objects.filter(pk__in=UnitState.objects.current().filter(held_on(day), parent=unit).values("unit"))
    form = forms.SplitUnitForm(
        request.POST or None,
        people=_people_choices(request, unit, day),
        children=unit_choices(children, day),
        initial={"on": day},
    )

    def run() -> Change:
        values = form.cleaned_data
        people = Person.objects.filter(key__in=values.get("people", [])).values_list("pk", flat=True)
        part = Part(values["name"], people=tuple(people), children=tuple(values.get("children", [])))
        return actions.split_unit(unit=unit.pk, parts=[part], on=values["on"], actor=request.actor, at=now())

    return changing(
        request,
        form,
        run,
        context=_context(_("Split the unit"), state, _("Whoever is not chosen stays.")),
        done=_("The new unit is open."),
        back=_page_of_made,
    )


def _people_choices(request: ActorRequest, unit: Unit, day: date) -> list[tuple[str, str]]:
    """Who is in the unit, by name, for those who may see names."""
    if not policies.can_see_names(request.actor, unit.pk, at=day):
        return []
    return [(str(tie.person.key), tie.person.full_name) for tie in ties_on(unit.pk, day)]


@signed_in
def body(request: ActorRequest, key: UUID) -> HttpResponse:
    """Name those who lead a unit as one body."""
    unit, state = _kept(request, key)
    kind = BodyKind.CELL_COMMITTEE if state.kind == UnitKind.CELL else BodyKind.COMMITTEE
    form = forms.BodyForm(request.POST or None, initial={"kind": kind, "on": today()})
    return changing(
        request,
        form,
        lambda: name_body(
            unit=unit.pk,
            kind=BodyKind(form.cleaned_data["kind"]),
            name=form.cleaned_data["name"],
            on=form.cleaned_data["on"],
            actor=request.actor,
            at=now(),
        ),
        context=_context(_("Name a leading body"), state),
        done=_("The body has been named. Give people posts in it on their own pages."),
        back=_page(unit),
    )


@signed_in
def end_body(request: ActorRequest, key: UUID, body_key: UUID) -> HttpResponse:
    """Dissolve a body; posts in it end with it."""
    unit, state = _kept(request, key)
    found = get_object_or_404(Body, key=body_key, unit=unit)
    form = forms.EndBodyForm(request.POST or None, initial={"on": today()})
    return changing(
        request,
        form,
        lambda: actions.end_body(body=found.pk, on=form.cleaned_data["on"], actor=request.actor, at=now()),
        context=_context(_("Dissolve this body"), state),
        done=_("The body is dissolved."),
        back=_page(unit),
    )
