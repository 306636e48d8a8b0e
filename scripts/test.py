"""Runs the whole suite: on PostgreSQL what uses the database, then on SQLite everything, journeys included.

    python scripts/test.py [pytest's arguments …]

Installs a missing browser or PostgreSQL where it may (root on Debian and its kin); elsewhere runs the rest and says
what was left out. With CI=true leaving anything out is a failure.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.postgresql_server import find_programs  # noqa: E402 - the folder above has to be on the path
from tests.surroundings import find_browser, nothing_may_be_left_out  # noqa: E402

INTERRUPTED = 2  # pytest's status
LEAST_PROCESSES, MOST_PROCESSES = 2, 8


def missing_packages() -> list[str]:
    """Debian's packages for what is not there."""
    browser = [] if find_browser() else ["chromium", "fonts-dejavu-core"]
    server = [] if find_programs() else ["postgresql"]
    return browser + server


def may_install() -> bool:
    """Whether this is root on a system with Debian's packages."""
    return bool(shutil.which("apt-get")) and hasattr(os, "geteuid") and os.geteuid() == 0


def install(packages: list[str]) -> None:
    """Install packages, or say why not and go on: what is missing then is left out, and named."""
    print(f"Installing for the tests: {' '.join(packages)}", flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        done = subprocess.run(["apt-get", "-qq", *command], env=quiet, check=False, stdout=subprocess.DEVNULL)
        if done.returncode:
            print(f"apt-get {command[0]} failed.", file=sys.stderr)
            return


def run_pytest(database: str, arguments: list[str], notes: list[str]) -> int:
    """One run of pytest; its exit status."""
    processes = min(max(os.cpu_count() or 1, LEAST_PROCESSES), MOST_PROCESSES)
    command = [sys.executable, "-m", "pytest", "-q", "-n", str(processes), "--dist", "worksteal", *arguments]
    surroundings = os.environ | {"TRIENKHAI_TEST_DATABASE": database, "TRIENKHAI_TEST_NOTES": "|".join(notes)}
    process = subprocess.Popen(command, env=surroundings, cwd=ROOT)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # the terminal told pytest too, which takes down what it started
            continue


def main(arguments: list[str]) -> int:
    """Run both. Not zero when either failed."""
    if missing_packages() and may_install():
        install(missing_packages())
    notes, first = [], 0
    if find_programs():
        first = run_pytest("postgresql", arguments, [])
        if first:
            notes.append("The run on PostgreSQL, above, FAILED.")
    else:
        notes.append("Left out: the tests on PostgreSQL: it is not installed")
        first = int(nothing_may_be_left_out())
    if first == INTERRUPTED:
        return first
    return run_pytest("sqlite", arguments, notes) or first


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
