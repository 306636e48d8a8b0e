"""What can be wrong with a list and with one row of it, by stable code."""

from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import StrEnum


class FileFault(StrEnum):
    """Why a whole file is refused. Raised as ``core.decisions.Invalid(code, on="file", …)``."""

    EMPTY = "list_empty"
    TOO_LARGE = "list_too_large"
    TOO_MANY_ROWS = "list_too_many_rows"
    TOO_MANY_COLUMNS = "list_too_many_columns"
    TOO_MANY_CELLS = "list_too_many_cells"
    TOO_MANY_SHEETS = "list_too_many_sheets"
    PACKED_TOO_TIGHT = "list_packed_too_tight"
    DAMAGED = "list_damaged"
    WRONG_TYPE = "list_wrong_type"
    OLD_EXCEL = "list_old_excel"
    PASSWORD = "list_password"  # noqa: S105 - a code, not a password
    ENCODING_UNKNOWN = "list_encoding_unknown"
    LEGACY_LETTERS = "list_legacy_letters"
    NO_LIST_FOUND = "list_not_found"


class RowFault(StrEnum):
    """What is wrong with one row."""

    NO_NAME = "no_name"
    NAME_HAS_DIGITS = "name_has_digits"
    NAME_ONE_WORD = "name_one_word"
    BAD_DATE = "bad_date"
    BIRTH_MISSING = "birth_missing"
    BIRTH_IN_FUTURE = "birth_in_future"
    BIRTH_TOO_EARLY = "birth_too_early"
    DATE_IN_FUTURE = "date_in_future"
    DATES_OUT_OF_ORDER = "dates_out_of_order"
    ADMITTED_UNDER_AGE = "admitted_under_age"
    UNKNOWN_SEX = "unknown_sex"
    UNKNOWN_STANDING = "unknown_standing"
    UNKNOWN_UNIT_KIND = "unknown_unit_kind"
    UNIT_MISSING = "unit_missing"
    POST_MISSING = "post_missing"
    DUPLICATE_IN_LIST = "duplicate_in_list"
    IN_TWO_UNITS = "in_two_units"
    NAMESAKE_UNCLEAR = "namesake_unclear"
    PERSON_UNKNOWN = "person_not_there"
    NOT_SAID = "not_said"
    TOO_LONG = "too_long"
    READ_AS_YEAR = "read_as_year"
    EXEMPT_BY_NOTE = "exempt_by_note"
    PROBATIONARY_BY_NOTE = "probationary_by_note"


ASKED = frozenset({RowFault.NAMESAKE_UNCLEAR})
"""Not faults to mend: somebody says which it is."""

REMARKS = frozenset(
    {
        RowFault.NAME_ONE_WORD,
        RowFault.BIRTH_MISSING,
        RowFault.ADMITTED_UNDER_AGE,
        RowFault.READ_AS_YEAR,
        RowFault.EXEMPT_BY_NOTE,
        RowFault.PROBATIONARY_BY_NOTE,
    },
)
"""Worth a look, but the row can be imported as it is."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a row: a stable code, the field it is about (``""`` for the row), named values for the text."""

    code: RowFault
    field: str = ""
    params: dict[str, str] = dataclass_field(default_factory=dict)

    @property
    def is_blocking(self) -> bool:
        """Whether the row cannot be imported before this is mended."""
        return self.code not in REMARKS and self.code not in ASKED

    def as_json(self) -> list[object]:
        """The fault as a list that JSON can hold: code, field, params."""
        return [str(self.code), self.field, self.params]
