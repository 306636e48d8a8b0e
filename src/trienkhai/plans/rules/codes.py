"""Codes of this app: kinds and treatments, refusals, remarks."""

from enum import StrEnum

MOST_MEASURES = 6_000
MOST_COORDINATORS = 20
MOST_PROGRAMMES = 20
LONGEST = {
    "title": 300,
    "number": 60,
    "signer": 120,
    "signer_post": 120,
    "note": 250,
    "lead": 200,
    "product": 250,
    "indicator": 200,
    "target_unit": 40,
    "coordinator": 200,
    "reason": 2_000,
}
LONGEST_TEXT = 20_000


class VersionKind(StrEnum):
    """A plan with its own words throughout, or one that applies the plan of the unit above."""

    FULL = "full"
    APPLIES = "applies"


class Treatment(StrEnum):
    """What a wording is: the unit's own, or, in a plan that applies another, a measure of that one changed or left out.

    A measure taken as it stands needs no wording.
    """

    OWN = "own"
    CHANGED = "changed"
    LEFT_OUT = "left_out"


class Taking(StrEnum):
    """How a version stands to a measure: of the plan it applies, as it is, changed or left out; or its own."""

    AS_IT_IS = "as_it_is"
    CHANGED = "changed"
    LEFT_OUT = "left_out"
    OWN = "own"


class VersionState(StrEnum):
    """Where a version stands on a day; follows from the adoptions, never stored."""

    DRAFT = "draft"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    AHEAD = "ahead"


class PlanError(StrEnum):
    """Why something about a plan is not possible. Texts: texts.py."""

    ADOPTED = "plan_adopted"
    NOT_ADOPTED = "plan_not_adopted"
    WAS_ADOPTED = "plan_was_adopted"
    NO_DRAFT = "plan_no_draft"
    DRAFT_THERE = "plan_draft_there"
    LATER_VERSION = "plan_later_version"
    APPLIED_BELOW = "plan_applied_below"
    NOT_VISIBLE = "not_visible"
    IN_USE = "plan_in_use"
    CHANGED_MEANWHILE = "plan_changed_meanwhile"
    ALREADY_THERE = "plan_already_there"
    TITLE_EMPTY = "plan_title_empty"
    TOO_LONG = "plan_too_long"
    MEASURE_EMPTY = "plan_measure_empty"
    TOO_MANY_MEASURES = "plan_too_many_measures"
    TOO_MANY_COORDINATORS = "plan_too_many_coordinators"
    TOO_MANY_PROGRAMMES = "plan_too_many_programmes"
    NOT_ITS_PROVISION = "plan_not_its_provision"
    NOT_ITS_PROGRAMME = "plan_not_its_programme"
    NOT_ITS_MEASURE = "plan_not_its_measure"
    NOT_ABOVE = "plan_not_above"
    ANSWERED_TWICE = "plan_answered_twice"
    ANSWER_FIXED = "plan_answer_fixed"
    NOT_APPLYING = "plan_not_applying"
    IN_THE_FUTURE = "plan_in_the_future"
    BEFORE_ISSUED = "plan_before_issued"
    BEFORE_LAST_VERSION = "plan_before_last_version"
    AFTER_NEXT_VERSION = "plan_after_next_version"
    REASON_EMPTY = "plan_reason_empty"
    LEFT_OUT_WHY = "plan_left_out_why"
    TARGET_WITHOUT_INDICATOR = "plan_target_without_indicator"
    TARGET_TOO_LARGE = "plan_target_too_large"
    NOTHING_ENTERED = "plan_nothing_entered"


class Remark(StrEnum):
    """What a plan lacks, or what looks wrong in it. None of them hinders its adoption."""

    NO_MEASURE = "no_measure"
    NO_LEAD = "no_lead"
    NO_DEADLINE = "no_deadline"
    NO_PRODUCT = "no_product"
    AFTER_LAST_STEP = "after_last_step"
    AFTER_UPPER = "after_upper"
    BEFORE_ROLLOUT = "before_rollout"
    ORPHAN = "orphan"
    OVERDUE = "overdue"
