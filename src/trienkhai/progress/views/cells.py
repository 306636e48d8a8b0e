"""Cells of the table of units: hundreds on a page, so they are written here at once instead of by a template each.

They look and read like ``{% share %}`` of the page kit.
"""

from collections.abc import Iterable
from datetime import date
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from trienkhai.core.templatetags.kit import day, number, percent
from trienkhai.progress.rules.figures import FigureValue


def share_cell(value: FigureValue, *, state: str, url: str, declared_url: str, is_single: bool) -> SafeString:
    """A figure of one unit: a tick or dash where it is about that unit alone, else a bar with its fraction."""
    if not value.denominator:
        words = _("nobody owes this")
        shown = f'<span class="share-none"><span aria-hidden="true">–</span>{_hidden(words)}</span>'
    elif is_single:
        shown = _single(done=bool(value.numerator), url=url)
    else:
        shown = _share(value.numerator, value.denominator, state, url)
    return mark_safe(shown + _declared(value, declared_url))  # noqa: S308 - numbers, our own words, escaped addresses


def table_cells(cells: Iterable[tuple[str, SafeString]]) -> SafeString:
    """The cells of one row: the name of the column, which a phone shows, and what stands in it."""
    written = [f'<td data-label="{escape(name)}">{cell}</td>' for name, cell in cells]
    return mark_safe("".join(written))  # noqa: S308 - cells made above, escaped names


def day_rows(rows: Iterable[tuple[date, int, int]]) -> SafeString:
    """The picture of a figure as rows of a table: the day, how many had, how many owed."""
    written = [
        f'<tr><td>{day(on)}</td><td class="num">{number(done)}</td><td class="num">{number(owed)}</td></tr>'
        for on, done, owed in rows
    ]
    return mark_safe("".join(written))  # noqa: S308 - days and numbers


def _share(numerator: int, denominator: int, state: str, url: str) -> str:
    above, below, per_cent = number(numerator), number(denominator), percent(numerator, denominator)
    words = _("%(numerator)s of %(denominator)s, %(percent)s") % {
        "numerator": above,
        "denominator": below,
        "percent": per_cent,
    }
    look = state or ("done" if numerator >= denominator else "running")
    tag, href = ("a", f' href="{escape(url)}"') if url else ("span", "")
    width = 100 * min(numerator, denominator) / denominator
    return (
        f'<{tag} class="share share-{look}"{href}><span class="share-figures" aria-hidden="true">'
        f'<span class="share-fraction">{above}/{below}</span><span>{per_cent}</span></span>'
        '<svg class="share-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="share-track" width="100" height="6"></rect>'
        f'<rect class="share-fill" width="{width:.1f}" height="6"></rect></svg>{_hidden(words)}</{tag}>'
    )


def _single(*, done: bool, url: str) -> str:
    sign, words = ("✓", _("done")) if done else ("–", _("missing"))
    tag, href = ("a", f' href="{escape(url)}"') if url else ("span", "")
    look = "single single-done" if done else "single"
    return f'<{tag} class="{look}"{href}><span aria-hidden="true">{sign}</span>{_hidden(words)}</{tag}>'


def _declared(value: FigureValue, url: str) -> str:
    if not value.has_declared:
        return ""
    fraction = f"{number(value.declared_numerator)}/{number(value.declared_denominator)}"
    shown = f'<a href="{escape(url)}">{fraction}</a>' if url else fraction
    word = _("declared")
    return f'<span class="small">{escape(word)}: {shown}</span>'


def _hidden(words: str) -> str:
    return f'<span class="visually-hidden">{escape(words)}</span>'
