"""What one line of a sheet is: a person, the name of a group above its members, a heading again, a footer."""

import re
from enum import StrEnum

from trienkhai.imports.rules.cells import Cells, is_blank, text_of, words
from trienkhai.imports.rules.columns import UNDER
from trienkhai.imports.rules.fields import Field, ListKind
from trienkhai.imports.rules.layouts import Layout, is_column_numbers
from trienkhai.imports.rules.unit_names import has_headcount, has_numbering, is_headcount, is_numbering, is_unit_name


class LineKind(StrEnum):
    """What a line is."""

    BLANK = "blank"
    ROW = "row"
    GROUP = "group"
    HEADING = "heading"
    FOOTER = "footer"
    REMARK = "remark"


_FOOTER = re.compile(
    "|".join([  # noqa: FLY002 - a list reads better than one line
    r"tong( cong| so)?\b", r"cong\b", r"(danh sach|ds)( nay)?( gom| co| tren)\b", "an dinh danh sach", r"trong do\b",
    r"t ?m\b", "nguoi lap", "nguoi tong hop", "ky ten", "ky va ghi", "ky ghi ro", "noi nhan", "xac nhan", "thu truong",
    "luu", "ghi chu$", r".*\bngay\b.*\bthang\b.*\bnam\b",
])
)  # fmt: skip
_SIGNATURE = re.compile(
    "|".join([  # noqa: FLY002 - likewise
    r"t ?m\b.*", "nguoi lap.*", "nguoi tong hop.*", "ky ten.*", "ky va ghi.*", "ky ghi ro.*",
    "noi nhan.*", "xac nhan.*",    r".*\bngay\b.*\bthang\b.*\bnam\b.*", "bi thu", "pho bi thu", r"k ?t\b.*",
])
)  # fmt: skip
_TITLE = re.compile(r"(?:danh sach|ds|bieu|phu luc|mau|dang cong san|bao cao|thong ke)\b|\(?tinh den\b")
_FEW = 3


class LineReader:
    """Tells lines apart, remembering whether a signature block has begun."""

    def __init__(self, layout: Layout, merged_lines: dict[int, int]) -> None:
        self._layout = layout
        self._merged = merged_lines
        self._names = [column.index for field in _NAMING[layout.kind] if (column := layout.column_of(field))]
        self._ordinal = next((c.index for c in layout.columns if c.field is Field.ORDINAL), -1)
        self._births = [column.index for column in layout.columns if column.field in _BIRTHS]
        self._headings = {words(part) for column in layout.columns for part in column.heading.split(UNDER)} - {""}
        self._signing = False

    def kind_of(self, line: int, row: Cells) -> LineKind:
        """What the line is. Lines must be given in order."""
        if self._is_plain_row(row):
            self._signing = False
            return LineKind.ROW
        filled = [index for index, cell in enumerate(row) if not is_blank(cell)]
        if not filled:
            return LineKind.BLANK
        kind = self._of_filled(line, row, filled)
        if kind in {LineKind.ROW, LineKind.GROUP, LineKind.HEADING}:
            self._signing = False
        return kind

    def group_name(self, row: Cells) -> str:
        """The text of a group's line."""
        texts = [text_of(row[index]) for index in self._named_first(row)]
        return max(
            texts, key=lambda text: (is_unit_name(text), not is_numbering(text) and not text.isdecimal(), len(text))
        )

    def name_of(self, row: Cells) -> str:
        """The cells that name the line, joined."""
        return " ".join(text for index in self._names if index < len(row) and (text := text_of(row[index])))

    def _named_first(self, row: Cells) -> list[int]:
        return [index for index, cell in enumerate(row) if not is_blank(cell)]

    def _is_plain_row(self, row: Cells) -> bool:
        """The usual line, told at a glance: a number, a name, a birth."""
        if self._ordinal < 0 or self._ordinal >= len(row) or not self._names or not self._births:
            return False
        ordinal = row[self._ordinal]
        numbered = isinstance(ordinal, float) or (isinstance(ordinal, str) and ordinal.isdecimal())
        name = row[self._names[0]]
        return (
            numbered
            and isinstance(name, str)
            and len(name) > _FEW
            and not is_column_numbers(row[: self._ordinal + 4])
            and any(row[index] for index in self._births)
        )

    def _of_filled(self, line: int, row: Cells, filled: list[int]) -> LineKind:  # noqa: PLR0911 - one kind a line
        texts = [text_of(row[index]) for index in filled]
        if is_column_numbers(row) or self._repeats_heading(texts):
            return LineKind.HEADING
        ordinal = text_of(row[self._ordinal]) if 0 <= self._ordinal < len(row) else ""
        born = any(index in self._births for index in filled)
        name = self.name_of(row)
        first = words(texts[0] if len(texts[0]) > 1 or len(texts) == 1 else texts[1])
        if not ordinal.isdecimal() and not born and _FOOTER.match(first):
            self._signing = self._signing or any(_SIGNATURE.fullmatch(words(text)) for text in texts)
            return LineKind.FOOTER
        if not born and self._is_group(line, row, filled, ordinal):
            return LineKind.GROUP
        if self._signing and not (ordinal.isdecimal() and name):
            return LineKind.FOOTER
        if not born and not ordinal.isdecimal() and _TITLE.match(first):
            return LineKind.REMARK
        if name:
            return LineKind.ROW
        if ordinal.isdecimal() and len(filled) > 1:
            return LineKind.ROW
        if len(filled) > _FEW:
            return LineKind.ROW
        return LineKind.BLANK if texts == [ordinal] else LineKind.REMARK

    def _repeats_heading(self, texts: list[str]) -> bool:
        folded = [words(text) for text in texts]
        return len(folded) > 1 and all(text in self._headings for text in folded)

    def _is_group(self, line: int, row: Cells, filled: list[int], ordinal: str) -> bool:
        """A line naming a unit: alone or with its number and a headcount."""
        if self._layout.kind is ListKind.UNITS:
            return False
        texts = [text_of(row[index]) for index in filled if index != self._ordinal or not ordinal.isdecimal()]
        wordy = [text for text in texts if not (text.isdecimal() or is_numbering(text) or is_headcount(text))]
        if len(wordy) != 1 or len(filled) > _FEW + 1:
            return False
        text = wordy[0]
        if _TITLE.match(words(text)):
            return False
        if is_unit_name(text) or has_headcount(text):
            return True
        numbered = is_numbering(ordinal) or has_numbering(text) or any(is_numbering(each) for each in texts)
        wide = self._merged.get(line, 0) >= _FEW
        return not ordinal.isdecimal() and not self._signing and (numbered or wide)


_BIRTHS = frozenset(
    {Field.BIRTH, Field.BIRTH_MALE, Field.BIRTH_FEMALE, Field.BIRTH_DAY, Field.BIRTH_MONTH, Field.BIRTH_YEAR},
)
_PERSON_NAMES = (Field.NAME, Field.FAMILY_NAME, Field.GIVEN_NAME)
_NAMING: dict[ListKind, tuple[Field, ...]] = {
    ListKind.MEMBERS: _PERSON_NAMES,
    ListKind.POSTS: _PERSON_NAMES,
    ListKind.UNITS: (Field.UNIT,),
}
