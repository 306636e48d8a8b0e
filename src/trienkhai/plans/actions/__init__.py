"""Drafting versions of plans, adopting them, and entering adoptions of units that keep their plans on paper."""

from trienkhai.plans.actions.adopting import (
    adopt_plan,
    correct_adoption,
    record_adoptions,
    restate_planned,
    withdraw_adoption,
)
from trienkhai.plans.actions.cascading import apply_newer, apply_upper, draft_applying, treat_measure, write_in_full
from trienkhai.plans.actions.drafting import discard_draft, draft_plan, edit_head, revise_plan
from trienkhai.plans.actions.measures import add_measure, edit_measure, remove_measure, set_measures
from trienkhai.plans.actions.watching import register_watch

__all__ = [
    "add_measure",
    "adopt_plan",
    "apply_newer",
    "apply_upper",
    "correct_adoption",
    "discard_draft",
    "draft_applying",
    "draft_plan",
    "edit_head",
    "edit_measure",
    "record_adoptions",
    "register_watch",
    "remove_measure",
    "restate_planned",
    "revise_plan",
    "set_measures",
    "treat_measure",
    "withdraw_adoption",
    "write_in_full",
]
