"""Finding the table in a sheet: the heading lines, what each column holds, whose list it is."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from trienkhai.imports.rules.books import Merge, Sheet
from trienkhai.imports.rules.cells import Cells, is_blank, text_of, words
from trienkhai.imports.rules.columns import Column, ColumnCells, decide_columns, guess_kind
from trienkhai.imports.rules.fields import Field, ListKind
from trienkhai.imports.rules.headings import LIKELY, SURE, guess_alone, is_upper_heading
from trienkhai.imports.rules.unit_names import CELL, SECTION, clean_unit_name, is_unit_name, kind_of

SEARCHED_LINES = 60
"""A heading further down than this is not looked for."""
SAMPLED_LINES = 400
_HEADING_LINES = 3
_ENOUGH_SCORE = 1.9
_LONGEST_HEADING = 120
_KEY_FIELDS = frozenset({Field.NAME, Field.GIVEN_NAME, Field.UNIT})
_GENERIC_SHEET = re.compile(
    r"(?:sheet|trang tinh|bang|table|data|du lieu|ds|danh sach|tong hop|th|dang vien|ds dang vien|danh sach dang vien"
    r"|toan phuong|toan dang bo|all)? ?\d*",
)
_TITLE_UNIT = re.compile(r"(?<!các )(?<!CÁC )\b(?:chi bộ|đảng bộ bộ phận)\b.*$", re.IGNORECASE)
_TITLE_TAIL = re.compile(
    r"\s*[(\-–,;]?\s*(?:\(|(?:tính )?đến|tháng \d|năm \d{4}|quý |thuộc đảng bộ|trực thuộc|\d+/\d{4}|có mặt).*$",
    re.IGNORECASE,
)
_COLUMN_NUMBER = re.compile(r"\(?\s*(?:\d{1,3}|[A-Ha-h])\s*\)?")
_NUMBERED_CELLS = 3
_NARROW = 3
_TITLE = re.compile(r"(?:danh sach|bieu|phu luc|mau so|bao cao|tong hop|thong ke|ds)\b")


@dataclass(frozen=True)
class Layout:
    """Where the list of one sheet stands and what its columns hold."""

    sheet: str
    kind: ListKind
    columns: tuple[Column, ...]
    heading_from: int
    """The first heading line (from 0); equal to ``data_from`` when there is none."""
    data_from: int
    """The first line below the headings (from 0)."""
    title_unit: str = ""
    """The cell named above the headings, or by the sheet's name; ``""`` when neither says."""
    unit_from: str = ""
    """Where ``title_unit`` was read: "title", "sheet" or ""."""

    @property
    def key(self) -> str:
        """The same for sheets whose columns are headed alike: they are confirmed once."""
        headings = "\n".join(f"{column.index}\t{words(column.heading)}" for column in self.columns)
        return hashlib.sha256(headings.encode()).hexdigest()[:12]

    def column_of(self, field: Field) -> Column | None:
        """The column that is read for a field, if any."""
        return next((column for column in self.columns if column.field == field and column.is_read), None)


def find_layout(sheet: Sheet, kind: ListKind | None = None) -> Layout | None:
    """The list in a sheet, with columns guessed; None when the sheet holds no list."""
    head = list(islice(sheet.rows(), SEARCHED_LINES + SAMPLED_LINES))
    if not head:
        return None
    merges = [merge for merge in sheet.merges if merge[0][0] < SEARCHED_LINES]
    heading = _find_heading(head, merges)
    first, last = heading or (0, -1)
    data_from = last + 1
    if heading and data_from < len(head) and is_column_numbers(head[data_from]):
        data_from += 1
    paths, parents = _heading_paths(head, merges, first, last)
    width = max(map(len, head))
    cells = [ColumnCells(index, paths[index] if heading else (), parents.get(index, ()), []) for index in range(width)]
    _sample(head[data_from:], cells)
    columns = decide_columns(cells, kind)
    found = kind or guess_kind(columns)
    if not _is_list(columns, found):
        return None
    unit, origin = _unit_of(sheet.name, head[:first] if heading else [])
    return Layout(sheet.name, found, columns, first if heading else data_from, data_from, unit, origin)


def _is_list(columns: Sequence[Column], kind: ListKind) -> bool:
    fields = {column.field for column in columns}
    return Field.UNIT in fields if kind is ListKind.UNITS else bool(fields & {Field.NAME, Field.GIVEN_NAME})


def _sample(lines: Sequence[Cells], cells: list[ColumnCells]) -> None:
    """Fill in the cells of the lines that hold rows: group lines, totals and repeated headings say nothing."""
    filled_in = [[index for index, cell in enumerate(line) if not is_blank(cell)] for line in lines]
    usual = sorted(map(len, filter(None, filled_in)))
    enough = max(2, usual[len(usual) // 2] // 2 + 1) if usual else 0
    headings = {words(part) for each in cells for part in each.path}
    for line, filled in zip(lines, filled_in, strict=True):
        if len(filled) < enough or is_column_numbers(line):
            continue
        if sum(words(text_of(line[index])) in headings for index in filled) > 1:
            continue
        for index in filled:
            cells[index].filled.append(line[index])


def heading_score(line: Cells) -> float:
    """How much a line reads as headings: one for each sure column, less for likely ones; 0 without a key column."""
    best: dict[Field, float] = {}
    for cell in line:
        if isinstance(cell, str) and cell and len(cell) < _LONGEST_HEADING:
            guess = guess_alone(text_of(cell))
            if guess.confidence:
                best[guess.field] = max(best.get(guess.field, 0), 1 if guess.confidence >= SURE else 0.4)
    if not any(best.get(field, 0) >= 1 for field in _KEY_FIELDS):
        return 0
    return sum(best.values())


def _find_heading(head: list[Cells], merges: list[Merge]) -> tuple[int, int] | None:
    """First and last heading line."""
    scores = [heading_score(line) for line in head[:SEARCHED_LINES]]
    top = max(scores)
    if top < _ENOUGH_SCORE:
        return None
    main = scores.index(top)
    first = main
    while first > 0 and main - first < _HEADING_LINES - 1 and _is_upper_line(head, merges, first - 1):
        first -= 1
    last = main
    while last + 1 < len(head) and last - first < _HEADING_LINES - 1 and _is_lower_line(head, merges, first, last + 1):
        last += 1
    return first, last


def _is_upper_line(head: list[Cells], merges: list[Merge], line: int) -> bool:
    """Whether a line holds headings over the columns of the line below: at least one known as such, and no title."""
    filled = [(index, text_of(cell)) for index, cell in enumerate(head[line]) if not is_blank(cell)]
    if not filled or any(len(text) > _LONGEST_HEADING or _TITLE.match(words(text)) for _index, text in filled):
        return False
    for index, text in filled:
        below = guess_alone(text_of(head[line + 1][index])).field if index < len(head[line + 1]) else Field.OTHER
        if below is Field.ORDINAL and guess_alone(text).field is not Field.ORDINAL:
            return False
    known = [text for _index, text in filled if is_upper_heading(text) or guess_alone(text).confidence >= LIKELY]
    if not known or is_unit_name(filled[0][1]):
        return False
    widest = max((to[1] - start[1] + 1 for start, to in merges if start[0] <= line <= to[0]), default=1)
    return widest < max(_NARROW, 0.7 * sum(not is_blank(cell) for cell in head[line + 1]))


def _is_lower_line(head: list[Cells], merges: list[Merge], first: int, line: int) -> bool:
    """Whether a line holds lower headings: only under headings above, only text, nothing where persons would stand."""
    filled = [index for index, cell in enumerate(head[line]) if not is_blank(cell)]
    if not filled or is_column_numbers(head[line]):
        return False
    for index in filled:
        cell = head[line][index]
        if not isinstance(cell, str) or any(sign.isdigit() for sign in cell) or len(cell) > _LONGEST_HEADING:
            return False
    key_columns = [
        index
        for index, cell in enumerate(head[line - 1])
        if guess_alone(text_of(cell)).field in {Field.ORDINAL, Field.NAME, Field.UNIT}
        and not _spans(merges, line - 1, index)
    ]
    if any(index in key_columns for index in filled):
        return False
    return any(_under_span(head, merges, line - 1, index) for index in filled) or _below_merge(merges, first, line)


def _spans(merges: list[Merge], line: int, column: int) -> bool:
    """Whether the cell is merged to the right."""
    return any(start == (line, column) and to[1] > column for start, to in merges)


def _under_span(head: list[Cells], merges: list[Merge], upper: int, column: int) -> bool:
    """Whether a column stands under a heading that is merged, or runs on, over more than one column."""
    if any(start[0] <= upper <= to[0] and start[1] <= column <= to[1] and to[1] > start[1] for start, to in merges):
        return True
    here, right = head[upper][column], head[upper][column + 1 : column + 2]
    return is_blank(here) or (is_upper_heading(text_of(here)) and all(map(is_blank, right)))


def _below_merge(merges: list[Merge], first: int, line: int) -> bool:
    return any(start[0] >= first and to[0] >= line and to[0] > start[0] for start, to in merges if start[0] < line)


def _heading_paths(
    head: list[Cells], merges: list[Merge], first: int, last: int
) -> tuple[list[tuple[str, ...]], dict[int, tuple[int, ...]]]:
    """For each column its headings from above to below, and the columns that share its upper heading."""
    width = max(map(len, head))
    lines = [
        [text_of(cell) for cell in head[line]] + [""] * (width - len(head[line])) for line in range(first, last + 1)
    ]
    owner = [list(range(width)) for _line in lines]
    for start, to in merges:
        for line in range(max(start[0], first), min(to[0], last) + 1):
            for column in range(start[1], min(to[1], width - 1) + 1):
                owner[line - first][column] = start[1]
                lines[line - first][column] = text_of(head[start[0]][start[1]]) if line == start[0] else ""
    for upper in range(len(lines) - 1):
        _run_on(lines, owner, upper)
    paths = [tuple(line[column] for line in lines if line[column]) for column in range(width)]
    parents: dict[int, tuple[int, ...]] = {}
    if lines:
        for column in range(width):
            group = tuple(each for each in range(width) if owner[0][each] == owner[0][column])
            parents[column] = group if len(group) > 1 else ()
    return paths, parents


def _run_on(lines: list[list[str]], owner: list[list[int]], upper: int) -> None:
    """An upper heading that was not merged stands over the lower headings to its right as well."""
    current = -1
    for column, text in enumerate(lines[upper]):
        lower = any(line[column] for line in lines[upper + 1 :])
        if text:
            current = column if lower and owner[upper][column] == column else -1
        elif lower and current >= 0 and owner[upper][column] == column:
            lines[upper][column], owner[upper][column] = lines[upper][current], current
        elif not lower:
            current = -1


def is_column_numbers(line: Cells) -> bool:
    """Whether a line only numbers the columns: 1 2 3 …, (1) (2) (3) …, A B 1 2 …."""
    texts = [text for cell in line if (text := text_of(cell))]
    if len(texts) < _NUMBERED_CELLS or not all(map(_COLUMN_NUMBER.fullmatch, texts)):
        return False
    numbers = [int(found[0]) for text in texts if (found := re.findall(r"\d+", text))]
    return len(numbers) > 1 and all(two - one == 1 for one, two in pairwise(numbers))


def _unit_of(sheet_name: str, above: Sequence[Cells]) -> tuple[str, str]:
    """The cell whose list this is, as the lines above the headings or the sheet's name say."""
    for line in above:
        for cell in line:
            found = _TITLE_UNIT.search(text_of(cell)) if isinstance(cell, str) else None
            if found and (name := _title_name(found.group())):
                return name, "title"
    if sheet_name and is_unit_name(sheet_name) and kind_of(sheet_name) in {CELL, SECTION, ""}:
        return clean_unit_name(sheet_name), "sheet"
    return "", ""


def _title_name(text: str) -> str:
    name = clean_unit_name(_TITLE_TAIL.sub("", text).replace(":", " ").strip())
    plain = words(name)
    return " ".join(name.split()) if plain not in {"chi bo", "dang bo bo phan"} and "truc thuoc" not in plain else ""


def name_by_sheet(layouts: Sequence[Layout]) -> list[Layout]:
    """Where several sheets hold lists, a sheet's own name is its cell unless something inside says otherwise."""
    named = []
    for layout in layouts:
        takes = len(layouts) > 1 and not layout.title_unit and not _GENERIC_SHEET.fullmatch(words(layout.sheet))
        takes = takes and layout.kind is not ListKind.UNITS
        named.append(replace(layout, title_unit=clean_unit_name(layout.sheet), unit_from="sheet") if takes else layout)
    return named
