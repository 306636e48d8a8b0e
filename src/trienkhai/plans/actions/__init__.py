"""Drafting plans, adopting them, and entering adoptions of units that keep their plans on paper."""

from trienkhai.plans.actions.adopting import (
    adopt_plan,
    correct_adoption,
    record_adoptions,
    restate_planned,
    withdraw_adoption,
)
from trienkhai.plans.actions.drafting import discard_draft, draft_plan, edit_head, set_measures

__all__ = [
    "adopt_plan",
    "correct_adoption",
    "discard_draft",
    "draft_plan",
    "edit_head",
    "record_adoptions",
    "restate_planned",
    "set_measures",
    "withdraw_adoption",
]
