"""Take units, members or posts from a list. Without --yes it only says what would be done."""

import argparse
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils import translation

from trienkhai.config.faults import CannotRun
from trienkhai.core import pages
from trienkhai.core.decisions import DomainError
from trienkhai.imports import actions as imports
from trienkhai.imports.models import ImportBatch
from trienkhai.imports.queries import Counts, counts_of, default_day, faulty_rows, open_questions, units_named
from trienkhai.imports.rules.cells import words
from trienkhai.imports.rules.fields import Field, ListKind
from trienkhai.imports.rules.states import BatchState, Decision, UnitDecision
from trienkhai.imports.texts import FIELDS, row_faults
from trienkhai.ledger.clock import local_day, now
from trienkhai.organisation.actions import importing
from trienkhai.organisation.models import Unit
from trienkhai.organisation.queries import top_units
from trienkhai.organisation.rules import SYSTEM
from trienkhai.rollouts.actions.organisation import reconciled
from trienkhai.text import DayError, parse_day

LEFT_OUT = "-"
_SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("file", type=Path, help="the list: .xlsx or .csv")
    parser.add_argument(
        "--kind", choices=[kind.value for kind in ListKind], help="what a row stands for (else guessed)"
    )
    parser.add_argument(
        "--unit", type=UUID, metavar="KEY", help="the unit the list is of (else the only one at the top)"
    )
    parser.add_argument("--from", dest="holds_from", type=_day, metavar="DATE", help="the day from which it holds")
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="COLUMN=FIELD",
        help=f"what a column holds, by its letter or heading; {LEFT_OUT} leaves it out. Fields: {', '.join(Field)}",
    )
    parser.add_argument(
        "--namesakes",
        choices=["reject", "new"],
        default="reject",
        help="rows that may be somebody who is there: put them among the rejected ones, or take them as new people",
    )
    parser.add_argument("--rejected", type=Path, metavar="OUT.xlsx", help="where to write the rows not taken")
    parser.add_argument("--yes", action="store_true", help="write into the organisation")


def run(args: argparse.Namespace) -> int:
    """Read, compare, say what is found; write when asked to. 1 when rows were rejected."""
    at = now()
    with translation.override("en"):
        return taken_in(args, at)


def taken_in(args: argparse.Namespace, at: datetime) -> int:
    """The whole command.

    Raises:
        CannotRun: the list cannot be taken, in words.
    """
    try:
        batch = prepared(args, at)
        report(batch)
        counts = settled(batch, args.namesakes, at)
        if args.rejected and counts.faulty:
            write_rejected(batch, args.rejected)
        if args.yes:
            write(batch, at)
        else:
            imports.discard(key=batch.key)
            print("Nothing was written. Add --yes to do it.")
    except DomainError as error:
        raise CannotRun(str(pages.explain(error))) from error
    return 1 if counts.faulty else 0


def prepared(args: argparse.Namespace, at: datetime) -> ImportBatch:
    """The list read and compared with what is there.

    Raises:
        CannotRun: no such file, unit or column.
        DomainError: the list cannot be taken.
    """
    kind = ListKind(args.kind) if args.kind else None
    holds_from = args.holds_from or default_day(local_day(at))
    unit = args.unit or only_unit(holds_from)
    if not args.file.is_file():
        msg = f"There is no file {args.file}."
        raise CannotRun(msg)
    if not Unit.objects.filter(key=unit).exists():
        msg = f"There is no unit {unit}."
        raise CannotRun(msg)
    with args.file.open("rb") as content:
        batch = imports.take_in(
            content=content,
            name=args.file.name,
            unit=unit,
            holds_from=holds_from,
            actor_key=SYSTEM.key,
            at=at,
            kind=kind,
        )
    choices = chosen_columns(batch, args.map)
    if choices:
        imports.choose_columns(key=batch.key, kind=ListKind(batch.kind), choices=choices)
    imports.read_batch(key=batch.key, today=local_day(at))
    importing.suggest_units(key=batch.key, actor=SYSTEM, at=at)
    return importing.compare_rows(key=batch.key, actor=SYSTEM, at=at)


def only_unit(day: date) -> UUID:
    """The only unit at the top.

    Raises:
        CannotRun: there is none, or several.
    """
    tops = top_units(day)
    if len(tops) != 1:
        names = "\n".join(f"  {top.key}  {top.name}" for top in tops)
        msg = (
            f"Say with --unit KEY which unit the list is of:\n{names}"
            if tops
            else "There is no unit yet to take a list in for."
        )
        raise CannotRun(msg)
    return UUID(tops[0].key)


def chosen_columns(batch: ImportBatch, wishes: list[str]) -> dict[str, dict[int, Field | None]]:
    """``--map`` options as choices for every sheet that has such a column.

    Raises:
        CannotRun: no such column or field.
    """
    choices: dict[str, dict[int, Field | None]] = {}
    for wish in wishes:
        name, _, meaning = wish.rpartition("=")
        if meaning not in {LEFT_OUT, *Field}:
            msg = (
                f"--map {wish}: there is no field {meaning}. Fields: {', '.join(Field)}, or {LEFT_OUT} to leave it out."
            )
            raise CannotRun(msg)
        found = False
        for layout in imports.survey_of(batch).layouts:
            for column in layout.columns:
                if name == column.letter or words(name) == words(column.heading):
                    choices.setdefault(layout.key, {})[column.index] = None if meaning == LEFT_OUT else Field(meaning)
                    found = True
        if not found:
            msg = f"--map {wish}: there is no column {name}."
            raise CannotRun(msg)
    return choices


def settled(batch: ImportBatch, namesakes: str, at: datetime) -> Counts:
    """Open questions answered as the options say; what there is now."""
    if namesakes == "new":
        for row in open_questions(batch):
            importing.answer_row(key=batch.key, row=row.pk, decision=Decision.NEW, actor=SYSTEM, at=at)
    else:
        importing.reject_open(key=batch.key, actor=SYSTEM, at=at)
    counts = counts_of(batch)
    for row in faulty_rows(batch)[:_SHOWN]:
        print(f"  {row.sheet} {row.line}: {row_faults(row.faults)}")
    if counts.faulty > _SHOWN:
        print(f"  … and {counts.faulty - _SHOWN} more")
    return counts


def report(batch: ImportBatch) -> None:
    """What was found in the list."""
    survey = imports.survey_of(batch)
    print(f"{batch.file_name}: {batch.kind}, {batch.row_count} rows, holds from {batch.holds_from:%d/%m/%Y}")
    for key, layout in {layout.key: layout for layout in survey.layouts}.items():
        sheets = [each.sheet for each in survey.layouts if each.key == key]
        print(f"  {', '.join(filter(None, sheets[:3]))}{' …' if len(sheets) > 3 else ''}")  # noqa: PLR2004
        for column in layout.columns:
            meaning = str(FIELDS[column.field]) if column.is_read else f"({FIELDS[column.field]})"
            print(f"    {column.letter:<3}{column.heading:<36}{meaning}")
    counts = counts_of(batch)
    for unit in units_named(batch):
        if unit.decision == UnitDecision.NEW:
            print(f"  new unit: {unit.name} ({unit.kind}), {unit.row_count} rows")
    print(
        f"units: {counts.units_existing} there, {counts.units_new} new; rows: {counts.changing} to write, "
        f"{counts.same} there already, {counts.asked} to be told apart, {counts.faulty} to mend"
    )


def write_rejected(batch: ImportBatch, path: Path) -> None:
    """The rejected rows with their reasons."""
    with translation.override(settings.LANGUAGE_CODE):  # the office reads it
        reasons = {(row.sheet, row.line): row_faults(row.faults) for row in faulty_rows(batch).iterator()}
    with path.open("wb") as out:
        imports.write_rejected_file(batch=batch, reasons=reasons, heading="Lý do", out=out)
    print(f"{path}: {len(reasons)} rows to mend")


def write(batch: ImportBatch, at: datetime) -> None:
    """Into the organisation, unless everything is there already."""
    counts = counts_of(batch)
    if not counts.changing and not counts.units_new:
        imports.discard(key=batch.key)
        print("Everything is there already. Nothing was written.")
        return
    change = reconciled(importing.import_list)(key=batch.key, actor=SYSTEM, at=at)
    batch.refresh_from_db(fields=["state"])
    if batch.state == BatchState.DONE:
        imports.forget(key=batch.key)
    print(f"{len(change.people)} people and {len(change.units)} units written (entry {change.entry.seq}).")


def _day(typed: str) -> date:
    try:
        day = parse_day(typed)
    except DayError as error:
        raise argparse.ArgumentTypeError(typed) from error
    if not isinstance(day, date):
        raise argparse.ArgumentTypeError(typed)
    return day
