"""What calls and submissions add to figures."""

from collections.abc import Sequence

from trienkhai.comments.models import Call, Submission
from trienkhai.ledger.models import Entry


def opened(*, call: Call, entry: Entry) -> None:
    """People are asked: the call's electorate is there."""


def submitted(*, submissions: Sequence[Submission], entry: Entry) -> None:
    """Submissions and their points have been written; those of one call, or all unasked."""


def withdrawn(*, submissions: Sequence[Submission], entry: Entry) -> None:
    """Submissions have been superseded: entered by mistake, or withdrawn by their authors."""
