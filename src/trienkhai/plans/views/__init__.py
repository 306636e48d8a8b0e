"""Pages of plans: where each unit stands, one version, two beside each other, drafts, adoptions, plans below."""

from trienkhai.plans.views.adopting import adopt, correct, scan, withdraw
from trienkhai.plans.views.applying import apply, apply_upper, as_it_is, change, in_full, leave_out
from trienkhai.plans.views.drafting import discard, edit, revise
from trienkhai.plans.views.listing import enter, index, of_unit
from trienkhai.plans.views.measures import measure_edit, measure_new, measure_remove, measures
from trienkhai.plans.views.showing import cascade, changes, document, measure, one, version

__all__ = [
    "adopt",
    "apply",
    "apply_upper",
    "as_it_is",
    "cascade",
    "change",
    "changes",
    "correct",
    "discard",
    "document",
    "edit",
    "enter",
    "in_full",
    "index",
    "leave_out",
    "measure",
    "measure_edit",
    "measure_new",
    "measure_remove",
    "measures",
    "of_unit",
    "one",
    "revise",
    "scan",
    "version",
    "withdraw",
]
