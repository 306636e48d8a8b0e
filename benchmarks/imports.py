"""How long a province's list takes: to a preview, and to be written; and how much memory.

    python benchmarks/imports.py [--rows 370000] [--postgresql]

The list is made by another process first, so that making it counts for nothing.
"""

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
AT = datetime(2026, 3, 2, 3, tzinfo=UTC)
HEADINGS = [
    "STT", "Họ và tên", "Ngày sinh", "Giới tính", "Chi bộ", "Chức vụ", "Ngày vào Đảng", "Ngày chính thức", "Số thẻ",
    "Điện thoại", "Quê quán", "Ghi chú",
]  # fmt: skip
FAMILIES = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý"]
MIDDLES = ["Văn", "Thị", "Đức", "Minh", "Ngọc", "Xuân", "Quang", "Thu", "Kim", "Hữu"]
GIVENS = ["An", "Bình", "Cường", "Dung", "Đạt", "Giang", "Hà", "Khánh", "Lan", "Mai", "Nam", "Oanh", "Phúc", "Thuỷ"]
CELL_SIZE = 37


def write_list(path: Path, rows: int) -> None:
    """A province's list of invented members, ``CELL_SIZE`` to a cell."""
    import xlsxwriter  # noqa: PLC0415 - only the process that makes the list

    random = Random(1)  # noqa: S311 - invented people
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("Danh sách")
    sheet.write_row(0, 0, HEADINGS)
    for number in range(rows):
        birth = date(1945, 1, 1) + timedelta(days=random.randrange(20_000))
        name = f"{random.choice(FAMILIES)} {random.choice(MIDDLES)} {random.choice(MIDDLES)} {random.choice(GIVENS)}"
        place = number % CELL_SIZE
        post = ("Bí thư", "Phó bí thư", "Chi uỷ viên")[place] if place < 3 else "Đảng viên"
        cells = [
            name,
            f"{birth:%d/%m/%Y}",
            "Nam",
            f"Chi bộ {number // CELL_SIZE + 1}",
            post,
            "03/02/2004",
            "03/02/2005",
        ]
        sheet.write_row(number + 1, 0, [number + 1, *cells, f"{number:08}", f"09{number:08}", "Quảng Ninh", ""])
    book.close()


def peak_mebibytes() -> float:
    """The most memory this process has held; not a number where the system does not say."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return float("nan")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextlib.contextmanager
def timed(what: str) -> Iterator[None]:
    begun, worked = time.perf_counter(), time.process_time()
    yield
    took, own = time.perf_counter() - begun, time.process_time() - worked
    print(f"{what:<30}{took:8.1f} s, of it own work {own:6.1f} s   peak {peak_mebibytes():5.0f} MiB", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=370_000)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.write:
        write_list(options.write, options.rows)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "list.xlsx")
        script = [sys.executable, __file__, "--rows", str(options.rows), "--write", str(path)]
        subprocess.run(script, check=True)  # noqa: S603 - ourselves
        set_up(folder, postgresql=options.postgresql)
        measure(path, options.rows)


def set_up(folder: str, *, postgresql: bool) -> None:
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    os.environ["TRIENKHAI_DATA"] = folder
    if postgresql:
        from tests.surroundings import _start_server  # noqa: PLC0415

        os.environ["TRIENKHAI_DATABASE"] = _start_server()
    os.environ["DJANGO_SETTINGS_MODULE"] = "trienkhai.config.settings"
    import django  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", verbosity=0, skip_checks=True)


def measure(path: Path, rows: int) -> None:
    from trienkhai.imports import actions as imports  # noqa: PLC0415
    from trienkhai.organisation import actions as organisation  # noqa: PLC0415
    from trienkhai.organisation.actions import importing  # noqa: PLC0415
    from trienkhai.organisation.models import Membership, Unit  # noqa: PLC0415
    from trienkhai.organisation.rules import SYSTEM, UnitKind  # noqa: PLC0415
    from trienkhai.rollouts.actions.organisation import reconciled  # noqa: PLC0415

    whole = date(2010, 1, 1)
    made = organisation.open_unit(
        name="Đảng bộ tỉnh", kind=UnitKind.UPPER, parent=None, on=whole, actor=SYSTEM, at=AT
    ).made
    unit = Unit.objects.get(pk=made[0]).key
    print(f"{rows:,} members in {path.stat().st_size / 1e6:.1f} MB")
    begun = time.perf_counter()
    with timed("  kept and surveyed"), path.open("rb") as file:
        batch = imports.take_in(
            content=file, name=path.name, unit=unit, holds_from=date(2026, 1, 1), actor_key=None, at=AT
        )
    with timed("  read into staged rows"):
        imports.read_batch(key=batch.key, today=AT.date())
    with timed("  units suggested"):
        importing.suggest_units(key=batch.key, actor=SYSTEM, at=AT)
    with timed("  rows compared"):
        batch = importing.compare_rows(key=batch.key, actor=SYSTEM, at=AT)
    print(f"{'to a preview':<30}{time.perf_counter() - begun:8.1f} s")
    for row in batch.rows.filter(decision="ask"):
        importing.answer_row(key=batch.key, row=row.pk, decision="new", actor=SYSTEM, at=AT)  # type: ignore[arg-type]
    with timed("to confirm"):
        reconciled(importing.import_list)(key=batch.key, actor=SYSTEM, at=AT)
    print(f"{Membership.objects.count():,} memberships")


if __name__ == "__main__":
    main()
