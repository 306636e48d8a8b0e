import pytest
from hypothesis import given
from hypothesis import strategies as st

from trienkhai.organisation.rules.matching import Finding, Known, Listed, Verdict, compare

HERE, THERE = 1, 2
BIRTHS = st.sampled_from(["", "1968", "1968-05", "1968-05-12", "1968-05-13", "1970-01-01"])
UNITS = st.sampled_from([None, HERE, THERE])
CARDS = st.sampled_from(["", "01", "02"])


@pytest.mark.parametrize(
    ("listed", "known", "verdict"),
    [
        (Listed("1968-05-12", HERE), Known(7, "1968-05-12", HERE), Verdict.SAME),
        (Listed("1968-05-12", HERE), Known(7, "1968-05-12", THERE), Verdict.MOVED),
        (Listed("1968-05-12", None), Known(7, "1968-05-12", THERE), Verdict.MOVED),
        (Listed("1968-05-12", HERE), Known(7, "1968-05-12", None), Verdict.ASK),
        (Listed("1968", HERE), Known(7, "1968", HERE), Verdict.SAME),
        (Listed("", HERE), Known(7, "", HERE), Verdict.SAME),
        (Listed("1968", HERE), Known(7, "1968", THERE), Verdict.ASK),
        (Listed("1968", HERE), Known(7, "1968-05-12", HERE), Verdict.ASK),
        (Listed("1968-05-12", HERE), Known(7, "1968-05-13", HERE), Verdict.ASK),
        (Listed("1968-05-12", HERE), Known(7, "1968-05-13", THERE), Verdict.NEW),
        (Listed("1968-05-12", HERE, "01"), Known(7, "1968-05-12", HERE, "02"), Verdict.NEW),
        (Listed("1968-05-12", HERE, "01"), Known(7, "1970-01-01", HERE, "01"), Verdict.SAME),
    ],
)
def test_who_somebody_of_the_same_name_is(listed: Listed, known: Known, verdict: Verdict) -> None:
    found = compare(listed, [known])
    assert found.verdict is verdict
    assert found.people == (() if verdict is Verdict.NEW else (7,))


def test_nobody_of_the_name() -> None:
    assert compare(Listed("1968", HERE), []) == Finding(Verdict.NEW)


def test_the_one_in_the_same_unit_is_meant() -> None:
    namesakes = [Known(7, "1968-05-12", THERE), Known(8, "1968-05-12", HERE)]
    assert compare(Listed("1968-05-12", HERE), namesakes) == Finding(Verdict.SAME, (8,))


def test_two_who_cannot_be_told_apart_are_asked() -> None:
    namesakes = [Known(7, "1968-05-12", THERE), Known(8, "1968-05-12", 3)]
    assert compare(Listed("1968-05-12", HERE), namesakes) == Finding(Verdict.ASK, (7, 8))


@given(BIRTHS, UNITS, CARDS, st.lists(st.tuples(BIRTHS, UNITS, CARDS), max_size=4))
def test_nobody_is_taken_for_somebody_with_another_whole_birth_or_card(
    birth: str, unit: int | None, card: str, others: list[tuple[str, int | None, str]]
) -> None:
    namesakes = [Known(number, *other) for number, other in enumerate(others)]
    found = compare(Listed(birth, unit, card), namesakes)
    if found.verdict in {Verdict.SAME, Verdict.MOVED}:
        (pk,) = found.people
        known = namesakes[pk]
        assert not (card and known.card and card != known.card)
        assert known.birth == birth or card == known.card != ""
    assert set(found.people) <= set(range(len(namesakes)))
