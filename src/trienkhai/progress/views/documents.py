"""A report as it is read: on screen with links to its facts, and as an official document."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_lazy

from trienkhai.core.templatetags.kit import number, percent
from trienkhai.documents import (
    PARTY,
    Align,
    Block,
    Bullet,
    Column,
    Document,
    Header,
    Heading,
    Paragraph,
    Profile,
    Run,
    Signature,
    Table,
    load_profile,
)
from trienkhai.progress.models import Report
from trienkhai.progress.queries.reports import ReportFigures, UnitFigures, figures_of
from trienkhai.progress.rules.figures import MAIN_FIGURE, FigureValue
from trienkhai.progress.rules.prose import Binding, Line, LineKind, Token, Writing, lines_of, plain
from trienkhai.progress.texts import SHORT_NAMES
from trienkhai.progress.views.asking import Addresses
from trienkhai.rollouts.queries import steps_of
from trienkhai.text import long_date, number_vi, percent_vi

TABLE_CODES = (*MAIN_FIGURE.values(), "papers_accepted")


@dataclass(frozen=True)
class ShownPiece:
    """Words, or a figure with the address of its facts."""

    text: str
    url: str = ""
    is_figure: bool = False


@dataclass(frozen=True)
class ShownLine:
    """One line of the report as it is shown."""

    kind: str
    pieces: tuple[ShownPiece, ...]


@dataclass(frozen=True)
class ShownTable:
    """The table of the units directly below."""

    heads: tuple[object, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class ShownReport:
    """A report ready to be shown."""

    lines: tuple[ShownLine, ...]
    table: ShownTable


def writing(language: str) -> Writing:
    """How figures are written in a language."""
    if language == "vi":
        return Writing(number_vi, percent_vi, long_date, "không có ai")
    return Writing(_number_en, _percent_en, lambda day: f"{day:%d/%m/%Y}", "nobody")


def _number_en(value: int) -> str:
    with translation.override("en"):
        return number(value)


def _percent_en(share: Fraction) -> str:
    with translation.override("en"):
        return percent(share.numerator, share.denominator)


def binding(report: Report, found: ReportFigures) -> Binding:
    """What the report's tokens read."""
    return Binding(
        figures=found.own.figures,
        as_of=report.as_of,
        unit=found.own.name,
        unit_count=len(found.below),
        writing=writing(report.language),
    )


def addresses_of(report: Report) -> Addresses:
    """Where the report's figures open: on its day; of a frozen one as known by the end of the day it was frozen."""
    known_at = timezone.localdate(report.frozen_at) if report.frozen_at else None
    return Addresses(report.rollout, report.as_of, known_at)


def shown(report: Report, body: str | None = None, *, with_links: bool = True) -> ShownReport:
    """The report (or ``body`` in its place) with every figure a link to its facts."""
    found = figures_of(report)
    bound = binding(report, found)
    addresses = addresses_of(report)
    unit_key = str(report.unit.key)

    def piece(part: str | Token) -> ShownPiece:
        if isinstance(part, str):
            return ShownPiece(part)
        url = addresses.facts(part.code, unit_key) if with_links and part.is_figure else ""
        return ShownPiece(bound.text(part), url, part.is_figure)

    lines = lines_of(report.body if body is None else body)
    return ShownReport(
        tuple(ShownLine(str(line.kind), tuple(piece(part) for part in line.pieces)) for line in lines),
        table(report, found),
    )


def table(report: Report, found: ReportFigures) -> ShownTable:
    """The units directly below and the whole, in the report's language."""
    codes = _codes(report)
    with translation.override(report.language):
        heads = (gettext("Unit"), *(str(SHORT_NAMES[code]) for code in codes))
        total = gettext("Together")
    write = writing(report.language)
    rows = [_row(each.name, each, codes, write) for each in found.below]
    return ShownTable(heads, (*rows, _row(total, found.own, codes, write)))


def _codes(report: Report) -> tuple[str, ...]:
    kinds = steps_of(report.rollout)
    shown_codes = [MAIN_FIGURE[kind] for kind in kinds]
    return tuple(
        code for code in TABLE_CODES if code in shown_codes or (code == "papers_accepted" and "paper" in kinds)
    )


def _row(name: str, unit: UnitFigures, codes: tuple[str, ...], write: Writing) -> tuple[str, ...]:
    return (name, *(_cell(unit.figures[code], write) for code in codes))


def _cell(value: FigureValue, write: Writing) -> str:
    if not value.denominator:
        return "–"
    return f"{write.number(value.numerator)}/{write.number(value.denominator)}"


# --- The official document --------------------------------------------------------------------------------------------


def profile() -> Profile:
    """The layout of Party documents, with the installation's own values where it has any."""
    return load_profile(PARTY, Path(settings.TRIENKHAI_RULES) / f"{PARTY}.toml")


def document(report: Report, *, at: datetime) -> Document:
    """The report in its official layout. Frozen: prints when, and the ledger's head, in small letters."""
    found = figures_of(report)
    bound = binding(report, found)
    blocks = [block for line in lines_of(report.body) for block in _blocks(line, report, found, bound)]
    signatures = (
        (Signature(report.signer_post, report.signer, report.signer_authority),)
        if report.signer or report.signer_post
        else ()
    )
    return Document(
        header=Header(
            upper_organ=report.upper_organ,
            organ=report.organ,
            number=report.number,
            place=report.place,
            day=report.dated_on,
            kind=report.kind,
            subject=report.subject,
        ),
        blocks=tuple(blocks),
        created=report.frozen_at or at,
        signatures=signatures,
        recipients=tuple(line.strip() for line in report.recipients.splitlines() if line.strip()),
        language=report.language,
        small_print=frozen_words(report),
    )


def _blocks(line: Line, report: Report, found: ReportFigures, bound: Binding) -> list[Block]:
    match line.kind:
        case LineKind.HEADING:
            return [Heading(plain(line.pieces, bound), 1)]
        case LineKind.SUBHEADING:
            return [Heading(plain(line.pieces, bound), 2)]
        case LineKind.ITEM:
            return [Bullet.of(plain(line.pieces, bound))]
        case LineKind.TABLE:
            return [_table_block(table(report, found))]
        case LineKind.PARAGRAPH:
            return [Paragraph((Run(plain(line.pieces, bound)),))]


def _table_block(made: ShownTable) -> Table:
    first, *rest = made.heads
    columns = (Column(str(first), 2.2), *(Column(str(head), 1, Align.CENTER) for head in rest))
    return Table(columns=columns, rows=made.rows, bold_rows=frozenset({len(made.rows) - 1}))


def frozen_words(report: Report) -> str:
    """When the figures were frozen and the ledger's head then, in the report's language; empty for a draft."""
    if report.frozen_at is None:
        return ""
    with translation.override(report.language):
        return gettext("Figures as of %(as_of)s, frozen on %(day)s. Record no. %(seq)s; head %(head)s.") % {
            "as_of": _short(report.as_of),
            "day": _short(timezone.localdate(report.frozen_at)),
            "seq": report.frozen_seq,
            "head": report.ledger_head,
        }


def _short(day: date) -> str:
    return f"{day:%d/%m/%Y}"


NOT_FROZEN = gettext_lazy("Draft: the figures are not frozen yet.")
