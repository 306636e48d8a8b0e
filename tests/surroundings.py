"""What the suite needs from the machine: a throw-away data folder, a database, a browser. Imports no Django.

The process started by hand (pytest-xdist's controller) makes them and takes them down; its workers find them by
environment.
"""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = "TRIENKHAI_TEST_FOLDER"
DATABASE = "TRIENKHAI_TEST_DATABASE"
DATABASE_URL = "TRIENKHAI_TEST_DATABASE_URL"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ROOT = Path(__file__).resolve().parent.parent


def data_folder() -> Path:
    """This process's data folder: one for each worker, below one that the controller removes at its end."""
    if FOLDER not in os.environ:
        folder = tempfile.mkdtemp(prefix="trienkhai-tests-")
        os.environ[FOLDER] = folder
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    own = Path(os.environ[FOLDER], os.environ.get("PYTEST_XDIST_WORKER", "alone"))
    own.mkdir(exist_ok=True)
    return own


def on_postgresql() -> bool:
    """Whether this run uses PostgreSQL (``TRIENKHAI_TEST_DATABASE=postgresql``) instead of SQLite."""
    return os.environ.get(DATABASE, "sqlite") == "postgresql"


def database_url() -> str:
    """The URL of this run's database; empty for SQLite. Starts a server of our own unless one is given."""
    if not on_postgresql():
        return ""
    if DATABASE_URL not in os.environ:
        os.environ[DATABASE_URL] = _start_server()
    return os.environ[DATABASE_URL]


def _start_server() -> str:
    """Start ``tests/postgresql_server.py``; it ends when our end of its standard input closes, however we die."""
    server = subprocess.Popen(  # noqa: S603 - our own script
        [sys.executable, str(ROOT / "tests" / "postgresql_server.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    if server.stdin is None or server.stdout is None:
        msg = "a pipe was asked for"
        raise RuntimeError(msg)
    answer = server.stdout.readline().strip()
    if not answer.startswith("postgresql://"):
        sys.exit(f"PostgreSQL did not start: {answer or 'no answer'}")

    def stop() -> None:
        if server.stdin is not None:
            server.stdin.close()
        server.wait(timeout=30)

    atexit.register(stop)
    return answer


def find_browser() -> str | None:
    """The Chromium that journeys drive; none when the machine has none."""
    return next((path for path in map(shutil.which, BROWSERS) if path), None)


def nothing_may_be_left_out() -> bool:
    """In continuous integration a skipped test is a failed one."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}
