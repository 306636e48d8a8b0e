"""Opening roll-outs, recording receipts and declarations, and keeping obligations in line with the organisation."""

from trienkhai.rollouts.actions.milestones import ensure_obligations, set_milestones, set_reached
from trienkhai.rollouts.actions.opening import change_deadline, close_rollout, open_rollout, reopen_rollout
from trienkhai.rollouts.actions.receiving import declare, record_receipt, record_receipts, withdraw_receipt
from trienkhai.rollouts.actions.reconciling import reconcile

__all__ = [
    "change_deadline",
    "close_rollout",
    "declare",
    "ensure_obligations",
    "open_rollout",
    "reconcile",
    "record_receipt",
    "record_receipts",
    "reopen_rollout",
    "set_milestones",
    "set_reached",
    "withdraw_receipt",
]
