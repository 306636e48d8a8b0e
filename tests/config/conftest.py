"""``trienkhai`` as people run it: another process, a data folder of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
type Trienkhai = Callable[..., subprocess.CompletedProcess[str]]
COMMAND = [sys.executable, "-m", "trienkhai.config.cli"]


def surroundings(database: str = "") -> dict[str, str]:
    """The environment of an installation: ours without what belongs to the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRIENKHAI", "DJANGO", "COV"))}
    return kept | {"PYTHONPATH": str(ROOT / "src"), "TRIENKHAI_DATABASE": database, "PYTHONIOENCODING": "utf-8"}


def call(*arguments: str, database: str = "", given: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(  # noqa: S603 - our own command
        [*COMMAND, *arguments],
        env=surroundings(database),
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def trienkhai(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trienkhai:
    """Run a command in an empty working directory."""
    monkeypatch.chdir(tmp_path)
    return call


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder set up once, with one user and one file; not to be changed."""
    data = tmp_path_factory.mktemp("installation") / "data"
    assert call("--data", str(data), "migrate").returncode == 0
    done = call("--data", str(data), "user", "add", "van-thu", "--password-stdin", given="nước chảy đá mòn\n")
    assert done.returncode == 0, done.stderr
    return data
