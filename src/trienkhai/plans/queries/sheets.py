"""A version's measures as an Excel file, and what such a file would make of a draft."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import islice
from typing import BinaryIO

from trienkhai.core.decisions import Invalid
from trienkhai.documents import Kind, Sheet, SheetColumn, write_xlsx
from trienkhai.files.models import StoredFile
from trienkhai.files.queries import open_file
from trienkhai.imports.rules.books import open_book
from trienkhai.imports.rules.limits import Limits
from trienkhai.plans.models import PlanVersion
from trienkhai.plans.queries.cascade import lines_in_effect
from trienkhai.plans.queries.reading import lead_names, lines_of, possible_leads, references
from trienkhai.plans.rules import Line
from trienkhai.plans.rules.sheets import (
    HEADINGS,
    HEADINGS_WITHIN,
    Column,
    Given,
    Names,
    SheetChange,
    SheetFault,
    columns_in,
    compared,
    written,
)
from trienkhai.programmes.queries import programme_names, programmes_for

LIMITS = Limits(
    file_bytes=10 * 1024**2,
    rows=20_000,
    columns=60,
    cells=1_200_000,
    sheets=30,
    unpacked_bytes=200 * 1024**2,
    text_bytes=100 * 1024**2,
)
_WIDTHS: dict[Column, float] = {
    Column.KEY: 38,
    Column.NUMBER: 5,
    Column.TEXT: 55,
    Column.PROVISION: 16,
    Column.LEAD: 22,
    Column.COORDINATORS: 22,
    Column.DEADLINE: 12,
    Column.PRODUCT: 22,
    Column.INDICATOR: 20,
    Column.TARGET: 10,
    Column.TARGET_UNIT: 10,
    Column.URGENT: 9,
    Column.RECURRING: 9,
    Column.PROGRAMMES: 24,
}
_KINDS = {Column.DEADLINE: Kind.DAY, Column.URGENT: Kind.CENTRED, Column.RECURRING: Kind.CENTRED}


def names_for(version: PlanVersion, lines: Sequence[Line], *, on: date) -> Names:
    """What the measures of a version are called and can be called."""
    plan = version.plan
    leads = possible_leads(plan, on=on)
    named = {line.lead_unit for line in lines} | {helper.unit for line in lines for helper in line.coordinators}
    others = lead_names([unit for unit in named if unit is not None and unit not in leads], on=on)
    tied = {programme for line in lines for programme in line.programmes}
    programmes = dict(programmes_for(plan.unit_id, on).values_list("pk", "name"))
    programmes |= {pk: name for pk, (_key, name) in programme_names(tied - programmes.keys()).items()}
    return Names(
        units={**others, **leads},
        provisions={reference.provision_id: name for name, reference in references(plan.rollout).items()},
        programmes=programmes,
        leads=frozenset(leads),
    )


def measures_sheet(version: PlanVersion, *, on: date, created: datetime, language: str, unit: str) -> bytes:
    """The measures as a workbook: the columns of the plan's appendix, and hidden the key by which they are known."""
    headings = HEADINGS.get(language, HEADINGS["vi"])
    lines = lines_in_effect(version)
    names = names_for(version, lines, on=on)
    rows = (list(written(line, number, names).values()) for number, line in enumerate(lines, start=1))
    sheet = Sheet(
        name=headings[Column.TEXT],
        columns=columns_of(language),
        rows=rows,
        titles=(unit, version.title),
        landscape=True,
        fits_rows=True,
    )
    return write_xlsx([sheet], created=created, title=version.title)


def columns_of(language: str) -> list[SheetColumn]:
    """The columns with their headings; the key is hidden."""
    headings = HEADINGS.get(language, HEADINGS["vi"])
    return [
        SheetColumn(headings[column], _WIDTHS[column], _KINDS.get(column, Kind.TEXT), column is Column.KEY)
        for column in Column
    ]


def read_sheet(draft: PlanVersion, content: BinaryIO, *, on: date) -> SheetChange:
    """What the file would make of the draft; nothing is written.

    Raises:
        Invalid: no file that can be read, no table in it, or too many measures.
    """
    before = lines_of(draft)
    return compared(_table(content), before, names_for(draft, before, on=on))


def read_stored(draft: PlanVersion, file: StoredFile, *, on: date) -> SheetChange:
    """As :func:`read_sheet`, of a file kept before."""
    with open_file(file) as content:
        return read_sheet(draft, content, on=on)


def _table(content: BinaryIO) -> list[list[Given]]:
    """The rows of the first sheet that has the headings.

    Raises:
        Invalid: none has.
    """
    for sheet in open_book(content, limits=LIMITS).sheets:
        rows = sheet.rows()
        first = [list[Given](row) for row in islice(rows, HEADINGS_WITHIN)]
        try:
            columns_in(first)
        except Invalid:
            sheet.release()
            continue
        return [*first, *(list[Given](row) for row in rows)]
    raise Invalid(SheetFault.NO_TABLE, on="file")
