"""Print the figures of a roll-out, of any unit, on any day, as known on any day. Status 2: there is no such one."""

import argparse
import csv
import json
import sys
from collections.abc import Callable, Sequence
from datetime import date
from typing import TextIO

from django.conf import settings
from django.utils import translation

from trienkhai.core.decisions import DomainError
from trienkhai.core.pages import explain
from trienkhai.core.templatetags.kit import percent
from trienkhai.ledger.clock import today
from trienkhai.organisation.queries import name_of
from trienkhai.progress.queries import FigureValue, figures
from trienkhai.progress.queries.finding import find_rollout, find_unit
from trienkhai.progress.texts import COMMAND, FIGURE_NAMES
from trienkhai.text import DayError, parse_day

WRONG = 2
COLUMNS = ("code", "numerator", "denominator", "declared_numerator", "declared_denominator")

type Head = dict[str, str | None]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("--rollout", default="", metavar="KEY|TITLE", help="its key or part of its title (the newest)")
    parser.add_argument("--unit", default="", metavar="KEY|NAME", help="its key or name (the lead unit)")
    parser.add_argument("--as-of", type=day, metavar="DATE", help="31-10-2012 or 2012-10-31 (today)")
    parser.add_argument("--known-at", type=day, metavar="DATE", help="as recorded by the end of that day (now)")
    parser.add_argument("--format", choices=tuple(WRITERS), default="table", help="how it is printed (table)")
    languages = tuple(code for code, _name in settings.LANGUAGES)
    words = f"of the table and of what is said ({settings.LANGUAGE_CODE})"
    parser.add_argument("--language", choices=languages, default=settings.LANGUAGE_CODE, help=words)


def run(args: argparse.Namespace) -> int:
    """Print the figures; 2 and a sentence on standard error when there is no such roll-out or unit."""
    with translation.override(args.language):
        return _print(args)


def _print(args: argparse.Namespace) -> int:
    as_of: date = args.as_of or today()
    try:
        rollout = find_rollout(args.rollout)
        unit = find_unit(rollout, args.unit, on=as_of)
    except DomainError as error:
        sys.stderr.write(f"{explain(error)}\n")
        return WRONG
    head = {
        "rollout": rollout.title,
        "unit": name_of(unit, as_of),
        "as_of": as_of.isoformat(),
        "known_at": args.known_at.isoformat() if args.known_at else None,
    }
    WRITERS[args.format](sys.stdout, head, figures(rollout=rollout, unit=unit, as_of=as_of, known_at=args.known_at))
    return 0


def day(typed: str) -> date:
    """A day as it is typed.

    Raises:
        ArgumentTypeError: it is none.
    """
    try:
        found = parse_day(typed)
    except DayError:
        found = None
    if not isinstance(found, date):
        message = f"“{typed}” is not a day; write it like 31-10-2012 or 2012-10-31"
        raise argparse.ArgumentTypeError(message)
    return found


def _row(value: FigureValue) -> dict[str, str | int | None]:
    return {column: getattr(value, column) for column in COLUMNS}


def write_json(out: TextIO, head: Head, values: Sequence[FigureValue]) -> None:
    """One object: what was asked, and the figures."""
    json.dump({**head, "figures": [_row(value) for value in values]}, out, ensure_ascii=False, indent=2)
    out.write("\n")


def write_csv(out: TextIO, head: Head, values: Sequence[FigureValue]) -> None:
    """A line for each figure, with what was asked before it."""
    writer = csv.DictWriter(out, [*head, *COLUMNS], lineterminator="\n")
    writer.writeheader()
    writer.writerows({**head, **_row(value)} for value in values)


def write_table(out: TextIO, head: Head, values: Sequence[FigureValue]) -> None:
    """For people, in the language asked for."""
    when = {"as_of": _shown(head["as_of"]), "known_at": _shown(head["known_at"]) or COMMAND["now"]}
    out.write(f"{head['rollout']}\n{head['unit']}\n{str(COMMAND['when']) % when}\n\n")
    lines = [("", str(COMMAND["counted"]), "", str(COMMAND["declared"])), *(_line(value) for value in values)]
    widths = [max(len(line[i]) for line in lines) for i in range(4)]
    for line in lines:
        cells = (line[0].ljust(widths[0]), *(line[i].rjust(widths[i]) for i in range(1, 4)))
        out.write("  ".join(cells).rstrip() + "\n")


def _line(value: FigureValue) -> tuple[str, str, str, str]:
    counted = f"{value.numerator}" if value.denominator is None else f"{value.numerator}/{value.denominator}"
    share = percent(value.numerator, value.denominator) if value.denominator else ""
    declared = f"{value.declared_numerator}/{value.declared_denominator}" if value.has_declared else ""
    return str(FIGURE_NAMES[value.code]), counted, share, declared


def _shown(iso: str | None) -> str:
    return f"{date.fromisoformat(iso):%d/%m/%Y}" if iso else ""


WRITERS: dict[str, Callable[[TextIO, Head, Sequence[FigureValue]], None]] = {
    "table": write_table,
    "json": write_json,
    "csv": write_csv,
}
