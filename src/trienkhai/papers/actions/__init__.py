"""Writing, handing in, returning and accepting papers; carrying them over when two entries were one person."""

from trienkhai.papers.actions.duplicates import give_back, take_over
from trienkhai.papers.actions.events import (
    accept_papers,
    hand_in,
    note_accepted,
    return_paper,
    save_draft,
    submit_file,
    submit_typed,
    take_back,
)

__all__ = [
    "accept_papers",
    "give_back",
    "hand_in",
    "note_accepted",
    "return_paper",
    "save_draft",
    "submit_file",
    "submit_typed",
    "take_back",
    "take_over",
]
