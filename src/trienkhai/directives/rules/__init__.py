"""Kinds of directives, how they relate, and reading their numbered parts from text. Imports no Django."""

from trienkhai.directives.rules.facts import Facts
from trienkhai.directives.rules.kinds import DirectiveKind, Fault, RelationKind
from trienkhai.directives.rules.outline import MOST_PROVISIONS, Entry, Node, outline_of, parse_outline, tree_of

__all__ = [
    "MOST_PROVISIONS",
    "DirectiveKind",
    "Entry",
    "Facts",
    "Fault",
    "Node",
    "RelationKind",
    "outline_of",
    "parse_outline",
    "tree_of",
]
