"""The consolidation table as an official document and as a sheet. Its fixed words are those of the form.

Source: columns used in practice (number, matter or clause, who, content, what becomes of it); general remarks apart
from those on clauses; persons and submissions counted apart.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from trienkhai.comments.models import Call
from trienkhai.comments.queries.places import Desk
from trienkhai.comments.queries.table import Consolidation, Sources, TableRow
from trienkhai.comments.rules import About, DispositionKind
from trienkhai.documents import (
    Align,
    Block,
    Cell,
    Column,
    Document,
    Header,
    Heading,
    Kind,
    Paragraph,
    Sheet,
    SheetColumn,
    Signature,
    Table,
)
from trienkhai.organisation.models import UnitState, held_on
from trienkhai.organisation.queries import issuer_of, name_of, seat_on, signer_of
from trienkhai.organisation.rules import PostKind, UnitKind
from trienkhai.text import number_vi, short_date

KINDS = {
    DispositionKind.ACCEPTED: "Tiếp thu",
    DispositionKind.EXPLAINED: "Giải trình",
    DispositionKind.PASSED_ON: "Chuyển cơ quan có thẩm quyền",
    DispositionKind.OUTSIDE: "Ngoài phạm vi lấy ý kiến",
}
PARTS = (
    ("GÓP Ý CHUNG", (About.PLAN, About.FREE)),
    ("GÓP Ý ĐỐI VỚI TẬP THỂ", (About.BODY,)),
    ("GÓP Ý VÀO TỪNG NHIỆM VỤ, GIẢI PHÁP", (About.MEASURE,)),
)
NUMBER = "     -BC/{}"
"""Room for the number; the table is issued as a report, the kind of document that has one."""
POSTS = {
    PostKind.SECRETARY: "BÍ THƯ",
    PostKind.DEPUTY_STANDING: "PHÓ BÍ THƯ THƯỜNG TRỰC",
    PostKind.DEPUTY: "PHÓ BÍ THƯ",
}
ROMAN = ("I", "II", "III", "IV")
COLUMNS = (
    Column("TT", 0.5, Align.CENTER),
    Column("Nhóm vấn đề, điều khoản", 2.4),
    Column("Chủ thể góp ý", 2.2),
    Column("Người trực tiếp", 0.8, Align.CENTER),
    Column("Số lượt", 0.8, Align.CENTER),
    Column("Nội dung góp ý", 3.2),
    Column("Nội dung tiếp thu, giải trình", 3.6),
)
SHEET_COLUMNS = (
    SheetColumn("TT", 6, Kind.CENTRED),
    SheetColumn("Phần", 22),
    SheetColumn("Nhóm vấn đề, điều khoản", 40),
    SheetColumn("Chủ thể góp ý", 36),
    SheetColumn("Số người trực tiếp", 12, Kind.NUMBER),
    SheetColumn("Thay mặt (người)", 12, Kind.NUMBER),
    SheetColumn("Số lượt", 10, Kind.NUMBER),
    SheetColumn("Nội dung góp ý", 50),
    SheetColumn("Kết quả", 20),
    SheetColumn("Chuyển đến", 30),
    SheetColumn("Nội dung tiếp thu, giải trình", 60),
)


def table_document(desk: Desk, table: Consolidation, *, on: date, created: datetime) -> Document:
    """The table with head and foot as reports have them; what waits and what is on persons is counted, not shown.

    Number and day are left open, to be written in when it is signed; the signer is who holds the post on the day.
    """
    state = UnitState.objects.current().filter(held_on(on), unit=desk.book).first()
    is_cell = state is not None and state.kind in {UnitKind.CELL, UnitKind.GROUP}
    upper = state.parent_id if state else None
    header = Header(
        upper_organ=issuer_of(upper, on) if upper else "",
        organ=issuer_of(desk.book, on),
        number=NUMBER.format("CB" if is_cell else "ĐU"),
        place=seat_on(desk.book, on),
        kind="Báo cáo",
        subject="tổng hợp, tiếp thu, giải trình ý kiến góp ý",
    )
    signer, post = signer_of(desk.book, on)
    authority = "T/M CHI BỘ" if is_cell else "T/M ĐẢNG UỶ"
    return Document(
        header=header,
        blocks=tuple(_blocks(desk, table)),
        created=created,
        signatures=(Signature(POSTS[post] if post else "", signer, authority),),
        recipients=(*filter(None, (header.upper_organ,)), "Lưu"),
        landscape=True,
    )


def _blocks(desk: Desk, table: Consolidation) -> Iterator[Block]:
    if desk.call is not None:
        yield Paragraph.of(asked_words(desk.call))
    yield Paragraph.of(total_words(table))
    number = 0
    parts = iter(ROMAN)
    for title, abouts in PARTS:
        rows = table.of(*abouts)
        if not rows:
            continue
        yield Heading(f"{next(parts)}. {title}")
        yield Table(COLUMNS, [_cells(n, row) for n, row in enumerate(rows, start=number + 1)])
        number += len(rows)
    if table.on_persons:
        yield Heading(f"{next(parts)}. GÓP Ý ĐỐI VỚI CÁ NHÂN")
        yield Paragraph.of(
            f"{number_vi(table.on_persons)} ý kiến góp ý đối với cá nhân đã được chuyển đến người được góp ý và tập "
            "thể có trách nhiệm xem xét; nội dung không nêu trong bảng này."
        )


def asked_words(call: Call) -> str:
    """What was asked, when, and of how many."""
    whom = "số mã phát cho người dân" if call.by_codes else "số người được lấy ý kiến"
    return (
        f"{call.title}, từ ngày {short_date(call.opens_on)} đến ngày {short_date(call.closes_on)}; "
        f"{whom}: {number_vi(call.asked_number)}."
    )


def total_words(table: Consolidation) -> str:
    """How much was said by how many, and what became of it."""
    kinds = ", ".join(f"{name.lower()} {number_vi(n)}" for kind, name in KINDS.items() if (n := table.count(kind)))
    said = (
        f"Đã tổng hợp {number_vi(table.points)} ý kiến ({number_vi(table.submissions)} lượt): {speakers_words(table)}; "
        f"thành {number_vi(len(table.rows))} nội dung"
    )
    waiting = f" Còn {number_vi(table.waiting)} nội dung chưa trả lời." if table.waiting else ""
    return f"{said}{': ' + kinds if kinds else ''}.{waiting}"


def speakers_words(table: Consolidation) -> str:
    """Who spoke themselves; who wrote for others, who may be the same people."""
    words = f"{number_vi(table.direct)} người góp ý trực tiếp"
    if table.units:
        words += f"; {number_vi(table.units)} đơn vị gửi thư"
    return words + (f" (thư thay mặt {number_vi(table.behind)} người, có thể trùng)" if table.behind else "")


def _cells(number: int, row: TableRow) -> Sequence[str]:
    return (
        str(number),
        subject_words(row),
        source_words(row.sources),
        number_vi(row.sources.direct),
        number_vi(row.sources.times),
        row.content,
        answer_words(row, with_kind=True),
    )


def subject_words(row: TableRow) -> str:
    """What it is about, as the table says it."""
    match row.about:
        case About.MEASURE:
            return f"Nhiệm vụ {row.subject}"
        case About.PLAN:
            return f"Toàn văn: {row.subject}"
        case About.BODY | About.PERSON:
            return row.subject
        case About.FREE:
            return "Góp ý chung"


def source_words(sources: Sources) -> str:
    """Who said it: kinds, units by name, persons never."""
    behind = sources.behind_residents
    residents = f"người dân (thay mặt {number_vi(behind)} người)" if behind else "người dân"
    counted = (
        (len(sources.members), "đảng viên"),
        (len(sources.others), "quần chúng"),
        (sources.residents, residents),
        (sources.kept, "người giữ kín tên"),
        (sources.nameless, "người không ghi tên"),
        (sources.not_said, "người không rõ"),
    )
    units = [f"{unit} (thay mặt {number_vi(n)} người)" if n > 1 else unit for unit, n in sorted(sources.units.items())]
    return "; ".join([*units, *(f"{number_vi(n)} {name}" for n, name in counted if n)])


def answer_words(row: TableRow, *, with_kind: bool) -> str:
    """What became of it."""
    parts = [f"{KINDS[row.kind]}{': ' + row.passed_to if row.passed_to else ''}."] if with_kind else []
    parts.append(row.answer)
    if row.clause:
        label = "Dự thảo sửa thành" if row.is_draft else "Nội dung sau khi sửa"
        parts.append(f"{label}: “{row.clause}”")
    return "\n".join(parts)


def table_sheet(desk: Desk, table: Consolidation, *, on: date) -> Sheet:
    """The same as a sheet to work with."""
    titles = [name_of(desk.book, on), "Bảng tổng hợp, tiếp thu, giải trình ý kiến góp ý"]
    if desk.call is not None:
        titles.append(asked_words(desk.call))
    return Sheet("Tổng hợp", SHEET_COLUMNS, _sheet_rows(table), titles=[*titles, total_words(table)], landscape=True)


def _sheet_rows(table: Consolidation) -> Iterator[Sequence[Cell]]:
    number = 0
    for title, abouts in PARTS:
        for row in table.of(*abouts):
            number += 1
            yield (
                number,
                title.capitalize(),
                subject_words(row),
                source_words(row.sources),
                row.sources.direct,
                row.sources.behind,
                row.sources.times,
                row.content,
                KINDS[row.kind],
                row.passed_to,
                answer_words(row, with_kind=False),
            )
