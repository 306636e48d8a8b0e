"""Make an organisation of invented people and a year of its roll-out, in an empty data folder, for trials."""

import argparse
import time

from trienkhai.config.commands.migrate import bring_up_to_date
from trienkhai.config.faults import CannotRun
from trienkhai.core.decisions import Refused
from trienkhai.simulation.rules import SimulationError
from trienkhai.simulation.scales import SIZES, play


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("--scale", choices=list(SIZES), required=True, help="how large")
    parser.add_argument("--seed", type=int, default=2012, help="another seed, other people (2012)")


def run(args: argparse.Namespace) -> int:
    """Play, and say how long it took."""
    bring_up_to_date()
    began = time.monotonic()
    try:
        told = play(size=SIZES[args.scale], seed=args.seed, say=lambda text: print(text, flush=True))
    except Refused as refused:
        if refused.code != SimulationError.NOT_EMPTY:
            raise
        msg = "Something has been entered here already. Simulations begin in an empty data folder: --data DIR"
        raise CannotRun(msg) from refused
    seconds = time.monotonic() - began
    print(
        f"{told.units:,} units, {told.people:,} people, {told.meetings:,} meetings, {told.attendances:,} attendances, "
        f"{told.papers:,} papers, {told.moves:,} moves in {seconds:.1f} s"
    )
    return 0
