"""Looking for comments that say the same: by the worker, however many there are."""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from django.tasks import task

from trienkhai.accounts.models import User
from trienkhai.comments.actions import grouping
from trienkhai.comments.models import GroupingRun
from trienkhai.comments.queries.alike import Found, candidates, heads
from trienkhai.comments.queries.places import Desk, desk_of
from trienkhai.comments.rules.grouping import DeskError, Join, Placed, joins
from trienkhai.core.decisions import DomainError
from trienkhai.ledger.clock import local_day, now
from trienkhai.organisation.models import Unit
from trienkhai.organisation.queries import actor_for
from trienkhai.organisation.rules import Actor
from trienkhai.text.similar import group_texts, propose_themes

FEW = 300
"""Up to so many points are looked through at once, while the desk waits."""
_TELL_EVERY = 0.5  # seconds

Tell = Callable[[float], None]


@task()
def look_for_alike(run: str, user: int) -> None:
    """Look through a desk for somebody; how far it is stands in the run, and what went wrong."""
    found = GroupingRun.objects.filter(key=UUID(run), finished_at__isnull=True).select_related("call", "book").first()
    if found is not None:
        at = now()
        carry_out(found, actor=actor_for(User.objects.get(pk=user), on=local_day(at)))


def carry_out(run: GroupingRun, *, actor: Actor) -> None:
    """Look through a desk and note in the run how it went."""
    desk = desk_of(run.call) if run.call is not None else Desk(run.book_id, None, Unit.objects.get(pk=run.book_id).key)
    told = float("-inf")

    def tell(share: float) -> None:
        nonlocal told
        if time.monotonic() - told > _TELL_EVERY:
            told = time.monotonic()
            GroupingRun.objects.filter(pk=run.pk).update(done=int(share * 1000), told_at=now())

    tell(0)

    error, moved, points = str(DeskError.SEARCH_FAILED), 0, 0
    try:
        points, moved = find_alike(desk, actor=actor, at=local_day(now()), tell=tell)
        error = ""
    except DomainError as fault:
        error = str(fault.code)
    finally:  # whatever else goes wrong, nobody waits for it for ever
        GroupingRun.objects.filter(pk=run.pk).update(
            finished_at=now(), done=1000, moved=moved, points=points, error=error[:60]
        )


def find_alike(desk: Desk, *, actor: Actor, at: date, tell: Tell | None = None) -> tuple[int, int]:
    """Group the desk's points that say the same, and propose themes; how many were read, and how many moved.

    Nothing is locked while texts are compared; what the desk does meanwhile stands.

    Raises:
        Refused: not the desk, or finished.
    """
    say = tell or _silent
    found = candidates(desk)
    wanted = _alike(found, lambda share: say(0.6 * share))
    entry = grouping.join_alike(desk=desk, found=wanted, actor=actor, at=at)
    say(0.8)
    grouping.propose_themes(desk=desk, themes=_themes(desk, lambda share: say(0.8 + 0.15 * share)), actor=actor, at=at)
    return len(found), entry.count if entry is not None else 0


def _alike(found: Sequence[Found], tell: Tell) -> list[Join]:
    """Within what is about the same thing."""
    by_subject: dict[object, list[Found]] = defaultdict(list)
    for one in found:
        by_subject[one.subject].append(one)
    wanted: list[Join] = []
    done = 0
    for same in by_subject.values():
        share = len(same) / len(found)
        grouped = group_texts([one.text for one in same], progress=_part(tell, done / len(found), share))
        placed = [Placed(one.point, one.group, one.is_placed) for one in same]
        wanted += joins(placed, zip(grouped.groups, grouped.representatives, strict=True))
        done += len(same)
    return sorted(wanted, key=lambda join: join.into)


def _part(tell: Tell, start: float, share: float) -> Tell:
    return lambda own: tell(start + share * own)


def _themes(desk: Desk, tell: Tell) -> list[tuple[int, list[int]]]:
    """Proposals among groups that are in no theme somebody has named."""
    rows = heads(desk)
    found = propose_themes([text for _group, text, _size in rows], [size for _g, _t, size in rows], progress=tell)
    return [(rows[theme.representative][0], [rows[place][0] for place in theme.members]) for theme in found]


def _silent(_: float) -> None:
    return
