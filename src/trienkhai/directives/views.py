"""Pages of directives: list and search, one directive, and what its office keeps of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from trienkhai.core import pages
from trienkhai.core.decisions import DomainError, Invalid, refuse
from trienkhai.directives import actions, policies, queries
from trienkhai.directives.forms import CorrectForm, CreateForm, FileForm, ProvisionsForm, RelationForm
from trienkhai.directives.models import Directive, Relation
from trienkhai.directives.rules import DirectiveKind, Fault, parse_outline
from trienkhai.directives.texts import KIND_NAMES, RELATION_NAMES
from trienkhai.files.views import download
from trienkhai.ledger.clock import now, today
from trienkhai.organisation.queries import home_unit, name_of, unit_rows
from trienkhai.organisation.requests import ActorRequest, signed_in
from trienkhai.text import clean_text

PER_PAGE = 20


def _visible(request: ActorRequest, key: UUID) -> Directive:
    found = policies.readable_directives(request.actor, at=today()).defer("folded", "spelt")
    return get_object_or_404(found, key=key)


def _kept(request: ActorRequest, key: UUID) -> Directive:
    """A visible directive the actor keeps; a refusal for those who only see it."""
    directive = _visible(request, key)
    policies.can_keep(request.actor, directive, at=today()).require()
    return directive


@signed_in
def index(request: ActorRequest) -> HttpResponse:
    """Directives the reader can see, searched and filtered, the newest first."""
    day = today()
    query, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    visible = policies.visible_directives(request.actor, at=day)
    page = pages.paginate(request, queries.find_directives(visible, query, kind), per_page=PER_PAGE)
    hits = queries.hits(page, query)
    names = unit_rows({directive.owner_id for directive in page}, day)
    rows = [
        {
            "directive": directive,
            "kind": KIND_NAMES[DirectiveKind(directive.kind)],
            "owner": names[directive.owner_id].name if directive.owner_id in names else "",
            "hit": hits.get(directive.pk),
        }
        for directive in page
    ]
    context = {
        "rows": rows,
        "page": page,
        "query": query,
        "kind": kind,
        "kinds": [(k.value, name) for k, name in KIND_NAMES.items()],
        "is_filtered": bool(query or kind),
        "has_owners": len(names) > 1,
        "can_create": policies.owner_units(request.actor, at=day).exists(),
    }
    return render(request, "directives/index.html", context)


@signed_in
def create(request: ActorRequest) -> HttpResponse:
    """Register a directive: kind, number, day, issuer and title are enough."""
    day = today()
    owners = policies.owner_units(request.actor, at=day)
    names = {unit: row.name for unit, row in unit_rows(owners.values_list("pk", flat=True), day).items()}
    if not names:
        refuse(policies.Reason.NOT_THE_OFFICE)
    home = home_unit(request.actor, day)
    form = CreateForm(
        request.POST or None,
        request.FILES or None,
        owners=owners.filter(pk__in=names).order_by("pk"),
        names=names,
        initial={"owner": home.key if home else None},
    )
    known_url = ""
    if form.is_valid():
        try:
            directive = _registered(request, form)
        except DomainError as error:
            pages.form_error(form, error)
            known_url = _known_url(error)
        else:
            messages.success(request, _("The directive has been registered."))
            return redirect("directives:one", key=directive.key)
    return pages.render_form(request, "directives/create.html", {"known_url": known_url}, form)


@transaction.atomic
def _registered(request: ActorRequest, form: CreateForm) -> Directive:
    at = now()
    directive = actions.register_directive(owner=form.owner_chosen(), facts=form.facts(), actor=request.actor, at=at)
    if upload := form.cleaned_data["file"]:
        actions.add_file(directive=directive, content=upload, name=upload.name, actor=request.actor, at=at)
    return directive


def _known_url(error: DomainError) -> str:
    """The address of the directive that is there already."""
    if isinstance(error, Invalid) and error.code == Fault.ALREADY_THERE:
        return reverse("directives:one", args=[error.params["key"]])
    return ""


@signed_in
def one(request: ActorRequest, key: UUID) -> HttpResponse:
    """One directive: its facts, provisions, files and relations."""
    return render(request, "directives/one.html", directive_context(request, key))


def directive_context(request: ActorRequest, key: UUID) -> dict[str, Any]:
    """What the page of one directive shows; for pages that add panels of other apps to it."""
    day = today()
    directive = _visible(request, key)
    visible = policies.visible_directives(request.actor, at=day)
    relations = queries.relations_of(directive, visible)
    return {
        "directive": directive,
        "kind": KIND_NAMES[DirectiveKind(directive.kind)],
        "owner": name_of(directive.owner_id, day),
        "provisions": queries.provision_tree(directive),
        "files": queries.files_of(directive),
        "relations": [(RELATION_NAMES[row.kind, row.way], row) for row in relations],
        "can_keep": bool(policies.can_keep(request.actor, directive, at=day)),
    }


@signed_in
def edit(request: ActorRequest, key: UUID) -> HttpResponse:
    """Correct what stands at the head."""
    directive = _kept(request, key)
    facts = ("kind", "number", "issuer", "issued_on", "title", "received_on")
    initial = {name: getattr(directive, name) for name in facts} | {"seen": directive.changed_seq}
    form = CorrectForm(request.POST or None, initial=initial)
    known_url = ""
    if form.is_valid():
        try:
            actions.correct_directive(
                directive=directive, facts=form.facts(), actor=request.actor, at=now(), seen=form.cleaned_data["seen"]
            )
        except DomainError as error:
            pages.form_error(form, error)
            known_url = _known_url(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("directives:one", key=key)
    return pages.render_form(request, "directives/edit.html", {"directive": directive, "known_url": known_url}, form)


@signed_in
def remove(request: ActorRequest, key: UUID) -> HttpResponse:
    """Ask, then remove a directive entered by mistake."""
    directive = _kept(request, key)
    if request.method != "POST":
        return render(request, "directives/remove.html", {"directive": directive})
    try:
        actions.remove_directive(directive=directive, actor=request.actor, at=now())
    except DomainError as error:
        messages.error(request, pages.explain(error))
        return redirect("directives:one", key=key)
    messages.success(request, _("%(number)s has been removed.") % {"number": directive.number})
    return redirect("directives:index")


@signed_in
def provisions(request: ActorRequest, key: UUID) -> HttpResponse:
    """All provisions as one text: shown as a tree first, then saved."""
    directive = _kept(request, key)
    initial = {"text": queries.outline(directive), "seen": directive.changed_seq}
    form = ProvisionsForm(request.POST or None, initial=initial)
    preview, count = None, 0
    if form.is_valid():
        text = form.cleaned_data["text"]
        entries = parse_outline(clean_text(text))
        preview, count = queries.preview(entries), len(entries)
        if "save" in request.POST:
            try:
                actions.set_provisions(
                    directive=directive, text=text, actor=request.actor, at=now(), seen=form.cleaned_data["seen"]
                )
            except DomainError as error:
                pages.form_error(form, error)
            else:
                messages.success(request, _("The provisions have been saved."))
                return redirect("directives:one", key=key)
    context = {"directive": directive, "preview": preview, "count": count}
    return pages.render_form(request, "directives/provisions.html", context, form)


@signed_in
def add_file(request: ActorRequest, key: UUID) -> HttpResponse:
    """Add a file."""
    directive = _kept(request, key)
    form = FileForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            actions.add_file(directive=directive, content=upload, name=upload.name, actor=request.actor, at=now())
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, _("The file has been added."))
            return redirect("directives:one", key=key)
    return pages.render_form(request, "directives/add_file.html", {"directive": directive}, form)


@signed_in
def download_file(request: ActorRequest, key: UUID, file: UUID) -> FileResponse:
    """Give a file of a visible directive."""
    directive = _visible(request, key)
    return download(get_object_or_404(queries.files_of(directive), key=file).file)


@require_POST
@signed_in
def remove_file(request: ActorRequest, key: UUID, file: UUID) -> HttpResponse:
    """Take a file away."""
    directive = _kept(request, key)
    actions.remove_file(directive=directive, key=file, actor=request.actor, at=now())
    messages.success(request, _("The file has been removed."))
    return redirect("directives:one", key=key)


@signed_in
def relate(request: ActorRequest, key: UUID) -> HttpResponse:
    """Search the other directive, then say how the two are related."""
    directive = _kept(request, key)
    query = request.GET.get("q", "").strip()
    others = policies.visible_directives(request.actor, at=today()).exclude(pk=directive.pk)
    shown = [found.pk for found in queries.find_directives(others, query)[:PER_PAGE]]
    targets = Directive.objects.filter(pk__in=shown).defer("folded", "spelt").order_by("-issued_on", "-pk")
    form = RelationForm(request.POST or None, targets=targets)
    if form.is_valid():
        kind, is_source = form.chosen()
        other = form.cleaned_data["target"]
        source, target = (directive, other) if is_source else (other, directive)
        try:
            actions.relate(source=source, target=target, kind=kind, actor=request.actor, at=now())
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, _("The relation has been noted."))
            return redirect("directives:one", key=key)
    context = {"directive": directive, "query": query, "has_targets": bool(shown)}
    return pages.render_form(request, "directives/relate.html", context, form)


@require_POST
@signed_in
def unrelate(request: ActorRequest, key: UUID, relation: UUID) -> HttpResponse:
    """Take a relation back."""
    directive = _kept(request, key)
    found = get_object_or_404(Relation.objects.select_related("source", "target"), key=relation)
    if directive.pk not in {found.source_id, found.target_id}:
        raise Http404
    actions.unrelate(relation=found, actor=request.actor, at=now())
    messages.success(request, _("The relation has been removed."))
    return redirect("directives:one", key=key)
