"""Joining a transaction under way instead of setting a savepoint in it."""

from collections.abc import Callable
from functools import wraps

from django.db import connection, transaction


def joining[**P, R](action: Callable[P, R]) -> Callable[P, R]:
    """Run inside the caller's transaction; in one of its own only when there is none.

    For what facts pass through on their way: ``transaction.atomic`` would send two statements more for each call.
    Errors go up to the transaction's owner, who undoes everything.
    """

    @wraps(action)
    def joined(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            return action(*args, **kwargs)
        with transaction.atomic():
            return action(*args, **kwargs)

    return joined
