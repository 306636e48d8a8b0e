"""Writing, freezing and keeping reports."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db import transaction

from trienkhai.core.decisions import Invalid
from trienkhai.files.models import StoredFile
from trienkhai.ledger.actions import record, seal
from trienkhai.ledger.clock import local_day
from trienkhai.organisation.models import Unit
from trienkhai.organisation.queries import name_of
from trienkhai.organisation.rules import Actor
from trienkhai.progress import policies
from trienkhai.progress.models import FrozenFigure, Report, Scan
from trienkhai.progress.queries.reports import beginning
from trienkhai.progress.queries.values import ChildFigures, figures, figures_by_child
from trienkhai.progress.rules.figures import FigureValue
from trienkhai.progress.rules.prose import LONGEST_BODY, unknown_tokens
from trienkhai.rollouts.models import Rollout


class ReportError(StrEnum):
    """What is wrong with a report."""

    NO_SUBJECT = "report_no_subject"
    NO_BODY = "report_no_body"
    TOO_LONG = "report_too_long"
    UNKNOWN_TOKEN = "report_unknown_token"  # noqa: S105 - a code
    CHANGED_MEANWHILE = "report_changed_meanwhile"
    AS_OF_IN_THE_FUTURE = "report_as_of_in_the_future"
    AS_OF_BEFORE_OPENING = "report_as_of_before_opening"


@dataclass(frozen=True)
class ReportText:
    """Everything of a report that is written by hand."""

    subject: str
    body: str
    kind: str = ""
    upper_organ: str = ""
    organ: str = ""
    number: str = ""
    place: str = ""
    dated_on: date | None = None
    recipients: str = ""
    signer_authority: str = ""
    signer_post: str = ""
    signer: str = ""

    @classmethod
    def of(cls, report: Report) -> "ReportText":
        """What is written in it now."""
        return cls(**{name: getattr(report, name) for name in cls.__dataclass_fields__})

    def check(self) -> None:
        """Pass silently when it can be kept.

        Raises:
            Invalid: no subject, no words, too long, or braces around something that is no figure.
        """
        if not self.subject.strip():
            raise Invalid(ReportError.NO_SUBJECT, on="subject")
        if not self.body.strip():
            raise Invalid(ReportError.NO_BODY, on="body")
        if len(self.body) > LONGEST_BODY:
            raise Invalid(ReportError.TOO_LONG, on="body", limit=LONGEST_BODY)
        if unknown := unknown_tokens(self.body):
            raise Invalid(ReportError.UNKNOWN_TOKEN, on="body", tokens=", ".join(f"“{name}”" for name in unknown))


@transaction.atomic
def create_report(*, rollout: Rollout, unit: Unit, as_of: date, language: str, actor: Actor, at: datetime) -> Report:
    """A report whose prose is drafted, with its figures bound and its layout filled from the unit.

    Raises:
        Refused: the actor does not act for the unit.
        Invalid: a day that has not come, or before the roll-out opened.
    """
    today = local_day(at)
    policies.can_write_report(actor, rollout, unit.pk, at=today).require()
    if as_of > today:
        raise Invalid(ReportError.AS_OF_IN_THE_FUTURE, on="as_of")
    if as_of < rollout.opens_on:
        raise Invalid(ReportError.AS_OF_BEFORE_OPENING, on="as_of", day=f"{rollout.opens_on:%d/%m/%Y}")
    begun = beginning(rollout, unit, as_of=as_of, language=language)
    report = Report.objects.create(
        rollout=rollout, unit=unit, as_of=as_of, language=language, created_at=at, **asdict(ReportText(**begun))
    )
    record(
        actor=actor.key,
        action="progress.create_report",
        subject=report.key,
        detail={"rollout": str(rollout.key), "unit": str(unit.key), "as_of": as_of.isoformat()},
    )
    return report


@transaction.atomic
def edit_report(*, report: Report, text: ReportText, version: int, actor: Actor, at: datetime) -> Report:
    """Keep what was written, if nobody else has written since ``version``.

    Raises:
        Refused: the actor may not, or the report is frozen.
        Invalid: changed in another window meanwhile; or as :meth:`ReportText.check`.
    """
    report = _locked(report)
    policies.can_edit_report(actor, report, at=local_day(at)).require()
    if report.version != version and text != ReportText.of(report):
        raise Invalid(ReportError.CHANGED_MEANWHILE)
    text.check()
    changed = [name for name, value in asdict(text).items() if getattr(report, name) != value]
    if not changed:
        return report
    for name in changed:
        setattr(report, name, getattr(text, name))
    report.version += 1
    report.save(update_fields=[*changed, "version"])
    record(actor=actor.key, action="progress.edit_report", subject=report.key, detail={"changed": changed})
    return report


@transaction.atomic
def freeze_report(*, report: Report, version: int, actor: Actor, at: datetime) -> Report:
    """Freeze the figures (chốt số liệu) of the unit and each unit directly below, with the ledger’s number and head.

    Sealing first waits for every writer under way and lets none begin until this is done: whatever has a smaller number
    is in the figures, whatever has a larger one came after.

    Raises:
        Refused: the actor may not, or it is frozen already.
        Invalid: changed in another window meanwhile, or words that cannot be kept.
    """
    seal(at=at)
    report = _locked(report)
    policies.can_freeze_report(actor, report, at=local_day(at)).require()
    if report.version != version:
        raise Invalid(ReportError.CHANGED_MEANWHILE)
    ReportText.of(report).check()
    own = figures(rollout=report.rollout, unit=report.unit_id, as_of=report.as_of)
    below = figures_by_child(rollout=report.rollout, unit=report.unit_id, as_of=report.as_of)
    entry = record(
        actor=actor.key,
        action="progress.freeze_report",
        subject=report.key,
        detail={"as_of": report.as_of.isoformat(), "figures": {value.code: _fraction(value) for value in own}},
        count=1 + len(below),
    )
    sealed = seal(at=at)
    FrozenFigure.objects.bulk_create(_frozen_rows(report, own, below), batch_size=1_000)
    report.frozen_at = entry.recorded_at
    report.frozen_seq = entry.seq
    report.ledger_head = sealed.head if sealed else ""
    report.version += 1
    report.save(update_fields=["frozen_at", "frozen_seq", "ledger_head", "version"])
    return report


@transaction.atomic
def attach_scan(*, report: Report, file: StoredFile, actor: Actor, at: datetime) -> Scan:
    """Attach the signed and sealed paper.

    Raises:
        Refused: the actor may not, or the figures have not been frozen.
    """
    report = _locked(report)
    policies.can_attach_scan(actor, report, at=local_day(at)).require()
    record(
        actor=actor.key,
        action="progress.attach_scan",
        subject=report.key,
        detail={"name": file.name},
        file_digest=file.sha256,
    )
    return Scan.objects.create(report=report, file=file, attached_at=at)


def _locked(report: Report) -> Report:
    return Report.objects.select_for_update(of=("self",)).select_related("rollout__scope", "unit").get(pk=report.pk)


def _fraction(value: FigureValue) -> str:
    return f"{value.numerator}" if value.denominator is None else f"{value.numerator}/{value.denominator}"


def _frozen_rows(report: Report, own: Sequence[FigureValue], below: Sequence[ChildFigures]) -> list[FrozenFigure]:
    units = [(report.unit_id, name_of(report.unit_id, report.as_of), own)]
    units += [(child.unit.id, child.unit.name, child.figures) for child in below]
    return [
        FrozenFigure(
            report=report,
            unit_id=unit,
            unit_name=name,
            position=position,
            code=value.code,
            definition=value.definition,
            numerator=value.numerator,
            denominator=value.denominator,
            declared_numerator=value.declared_numerator,
            declared_denominator=value.declared_denominator,
            leaders_numerator=value.leaders_numerator,
            leaders_denominator=value.leaders_denominator,
        )
        for position, (unit, name, values) in enumerate(units)
        for value in values
    ]
