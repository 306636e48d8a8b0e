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
from trienkhai.plans.queries.cascade import effective, lines_in_effect, measure_rows
from trienkhai.plans.queries.reading import MeasureRow
from trienkhai.plans.queries.versions import adoption_of, before
from trienkhai.plans.rules import InEffect, Taking
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
_NUMBER, _TEXT, _LEAD = Column("TT", 0.5, Align.CENTER), Column("Nhiệm vụ, giải pháp", 4), Column("Chủ trì", 1.8)
_HELP, _DEADLINE = Column("Phối hợp", 1.6), Column("Thời hạn", 1.3, Align.CENTER)
_PRODUCT, _NOTE = Column("Sản phẩm", 1.8), Column("Ghi chú", 1.2)
_HEADINGS = {Taking.CHANGED: "Sửa đổi", Taking.LEFT_OUT: "Không áp dụng", Taking.OWN: "Bổ sung"}
NOTES = {
    Taking.AS_IT_IS: "theo kế hoạch cấp trên",
    Taking.CHANGED: "sửa đổi",
    Taking.OWN: "bổ sung",
    Taking.LEFT_OUT: "không áp dụng",
}


def plan_document(version: PlanVersion, *, on: date, created: datetime) -> Document:
    """The version with its measures in the text and as a table in the appendix; units by their names on ``on``.

    Headings and appendix as plans usually have them: purpose, measures, organisation; number, task, lead, deadline,
    product. A later version says which time it amends and what it replaces; one that applies the plan above says what
    is different.
    """
    adoption = adoption_of(version)
    plan = version.plan
    rows = sorted(measure_rows(version, on=on), key=lambda row: row.number)
    place, upper = _place_and_upper(plan.unit_id, on)
    times = version.number - 1
    header = Header(
        upper_organ=upper,
        organ=name_of(plan.unit_id, on),
        number=adoption.number if adoption else "",
        place=place,
        day=adoption.valid_on if adoption else None,
        kind="Kế hoạch",
        subject=_subject(version.title) + (f" (sửa đổi, bổ sung lần {times})" if times else ""),
    )
    signer = (
        Signature(post=adoption.signer_post.upper(), name=adoption.signer) if adoption and adoption.signer else None
    )
    return Document(
        header=header,
        blocks=tuple(_blocks(version, rows, header.organ, on)),
        created=created,
        signatures=(signer,) if signer else (),
    )


def _blocks(version: PlanVersion, rows: list[MeasureRow], organ: str, on: date) -> Iterator[Block]:
    directives = Directive.objects.filter(rollout_links__rollout=version.plan.rollout, rollout_links__is_guiding=False)
    based_on = "; ".join(_named(directive) for directive in directives.order_by("rollout_links__position", "pk"))
    does = "xây dựng kế hoạch như sau:"
    if version.base is not None:
        does = f"áp dụng {_cited(version.base, on)}, với những sửa đổi, bổ sung sau:"
    yield Paragraph.of(f"Thực hiện {based_on}, {organ} {does}")
    replaced = before(version)
    if replaced is not None:
        yield Paragraph.of(
            f"Kế hoạch này sửa đổi, bổ sung lần {version.number - 1} và thay thế {_cited(replaced, on)}."
        )
    parts = iter(("I", "II", "III"))
    if version.purpose:
        yield Heading(f"{next(parts)}. MỤC ĐÍCH, YÊU CẦU")
        yield from (Paragraph.of(text) for text in version.purpose.split("\n") if text)
    yield Heading(f"{next(parts)}. NHIỆM VỤ, GIẢI PHÁP")
    yield from _measures(version, rows)
    if version.organising:
        yield Heading(f"{next(parts)}. TỔ CHỨC THỰC HIỆN")
        yield from (Paragraph.of(text) for text in version.organising.split("\n") if text)
    if rows:
        yield PageBreak()
        yield Paragraph.of("PHỤ LỤC", bold=True, align=Align.CENTER, indent=False)
        yield _appendix(version, rows)


def _measures(version: PlanVersion, rows: list[MeasureRow]) -> Iterator[Block]:
    if version.base is None:
        for row in rows:
            yield Paragraph((Run(f"{row.number}. {row.text}"), *_urgent(is_urgent=row.is_urgent)))
        return
    numbers = {line.key: number for number, line in enumerate(lines_in_effect(version.base), start=1)}
    found = effective(version)
    as_it_is = sum(one.taking == Taking.AS_IT_IS for one in found)
    yield Heading("1. Áp dụng", level=2)
    yield Paragraph.of(f"Thực hiện nguyên văn {as_it_is} nhiệm vụ của kế hoạch cấp trên, nêu tại phụ lục.")
    part = 2
    for taking, heading in _HEADINGS.items():
        chosen = [one for one in found if one.taking == taking]
        if chosen:
            yield Heading(f"{part}. {heading}", level=2)
            yield from (_said(one, numbers.get(one.upper.key if one.upper else None)) for one in chosen)
            part += 1


def _said(one: InEffect, number: int | None) -> Paragraph:
    """What is different of one measure; ``number``: its own in the plan above."""
    if one.taking == Taking.LEFT_OUT:
        return Paragraph.of(f"Nhiệm vụ {number} (“{one.line.text}”): {one.reason}")
    head = f"Nhiệm vụ {number} được sửa như sau: " if one.taking == Taking.CHANGED else "- "
    return Paragraph((Run(head + one.line.text), *_urgent(is_urgent=one.line.is_urgent)))


def _urgent(*, is_urgent: bool) -> tuple[Run, ...]:
    return (Run(" (việc cấp bách)", italic=True),) if is_urgent else ()


def _appendix(version: PlanVersion, rows: list[MeasureRow]) -> Table:
    """The list of measures; columns for who helps and for notes only where there is something in them."""
    has_helpers, has_notes = any(row.coordinators for row in rows), version.base is not None
    columns = [_NUMBER, _TEXT, _LEAD, *([_HELP] if has_helpers else []), _DEADLINE, _PRODUCT]
    columns += [_NOTE] if has_notes else []
    return Table(
        tuple(columns),
        [_cells(row, has_helpers=has_helpers, has_notes=has_notes) for row in rows],
        caption="Danh mục nhiệm vụ, giải pháp",
    )


def _cited(version: PlanVersion, on: date) -> str:
    """A version by its number, day and title, as papers name one another."""
    adoption = adoption_of(version)
    number = f" số {adoption.number}" if adoption and adoption.number else ""
    day = f", {long_date(adoption.valid_on)}" if adoption else ""
    return f"Kế hoạch{number}{day} của {name_of(version.plan.unit_id, on)} về “{_subject(version.title)}”"


def _subject(title: str) -> str:
    """The title without the kind that stands above it."""
    rest = _KIND.sub("", title)
    return rest[:1].upper() + rest[1:]


def _cells(row: MeasureRow, *, has_helpers: bool, has_notes: bool) -> list[str]:
    deadline = short_date(row.deadline_on) if row.deadline_on else ("thường xuyên" if row.is_recurring else "")
    text = row.text
    if row.indicator:
        number = "" if row.target is None else f" {row.target.normalize():f}".replace(".", ",")
        unit = row.target_unit if row.target_unit == "%" else f" {row.target_unit}".rstrip()
        text += f"\nChỉ tiêu: {row.indicator}{':' + number + unit if number else ''}"
    helpers = ["; ".join(row.coordinators)] if has_helpers else []
    notes = [NOTES[row.taking]] if has_notes else []
    return [str(row.number), text, row.lead, *helpers, deadline, row.product, *notes]


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
