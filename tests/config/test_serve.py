"""The server and its worker as processes: they start, survive each other, and end together."""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.config.conftest import COMMAND, Trienkhai, surroundings
from trienkhai.config.commands.serve import Supervisor, next_wait

PATIENCE_SECONDS = 60
posix_only = pytest.mark.skipif(os.name == "nt", reason="asks for processes by POSIX means")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until[T](look: Callable[[], T | None]) -> T:
    """What ``look`` returns once it returns something.

    Raises:
        AssertionError: it took too long.
    """
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        if (found := look()) is not None:
            return found
        time.sleep(0.1)
    pytest.fail("waited in vain")


def fetch(url: str) -> int | None:
    """The status a page answers with; none while nobody listens."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - our own server
            return int(answer.status)
    except urllib.error.HTTPError as fault:
        return fault.code
    except OSError:
        return None


def children(parent: int) -> dict[int, str]:
    """The processes a process started, with their command lines."""
    return dict(_from_proc(parent) if Path("/proc/self/stat").exists() else _from_ps(parent))


def _from_proc(parent: int) -> Iterator[tuple[int, str]]:
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # ended meanwhile
            about = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(about[1]) == parent:
                yield int(folder.name), (folder / "cmdline").read_text().replace("\0", " ")


def _from_ps(parent: int) -> Iterator[tuple[int, str]]:
    command = ["/bin/ps", "-eo", "pid=,ppid=,args="]
    rows = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()  # noqa: S603 - fixed
    for pid, ppid, args in (row.split(None, 2) for row in rows):
        if int(ppid) == parent:
            yield int(pid), args


def worker_of(server: int) -> int | None:
    return next((pid for pid, args in children(server).items() if " worker " in args), None)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z" if Path("/proc").exists() else True


@pytest.fixture
def served(installation: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server on a copy of the installation: its process and port."""
    shutil.copytree(installation, tmp_path / "data")
    port = free_port()
    command = [*COMMAND, "serve", "--data", str(tmp_path / "data"), "--port", str(port)]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command, env=surroundings(), stdout=log, stderr=log, text=True
        )
    try:
        until(lambda: fetch(f"http://127.0.0.1:{port}/"))
        yield process, port
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        process.wait()


@posix_only
def test_pages_are_served_until_it_is_told_to_stop(served: tuple[subprocess.Popen[str], int], tmp_path: Path) -> None:
    process, port = served
    browsers = [http.client.HTTPConnection("127.0.0.1", port) for _ in range(4)]
    for browser in browsers:  # they keep their connections open
        browser.request("GET", "/")
        browser.getresponse().read()
    below = list(children(process.pid))
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE_SECONDS) == 0
    until(lambda: True if not any(alive(pid) for pid in below) else None)
    assert "panicked" not in (tmp_path / "log").read_text()
    for browser in browsers:
        browser.close()


@posix_only
def test_a_killed_worker_is_replaced_and_pages_go_on(served: tuple[subprocess.Popen[str], int]) -> None:
    process, port = served
    first = until(lambda: worker_of(process.pid))
    os.kill(first, signal.SIGKILL)
    assert fetch(f"http://127.0.0.1:{port}/") == 200
    second = until(lambda: pid if (pid := worker_of(process.pid)) not in {None, first} else None)
    assert alive(second)


@posix_only
def test_a_killed_server_leaves_nothing_running_and_starts_again(
    served: tuple[subprocess.Popen[str], int],
) -> None:
    process, port = served
    below = list(children(process.pid))
    assert below
    process.kill()
    process.wait()
    until(lambda: True if not any(alive(pid) for pid in below) else None)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))


def test_a_port_that_is_taken(trienkhai: Trienkhai, installation: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = trienkhai("--data", str(installation), "serve", "--port", str(port))
    assert done.returncode == 1
    assert done.stderr.startswith(f"Port {port} is taken")


def test_a_process_that_dies_is_started_again_later_and_later(capfd: pytest.CaptureFixture[str]) -> None:
    supervisor = Supervisor([sys.executable, "-c", "raise SystemExit(3)"])
    waits: list[float] = []

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        if len(waits) == 4:
            supervisor.stopping.set()
        return True

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(supervisor.stopping, "wait", wait)
        supervisor.keep_alive()
    assert waits == [2, 4, 8, 16]
    assert "The background worker ended (3); again in 2 s." in capfd.readouterr().err


def test_the_wait_has_a_limit_and_a_steady_life_shortens_it() -> None:
    assert next_wait(60, lived=1) == 60
    assert next_wait(60, lived=3600) == 1
