"""What calls, promises, submissions, points and answers are. Imports no Django."""

from trienkhai.comments.rules.calls import MOST_CODES, CallPlan, Subject, faults_of, promises_for, state_of
from trienkhai.comments.rules.codes import digest_of_code, new_code, normalised_code, shown_code
from trienkhai.comments.rules.intake import (
    Intake,
    Said,
    count_kinds,
    faults_of_intake,
    faults_of_points,
    in_words,
    out_of_words,
)
from trienkhai.comments.rules.kinds import (
    About,
    Addressed,
    AuthorKind,
    CallState,
    Channel,
    CommentError,
    DispositionKind,
    Promise,
    RegroupingKind,
)
from trienkhai.comments.rules.limits import SHIPPED, Limits, limits_from, read_limits

__all__ = [
    "MOST_CODES",
    "SHIPPED",
    "About",
    "Addressed",
    "AuthorKind",
    "CallPlan",
    "CallState",
    "Channel",
    "CommentError",
    "DispositionKind",
    "Intake",
    "Limits",
    "Promise",
    "RegroupingKind",
    "Said",
    "Subject",
    "count_kinds",
    "digest_of_code",
    "faults_of",
    "faults_of_intake",
    "faults_of_points",
    "in_words",
    "limits_from",
    "new_code",
    "normalised_code",
    "out_of_words",
    "promises_for",
    "read_limits",
    "shown_code",
    "state_of",
]
