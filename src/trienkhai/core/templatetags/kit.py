"""The page kit's tags. They are builtins: templates use them without ``{% load %}``. See docs/contributors/pages.md."""

import html
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput
from django.forms.utils import flatatt
from django.forms.widgets import ChoiceWidget
from django.middleware.csrf import get_token
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django_htmx.jinja import htmx_script

from trienkhai.core.forms import NOT_CLASSIFIED
from trienkhai.core.pages import Page, Step, Text

register = template.Library()

_ICONS = Path(__file__).resolve().parent.parent / "icons"
_DASH = "–"

_STATES: dict[str, tuple[str, Text]] = {
    "done": ("check", _("Done")),
    "running": ("circle-dot", _("Under way")),
    "late": ("triangle-alert", _("Late")),
    "not_due": ("clock", _("Not yet due")),
    "none": ("minus", _("Nothing due")),
    "urgent": ("flag", _("Urgent")),
}
_STATE_CLASSES = {"not_due": "waiting"}
_ALL = 1000  # tenths of a per cent
_NOTICES = {"info": "info", "done": "circle-check", "late": "triangle-alert", "plain": "info"}


# --- Signs and figures ------------------------------------------------------------------------------------------------


@cache
def _drawing(name: str) -> str:
    """The inside of an icon's <svg>."""
    if not re.fullmatch(r"[a-z0-9-]+", name):
        message = f"No icon is called {name!r}."
        raise ValueError(message)
    source = (_ICONS / f"{name}.svg").read_text(encoding="utf-8")
    inside = re.search(r"<svg[^>]*>(.*)</svg>", source, re.DOTALL)
    if inside is None:
        message = f"Not an icon: {name}"
        raise ValueError(message)
    return " ".join(inside[1].split())


def _written(markup: str) -> SafeString:
    """Markup of ours in which everything else went through :func:`_plain`.

    A page calls some of these tags hundreds of times; there ``format_html`` would cost more than all the rest.
    """
    return SafeString(markup)


def _plain(words: Text) -> str:
    """Words as they stand in markup: escaped, unless they are markup already."""
    text = str(words)
    return text if isinstance(text, SafeString) else html.escape(text)


@register.simple_tag
def icon(name: str, label: Text = "") -> SafeString:
    """An icon as inline SVG. Beside a word it is hidden from screen readers; alone it needs a ``label``."""
    return _sign(name, f'role="img" aria-label="{_plain(label)}"') if label else _silent(name)


@cache
def _silent(name: str) -> SafeString:
    return _sign(name, 'aria-hidden="true"')


def _sign(name: str, meaning: str) -> SafeString:
    return _written(
        '<svg class="icon" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" '
        f'stroke-width="2" stroke-linecap="round" stroke-linejoin="round" focusable="false" {meaning}>'
        f"{_drawing(name)}</svg>"
    )


def percent(numerator: int, denominator: int) -> str:
    """The share as "99,5%", with one decimal when needed; never 100% while one is missing, nor 0% once one is there."""
    tenths = (2000 * numerator + denominator) // (2 * denominator)  # half of one is rounded up
    if tenths == _ALL and numerator < denominator:
        tenths -= 1
    elif tenths == 0 and numerator > 0:
        tenths = 1
    whole, rest = divmod(tenths, 10)
    return f"{number(whole)}{formats.get_format('DECIMAL_SEPARATOR')}{rest}%" if rest else f"{number(whole)}%"


@register.simple_tag
def share(
    numerator: int | None,
    denominator: int | None,
    state: str = "",
    *,
    url: str = "",
    label: Text = "",
) -> SafeString:
    """A thin bar with the fraction written out and the percentage. Without a denominator: a dash and the reason."""
    if not denominator or numerator is None:
        words = gettext("nobody owes this") if denominator == 0 else gettext("not known")
        aside = _aside(label, words)
        return _written(f'<span class="share-none"><span aria-hidden="true">{_DASH}</span>{aside}</span>')
    look = state or ("done" if numerator >= denominator else "running")
    above, below = number(numerator), number(denominator)
    per_cent = percent(numerator, denominator)
    words = gettext("%(numerator)s of %(denominator)s, %(percent)s") % {
        "numerator": above,
        "denominator": below,
        "percent": per_cent,
    }
    tag, href = ("a", f' href="{_plain(url)}"') if url else ("span", "")
    width = min(100.0, max(0.0, 100 * numerator / denominator))
    return _written(
        f'<{tag} class="share share-{_plain(look)}"{href}>'
        f'<span class="share-figures" aria-hidden="true"><span class="share-fraction">{above}/{below}</span>'
        f"<span>{per_cent}</span></span>"
        '<svg class="share-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="share-track" width="100" height="6"></rect>'
        f'<rect class="share-fill" width="{width:.1f}" height="6"></rect></svg>{_aside(label, words)}</{tag}>'
    )


def _aside(label: Text, words: str) -> str:
    """What is read out instead of a bar."""
    return f'<span class="visually-hidden">{_plain(f"{label}: {words}" if label else words)}</span>'


@register.simple_tag
def state(code: str, label: Text = "") -> SafeString:
    """A state as a sign and a word: done, running, late, not_due, none; and urgent. ``label`` replaces the word."""
    sign, word = _STATES[code]
    look = _STATE_CLASSES.get(code, code) + ("" if label else " state-word")
    return _written(f'<span class="state state-{look}">{_silent(sign)}<span>{_plain(label or word)}</span></span>')


@register.simple_tag
def day(value: date | datetime | None, none: Text = _DASH) -> SafeString | str:
    """A day as 03/02/2012, the same in both languages."""
    if value is None:
        return str(none)
    if isinstance(value, datetime):
        value = timezone.localdate(value) if timezone.is_aware(value) else value.date()
    return _written(f'<time datetime="{value.isoformat()}">{value:%d/%m/%Y}</time>')


@register.simple_tag
def moment(value: datetime | None, none: Text = _DASH) -> SafeString | str:
    """A moment as 07:30 03/02/2012, in the installation's time zone."""
    if value is None:
        return str(none)
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return _written(f'<time datetime="{local.isoformat()}">{local:%H:%M %d/%m/%Y}</time>')


@register.simple_tag
def period(start: date | None, end: date | None) -> SafeString | str:
    """A half-open period in words: ``end`` is the first day no longer in it, ``None`` when open."""
    last = end - timedelta(days=1) if end is not None and end != date.max else None
    if start is None or start == date.min:
        return format_html(gettext("until {}"), day(last)) if last else gettext("always")
    if last is None:
        return format_html(gettext("since {}"), day(start))
    if last == start:
        return day(start)
    return format_html(gettext("{} to {}"), day(start), day(last))


@register.simple_tag
def deadline(value: date | None, today: date) -> SafeString | str:
    """A deadline with how far it is off: "31/10/2012 (3 days left)"."""
    if value is None:
        return gettext("no deadline")
    left = (value - today).days
    if left < 0:
        words = ngettext("%d day late", "%d days late", -left) % -left
    elif left == 0:
        words = gettext("today")
    else:
        words = ngettext("%d day left", "%d days left", left) % left
    return format_html("{} <span>({})</span>", day(value), words)


@register.simple_tag
def number(value: int | Decimal | None, none: Text = _DASH) -> str:
    """A number with its thousands set apart as the language does."""
    if isinstance(value, int):
        grouped = f"{value:,}"
        return grouped.replace(",", formats.get_format("THOUSAND_SEPARATOR")) if "," in grouped else grouped
    return str(none) if value is None else str(formats.number_format(value, use_l10n=True, force_grouping=True))


# --- Forms ------------------------------------------------------------------------------------------------------------


def _kind(bound: BoundField) -> str:
    return str(getattr(bound.field, "kind", ""))


@register.inclusion_tag("kit/field.html")
def field(
    bound: BoundField, label: Text = "", hint: Text = "", width: str = "", *, quiet: bool = False
) -> dict[str, Any]:
    """One field: label, hint, error, input. ``width``: short, number, day, hour; ``quiet``: never “(optional)”."""
    widget = bound.field.widget
    hints = [str(text) for text in (hint or bound.help_text,) if text]
    if hint and not bound.help_text:
        bound.help_text = str(hint)  # so that the input names its hint
    if _kind(bound) == "file":
        hints.append(str(NOT_CLASSIFIED))
        bound.help_text = " ".join(hints)
    return {
        "field": bound,
        "label": label or bound.label,
        "hints": hints,
        "optional": not (quiet or bound.field.required or isinstance(widget, CheckboxInput)),
        "kind": width or _kind(bound),
        "is_group": bound.use_fieldset,
        "is_check": isinstance(widget, CheckboxInput),
        "is_choice": isinstance(widget, ChoiceWidget),
    }


@register.inclusion_tag("kit/errors.html")
def errors(form: BaseForm) -> dict[str, Any]:
    """The summary above a form that came back: every fault, linked to its field."""
    faults: list[tuple[str, str]] = []
    if form.is_bound:
        faults += [("", str(text)) for text in form.non_field_errors()]
        for name, texts in form.errors.items():
            if name in form.fields:
                bound = form[name]
                first = bound.subwidgets[0].id_for_label if bound.use_fieldset and bound.subwidgets else None
                target = first or bound.id_for_label or bound.auto_id
                faults += [(target, f"{bound.label} – {text}") for text in texts]
    return {"faults": faults}


@register.inclusion_tag("kit/fields.html")
def fields(form: BaseForm) -> dict[str, Any]:
    """All fields of a form, one below the other, hidden ones included."""
    return {"form": form}


@register.simple_block_tag(takes_context=True)
def post_form(
    context: Context,
    content: str,
    action: str = "",
    *,
    form: BaseForm | None = None,
    classes: str = "form",
    files: bool = False,
    guard: bool = False,
    id: str = "",  # noqa: A002 - the attribute's name
) -> SafeString:
    """``<form method="post">`` with its CSRF token and, given ``form``, the error summary.

    ``files``: takes uploads. ``guard``: asks before leaving with unsaved changes.
    """
    summary = render_to_string("kit/errors.html", errors(form)) if form is not None else ""
    multipart = files or (form is not None and form.is_multipart())
    attributes = {
        "action": action or None,
        "class": classes,
        "enctype": "multipart/form-data" if multipart else None,
        "data-guard": guard,
        "id": id or None,
    }
    return format_html(
        '{}<form method="post"{} novalidate><input type="hidden" name="csrfmiddlewaretoken" value="{}">{}</form>',
        summary,
        flatatt(attributes),
        get_token(context["request"]),
        content,
    )


@register.simple_tag(takes_context=True)
def post_button(
    context: Context,
    action: str,
    label: Text,
    *,
    kind: str = "",
    sign: str = "",
    name: str = "",
    value: str = "",
    refused: Text = "",
) -> SafeString:
    """A button that posts at once. ``kind``: primary, caution, quiet. ``refused``: shown disabled, with this reason."""
    classes = f"button button-{kind}" if kind else "button"
    drawing = icon(sign) if sign else ""
    if refused:
        return format_html(
            '<button type="button" class="{}" disabled>{}{}</button><span class="reason">{}</span>',
            classes,
            drawing,
            label,
            refused,
        )
    return format_html(
        '<form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<button class="{}"{}>{}{}</button></form>',
        action,
        get_token(context["request"]),
        classes,
        format_html(' name="{}" value="{}"', name, value) if name else "",
        drawing,
        label,
    )


# --- Blocks -----------------------------------------------------------------------------------------------------------


@register.simple_block_tag
def notice(content: str, tone: str = "info", title: Text = "", *, live: bool = False) -> SafeString:
    """A boxed remark. ``tone``: info, done, late, plain. ``live``: read out when it appears."""
    heading = format_html("<p><strong>{}</strong></p>", title) if title else ""
    role = flatatt({"role": ("alert" if tone == "late" else "status") if live else None})
    return format_html(
        '<div class="notice notice-{}"{}>{}<div>{}{}</div></div>', tone, role, icon(_NOTICES[tone]), heading, content
    )


@register.simple_block_tag
def table_region(content: str, label: Text, *, scroll: bool = False) -> SafeString:
    """Put round every table: scrolls inside itself by touch and keys. ``scroll``: many columns, own head."""
    return format_html(
        '<div class="table-region{}" role="region" aria-label="{}" tabindex="0">{}</div>',
        " table-scroll" if scroll else "",
        label,
        content,
    )


@register.simple_block_tag
def key_values(content: str) -> SafeString:
    """A list of terms and values; fill it with ``{% kv %}``."""
    return format_html('<dl class="key-values">{}</dl>', content)


@register.simple_block_tag
def kv(content: str, term: Text) -> SafeString:
    """One term and its value."""
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", term, content)


@register.simple_block_tag
def empty_state(content: str, title: Text, sign: str = "inbox") -> SafeString:
    """Instead of an empty list: what is missing and what to do first."""
    return format_html('<div class="empty">{}<h2>{}</h2>{}</div>', icon(sign), title, content)


@register.simple_block_tag
def tabs(content: str, label: Text) -> SafeString:
    """Views of one thing as links; fill it with ``{% tab %}``."""
    return format_html('<nav class="tabs" aria-label="{}">{}</nav>', label, content)


@register.simple_tag
def tab(label: Text, url: str, *, active: bool = False, count: int | None = None) -> SafeString:
    """One link of ``{% tabs %}``."""
    badge = format_html(' <span class="count">{}</span>', number(count)) if count is not None else ""
    return format_html(
        '<a href="{}"{}>{}{}</a>', url, flatatt({"aria-current": "page" if active else None}), label, badge
    )


@register.inclusion_tag("kit/breadcrumbs.html")
def breadcrumbs(*labels_and_urls: Any) -> dict[str, Any]:
    """Where the page stands: label and address in pairs, from the top; the page itself is left out."""
    return {"links": list(zip(labels_and_urls[::2], labels_and_urls[1::2], strict=True))}


@register.inclusion_tag("kit/pagination.html")
def pagination(page: Page[Any], label: Text = "") -> dict[str, Any]:
    """Links to the pages before and after; nothing when there is one page only."""
    return {"page": page, "label": label}


@register.inclusion_tag("kit/steps.html")
def steps(items: Sequence[Step]) -> dict[str, Any]:
    """The steps of a roll-out as one line, each with its state, share and deadline."""
    return {"items": [(item, *_STATES[item.state]) for item in items]}


@register.inclusion_tag("kit/copy_text.html")
def copy_text(text: str, label: Text = "", *, id: str = "copy", rows: int = 3) -> dict[str, Any]:  # noqa: A002
    """A ready sentence to copy: a read-only box, and a button where scripts run."""
    return {"text": text, "label": label or gettext("Ready text"), "id": id, "rows": rows}


# --- Scripts ----------------------------------------------------------------------------------------------------------


@register.simple_tag
def script(path: str) -> SafeString:
    """A module of ours, e.g. ``{% script "core/js/autosave.js" %}``; put it into ``{% block scripts %}``."""
    return format_html('<script type="module" src="{}"></script>', static(path))


@register.simple_tag
def htmx() -> SafeString:
    """The htmx library with its settings and glue; only on pages that use it, in ``{% block scripts %}``."""
    return format_html("{}{}", htmx_script(), script("core/js/htmx-glue.js"))
