"""Words for codes: what is wrong with a list, with a row, what a column holds."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from trienkhai.imports.rules import unit_names
from trienkhai.imports.rules.fields import Field, ListKind
from trienkhai.imports.rules.problems import FileFault, RowFault
from trienkhai.imports.rules.states import ImportFault

type Text = str | Promise

FILES: dict[str, Text] = {
    FileFault.EMPTY: _("The file is empty."),
    FileFault.TOO_LARGE: _("The file is larger than %(limit)s MB. Split the list and take the parts in one by one."),
    FileFault.TOO_MANY_ROWS: _("The list has more than %(limit)s rows. Split it and take the parts in one by one."),
    FileFault.TOO_MANY_COLUMNS: _("The list has more than %(limit)s columns. Remove what is not needed."),
    FileFault.TOO_MANY_CELLS: _("The list has more than %(limit)s cells. Split it and take the parts in one by one."),
    FileFault.TOO_MANY_SHEETS: _("The file has more than %(limit)s sheets. Split it and take the parts in one by one."),
    FileFault.PACKED_TOO_TIGHT: _(
        "The file unfolds to far more than its size. Open it in Excel, save it under another name, and try again."
    ),
    FileFault.DAMAGED: _("The file is damaged and cannot be read. Open it in Excel, save it again, and try again."),
    FileFault.WRONG_TYPE: _("This file is not a list. Take an Excel file (.xlsx) or a text file (.csv)."),
    FileFault.OLD_EXCEL: _("This is an Excel file of the old kind (.xls). Open it in Excel and save it as .xlsx."),
    FileFault.PASSWORD: _("The file is protected by a password. Save it without one and try again."),
    FileFault.ENCODING_UNKNOWN: _(
        "The letters of this text file cannot be read. Open it in Excel and save it as .xlsx, or as CSV UTF-8."
    ),
    FileFault.LEGACY_LETTERS: _(
        "This list is typed in an old font (TCVN3 or VNI): imported, its letters would be garbage. "
        "Convert it to Unicode, for example with UniKey, and try again."
    ),
    FileFault.NO_LIST_FOUND: _(
        "No list was found in the file. It needs a line of headings with “Họ và tên” or, for units, “Tên đơn vị”."
    ),
    ImportFault.NOT_NOW: _("This cannot be done at this point of the import."),
    ImportFault.DONE_ALREADY: _("This list has been imported or discarded already."),
    ImportFault.QUESTIONS_OPEN: _("Some rows are still open: say who they are first."),
    ImportFault.CHANGED_SINCE: _(
        "The organisation has changed since the list was compared with it. It has been compared again: please look."
    ),
    ImportFault.UNITS_OPEN: _("Confirm the units first."),
    ImportFault.NOTHING_TO_IMPORT: _("There is nothing to import: everything in this list is there already."),
    ImportFault.COLUMN_UNKNOWN: _("A column holds something that a list of this kind cannot take."),
    ImportFault.COLUMN_TWICE: _("Two columns are said to hold the same. Leave one of them out."),
    ImportFault.NAME_COLUMN_MISSING: _("Say which column holds the names."),
    ImportFault.FILE_FORGOTTEN: _("The file of this list has been forgotten. Take it in again."),
}

ROWS: dict[str, Text] = {
    RowFault.NO_NAME: _("The name is missing."),
    RowFault.NAME_HAS_DIGITS: _("There are digits in the name “%(value)s”."),
    RowFault.NAME_ONE_WORD: _("The name “%(value)s” has one word only."),
    RowFault.BAD_DATE: _("“%(value)s” in “%(field)s” is not a day. Write it like 27/03/2012, 03/2012 or 2012."),
    RowFault.BIRTH_MISSING: _("The date of birth is missing: people of the same name cannot be told apart."),
    RowFault.BIRTH_IN_FUTURE: _("The date of birth %(value)s lies in the future."),
    RowFault.BIRTH_TOO_EARLY: _("The date of birth %(value)s is too long ago."),
    RowFault.DATE_IN_FUTURE: _("The day %(value)s in “%(field)s” lies in the future."),
    RowFault.DATES_OUT_OF_ORDER: _("“%(field)s” (%(later)s) is before “%(first_field)s” (%(earlier)s)."),
    RowFault.ADMITTED_UNDER_AGE: _("Admitted on %(value)s, before the age of 18."),
    RowFault.UNKNOWN_SEX: _("“%(value)s” is neither male nor female."),
    RowFault.UNKNOWN_STANDING: _("“%(value)s” does not say whether the person is an official or probationary member."),
    RowFault.UNKNOWN_UNIT_KIND: _("“%(value)s” is not a kind of unit."),
    RowFault.UNIT_MISSING: _("The cell is missing."),
    RowFault.POST_MISSING: _("The post is missing."),
    RowFault.DUPLICATE_IN_LIST: _("The same as row %(first)s."),
    RowFault.IN_TWO_UNITS: _("The same name and date of birth as row %(first)s, in another cell."),
    RowFault.NAMESAKE_UNCLEAR: _(
        "The same name as row %(first)s in the same cell; the dates of birth do not tell them apart."
    ),
    RowFault.PERSON_UNKNOWN: _("“%(value)s” is not in the organisation. Take in the list of members first."),
    RowFault.NOT_SAID: _("It was not said which person of this name this is."),
    RowFault.TOO_LONG: _("The text in “%(field)s” has more than %(limit)s characters."),
    RowFault.READ_AS_YEAR: _("%(value)s was read as the year %(year)s: a year typed into a cell that shows days."),
}

ROWS[RowFault.EXEMPT_BY_NOTE] = _("Taken as exempt because the note says “%(value)s”.")
ROWS[RowFault.PROBATIONARY_BY_NOTE] = _("Taken as probationary because the note says “%(value)s”.")

FIELDS: dict[Field, Text] = {
    Field.ORDINAL: _("Number in the list"),
    Field.NAME: _("Full name"),
    Field.FAMILY_NAME: _("Family and middle names"),
    Field.GIVEN_NAME: _("Given name"),
    Field.BIRTH: _("Date or year of birth"),
    Field.BIRTH_MALE: _("Birth, if a man"),
    Field.BIRTH_FEMALE: _("Birth, if a woman"),
    Field.BIRTH_DAY: _("Day of birth"),
    Field.BIRTH_MONTH: _("Month of birth"),
    Field.BIRTH_YEAR: _("Year of birth"),
    Field.SEX: pgettext_lazy("column", "Sex"),
    Field.SEX_MALE: _("Tick if a man"),
    Field.SEX_FEMALE: _("Tick if a woman"),
    Field.UNIT: _("Cell or unit"),
    Field.UNIT_KIND: _("Kind of unit"),
    Field.PARENT_UNIT: _("Unit above"),
    Field.FOUNDED_ON: _("Founded on"),
    Field.PARTY_POST: _("Post in the Party"),
    Field.OTHER_POST: _("Other post or work"),
    Field.BODY: _("Body"),
    Field.STARTS_ON: _("From"),
    Field.ENDS_ON: _("Until"),
    Field.ADMITTED_ON: _("Admitted on"),
    Field.OFFICIAL_ON: _("Official member since"),
    Field.STANDING: _("Official or probationary"),
    Field.IS_OFFICIAL: _("Tick if official"),
    Field.IS_PROBATIONARY: _("Tick if probationary"),
    Field.MEMBER: _("Member or not"),
    Field.EXEMPT: _("Exempt from meetings"),
    Field.PHONE: _("Telephone"),
    Field.EMAIL: _("E-mail"),
    Field.NOTE: _("Note"),
    Field.CARD_NUMBER: _("Party card number"),
    Field.IDENTITY_NUMBER: _("Identity number"),
    Field.ADDRESS: _("Address or place of origin"),
    Field.RELIGION: _("Religion"),
    Field.ETHNICITY: _("Ethnicity"),
    Field.FAMILY: _("Family"),
    Field.OTHER_PRIVATE: _("Other private matters"),
    Field.REASON: _("Why it was rejected"),
    Field.OTHER: _("Something else"),
}

KINDS: dict[ListKind, Text] = {
    ListKind.MEMBERS: _("Members: one person in each row"),
    ListKind.UNITS: _("Units: one unit in each row"),
    ListKind.POSTS: _("Posts: who holds which post"),
}


UNIT_KINDS: dict[str, Text] = {
    unit_names.CELL: pgettext_lazy("kind of unit", "cell"),
    unit_names.SECTION: pgettext_lazy("kind of unit", "sectional organisation"),
    unit_names.GROUP: pgettext_lazy("kind of unit", "group of a cell"),
    unit_names.AGENCY: pgettext_lazy("kind of unit", "agency or other unit"),
    unit_names.BASE: pgettext_lazy("kind of unit", "base organisation"),
    unit_names.UPPER: pgettext_lazy("kind of unit", "organisation above base level"),
}

REASON = _("Reason")
LEAVE_OUT = _("Leave this row out")
LOOK_BELOW = _("Look at the units marked below.")
FORGOTTEN = _("What was left of the list has been removed.")
DONE = _("The list has been taken in.")
REMOVED = _("The list was removed. Nothing was written.")


@dataclass(frozen=True)
class Answers:
    """What may be said of somebody who is there."""

    same: str
    moved: str


def answers_about(name: str, *, born: str, unit: str, to: str) -> Answers:
    """The two answers about one person who is there."""
    who = {"name": name, "born": born or gettext("birth not known"), "unit": unit or gettext("in no unit"), "to": to}
    return Answers(
        same=gettext("%(name)s (%(born)s), %(unit)s: the same person, change nothing") % who,
        moved=gettext("%(name)s (%(born)s), %(unit)s: the same person, moved to %(to)s") % who,
    )


def somebody_else(unit: str) -> str:
    """The answer for a new person."""
    return gettext("Somebody else: a new person in %(unit)s") % {"unit": unit}


def leave_out(faults: Sequence[Sequence[object]]) -> str:
    """The answer that leaves a row out; of one that repeats an earlier row, that it does."""
    for code, _field, params in faults:
        if code == RowFault.NAMESAKE_UNCLEAR and isinstance(params, dict):
            return gettext("The same person as in row %(first)s: leave this row out") % params
    return str(LEAVE_OUT)


def taken_as_same(count: int) -> str:
    """After rows that fit one person alone were taken for that person."""
    text = ngettext(
        "%(count)s row is somebody who is there already.", "%(count)s rows are people who are there already.", count
    )
    return text % {"count": count}


def put_aside(count: int) -> str:
    """After open questions were left for the file."""
    text = ngettext("%(count)s row was put among those to mend.", "%(count)s rows were put among those to mend.", count)
    return text % {"count": count}


def row_fault(fault: Sequence[object]) -> str:
    """What is wrong, in the reader's language. ``fault``: code, field, named values, as staged."""
    code, field, params = str(fault[0]), str(fault[1]), fault[2]
    values = dict(params) if isinstance(params, dict) else {}
    names = {Field(each): text for each, text in FIELDS.items()}
    values["field"] = names.get(Field(field), field) if field in set(Field) else field
    first = values.get("first")
    if first in set(Field):
        values["first_field"] = names[Field(first)]
    text = ROWS.get(code)
    return (
        str(text) % values
        if text is not None
        else gettext("Something is wrong with this row (%(code)s).") % {"code": code}
    )


def row_faults(faults: Sequence[Sequence[object]]) -> str:
    """All faults of a row in one line."""
    return " ".join(map(row_fault, faults))
