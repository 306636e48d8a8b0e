"""A version's adoption: entered, corrected, taken back; its signed sheet."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from trienkhai.core import pages
from trienkhai.core.decisions import DomainError, Invalid
from trienkhai.files.views import download
from trienkhai.ledger.clock import now, today
from trienkhai.organisation.requests import ActorRequest, signed_in
from trienkhai.plans import actions, policies, queries
from trienkhai.plans.actions.adopting import Scan
from trienkhai.plans.forms import AdoptForm, WithdrawForm
from trienkhai.plans.views.loading import about, draft_in, found_in, version_in


@signed_in
def adopt(request: ActorRequest, key: UUID) -> HttpResponse:
    """Adopt the draft."""
    draft = draft_in(request, key)
    form = AdoptForm(request.POST or None, request.FILES or None, initial={"seen": draft.plan.changed_seq})
    if form.is_valid():
        try:
            actions.adopt_plan(
                plan=draft.plan,
                adopted=form.adopted(),
                actor=request.actor,
                at=now(),
                scan=_scan(form),
                seen=form.cleaned_data["seen"],
            )
        except DomainError as error:
            pages.form_error(form, _at_scan(error))
        else:
            messages.success(request, _("The plan has been adopted and is frozen now."))
            return redirect("plans:one", key=key)
    context = {**about(draft), "findings": found_in(draft)}
    return pages.render_form(request, "plans/adopt.html", context, form)


@signed_in
def correct(request: ActorRequest, key: UUID, number: int) -> HttpResponse:
    """Correct an adoption."""
    adopted = version_in(request, key, number)
    policies.can_correct(request.actor, adopted, at=today()).require()
    adoption = queries.adoption_of(adopted)
    if adoption is None:
        raise Http404
    initial = {
        "on": adoption.valid_on,
        "number": adoption.number,
        "signer": adoption.signer,
        "signer_post": adoption.signer_post,
        "seen": adopted.plan.changed_seq,
    }
    form = AdoptForm(request.POST or None, request.FILES or None, initial=initial)
    if form.is_valid():
        try:
            actions.correct_adoption(
                version=adopted,
                adopted=form.adopted(),
                actor=request.actor,
                at=now(),
                scan=_scan(form),
                seen=form.cleaned_data["seen"],
            )
        except DomainError as error:
            pages.form_error(form, _at_scan(error))
        else:
            messages.success(request, _("The adoption has been corrected."))
            return redirect("plans:version", key=key, number=number)
    return pages.render_form(request, "plans/correct.html", {**about(adopted), "adoption": adoption}, form)


def _scan(form: AdoptForm) -> Scan | None:
    upload = form.cleaned_data["scan"]
    return (upload, upload.name) if upload else None


def _at_scan(error: DomainError) -> DomainError:
    """Faults of files name the input ``file``; here it is called ``scan``."""
    if isinstance(error, Invalid) and error.on == "file":
        return Invalid(error.code, on="scan", **error.params)
    return error


@signed_in
def withdraw(request: ActorRequest, key: UUID, number: int) -> HttpResponse:
    """Take back an adoption entered by mistake."""
    adopted = version_in(request, key, number)
    policies.can_withdraw(request.actor, adopted, at=today()).require()
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        try:
            actions.withdraw_adoption(
                version=adopted, reason=form.cleaned_data["reason"], actor=request.actor, at=now()
            )
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, _("The adoption has been taken back. The plan is a draft again."))
            return redirect("plans:version", key=key, number=number)
    return pages.render_form(request, "plans/withdraw.html", about(adopted), form)


@signed_in
def scan(request: ActorRequest, key: UUID, number: int) -> FileResponse:
    """The signed, sealed sheet."""
    adoption = queries.adoption_of(version_in(request, key, number))
    if adoption is None or adoption.scan is None:
        raise Http404
    return download(adoption.scan)
