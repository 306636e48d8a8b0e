"""The installed clock. Views, jobs and commands read it; everything else gets the time as an argument."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime

from django.utils import timezone

_simulated: ContextVar[datetime | None] = ContextVar("simulated_time", default=None)


def now() -> datetime:
    """This moment, aware."""
    return _simulated.get() or datetime.now(tz=UTC)  # noqa: TID251 - the one place


def today() -> date:
    """The installation's local day."""
    return local_day(now())


def local_day(moment: datetime) -> date:
    """The local day a moment falls on, in the installation's time zone."""
    return timezone.localdate(moment)


def is_simulated() -> bool:
    """Whether time is being played rather than read."""
    return _simulated.get() is not None


@contextmanager
def simulated(moment: datetime) -> Iterator[None]:
    """Play that it is ``moment``. The ledger accepts this only in an installation whose first entry was simulated."""
    token = _simulated.set(moment)
    try:
        yield
    finally:
        _simulated.reset(token)
