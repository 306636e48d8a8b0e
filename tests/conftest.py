"""What every test stands on. The machine's part is in ``tests/surroundings.py``, the browser's in ``tests/e2e``."""

import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.core.management.commands import flush

from tests.surroundings import find_browser, nothing_may_be_left_out, on_postgresql

NEEDS_A_DATABASE = {"db", "transactional_db", "django_db_setup", "live_server"}
E2E = Path(__file__).parent / "e2e"

hypothesis.settings.register_profile("default", deadline=None, print_blob=True)
hypothesis.settings.register_profile("thorough", deadline=None, print_blob=True, max_examples=1000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark journeys; keep for each database the tests that belong to it.

    On SQLite: everything but tests marked ``postgresql``. On PostgreSQL: tests that use the database, without journeys
    and tests marked ``sqlite``. The two runs together leave nothing out.
    """
    for item in items:
        if item.path.is_relative_to(E2E):
            item.add_marker(pytest.mark.journey)
    wanted = _belongs_to_postgresql if on_postgresql() else _belongs_to_sqlite
    kept = [item for item in items if wanted(item)]
    if len(kept) < len(items):
        config.hook.pytest_deselected(items=[item for item in items if not wanted(item)])
        items[:] = kept


def _belongs_to_sqlite(item: pytest.Item) -> bool:
    return item.get_closest_marker("postgresql") is None


def _belongs_to_postgresql(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    uses_database = item.get_closest_marker("django_db") is not None or bool(fixtures & NEEDS_A_DATABASE)
    elsewhere = item.get_closest_marker("journey") or item.get_closest_marker("sqlite")
    return (uses_database or item.get_closest_marker("postgresql") is not None) and not elsewhere


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,  # noqa: ARG001 - pytest's names
    call: pytest.CallInfo[None],  # noqa: ARG001
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skipped test into a failed one where nothing may be left out."""
    report = yield
    return _failed_if_skipped(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,  # noqa: ARG001 - pytest's name
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Likewise for a module that skips itself."""
    report = yield
    return _failed_if_skipped(report)


def _failed_if_skipped[R: (pytest.TestReport, pytest.CollectReport)](report: R) -> R:
    if report.skipped and not hasattr(report, "wasxfail") and nothing_may_be_left_out():
        report.outcome = "failed"
        report.longrepr = f"Left out where nothing may be: {report.longrepr}"
    return report


def pytest_report_header() -> str:
    """Say which database this run is about."""
    return f"database: {'PostgreSQL' if on_postgresql() else 'SQLite'}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say plainly what was left out, and what an earlier run found."""
    notes = [text for text in os.environ.get("TRIENKHAI_TEST_NOTES", "").split("|") if text]
    if not on_postgresql() and find_browser() is None:
        notes.append("Left out: journeys in a browser: no Chromium found")
    for text in notes:
        terminalreporter.write_line(text, yellow=True)


@pytest.fixture(scope="session", autouse=True)
def _a_flush_may_empty_what_is_append_only() -> Iterator[None]:
    """Take the ledger's triggers away while a transactional test's rows are flushed, and put them back."""
    from trienkhai.ledger import triggers  # noqa: PLC0415 - needs Django to be set up

    patch = pytest.MonkeyPatch()
    original = flush.Command.handle

    def handle(command: flush.Command, **options: Any) -> None:
        triggers.drop_all()
        try:
            original(command, **options)
        finally:
            triggers.create_all()

    patch.setattr(flush.Command, "handle", handle)
    yield
    patch.undo()
