"""Words for this app's codes, and a measure's facts in words."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from trienkhai.core.pages import Text
from trienkhai.plans.queries import MeasureRow
from trienkhai.plans.rules import PlanError, Remark
from trienkhai.plans.rules.sheets import Column, SheetFault
from trienkhai.plans.rules.tasks import TaskError, TaskState

TEXTS: dict[str, Text] = {
    PlanError.ADOPTED: _(
        "The plan has been adopted and is frozen. Draft the next version to change it, or take the adoption back if it "
        "was a slip."
    ),
    PlanError.NOT_ADOPTED: _("The plan has not been adopted yet."),
    PlanError.WAS_ADOPTED: _("The plan was adopted once, so it stays as a draft and cannot be thrown away."),
    PlanError.DRAFT_THERE: _("The next version is being drafted already."),
    PlanError.LATER_VERSION: _("A later version is there. Take that one back, or throw its draft away, first."),
    PlanError.APPLIED_BELOW: _("Plans below apply this version. Its adoption can be corrected, but not taken back."),
    PlanError.IN_USE: _(
        "The draft was not thrown away: a comment was answered with it, or something else refers to it. Change the "
        "draft instead; measures can be taken out one by one."
    ),
    PlanError.CHANGED_MEANWHILE: _(
        "Somebody else has changed this plan meanwhile. Nothing was saved; what you typed is still here. "
        "Open the plan in another window, compare, and save again."
    ),
    PlanError.ALREADY_THERE: _("This unit has a plan already."),
    PlanError.TITLE_EMPTY: _("Give the plan a title."),
    PlanError.TOO_LONG: _("This is too long: at most %(limit)s characters."),
    PlanError.MEASURE_EMPTY: _("Say what is to be done."),
    PlanError.TOO_MANY_MEASURES: _("These are too many measures. At most %(limit)s can be kept."),
    PlanError.TOO_MANY_COORDINATORS: _("At most %(limit)s may help one measure."),
    PlanError.TOO_MANY_PROGRAMMES: _("A measure can be tied to at most %(limit)s programmes."),
    PlanError.NOT_ABOVE: _("That is no measure of a plan adopted above this unit."),
    PlanError.ANSWERED_TWICE: _("A measure of the plan above is changed or left out once only."),
    PlanError.ANSWER_FIXED: _(
        "Which measure above it takes up was adopted before and stays. Take the measure out and add a new one instead."
    ),
    PlanError.NOT_APPLYING: _("Only a plan that applies another can change or leave out measures of it."),
    PlanError.NOT_ITS_PROVISION: _("A measure names a provision that is not part of this roll-out."),
    PlanError.NOT_ITS_PROGRAMME: _("A measure can be tied only to programmes of the unit and of those above it."),
    PlanError.NOT_ITS_MEASURE: _("The form does not fit this plan. Open the page again."),
    PlanError.IN_THE_FUTURE: _("That day has not come yet."),
    PlanError.BEFORE_ISSUED: _("The plan cannot be older than the directive, which was issued on %(earliest)s."),
    PlanError.BEFORE_LAST_VERSION: _("The version before was adopted on %(earliest)s; this one cannot be older."),
    PlanError.AFTER_NEXT_VERSION: _("The next version was adopted on %(latest)s; this one cannot be younger."),
    PlanError.LEFT_OUT_WHY: _("Say why it is left out."),
    PlanError.TARGET_WITHOUT_INDICATOR: _("Say what the target counts."),
    PlanError.TARGET_TOO_LARGE: _("At most %(digits)s digits, with four places after the comma."),
    PlanError.REASON_EMPTY: _("Say why it is taken back."),
    PlanError.NOTHING_ENTERED: _("Enter at least one day."),
}
REMARKS: dict[Remark, Text] = {
    Remark.NO_MEASURE: _("The plan has no measure yet."),
    Remark.NO_LEAD: _("Nobody leads"),
    Remark.NO_DEADLINE: _("No deadline"),
    Remark.NO_PRODUCT: _("No product"),
    Remark.AFTER_UPPER: _("The deadline lies after that of the plan above"),
    Remark.ORPHAN: _("Carries out no provision and takes up no measure from above"),
    Remark.OVERDUE: _("The deadline has passed"),
    Remark.AFTER_LAST_STEP: _("The deadline lies after the last step of the roll-out"),
    Remark.BEFORE_ROLLOUT: _("The deadline lies before the roll-out begins"),
}


@dataclass(frozen=True)
class Fact:
    """One fact of a measure in words."""

    label: Text
    value: str
    is_changed: bool = False


FACT_NAMES: dict[str, Text] = {
    "lead": _("Who leads"),
    "coordinators": _("Who helps"),
    "deadline": _("Deadline"),
    "product": _("Product"),
    "indicator": _("Indicator"),
    "provision": pgettext_lazy("of a measure", "Carries out"),
    "urgent": _("Urgent"),
    "recurring": _("Comes back in ordinary meetings"),
    "programmes": _("Tied to"),
}


def facts_of(row: MeasureRow) -> list[Fact]:
    """What is said of a measure besides its text."""
    values = {name: say(row) for name, say in _VALUES.items()}
    return [Fact(label, values[name]) for name, label in FACT_NAMES.items() if values[name]]


def facts_changed(row: MeasureRow, changed: Collection[str]) -> list[Fact]:
    """The facts that changed, even where nothing is said any more."""
    return [
        Fact(label, _VALUES[name](row) or "–", is_changed=True) for name, label in FACT_NAMES.items() if name in changed
    ]


def target_in_words(row: MeasureRow) -> str:
    """The indicator with its target: "cells that have met: 10 cells"."""
    if row.target is None:
        return row.indicator
    number = number_format(row.target.normalize() + 0, use_l10n=True)
    sign = "" if row.target_unit == "%" or not row.target_unit else " "
    return f"{row.indicator}: {number}{sign}{row.target_unit}"


_VALUES: dict[str, Callable[[MeasureRow], str]] = {
    "lead": lambda row: row.lead,
    "coordinators": lambda row: "; ".join(row.coordinators),
    "deadline": lambda row: f"{row.deadline_on:%d/%m/%Y}" if row.deadline_on else "",
    "product": lambda row: row.product,
    "indicator": target_in_words,
    "provision": lambda row: row.provision,
    "urgent": lambda row: gettext("yes") if row.is_urgent else "",
    "recurring": lambda row: gettext("yes") if row.is_recurring else "",
    "programmes": lambda row: "; ".join(name for _key, name in row.programmes),
}

TASK_TEXTS: dict[str, Text] = {
    TaskError.TEXT_EMPTY: _("Say what is to be done."),
    TaskError.TOO_LONG: _("This is too long: at most %(limit)s characters."),
    TaskError.NOBODY: _("Choose at least one to whom it is given."),
    TaskError.NOT_BELOW: _("It can be given only to units and persons of the unit whose plan this is."),
    TaskError.NOT_ADOPTED: _("Tasks are given once the plan has been adopted."),
    TaskError.NOT_ITS_MEASURE: _("The form does not fit this plan. Open the page again."),
    TaskError.DEADLINE_BEFORE_START: _("The deadline lies before the first day."),
    TaskError.MAY_NOT_GIVE: _("Only those who act for the unit whose plan this is may give tasks of it."),
    TaskError.MAY_NOT_REPORT: _("Only those to whom it was given, or who act for them, may report on it."),
    TaskError.WITHDRAWN: _("The task has been withdrawn."),
    TaskError.ALREADY_DONE: _("The task was reported as done. Take the report back first."),
    TaskError.NOT_REPORTED: _("Nothing has been reported yet."),
    TaskError.BEFORE_START: _("The task was given from %(start)s on; it cannot have been done before."),
    TaskError.IN_THE_FUTURE: _("That day has not come yet."),
    TaskError.REASON_EMPTY: _("Say why it is taken back."),
    TaskError.NOTHING_SHOWN: _("Say what came of it: a product, a note, or a file that shows it."),
    TaskError.TOO_MANY_FILES: _("There are enough files: at most %(limit)s."),
    TaskError.CHANGED_MEANWHILE: _(
        "Somebody else has changed this task meanwhile. Nothing was saved; what you typed is still here. "
        "Open the task in another window, compare, and save again."
    ),
    TaskError.NO_INDICATOR: _("The plan in force names no indicator for this measure."),
    TaskError.VALUE_TOO_LARGE: _("At most %(digits)s digits, with four places after the comma."),
}
TASK_STATES: dict[TaskState, tuple[str, Text]] = {
    TaskState.LATE: ("late", pgettext_lazy("of a task", "Late")),
    TaskState.RUNNING: ("running", pgettext_lazy("of a task", "To be done")),
    TaskState.NOT_DUE: ("not_due", pgettext_lazy("of a task", "Not begun yet")),
    TaskState.DONE: ("done", pgettext_lazy("of a task", "Done in time")),
    TaskState.DONE_LATE: ("done", pgettext_lazy("of a task", "Done late")),
    TaskState.WITHDRAWN: ("none", pgettext_lazy("of a task", "Withdrawn")),
}
"""Of each state: how the page kit draws it, and its word."""

COLUMN_NAMES: dict[Column, Text] = {
    Column.TEXT: _("What is to be done"),
    Column.PROVISION: pgettext_lazy("of a measure", "Carries out"),
    Column.LEAD: _("Who leads"),
    Column.COORDINATORS: _("Who helps"),
    Column.DEADLINE: _("Deadline"),
    Column.PRODUCT: _("Product"),
    Column.INDICATOR: _("Indicator"),
    Column.TARGET: _("Target"),
    Column.TARGET_UNIT: _("Unit of measure"),
    Column.URGENT: _("Urgent"),
    Column.RECURRING: _("Comes back in ordinary meetings"),
    Column.PROGRAMMES: _("Tied to"),
}
SHEET_TEXTS: dict[str, Text] = {
    SheetFault.NO_TABLE: _(
        "There is no table of measures in this file: one row must have headings such as “What is to be done” and "
        "“Deadline”. Take the Excel file of the plan as a pattern."
    ),
    SheetFault.TOO_MANY: _("These are too many measures. At most %(limit)s can be kept."),
    SheetFault.NOT_FULL: _("A plan that applies another is changed measure by measure, not by a table."),
    SheetFault.NOT_YOURS: _("Somebody else has brought this file. Bring it yourself."),
    SheetFault.NOTHING_CHANGED: _("The file says the same as the draft: nothing would change."),
    SheetFault.BAD_KEY: _("The hidden key in this row is of no measure of this draft. Empty it to add a new measure."),
    SheetFault.BAD_DAY: _("“%(value)s” is not a day. Write it like 27/03/2012."),
    SheetFault.BAD_NUMBER: _("“%(value)s” is not a number. Write it like 12 or 12,5."),
    SheetFault.BAD_TICK: _("“%(value)s”: write x, or leave it empty."),
    SheetFault.UNKNOWN_PROVISION: _("“%(name)s” is no provision of this roll-out."),
    SheetFault.UNKNOWN_PROGRAMME: _("“%(name)s” is no programme that runs."),
}
