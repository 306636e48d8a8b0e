"""Opening the box: two holders at one machine; becoming a holder; a key file; a lost key."""

from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST

from trienkhai.comments import actions, policies
from trienkhai.comments.forms import PassphraseForm, UnlockForm
from trienkhai.comments.forms.calls import key_file_name
from trienkhai.comments.models import Call, OfficeKeyFile
from trienkhai.comments.queries.opening import holder_names, holders_for
from trienkhai.comments.queries.promises import promise_facts
from trienkhai.comments.rules import CommentError
from trienkhai.comments.views.asking import call_of, desk_unit, managed_call
from trienkhai.core import pages
from trienkhai.core.decisions import DomainError, Invalid
from trienkhai.ledger.clock import now, today
from trienkhai.organisation.models import Person
from trienkhai.organisation.policies import visible_people
from trienkhai.organisation.queries import home_unit, name_of, unit_rows
from trienkhai.organisation.requests import ActorRequest, carried_nowhere, signed_in
from trienkhai.sealed.queries import is_enrolled, status


@carried_nowhere
@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@signed_in
def release(request: ActorRequest, key: UUID) -> HttpResponse:
    """Two holders type their passphrases; the box is opened, emptied and its key destroyed."""
    call, day = call_of(request, key), today()
    if call.round_key is None or not policies.can_unlock(request.actor, call, at=day):
        raise Http404
    decision = policies.can_release(request.actor, call, at=day)
    holders, files = holder_choices(call)
    form = UnlockForm(request.POST or None, request.FILES or None, holders=holders, files=files)
    context = {
        "call": call,
        "unit_name": name_of(call.unit_id, day),
        "facts": promise_facts(call, on=day),
        "box": status(call.round_key),
        "why_not": pages.explain(decision),
        "title": _("Open the box"),
    }
    if form.is_valid() and decision:
        try:
            done = actions.release_call(call=call, unlocks=form.unlocks(), actor=request.actor, at=now())
        except DomainError as error:
            pages.form_error(form, error)
        else:
            n = {"n": len(done.texts)}
            messages.success(request, _("The box is open: %(n)s texts came out. Its key has been destroyed.") % n)
            return redirect("comments:one", key=call.key)
    return pages.render_form(request, "comments/release.html", context, form)


def holder_choices(call: Call, *, keepers: bool = False) -> tuple[dict[str, str], list[str]]:
    """Who can unlock, by key; and which of them are files."""
    if call.round_key is None:
        return {}, []
    found = status(call.round_key)
    owners = found.name_keepers if keepers else found.releasers
    files = dict(OfficeKeyFile.objects.filter(owner__in=owners).values_list("owner", "made_on"))
    names = dict(zip(owners, holder_names(owners), strict=True))
    shown = {str(owner): key_file_name(files[owner]) if owner in files else names[owner] for owner in owners}
    return shown, [str(owner) for owner in owners if owner in files]


@require_POST
@signed_in
def renew(request: ActorRequest, key: UUID) -> HttpResponse:
    """The key is lost: give up what was sent, and ask people to send again."""
    call = managed_call(request, key)
    try:
        actions.give_up_lost(call=call, actor=request.actor, at=now())
    except DomainError as error:
        messages.error(request, pages.explain(error))
    else:
        messages.success(request, _("There is a new key. Everybody can send again; tell them."))
    return redirect("comments:one", key=call.key)


@carried_nowhere
@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@signed_in
def holders(request: ActorRequest) -> HttpResponse:
    """Become a holder; for somebody else of one's office (``?person=``), who types it here."""
    day = today()
    person = _holder(request)
    has_one = bool(person and is_enrolled(person.key))
    form = PassphraseForm(request.POST or None)
    if not has_one:
        del form.fields["old"]
    home = home_unit(request.actor, day)
    desks = unit_rows(policies.desk_units(request.actor, at=day).values_list("pk", flat=True), day)
    context = {
        "person": person,
        "is_own": bool(person and person.pk == request.actor.person_id),
        "has_one": has_one,
        "enrolled": holders_for(request.actor, on=day),
        "desk": home if home and home.id in desks else None,
        "people": visible_people(request.actor, at=day).order_by("sort_key", "pk") if desks else [],
        "title": _("Passphrases of holders"),
    }
    if person and form.is_valid():
        try:
            _choose(request, person, form)
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, _("Kept. Nobody else can open it, and nobody can reset it."))
            return redirect("comments:holders")
    return pages.render_form(request, "comments/holders.html", context, form)


@sensitive_variables()
def _choose(request: ActorRequest, person: Person, form: PassphraseForm) -> None:
    told = form.cleaned_data
    if request.user.check_password(told["passphrase"]):
        raise Invalid(CommentError.IS_THE_PASSWORD, on="passphrase")
    if told.get("old"):
        actions.change_passphrase(
            person=person.pk, old=told["old"], new=told["passphrase"], actor=request.actor, at=now()
        )
    else:
        actions.choose_passphrase(person=person.pk, passphrase=told["passphrase"], actor=request.actor, at=now())


def _holder(request: ActorRequest) -> Person | None:
    wanted = request.GET.get("person", "")
    if not wanted:
        return Person.objects.filter(pk=request.actor.person_id or 0).first()
    try:
        key = django_forms.UUIDField().clean(wanted)
    except django_forms.ValidationError:
        raise Http404 from None
    person = get_object_or_404(visible_people(request.actor, at=today()), key=key)
    policies.can_enrol(request.actor, person.pk, at=today()).require()
    return person


@carried_nowhere
@never_cache
@sensitive_variables()
@require_POST
@signed_in
def key_file(request: ActorRequest, unit: UUID) -> HttpResponse:
    """A key file for an office of one person: downloaded once."""
    row = desk_unit(request, unit)
    content = actions.make_key_file(unit=row.pk, actor=request.actor, at=now())
    response = HttpResponse(content + "\n", content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="khoa-{today():%Y-%m-%d}.txt"'
    return response
