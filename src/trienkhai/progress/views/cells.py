"""Long tables: hundreds of cells on a page, so they are written here at once instead of by a template each.

Shares and states look and read like ``{% share %}`` and ``{% state %}`` of the page kit.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from trienkhai.core.templatetags.kit import day, number, percent, state
from trienkhai.progress.rules.figures import FigureValue, StepState


def day_rows(rows: Iterable[tuple[date, int, int]]) -> SafeString:
    """The picture of a figure as rows of a table: the day, how many had, how many owed."""
    written = [
        f'<tr><td>{day(on)}</td><td class="num">{number(done)}</td><td class="num">{number(owed)}</td></tr>'
        for on, done, owed in rows
    ]
    return mark_safe("".join(written))  # noqa: S308 - days and numbers


class UnitsTable:
    """Writes the rows of the table of units; its words, the same in every row, are looked up once."""

    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = [escape(name) for name in columns]
        self._state = escape(_("State"))
        self._states = {code: state(code) for code in StepState}
        self._share_words = _("%(numerator)s of %(denominator)s, %(percent)s")
        self._nobody = _hidden(_("nobody owes this"))
        self._done, self._missing = _hidden(_("done")), _hidden(_("missing"))
        self._declared_word = escape(_("declared"))

    def row(self, name: str, url: str, standing: StepState, cells: Iterable[str]) -> str:
        """One row: the unit, where it stands, and its figures in the order of the columns."""
        head = f'<a class="row-link" href="{escape(url)}">{escape(name)}</a>' if url else escape(name)
        late = ' class="row-late"' if standing is StepState.LATE and url else ""
        written = [f'<td data-label="{column}">{cell}</td>' for column, cell in zip(self._columns, cells, strict=True)]
        return (
            f'<tr{late}><th scope="row">{head}</th><td data-label="{self._state}">{self._states[standing]}</td>'
            f"{''.join(written)}</tr>\n"
        )

    def cell(self, value: FigureValue, *, look: str, url: str, declared_url: str, is_single: bool) -> str:
        """A figure of one unit: a tick or dash where it is about that unit alone, else a bar with its fraction."""
        if not value.denominator:
            shown = f'<span class="share-none"><span aria-hidden="true">–</span>{self._nobody}</span>'
        elif is_single:
            shown = self._single(done=bool(value.numerator), url=url)
        else:
            shown = self._share(value.numerator, value.denominator, look, url)
        return shown + self._declared(value, declared_url) if value.has_declared else shown

    def _share(self, numerator: int, denominator: int, look: str, url: str) -> str:
        above, below, per_cent = number(numerator), number(denominator), percent(numerator, denominator)
        words = self._share_words % {"numerator": above, "denominator": below, "percent": per_cent}
        look = look or ("done" if numerator >= denominator else "running")
        tag, href = ("a", f' href="{escape(url)}"') if url else ("span", "")
        width = 100 * min(numerator, denominator) / denominator
        return (
            f'<{tag} class="share share-{look}"{href}><span class="share-figures" aria-hidden="true">'
            f'<span class="share-fraction">{above}/{below}</span><span>{per_cent}</span></span>'
            '<svg class="share-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" '
            'focusable="false"><rect class="share-track" width="100" height="6"></rect>'
            f'<rect class="share-fill" width="{width:.1f}" height="6"></rect></svg>{_hidden(words)}</{tag}>'
        )

    def _single(self, *, done: bool, url: str) -> str:
        sign, words = ("✓", self._done) if done else ("–", self._missing)
        tag, href = ("a", f' href="{escape(url)}"') if url else ("span", "")
        look = "single single-done" if done else "single"
        return f'<{tag} class="{look}"{href}><span aria-hidden="true">{sign}</span>{words}</{tag}>'

    def _declared(self, value: FigureValue, url: str) -> str:
        fraction = f"{number(value.declared_numerator)}/{number(value.declared_denominator)}"
        shown = f'<a href="{escape(url)}">{fraction}</a>' if url else fraction
        return f'<span class="small">{self._declared_word}: {shown}</span>'


def written(rows: Iterable[str]) -> SafeString:
    """Rows made by :class:`UnitsTable`."""
    return mark_safe("".join(rows))  # noqa: S308 - numbers, our own words, escaped names and addresses


def _hidden(words: str) -> str:
    return f'<span class="visually-hidden">{escape(words)}</span>'
