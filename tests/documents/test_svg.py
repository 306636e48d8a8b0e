import re
from collections.abc import Sequence
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from trienkhai.documents import Labels, burn_up
from trienkhai.documents.svg import HEIGHT, WIDTH, _round_top

LABELS = Labels("Học tập", "532 trên 546 đã học.", "Đã học", "Phải học", "Hạn", "Tính đến")
START = date(2012, 10, 1)
SVG = "{http://www.w3.org/2000/svg}"


def drawn(
    points: Sequence[tuple[date, int]],
    target: Sequence[tuple[date, int]] | int = 546,
    as_of: date = date(2012, 10, 27),
    deadline: date | None = date(2012, 10, 31),
    labels: Labels = LABELS,
) -> ET.Element:
    return ET.fromstring(burn_up(points, target, as_of=as_of, deadline=deadline, labels=labels))  # noqa: S314 - our own


def words(root: ET.Element) -> list[str]:
    return [node.text or "" for node in root.iter(f"{SVG}text")]


def test_it_can_be_read_out() -> None:
    root = drawn([(START, 5)])
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert (root.get("role"), title.text, description.text) == ("img", LABELS.title, LABELS.description)
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"


def test_it_says_the_days_and_the_count() -> None:
    shown = words(drawn([(START, 25), (date(2012, 10, 26), 532)]))
    assert {"01/10", "31/10", "532", "Tính đến 27/10", "Hạn 31/10", "Đã học", "Phải học", "600"} <= set(shown)


def test_what_comes_after_the_day_is_not_drawn() -> None:
    early = burn_up([(START, 5)], 10, as_of=date(2012, 10, 5), deadline=None, labels=LABELS)
    late = burn_up([(START, 5), (date(2012, 10, 6), 9)], 10, as_of=date(2012, 10, 5), deadline=None, labels=LABELS)
    assert early == late


def test_no_deadline_no_mark() -> None:
    assert not [text for text in words(drawn([], deadline=None)) if text.startswith("Hạn")]


def test_no_style_and_no_script() -> None:
    markup = burn_up([(START, 5)], 10, as_of=START, deadline=START, labels=LABELS)
    assert not re.search(r"style=|<style|<script|on\w+=|href", markup)


def test_texts_are_escaped_and_the_chart_is_placed_as_it_is() -> None:
    nasty = "</title><script>alert('x')</script>\"&"
    labels = Labels(nasty, nasty, nasty, nasty, nasty, nasty)
    chart = burn_up([(START, 5)], 10, as_of=START, deadline=START, labels=labels, key='"><b>')
    assert "<script" not in chart
    assert "<b>" not in chart
    assert nasty in words(ET.fromstring(chart))  # noqa: S314
    assert Template("{{ chart }}").render(Context({"chart": chart})) == str(chart)


def test_points_need_not_be_sorted() -> None:
    points = [(START + timedelta(days=day), day) for day in range(5)]
    assert burn_up(points, 9, as_of=date(2012, 10, 9), deadline=None, labels=LABELS) == burn_up(
        points[::-1], 9, as_of=date(2012, 10, 9), deadline=None, labels=LABELS
    )


@given(
    st.lists(st.tuples(st.dates(date(2012, 1, 1), date(2013, 12, 31)), st.integers(0, 6_000_000)), max_size=30),
    st.integers(0, 6_000_000) | st.lists(st.tuples(st.dates(date(2012, 1, 1), date(2013, 1, 1)), st.integers(0, 99))),
    st.dates(date(2012, 1, 1), date(2013, 12, 31)),
    st.none() | st.dates(date(2012, 1, 1), date(2013, 12, 31)),
)
def test_everything_stays_inside_the_frame(
    points: list[tuple[date, int]], target: list[tuple[date, int]] | int, as_of: date, deadline: date | None
) -> None:
    for node in drawn(points, target, as_of, deadline).iter():
        places = {name: float(value) for name, value in node.items() if re.fullmatch("c?[xy][12]?", name)}
        assert all(0 <= value <= (WIDTH if "x" in name else HEIGHT) for name, value in places.items())
        for letter, value in re.findall(r"([HV])([\d.-]+)", node.get("d", "")):
            assert 0 <= float(value) <= (WIDTH if letter == "H" else HEIGHT)


@pytest.mark.parametrize(
    ("highest", "top"), [(0, 4), (4, 4), (5, 8), (21, 40), (41, 60), (546, 600), (1001, 1200), (5_600_000, 6_000_000)]
)
def test_the_scale_ends_on_a_round_number(highest: int, top: int) -> None:
    assert _round_top(highest) == top
