"""Taking a list in: surveyed, read into staged rows, forgotten. Knows nothing of the organisation it is for."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import BinaryIO
from uuid import UUID

from django.db import transaction

from trienkhai.core.bulk import insert_rows
from trienkhai.core.decisions import DomainError, Invalid, Refused
from trienkhai.files.actions import store
from trienkhai.files.queries import open_file
from trienkhai.files.rules import FileKind
from trienkhai.files.rules import Limits as FileLimits
from trienkhai.imports.models import ImportBatch, ImportRow, ImportUnit
from trienkhai.imports.rules.books import Book, open_book
from trienkhai.imports.rules.columns import Column
from trienkhai.imports.rules.fields import KEPT, NAMES, NEVER_KEPT, Field, ListKind
from trienkhai.imports.rules.limits import LIMITS
from trienkhai.imports.rules.reading import Notes, ParsedRow, Survey, chosen, read_rows, survey_book
from trienkhai.imports.rules.rejected import Reasons, write_rejected
from trienkhai.imports.rules.snapshots import as_json, from_json, of_kind
from trienkhai.imports.rules.states import BatchState, Decision, ImportFault, Step
from trienkhai.imports.rules.unit_names import CELL, full_unit_name, kind_of, unit_key

ROWS_AT_ONCE = 2_000
KEPT_FOR = timedelta(days=30)
"""How long a list that nobody finishes is kept."""
_FILES = FileLimits(largest=LIMITS.file_bytes, kinds=frozenset({FileKind.XLSX, FileKind.CSV, FileKind.TXT}))
_STAGED = ("batch", "sheet", "line", "values", "faults", "decision", "candidates", "is_decided")
_LONGEST_KEY = 300
_LONGEST_UNIT = 250


def take_in(
    *,
    content: BinaryIO,
    name: str,
    unit: UUID,
    holds_from: date,
    actor_key: UUID | None,
    at: datetime,
    kind: ListKind | None = None,
) -> ImportBatch:
    """Keep the file and guess what its columns hold. Whether the actor may is the caller's to ask.

    Raises:
        Invalid: the file is no list that can be read (``FileFault`` of files or of imports).
        Refused: the disk would not take it.
    """
    book = open_book(content)
    survey = survey_book(book, kind)
    if book.is_csv and not name.lower().endswith((".csv", ".txt")):
        name = f"{name}.csv"
    content.seek(0)
    with transaction.atomic():  # not sooner: reading takes long, and others write meanwhile
        forget_old(at=at)
        stored = store(content=content, name=name, actor_key=actor_key, at=at, limits=_FILES)
        return ImportBatch.objects.create(
            file=stored,
            file_name=stored.name,
            file_digest=stored.sha256,
            kind=survey.kind.value,
            state=BatchState.SURVEYED.value,
            unit=unit,
            holds_from=holds_from,
            uploaded_by=actor_key,
            uploaded_at=at,
            survey=as_json(survey),
        )


def survey_of(batch: ImportBatch) -> Survey:
    """The survey with what was chosen for its columns."""
    survey = of_kind(from_json(batch.survey), ListKind(batch.kind))
    choices = {
        key: {int(index): Field(field) if field else None for index, field in columns.items()}
        for key, columns in batch.choices.items()
    }
    return chosen(survey, choices)


@contextmanager
def book_of(batch: ImportBatch) -> Iterator[Book]:
    """The batch's file, open.

    Raises:
        Refused: the file has been forgotten, is missing or was altered.
    """
    if batch.file is None:
        raise Refused(ImportFault.FILE_FORGOTTEN)
    with open_file(batch.file) as file:
        yield open_book(file, is_inspected=batch.file.sha256 == batch.file_digest)  # which taking in has inspected


@transaction.atomic
def choose_columns(*, key: UUID, kind: ListKind, choices: Mapping[str, Mapping[int, Field | None]]) -> ImportBatch:
    """Note what someone confirmed of the columns. Rows already read are dropped: they were read otherwise.

    Raises:
        Invalid: no column holds the names, or two columns of a sheet hold the same.
        Refused: the list has been imported or discarded.
    """
    batch = _locked(key)
    if batch.state in {BatchState.DONE, BatchState.DISCARDED}:
        raise Refused(ImportFault.DONE_ALREADY)
    batch.kind = kind.value
    batch.choices = {
        layout: {str(index): field.value if field else None for index, field in columns.items()}
        for layout, columns in choices.items()
    }
    for layout in survey_of(batch).layouts:
        _check_columns(layout.columns, kind)
    _drop_rows(batch)
    batch.units.all().delete()
    batch.state = BatchState.SURVEYED.value
    batch.save(update_fields=["kind", "choices", "state"])
    return batch


def _check_columns(columns: tuple[Column, ...], kind: ListKind) -> None:
    read = [column.field for column in columns if column.is_read]
    needed = {Field.UNIT} if kind is ListKind.UNITS else NAMES
    if not needed & set(read):
        raise Invalid(ImportFault.NAME_COLUMN_MISSING, on="columns")
    twice = next((field for field in read if read.count(field) > 1), None)
    if twice is not None:
        raise Invalid(ImportFault.COLUMN_TWICE, on="columns", field=twice.value)
    if any(field not in KEPT[kind] and field not in NEVER_KEPT for field in read):
        raise Invalid(ImportFault.COLUMN_UNKNOWN, on="columns")


@transaction.atomic
def read_batch(*, key: UUID, today: date, unit_name: str = "") -> ImportBatch:
    """Read every line into a staged row, all or none; again gives the same rows.

    Args:
        key: the batch's.
        today: no fact of the list may lie after it.
        unit_name: the unit of rows that name none; ``""`` makes them faulty.

    Raises:
        Invalid: the file turns out damaged.
        Refused: the list has been imported or discarded, or its file is gone.
    """
    batch = _locked(key)
    if batch.state in {BatchState.DONE, BatchState.DISCARDED}:
        raise Refused(ImportFault.DONE_ALREADY)
    _drop_rows(batch)
    batch.units.all().delete()
    notes, units = Notes(), _Units(batch)
    survey = survey_of(batch)
    with book_of(batch) as book:
        rows = read_rows(book, survey, on=today, notes=notes, unit=unit_name)
        count = insert_rows(ImportRow, _STAGED, map(units.noted, rows))
    ImportUnit.objects.bulk_create(units.found(), batch_size=ROWS_AT_ONCE)
    batch.row_count = count
    batch.notes = {"counts": dict(notes.counts), "lines": [list(line) for line in notes.lines]}
    batch.state = BatchState.READ.value
    batch.matched_seq = None
    batch.save(update_fields=["row_count", "notes", "state", "matched_seq"])
    return batch


class _Units:
    """The units that the rows name, counted while rows pass."""

    def __init__(self, batch: ImportBatch) -> None:
        self._batch = batch
        self._by_key: dict[tuple[str, str], ImportUnit] = {}
        self._is_list = batch.kind == ListKind.UNITS

    def noted(self, row: ParsedRow) -> tuple[object, ...]:
        """The row as it is staged, in the order of ``_STAGED``."""
        if row.is_good and "unit" in row.values:
            self._count(row)
        decision = Decision.NEW if row.is_good else Decision.FAULTY  # comparing finds those who are not new
        faults = [fault.as_json() for fault in row.faults]
        return (self._batch.pk, row.sheet[:60], row.line, row.values, faults, decision.value, [], False)

    def _count(self, row: ParsedRow) -> None:
        name, parent = row.values["unit"], row.values.get("parent_unit", "")
        key = (unit_key(name)[:_LONGEST_KEY], unit_key(parent)[:_LONGEST_KEY])
        unit = self._by_key.get(key)
        if unit is None:
            unit = self._by_key[key] = ImportUnit(
                batch=self._batch,
                folded=key[0],
                parent_folded=key[1],
                name=full_unit_name(name)[:_LONGEST_UNIT],
                parent_name=parent[:_LONGEST_UNIT],
                kind=row.values.get("unit_kind") or kind_of(name) or CELL,
                opened=row.values.get("founded_on", ""),
                position=len(self._by_key),
            )
        unit.row_count += not self._is_list

    def found(self) -> list[ImportUnit]:
        """The units in the order in which they came, those named only as parents included."""
        for unit in list(self._by_key.values()):
            if unit.parent_folded and not any(folded == unit.parent_folded for folded, _parent in self._by_key):
                self._by_key[unit.parent_folded, ""] = ImportUnit(
                    batch=self._batch,
                    folded=unit.parent_folded,
                    name=unit.parent_name,
                    kind=kind_of(unit.parent_name) or CELL,
                    position=len(self._by_key),
                )
        return list(self._by_key.values())


@transaction.atomic
def hand_over(*, key: UUID, step: Step) -> None:
    """Note that the worker goes on with the list.

    Raises:
        Refused: the list has been imported or discarded.
    """
    batch = _locked(key)
    if batch.state in {BatchState.DONE, BatchState.DISCARDED}:
        raise Refused(ImportFault.DONE_ALREADY)
    batch.busy, batch.problem = step.value, []
    batch.save(update_fields=["busy", "problem"])


@transaction.atomic
def hand_back(*, key: UUID, error: DomainError | None = None) -> None:
    """Note that the worker is done with the list, and why it could not go on."""
    batch = _locked(key)
    batch.busy = ""
    batch.problem = [error.code, {name: str(value) for name, value in error.params.items()}] if error else []
    batch.save(update_fields=["busy", "problem"])


def write_rejected_file(*, batch: ImportBatch, reasons: Reasons, heading: str, out: BinaryIO) -> None:
    """The rejected rows in the layout they had, each with its reason, as .xlsx.

    Raises:
        Refused: the file has been forgotten.
    """
    with book_of(batch) as book:
        write_rejected(book, survey_of(batch), reasons, heading=heading, out=out)


@transaction.atomic
def discard(*, key: UUID) -> None:
    """Drop a list that will not be imported: its rows, and its file unless another batch needs it.

    Raises:
        Refused: it has been imported; use :func:`forget`.
    """
    batch = _locked(key)
    if batch.state == BatchState.DONE:
        raise Refused(ImportFault.DONE_ALREADY)
    _empty(batch, BatchState.DISCARDED)


@transaction.atomic
def forget(*, key: UUID) -> None:
    """Forget what is left of an imported list: rejected rows and the file. The ledger keeps the file's digest."""
    batch = _locked(key)
    if batch.state == BatchState.DONE:
        _empty(batch, BatchState.DONE)


@transaction.atomic
def forget_old(*, at: datetime) -> int:
    """Drop what nobody finished, and what is left of imported lists, after 30 days; returns how many."""
    old = list(ImportBatch.objects.filter(uploaded_at__lt=at - KEPT_FOR, file__isnull=False).order_by("pk"))
    for batch in old:
        _empty(batch, BatchState.DONE if batch.state == BatchState.DONE else BatchState.DISCARDED)
    return len(old)


def _empty(batch: ImportBatch, state: BatchState) -> None:
    _drop_rows(batch)
    batch.units.all().delete()
    batch.file, batch.state, batch.survey = None, state.value, {}
    batch.notes = {name: counted for name, counted in batch.notes.items() if name != "lines"}
    batch.save(update_fields=["file", "state", "survey", "notes"])


def _drop_rows(batch: ImportBatch) -> None:
    rows = batch.rows.all()
    rows._raw_delete(rows.db)  # noqa: SLF001 - nothing refers to rows


def _locked(key: UUID) -> ImportBatch:
    return ImportBatch.objects.select_for_update(of=("self",)).select_related("file").get(key=key)
