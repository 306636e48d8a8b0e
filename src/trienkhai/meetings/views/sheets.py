"""The sign-in sheet: to print, and as Word or Excel files."""

from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from trienkhai.documents import (
    PARTY,
    Column,
    Document,
    Header,
    Heading,
    PageBreak,
    Paragraph,
    Sheet,
    SheetColumn,
    Table,
    load_profile,
    write_docx,
    write_xlsx,
)
from trienkhai.ledger.clock import now, today
from trienkhai.meetings import policies
from trienkhai.meetings.models import Meeting
from trienkhai.meetings.queries.pages import RosterRow, names_on, roster_rows
from trienkhai.meetings.rules import RosterGroup
from trienkhai.meetings.views.asking import chosen_unit, visible_meeting
from trienkhai.organisation.requests import ActorRequest, signed_in

ROW_MM = 12.0
EMPTY_LINES = 5
"""Lines left free for guests and for people nobody thought of."""


@dataclass(frozen=True)
class Part:
    """One unit's page of the sheet."""

    title: str
    rows: list[tuple[int, RosterRow]]
    members: int


def _parts(request: ActorRequest, meeting: Meeting) -> list[Part]:
    entries = policies.callable_entries(request.actor, meeting, at=today())
    unit = chosen_unit(request)
    if unit is not None:
        entries = entries.filter(unit=unit)
    rows = roster_rows(meeting, entries)
    if not rows and not policies.can_run_meeting(request.actor, meeting, at=today()):
        raise Http404
    parts: list[Part] = []
    for title, group in groupby(rows, key=lambda row: row.unit_name):
        listed = list(enumerate(group, start=1))
        members = sum(row.group is RosterGroup.MEMBER for _number, row in listed)
        if title or not parts:
            parts.append(Part(title or _("Guests"), listed, members))
        else:  # guests sign on the last sheet
            last = parts[-1]
            more = [(number + len(last.rows), row) for number, row in listed]
            parts[-1] = Part(last.title, last.rows + more, last.members)
    return parts or [Part("", [], 0)]


def _host(meeting: Meeting) -> str:
    return names_on([meeting.host_id], meeting.held_on).get(meeting.host_id, "")


@signed_in
def sheet(request: ActorRequest, key: UUID) -> HttpResponse:
    """The sheet as a page to print: A4, rows of 12 mm, black and white."""
    meeting = visible_meeting(request, key)
    context = {
        "meeting": meeting,
        "rollout": meeting.rollout,
        "host_name": _host(meeting),
        "parts": _parts(request, meeting),
        "empty": range(EMPTY_LINES),
        "unit": chosen_unit(request),
    }
    return render(request, "meetings/sheet.html", context)


@signed_in
def docx(request: ActorRequest, key: UUID) -> HttpResponse:
    """The sheet as a Word file."""
    meeting = visible_meeting(request, key)
    columns = (
        Column(_("No."), 0.6),
        Column(pgettext("person", "Name"), 3.2),
        Column(_("Signature"), 2.4),
        Column(_("Note"), 1.6),
    )
    blocks: list[Heading | Paragraph | Table | PageBreak] = [Paragraph.of(_facts(meeting))]
    for number, part in enumerate(_parts(request, meeting)):
        if number:
            blocks.append(PageBreak())
        if part.title:
            blocks.append(Heading(part.title))
        lines = [(str(n), row.name, "", _group_note(row)) for n, row in part.rows] + [("", "", "", "")] * EMPTY_LINES
        blocks.append(Table(columns, lines, row_height_mm=ROW_MM))
    document = Document(
        header=Header(organ=_host(meeting), kind=_("Sign-in sheet"), subject=meeting.title),
        blocks=tuple(blocks),
        created=now(),
        official=False,
    )
    return _file(
        write_docx(document, load_profile(PARTY, Path(settings.TRIENKHAI_RULES) / f"{PARTY}.toml")), "docx", _DOCX
    )


@signed_in
def xlsx(request: ActorRequest, key: UUID) -> HttpResponse:
    """The sheet as an Excel file, to fill in and send back."""
    meeting = visible_meeting(request, key)
    columns = (
        SheetColumn(_("No."), 6),
        SheetColumn(pgettext("person", "Name"), 32),
        SheetColumn(_("Present"), 12),
        SheetColumn(_("Reason if away"), 36),
        SheetColumn(_("Note"), 24),
    )
    sheets = (
        Sheet(
            name=part.title or _("Roster"),
            columns=columns,
            rows=[(n, row.name, "", "", _group_note(row)) for n, row in part.rows],
            titles=(_host(meeting), meeting.title, _facts(meeting)),
        )
        for part in _parts(request, meeting)
    )
    return _file(write_xlsx(sheets, created=now(), title=meeting.title), "xlsx", _XLSX)


_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _facts(meeting: Meeting) -> str:
    hour = f"{meeting.begins_at:%H:%M} " if meeting.begins_at else ""
    return ", ".join(filter(None, [f"{hour}{meeting.held_on:%d/%m/%Y}", meeting.venue]))


def _group_note(row: RosterRow) -> str:
    names = {RosterGroup.MEMBER: "", RosterGroup.OTHER: _("not a member"), RosterGroup.GUEST: _("guest")}
    return names[row.group]


def _file(content: bytes, ending: str, media_type: str) -> HttpResponse:
    name = f"diem-danh-{today():%Y-%m-%d}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=media_type, headers=headers)
