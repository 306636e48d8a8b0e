"""What became of something sent, found by its receipt, without signing in.

The code comes by POST and is in no address; it is kept nowhere. The page does not learn who has signed in in the same
browser, and needs no cookie: whoever forges the request has to have the code. Whoever tries too often waits.
"""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from trienkhai.comments import actions
from trienkhai.comments.forms import ReceiptForm
from trienkhai.comments.models import Call, Submission
from trienkhai.comments.queries.answers import answers_of
from trienkhai.comments.views.tries import is_too_often, missed
from trienkhai.core import pages
from trienkhai.core.decisions import DomainError, Refused
from trienkhai.ledger.clock import now, today
from trienkhai.organisation.queries import name_of
from trienkhai.organisation.requests import carried_nowhere, for_strangers
from trienkhai.sealed.queries import ReceiptState, receipt
from trienkhai.sealed.rules import Fate, NameState, SealedError


@for_strangers
@csrf_exempt
@carried_nowhere
@never_cache
@sensitive_post_parameters()
@sensitive_variables()
def receipts(request: HttpRequest) -> HttpResponse:
    """Type the receipt, find the answer; of a kept name: agree, or withdraw. Never the author's own words."""
    form = ReceiptForm(request.POST or None)
    context: dict[str, object] = {"title": _("What became of my comment?"), "form": form}
    status = HTTPStatus.OK
    if form.is_bound and is_too_often(request):
        form.add_error(None, _("Too many tries. Wait five minutes, then type the receipt with care."))
    elif form.is_valid():
        try:
            context |= _found(request, form.cleaned_data["code"])
        except DomainError as error:
            missed(request)
            pages.form_error(form, error)
    if form.is_bound and form.errors:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "comments/receipts.html", context, status=status)


@sensitive_variables()
def _found(request: HttpRequest, code: str) -> dict[str, object]:
    said = ""
    if "withdraw" in request.POST:
        actions.withdraw(receipt=code, at=now())
        said = _("Withdrawn: your name and your words are deleted.")
    elif "agree" in request.POST:
        actions.answer_asking(receipt=code, consents=True, at=now())
        said = _("You have agreed. Two keepers may open your name now.")
    state = receipt(code)
    if state is None:
        raise Refused(SealedError.RECEIPT_UNKNOWN)
    return {**_shown(state), "said": said, "code": code}


@sensitive_variables()
def _shown(state: ReceiptState) -> dict[str, object]:
    day = today()
    call = Call.objects.filter(round_key=state.round_key).first()
    submission = Submission.objects.current().filter(answer=state.answer).first() if state.answer else None
    return {
        "found": True,
        "call": call,
        "unit_name": name_of(call.unit_id, day) if call else "",
        "is_waiting": state.fate is Fate.WAITING,
        "is_destroyed": state.fate is Fate.DESTROYED,
        "is_nothing": state.fate is Fate.NO_COMMENT,
        "is_withdrawn": state.name_state is NameState.WITHDRAWN,
        "is_asked": state.name_state is NameState.ASKED,
        "is_opened": state.name_state is NameState.OPENED,
        "can_withdraw": state.name_state in {NameState.SEALED, NameState.ASKED, NameState.CONSENTED},
        "opens_on": state.name_opens_on,
        "answers": answers_of(submission, on=day) if submission else [],
    }
