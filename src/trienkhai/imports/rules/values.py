"""Turning one row's cells into values, noting what cannot be read."""

import re
from datetime import date

from trienkhai.imports.rules.cells import Cell, Cells, is_ditto, text_of, words
from trienkhai.imports.rules.contents import PROBATIONARY, STANDINGS, looks_like_mark
from trienkhai.imports.rules.days import DayError, day_of, shown_day, year_typed_as_date
from trienkhai.imports.rules.fields import DATES, LONGEST, LONGEST_TEXT, NAMES, NEVER_KEPT, Field, ListKind
from trienkhai.imports.rules.layouts import Layout
from trienkhai.imports.rules.problems import Fault, RowFault
from trienkhai.imports.rules.unit_names import AGENCY, BASE, CELL, GROUP, SECTION, UPPER, clean_unit_name

_SEXES = {"nam": "m", "nu": "f", "male": "m", "female": "f", "m": "m", "f": "f"}
_ADDRESS_FORM = re.compile(r"^(?:đ/?\s?c\.?|đồng chí|đ\.c|ông|bà)\s*[:.]?\s+", re.IGNORECASE)
_EXEMPT_NOTE = re.compile(r"\bmien (cong tac|sinh hoat|sh|ct|ctsh)\b|\bduoc mien\b")
_PROBATIONARY_NOTES = frozenset({"du bi", "db", "dang vien du bi", "dv du bi", "dvdb"})
_NOT_EXEMPT = frozenset({"", "khong", "k", "0", "ko"})
_UNIT_KINDS = {
    "chi bo": CELL, "chi bo truc thuoc": CELL, "chi bo co so": CELL, "cb": CELL, "dang bo": BASE, "dang bo co so": BASE,
    "dang bo bo phan": SECTION, "dbbp": SECTION, "to dang": GROUP, "co quan": AGENCY, "don vi": AGENCY,
    "co quan don vi": AGENCY, "dang bo cap tren": UPPER, "dang bo cap tren truc tiep co so": UPPER,
}  # fmt: skip
_YOUNGEST_MEMBER = 16
"""A two-digit year of birth is read so that nobody on a list is younger."""
_OLDEST_BIRTH = 1900
_AGE_OF_ADMISSION = 18
_CARRIED = frozenset({Field.UNIT, Field.PARENT_UNIT, Field.BODY, Field.ADMITTED_ON, Field.OFFICIAL_ON, Field.STARTS_ON,
                      Field.PARTY_POST, Field.OTHER_POST, Field.STANDING, Field.MEMBER, Field.UNIT_KIND})  # fmt: skip
"""Fields in which a ditto mark repeats the line above."""
_BIRTH_PARTS = (Field.BIRTH_YEAR, Field.BIRTH_MONTH, Field.BIRTH_DAY)


class ValueReader:
    """Reads the columns of one layout."""

    def __init__(self, layout: Layout, on: date) -> None:
        self._kind = layout.kind
        self._on = on
        self._today = on.isoformat()
        self._columns = [(c.index, c.field) for c in layout.columns if c.is_read and c.field not in NEVER_KEPT]
        self._of_cells = {c.field for c in layout.columns if re.search(r"\b(chi bo|cb)\b", words(c.heading))}
        self._tells_exempt = any(c.field is Field.EXEMPT and c.is_read for c in layout.columns)
        self._above: dict[int, Cell] = {}

    def read(self, row: Cells) -> tuple[dict[str, str], list[Fault]]:
        """The row's values by field and its faults; only what is there is in the values."""
        found: dict[Field, Cell] = {}
        width = len(row)
        for index, field in self._columns:
            cell = row[index] if index < width else ""
            if cell == "" or cell is None:
                continue
            if field in _CARRIED:
                if isinstance(cell, str) and is_ditto(cell.strip()):
                    cell = self._above.get(index, "")
                self._above[index] = cell
            found[field] = cell
        faults: list[Fault] = []
        values: dict[str, str] = {}
        self._name(found, values, faults)
        if self._kind is not ListKind.UNITS:
            self._birth(found, values, faults)
        for field, cell in found.items():
            self._one(field, cell, values, faults)
        self._from_note(values, faults)
        self._order(values, faults)
        return values, faults

    def _name(self, found: dict[Field, Cell], values: dict[str, str], faults: list[Fault]) -> None:
        if self._kind is ListKind.UNITS:
            return
        name = text_of(found.get(Field.NAME))
        if not name and (Field.FAMILY_NAME in found or Field.GIVEN_NAME in found):
            name = f"{text_of(found.get(Field.FAMILY_NAME))} {text_of(found.get(Field.GIVEN_NAME))}".strip()
        name = _ADDRESS_FORM.sub("", name)
        if not any(map(str.isalpha, name)):
            faults.append(Fault(RowFault.NO_NAME, Field.NAME))
            return
        if any(map(str.isdigit, name)):
            faults.append(Fault(RowFault.NAME_HAS_DIGITS, Field.NAME, {"value": name}))
        elif " " not in name:
            faults.append(Fault(RowFault.NAME_ONE_WORD, Field.NAME, {"value": name}))
        elif name.isupper():
            name = " ".join(map(str.capitalize, name.split()))
        values["name"] = name if len(name) <= LONGEST_NAME else ""
        if not values["name"]:
            faults.append(Fault(RowFault.TOO_LONG, Field.NAME, {"limit": str(LONGEST_NAME)}))

    def _birth(self, found: dict[Field, Cell], values: dict[str, str], faults: list[Fault]) -> None:
        birth = ""
        try:
            birth = self._born(found, values, faults)
        except DayError as error:
            faults.append(Fault(RowFault.BAD_DATE, Field.BIRTH, {"value": str(error.params.get("typed", ""))[:60]}))
            return
        if not birth:
            if self._kind is ListKind.MEMBERS:
                faults.append(Fault(RowFault.BIRTH_MISSING, Field.BIRTH))
            return
        if birth > self._today:
            faults.append(Fault(RowFault.BIRTH_IN_FUTURE, Field.BIRTH, {"value": shown_day(birth)}))
        elif int(birth[:4]) < _OLDEST_BIRTH:
            faults.append(Fault(RowFault.BIRTH_TOO_EARLY, Field.BIRTH, {"value": shown_day(birth)}))
        values["birth"] = birth

    def _born(self, found: dict[Field, Cell], values: dict[str, str], faults: list[Fault]) -> str:
        short = self._on.year - _YOUNGEST_MEMBER
        for field, sex in ((Field.BIRTH_MALE, "m"), (Field.BIRTH_FEMALE, "f")):
            if field in found and text_of(found[field]):
                values["sex"] = sex
                return self._birth_day(found[field], short, faults)
        if Field.BIRTH in found:
            return self._birth_day(found[Field.BIRTH], short, faults)
        parts = [text for field in _BIRTH_PARTS if (text := text_of(found.get(field)).strip("0 "))]
        if Field.BIRTH_YEAR not in found or not parts:
            return ""
        return day_of(
            "/".join(reversed([text_of(found[each]) for each in _BIRTH_PARTS if text_of(found.get(each)).strip("0 ")])),
            short,
        )

    def _birth_day(self, cell: Cell, short: int, faults: list[Fault]) -> str:
        year = year_typed_as_date(cell)
        if year:
            faults.append(Fault(RowFault.READ_AS_YEAR, Field.BIRTH, {"value": text_of(cell), "year": year}))
            return year
        return day_of(cell, short)

    def _one(self, field: Field, cell: Cell, values: dict[str, str], faults: list[Fault]) -> None:
        if field in NAMES or field in _READ_TOGETHER:
            return
        if field in DATES:
            self._day(field, cell, values, faults)
        elif field in _CODED:
            self._coded(field, cell, values, faults)
        else:
            text = _as_phone(cell) if field is Field.PHONE else text_of(cell)
            if field in {Field.UNIT, Field.PARENT_UNIT}:
                text = f"Chi bộ {text}" if text.isdecimal() and field in self._of_cells else clean_unit_name(text)
            if len(text) > LONGEST.get(field, LONGEST_TEXT):
                faults.append(Fault(RowFault.TOO_LONG, field, {"limit": str(LONGEST.get(field, LONGEST_TEXT))}))
            elif text:
                values[str(field)] = text

    def _day(self, field: Field, cell: Cell, values: dict[str, str], faults: list[Fault]) -> None:
        try:
            day = day_of(cell, self._on.year)
        except DayError:
            faults.append(Fault(RowFault.BAD_DATE, field, {"value": text_of(cell)[:60]}))
            return
        if day > self._today and field in {Field.ADMITTED_ON, Field.FOUNDED_ON}:
            faults.append(Fault(RowFault.DATE_IN_FUTURE, field, {"value": shown_day(day)}))
        elif day:
            values[str(field)] = day

    def _coded(self, field: Field, cell: Cell, values: dict[str, str], faults: list[Fault]) -> None:
        text, folded = text_of(cell), words(text_of(cell))
        if not text:
            return
        if field is Field.SEX:
            if folded in _SEXES:
                values["sex"] = _SEXES[folded]
            else:
                faults.append(Fault(RowFault.UNKNOWN_SEX, field, {"value": text[:60]}))
        elif field in {Field.SEX_MALE, Field.SEX_FEMALE}:
            values["sex"] = "m" if field is Field.SEX_MALE else "f"
        elif field is Field.EXEMPT:
            if folded not in _NOT_EXEMPT or looks_like_mark(text):
                values["exempt"] = "1"
        elif field is Field.UNIT_KIND:
            if folded in _UNIT_KINDS:
                values["unit_kind"] = _UNIT_KINDS[folded]
            else:
                faults.append(Fault(RowFault.UNKNOWN_UNIT_KIND, field, {"value": text[:60]}))
        else:
            self._standing(field, text, folded, values, faults)

    def _standing(self, field: Field, text: str, folded: str, values: dict[str, str], faults: list[Fault]) -> None:
        if field in {Field.IS_OFFICIAL, Field.IS_PROBATIONARY}:
            values["kind"] = "official" if field is Field.IS_OFFICIAL else "probationary"
        elif folded in STANDINGS or looks_like_mark(text):
            if standing := STANDINGS.get(folded, ""):
                values["kind"] = standing
        elif "mien" in folded.split():
            values["exempt"] = "1"
        else:
            faults.append(Fault(RowFault.UNKNOWN_STANDING, field, {"value": text[:60]}))

    def _from_note(self, values: dict[str, str], faults: list[Fault]) -> None:
        """Lists without a column for it say in the note who is exempt, or probationary."""
        note = values.get("note")
        if note is None or self._kind is not ListKind.MEMBERS:
            return
        folded = words(note)
        if not self._tells_exempt and _EXEMPT_NOTE.search(folded):
            values["exempt"] = "1"
            faults.append(Fault(RowFault.EXEMPT_BY_NOTE, Field.NOTE, {"value": note[:60]}))
        elif "kind" not in values and folded in _PROBATIONARY_NOTES:
            values["kind"] = PROBATIONARY
            faults.append(Fault(RowFault.PROBATIONARY_BY_NOTE, Field.NOTE, {"value": note[:60]}))

    def _order(self, values: dict[str, str], faults: list[Fault]) -> None:
        """Days that cannot be true together."""
        for earlier, later in _IN_ORDER:
            one, two = values.get(earlier), values.get(later)
            if one and two and one > two and not two.startswith(one) and not one.startswith(two):
                faults.append(
                    Fault(
                        RowFault.DATES_OUT_OF_ORDER,
                        later,
                        {"earlier": shown_day(one), "later": shown_day(two), "first": earlier},
                    ),
                )
        birth, admitted = values.get("birth"), values.get("admitted_on")
        if birth and admitted and birth < admitted and int(admitted[:4]) - int(birth[:4]) < _AGE_OF_ADMISSION:
            faults.append(Fault(RowFault.ADMITTED_UNDER_AGE, Field.ADMITTED_ON, {"value": shown_day(admitted)}))


LONGEST_NAME = 120
_READ_TOGETHER = frozenset({Field.BIRTH, Field.BIRTH_MALE, Field.BIRTH_FEMALE, *_BIRTH_PARTS})
_CODED = frozenset(
    {Field.SEX, Field.SEX_MALE, Field.SEX_FEMALE, Field.EXEMPT, Field.UNIT_KIND, Field.STANDING, Field.MEMBER,
     Field.IS_OFFICIAL, Field.IS_PROBATIONARY},
)  # fmt: skip
_IN_ORDER = (
    ("birth", "admitted_on"),
    ("birth", "official_on"),
    ("admitted_on", "official_on"),
    ("starts_on", "ends_on"),
    ("birth", "starts_on"),
)


def _as_phone(cell: Cell) -> str:
    """A telephone number; spreadsheets drop the first zero of one typed as a number."""
    text = text_of(cell)
    digits = re.sub(r"[\s.\-]", "", text)
    lost = isinstance(cell, float) and len(digits) == len("912345678") and digits.isdecimal()
    return f"0{digits}" if lost else text
