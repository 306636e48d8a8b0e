"""Apps above that count what plans bring about: told within the transaction that adopts a version or takes it back."""

from collections.abc import Callable, Sequence

from trienkhai.ledger.models import Entry
from trienkhai.plans.models import PlanVersion

type Done = Callable[[Entry], None]
type Watch = Callable[[Sequence[PlanVersion]], Done]

_WATCHES: dict[str, Watch] = {}


def register_watch(code: str, watch: Watch) -> None:
    """Call ``watch`` with the versions before their adoption changes, and what it returns with the entry afterwards.

    From ``apps.ready``; ``code`` is the app's.
    """
    _WATCHES[code] = watch


def watched(versions: Sequence[PlanVersion]) -> Done:
    """Tell whoever watches that the adoption of these versions is about to change; call the result when it has."""
    told = [watch(versions) for watch in _WATCHES.values()] if versions else []

    def done(entry: Entry) -> None:
        for one in told:
            one(entry)

    return done
