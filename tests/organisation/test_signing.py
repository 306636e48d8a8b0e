"""Where a unit's documents are dated from."""

from datetime import date

import pytest

from tests.factories.organisation import AT, START, make_unit
from trienkhai.organisation import actions
from trienkhai.organisation.queries import seat_on
from trienkhai.organisation.rules import SYSTEM, UnitKind

pytestmark = pytest.mark.django_db


def test_a_cell_dates_its_documents_from_where_the_unit_above_does() -> None:
    city = make_unit("Đảng bộ thành phố", kind=UnitKind.UPPER)
    ward = actions.open_unit(
        name="Đảng bộ phường", kind=UnitKind.BASE, parent=city, on=START, place="Vân Trì", actor=SYSTEM, at=AT
    ).made[0]
    cell = make_unit("Chi bộ 1", parent=ward)
    group = make_unit("Tổ đảng 1", kind=UnitKind.GROUP, parent=cell)
    assert [seat_on(unit, START) for unit in (group, cell, ward)] == ["Vân Trì"] * 3
    assert not seat_on(city, START)
    assert not seat_on(cell, date(1990, 1, 1))  # it was not there
