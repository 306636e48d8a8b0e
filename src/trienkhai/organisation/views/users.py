"""Sign-ins: who has one, what it may do, new passwords, work for an office."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from trienkhai.accounts.models import User
from trienkhai.core import pages
from trienkhai.core.decisions import DomainError
from trienkhai.ledger.clock import now, today
from trienkhai.organisation import actions, policies
from trienkhai.organisation.forms.users import DelegateForm, LinkForm, NewSignInForm
from trienkhai.organisation.models import Delegation, Person
from trienkhai.organisation.queries.searching import search
from trienkhai.organisation.queries.users import unit_choices, users_with_rights
from trienkhai.organisation.requests import ActorRequest, signed_in


def _users(request: ActorRequest) -> QuerySet[User]:
    """Sign-ins the reader may see.

    Raises:
        Http404: the reader keeps no office.
    """
    if not policies.kept_units(request.actor, at=today()).exists() and not request.actor.is_installer:
        raise Http404
    return policies.visible_users(request.actor, at=today())


@signed_in
def index(request: ActorRequest) -> HttpResponse:
    """Every sign-in the office sees, with its rights."""
    page = pages.paginate(request, _users(request).order_by("username", "pk"))
    rows = users_with_rights(list(page), today(), people=policies.visible_people(request.actor, at=today()))
    return render(request, "organisation/users.html", {"page": page, "rows": rows})


@signed_in
def new(request: ActorRequest) -> HttpResponse:
    """A new sign-in, perhaps for a person; its password is shown once."""
    _users(request)
    day = today()
    person = _person_asked(request)
    form = NewSignInForm(request.POST or None, units=unit_choices(policies.kept_units(request.actor, at=day), day))
    if form.is_valid():
        password = actions.fresh_password()
        try:
            change = actions.open_sign_in(
                username=form.cleaned_data["username"],
                password=password,
                person=person.pk if person else None,
                office_of=form.cleaned_data["office_of"],
                actor=request.actor,
                at=now(),
            )
        except DomainError as error:
            pages.form_error(form, error)
        else:
            return _shown_once(request, User.objects.get(pk=change.made[0]), password)
    context = {"title": _("New sign-in"), "person": person}
    return pages.render_form(request, "organisation/user_new.html", context, form)


def _person_asked(request: ActorRequest) -> Person | None:
    """The person the sign-in is for, if one is named.

    Raises:
        Http404: nobody the office may change.
    """
    return _person(request, request.POST.get("person") or request.GET.get("person") or "")


def _person(request: ActorRequest, asked: str) -> Person | None:
    if not asked:
        return None
    try:
        key = UUID(asked)
    except ValueError:
        raise Http404 from None
    return get_object_or_404(policies.visible_people(request.actor, at=today()), key=key)


def _shown_once(request: ActorRequest, user: User, password: str) -> HttpResponse:
    response = render(request, "organisation/password.html", {"new_user": user, "password": password})
    add_never_cache_headers(response)
    return response


@signed_in
def user(request: ActorRequest, key: UUID) -> HttpResponse:
    """One sign-in: its rights, and work for an office given to it."""
    found = get_object_or_404(_users(request), key=key)
    day = today()
    units = unit_choices(policies.kept_units(request.actor, at=day), day)
    form = DelegateForm(request.POST or None, units=units, initial={"starts_on": day})
    if form.is_valid():
        values = form.cleaned_data
        last = values["ends_on"]
        try:
            actions.delegate(
                user=found.pk,
                unit=values["unit"],
                starts_on=values["starts_on"],
                ends_on=last + timedelta(days=1) if last else None,
                actor=request.actor,
                at=now(),
            )
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, _("The sign-in now works for the office."))
            return redirect("organisation:user", key=key)
    row = users_with_rights([found], day, people=policies.visible_people(request.actor, at=day))[0]
    refused = pages.explain(policies.can_keep_user(request.actor, found, at=day))
    context = {"row": row, "refused": refused, "is_self": found.key == request.actor.key, "today": day}
    return pages.render_form(request, "organisation/user.html", context, form)


@require_POST
@signed_in
def end(request: ActorRequest, key: UUID) -> HttpResponse:
    """The sign-in no longer works for an office, from today on."""
    found = get_object_or_404(_users(request), key=key)
    delegation = get_object_or_404(Delegation, user=found, pk=pages.whole_number(request.POST.get("delegation", "")))
    actions.end_delegation(delegation=delegation.pk, on=today(), actor=request.actor, at=now())
    messages.success(request, _("The sign-in no longer works for this office."))
    return redirect("organisation:user", key=key)


@require_POST
@signed_in
def new_password(request: ActorRequest, key: UUID) -> HttpResponse:
    """Another password, shown once."""
    found = get_object_or_404(_users(request), key=key)
    password = actions.fresh_password()
    actions.reset_password(user=found.pk, password=password, actor=request.actor, at=now())
    return _shown_once(request, found, password)


@signed_in
def link(request: ActorRequest, key: UUID) -> HttpResponse:
    """Which person the user is: search, then choose."""
    found = get_object_or_404(_users(request), key=key)
    people = policies.visible_people(request.actor, at=today())
    if request.method == "POST":
        person = _person(request, request.POST.get("person", ""))
        actions.link_sign_in(user=found.pk, person=person.pk if person else None, actor=request.actor, at=now())
        messages.success(request, _("The sign-in has been linked.") if person else _("The link has been taken away."))
        return redirect("organisation:user", key=key)
    form = LinkForm(request.GET)
    query = form.cleaned_data["q"] if form.is_valid() else ""
    results = search(query, units=policies.visible_units(request.actor, at=today()).none(), people=people, day=today())
    row = users_with_rights([found], today(), people=people)[0]
    context = {"row": row, "form": form, "query": query, "found": results}
    return render(request, "organisation/user_person.html", context)


@require_POST
@signed_in
def stop(request: ActorRequest, key: UUID) -> HttpResponse:
    """Nobody can sign in with it any more."""
    return _set_active(request, key, is_active=False)


@require_POST
@signed_in
def resume(request: ActorRequest, key: UUID) -> HttpResponse:
    """It can be used again."""
    return _set_active(request, key, is_active=True)


def _set_active(request: ActorRequest, key: UUID, *, is_active: bool) -> HttpResponse:
    found = get_object_or_404(_users(request), key=key)
    actions.set_active(user=found.pk, is_active=is_active, actor=request.actor, at=now())
    text = _("The sign-in can be used again.") if is_active else _("Nobody can sign in with this name any more.")
    messages.success(request, text)
    return redirect("organisation:user", key=key)
