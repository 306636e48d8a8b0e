"""Residents: the desk draws codes for them; who has drawn one comments with it, without signing in.

The code comes by POST, travels in the page's form from step to step, and is in no address, session, cookie or log. The
page does not learn who has signed in in the same browser, and needs no cookie: whoever forges the request has to have
the code.
"""

from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from trienkhai.comments import actions, policies
from trienkhai.comments.actions import Letter
from trienkhai.comments.forms.residents import CodeForm, ResidentForm
from trienkhai.comments.models import Call, DrawnCode
from trienkhai.comments.queries.codes import code_counts, code_of
from trienkhai.comments.queries.promises import promise_facts
from trienkhai.comments.queries.subjects import choices_of
from trienkhai.comments.rules import CommentError, shown_code
from trienkhai.comments.texts import PROMISE_NAMES
from trienkhai.comments.views.asking import managed_call
from trienkhai.comments.views.tries import is_too_often, missed
from trienkhai.comments.views.writing import is_sending, is_sound, unbound
from trienkhai.core import pages
from trienkhai.core.decisions import DomainError, Refused
from trienkhai.ledger.clock import now, today
from trienkhai.organisation.queries import name_of
from trienkhai.organisation.requests import ActorRequest, carried_nowhere, for_strangers, signed_in
from trienkhai.sealed.rules import new_receipt, shown


@for_strangers
@csrf_exempt
@carried_nowhere
@never_cache
@sensitive_post_parameters()
@sensitive_variables()
def by_code(request: HttpRequest) -> HttpResponse:
    """Type the code; choose how, write, read it again, send; the receipt."""
    form = CodeForm(request.POST or None)
    place = None
    if form.is_bound and is_too_often(request):
        form.add_error(None, _("Too many tries. Wait five minutes, then type the code with care."))
    elif form.is_valid():
        try:
            place = code_of(form.cleaned_data["code"])
            if place is None:
                raise Refused(CommentError.CODE_UNKNOWN)
        except DomainError as error:
            missed(request)
            pages.form_error(form, error)
    if place is not None:
        return _step(request, place)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "comments/code.html", {"form": form, "title": _("Comment with a code")}, status=status)


@sensitive_variables()
def _step(request: HttpRequest, place: DrawnCode) -> HttpResponse:
    """Whatever comes after the code."""
    call = place.call
    decision = policies.can_use_code(place, at=today())
    context = {
        "call": call,
        "unit_name": name_of(call.unit_id, today()),
        "facts": promise_facts(call, on=today()),
        "code": request.POST["code"],
        "receipt": new_receipt(),
        "why_not": pages.explain(decision),
        "title": _("Your comment"),
    }
    is_again = decision.reason is CommentError.CODE_USED and is_sending(request)
    if not decision and not is_again:
        return render(request, "comments/write_by_code.html", context)
    if "nothing" in request.POST:
        return _sent(request, call, Letter(None, receipt=request.POST.get("receipt", "")))
    form = _form(request, call)
    if "more" in request.POST or "change" in request.POST or not form.is_bound:
        return render(request, "comments/write_by_code.html", {**context, "form": unbound(form)})
    if form.is_valid() and is_sound(form, call):
        if "send" not in request.POST:
            again = {"form": form, "points": form.titles(), "promise": form.chosen(), "title": _("Read it again")}
            again |= {"promise_name": PROMISE_NAMES[form.chosen()], "signed": form.cleaned_data["signed"]}
            return render(request, "comments/read_again.html", {**context, **again})
        try:
            return _sent(request, call, _letter(request, form))
        except DomainError as error:
            pages.form_error(form, error)
    return pages.render_form(request, "comments/write_by_code.html", context, form)


@sensitive_variables()
def _form(request: HttpRequest, call: Call) -> ResidentForm:
    """What has been typed; nothing yet, when only the code has."""
    return ResidentForm(
        request.POST if "rows" in request.POST else None,
        choices=choices_of(call, on=today()),
        most=call.numbers.most_points,
        longest=call.numbers.longest_text,
        offered=call.offered,
        threshold=call.numbers.threshold,
        auto_id="%s",
    )


@sensitive_variables()
def _letter(request: HttpRequest, form: ResidentForm) -> Letter:
    return Letter(
        form.chosen(),
        form.said(),
        form.keys(),
        form.wanted_below(),
        receipt=request.POST.get("receipt", ""),
        signed=form.cleaned_data["signed"],
    )


@sensitive_variables()
def _sent(request: HttpRequest, call: Call, letter: Letter) -> HttpResponse:
    receipt = actions.send_by_code(code=request.POST["code"], letter=letter, at=now())
    context = {"call": call, "receipt": shown(receipt), "promise": letter.promise, "by_code": True}
    return render(request, "comments/receipt.html", {**context, "title": _("Your receipt")})


@carried_nowhere
@never_cache
@sensitive_variables()
@signed_in
def codes(request: ActorRequest, key: UUID) -> HttpResponse:
    """How many codes have been used; drawing them: a sheet to print and cut up, shown once."""
    call, day = managed_call(request, key), today()
    decision = policies.can_draw_codes(request.actor, call, at=day)
    context = {"call": call, "title": _("Codes for residents"), "why_not": pages.explain(decision)}
    if request.method == "POST":
        told = request.POST.get("sheet", "")
        sheet = int(told) if told.isascii() and told.isdecimal() and len(told) < len("10000") else 0
        try:
            drawn = actions.draw_codes(call=call, sheet=sheet, actor=request.actor, at=now())
        except DomainError as error:
            context["refused"] = pages.explain(error)
        else:
            context |= {"codes": [shown_code(code) for code in drawn], "unit_name": name_of(call.unit_id, day)}
            return render(request, "comments/code_sheet.html", context)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if "refused" in context else HTTPStatus.OK
    return render(request, "comments/codes.html", {**context, "counts": code_counts(call)}, status=status)
