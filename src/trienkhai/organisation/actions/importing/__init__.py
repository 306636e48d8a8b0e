"""Lists into the organisation: units and people compared with what is there, questions answered, all written at once.

Call ``import_list`` through ``rollouts.actions.organisation`` so that obligations follow.
"""

from trienkhai.organisation.actions.importing.comparing import (
    alike,
    answer_alike,
    answer_row,
    born,
    compare_rows,
    reject_open,
)
from trienkhai.organisation.actions.importing.naming import UnitAnswer, confirm_units, suggest_units
from trienkhai.organisation.actions.importing.writing import import_list

__all__ = [
    "UnitAnswer",
    "alike",
    "answer_alike",
    "answer_row",
    "born",
    "compare_rows",
    "confirm_units",
    "import_list",
    "reject_open",
    "suggest_units",
]
