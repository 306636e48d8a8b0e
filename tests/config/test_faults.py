import errno

import pytest
from django.db.utils import OperationalError

from trienkhai.config.faults import CannotRun, explain


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (CannotRun("as it is"), "as it is"),
        (OSError(errno.ENOSPC, "No space left on device", "/data/x"), "disk is full"),
        (OSError(errno.EACCES, "Permission denied", "/data"), "No permission"),
        (OperationalError("database or disk is full"), "disk is full"),
        (OperationalError("unable to open database file"), "readable and writable"),
        (OperationalError("attempt to write a readonly database"), "who owns it"),
        (OperationalError("no such table: ledger_entry"), "trienkhai migrate"),
        (OperationalError('connection failed: database "x" does not exist'), "create it first"),
        (OperationalError("connection failed: connection refused"), "cannot be reached"),
        (OperationalError("server closed the connection unexpectedly"), "gone away"),
    ],
)
def test_what_the_surroundings_did_wrong_is_said_in_words(fault: Exception, words: str) -> None:
    assert words in str(explain(fault))


def test_the_cause_is_looked_at_too() -> None:
    fault = RuntimeError("while saving")
    fault.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    assert "disk is full" in str(explain(fault))


def test_our_own_faults_keep_their_traceback() -> None:
    assert explain(KeyError("x")) is None
