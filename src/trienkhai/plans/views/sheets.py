"""A plan's measures as an Excel file, and such a file brought back: looked at first, written when confirmed."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from trienkhai.core import pages
from trienkhai.core.decisions import DomainError
from trienkhai.core.pages import Text
from trienkhai.files.models import StoredFile
from trienkhai.files.rules import MEDIA_TYPES, FileKind, clean_name
from trienkhai.ledger.clock import now, today
from trienkhai.organisation.queries import name_of
from trienkhai.organisation.requests import ActorRequest, signed_in
from trienkhai.plans.actions import sheets as actions
from trienkhai.plans.forms.sheets import ConfirmForm, TableForm
from trienkhai.plans.models import PlanVersion
from trienkhai.plans.queries import sheets as queries
from trienkhai.plans.rules import Line
from trienkhai.plans.rules.sheets import Changed, Column, Fault, Names, SheetChange, written
from trienkhai.plans.texts import COLUMN_NAMES
from trienkhai.plans.views.loading import about, draft_in, version_in

SHOWN = ("faults", "changed", "added", "removed")


@dataclass(frozen=True)
class Difference:
    """One cell before and after."""

    name: Text
    before: str
    after: str


@dataclass(frozen=True)
class PreviewRow:
    """A row of the preview: what is wrong, or what it changes."""

    text: str
    row: int | None = None
    fault: str = ""
    differences: tuple[Difference, ...] = ()


@signed_in
def sheet(request: ActorRequest, key: UUID, number: int) -> HttpResponse:
    """The measures of one version as an Excel file."""
    version = version_in(request, key, number)
    made = queries.measures_sheet(
        version,
        on=today(),
        created=now(),
        language=get_language() or "vi",
        unit=name_of(version.plan.unit_id, today()),
    )
    name = clean_name(f"{version.title}.xlsx", FileKind.XLSX)
    return HttpResponse(
        made,
        content_type=MEDIA_TYPES[FileKind.XLSX],
        headers={"Content-Disposition": content_disposition_header(True, name) or "attachment"},
    )


@signed_in
def bring(request: ActorRequest, key: UUID) -> HttpResponse:
    """Drop a table; nothing is written yet."""
    draft = draft_in(request, key)
    form = TableForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            kept = actions.keep_table(plan=draft.plan, content=upload, name=upload.name, actor=request.actor, at=now())
        except DomainError as error:
            pages.form_error(form, error)
        else:
            return redirect("plans:bring_check", key=key, file=kept.key)
    return pages.render_form(request, "plans/bring.html", about(draft), form)


@signed_in
def bring_check(request: ActorRequest, key: UUID, file: UUID) -> HttpResponse:
    """What the table would change, row by row; written when confirmed."""
    draft = draft_in(request, key)
    kept = get_object_or_404(StoredFile.objects.filter(uploaded_by=request.actor.key), key=file)
    form = ConfirmForm(request.POST or None, initial={"seen": draft.plan.changed_seq})
    if form.is_valid():
        try:
            actions.bring_in(plan=draft.plan, file=kept, actor=request.actor, at=now(), seen=form.cleaned_data["seen"])
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, _("The measures have been brought in."))
            return redirect("plans:version", key=key, number=draft.number)
    change = queries.read_stored(draft, kept, on=today())
    shown = _shown(request, change)
    numbers = {"faults": change.faults, "changed": change.changed, "added": change.added, "removed": change.removed}
    context = {
        **about(draft),
        "file": kept,
        "change": change,
        "counts": {name: len(rows) for name, rows in numbers.items()},
        "shown": shown,
        **{f"shown_{name}": name == shown for name in SHOWN},
        "page": (page := pages.paginate(request, numbers[shown])),
        "rows": _rows(draft, change, shown, page.items),
        "unchanged": len(change.lines) - len(change.added) - len(change.changed),
    }
    return pages.render_form(request, "plans/bring_check.html", context, form)


def _shown(request: ActorRequest, change: SheetChange) -> str:
    """The part asked for; else the first that has rows."""
    asked = request.GET.get("show", "")
    if asked in SHOWN:
        return asked
    return next((name for name in SHOWN if getattr(change, name)), "changed")


def _rows(draft: PlanVersion, change: SheetChange, shown: str, items: object) -> list[PreviewRow]:
    lines = [*change.lines, *(changed.before for changed in change.changed)]
    names = queries.names_for(draft, lines, on=today())
    rows = []
    for item in items if isinstance(items, list) else []:
        match item:
            case Fault():
                fault = pages.explain(DomainError(item.code, **item.params))
                rows.append(PreviewRow(item.text, item.row, fault))
            case Changed():
                rows.append(PreviewRow(item.before.text, differences=_differences(item, names)))
            case Line():
                rows.append(PreviewRow(item.text, differences=_facts(item, names) if shown == "added" else ()))
    return rows


def _differences(changed: Changed, names: Names) -> tuple[Difference, ...]:
    before, after = written(changed.before, 0, names), written(changed.after, 0, names)
    return tuple(
        Difference(COLUMN_NAMES[column], _worded(before[column]), _worded(after[column]))
        for column in Column
        if before[column] != after[column] and column not in {Column.KEY, Column.NUMBER}
    )


def _facts(line: Line, names: Names) -> tuple[Difference, ...]:
    cells = written(line, 0, names)
    hidden = {Column.KEY, Column.NUMBER, Column.TEXT}
    return tuple(
        Difference(COLUMN_NAMES[column], "", _worded(cells[column]))
        for column in Column
        if cells[column] and column not in hidden
    )


def _worded(cell: object) -> str:
    if cell == "x":
        return _("yes")
    if hasattr(cell, "strftime"):
        return f"{cell:%d/%m/%Y}"
    return "; ".join(str(cell).split("\n")).strip("; ") if cell else ""
