"""Papers: what their events amount to."""

from enum import StrEnum


class PaperEventKind(StrEnum):
    """What can happen to a paper."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"  # entered by mistake


class PaperState(StrEnum):
    """Where a paper stands, by its last event."""

    OWED = "owed"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
