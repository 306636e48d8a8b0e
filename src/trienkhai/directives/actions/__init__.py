"""Registering directives and correcting them, their provisions, files and relations."""

from trienkhai.directives.actions.attaching import add_file, relate, remove_file, unrelate
from trienkhai.directives.actions.provisions import set_provisions
from trienkhai.directives.actions.registering import (
    correct_directive,
    record_received,
    register_directive,
    remove_directive,
)

__all__ = [
    "add_file",
    "correct_directive",
    "record_received",
    "register_directive",
    "relate",
    "remove_directive",
    "remove_file",
    "set_provisions",
    "unrelate",
]
