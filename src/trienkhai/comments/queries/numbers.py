"""The numbers new calls go by in this installation."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from trienkhai.comments.rules import SHIPPED, Limits, read_limits
from trienkhai.core.decisions import Invalid


@dataclass(frozen=True)
class RuleFault:
    """Something wrong with the installation's own rule file."""

    code: str
    at: str


def own_file() -> Path:
    """Where an installation says what it changes."""
    return Path(settings.TRIENKHAI_RULES) / SHIPPED.name


def numbers() -> Limits:
    """The numbers a call opened now goes by.

    Raises:
        Invalid: the installation's own file cannot be read, or says something without meaning.
    """
    return read_limits(own_file())


def check_numbers() -> list[RuleFault]:
    """What is wrong with the installation's own file."""
    try:
        numbers()
    except Invalid as fault:
        return [RuleFault(fault.code, f"{own_file().name}: {fault.params}")]
    return []
