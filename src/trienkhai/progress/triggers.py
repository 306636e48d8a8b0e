"""Frozen is frozen for the database too: no statement changes a frozen report, its figures, or adds one to them."""

from trienkhai.ledger.triggers import Guard

SAID = "frozen figures never change"
_FROZEN = "EXISTS (SELECT 1 FROM progress_report r WHERE r.id = NEW.report_id AND r.frozen_at IS NOT NULL)"

GUARDS = (
    Guard("progress_report", "UPDATE", SAID, "OLD.frozen_at IS NOT NULL"),
    Guard("progress_report", "DELETE", SAID, "OLD.frozen_at IS NOT NULL"),
    Guard("progress_report", "TRUNCATE", SAID),
    Guard("progress_frozenfigure", "INSERT", SAID, _FROZEN),
    Guard("progress_frozenfigure", "UPDATE", SAID),
    Guard("progress_frozenfigure", "DELETE", SAID),
    Guard("progress_frozenfigure", "TRUNCATE", SAID),
)
"""Figures are written before their report is marked frozen, in one transaction."""
