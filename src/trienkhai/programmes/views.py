"""Pages of programmes: the list, one programme with what other apps tie to it, and what its office keeps of it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from trienkhai.core import pages
from trienkhai.core.decisions import DomainError, refuse
from trienkhai.ledger.clock import now, today
from trienkhai.organisation.queries import home_unit, name_of, unit_rows
from trienkhai.organisation.requests import ActorRequest, signed_in
from trienkhai.programmes import actions, policies, queries
from trienkhai.programmes.forms import ONE_DAY, ChangeForm, CreateForm
from trienkhai.programmes.models import Programme
from trienkhai.programmes.rules import ProgrammeKind
from trienkhai.programmes.texts import KIND_NAMES


def _visible(request: ActorRequest, key: UUID) -> Programme:
    return get_object_or_404(policies.visible_programmes(request.actor, at=today()), key=key)


def _kept(request: ActorRequest, key: UUID) -> Programme:
    """A visible programme the actor keeps; a refusal for those who only see it."""
    programme = _visible(request, key)
    policies.can_keep(request.actor, programme, at=today()).require()
    return programme


@signed_in
def index(request: ActorRequest) -> HttpResponse:
    """Programmes the reader can see: those that run first."""
    day = today()
    visible = policies.visible_programmes(request.actor, at=day)
    page = pages.paginate(request, queries.running_first(visible, day))
    names = unit_rows({programme.owner_id for programme in page}, day)
    rows = [
        {
            "programme": programme,
            "kind": KIND_NAMES[ProgrammeKind(programme.kind)],
            "owner": names[programme.owner_id].name if programme.owner_id in names else "",
            "runs": programme.runs_on(day),
        }
        for programme in page
    ]
    can_create = policies.owner_units(request.actor, at=day).exists()
    context = {"rows": rows, "page": page, "can_create": can_create, "today": day}
    return render(request, "programmes/index.html", context)


@signed_in
def create(request: ActorRequest) -> HttpResponse:
    """Add a programme."""
    day = today()
    owners = policies.owner_units(request.actor, at=day)
    names = {unit: row.name for unit, row in unit_rows(owners.values_list("pk", flat=True), day).items()}
    if not names:
        refuse(policies.Reason.NOT_THE_OFFICE)
    home = home_unit(request.actor, day)
    form = CreateForm(
        request.POST or None,
        owners=owners.filter(pk__in=names).order_by("pk"),
        names=names,
        initial={"owner": home.key if home else None},
    )
    if form.is_valid():
        try:
            programme = actions.add_programme(
                owner=form.owner_chosen(), facts=form.facts(), actor=request.actor, at=now()
            )
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, _("The programme has been added."))
            return redirect("programmes:one", key=programme.key)
    return pages.render_form(request, "programmes/create.html", {}, form)


@signed_in
def one(request: ActorRequest, key: UUID) -> HttpResponse:
    """One programme: what is known of it, and everything tied to it that the reader may see."""
    day = today()
    programme = _visible(request, key)
    context = {
        "programme": programme,
        "kind": KIND_NAMES[ProgrammeKind(programme.kind)],
        "owner": name_of(programme.owner_id, day),
        "panels": pages.panels("programmes.one", request, programme),
        "can_keep": bool(policies.can_keep(request.actor, programme, at=day)),
    }
    return render(request, "programmes/one.html", context)


@signed_in
def edit(request: ActorRequest, key: UUID) -> HttpResponse:
    """Correct what is known of it, or enter its last day."""
    programme = _kept(request, key)
    initial = {name: getattr(programme, name) for name in ("kind", "name", "starts_on", "note")}
    last_on = programme.ends_on - ONE_DAY if programme.ends_on else None
    form = ChangeForm(request.POST or None, initial=initial | {"last_on": last_on, "seen": programme.changed_seq})
    if form.is_valid():
        try:
            actions.change_programme(
                programme=programme,
                facts=form.facts(),
                actor=request.actor,
                at=now(),
                seen=form.cleaned_data["seen"],
            )
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("programmes:one", key=key)
    return pages.render_form(request, "programmes/edit.html", {"programme": programme}, form)


@signed_in
def remove(request: ActorRequest, key: UUID) -> HttpResponse:
    """Ask, then remove a programme entered by mistake."""
    programme = _kept(request, key)
    if request.method != "POST":
        return render(request, "programmes/remove.html", {"programme": programme})
    try:
        actions.remove_programme(programme=programme, actor=request.actor, at=now())
    except DomainError as error:
        messages.error(request, pages.explain(error))
        return redirect("programmes:one", key=key)
    messages.success(request, _("“%(name)s” has been removed.") % {"name": programme.name})
    return redirect("programmes:index")
