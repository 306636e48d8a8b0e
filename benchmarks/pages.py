"""Pages of a ward on SQLite: the server's time for each, and what a first and a next visit bring over the wire.

    python benchmarks/pages.py [--seconds 60]

A ward of 2,500 members and 90 cells is played into a folder of its own (a year of work, through the actions). Server
time is that of Django's test client as the ward's office clerk: middleware, policies, statements, templates; every page
is opened once beforehand. Bytes are those of `trienkhai serve` to a browser that takes br and gzip, heads included;
fonts: the three files of one weight that Vietnamese text needs.
"""

import argparse
import contextlib
import http.client
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import measuring

KIB = 1024
MOST_EACH = 40
LINKED = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js|svg))"')
IMPORTED = re.compile(r'(?:from|import)\s*"\./([^"]+\.js)"')
FONT = re.compile(r'url\("(fonts/[^"]*-400-[^"]*\.woff2)"\)')


def play(seed: int) -> None:
    """Play a ward."""
    from trienkhai.simulation.scales import SIZES  # noqa: PLC0415
    from trienkhai.simulation.scales import play as play_scale  # noqa: PLC0415

    begun = time.perf_counter()
    told = play_scale(size=SIZES["ward"], seed=seed, say=lambda _text: None)
    print(f"A ward played in {time.perf_counter() - begun:.0f} s: {told.people:,} people, {told.meetings} meetings, "
          f"{told.attendances:,} attendances, {told.papers:,} papers")  # fmt: skip


def clerk() -> Any:
    """The ward's office clerk."""
    from trienkhai.accounts.models import User  # noqa: PLC0415
    from trienkhai.organisation.models import Delegation  # noqa: PLC0415
    from trienkhai.rollouts.models import Rollout  # noqa: PLC0415

    user = User.objects.create_user("van-phong")
    lead = Rollout.objects.get().lead
    Delegation.objects.create(user=user, unit=lead, role="office", starts_on=date(2025, 1, 1))
    return user


def report(user: Any) -> Any:
    """A report of the roll-out, written by the clerk's page."""
    from django.urls import reverse  # noqa: PLC0415

    from trienkhai.progress.models import Report  # noqa: PLC0415
    from trienkhai.rollouts.models import Rollout  # noqa: PLC0415

    rollout = Rollout.objects.get()
    client = _client(user)
    client.post(
        reverse("progress:create_report", args=[rollout.key]), {"as_of": "31/10/2025", "unit": rollout.lead.key}
    )
    return Report.objects.first()


def _client(user: Any) -> Any:
    from django.test import Client  # noqa: PLC0415

    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    return client


def addresses(user: Any) -> dict[str, str]:
    """The main pages by name."""
    from django.urls import reverse  # noqa: PLC0415

    from trienkhai.directives.models import Directive  # noqa: PLC0415
    from trienkhai.meetings.models import Meeting  # noqa: PLC0415
    from trienkhai.organisation.models import Person, Unit  # noqa: PLC0415
    from trienkhai.rollouts.models import Rollout  # noqa: PLC0415

    rollout = Rollout.objects.get()
    cell = Unit.objects.filter(states__kind="cell").order_by("pk")[40]
    meeting = Meeting.objects.filter(host=cell).first() or Meeting.objects.first()
    assert meeting is not None
    person = Person.objects.filter(memberships__unit=cell).first()
    assert person is not None
    found = {
        "to do (home)": reverse("web:home"),
        "roll-outs": reverse("rollouts:index"),
        "roll-out, 90 cells": reverse("progress:rollout", args=[rollout.key]),
        "roll-out, as of and known at": reverse("progress:rollout", args=[rollout.key])
        + "?as_of=2025-09-15&known_at=2025-09-30",
        "roll-out of a cell": reverse("progress:rollout", args=[rollout.key]) + f"?unit={cell.key}",
        "facts: who has studied": reverse("progress:facts", args=[rollout.key, "persons_studied"]),
        "facts of a cell": reverse("progress:facts", args=[rollout.key, "papers_submitted"]) + f"?unit={cell.key}",
        "tree": reverse("organisation:tree"),
        "unit: the ward": reverse("organisation:unit", args=[rollout.lead.key]),
        "unit: a cell": reverse("organisation:unit", args=[cell.key]),
        "person": reverse("organisation:person", args=[person.key]),
        "search": reverse("organisation:search") + "?q=nguyen+van",
        "directives": reverse("directives:index"),
        "directive": reverse("directives:one", args=[Directive.objects.all()[0].key]),
        "receipts": reverse("rollouts:receipts", args=[rollout.key]),
        "plans": reverse("plans:index", args=[rollout.key]),
        "meetings": reverse("meetings:of_rollout", args=[rollout.key]),
        "meeting": reverse("meetings:one", args=[meeting.key]),
        "roll call": reverse("meetings:roll", args=[meeting.key]),
        "who has not studied": reverse("meetings:missing", args=[rollout.key]),
        "papers by unit": reverse("papers:index", args=[rollout.key]),
        "papers of a cell": reverse("papers:of_unit", args=[rollout.key, cell.key]),
        "reports": reverse("progress:reports"),
        "import": reverse("web:import"),
    }
    if written := report(user):
        found["report"] = reverse("progress:report", args=[written.key])
    return found


def server_time(user: Any, pages: dict[str, str], seconds: float) -> None:
    client = _client(user)
    every: list[float] = []

    def opening(address: str) -> Callable[[], object]:
        def work() -> None:
            answer = client.get(address)
            assert answer.status_code == 200, (address, answer.status_code)

        return work

    for name, address in pages.items():
        times = measuring.samples([opening(address)] * MOST_EACH, seconds=seconds / len(pages), warm_up=1)
        every.extend(times)
        measuring.row(name, "p95 ≤ 50 ms", measuring.spread(times), met=measuring.percentile(times, 0.95) <= 50)
    measuring.row("all of them", "p95 ≤ 50 ms", measuring.spread(every), met=measuring.percentile(every, 0.95) <= 50)


# --- bytes over the wire --------------------------------------------------------------------------------------------


@contextlib.contextmanager
def served(folder: str) -> Iterator[int]:
    """Serve the folder; yields the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "trienkhai.config.cli", "serve", "--port", str(port), "--no-worker"]
    env = {**os.environ, "TRIENKHAI_DATA": folder, "PYTHONPATH": str(measuring.ROOT / "src")}
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)  # noqa: S603 - ourselves
    try:
        until = time.monotonic() + 120
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                fetch(port, "/accounts/login/")
                break
            time.sleep(0.5)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def fetch(port: int, path: str, cookie: str = "") -> tuple[int, bytes, int]:
    """Bytes on the wire (head and body), the body as text would be, and the status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Accept-Encoding": "br, gzip", "Accept-Language": "vi", **({"Cookie": cookie} if cookie else {})}
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    head = sum(len(name) + len(value) + 4 for name, value in answer.getheaders()) + 17
    connection.close()
    return head + len(body), _plain(body, answer.getheader("Content-Encoding", "")), answer.status


def _plain(body: bytes, encoding: str) -> bytes:
    if encoding == "gzip":
        import gzip  # noqa: PLC0415

        return gzip.decompress(body)
    if encoding == "br":
        import brotli  # type: ignore[import-not-found, import-untyped, unused-ignore]  # noqa: PLC0415

        return bytes(brotli.decompress(body))
    return body


def visit(port: int, path: str, cookie: str, seen: set[str]) -> int:
    """Bytes a page brings with everything it needs that a browser has not ``seen``."""
    total, body, status = fetch(port, path, cookie)
    assert status == 200, (path, status)
    waiting = LINKED.findall(body.decode())
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        size, content, status = fetch(port, address)
        assert status == 200, (address, status)
        total += size
        folder = address.rpartition("/")[0]
        if address.endswith(".css"):
            waiting.extend(f"{folder}/{name}" for name in FONT.findall(content.decode()))
        if address.endswith(".js"):
            waiting.extend(f"{folder}/{name}" for name in IMPORTED.findall(content.decode()))
    return total


def over_the_wire(user: Any, folder: str, pages: dict[str, str]) -> None:
    from django.conf import settings  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    session = _client(user).cookies[settings.SESSION_COOKIE_NAME].value
    connections.close_all()
    with served(folder) as port:
        cookie = f"{settings.SESSION_COOKIE_NAME}={session}"
        for name, path, who in (
            ("first visit: sign-in", "/accounts/login/", ""),
            ("first visit: to do", "/", cookie),
            ("first visit: roll-out, 90 cells", pages["roll-out, 90 cells"], cookie),
        ):
            size = visit(port, path, who, set())
            measuring.row(name, "≤ 150 KiB", f"{size / KIB:.1f} KiB", met=size <= 150 * KIB)
        seen: set[str] = set()
        visit(port, "/", cookie, seen)
        for name, path in pages.items():
            size = visit(port, path, cookie, seen)
            measuring.row(f"next page: {name}", "≤ 20 KiB", f"{size / KIB:.1f} KiB", met=size <= 20 * KIB)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60, help="for all pages together")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="trienkhai-benchmark-") as folder:
        measuring.use("", folder=folder)
        play(options.seed)
        user = clerk()
        pages = addresses(user)
        measuring.heading(f"Pages of a ward\n{measuring.machine()}")
        server_time(user, pages, options.seconds)
        over_the_wire(user, folder, pages)


if __name__ == "__main__":
    main()
