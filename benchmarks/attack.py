"""Attacks sealed boxes and designs that leak: matches found, what chance finds, which controls are caught.

Run: python benchmarks/attack.py [--calls 200] [--people 40] [--database sqlite|postgresql|both]

Each call is played from its number: who is asked, what they write, in which order they send. The randomness of keys,
boxes and shuffling is the real one, so figures differ a little from run to run. PostgreSQL: the database of
TRIENKHAI_DATABASE (its user must be allowed to read the log: a superuser), else a server of our own.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import measuring

if TYPE_CHECKING:
    from tests.sealed.attacking import Ours

CONTROL_CALLS = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    args = parser.parse_args()
    if args.database == "both":
        for database in ("sqlite", "postgresql"):
            command = [sys.executable, str(Path(__file__)), f"--calls={args.calls}", f"--people={args.people}"]
            subprocess.run([*command, f"--database={database}"], check=True)  # noqa: S603 - ourselves
    elif args.database == "postgresql":
        with measuring.postgresql() as url:
            run(url, args.calls, args.people)
            measuring.finish()
    else:
        run("", args.calls, args.people)
        measuring.finish()


def run(url: str, calls: int, people: int) -> None:
    measuring.use(url)
    from django.conf import settings  # noqa: PLC0415

    settings.TRIENKHAI_QUICK_PASSPHRASES = True  # the attacker is given them anyway
    from tests.factories.sealed import holders  # noqa: PLC0415
    from tests.sealed import attacking  # noqa: PLC0415

    attacking.make_tables()
    try:
        office = holders()
        measuring.heading(f"{calls} calls of {people} people ({measuring.machine()})")
        attack_ours(attacking.Ours(office), calls, people)
        for control in attacking.CONTROLS:
            result = attacking.attack(control(office), range(CONTROL_CALLS), people)
            way, found = result.best
            everybody = result.calls * people
            measuring.row(
                f"control: {control.name}", "caught", f"{found} of {everybody} ({way})", met=found > result.bound
            )
    finally:
        attacking.drop_tables()


def attack_ours(scheme: "Ours", calls: int, people: int) -> None:
    from tests.sealed import attacking  # noqa: PLC0415

    begun = time.perf_counter()
    result = attacking.attack(scheme, range(calls), people)
    seconds = time.perf_counter() - begun
    for way in attacking.EXACT:
        found = result.matches[way]
        measuring.row(f"sealed boxes: {way}", "0", f"{found} of {calls * people}", met=found == 0)
    orders = {way: found for way, found in result.matches.items() if way not in attacking.EXACT}
    way = max(orders, key=lambda one: orders[one])
    again = attacking.repeated(scheme, result, range(calls, 2 * calls))
    measuring.row(
        f"sealed boxes: by {len(orders)} pairs of orders, the best ({way})",
        f"≤ {result.bound:.0f}",
        f"{orders[way]}; on average {sum(orders.values()) / len(orders):.1f}; chance {result.chance:.0f}",
        met=not again,
    )
    if result.beyond:
        measuring.row(
            "  beyond the bound, and again in as many other calls", "none", f"{again or 'none'}", met=not again
        )
    measuring.row("  took", "", f"{seconds:.0f} s", met=None)


if __name__ == "__main__":
    main()
