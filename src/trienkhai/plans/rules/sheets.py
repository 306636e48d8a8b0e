"""A version's measures as a table, and such a table read back against a draft: what it adds, changes and takes away.

Whatever stands in a cell as it was written out means what it meant; only cells that were changed are read anew. A
table written out and read back therefore changes nothing.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from trienkhai.core.decisions import Invalid
from trienkhai.plans.rules.codes import MOST_MEASURES
from trienkhai.plans.rules.drafts import Coordinator, Line
from trienkhai.text import DayError, clean_line, clean_text, fold, parse_day

type Given = str | int | float | bool | date | datetime | time | timedelta | None
"""What a cell of a file may hold."""
type Written = str | Decimal | date | int | None
"""What is written into one."""

HEADINGS_WITHIN = 30  # rows; titles stand above the headings
LAST_SHORT_YEAR = 2049
_EXACT_DIGITS = 15  # what a spreadsheet keeps of a number


class Column(StrEnum):
    """What a column holds."""

    KEY = "key"
    NUMBER = "number"
    TEXT = "text"
    PROVISION = "provision"
    LEAD = "lead"
    COORDINATORS = "coordinators"
    DEADLINE = "deadline"
    PRODUCT = "product"
    INDICATOR = "indicator"
    TARGET = "target"
    TARGET_UNIT = "target_unit"
    URGENT = "urgent"
    RECURRING = "recurring"
    PROGRAMMES = "programmes"


HEADINGS: Mapping[str, Mapping[Column, str]] = {
    "vi": {
        Column.KEY: "Mã (không sửa)",
        Column.NUMBER: "TT",
        Column.TEXT: "Nhiệm vụ, giải pháp",
        Column.PROVISION: "Thực hiện điểm, khoản",
        Column.LEAD: "Chủ trì",
        Column.COORDINATORS: "Phối hợp",
        Column.DEADLINE: "Thời hạn",
        Column.PRODUCT: "Sản phẩm",
        Column.INDICATOR: "Chỉ tiêu",
        Column.TARGET: "Mức cần đạt",
        Column.TARGET_UNIT: "Đơn vị tính",
        Column.URGENT: "Cấp bách",
        Column.RECURRING: "Thường xuyên",
        Column.PROGRAMMES: "Gắn với phong trào",
    },
    "en": {
        Column.KEY: "Key (do not change)",
        Column.NUMBER: "No.",
        Column.TEXT: "What is to be done",
        Column.PROVISION: "Carries out",
        Column.LEAD: "Who leads",
        Column.COORDINATORS: "Who helps",
        Column.DEADLINE: "Deadline",
        Column.PRODUCT: "Product",
        Column.INDICATOR: "Indicator",
        Column.TARGET: "Target",
        Column.TARGET_UNIT: "Unit of measure",
        Column.URGENT: "Urgent",
        Column.RECURRING: "Recurring",
        Column.PROGRAMMES: "Tied to",
    },
}
_COLUMNS = {fold(title): column for titles in HEADINGS.values() for column, title in titles.items()} | {
    fold(title): column
    for title, column in (
        ("Nhiệm vụ", Column.TEXT),
        ("Nội dung công việc", Column.TEXT),
        ("Cơ quan chủ trì", Column.LEAD),
        ("Đơn vị chủ trì", Column.LEAD),
        ("Cơ quan phối hợp", Column.COORDINATORS),
        ("Đơn vị phối hợp", Column.COORDINATORS),
        ("Thời gian hoàn thành", Column.DEADLINE),
        ("Sản phẩm dự kiến", Column.PRODUCT),
        ("Số thứ tự", Column.NUMBER),
        ("STT", Column.NUMBER),
    )
}
YES = frozenset({"x", "co", "yes", "1", "true", "v"})
NO = frozenset({"", "khong", "no", "0", "false"})


class SheetFault(StrEnum):
    """Why a table, or a row of it, cannot be taken. Texts: texts.py."""

    NO_TABLE = "sheet_no_table"
    TOO_MANY = "sheet_too_many"
    NOT_FULL = "sheet_not_full"
    NOT_YOURS = "sheet_not_yours"
    NOTHING_CHANGED = "sheet_nothing_changed"
    BAD_KEY = "sheet_bad_key"
    BAD_DAY = "sheet_bad_day"
    BAD_NUMBER = "sheet_bad_number"
    BAD_TICK = "sheet_bad_tick"
    UNKNOWN_PROVISION = "sheet_unknown_provision"
    UNKNOWN_PROGRAMME = "sheet_unknown_programme"


@dataclass(frozen=True)
class Names:
    """What units, provisions and programmes are called, by id."""

    units: Mapping[int, str] = field(default_factory=dict)
    provisions: Mapping[int, str] = field(default_factory=dict)
    programmes: Mapping[int, str] = field(default_factory=dict)
    leads: frozenset[int] = frozenset()
    """Units that can be named anew; the others are called only what they are called already."""

    def unit(self, name: str) -> int | None:
        """The unit of that name, however it is typed, when there is exactly one."""
        return _one(((unit, self.units[unit]) for unit in self.leads), name)

    def provision(self, name: str) -> int | None:
        """The provision of that name."""
        return _one(self.provisions.items(), name)

    def programme(self, name: str) -> int | None:
        """The programme of that name."""
        return _one(self.programmes.items(), name)


def _one(called: Iterable[tuple[int, str]], name: str) -> int | None:
    pairs = list(called)
    found = [key for key, text in pairs if text == name] or [key for key, text in pairs if fold(text) == fold(name)]
    return found[0] if len(found) == 1 else None


# --- Out -------------------------------------------------------------------------------------------------------------


def written(line: Line, number: int, names: Names) -> dict[Column, Written]:
    """One measure as cells."""
    return {
        Column.KEY: str(line.key or ""),
        Column.NUMBER: number,
        Column.TEXT: line.text,
        Column.PROVISION: names.provisions.get(line.provision or 0, ""),
        Column.LEAD: names.units.get(line.lead_unit or 0, "") or line.lead,
        Column.COORDINATORS: _joined(
            [names.units.get(helper.unit or 0, "") or helper.name for helper in line.coordinators]
        ),
        Column.DEADLINE: line.deadline_on,
        Column.PRODUCT: line.product,
        Column.INDICATOR: line.indicator,
        Column.TARGET: _number(line.target),
        Column.TARGET_UNIT: line.target_unit,
        Column.URGENT: "x" if line.is_urgent else "",
        Column.RECURRING: "x" if line.is_recurring else "",
        Column.PROGRAMMES: _joined([names.programmes.get(programme, "") for programme in line.programmes]),
    }


def _joined(names: Sequence[str]) -> str:
    """One a line; a single name with a semicolon in it ends its line, so that it is not taken for two."""
    text = "\n".join(filter(None, names))
    return f"{text}\n" if ";" in text and "\n" not in text else text


def _number(value: Decimal | None) -> Written:
    if value is None or len(value.normalize().as_tuple().digits) <= _EXACT_DIGITS:
        return value
    return f"{value:f}".replace(".", ",")


# --- In --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row. ``row``: as the spreadsheet counts, from 1."""

    row: int
    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True)
class Changed:
    """A measure that reads otherwise; ``columns`` say where."""

    before: Line
    after: Line
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class SheetChange:
    """What a table would make of a draft. ``lines``: the draft's measures then, in their order."""

    lines: Sequence[Line]
    added: Sequence[Line]
    changed: Sequence[Changed]
    removed: Sequence[Line]
    faults: Sequence[Fault]
    is_reordered: bool

    @property
    def is_nothing(self) -> bool:
        """Nothing would change."""
        return not (self.added or self.changed or self.removed or self.is_reordered)


def columns_in(rows: Sequence[Sequence[Given]]) -> tuple[int, dict[Column, int]]:
    """The place of the headings among the first rows, and of each column.

    Raises:
        Invalid: no row has a heading for what is to be done.
    """
    for place, row in enumerate(rows[:HEADINGS_WITHIN]):
        found: dict[Column, int] = {}
        for index, cell in enumerate(row):
            column = _COLUMNS.get(fold(cell)) if isinstance(cell, str) and cell else None
            if column is not None:
                found.setdefault(column, index)
        if Column.TEXT in found and len(found) > 1:
            return place, found
    raise Invalid(SheetFault.NO_TABLE, on="file")


def compared(rows: Sequence[Sequence[Given]], before: Sequence[Line], names: Names) -> SheetChange:
    """What the table would make of the draft ``before``.

    A row belongs to the measure whose key it has; without a column of keys, to the one with the same words. A key
    that comes again begins a new measure: somebody copied the row. A row with a fault changes nothing: its measure
    stays as it is.

    Raises:
        Invalid: no table, or too many measures.
    """
    head, columns = columns_in(rows)
    reading = _Reading(columns, before, names)
    for number, row in enumerate(rows[head + 1 :], start=head + 2):
        reading.take(number, row)
        if len(reading.lines) > MOST_MEASURES:
            raise Invalid(SheetFault.TOO_MANY, on="file", limit=MOST_MEASURES)
    kept = {line.key for line in reading.lines}
    removed = [line for line in before if line.key not in kept]
    order = [line.key for line in before if line.key in kept]
    return SheetChange(
        lines=reading.lines,
        added=[line for line in reading.lines if line.key is None],
        changed=reading.changed,
        removed=removed,
        faults=reading.faults,
        is_reordered=order != [line.key for line in reading.lines if line.key is not None],
    )


class _Reading:
    """Rows as they become lines."""

    def __init__(self, columns: Mapping[Column, int], before: Sequence[Line], names: Names) -> None:
        self.columns, self.names = columns, names
        self.there = {str(line.key): line for line in before}
        self.out = {str(line.key): written(line, number, names) for number, line in enumerate(before, start=1)}
        self.by_words = {fold(line.text): line for line in reversed(before)}
        self.taken: set[object] = set()
        self.lines: list[Line] = []
        self.changed: list[Changed] = []
        self.faults: list[Fault] = []

    def take(self, number: int, row: Sequence[Given]) -> None:
        """Read one row."""
        cells = {column: row[index] if index < len(row) else None for column, index in self.columns.items()}
        if all(_is_blank(cell) for column, cell in cells.items() if column not in {Column.KEY, Column.NUMBER}):
            return
        there: Line | None = None
        try:
            there = self._measure(cells)
            line, columns = self._line(cells, there)
        except Invalid as fault:
            self.faults.append(Fault(number, fault.code, fault.params, _shown(cells.get(Column.TEXT))))
            if there is None:
                return
            line, columns = there, ()
        if there is not None:
            self.taken.add(there.key)
            if columns:
                self.changed.append(Changed(there, line, columns))
        self.lines.append(line)

    def _measure(self, cells: Mapping[Column, Given]) -> Line | None:
        """The measure the row belongs to; ``None`` for a new one."""
        if Column.KEY in self.columns:
            key = _shown(cells[Column.KEY]).casefold()
            if key and key not in self.there:
                raise Invalid(SheetFault.BAD_KEY)
            there = self.there.get(key)
        else:
            there = self.by_words.get(fold(_text(cells[Column.TEXT])))
        return there if there is not None and there.key not in self.taken else None

    def _line(self, cells: Mapping[Column, Given], there: Line | None) -> tuple[Line, tuple[Column, ...]]:
        out = self.out[str(there.key)] if there is not None else {}
        base, touched = there or Line(""), []
        values: dict[str, Any] = {}
        for column, cell in cells.items():
            if column in {Column.KEY, Column.NUMBER} or _same(cell, out.get(column)):
                continue
            values |= _READERS[column](cell, self.names)
            touched.append(column)
        line = replace(base, **values).checked()
        return line, tuple(touched) if line != there else ()


def _same(given: Given, out: Written) -> bool:
    """Whether the cell holds what was written into it."""
    if out is None or out == "":
        return _is_blank(given)
    if isinstance(out, date):
        return isinstance(given, date) and (given.date() if isinstance(given, datetime) else given) == out
    if isinstance(out, (int, Decimal)):
        return isinstance(given, (int, float)) and not isinstance(given, bool) and Decimal(repr(given)) == out
    text = _text(given)
    return text == _text(out) or ("\n" not in text and text == clean_line(out))  # paragraphs lost on the way


def _is_blank(cell: Given) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _text(cell: Given) -> str:
    """The cell as text, its paragraphs kept."""
    return (
        clean_text(unicodedata.normalize("NFC", cell).replace("\r\n", "\n")) if isinstance(cell, str) else _shown(cell)
    )


def _shown(cell: Given) -> str:
    """The cell on one line."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return clean_line(str(cell)) if cell is not None else ""


def _read_text(cell: Given, _names: Names) -> dict[str, Any]:
    return {"text": _text(cell)}


def _read_provision(cell: Given, names: Names) -> dict[str, Any]:
    name = _shown(cell)
    provision = names.provision(name) if name else None
    if name and provision is None:
        raise Invalid(SheetFault.UNKNOWN_PROVISION, name=name)
    return {"provision": provision}


def _read_lead(cell: Given, names: Names) -> dict[str, Any]:
    name = _shown(cell)
    unit = names.unit(name) if name else None
    return {"lead_unit": unit, "lead": "" if unit is not None else name}


def _read_coordinators(cell: Given, names: Names) -> dict[str, Any]:
    helpers = []
    for name in _listed(cell):
        unit = names.unit(name)
        helpers.append(Coordinator(unit) if unit is not None else Coordinator(name=name))
    return {"coordinators": tuple(helpers)}


def _listed(cell: Given) -> list[str]:
    """Names one a line, or between semicolons."""
    text = cell if isinstance(cell, str) else _shown(cell)
    parts = re.split(r"[\r\n]+", text) if "\n" in text else text.split(";")
    return [name for part in parts if (name := clean_line(part))]


def _read_deadline(cell: Given, _names: Names) -> dict[str, Any]:
    if isinstance(cell, datetime):
        return {"deadline_on": cell.date()}
    if isinstance(cell, date) or _is_blank(cell):
        return {"deadline_on": cell if isinstance(cell, date) else None}
    text = _shown(cell)
    try:
        day = parse_day(text, last_short_year=LAST_SHORT_YEAR)
    except DayError as error:
        raise Invalid(SheetFault.BAD_DAY, value=text) from error
    if not isinstance(day, date):
        raise Invalid(SheetFault.BAD_DAY, value=text)
    return {"deadline_on": day}


def _read_target(cell: Given, _names: Names) -> dict[str, Any]:
    if _is_blank(cell):
        return {"target": None}
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return {"target": Decimal(repr(cell))}
    try:
        return {"target": number_in(_shown(cell))}
    except InvalidOperation as error:
        raise Invalid(SheetFault.BAD_NUMBER, value=_shown(cell)) from error


def _read_programmes(cell: Given, names: Names) -> dict[str, Any]:
    found = []
    for name in _listed(cell):
        programme = names.programme(name)
        if programme is None:
            raise Invalid(SheetFault.UNKNOWN_PROGRAMME, name=name)
        found.append(programme)
    return {"programmes": tuple(found)}


def _line_reader(name: str) -> Any:
    return lambda cell, _names: {name: _shown(cell)}


def _tick_reader(name: str) -> Any:
    def read(cell: Given, _names: Names) -> dict[str, Any]:
        word = fold(_shown(cell))
        if cell is True or word in YES:
            return {name: True}
        if cell is False or word in NO:
            return {name: False}
        raise Invalid(SheetFault.BAD_TICK, value=_shown(cell))

    return read


_READERS: dict[Column, Any] = {
    Column.TEXT: _read_text,
    Column.PROVISION: _read_provision,
    Column.LEAD: _read_lead,
    Column.COORDINATORS: _read_coordinators,
    Column.DEADLINE: _read_deadline,
    Column.PRODUCT: _line_reader("product"),
    Column.INDICATOR: _line_reader("indicator"),
    Column.TARGET: _read_target,
    Column.TARGET_UNIT: _line_reader("target_unit"),
    Column.URGENT: _tick_reader("is_urgent"),
    Column.RECURRING: _tick_reader("is_recurring"),
    Column.PROGRAMMES: _read_programmes,
}


_GROUPED = re.compile(r"[+-]?\d{1,3}(\.\d{3})+\Z", re.ASCII)
_PLAIN = re.compile(r"[+-]?\d+(\.\d+)?\Z", re.ASCII)


def number_in(text: str) -> Decimal:
    """A number as it is written here: comma before decimals, dots or blanks between thousands; “1234.5” too.

    Raises:
        InvalidOperation: it is none.
    """
    plain = "".join(text.split())
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".", 1)
    elif _GROUPED.match(plain):
        plain = plain.replace(".", "")
    if not _PLAIN.match(plain):
        raise InvalidOperation
    return Decimal(plain)
