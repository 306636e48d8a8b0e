"""A plan as an official document. Its fixed words are those of the form: Vietnamese whatever the reader reads."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
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
    Paragraph,
    Run,
    Signature,
    Table,
)
from trienkhai.organisation.models import UnitState, held_on
from trienkhai.organisation.queries import name_of
from trienkhai.organisation.queries.signing import committee_of, seat_on
from trienkhai.organisation.rules import UnitKind
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
_NUMBER, _TEXT, _LEAD = Column("TT", 0.8, Align.CENTER), Column("Nhiệm vụ, giải pháp", 4.2), Column("Chủ trì", 1.8)
_HELP, _DEADLINE = Column("Phối hợp", 1.6), Column("Thời hạn", 2, Align.CENTER)
_PRODUCT, _NOTE = Column("Sản phẩm", 1.8), Column("Ghi chú", 1.45)
_HEADINGS = {Taking.CHANGED: "Sửa đổi", Taking.LEFT_OUT: "Không áp dụng", Taking.OWN: "Bổ sung"}
NOTES = {
    Taking.AS_IT_IS: "Nguyên văn",
    Taking.CHANGED: "Sửa đổi",
    Taking.OWN: "Bổ sung",
    Taking.LEFT_OUT: "Không áp dụng",
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
    issuer = _issuer(plan.unit_id, on)
    times = version.number - 1
    header = Header(
        upper_organ=issuer.upper,
        organ=issuer.name,
        number=adoption.number if adoption and adoption.number else issuer.number,
        place=issuer.place,
        day=adoption.valid_on if adoption else None,
        kind="Kế hoạch",
        subject=_subject(version.title) + (f" (sửa đổi, bổ sung lần {times})" if times else ""),
    )
    signer = (
        Signature(post=adoption.signer_post.upper(), name=adoption.signer, authority=issuer.authority)
        if adoption and adoption.signer
        else None
    )
    return Document(
        header=header,
        blocks=tuple(_blocks(version, rows, header.organ, on)),
        created=created,
        signatures=(signer,) if signer else (),
        recipients=tuple(filter(None, (issuer.upper, issuer.below, "Lưu"))),
        appendix=tuple(_appendix(version, rows)),
    )


@dataclass(frozen=True)
class _Issuer:
    """Who issues the plan: head and foot of its document. ``below``: to whom it goes besides."""

    name: str
    upper: str = ""
    place: str = ""
    number: str = ""
    authority: str = ""
    below: str = ""


def _issuer(unit: int, on: date) -> _Issuer:
    """The unit's committee where it has one, else the unit; a cell's secretary signs for the cell.

    Source: Hướng dẫn 36-HD/VPTW (3-4-2018), signing authority and abbreviations of issuing organs.
    """
    state = UnitState.objects.current().filter(held_on(on), unit=unit).first()
    if state is None:
        return _Issuer(name_of(unit, on))
    parent = state.parent_id
    is_cell = state.kind in {UnitKind.CELL, UnitKind.GROUP}
    return _Issuer(
        name=_organ(unit, on),
        upper=_organ(parent, on) if parent else "",
        place=seat_on(unit, on),
        number="     -KH/CB" if is_cell else "     -KH/ĐU",
        authority="T/M CHI BỘ" if is_cell else "T/M ĐẢNG UỶ",
        below="" if is_cell else "Các đơn vị trực thuộc",
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


def _appendix(version: PlanVersion, rows: list[MeasureRow]) -> Iterator[Block]:
    """The list of measures; columns for who helps and for notes only where there is something in them."""
    if not rows:
        return
    yield Paragraph.of("PHỤ LỤC", bold=True, align=Align.CENTER, indent=False)
    has_helpers, has_notes = any(row.coordinators for row in rows), version.base is not None
    columns = [_NUMBER, _TEXT, _LEAD, *([_HELP] if has_helpers else []), _DEADLINE, _PRODUCT]
    columns += [_NOTE] if has_notes else []
    yield Table(
        tuple(columns),
        [[*_cells(row, has_helpers=has_helpers), *([NOTES[row.taking]] if has_notes else [])] for row in rows],
        caption="Danh mục nhiệm vụ, giải pháp",
    )


def _cited(version: PlanVersion, on: date) -> str:
    """A version by its number, day and title, as papers name one another."""
    adoption = adoption_of(version)
    number = f" số {adoption.number}" if adoption and adoption.number else ""
    day = f", {long_date(adoption.valid_on)}" if adoption else ""
    return f"Kế hoạch{number}{day} của {_organ(version.plan.unit_id, on)} về “{_subject(version.title)}”"


def _organ(unit: int, on: date) -> str:
    """Who issues: the unit's committee where its name says of which unit it is; else the unit."""
    name, committee = name_of(unit, on), committee_of(unit, on)
    return committee if committee and name.split()[-1:] == committee.split()[-1:] else name


def _subject(title: str) -> str:
    """The title without the kind that stands above it."""
    rest = _KIND.sub("", title)
    return rest[:1].upper() + rest[1:]


def _beside(row: MeasureRow) -> Iterator[str]:
    """What stands below a measure's words: indicator, what it carries out, that it comes back, what it is tied to."""
    if row.indicator:
        number = "" if row.target is None else f" {row.target.normalize():f}".replace(".", ",")
        unit = row.target_unit if row.target_unit == "%" else f" {row.target_unit}".rstrip()
        yield f"Chỉ tiêu: {row.indicator}{':' + number + unit if number else ''}"
    if row.provision:
        yield f"Thực hiện: {row.provision}"
    if row.is_recurring and row.deadline_on:
        yield "Thường xuyên"
    if row.programmes:
        yield f"Gắn với: {'; '.join(name for _key, name in row.programmes)}"


def _cells(row: MeasureRow, *, has_helpers: bool) -> list[str]:
    deadline = short_date(row.deadline_on) if row.deadline_on else ("thường xuyên" if row.is_recurring else "")
    text = "\n".join((row.text, *_beside(row)))
    helpers = ["; ".join(row.coordinators)] if has_helpers else []
    return [str(row.number), text, row.lead, *helpers, deadline, row.product]


def _named(directive: Directive) -> str:
    kind = KINDS[DirectiveKind(directive.kind)]
    day = long_date(directive.issued_on)
    return f"{kind} số {directive.number}, {day} của {directive.issuer} về “{directive.title}”"
