"""Charts drawn on the server as SVG: no script, no inline style, every text escaped, readable on a phone.

Colours and line styles come from the page's style sheet by class (``burn-up``, ``burn-up-done``, ``burn-up-owed``,
``burn-up-deadline``, ``burn-up-as-of``, ``burn-up-grid``, ``burn-up-text``); without one, the chart is plain black.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from itertools import pairwise

from trienkhai.documents.characters import allowed
from trienkhai.text import number_vi

type Series = Sequence[tuple[date, int]]

WIDTH, HEIGHT = 390, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 14, 34, 52
_LINES = 4
_ROUND = (4, 6, 8, 10, 12, 16, 20)
_LETTER = 7.2  # room one letter takes at the chart's size
_MARK_ROWS = (14, 28)


class Markup(str):
    """Markup whose texts are escaped; templates place it as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


@dataclass(frozen=True)
class Labels:
    """The chart's words, already in the reader's language."""

    title: str
    description: str
    done: str
    owed: str
    deadline: str
    as_of: str


def burn_up(
    points: Series,
    target: Series | int,
    *,
    as_of: date,
    deadline: date | None,
    labels: Labels,
    key: str = "burn-up",
) -> Markup:
    """How many had done it by each day, against how many owed it.

    ``points`` and ``target`` are steps: each holds from its day until the next; days need not be sorted. The done
    line ends at ``as_of``; what lies after is not drawn. ``key`` makes the ids unique on a page with several charts.
    """
    done = sorted(point for point in points if point[0] <= as_of)
    owed = [(done[0][0] if done else as_of, target)] if isinstance(target, int) else sorted(target)
    frame = _frame(done, owed, as_of, deadline)
    if isinstance(target, int):
        owed = [(frame.first, target)]
    if done:
        done = [(frame.first, 0), *done]
    parts = [
        *_grid(frame),
        _steps(frame, owed, frame.last, "burn-up-owed", ' stroke-dasharray="6 4"'),
        _steps(frame, done, as_of, "burn-up-done", ' stroke-width="3"'),
        *_end(frame, done, as_of),
        *_marks(frame, as_of, deadline, labels),
        *_legend(labels),
    ]
    ids = _safe(key)
    return Markup(
        f'<svg class="burn-up" role="img" viewBox="0 0 {WIDTH} {HEIGHT}" xmlns="http://www.w3.org/2000/svg"'
        f' aria-labelledby="{ids}-title {ids}-desc" font-size="13" fill="currentColor">'
        f'<title id="{ids}-title">{_safe(labels.title)}</title>'
        f'<desc id="{ids}-desc">{_safe(labels.description)}</desc>'
        f"{''.join(parts)}</svg>"
    )


@dataclass(frozen=True)
class _Frame:
    """The plane: days from left to right, counts from bottom to top."""

    first: date
    last: date
    top: int

    def x(self, day: date) -> float:
        share = (day - self.first) / (self.last - self.first)
        return round(_LEFT + share * (WIDTH - _LEFT - _RIGHT), 1)

    def y(self, count: int) -> float:
        return round(HEIGHT - _BOTTOM - count / self.top * (HEIGHT - _BOTTOM - _TOP), 1)


def _safe(text: str) -> str:
    return escape(allowed(text))


def _frame(done: Series, owed: Series, as_of: date, deadline: date | None) -> _Frame:
    days = [day for day, _ in (*done, *owed)] + [as_of] + ([deadline] if deadline else [])
    first, last = min(days), max(days)
    if first == last:
        first -= timedelta(days=1)
    return _Frame(first, last, _round_top(max((count for _, count in (*done, *owed)), default=0)))


def _round_top(highest: int) -> int:
    """The smallest round number not below, whose quarters are whole: 4, 8, 12, 16, 20, 40, 60, 80 and so on."""
    size = 1
    while True:
        for top in (step * size for step in _ROUND):
            if top >= highest and top % _LINES == 0:
                return top
        size *= 10


def _grid(frame: _Frame) -> Iterable[str]:
    for index in range(_LINES + 1):
        count = frame.top * index // _LINES
        y = frame.y(count)
        yield (
            f'<line class="burn-up-grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y}" y2="{y}"'
            ' stroke="currentColor" stroke-opacity="0.2"/>'
        )
        yield _words(number_vi(count), _LEFT - 6, y + 4, "end")
    base = HEIGHT - _BOTTOM + 17
    yield _words(f"{frame.first:%d/%m}", _LEFT, base, "start")
    yield _words(f"{frame.last:%d/%m}", WIDTH - _RIGHT, base, "end")


def _steps(frame: _Frame, series: Series, until: date, name: str, extra: str) -> str:
    """A line that stays level until the next point, and on to ``until``."""
    if not series:
        return ""
    path = [f"M{frame.x(series[0][0])} {frame.y(series[0][1])}"]
    path += [f"H{frame.x(day)}V{frame.y(count)}" for _, (day, count) in pairwise(series)]
    path.append(f"H{frame.x(max(until, series[-1][0]))}")
    return f'<path class="{name}" d="{"".join(path)}" fill="none" stroke="currentColor"{extra}/>'


def _end(frame: _Frame, done: Series, as_of: date) -> Iterable[str]:
    """A dot and the count where the done line ends."""
    if done:
        x, y, count = frame.x(as_of), frame.y(done[-1][1]), number_vi(done[-1][1])
        left = x > WIDTH / 2
        yield f'<circle class="burn-up-done" cx="{x}" cy="{y}" r="4"/>'
        yield _words(count, x - 7 if left else x + 7, max(y - 7, _TOP + 10), "end" if left else "start", weight="bold")


def _marks(frame: _Frame, as_of: date, deadline: date | None, labels: Labels) -> Iterable[str]:
    """Upright lines for the deadline and the as-of day, their words in two rows above so that they never meet."""
    marks = [(as_of, labels.as_of, "burn-up-as-of", "2 3", _MARK_ROWS[0])]
    if deadline:
        marks.append((deadline, labels.deadline, "burn-up-deadline", "8 3", _MARK_ROWS[1]))
    for day, label, name, dashes, row in marks:
        x = frame.x(day)
        yield (
            f'<line class="{name}" x1="{x}" x2="{x}" y1="{_TOP - 2}" y2="{HEIGHT - _BOTTOM}"'
            f' stroke="currentColor" stroke-dasharray="{dashes}"/>'
        )
        words = f"{label} {day:%d/%m}"
        half = len(words) * _LETTER / 2
        yield _words(words, min(max(x, half), WIDTH - half), row, "middle")


def _legend(labels: Labels) -> Iterable[str]:
    y = HEIGHT - 12
    second = WIDTH // 2
    yield f'<path class="burn-up-done" d="M{_LEFT} {y - 4}h22" fill="none" stroke="currentColor" stroke-width="3"/>'
    yield _words(labels.done, _LEFT + 28, y, "start")
    yield (
        f'<path class="burn-up-owed" d="M{second} {y - 4}h22" fill="none" stroke="currentColor"'
        ' stroke-dasharray="6 4"/>'
    )
    yield _words(labels.owed, second + 28, y, "start")


def _words(text: str, x: float, y: float, anchor: str, *, weight: str = "normal") -> str:
    return (
        f'<text class="burn-up-text" x="{round(x, 1)}" y="{round(y, 1)}" text-anchor="{anchor}" font-weight="{weight}">'
        f"{_safe(text)}</text>"
    )
