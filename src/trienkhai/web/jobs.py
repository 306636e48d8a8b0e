"""Long lists are read, compared and written by the worker."""

from datetime import datetime
from uuid import UUID

from django.tasks import task

from trienkhai.accounts.models import User
from trienkhai.core.decisions import DomainError
from trienkhai.imports import actions as imports
from trienkhai.imports.models import ImportBatch
from trienkhai.imports.rules.states import ImportFault, Step
from trienkhai.ledger.clock import local_day, now
from trienkhai.organisation.actions import importing
from trienkhai.organisation.queries import actor_for, states_on
from trienkhai.organisation.rules import Actor, UnitKind
from trienkhai.rollouts.actions.organisation import reconciled


@task()
def carry_on(key: str, step: str, user: int) -> None:
    """Do one step with a list for somebody; what went wrong is noted in the list."""
    at = now()
    batch = ImportBatch.objects.filter(key=UUID(key), busy=step).first()
    if batch is None:
        return
    actor = actor_for(User.objects.get(pk=user), on=local_day(at))
    try:
        carry_out(batch.key, Step(step), actor=actor, at=at)
    except DomainError as error:
        if error.code == ImportFault.CHANGED_SINCE:
            importing.compare_rows(key=batch.key, actor=actor, at=at)
        imports.hand_back(key=batch.key, error=error)
    else:
        imports.hand_back(key=batch.key)


def carry_out(key: UUID, step: Step, *, actor: Actor, at: datetime) -> None:
    """Do one step with a list.

    Raises:
        DomainError: as the step's actions.
    """
    match step:
        case Step.READ:
            batch = ImportBatch.objects.get(key=key)
            imports.read_batch(key=key, today=local_day(at), unit_name=_own_cell(batch))
            importing.suggest_units(key=key, actor=actor, at=at)
        case Step.COMPARE:
            importing.compare_rows(key=key, actor=actor, at=at)
        case Step.IMPORT:
            reconciled(importing.import_list)(key=key, actor=actor, at=at)


def _own_cell(batch: ImportBatch) -> str:
    """The name of the unit when the list is a single cell's: its rows need not name it."""
    lead = states_on(batch.holds_from).filter(unit__key=batch.unit).first()
    return lead.name if lead and lead.kind in {UnitKind.CELL, UnitKind.GROUP} else ""
