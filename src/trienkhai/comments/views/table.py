"""The consolidation table: as a page, as a Word file, as an Excel file; the figures of a call by unit."""

from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trienkhai.comments.queries.document import table_document, table_sheet
from trienkhai.comments.queries.figures import own_figures
from trienkhai.comments.queries.table import Sources, consolidation
from trienkhai.comments.rules import About
from trienkhai.comments.texts import DISPOSITION_NAMES
from trienkhai.comments.views.asking import managed_call
from trienkhai.comments.views.desk import about_desk, desk_in
from trienkhai.core import pages
from trienkhai.documents import PARTY, load_profile, write_docx, write_xlsx
from trienkhai.files.rules import MEDIA_TYPES, FileKind
from trienkhai.ledger.clock import now, today
from trienkhai.organisation.requests import ActorRequest, signed_in

NAME = "bang-tong-hop-tiep-thu-giai-trinh"
PARTS = ((About.PLAN, About.FREE), (About.BODY,), (About.MEASURE,))


@signed_in
def page(request: ActorRequest, key: UUID) -> HttpResponse:
    """What was said in the desk's words, by how many, and what became of it."""
    desk = desk_in(request, key)
    table = consolidation(desk, on=today())
    shown = pages.paginate(request, table.rows, per_page=100)
    context = {
        **about_desk(desk),
        "table": table,
        "page": shown,
        "parts": [
            (
                number,
                [(row, who_said(row.sources), DISPOSITION_NAMES[row.kind]) for row in shown if row.about in part],
            )
            for number, part in enumerate(PARTS)
        ],
    }
    return render(request, "comments/table.html", context)


def who_said(sources: Sources) -> str:
    """Who said it, in the reader's words: units by name, persons never."""
    units = [
        ngettext("%(unit)s (for %(n)s person)", "%(unit)s (for %(n)s people)", n) % {"unit": unit, "n": n}
        if n
        else unit
        for unit, n in sorted(sources.units.items())
    ]
    counted = (
        (len(sources.members), ngettext("%(n)s member", "%(n)s members", len(sources.members))),
        (len(sources.others), ngettext("%(n)s not a member", "%(n)s not members", len(sources.others))),
        (sources.residents, ngettext("%(n)s resident", "%(n)s residents", sources.residents)),
        (sources.kept, ngettext("%(n)s with the name kept", "%(n)s with their names kept", sources.kept)),
        (sources.nameless, ngettext("%(n)s without a name", "%(n)s without names", sources.nameless)),
        (sources.not_said, ngettext("%(n)s not said who", "%(n)s not said who", sources.not_said)),
    )
    said = [*units, *(words % {"n": n} for n, words in counted if n)]
    if sources.behind_residents:
        said.append(_("letters of residents speak for %(n)s people") % {"n": sources.behind_residents})
    return "; ".join(said)


@signed_in
def figures(request: ActorRequest, key: UUID) -> HttpResponse:
    """The figures of a call by unit: each unit's own, and what stands with the unit that asked."""
    call = managed_call(request, key)
    context = {"call": call, "rows": own_figures(call, on=today())}
    return render(request, "comments/figures.html", context)


@signed_in
def docx(request: ActorRequest, key: UUID) -> HttpResponse:
    """The table as a Word file in the official layout."""
    desk = desk_in(request, key)
    made = table_document(desk, consolidation(desk, on=today()), on=today(), created=now())
    profile = load_profile(PARTY, Path(settings.TRIENKHAI_RULES) / f"{PARTY}.toml")
    return _file(write_docx(made, profile), FileKind.DOCX)


@signed_in
def xlsx(request: ActorRequest, key: UUID) -> HttpResponse:
    """The table as an Excel file."""
    desk = desk_in(request, key)
    sheet = table_sheet(desk, consolidation(desk, on=today()), on=today())
    return _file(write_xlsx([sheet], created=now(), title=NAME), FileKind.XLSX)


def _file(content: bytes, kind: FileKind) -> HttpResponse:
    name = f"{NAME}.{kind.value}"
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or ""}
    return HttpResponse(content, content_type=MEDIA_TYPES[kind], headers=headers)
