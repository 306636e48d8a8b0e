"""Words for codes of roll-outs."""

from django.utils.translation import gettext_lazy as _

from trienkhai.core.pages import Text
from trienkhai.rollouts.rules import ATTENDANCES, MEETINGS_HELD, OTHERS_STUDIED, RolloutError, StepKind

STEP_NAMES: dict[StepKind, Text] = {
    StepKind.RECEIVE: _("Received"),
    StepKind.PLAN: _("Planned"),
    StepKind.STUDY: _("Studied"),
    StepKind.PAPER: _("Papers"),
}

FIGURE_NAMES: dict[str, Text] = {
    "units_received": _("units that have received the documents"),
    "units_planned": _("units that have adopted a plan"),
    "units_studied": _("cells that have studied"),
    "persons_studied": _("people who have studied"),
    "papers_submitted": _("papers handed in"),
    "papers_on_time": _("papers handed in on time"),
    "papers_accepted": _("papers accepted"),
    OTHERS_STUDIED: _("people who are not members and took part"),
    ATTENDANCES: _("attendances"),
    MEETINGS_HELD: _("study meetings held"),
}

ERRORS: dict[str, Text] = {
    RolloutError.NO_TITLE: _("Give the roll-out a title."),
    RolloutError.NO_DIRECTIVE: _("Choose at least one directive that is carried out."),
    RolloutError.LEAD_NOT_OPEN: _("The lead unit did not exist on that day."),
    RolloutError.DEADLINE_BEFORE_OPENING: _("A deadline lies before the first day of the roll-out."),
    RolloutError.CLOSING_BEFORE_OPENING: _("The roll-out cannot be closed before its first day."),
    RolloutError.TOO_FAR_AHEAD: _("That day is more than three years ahead. Check the year."),
    RolloutError.ALREADY_CLOSED: _("The roll-out is closed. Open it again to change this."),
    RolloutError.NOT_CLOSED: _("The roll-out is not closed."),
    RolloutError.QUORUM_OUT_OF_RANGE: _("The share must lie between 1 and 100 per cent."),
    RolloutError.NO_PAPER_FORM: _("Choose at least one form a paper may have."),
    RolloutError.OWES_NOTHING_HERE: _("This unit owes nothing in this step of the roll-out."),
    RolloutError.IN_THE_FUTURE: _("That day has not come yet."),
    RolloutError.BEFORE_ISSUED: _("That day lies before the directive was issued."),
    RolloutError.NO_SUCH_FIGURE: _("There is no such figure."),
    RolloutError.MORE_THAN_ALL: _("There cannot be more than all."),
}
