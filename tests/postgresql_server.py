"""A PostgreSQL server for one test run: in a temporary folder, on the loopback and a free port, gone when stdin closes.

Prints the server's URL as its only line, or one line of what is wrong. Standard library only.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

PLACES = ("/usr/lib/postgresql", "/usr/pgsql", "/opt/homebrew/opt", "/usr/local/opt", "C:/Program Files/PostgreSQL")
OTHER_USERS = ("postgres", "nobody")
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "max_connections": "60",
    "autovacuum": "off",
    "log_min_messages": "fatal",
}
PATIENCE_SECONDS = 60


def find_programs() -> Path | None:
    """The folder with ``postgres`` and ``initdb``: the highest version found, else what the path offers."""
    found = [p.parent for place in PLACES for p in Path(place).glob("*/bin/initdb*")]
    if found:
        return max(found, key=_version)
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _version(folder: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in folder.parent.name.removeprefix("postgresql@").split(".") if part.isdigit())


def user_to_be() -> str | None:
    """PostgreSQL refuses to run as root: the name of someone else when we are root."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    import pwd  # noqa: PLC0415 - not on every system

    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in OTHER_USERS if name in known), None)


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Run a server; yields its URL.

    Raises:
        RuntimeError: PostgreSQL is not installed, or does not start.
    """
    programs = find_programs()
    if programs is None:
        msg = "PostgreSQL is not installed"
        raise RuntimeError(msg)
    user = user_to_be()
    folder = Path(tempfile.mkdtemp(prefix="trienkhai-postgresql-"))
    if user:
        shutil.chown(folder, user)
    try:
        with (folder / "log").open("w") as log:
            data = folder / "data"
            init: list[str | Path] = [
                programs / "initdb",
                "-D",
                data,
                "-U",
                "trienkhai",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
            ]
            done = subprocess.run(  # noqa: S603 - PostgreSQL's own program
                [*init, "--no-sync"], check=False, user=user, stdout=log, stderr=log, cwd=folder
            )
            if done.returncode:
                raise RuntimeError(last_line(folder / "log"))
            port = free_port()
            settings = FAST | {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": ""}
            options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
            running = subprocess.Popen(  # noqa: S603 - likewise
                [programs / "postgres", "-D", data, *options], user=user, stdout=log, stderr=log, cwd=folder
            )
            try:
                wait_until_it_listens(running, port, folder / "log")
                yield f"postgresql://trienkhai@127.0.0.1:{port}/postgres"
            finally:
                stop(running)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def wait_until_it_listens(running: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    """Wait for the server to answer.

    Raises:
        RuntimeError: it ended, or took too long.
    """
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if running.poll() is not None:
            raise RuntimeError(last_line(log))
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    msg = "PostgreSQL took too long to start"
    raise RuntimeError(msg)


def stop(running: "subprocess.Popen[bytes]") -> None:
    """End the server at once; nothing in it is worth keeping."""
    if os.name == "nt":
        running.terminate()
    else:
        import signal  # noqa: PLC0415 - the signal below is not on every system

        running.send_signal(signal.SIGQUIT)  # immediate shutdown
    try:
        running.wait(timeout=20)
    except subprocess.TimeoutExpired:
        running.kill()


def last_line(log: Path) -> str:
    """The last thing the server said."""
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "PostgreSQL ended without a word"


def main() -> int:
    """Serve until standard input closes."""
    try:
        with server() as url:
            print(url, flush=True)  # noqa: T201 - the answer our caller reads
            sys.stdin.read()
    except (RuntimeError, OSError) as fault:
        print(fault, flush=True)  # noqa: T201 - likewise
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
