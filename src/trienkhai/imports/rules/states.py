"""What a batch and its rows can be."""

from enum import StrEnum


class BatchState(StrEnum):
    """How far a list has come. Nothing reaches the organisation before ``DONE``."""

    SURVEYED = "surveyed"  # columns guessed
    READ = "read"  # rows staged, units not yet confirmed
    MATCHED = "matched"  # compared with what is there; questions may be open
    DONE = "done"
    DISCARDED = "discarded"


class Decision(StrEnum):
    """What is to be done with a row."""

    FAULTY = "faulty"
    NEW = "new"
    SAME = "same"  # is there already, nothing to do
    ADD = "add"  # is there; gets what the list adds, as a post
    MOVED = "moved"
    ASK = "ask"  # somebody has to say who this is
    SKIP = "skip"


WRITTEN = frozenset({Decision.NEW, Decision.ADD, Decision.MOVED})
"""Decisions that change the organisation."""


class Step(StrEnum):
    """What takes long with a long list, so that the worker does it."""

    READ = "read"
    COMPARE = "compare"
    IMPORT = "import"


class UnitDecision(StrEnum):
    """What is to be done with a unit a list names."""

    EXISTING = "existing"
    NEW = "new"
    SKIP = "skip"


class ImportFault(StrEnum):
    """Why a batch cannot go on, by stable codes."""

    NOT_NOW = "import_not_now"
    DONE_ALREADY = "import_done_already"
    QUESTIONS_OPEN = "import_questions_open"
    CHANGED_SINCE = "import_changed_since"
    UNITS_OPEN = "import_units_open"
    NOTHING_TO_IMPORT = "import_nothing"
    COLUMN_UNKNOWN = "import_column_unknown"
    COLUMN_TWICE = "import_column_twice"
    NAME_COLUMN_MISSING = "import_name_column_missing"
    FILE_FORGOTTEN = "import_file_forgotten"
