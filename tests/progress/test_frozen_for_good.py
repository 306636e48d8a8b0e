"""Frozen figures are guarded by the database itself, whoever asks."""

import argparse

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from tests.factories.progress import Move, Play, start_play
from trienkhai.config.commands import check
from trienkhai.ledger import clock, triggers
from trienkhai.ledger.queries import check_ledger
from trienkhai.organisation.models import Unit
from trienkhai.organisation.rules import SYSTEM
from trienkhai.progress import actions
from trienkhai.progress.models import FrozenFigure, Report
from trienkhai.progress.triggers import GUARDS, SAID

pytestmark = pytest.mark.django_db


@pytest.fixture
def play() -> Play:
    """Some papers are in."""
    play = start_play()
    play.play(Move("hand_in_many", wait=1, a=1))
    return play


def write(play: Play) -> Report:
    ward = Unit.objects.get(pk=play.ward)
    with clock.simulated(play.moment):
        return actions.create_report(
            rollout=play.rollout, unit=ward, as_of=play.today, language="vi", actor=SYSTEM, at=play.moment
        )


@pytest.fixture
def draft(play: Play) -> Report:
    """A report that may still be changed."""
    return write(play)


@pytest.fixture
def frozen(play: Play) -> Report:
    """A report whose figures are frozen."""
    report = write(play)
    with clock.simulated(play.moment):
        return actions.freeze_report(report=report, version=report.version, actor=SYSTEM, at=play.moment)


def contents() -> list[object]:
    return [
        *Report.objects.order_by("pk").values_list(),
        *FrozenFigure.objects.order_by("pk").values_list(),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE progress_frozenfigure SET numerator = numerator + 1",
        "UPDATE progress_frozenfigure SET unit_name = 'khác' WHERE position = 0",
        "DELETE FROM progress_frozenfigure",
        "DELETE FROM progress_frozenfigure WHERE position > 0",
        "UPDATE progress_report SET body = 'khác' WHERE frozen_at IS NOT NULL",
        "UPDATE progress_report SET frozen_at = NULL, frozen_seq = NULL, ledger_head = ''",
        "UPDATE progress_report SET as_of = '2012-01-01'",
        "DELETE FROM progress_report WHERE frozen_at IS NOT NULL",
        (
            "INSERT INTO progress_frozenfigure (report_id, code, unit_id, unit_name, position, definition, numerator,"
            " declared_numerator, declared_denominator)"
            " SELECT report_id, 'nhét thêm', unit_id, unit_name, 99, definition, 1, 0, 0"
            " FROM progress_frozenfigure WHERE position = 0 AND code = 'units_studied'"
        ),
    ],
)
def test_no_statement_changes_what_is_frozen(frozen: Report, statement: str) -> None:
    before = contents()
    with pytest.raises(DatabaseError, match=SAID), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert contents() == before
    assert frozen.is_frozen


@pytest.mark.postgresql
@pytest.mark.parametrize("table", ["progress_frozenfigure", "progress_report"])
@pytest.mark.usefixtures("frozen")
def test_nor_are_the_tables_emptied(table: str) -> None:
    connection.check_constraints()
    with pytest.raises(DatabaseError, match=SAID), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.usefixtures("frozen")
def test_drafts_beside_it_are_changed_frozen_and_thrown_away(draft: Report, play: Play) -> None:
    Report.objects.filter(pk=draft.pk).update(number="12-BC/ĐU")
    with clock.simulated(play.moment):
        actions.freeze_report(report=draft, version=draft.version, actor=SYSTEM, at=play.moment)
    another = write(play)
    assert another.delete()[0] == 1


@pytest.mark.usefixtures("draft")
def test_a_missing_guard_is_found_and_made_again_by_migrating(capsys: pytest.CaptureFixture[str]) -> None:
    wanted = {guard.name for guard in GUARDS} & triggers.names()
    assert len(wanted) >= 5
    connection.check_constraints()  # those put off to the end would hold up the migration
    gone = "progress_frozenfigure_no_update"
    with connection.cursor() as cursor:
        cursor.execute(
            f"DROP TRIGGER {gone}" + (" ON progress_frozenfigure" if connection.vendor == "postgresql" else "")
        )
    assert [(fault.code, fault.at) for fault in check_ledger()] == [("trigger_missing", gone)]
    assert check.run(argparse.Namespace()) == 1
    assert f"trigger_missing: {gone}" in capsys.readouterr().out
    call_command("migrate", verbosity=0)
    assert check_ledger() == []
