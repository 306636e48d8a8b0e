"""Why the organisation refuses something, by stable codes."""

from enum import StrEnum


class Reason(StrEnum):
    """Why an actor may not."""

    MAY_NOT_RUN = "may_not_run_unit"
    MAY_NOT_SEE_NAMES = "may_not_see_names"
    MAY_NOT_KEEP = "may_not_keep_organisation"
    MAY_NOT_KEEP_USER = "may_not_keep_user"
    UNDO_TOO_LATE = "undo_too_late"
    UNDO_OVERTAKEN = "undo_overtaken"


class Fault(StrEnum):
    """Why what was asked for cannot be true."""

    NAME_MISSING = "name_missing"
    NAME_TOO_LONG = "name_too_long"
    DAY_TOO_EARLY = "day_too_early"
    DAY_TOO_FAR = "day_too_far"
    BIRTH_IMPOSSIBLE = "birth_impossible"
    UNIT_UNKNOWN = "unit_unknown"
    UNIT_NOT_OPEN = "unit_not_open"
    UNIT_WRONG_LEVEL = "unit_wrong_level"
    UNIT_HAS_PEOPLE = "unit_has_people"
    UNIT_HAS_UNITS = "unit_has_units"
    TREE_CYCLE = "tree_cycle"
    MERGE_NEEDS_TWO = "merge_needs_two"
    SPLIT_NEEDS_PARTS = "split_needs_parts"
    NOT_IN_UNIT = "not_in_unit"
    PERSON_UNKNOWN = "person_unknown"
    SAME_PERSON = "same_person"
    COUNTS_ALREADY = "counts_already"
    TIE_ALREADY = "tie_already"
    NOT_A_MEMBER_THEN = "not_a_member_then"
    NOTHING_CHANGES = "nothing_changes"
    ENDS_BEFORE_START = "ends_before_start"
    POST_ALREADY = "post_already"
    BODY_UNKNOWN = "body_unknown"
    BODY_ALREADY = "body_already"
    POST_UNKNOWN = "post_unknown"
    USERNAME_TAKEN = "username_taken"
    USERNAME_INVALID = "username_invalid"
    PERSON_HAS_SIGN_IN = "person_has_sign_in"
    DELEGATED_ALREADY = "delegated_already"
