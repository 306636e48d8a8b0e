"""A plan as an official document. Its fixed words are those of the form: Vietnamese whatever the reader reads."""

import re
from collections.abc import Iterator
from datetime import date, datetime

from trienkhai.directives.models import Directive
from trienkhai.directives.rules import DirectiveKind
from trienkhai.documents import (
    Align,
    Block,
    Column,
    Document,
    Header,
    Heading,
    PageBreak,
    Paragraph,
    Run,
    Signature,
    Table,
)
from trienkhai.organisation.models import UnitState, held_on
from trienkhai.organisation.queries import name_of
from trienkhai.plans.models import PlanVersion
from trienkhai.plans.queries.cascade import measure_rows
from trienkhai.plans.queries.reading import MeasureRow
from trienkhai.plans.queries.versions import adoption_of
from trienkhai.text import long_date, short_date

KINDS = {
    DirectiveKind.RESOLUTION: "Nghị quyết",
    DirectiveKind.INSTRUCTION: "Chỉ thị",
    DirectiveKind.CONCLUSION: "Kết luận",
    DirectiveKind.REGULATION: "Quy định",
    DirectiveKind.GUIDANCE: "Hướng dẫn",
    DirectiveKind.PLAN: "Kế hoạch",
    DirectiveKind.PROGRAMME: "Chương trình",
    DirectiveKind.NOTICE: "Thông báo",
    DirectiveKind.OFFICIAL_LETTER: "Công văn",
    DirectiveKind.OTHER: "Văn bản",
}
_KIND = re.compile(r"\Akế hoạch\s*[:–-]?\s*(?=\S)", re.IGNORECASE)
COLUMNS = (
    Column("TT", 0.5, Align.CENTER),
    Column("Nhiệm vụ, giải pháp", 4),
    Column("Chủ trì", 2),
    Column("Thời hạn", 1.3, Align.CENTER),
    Column("Sản phẩm", 2),
)


def plan_document(version: PlanVersion, *, on: date, created: datetime) -> Document:
    """The plan with its measures in the text and as a table in the appendix; units by their names on ``on``.

    Headings and appendix as plans usually have them: purpose, measures, organisation; number, task, lead, deadline,
    product.
    """
    adoption = adoption_of(version)
    plan = version.plan
    rows = sorted(measure_rows(version, on=on), key=lambda row: row.number)
    place, upper = _place_and_upper(plan.unit_id, on)
    header = Header(
        upper_organ=upper,
        organ=name_of(plan.unit_id, on),
        number=adoption.number if adoption else "",
        place=place,
        day=adoption.valid_on if adoption else None,
        kind="Kế hoạch",
        subject=_subject(version.title),
    )
    signer = (
        Signature(post=adoption.signer_post.upper(), name=adoption.signer) if adoption and adoption.signer else None
    )
    return Document(
        header=header,
        blocks=tuple(_blocks(version, rows, header.organ)),
        created=created,
        signatures=(signer,) if signer else (),
    )


def _blocks(version: PlanVersion, rows: list[MeasureRow], organ: str) -> Iterator[Block]:
    directives = Directive.objects.filter(rollout_links__rollout=version.plan.rollout, rollout_links__is_guiding=False)
    based_on = "; ".join(_named(directive) for directive in directives.order_by("rollout_links__position", "pk"))
    yield Paragraph.of(f"Thực hiện {based_on}, {organ} xây dựng kế hoạch như sau:")
    parts = iter(("I", "II", "III"))
    if version.purpose:
        yield Heading(f"{next(parts)}. MỤC ĐÍCH, YÊU CẦU")
        yield from (Paragraph.of(text) for text in version.purpose.split("\n") if text)
    yield Heading(f"{next(parts)}. NHIỆM VỤ, GIẢI PHÁP")
    for row in rows:
        urgent = (Run(" (việc cấp bách)", italic=True),) if row.is_urgent else ()
        yield Paragraph((Run(f"{row.number}. {row.text}"), *urgent))
    if version.organising:
        yield Heading(f"{next(parts)}. TỔ CHỨC THỰC HIỆN")
        yield from (Paragraph.of(text) for text in version.organising.split("\n") if text)
    if rows:
        yield PageBreak()
        yield Paragraph.of("PHỤ LỤC", bold=True, align=Align.CENTER, indent=False)
        yield Table(COLUMNS, [_cells(row) for row in rows], caption="Danh mục nhiệm vụ, giải pháp")


def _subject(title: str) -> str:
    """The title without the kind that stands above it."""
    rest = _KIND.sub("", title)
    return rest[:1].upper() + rest[1:]


def _cells(row: MeasureRow) -> list[str]:
    deadline = short_date(row.deadline_on) if row.deadline_on else ""
    return [str(row.number), row.text, row.lead, deadline, row.product]


def _named(directive: Directive) -> str:
    kind = KINDS[DirectiveKind(directive.kind)]
    day = long_date(directive.issued_on)
    return f"{kind} số {directive.number}, {day} của {directive.issuer} về “{directive.title}”"


def _place_and_upper(unit: int, on: date) -> tuple[str, str]:
    """Where the unit sits and the unit above it, on the day."""
    state = UnitState.objects.current().filter(held_on(on), unit=unit).first()
    if state is None:
        return "", ""
    return state.place, name_of(state.parent_id, on) if state.parent_id else ""
