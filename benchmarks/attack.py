"""Attacks sealed boxes and designs that leak: matches found, what chance finds, which controls are caught.

Then what sealing costs in a ward.

Run: python benchmarks/attack.py [--calls 200] [--people 40] [--database sqlite|postgresql|both]

Each call is played from its number: who is asked, what they write, in which order they send. The randomness of keys,
boxes and shuffling is the real one, so figures differ a little from run to run. Of many pairs of orders one may pass
the bound by chance; those that do are tried again on as many other calls. PostgreSQL: the database of
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
    from tests.sealed.attacking import Scheme

CONTROL_CALLS = 20
WARD = 2_500
TEXT = "Đề nghị ghi rõ người chịu trách nhiệm và thời hạn của từng việc. " * 10


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
            found = result.matches[attacking.TOGETHER]
            way = max(result.matches, key=lambda one: (one != attacking.TOGETHER, result.matches[one]))
            everybody = result.calls * people
            measuring.row(
                f"control: {control.name}", "caught", f"{found} of {everybody} ({way})", met=found > result.bound
            )
        costs()
    finally:
        attacking.drop_tables()


def costs() -> None:
    """What sealing takes in a ward: boxes of the usual size, passphrases as slow as in use."""
    from django.conf import settings  # noqa: PLC0415

    settings.TRIENKHAI_QUICK_PASSPHRASES = False
    from tests.factories.sealed import open_round  # noqa: PLC0415
    from trienkhai.sealed import actions  # noqa: PLC0415
    from trienkhai.sealed.rules import BOX_BYTES  # noqa: PLC0415

    call = open_round(WARD, box_bytes=BOX_BYTES)
    works = [lambda person=person: call.send(person, TEXT) for person in call.people]
    measuring.row(
        f"sending, box of {BOX_BYTES} bytes",
        "",
        measuring.spread(measuring.samples(works, seconds=120, warm_up=0)),
        met=None,
    )
    unlocks = [holder.unlock for holder in call.releasers]
    unlocking = measuring.timed(
        lambda: actions.unlock(round_key=call.key, unlocks=unlocks, actor=None, at=call.sealed_round.opened_at)
    )
    measuring.row("two passphrases, argon2id", "", f"{unlocking:.0f} ms", met=None)
    releasing = measuring.timed(call.release) - unlocking
    measuring.row(f"releasing {len(call.releases[0].texts)} boxes", "", f"{releasing / 1000:.1f} s", met=None)


def attack_ours(scheme: "Scheme", calls: int, people: int) -> None:
    from tests.sealed import attacking  # noqa: PLC0415

    begun = time.perf_counter()
    result = attacking.attack(scheme, range(calls), people)
    seconds = time.perf_counter() - begun
    for way in attacking.EXACT:
        found = result.matches[way]
        measuring.row(f"sealed boxes: {way}", "0", f"{found} of {calls * people}", met=found == 0)
    again = attacking.repeated(scheme, result, range(calls, 2 * calls))
    together, bound, chance = attacking.TOGETHER, f"≤ {result.bound:.0f}", f"chance {result.chance:.0f}"
    found = result.matches[together]
    measuring.row(
        "sealed boxes: one guess for each person", bound, f"{found}; {chance}", met=together not in result.beyond
    )
    orders = [found for way, found in result.matches.items() if way not in {*attacking.EXACT, together}]
    beyond = [way for way in result.beyond if way != together]
    measuring.row(
        f"sealed boxes: {len(orders)} pairs of orders, each by itself",
        f"{bound} twice",
        f"mean {sum(orders) / len(orders):.1f}, most {max(orders)}; beyond: {len(beyond)}, again: {len(again)}",
        met=not again,
    )
    measuring.row("  took", "", f"{seconds:.0f} s", met=None)


if __name__ == "__main__":
    main()
