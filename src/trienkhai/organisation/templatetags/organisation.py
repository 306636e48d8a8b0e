"""Words for the organisation's kinds, in templates."""

from enum import StrEnum

from django import template
from django.utils.safestring import SafeString

from trienkhai.core.pages import Text
from trienkhai.core.templatetags.kit import period
from trienkhai.organisation import texts
from trienkhai.organisation.rules import MemberKind, Standing, Tie

register = template.Library()


@register.filter
def in_words(value: StrEnum | None) -> Text:
    """What a kind, standing, tie, reason, post or role is called; nothing for nothing."""
    return "" if value is None else texts.in_words(value)


@register.filter
def entry_words(action: str) -> Text:
    """What an entry of the ledger did; its code when nobody has said."""
    return texts.ENTRIES.get(action, action)


@register.simple_tag
def days(row: object) -> SafeString | str:
    """The days of a dated row, in words."""
    return period(row.starts_on, row.ends_on)  # type: ignore[attr-defined]


@register.simple_tag
def tie_words(tie: object) -> str:
    """What a membership says: kind, standing when it is not the usual one, tie when it does not count."""
    kind, standing, sort = MemberKind(tie.kind), Standing(tie.standing), Tie(tie.tie)  # type: ignore[attr-defined]
    words = str(texts.in_words(kind))
    if standing is not Standing.ACTIVE:
        words += f", {_small(texts.in_words(standing))}"
    if sort is not Tie.COUNTING:
        words += f" · {_small(texts.in_words(sort))}"
    return words


def _small(text: Text) -> str:
    words = str(text)
    return words[:1].lower() + words[1:]
