"""Discussion notes and materials."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from trienkhai.core.decisions import Invalid
from trienkhai.files.models import StoredFile
from trienkhai.ledger.actions import record
from trienkhai.ledger.clock import local_day
from trienkhai.ledger.models import Entry
from trienkhai.meetings import policies
from trienkhai.meetings.actions.rosters import lock
from trienkhai.meetings.models import Material, Meeting
from trienkhai.meetings.rules import MaterialKind, MeetingFault
from trienkhai.organisation.rules import Actor


@transaction.atomic
def set_notes(*, meeting: Meeting, text: str, actor: Actor, at: datetime, seen: int | None = None) -> Entry | None:
    """Write the discussion notes as typed; every version stays in the record. ``None`` when nothing has changed.

    Args:
        meeting: the meeting.
        text: the notes, whole.
        actor: who writes.
        at: when.
        seen: the meeting's ``notes_seq`` when the page was made.

    Raises:
        Refused: the actor may not act for the host, or the meeting is cancelled.
        Invalid: somebody else has written in between (``seq`` says which entry); nothing is overwritten.
    """
    day = local_day(at)
    meeting = lock(meeting)
    policies.can_run_meeting(actor, meeting, at=day).require()
    if meeting.notes == text:
        return None
    if seen is not None and seen != meeting.notes_seq:
        raise Invalid(MeetingFault.NOTES_CHANGED, on="notes", seq=meeting.notes_seq)
    entry = record(actor=actor.key, action="meetings.set_notes", subject=meeting.key, detail={"notes": text})
    meeting.notes, meeting.notes_seq = text, entry.seq
    meeting.save(update_fields=["notes", "notes_seq"])
    return entry


@transaction.atomic
def add_material(
    *, meeting: Meeting, file: StoredFile, kind: MaterialKind, actor: Actor, at: datetime, caption: str = ""
) -> Material:
    """Attach a file used in the meeting, or a picture of it.

    Raises:
        Refused: the actor may not act for the host, or the meeting is cancelled.
    """
    day = local_day(at)
    meeting = lock(meeting)
    policies.can_run_meeting(actor, meeting, at=day).require()
    detail = {"file": str(file.key), "kind": kind, "caption": caption.strip()}
    entry = record(
        actor=actor.key, action="meetings.add_material", subject=meeting.key, detail=detail, file_digest=file.sha256
    )
    return Material.objects.create(
        meeting=meeting,
        file=file,
        kind=kind,
        caption=caption.strip()[:250],
        recorded_seq=entry.seq,
        recorded_on=entry.recorded_on,
    )


@transaction.atomic
def remove_material(*, meeting: Meeting, material: UUID, actor: Actor, at: datetime) -> Entry | None:
    """Take a file off the meeting; ``None`` when it is off already.

    Raises:
        Refused: the actor may not act for the host, or the meeting is cancelled.
    """
    day = local_day(at)
    meeting = lock(meeting)
    policies.can_run_meeting(actor, meeting, at=day).require()
    rows = Material.objects.current().filter(meeting=meeting, key=material)
    if not rows.exists():
        return None
    entry = record(
        actor=actor.key, action="meetings.remove_material", subject=meeting.key, detail={"material": str(material)}
    )
    rows.supersede(entry)
    return entry
