"""Times the writers: a report of 20 pages as .docx and .pdf, a table of 100,000 rows as .xlsx.

Run: python benchmarks/documents.py
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from fractions import Fraction
from time import perf_counter

from trienkhai.documents import (
    Align,
    Bullet,
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
    load_profile,
    write_docx,
    write_pdf,
    write_xlsx,
)

CREATED = datetime(2012, 11, 3, tzinfo=UTC)
SECTIONS = 20  # about a page each
ROWS = 100_000
TEXT = (
    "Qua học tập, quán triệt, cán bộ, đảng viên đã nhận thức sâu sắc hơn về những vấn đề cấp bách; các chi bộ đã xây"
    " dựng kế hoạch phù hợp với tình hình thực tế, phân công đảng viên phụ trách từng việc và kiểm tra hằng tháng. "
)


def report() -> Document:
    columns = (
        Column("TT", 1, Align.CENTER),
        Column("Chi bộ", 4),
        Column("Phải học", 2),
        Column("Đã học", 2),
    )
    rows = [(str(number), f"Chi bộ khu {number}", "25", "24") for number in range(1, 16)]
    section = (
        Heading("I. TÌNH HÌNH TRIỂN KHAI"),
        Paragraph.of(TEXT * 3),
        Paragraph.of(TEXT * 2),
        Bullet.of(TEXT),
        Table(columns, rows, caption="Kết quả theo chi bộ"),
    )
    header = Header(
        "Đảng bộ thành phố", "Đảng uỷ phường", "127-BC/ĐU", "Hoà Lạc", date(2012, 11, 3), "Báo cáo", "sơ kết"
    )
    return Document(header, section * SECTIONS, CREATED, (Signature("Phó Bí thư", "Nguyễn Văn An", "T/M Đảng uỷ"),))


def members() -> Iterator[Sequence[Cell]]:
    for number in range(1, ROWS + 1):
        yield (
            number,
            "Nguyễn Thị Minh Khai",
            date(1968, 4, 3),
            f"Chi bộ khu {number % 90}",
            date(2012, 10, 1),
            Fraction(1, 3),
            number % 7,
            "",
        )


def table() -> Sheet:
    kinds = (Kind.CENTRED, Kind.TEXT, Kind.DAY, Kind.TEXT, Kind.DAY, Kind.PERCENT, Kind.NUMBER, Kind.TEXT)
    return Sheet("Danh sách", [SheetColumn(kind.value, 14, kind) for kind in kinds], members(), titles=("Danh sách",))


def timed(name: str, limit: float, write: Callable[[], bytes]) -> bool:
    started = perf_counter()
    size = len(write())
    took = perf_counter() - started
    print(f"{name:<28} {took:6.2f} s (must reach {limit:.0f} s)  {size / 1024:8.0f} KiB")
    return took <= limit


def main() -> int:
    profile, document = load_profile(), report()
    good = [
        timed("docx, first of a process", 1, lambda: write_docx(document, profile)),
        timed("docx", 1, lambda: write_docx(document, profile)),
        timed("pdf, first of a process", 2, lambda: write_pdf(document, profile)),
        timed("pdf", 1, lambda: write_pdf(document, profile)),
        timed(f"xlsx of {ROWS:,} rows", 5, lambda: write_xlsx([table()], created=CREATED)),
    ]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
