"""Bringing a draft's measures in from a table: kept first, looked at, then written when somebody confirms."""

import io
from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from trienkhai.core.decisions import Invalid, Refused
from trienkhai.files.actions import store
from trienkhai.files.models import StoredFile
from trienkhai.files.rules import FileKind, Limits
from trienkhai.ledger.clock import local_day
from trienkhai.organisation.rules import Actor
from trienkhai.plans.actions.locking import locked_draft
from trienkhai.plans.actions.measures import set_measures
from trienkhai.plans.models import Plan, PlanVersion
from trienkhai.plans.queries.sheets import LIMITS, read_sheet, read_stored
from trienkhai.plans.rules import VersionKind
from trienkhai.plans.rules.sheets import SheetChange, SheetFault

_TABLES = Limits(largest=LIMITS.file_bytes, kinds=frozenset({FileKind.XLSX, FileKind.CSV, FileKind.TXT}))


def keep_table(*, plan: Plan, content: BinaryIO, name: str, actor: Actor, at: datetime) -> StoredFile:
    """Keep a table that can be read, for a day; nothing of the plan changes.

    Raises:
        Refused: no draft, not the actor's, or one that applies another plan.
        Invalid: the file is damaged, too large or no table (``on="file"``).
    """
    held = io.BytesIO(content.read(LIMITS.file_bytes + 1))
    with transaction.atomic():
        read_sheet(_must_be_full(locked_draft(plan, actor=actor, at=at)), held, on=local_day(at))
        held.seek(0)
        return store(content=held, name=name, actor_key=actor.key, at=at, limits=_TABLES)


@transaction.atomic
def bring_in(*, plan: Plan, file: StoredFile, actor: Actor, at: datetime, seen: int | None = None) -> SheetChange:
    """Make the draft's measures those of the table the actor kept; rows with faults leave their measures as they are.

    Raises:
        Refused: no draft, not the actor's, changed since it was ``seen``, or somebody else's table.
        Invalid: nothing would change, or the file cannot be read any more.
    """
    draft = _must_be_full(locked_draft(plan, actor=actor, at=at, seen=seen))
    if file.uploaded_by != actor.key:
        raise Refused(SheetFault.NOT_YOURS)
    change = read_stored(draft, file, on=local_day(at))
    if change.is_nothing:
        raise Invalid(SheetFault.NOTHING_CHANGED)
    set_measures(plan=draft.plan, lines=change.lines, actor=actor, at=at, file_digest=file.sha256)
    return change


def _must_be_full(draft: PlanVersion) -> PlanVersion:
    if draft.kind != VersionKind.FULL:
        raise Refused(SheetFault.NOT_FULL)
    return draft
