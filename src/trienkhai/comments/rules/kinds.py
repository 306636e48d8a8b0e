"""What calls, submissions, points and answers are. Imports no Django."""

from enum import StrEnum


class Promise(StrEnum):
    """What is promised to whoever says something. The same words as the sealed box's modes."""

    NAMED = "named"
    NAME_KEPT = "name_kept"
    WITHOUT_A_NAME = "without_name"


class About(StrEnum):
    """What a call asks about, and what a point is about."""

    PLAN = "plan"  # a version as a whole
    MEASURE = "measure"  # one measure of a plan
    BODY = "body"
    PERSON = "person"
    FREE = "free"  # anything else


class Channel(StrEnum):
    """How a submission came."""

    SCREEN = "screen"
    LETTER = "letter"
    BOX = "box"  # hòm thư góp ý; slips put into a sealed box
    TELEPHONE = "telephone"
    MEETING = "meeting"


class AuthorKind(StrEnum):
    """Whose submission it is."""

    MEMBER = "member"
    OTHER = "other"  # a person of the organisation who is not a member
    UNIT = "unit"
    RESIDENT = "resident"
    NOT_SAID = "not_said"


class Addressed(StrEnum):
    """Who is asked."""

    ALL_BELOW = "all_below"  # everybody in and below the unit
    CHOSEN_UNITS = "chosen_units"
    RESIDENTS = "residents"  # whoever draws one of the codes from a bowl


class CallState(StrEnum):
    """Where a call stands: follows from its days and from what was done, never stored."""

    COMING = "coming"
    OPEN = "open"
    CLOSED = "closed"  # sealed: the box waits for its two holders
    ANSWERING = "answering"
    FINISHED = "finished"


class DispositionKind(StrEnum):
    """What became of a group of points."""

    ACCEPTED = "accepted"  # tiếp thu
    EXPLAINED = "explained"  # giải trình
    PASSED_ON = "passed_on"  # chuyển cơ quan có thẩm quyền
    OUTSIDE = "outside"  # ngoài phạm vi lấy ý kiến


class RegroupingKind(StrEnum):
    """Why points changed their group."""

    FOUND_ALIKE = "found_alike"  # by the library
    MERGED = "merged"
    SPLIT = "split"
    MOVED = "moved"
    UNDONE = "undone"


class CommentError(StrEnum):
    """Why something about comments is not possible."""

    NOT_THE_DESK = "comment_not_the_desk"
    NOT_ASKED = "comment_not_asked"
    NOT_OPEN = "comment_not_open"
    ALREADY_CLOSED = "comment_already_closed"
    NOT_CLOSED = "comment_not_closed"
    NOT_SEALED = "comment_not_sealed"
    IS_SEALED = "comment_is_sealed"
    ALREADY_RELEASED = "comment_already_released"
    ALREADY_SENT = "comment_already_sent"
    HAS_A_SLIP = "comment_has_a_slip"
    NO_SLIP = "comment_no_slip"
    MORE_THAN_SLIPS = "comment_more_than_slips"
    PROMISE_NOT_OFFERED = "comment_promise_not_offered"
    PERSON_WITHOUT_A_NAME = "comment_person_without_a_name"
    NO_PROMISE = "comment_no_promise"
    NO_SUBJECT = "comment_no_subject"
    NOBODY_ASKED = "comment_nobody_asked"
    TOO_FEW_ASKED = "comment_too_few_asked"
    NOT_ADOPTED = "comment_not_adopted"
    NO_KEEPERS = "comment_no_keepers"
    SENT_BY_AUTHOR = "comment_sent_by_author"
    NO_REVIEWER = "comment_no_reviewer"
    NO_CODES = "comment_no_codes"
    OPENS_TOO_EARLY = "comment_opens_too_early"
    CLOSES_TOO_EARLY = "comment_closes_too_early"
    ANSWER_TOO_EARLY = "comment_answer_too_early"
    NOT_LATER = "comment_not_later"
    NO_REASON = "comment_no_reason"
    NOTHING_SAID = "comment_nothing_said"
    TOO_LONG = "comment_too_long"
    TOO_MANY_POINTS = "comment_too_many_points"
    NOT_A_SUBJECT = "comment_not_a_subject"
    IN_THE_FUTURE = "comment_in_the_future"
    BEFORE_OPENING = "comment_before_opening"
    NO_AUTHOR = "comment_no_author"
    SEVERAL_OF_THAT_NAME = "comment_several_of_that_name"
    ASKED_BY_BOX = "comment_asked_by_box"
    NOT_KEPT = "comment_not_kept"
    NAME_GONE = "comment_name_gone"
    ALREADY_WITHDRAWN = "comment_already_withdrawn"
    CODES_WITHOUT_A_NAME = "comment_codes_without_a_name"
    TOO_MANY_CODES = "comment_too_many_codes"
    CODE_MALFORMED = "comment_code_malformed"
    CODE_UNKNOWN = "comment_code_unknown"
    CODE_USED = "comment_code_used"
    CODES_DRAWN = "comment_codes_drawn"
    CODES_USED_UP = "comment_codes_used_up"
    NO_SIGNATURE = "comment_no_signature"
    IS_THE_PASSWORD = "comment_passphrase_is_the_password"  # noqa: S105 - a code
    SLIPS_ENTERED = "comment_slips_entered"
    TOO_FEW_SLIPS = "comment_too_few_slips"
    RECEIPT_TWICE = "comment_receipt_twice"
    RECEIPT_USED = "comment_receipt_used"
    HAS_SUBMISSIONS = "comment_has_submissions"
    CHANGED_MEANWHILE = "comment_changed_meanwhile"
