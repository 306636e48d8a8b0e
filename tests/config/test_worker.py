from datetime import UTC, datetime

import pytest
from django.tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from trienkhai.config.commands.worker import take_up_what_was_left


@pytest.mark.django_db
def test_what_a_killed_worker_had_begun_is_taken_up_again() -> None:
    made = {
        status: DBTaskResult.objects.create(
            args_kwargs={"args": [], "kwargs": {}},
            task_path="trienkhai.ledger.jobs.seal",
            backend_name="default",
            status=status,
            run_after=datetime(2012, 1, 1, tzinfo=UTC),
        )
        for status in (TaskResultStatus.RUNNING, TaskResultStatus.SUCCESSFUL, TaskResultStatus.READY)
    }
    assert take_up_what_was_left() == 1
    for result in made.values():
        result.refresh_from_db()
    assert [result.status for result in made.values()] == ["READY", "SUCCESSFUL", "READY"]
