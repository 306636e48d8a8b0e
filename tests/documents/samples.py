"""Invented documents that the tests of the writers share."""

from datetime import UTC, date, datetime

from trienkhai.documents import (
    Align,
    Bullet,
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

CREATED = datetime(2012, 11, 3, 8, 30, tzinfo=UTC)
TRICKY = '#strong[x] $a$ *đậm* <tag> & "trích" -- \\ {{ x }} @nhãn `mã` // \x0b\x00 =1+1'


def report(*, rows: int = 40, text: str = "Việc học tập được thực hiện nghiêm túc.") -> Document:
    """A report with one of everything."""
    table = Table(
        (Column("TT", 1, Align.CENTER), Column("Chi bộ", 4), Column("Đã học", 2, Align.RIGHT)),
        [*((str(row), f"Chi bộ khu {row}", "25") for row in range(1, rows + 1)), ("", "Cộng")],
        caption="Kết quả theo chi bộ",
        bold_rows=frozenset({rows}),
    )
    return Document(
        Header(
            "Đảng bộ thành phố Móng Cái",
            "Đảng uỷ phường Hoà Lạc",
            "127-BC/ĐU",
            "Hoà Lạc",
            date(2012, 11, 3),
            "Báo cáo",
            "sơ kết việc triển khai Nghị quyết",
        ),
        (
            Heading("I. TÌNH HÌNH"),
            Heading("1. Công tác chỉ đạo", 2),
            Paragraph((Run("Kết quả: ", bold=True), Run(text), Run(" (nghiêng)", italic=True))),
            Bullet.of("Học tập"),
            Bullet.of("Viết thu hoạch", level=2),
            table,
            PageBreak(),
            Paragraph.of("Trên đây là báo cáo."),
        ),
        CREATED,
        (Signature("Phó Bí thư", "Nguyễn Văn An", "T/M Đảng uỷ"),),
        ("Ban Thường vụ Thành uỷ (để báo cáo)", "Các chi bộ", "Lưu Văn phòng Đảng uỷ"),
    )


def letter() -> Document:
    """A letter without number and day yet."""
    header = Header(organ="Đảng uỷ phường Hoà Lạc", number="     -CV/ĐU", place="Hoà Lạc", subject="v/v sinh hoạt")
    return Document(header, (Paragraph.of("Kính gửi: Các chi bộ", align=Align.CENTER, indent=False),), CREATED)


def sign_in_sheet() -> Document:
    """A working list on its side, with two signatures."""
    table = Table((Column("TT"), Column("Họ và tên", 5), Column("Ký tên", 4)), [("1", "Lê Thị Bình")], row_height_mm=12)
    return Document(
        Header(kind="Danh sách", subject="Chi bộ khu 5"),
        (table,),
        CREATED,
        (Signature("Thư ký", "Lê Thị Bình"), Signature("Chủ trì", "Trần Văn Cường")),
        ("Lưu chi bộ",),
        landscape=True,
        official=False,
    )
