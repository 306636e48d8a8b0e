from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from trienkhai.ledger.rules import GENESIS, TOLERANCE, Line, chained, digest_of, stamp

NOON = datetime(2012, 11, 5, 12, tzinfo=UTC)


def line(seq: int, **changed: object) -> Line:
    values = {"actor": "a", "action": "x.y", "subject": "s", "count": 1, "digest": "d", "file_digest": ""}
    return Line(seq=seq, recorded_at=NOON, **{**values, **changed})  # type: ignore[arg-type]


def test_any_altered_entry_changes_the_head() -> None:
    head = chained(GENESIS, [line(1), line(2)])
    changes = ({"count": 2}, {"digest": "e"}, {"actor": "b"}, {"action": "x.z"}, {"subject": ""}, {"file_digest": "f"})
    assert len({head, *(chained(GENESIS, [line(1), line(2, **changed)]) for changed in changes)}) == 7
    assert chained(GENESIS, [line(2), line(1)]) != head


def test_chaining_in_two_batches_is_chaining_in_one() -> None:
    whole = chained(GENESIS, [line(1), line(2), line(3)])
    assert chained(chained(GENESIS, [line(1)]), [line(2), line(3)]) == whole


def test_a_digest_needs_its_salt() -> None:
    content = {"tên": "Nguyễn Văn Thử"}
    assert digest_of("muối", content) == digest_of("muối", dict(reversed(content.items())))
    assert digest_of("muối", content) != digest_of("", content)


@given(st.integers(-600, 600))
def test_recorded_time_never_runs_backwards(seconds: int) -> None:
    given_ = stamp(NOON + timedelta(seconds=seconds), NOON)
    if seconds >= 0:
        assert given_ == NOON + timedelta(seconds=seconds)
    elif -seconds <= TOLERANCE.total_seconds():
        assert given_ == NOON
    else:
        assert given_ is None
