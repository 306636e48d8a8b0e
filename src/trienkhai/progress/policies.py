"""Whose figures somebody sees, and who writes, freezes and reads reports."""

from datetime import date
from enum import StrEnum

from django.db.models import Q, QuerySet

from trienkhai.core.decisions import ALLOW, Decision
from trienkhai.figures.models import Path
from trienkhai.organisation import policies as organisation
from trienkhai.organisation.models import Unit
from trienkhai.organisation.policies import can_run, can_see_names, named_units, runnable_units
from trienkhai.organisation.rules import Actor
from trienkhai.progress.models import Report
from trienkhai.rollouts.models import Rollout
from trienkhai.rollouts.policies import visible_rollouts


class ProgressReason(StrEnum):
    """Why something about figures or reports is not possible."""

    NOT_YOUR_FIGURES = "progress_not_your_figures"
    FROZEN = "progress_report_frozen"
    NOT_FROZEN = "progress_report_not_frozen"


def covered_units(actor: Actor, *, at: date) -> QuerySet[Unit]:
    """Units whose figures the actor may open: their own and everything below; not those above, never siblings."""
    return organisation.covered_units(actor, at=at)


def can_see_figures(actor: Actor, rollout: Rollout, unit_id: int, *, at: date) -> Decision:
    """Whether the actor may see the unit's figures in the roll-out: the lead unit's totals, and those they cover."""
    if unit_id == rollout.lead_id and visible_rollouts(actor, at=at).filter(pk=rollout.pk).exists():
        return ALLOW
    return can_open_facts(actor, rollout, unit_id, at=at)


def can_open_facts(actor: Actor, rollout: Rollout, unit_id: int, *, at: date) -> Decision:
    """Whether the actor may open the unit's figures down to their facts."""
    ever_under = Path.objects.filter(ancestor=rollout.lead_id, descendant=unit_id, superseded_seq__isnull=True)
    if ever_under.exists() and organisation.covers(actor, unit_id, at=at):
        return ALLOW
    return Decision(ProgressReason.NOT_YOUR_FIGURES)


def visible_reports(actor: Actor, *, at: date) -> QuerySet[Report]:
    """Reports of units the actor writes for; frozen ones also of the units they cover.

    What a unit has not yet said is its own: an upper unit's office, which sees no names there, sees no drafts.
    """
    reports = Report.objects.select_related("rollout__scope", "unit")
    if actor.is_installer:
        return reports
    run = runnable_units(actor, at=at).filter(pk__in=named_units(actor, at=at).values("pk")).values("pk")
    return reports.filter(
        Q(unit__in=run) | Q(unit__in=covered_units(actor, at=at).values("pk"), frozen_at__isnull=False)
    )


def can_write_report(actor: Actor, rollout: Rollout, unit_id: int, *, at: date) -> Decision:
    """Whether the actor may report for the unit on the roll-out: who acts for it and sees its names."""
    return _can_write_for(actor, unit_id, at=at) and can_open_facts(actor, rollout, unit_id, at=at)


def can_edit_report(actor: Actor, report: Report, *, at: date) -> Decision:
    """Whether the actor may change the report: whoever writes for its unit, until it is frozen."""
    if report.is_frozen:
        return Decision(ProgressReason.FROZEN)
    return _can_write_for(actor, report.unit_id, at=at)


def can_freeze_report(actor: Actor, report: Report, *, at: date) -> Decision:
    """Whether the actor may freeze the report's figures (chốt số liệu); once and for good."""
    return can_edit_report(actor, report, at=at)


def can_attach_scan(actor: Actor, report: Report, *, at: date) -> Decision:
    """Whether the actor may attach the signed paper: after freezing, whoever writes for the unit."""
    if not report.is_frozen:
        return Decision(ProgressReason.NOT_FROZEN)
    return _can_write_for(actor, report.unit_id, at=at)


def _can_write_for(actor: Actor, unit_id: int, *, at: date) -> Decision:
    return can_run(actor, unit_id, at=at) and can_see_names(actor, unit_id, at=at)
