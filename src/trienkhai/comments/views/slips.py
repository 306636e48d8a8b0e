"""Slips of paper: printed with a receipt to tear off, noted when handed out, typed in together.

Nothing here ties a receipt to a person: slips are addressed to nobody, and the codes on them are kept nowhere.
"""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from trienkhai.comments import actions, policies
from trienkhai.comments.actions import Letter
from trienkhai.comments.forms.slips import PrintForm, SlipsForm
from trienkhai.comments.models import Asked, Call
from trienkhai.comments.queries.calls import AskedUnit, asked_rows, asked_units
from trienkhai.comments.queries.subjects import choices_of
from trienkhai.comments.rules import About, CommentError, Promise
from trienkhai.comments.views.asking import call_of, managed_call
from trienkhai.comments.views.writing import unbound, words_of
from trienkhai.core import pages
from trienkhai.core.decisions import DomainError, Invalid
from trienkhai.ledger.clock import now, today
from trienkhai.organisation.requests import ActorRequest, carried_nowhere, signed_in
from trienkhai.sealed.rules import new_receipt, shown


def _units(request: ActorRequest, call: Call) -> list[AskedUnit]:
    """The units to whose people the reader may hand slips."""
    day = today()
    units = [one for one in asked_units(call, on=day) if policies.can_help(request.actor, call, one.id, at=day)]
    if not units or not call.takes_slips:
        raise Http404
    return units


@signed_in
def slips(request: ActorRequest, key: UUID) -> HttpResponse:
    """Who was given a slip of paper; ``?unit=`` one unit's list."""
    call, day = call_of(request, key), today()
    units = _units(request, call)
    chosen = next((one for one in units if str(one.key) == request.GET.get("unit", "")), None)
    rows = asked_rows(call, chosen.id if chosen else 0)
    if request.method == "POST" and chosen:
        _note_slips(request, call, rows)
        return redirect(f"{request.path}?unit={chosen.key}")
    context = {
        **words_of(call, day),
        "units": units,
        "chosen": chosen,
        "rows": rows,
        "can_enter": bool(policies.can_enter_slips(request.actor, call, at=day)),
        "waiting": len(policies.slips_waiting(call)),
        "can_print": bool(policies.can_print_slips(request.actor, call, units[0].id, at=day)),
        "title": _("Slips of paper"),
    }
    return render(request, "comments/slips.html", context)


def _note_slips(request: ActorRequest, call: Call, rows: list[Asked]) -> None:
    ticked = set(request.POST.getlist("person"))
    given = [row.person_id for row in rows if str(row.person.key) in ticked and row.slip_on is None]
    taken = [row.person_id for row in rows if str(row.person.key) not in ticked and row.slip_on is not None]
    try:
        for people, is_given in ((given, True), (taken, False)):
            if people:
                actions.hand_out_slips(call=call, people=people, given=is_given, actor=request.actor, at=today())
    except DomainError as error:
        messages.error(request, pages.explain(error))
    else:
        messages.success(request, _("Kept: who was given a slip."))


@carried_nowhere
@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@signed_in
def enter_slips(request: ActorRequest, key: UUID) -> HttpResponse:
    """The slips found in the paper box, typed in together."""
    call, day = managed_call(request, key), today()
    decision = policies.can_enter_slips(request.actor, call, at=day)
    waiting = len(policies.slips_waiting(call))
    form = SlipsForm(
        request.POST if request.method == "POST" else None,
        choices=[one for one in choices_of(call, on=day) if one.about is not About.PERSON],
        most=max(1, min(waiting, 30)),
        longest=call.numbers.longest_text,
        initial={},
    )
    context = {**words_of(call, day), "waiting": waiting, "why_not": pages.explain(decision), "title": _("Enter slips")}
    context["receipt"] = request.POST.get("receipt", "") or new_receipt()
    if "more" in request.POST or not decision:
        return render(request, "comments/enter_slips.html", {**context, "form": unbound(form)})
    if form.is_valid():
        try:
            n = _slips_entered(request, call, form)
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, _("%(n)s slips are in the box. Destroy the paper.") % {"n": n})
            return redirect("comments:one", key=call.key)
    return pages.render_form(request, "comments/enter_slips.html", context, form)


@sensitive_variables()
def _slips_entered(request: ActorRequest, call: Call, form: SlipsForm) -> int:
    typed, keys = form.slips(), form.keys()
    if not typed:
        raise Invalid(CommentError.NOTHING_SAID, on="text-0")
    slips = [Letter(Promise.WITHOUT_A_NAME, [one.said], keys, one.below, receipt=one.receipt) for one in typed]
    sheet = request.POST.get("receipt", "")
    return actions.enter_slips(call=call, slips=slips, actor=request.actor, at=now(), sheet=sheet)


@carried_nowhere
@never_cache
@sensitive_variables()
@signed_in
def print_slips(request: ActorRequest, key: UUID) -> HttpResponse:
    """So many slips to print, each with a receipt of its own, shown once; they are for nobody in particular."""
    call, day = call_of(request, key), today()
    unit = _units(request, call)[0]
    decision = policies.can_print_slips(request.actor, call, unit.id, at=day)
    form = PrintForm(request.POST or None, initial={"number": max(call.numbers.threshold, min(unit.asked, 30))})
    subjects = [one for one in choices_of(call, on=day) if one.about in {About.PLAN, About.BODY}]
    context = {
        **words_of(call, day),
        "subjects": [one.title for one in subjects],
        "why_not": pages.explain(decision),
        "title": _("Print slips"),
    }
    if decision and form.is_valid():
        context["codes"] = [shown(new_receipt()) for _slip in range(form.cleaned_data["number"])]
        return render(request, "comments/slip_sheet.html", context)
    return pages.render_form(request, "comments/print_slips.html", context, form)
