"""Roll-outs and units by what a person types at the command."""

import pytest

from tests.factories.organisation import Ward, key_of_unit, make_ward
from tests.factories.rollouts import TODAY, make_rollout
from trienkhai.core.decisions import Invalid
from trienkhai.core.pages import explain
from trienkhai.organisation.models import Unit
from trienkhai.progress.queries.finding import Unfound, find_rollout, find_unit
from trienkhai.rollouts.models import Rollout

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward() -> Ward:
    return make_ward(cells=7, members=1)


@pytest.fixture
def rollout(ward: Ward) -> Rollout:
    return make_rollout(ward)


def titled(rollout: Rollout, title: str) -> Rollout:
    rollout.title = title
    rollout.save()
    return rollout


def test_part_of_a_title_that_several_have_names_them(rollout: Rollout) -> None:
    elsewhere = make_ward(cells=1, members=1, name="Đảng bộ xã khác")
    other = titled(make_rollout(elsewhere), "Triển khai 12-NQ/TW: học tập")
    with pytest.raises(Invalid) as raised:
        find_rollout("12-nq")
    assert raised.value.code == Unfound.SEVERAL_ROLLOUTS
    assert "học tập" in explain(raised.value)
    assert find_rollout("trien khai 12-NQ/TW") == rollout  # a whole title before part of one
    assert find_rollout("hoc tap") == other
    assert find_rollout(str(other.key)) == other
    with pytest.raises(Invalid) as raised:
        find_rollout("35-CT/TW")
    assert raised.value.code == Unfound.NO_SUCH_ROLLOUT


def test_part_of_a_name_that_many_units_have_names_some(ward: Ward, rollout: Rollout) -> None:
    with pytest.raises(Invalid) as raised:
        find_unit(rollout, "khu", on=TODAY)
    assert raised.value.code == Unfound.SEVERAL_UNITS
    assert str(raised.value.params["found"]).endswith("; …")
    assert find_unit(rollout, "chi bo khu 3", on=TODAY).pk == ward.cells[2]
    assert find_unit(rollout, key_of_unit(ward.cells[3]), on=TODAY).pk == ward.cells[3]
    assert find_unit(rollout, "", on=TODAY) == Unit.objects.get(pk=ward.unit)
    for typed in ("khu 99", "00000000-0000-4000-8000-000000000000"):
        with pytest.raises(Invalid) as raised:
            find_unit(rollout, typed, on=TODAY)
        assert raised.value.code == Unfound.NO_SUCH_UNIT


def test_before_the_first_roll_out(ward: Ward) -> None:
    assert ward.unit
    with pytest.raises(Invalid) as raised:
        find_rollout()
    assert raised.value.code == Unfound.NO_ROLLOUT_YET
