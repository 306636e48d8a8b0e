"""``trienkhai progress``: the figures of a roll-out, of any unit, on any day, as known on any day."""

import argparse
import csv
import json
import sys
from collections.abc import Callable, Sequence
from datetime import date
from typing import TextIO

from trienkhai.text import DayError, parse_day

HELP = "print the figures of a roll-out"
WRONG = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--rollout", default="", metavar="KEY|TITLE", help="its key or part of its title (the newest)")
    parser.add_argument("--unit", default="", metavar="KEY|NAME", help="its key or name (the lead unit)")
    parser.add_argument("--as-of", type=_day, metavar="DATE", help="31-10-2012 or 2012-10-31 (today)")
    parser.add_argument("--known-at", type=_day, metavar="DATE", help="as recorded by the end of that day (now)")
    parser.add_argument("--format", choices=sorted(WRITERS), default="table", help="how it is printed (table)")


def run(args: argparse.Namespace) -> int:
    """Print the figures; 2 with a sentence on standard error when the roll-out or unit is not found."""
    from trienkhai.core.decisions import DomainError  # noqa: PLC0415 - Django is set up by now
    from trienkhai.core.pages import explain  # noqa: PLC0415
    from trienkhai.ledger.clock import today  # noqa: PLC0415
    from trienkhai.organisation.queries import name_of  # noqa: PLC0415
    from trienkhai.progress.queries import figures  # noqa: PLC0415
    from trienkhai.progress.queries.finding import find_rollout, find_unit  # noqa: PLC0415

    as_of: date = args.as_of or today()
    try:
        rollout = find_rollout(args.rollout)
        unit = find_unit(rollout, args.unit, on=as_of)
    except DomainError as error:
        sys.stderr.write(f"{explain(error)}\n")
        return WRONG
    values = figures(rollout=rollout, unit=unit, as_of=as_of, known_at=args.known_at)
    head = {
        "rollout": rollout.title,
        "unit": name_of(unit, as_of),
        "as_of": as_of.isoformat(),
        "known_at": args.known_at.isoformat() if args.known_at else None,
    }
    rows = [{column: getattr(value, column) for column in COLUMNS} for value in values]
    WRITERS[args.format](sys.stdout, head, rows)
    return 0


type Head = dict[str, str | None]
type Row = dict[str, str | int | None]

COLUMNS = ("code", "numerator", "denominator", "declared_numerator", "declared_denominator")


def _day(typed: str) -> date:
    try:
        day = parse_day(typed)
    except DayError:
        day = None
    if not isinstance(day, date):
        msg = f"“{typed}” is not a day; write it like 31-10-2012 or 2012-10-31"
        raise argparse.ArgumentTypeError(msg)
    return day


def _write_json(out: TextIO, head: Head, rows: Sequence[Row]) -> None:
    json.dump({**head, "figures": list(rows)}, out, ensure_ascii=False, indent=2)
    out.write("\n")


def _write_csv(out: TextIO, head: Head, rows: Sequence[Row]) -> None:
    writer = csv.DictWriter(out, [*head, *COLUMNS], lineterminator="\n")
    writer.writeheader()
    writer.writerows({**head, **row} for row in rows)


def _write_table(out: TextIO, head: Head, rows: Sequence[Row]) -> None:
    from django.utils.translation import gettext as _  # noqa: PLC0415 - Django is set up by now

    from trienkhai.core.templatetags.kit import percent  # noqa: PLC0415
    from trienkhai.progress.texts import FIGURE_NAMES  # noqa: PLC0415

    as_of, known_at = _shown(head["as_of"]), _shown(head["known_at"]) or _("now")
    out.write(f"{head['rollout']}\n{head['unit']}\n")
    out.write(_("as of %(as_of)s, as known %(known_at)s") % {"as_of": as_of, "known_at": known_at} + "\n\n")
    lines = []
    for row in rows:
        numerator, denominator = int(row["numerator"] or 0), row["denominator"]
        share = f"{numerator}/{denominator}" if denominator is not None else f"{numerator}"
        per_cent = percent(numerator, int(denominator)) if denominator else ""
        declared = f"{row['declared_numerator']}/{row['declared_denominator']}" if row["declared_denominator"] else ""
        lines.append((str(FIGURE_NAMES[str(row["code"])]), share, per_cent, declared))
    titles = ("", _("counted"), "", _("declared"))
    widths = [max(len(line[i]) for line in (titles, *lines)) for i in range(4)]
    for line in (titles, *lines):
        cells = (line[0].ljust(widths[0]), *(line[i].rjust(widths[i]) for i in range(1, 4)))
        out.write("  ".join(cells).rstrip() + "\n")


def _shown(iso: str | None) -> str:
    return f"{date.fromisoformat(iso):%d/%m/%Y}" if iso else ""


WRITERS: dict[str, Callable[[TextIO, Head, Sequence[Row]], None]] = {
    "table": _write_table,
    "json": _write_json,
    "csv": _write_csv,
}
