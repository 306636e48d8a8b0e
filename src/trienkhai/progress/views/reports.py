"""Reports: the list, one, writing it with a preview, freezing its figures, the official documents, the signed scan."""

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from trienkhai.core import pages
from trienkhai.core.decisions import DomainError
from trienkhai.documents import write_docx, write_pdf
from trienkhai.files.actions import store
from trienkhai.files.views import download
from trienkhai.ledger.clock import now, today
from trienkhai.organisation.policies import can_see_names
from trienkhai.organisation.queries import unit_rows
from trienkhai.organisation.requests import ActorRequest, signed_in
from trienkhai.progress import actions, policies
from trienkhai.progress.actions import ReportError, ReportText
from trienkhai.progress.forms import CreateReportForm, ReportForm, ScanForm
from trienkhai.progress.models import Report, Scan
from trienkhai.progress.queries.reports import compared, corrections_since, figures_of
from trienkhai.progress.rules.drafts import gaps
from trienkhai.progress.rules.prose import TABLE, WORDS, Token, tokens_for, unknown_tokens
from trienkhai.progress.texts import FIGURE_NAMES, TOKEN_NAMES, WORD_NAMES, action_name
from trienkhai.progress.views import documents
from trienkhai.progress.views.asking import asking
from trienkhai.text import fold

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _visible(request: ActorRequest, key: UUID) -> Report:
    return get_object_or_404(policies.visible_reports(request.actor, at=today()), key=key)


@signed_in
def index(request: ActorRequest) -> HttpResponse:
    """Every report the reader may see, newest first."""
    day = today()
    found = policies.visible_reports(request.actor, at=day).order_by("-created_at", "-pk")
    page = pages.paginate(request, found)
    units = unit_rows({report.unit_id for report in page}, day)
    rows = [(report, units[report.unit_id].name if report.unit_id in units else report.organ) for report in page]
    return render(request, "progress/reports.html", {"rows": rows, "page": page})


@signed_in
def create(request: ActorRequest, key: UUID) -> HttpResponse:
    """Begin a report of a unit on a roll-out."""
    found = asking(request, key)
    if isinstance(found, HttpResponse):
        return found
    rollout, day = found.asked.rollout, found.today
    if not policies.can_write_report(request.actor, rollout, found.unit.pk, at=day):
        raise Http404
    initial = {"as_of": found.given_as_of or day, "language": get_language() or "vi"}
    form = CreateReportForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            report = actions.create_report(
                rollout=rollout,
                unit=found.unit,
                as_of=form.cleaned_data["as_of"],
                language=form.cleaned_data["language"],
                actor=request.actor,
                at=now(),
            )
        except DomainError as error:
            pages.form_error(form, error)
        else:
            return redirect("progress:edit_report", key=report.key)
    context = {
        "title": _("Write a report"),
        "rollout": rollout,
        "page_url": found.addresses.page(str(found.unit.key)),
        "submit": _("Write the draft"),
        "intro": _("The draft is written with its figures bound to the facts. You can change every word."),
    }
    return pages.render_form(request, "progress/create_report.html", context, form)


@signed_in
def one(request: ActorRequest, key: UUID) -> HttpResponse:
    """A report: its words with every figure a link, and what has been corrected since it was frozen."""
    report = _visible(request, key)
    return render(request, "progress/report.html", _report_context(request, report, ScanForm()))


def _report_context(request: ActorRequest, report: Report, scan_form: ScanForm) -> dict[str, object]:
    day = today()
    units = unit_rows([report.unit_id], report.as_of)
    may_edit = policies.can_edit_report(request.actor, report, at=day)
    sees_names = bool(can_see_names(request.actor, report.unit_id, at=day))
    comparison = compared(report) if report.is_frozen else []
    corrections = [
        (
            row if sees_names else replace(row, entered_by=""),
            action_name(row.action),
            [(FIGURE_NAMES[code], change) for code, change in row.changes.items()],
        )
        for row in corrections_since(report)
    ]
    return {
        "report": report,
        "rollout": report.rollout,
        "unit_name": units[report.unit_id].name if report.unit_id in units else "",
        "shown": documents.shown(report),
        "frozen_words": documents.frozen_words(report),
        "may_edit": bool(may_edit),
        "why_not_freeze": _why_not_freeze(report, pages.explain(may_edit)),
        "comparison": [(FIGURE_NAMES[row.code], row) for row in comparison],
        "has_changed": any(row.has_changed for row in comparison),
        "corrections": corrections,
        "may_attach": bool(policies.can_attach_scan(request.actor, report, at=day)),
        "scans": Scan.objects.filter(report=report).select_related("file").order_by("attached_at", "pk"),
        "scan_form": scan_form,
        "name": _file_name(report),
        "page_url": documents.addresses_of(report).page(str(report.unit.key)),
    }


def _why_not_freeze(report: Report, reason: str) -> str:
    if unknown := unknown_tokens(report.body):
        return _("Put right what is no figure: %s") % ", ".join(unknown)
    return reason


def _file_name(report: Report) -> str:
    return slugify(fold(f"{report.kind or 'report'} {report.as_of:%Y-%m-%d}")) or "report"


@signed_in
def edit(request: ActorRequest, key: UUID) -> HttpResponse:
    """Write the report. "Preview" shows it without keeping it; without scripts too."""
    report = _visible(request, key)
    policies.can_edit_report(request.actor, report, at=today()).require()
    initial = {**vars(ReportText.of(report)), "version": report.version}
    form = ReportForm(request.POST or None, initial=initial)
    previewing = "preview" in request.POST
    theirs = ""
    if form.is_valid() and not previewing:
        try:
            actions.edit_report(
                report=report,
                text=form.text(),
                version=form.cleaned_data["version"],
                actor=request.actor,
                at=now(),
            )
        except DomainError as error:
            pages.form_error(form, error)
            if error.code == ReportError.CHANGED_MEANWHILE:
                newest = Report.objects.get(pk=report.pk)
                theirs = newest.body
                form.data = {**request.POST.dict(), "version": str(newest.version)}
        else:
            messages.success(request, _("The report has been saved."))
            return redirect("progress:report", key=report.key)
    body = form.data.get("body", "") if form.is_bound else report.body
    context = {
        "title": _("Edit the report"),
        "report": report,
        "rollout": report.rollout,
        "theirs": theirs,
        "tokens": _tokens(report),
        "words": [(f"{{{{{name}}}}}", WORD_NAMES[name]) for name in (*WORDS, TABLE)],
        **_preview_context(report, body),
    }
    return pages.render_form(request, "progress/edit_report.html", context, form)


@require_POST
@signed_in
def preview(request: ActorRequest, key: UUID) -> HttpResponse:
    """What the words typed so far would read; nothing is kept."""
    report = _visible(request, key)
    policies.can_edit_report(request.actor, report, at=today()).require()
    context = {"report": report, **_preview_context(report, request.POST.get("body", ""))}
    return render(request, "progress/edit_report.html#preview", context)


def _preview_context(report: Report, body: str) -> dict[str, object]:
    unknown = unknown_tokens(body)
    return {"unknown": unknown, "shown": None if unknown else documents.shown(report, body)}


def _tokens(report: Report) -> list[tuple[object, list[tuple[str, object, str]]]]:
    """Every figure that can be bound: its name, and each token with its meaning and what it reads now."""
    found = figures_of(report)
    bound = documents.binding(report, found)
    return [
        (
            FIGURE_NAMES[code],
            [(f"{{{{{name}}}}}", TOKEN_NAMES[Token(name).ask], bound.text(Token(name))) for name in tokens_for(code)],
        )
        for code in found.own.figures
    ]


@signed_in
def freeze(request: ActorRequest, key: UUID) -> HttpResponse:
    """Freeze the figures, after saying what that means."""
    report = _visible(request, key)
    decision = policies.can_freeze_report(request.actor, report, at=today())
    if not decision:
        messages.info(request, pages.explain(decision))
        return redirect("progress:report", key=report.key)
    if request.method == "POST":
        version = pages.whole_number(request.POST.get("version", ""), default=-1)
        try:
            actions.freeze_report(report=report, version=version, actor=request.actor, at=now())
        except DomainError as error:
            messages.error(request, pages.explain(error))
            return redirect("progress:report", key=report.key)
        messages.success(request, _("The figures are frozen."))
        return redirect("progress:report", key=report.key)
    found = figures_of(report)
    context = {
        "report": report,
        "rollout": report.rollout,
        "values": [(FIGURE_NAMES[value.code], value) for value in found.own.figures.values()],
        "count": len(found.below),
        "is_future": report.as_of > today(),
        "gaps": gaps(report.body),
    }
    return render(request, "progress/freeze.html", context)


@signed_in
def docx(request: ActorRequest, key: UUID, name: str) -> HttpResponse:
    """The report as a Word file."""
    report = _visible(request, key)
    content = write_docx(documents.document(report, at=now()), documents.profile())
    return _attachment(content, DOCX, f"{name}.docx")


@signed_in
def pdf(request: ActorRequest, key: UUID, name: str) -> HttpResponse:
    """The report as a PDF."""
    report = _visible(request, key)
    content = write_pdf(documents.document(report, at=now()), documents.profile())
    return _attachment(content, "application/pdf", f"{name}.pdf")


def _attachment(content: bytes, media_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=media_type, headers=headers)


@require_POST
@signed_in
def attach(request: ActorRequest, key: UUID) -> HttpResponse:
    """Attach the signed and sealed paper."""
    report = _visible(request, key)
    policies.can_attach_scan(request.actor, report, at=today()).require()
    form = ScanForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            upload = form.cleaned_data["file"]
            file = store(content=upload, name=upload.name, actor_key=request.actor.key, at=now())
            actions.attach_scan(report=report, file=file, actor=request.actor, at=now())
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, _("The signed copy has been attached."))
            return redirect("progress:report", key=report.key)
    context = _report_context(request, report, form)
    return render(request, "progress/report.html", context, status=422)


@signed_in
def scan(request: ActorRequest, key: UUID, scan: UUID) -> HttpResponse:  # noqa: A002, RUF100 - the address's word
    """The signed copy."""
    report = _visible(request, key)
    found = get_object_or_404(Scan.objects.select_related("file"), report=report, file__key=scan)
    return download(found.file)  # type: ignore[return-value]
