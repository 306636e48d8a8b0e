"""Changes to the organisation together with what they change in roll-outs: call these, not organisation's own."""

from collections.abc import Callable
from functools import wraps

from django.db import transaction

from trienkhai.organisation import actions
from trienkhai.organisation.actions import Change
from trienkhai.rollouts.actions.reconciling import reconcile


def reconciled[**P](action: Callable[P, Change]) -> Callable[P, Change]:
    """The same action, with obligations and figures brought in line in the same transaction."""

    @wraps(action)
    @transaction.atomic
    def run(*args: P.args, **kwargs: P.kwargs) -> Change:
        change = action(*args, **kwargs)
        reconcile(entry=change.entry, people=change.people, units=change.units)
        return change

    return run
