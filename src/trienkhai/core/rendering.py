"""Fields written at once: what Django's templates for inputs and lists write, for a tenth of the time.

A page of receipts has a hundred inputs, a list of units hundreds of options, each a template of its own with two more
in it. Everything else is left to Django.
"""

import html
from collections.abc import Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.safestring import SafeString

_WIDGETS = "django/forms/widgets/"
_INPUTS = frozenset(
    f"{_WIDGETS}{name}.html"
    for name in ("input", "text", "hidden", "number", "email", "tel", "url", "search", "password", "checkbox")
)
_SELECT, _OPTION = f"{_WIDGETS}select.html", f"{_WIDGETS}select_option.html"


class Renderer(DjangoTemplates):
    """Django's renderer of forms, with the commonest widgets written by hand."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """The widget's markup, the same to the letter."""
        widget = context.get("widget")
        if widget is not None:
            if template_name in _INPUTS:
                return SafeString(_input(widget))
            if template_name == _SELECT and _is_plain(widget):
                return SafeString(_select(widget))
        return super().render(template_name, context, request)


def _input(widget: Mapping[str, Any]) -> str:
    value = widget["value"]
    given = "" if value is None else f' value="{_escaped(value)}"'
    return f'<input type="{_escaped(widget["type"])}" name="{_escaped(widget["name"])}"{given}{_attributes(widget)}>'


def _select(widget: Mapping[str, Any]) -> str:
    parts = [f'<select name="{_escaped(widget["name"])}"{_attributes(widget)}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f'\n  <optgroup label="{_escaped(group)}">')
        parts.extend(f"\n  {_option(option)}\n" for option in options)
        if group:
            parts.append("\n  </optgroup>")
    parts.append("\n</select>")
    return "".join(parts)


def _option(widget: Mapping[str, Any]) -> str:
    return f'<option value="{_escaped(widget["value"])}"{_attributes(widget)}>{_escaped(widget["label"])}</option>'


def _is_plain(widget: Mapping[str, Any]) -> bool:
    """Whether every option is an ordinary one with words: numbers are written as the language writes them."""
    return all(
        option["template_name"] == _OPTION and isinstance(option["label"], str | Promise)
        for _group, options, _index in widget["optgroups"]
        for option in options
    )


def _attributes(widget: Mapping[str, Any]) -> str:
    return "".join(
        f" {_escaped(name)}" if value is True else f' {_escaped(name)}="{_escaped(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _escaped(value: object) -> str:
    text = str(value)
    return text if isinstance(text, SafeString) else html.escape(text)
