"""Discussion notes and materials."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from trienkhai.core import pages
from trienkhai.core.decisions import DomainError
from trienkhai.files.actions import store
from trienkhai.files.views import download
from trienkhai.ledger.clock import now, today
from trienkhai.meetings import actions, policies
from trienkhai.meetings.forms import MaterialForm, NotesForm
from trienkhai.meetings.models import Material
from trienkhai.meetings.queries.pages import writers
from trienkhai.meetings.rules import MeetingFault
from trienkhai.meetings.views.asking import visible_meeting
from trienkhai.meetings.views.one import come_back
from trienkhai.organisation.requests import ActorRequest, signed_in


@signed_in
def notes(request: ActorRequest, key: UUID) -> HttpResponse:
    """Write what was discussed."""
    meeting = visible_meeting(request, key)
    policies.can_run_meeting(request.actor, meeting, at=today()).require()
    policies.can_read(request.actor, meeting, at=today()).require()
    form = NotesForm(request.POST or None, initial={"notes": meeting.notes, "seen": meeting.notes_seq})
    theirs, writer = "", None
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.set_notes(meeting=meeting, text=said["notes"], seen=said["seen"], actor=request.actor, at=now())
        except DomainError as error:
            meeting.refresh_from_db()
            data = {"notes": said["notes"], "seen": said["seen"]}
            if error.code == MeetingFault.NOTES_CHANGED:
                data["seen"] = meeting.notes_seq
                theirs = meeting.notes
                writer = writers([meeting.notes_seq]).get(meeting.notes_seq)
            form = NotesForm(data)
            form.is_valid()
            pages.form_error(form, error)
        else:
            messages.success(request, _("The notes are saved."))
            return redirect("meetings:one", key=key)
    context = {"meeting": meeting, "rollout": meeting.rollout, "theirs": theirs, "writer": writer}
    return pages.render_form(request, "meetings/notes.html", context, form)


@require_POST
@signed_in
def add_material(request: ActorRequest, key: UUID) -> HttpResponse:
    """Attach a file or a picture."""
    meeting = visible_meeting(request, key)
    policies.can_run_meeting(request.actor, meeting, at=today()).require()
    form = MaterialForm(request.POST, request.FILES, auto_id="material_%s")
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            stored = store(content=upload, name=upload.name, actor_key=request.actor.key, at=now())
            actions.add_material(
                meeting=meeting,
                file=stored,
                kind=form.kind(),
                caption=form.cleaned_data["caption"],
                actor=request.actor,
                at=now(),
            )
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, _("The file is attached."))
            return redirect("meetings:one", key=key)
    return come_back(request, meeting, material_form=form)


@signed_in
def material(request: ActorRequest, key: UUID, material: UUID) -> FileResponse:
    """Give a file back to those who may read the meeting's papers."""
    meeting = visible_meeting(request, key)
    if not policies.can_read(request.actor, meeting, at=today()):
        raise Http404
    row = get_object_or_404(Material.objects.current().select_related("file"), meeting=meeting, key=material)
    return download(row.file)


@require_POST
@signed_in
def remove_material(request: ActorRequest, key: UUID, material: UUID) -> HttpResponse:
    """Take a file off the meeting."""
    meeting = visible_meeting(request, key)
    actions.remove_material(meeting=meeting, material=material, actor=request.actor, at=now())
    messages.success(request, _("The file has been taken off."))
    return redirect("meetings:one", key=key)
