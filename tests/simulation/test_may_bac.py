from collections import Counter
from datetime import UTC, date, datetime

import pytest

from tests.e2e import lists
from tests.factories.organisation import make_unit
from trienkhai.imports import actions as imports
from trienkhai.imports.rules.states import Decision
from trienkhai.organisation.actions import importing
from trienkhai.organisation.models import Membership, UnitState
from trienkhai.organisation.rules import SYSTEM, Standing, UnitKind

pytestmark = pytest.mark.django_db
AT = datetime(2026, 1, 20, 3, tzinfo=UTC)


def test_the_list_journeys_use_is_read_as_it_says() -> None:
    ward = make_unit(lists.WARD, kind=UnitKind.BASE, on=date(2010, 1, 1))
    key = UnitState.objects.get(unit=ward).unit.key
    batch = imports.take_in(
        content=lists.workbook(), name="ds.xlsx", unit=key, holds_from=date(2026, 1, 1), actor_key=None, at=AT
    )
    imports.read_batch(key=batch.key, today=date(2026, 1, 20))
    importing.suggest_units(key=batch.key, actor=SYSTEM, at=AT)
    batch = importing.compare_rows(key=batch.key, actor=SYSTEM, at=AT)
    decisions = Counter(batch.rows.values_list("decision", flat=True))
    faulty = [(row.line, row.faults) for row in batch.rows.filter(decision=Decision.FAULTY).order_by("pk")]
    assert len(faulty) == lists.FAULTY, faulty
    assert decisions == {
        Decision.FAULTY: lists.FAULTY,
        Decision.ASK: lists.ASKED,
        Decision.NEW: lists.GOOD - lists.ASKED,
    }
    for row in batch.rows.filter(decision=Decision.ASK):
        importing.answer_row(key=batch.key, row=row.pk, decision=Decision.NEW, actor=SYSTEM, at=AT)
    importing.import_list(key=batch.key, actor=SYSTEM, at=AT)
    cells = UnitState.objects.filter(kind=UnitKind.CELL).values_list("name", flat=True)
    assert {name.casefold() for name in cells} == {name.casefold() for name in lists.CELLS}
    ties = Membership.objects.current()
    assert ties.count() == lists.GOOD
    assert ties.filter(standing=Standing.EXEMPT).count() == lists.EXEMPT
