from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from trienkhai.core.decisions import Refused
from trienkhai.ledger import clock, triggers
from trienkhai.ledger.actions import record, seal
from trienkhai.ledger.models import Detail, Entry, Origin, Seal
from trienkhai.ledger.queries import check_ledger, history_of, last_seal
from trienkhai.ledger.rules import LedgerError

pytestmark = pytest.mark.django_db
NOVEMBER = datetime(2012, 11, 5, 3, tzinfo=UTC)


def played(moment: datetime) -> Entry:
    with clock.simulated(moment):
        return record(actor=uuid4(), action="tests.played", detail={"n": 1})


def test_an_entry_carries_number_day_and_detail() -> None:
    subject = uuid4()
    first = record(actor=None, action="tests.first", subject=subject, detail={"tên": "thử"})
    second = record(actor=None, action="tests.second", subject=subject, count=25)
    assert second.seq > first.seq
    assert first.recorded_on == clock.local_day(first.recorded_at)
    assert [entry.action for entry in history_of(subject)] == ["tests.second", "tests.first"]
    assert history_of(subject)[1].detail.content == {"tên": "thử"}


def test_the_local_day_counts_not_that_of_greenwich() -> None:
    assert played(datetime(2012, 10, 31, 18, tzinfo=UTC)).recorded_on.isoformat() == "2012-11-01"


@pytest.mark.parametrize("statement", ["UPDATE ledger_entry SET count = 99", "DELETE FROM ledger_entry"])
def test_the_database_itself_forbids_change(statement: str) -> None:
    record(actor=None, action="tests.kept")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Entry.objects.get().count == 1


def test_a_missing_trigger_is_found_and_made_again() -> None:
    assert check_ledger() == []
    triggers.drop_all()
    assert {fault.code for fault in check_ledger()} == {"trigger_missing"}
    triggers.create_all()
    assert check_ledger() == []


def test_sealing_chains_what_came_since() -> None:
    assert seal(at=NOVEMBER) is None
    record(actor=None, action="tests.one")
    first = seal(at=NOVEMBER)
    assert seal(at=NOVEMBER) == first
    record(actor=None, action="tests.two")
    second = seal(at=NOVEMBER)
    assert first is not None
    assert second is not None
    assert (second.previous, second.first_seq) == (first.head, first.last_seq + 1)
    assert last_seal() == second
    assert check_ledger() == []


def test_an_altered_entry_is_found_by_the_chain() -> None:
    record(actor=None, action="tests.one")
    seal(at=NOVEMBER)
    triggers.drop_all()
    Entry.objects.update(count=2)
    triggers.create_all()
    assert [fault.code for fault in check_ledger()] == ["entries_altered"]


def test_a_broken_chain_is_found() -> None:
    for name in ("tests.one", "tests.two"):
        record(actor=None, action=name)
        seal(at=NOVEMBER)
    triggers.drop_all()
    Seal.objects.order_by("number").first().delete()  # type: ignore[union-attr]
    triggers.create_all()
    assert "chain_broken" in {fault.code for fault in check_ledger()}


def test_forgetting_a_persons_detail_leaves_the_chain_whole() -> None:
    record(actor=None, action="tests.one", detail={"tên": "Nguyễn Thị Thử"})
    seal(at=NOVEMBER)
    Detail.objects.all().delete()
    assert check_ledger() == []


def test_an_altered_detail_is_found() -> None:
    record(actor=None, action="tests.one", detail={"n": 1})
    Detail.objects.update(content={"n": 2})
    assert [fault.code for fault in check_ledger()] == ["detail_altered"]


def test_a_clock_set_back_is_refused_and_nothing_is_written() -> None:
    played(NOVEMBER)
    with pytest.raises(Refused, match=LedgerError.CLOCK_SET_BACK):
        played(datetime(2012, 11, 5, 2, tzinfo=UTC))
    assert Entry.objects.count() == 1


def test_played_time_is_refused_where_something_real_was_recorded() -> None:
    record(actor=None, action="tests.real")
    with pytest.raises(Refused, match=LedgerError.NOT_A_SIMULATION):
        played(datetime(2030, 1, 1, tzinfo=UTC))
    assert not Origin.objects.get().is_simulated


def test_a_simulation_stays_marked_when_time_goes_on_for_real() -> None:
    played(NOVEMBER)
    record(actor=None, action="tests.real")
    assert Origin.objects.get().is_simulated
