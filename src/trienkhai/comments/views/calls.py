"""Calls: the list, opening one, one with its progress, more time, closing."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from trienkhai.comments import actions, policies
from trienkhai.comments.forms import ReasonForm
from trienkhai.comments.forms.calls import CallForm, ExtendForm, key_file_name
from trienkhai.comments.models import Call, OfficeKeyFile
from trienkhai.comments.queries.answers import answered_groups, results_of
from trienkhai.comments.queries.calls import asked_units, call_rows, progress_of
from trienkhai.comments.queries.numbers import numbers
from trienkhai.comments.queries.opening import holder_names, offers_of
from trienkhai.comments.queries.subjects import body_name, subjects_of
from trienkhai.comments.rules import CallState, Promise
from trienkhai.comments.texts import ABOUT_NAMES, DISPOSITION_NAMES, PROMISE_NAMES, STATE_NAMES
from trienkhai.comments.views.asking import call_of, managed_call
from trienkhai.core import pages
from trienkhai.core.decisions import DomainError
from trienkhai.core.pages import Text
from trienkhai.ledger.clock import now, today
from trienkhai.organisation.models import Unit
from trienkhai.organisation.queries import home_unit, name_of, unit_rows
from trienkhai.organisation.requests import ActorRequest, signed_in
from trienkhai.plans.policies import visible_versions
from trienkhai.sealed.queries import status
from trienkhai.sealed.rules import Counts, Custody, KeyState


@signed_in
def index(request: ActorRequest) -> HttpResponse:
    """Calls the reader is asked by, calls of their desks, and the ways into everything else about comments."""
    day, actor = today(), request.actor
    visible = policies.visible_calls(actor, at=day)
    managed = policies.managed_calls(actor, at=day)
    asked = visible.filter(policies.asks(actor))
    desks = unit_rows(policies.desk_units(actor, at=day).values_list("pk", flat=True), day)
    home = home_unit(actor, day)
    context = {
        "asked": [
            (row, row.state is CallState.OPEN and policies.can_write(actor, row.call, at=day))
            for row in call_rows(asked, on=day, counted=False)
        ],
        "managed": call_rows(managed, on=day),
        "helped": call_rows(visible.exclude(pk__in=managed).exclude(pk__in=asked), on=day, counted=False),
        "state_names": STATE_NAMES,
        "home": home if home and home.id in desks else next(iter(desks.values()), None),
        "desks": sorted(desks.values(), key=lambda row: row.id),
        "has_person": actor.person_id is not None,
        "has_letters": policies.unit_submissions(actor).exists(),
        "reviews": policies.reviewed_bodies(actor, at=day).exists(),
        "today": day,
    }
    return render(request, "comments/index.html", context)


@signed_in
def open_one(request: ActorRequest) -> HttpResponse:
    """Open a call of a unit (``?unit=``), if wanted about a plan (``?plan=`` its version)."""
    day = today()
    desks = policies.desk_units(request.actor, at=day)
    unit = _chosen_unit(request)
    offers = offers_of(unit.pk, request.actor, on=day)
    first = {
        "opens_on": day,
        "closes_on": day + timedelta(days=14),
        "answer_by": day + timedelta(days=14 + numbers().answer_days),
        "plans": [request.GET.get("plan", "")],
        "free": True,
    }
    form = CallForm(request.POST or None, offers=offers, initial=first)
    if form.is_valid():
        try:
            call = actions.open_call(unit=unit.pk, plan=form.plan(), actor=request.actor, at=now())
        except DomainError as error:
            pages.form_error(form, error)
        else:
            if call.by_codes:
                messages.success(request, _("The call is open. Draw the codes and print them."))
                return redirect("comments:codes", key=call.key)
            messages.success(request, _("The call is open. %(n)s people are asked.") % {"n": call.asked_number})
            return redirect("comments:one", key=call.key)
    context = {
        "unit": unit,
        "unit_name": name_of(unit, day),
        "desks": sorted(unit_rows(desks.values_list("pk", flat=True), day).values(), key=lambda row: row.id),
        "offers": offers,
        "numbers": numbers(),
    }
    return pages.render_form(request, "comments/open.html", context, form)


def _chosen_unit(request: ActorRequest) -> Unit:
    desks = policies.desk_units(request.actor, at=today())
    wanted = request.GET.get("unit", "")
    if wanted:
        field = django_forms.UUIDField()
        try:
            return get_object_or_404(desks, key=field.clean(wanted))
        except django_forms.ValidationError:
            raise Http404 from None
    home = home_unit(request.actor, today())
    found = desks.filter(pk=home.id).first() if home else None
    return found or get_object_or_404(desks.order_by("pk")[:1])


@signed_in
def one(request: ActorRequest, key: UUID) -> HttpResponse:
    """What is asked, of whom, until when; how many have spoken; what can be done now."""
    call = call_of(request, key)
    return render(request, "comments/one.html", {**_context(request, call), **_results(request, call)})


def _results(request: ActorRequest, call: Call) -> dict[str, object]:
    """Once everything is answered: the answers, for all who were asked."""
    day = today()
    if not policies.answered_calls(request.actor, at=day).filter(pk=call.pk).exists():
        return {"results": None}
    page = pages.paginate(request, answered_groups(call), per_page=20)
    plans = visible_versions(request.actor, at=day)
    found = results_of(list(page), on=day)
    seen = set(plans.filter(plan__key__in=[one.answer.plan for one in found]).values_list("plan__key", "number"))
    rows = [
        (one, DISPOSITION_NAMES[one.answer.kind], (one.answer.plan, one.answer.number) in seen)
        for one in found
        if one.answer.kind
    ]
    return {"results": rows, "result_page": page}


def _context(request: ActorRequest, call: Call) -> dict[str, object]:
    day, actor = today(), request.actor
    is_desk = bool(policies.can_desk(actor, call.unit_id, at=day))
    state = policies.state_on(call, day)
    units = asked_units(call, on=day)
    helped = [unit for unit in units if policies.can_help(actor, call, unit.id, at=day)] if not is_desk else units
    progress = progress_of(call) if is_desk else None
    box = progress.box if progress else None
    return {
        "call": call,
        "state": state,
        "state_name": STATE_NAMES[state],
        "unit_name": name_of(call.unit_id, day),
        "subjects": [(ABOUT_NAMES[one.about], one.title) for one in subjects_of(call, on=day)],
        "promises": [PROMISE_NAMES[promise] for promise in call.offered],
        "units": units,
        "helped": helped,
        "is_desk": is_desk,
        "is_open": state is CallState.OPEN,
        "progress": progress,
        "on_persons": [(body_name(body, on=day), n) for body, n in progress.on_persons] if progress else [],
        "opened": _opened(box.counts) if box and call.released_seq else [],
        "sent": box.counts.sent if box else 0,
        "holders": holders_in_words(call) if box else [],
        "keepers": holder_names(box.name_keepers) if box else [],
        "one_holder": bool(box and box.custody is Custody.KEY_FILE),
        "key_is_lost": bool(box and box.key_state is KeyState.LOST),
        "writing": policies.can_write(actor, call, at=day),
        "why_not_write": pages.explain(policies.can_write(actor, call, at=day)),
        "why_not_release": pages.explain(policies.can_release(actor, call, at=day)),
        "can_release": bool(policies.can_release(actor, call, at=day)),
        "can_unlock": bool(call.is_sealed and policies.can_unlock(actor, call, at=day)),
        "can_extend": bool(policies.can_extend(actor, call, at=day)),
        "can_close": bool(policies.can_close(actor, call, at=day)),
        "takes_slips": call.takes_slips,
        "can_draw": bool(policies.can_draw_codes(actor, call, at=day)),
        "keeps_names": Promise.NAME_KEPT in call.offered,
        "panels": pages.panels("comments.call", request, call) if not call.is_sealed or call.released_seq else [],
        "extensions": call.extensions.order_by("pk"),
        "today": day,
    }


def _opened(counts: Counts) -> list[tuple[Text, int]]:
    """What lay in the box when it was opened, part by part; together they are all that was sent."""
    parts: list[tuple[Text, int]] = [
        (PROMISE_NAMES[Promise.NAMED], counts.named),
        (PROMISE_NAMES[Promise.NAME_KEPT], counts.kept),
        (PROMISE_NAMES[Promise.WITHOUT_A_NAME], counts.nameless - counts.destroyed),
        (_("without a name, destroyed unread because there were too few"), counts.destroyed),
        (_("no comment"), counts.nothing),
        (_("not readable"), counts.unreadable),
    ]
    return [(name, n) for name, n in parts if n]


def holders_in_words(call: Call) -> list[str]:
    """Names of those who open the box; a key file as such."""
    if call.round_key is None:
        return []
    owners = status(call.round_key).releasers
    files = dict(OfficeKeyFile.objects.filter(owner__in=owners).values_list("owner", "made_on"))
    names = holder_names(owners)
    return [
        name or (key_file_name(files[owner]) if owner in files else _("the key file of the office"))
        for owner, name in zip(owners, names, strict=True)
    ]


@signed_in
def extend(request: ActorRequest, key: UUID) -> HttpResponse:
    """Give more time, and say why."""
    call = managed_call(request, key)
    form = ExtendForm(request.POST or None)

    def act() -> None:
        actions.extend_call(call=call, **form.cleaned_data, actor=request.actor, at=today())

    title, done = _("More time"), _("Everybody has more time now.")
    return _small(request, call, form, act, words=(title, done, _("Give more time")))


@signed_in
def close(request: ActorRequest, key: UUID) -> HttpResponse:
    """Close before the last day, and say why."""
    call = managed_call(request, key)
    form = ReasonForm(request.POST or None)

    def act() -> None:
        actions.close_call(call=call, reason=form.cleaned_data["reason"], actor=request.actor, at=today())

    title, done = _("Close the call now"), _("The call is closed.")
    return _small(request, call, form, act, words=(title, done, _("Close it")))


def _small(
    request: ActorRequest,
    call: Call,
    form: django_forms.Form,
    act: Callable[[], object],
    *,
    words: tuple[str, str, str],
) -> HttpResponse:
    title, done, submit = words
    if form.is_valid():
        try:
            act()
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, done)
            return redirect("comments:one", key=call.key)
    context = {"call": call, "title": title, "submit": submit, "cancel_url": f"/comments/{call.key}/"}
    return pages.render_form(request, "comments/small_form.html", context, form)
