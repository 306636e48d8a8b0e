"""Deciding what each column holds: first by its heading, then by its cells, each field once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from trienkhai.imports.rules.cells import Cell, column_letter, text_of, words
from trienkhai.imports.rules.contents import (
    ENOUGH,
    guess_content,
    is_sequence,
    looks_like_date,
    looks_like_mark,
    looks_like_name,
    looks_like_one_word,
    looks_like_post,
    looks_like_standing,
    looks_like_unit,
    looks_like_year,
    median_year,
    share,
)
from trienkhai.imports.rules.fields import KEPT, NEVER_KEPT, PRIVATE, Field, ListKind
from trienkhai.imports.rules.headings import LIKELY, SURE, Guess, guess_heading
from trienkhai.imports.rules.unit_names import BASE, SECTION, kind_of

UNDER = " – "
"""Between an upper and a lower heading."""
_SAMPLES = 5
_BORN_BEFORE = 1995
"""Columns of days without a heading: those in the middle of this year or later are hardly days of birth."""
_DATE_OF_MARK = {Field.IS_OFFICIAL: Field.OFFICIAL_ON, Field.IS_PROBATIONARY: Field.ADMITTED_ON}
_MARK_OF_DATE = {there: here for here, there in _DATE_OF_MARK.items()}
_ONLY_UNHEADED = frozenset({Field.BIRTH, Field.ORDINAL})
_BY_SEX = {"nam": (Field.BIRTH_MALE, Field.SEX_MALE), "nu": (Field.BIRTH_FEMALE, Field.SEX_FEMALE)}


@dataclass
class ColumnCells:
    """One column as found: its headings from above to below, its neighbours under the same heading, filled cells."""

    index: int
    path: tuple[str, ...]
    together: tuple[int, ...]
    filled: list[Cell]


@dataclass(frozen=True)
class Column:
    """What one column is thought to hold."""

    index: int
    heading: str
    field: Field
    confidence: float
    by: str
    """Where the guess comes from: "heading", "content", "chosen" or ""."""
    samples: tuple[str, ...]
    is_read: bool
    """Whether the column is taken in: never by default for private and unknown ones."""

    @property
    def letter(self) -> str:
        """The column's name in a spreadsheet."""
        return column_letter(self.index)

    @property
    def is_private(self) -> bool:
        """Whether the column holds what is left out unless someone turns it on."""
        return self.field in PRIVATE


def decide_columns(found: Sequence[ColumnCells], kind: ListKind | None = None) -> tuple[Column, ...]:
    """What each column holds. Columns with neither heading nor cells are left out."""
    guesses = {each.index: _guess(each, found) for each in found if each.path or each.filled}
    _split_names(found, guesses)
    _settle_dates(found, guesses)
    _settle_names(found, guesses, kind)
    _settle_units(found, guesses)
    _once_each(found, guesses)
    columns = tuple(_column(each, guesses[each.index]) for each in found if each.index in guesses)
    kept = KEPT[kind or guess_kind(columns)]
    return tuple(replace(column, is_read=column.is_read and column.field in kept) for column in columns)


def guess_kind(columns: Sequence[Column]) -> ListKind:
    """What one line of the list stands for."""
    by_field = {column.field: column for column in columns}
    person = by_field.get(Field.NAME) or by_field.get(Field.GIVEN_NAME)
    unit = by_field.get(Field.UNIT)
    if person is None or (unit and unit.by == "heading" and person.by == "content" and person.heading):
        return ListKind.UNITS
    of_party = {Field.ADMITTED_ON, Field.OFFICIAL_ON, Field.STANDING, Field.IS_OFFICIAL, Field.MEMBER}
    of_posts = {Field.BODY, Field.STARTS_ON, Field.ENDS_ON}
    if Field.PARTY_POST in by_field and of_posts & by_field.keys() and not of_party & by_field.keys():
        return ListKind.POSTS
    return ListKind.MEMBERS


def choose(columns: Sequence[Column], chosen: dict[int, Field | None], kind: ListKind) -> tuple[Column, ...]:
    """The columns as someone confirmed them: index → field, or None for "leave out"."""
    out = []
    for column in columns:
        if column.index in chosen:
            field = chosen[column.index]
            taken = field is not None and field not in NEVER_KEPT
            out.append(replace(column, field=field or Field.OTHER, confidence=1.0, by="chosen", is_read=taken))
        else:
            out.append(replace(column, is_read=column.is_read and column.field in KEPT[kind]))
    return tuple(out)


def _column(each: ColumnCells, guess: Guess) -> Column:
    heading = UNDER.join(dict.fromkeys(each.path))
    samples = tuple(dict.fromkeys(text_of(cell)[:60] for cell in each.filled[:50]))[:_SAMPLES]
    read = guess.field not in PRIVATE and guess.field not in NEVER_KEPT
    return Column(each.index, heading, guess.field, round(guess.confidence, 2), guess.by, samples, read)


def _guess(each: ColumnCells, found: Sequence[ColumnCells]) -> Guess:
    siblings = [found[index].path[-1] for index in each.together if found[index].path]
    guess = guess_heading(each.path, siblings)
    if not guess.confidence:
        guess = _by_sex(each) or guess_content(each.filled)
        # A heading nobody knows may well stand over some other day or number: only what it plainly is counts.
        return Guess(Field.OTHER, 0.0, "") if each.path and guess.field in _ONLY_UNHEADED else guess
    return _weighed(guess, each.filled)


def _by_sex(each: ColumnCells) -> Guess | None:
    """A heading "Nam" or "Nữ" whose upper heading was lost: births of that sex, or a cross."""
    pair = _BY_SEX.get(words(each.path[-1])) if each.path else None
    if pair is None or not each.filled:
        return None
    if share(each.filled, lambda cell: looks_like_date(cell) or looks_like_year(cell)) >= ENOUGH:
        return Guess(pair[0], LIKELY)
    return Guess(pair[1], LIKELY) if share(each.filled, looks_like_mark) >= ENOUGH else None


def _weighed(guess: Guess, filled: list[Cell]) -> Guess:  # noqa: PLR0911 - one case a line
    """The heading's word, corrected where the cells plainly say otherwise."""
    if not filled:
        return guess
    dates = share(filled, lambda cell: looks_like_date(cell) or looks_like_year(cell))
    if guess.field in _DATE_OF_MARK and dates >= ENOUGH:
        return Guess(_DATE_OF_MARK[guess.field], LIKELY)
    if guess.field in _MARK_OF_DATE and share(filled, looks_like_mark) >= ENOUGH:
        return Guess(_MARK_OF_DATE[guess.field], LIKELY)
    names = share(filled, lambda cell: isinstance(cell, str) and looks_like_name(text_of(cell)))
    if guess.field is Field.MEMBER and names >= ENOUGH and share(filled, looks_like_standing) < ENOUGH:
        return Guess(Field.NAME, LIKELY)
    if guess.field is Field.PARTY_POST and guess.confidence < SURE:
        posts = share(filled, looks_like_post)
        return Guess(Field.PARTY_POST if posts > 0 else Field.OTHER_POST, LIKELY)
    if guess.field is Field.BIRTH and dates < ENOUGH / 2:
        return Guess(guess.field, 0.4)
    if guess.field is Field.UNIT and is_sequence(filled) and len(filled) > _SAMPLES:
        return Guess(Field.OTHER, 0.4)
    return guess


def _split_names(found: Sequence[ColumnCells], guesses: dict[int, Guess]) -> None:
    """One heading "Họ và tên" over two columns: family and middle names, then the given name."""
    for each in found[:-1]:
        right = found[each.index + 1]
        guess = guesses.get(each.index)
        if guess is None or guess.field is not Field.NAME or not (each.path and each.filled and right.filled):
            continue
        shared = right.index in each.together and right.path == each.path
        if not (shared or not right.path):
            continue
        if share(right.filled, looks_like_one_word) >= ENOUGH and share(right.filled, looks_like_mark) < ENOUGH:
            guesses[each.index] = Guess(Field.FAMILY_NAME, LIKELY)
            guesses[right.index] = Guess(Field.GIVEN_NAME, LIKELY)


def _settle_dates(found: Sequence[ColumnCells], guesses: dict[int, Guess]) -> None:
    """Days without a heading: the earliest are births, then admission, then official membership."""
    unnamed = [index for index, guess in guesses.items() if guess.field is Field.BIRTH and guess.by == "content"]
    if not unnamed:
        return
    taken = {guess.field for guess in guesses.values() if guess.by == "heading"}
    unnamed.sort(key=lambda index: median_year(found[index].filled))
    wanted = [Field.BIRTH, Field.ADMITTED_ON, Field.OFFICIAL_ON]
    births = {Field.BIRTH, Field.BIRTH_MALE, Field.BIRTH_FEMALE, Field.BIRTH_YEAR}
    if births & taken:
        wanted.remove(Field.BIRTH)
    wanted = [field for field in wanted if field not in taken]
    for place, index in enumerate(unnamed):
        fits = place < len(wanted)
        if fits and wanted[place] is Field.BIRTH and median_year(found[index].filled) > _BORN_BEFORE + 10:
            fits = False
        old = guesses[index]
        guesses[index] = Guess(wanted[place], old.confidence, "content") if fits else Guess(Field.OTHER, 0.0, "")


def _settle_names(found: Sequence[ColumnCells], guesses: dict[int, Guess], kind: ListKind | None) -> None:
    """A family name without a given name, or the other way round, is the whole name, or a unit's."""
    fields = {guess.field: index for index, guess in guesses.items()}
    for one, other in ((Field.FAMILY_NAME, Field.GIVEN_NAME), (Field.GIVEN_NAME, Field.FAMILY_NAME)):
        if one in fields and other not in fields:
            index = fields[one]
            is_unit = kind is ListKind.UNITS or share(found[index].filled, looks_like_unit) >= ENOUGH
            guesses[index] = Guess(Field.UNIT if is_unit else Field.NAME, guesses[index].confidence)


def _settle_units(found: Sequence[ColumnCells], guesses: dict[int, Guess]) -> None:
    """Of several unit columns the lowest level is the unit, a higher one what it belongs to."""
    units = [index for index, guess in guesses.items() if guess.field is Field.UNIT]
    if len(units) > 1:
        for index in units:
            high = share(found[index].filled, lambda cell: kind_of(text_of(cell)) in {BASE, SECTION})
            if high >= ENOUGH and not any(guess.field is Field.PARENT_UNIT for guess in guesses.values()):
                guesses[index] = Guess(Field.PARENT_UNIT, LIKELY)


def _once_each(found: Sequence[ColumnCells], guesses: dict[int, Guess]) -> None:
    """Each field is read from one column: the surest, for births the one with whole days."""
    many = {Field.OTHER, Field.ADDRESS, Field.FAMILY, Field.OTHER_PRIVATE, Field.IDENTITY_NUMBER, Field.REASON}
    for field in {guess.field for guess in guesses.values()} - many:
        holders = [index for index, guess in guesses.items() if guess.field is field]

        def worth(index: int) -> tuple[float, float, float]:
            filled = found[index].filled
            whole = share(filled, looks_like_date)
            fits = share(filled, looks_like_unit) if guesses[index].field is Field.UNIT else whole
            return (guesses[index].confidence >= LIKELY, fits, guesses[index].confidence)

        best = max(holders, key=lambda index: (worth(index), -index))
        for index in holders:
            if index != best:
                guesses[index] = Guess(Field.OTHER, 0.0, "")
