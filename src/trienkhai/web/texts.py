"""Words for what is due."""

from django.utils.translation import gettext_lazy as _

from trienkhai.comments.queries.due import DueKind
from trienkhai.core.pages import Text
from trienkhai.web.rules import StartError

TO_DO: dict[str, Text] = {
    "units_received": _("have not received the documents"),
    "units_planned": _("have no adopted plan"),
    "units_studied": _("cells have not studied"),
    "persons_studied": _("people have not studied"),
    "papers_submitted": _("papers are missing"),
    "papers_accepted": _("papers have not been accepted"),
    "own_paper": _("Your own paper is still to be handed in"),
    "more_tasks": _("more tasks are to be done"),
    "given_late": _("given tasks are overdue"),
    "own_paper_returned": _("Your paper has been returned with a note"),
    DueKind.COMMENT: _("You are asked for your comment"),
    DueKind.RELEASE: _("The sealed box is to be opened by two holders"),
    DueKind.ANSWER: _("Comments wait for an answer"),
    DueKind.UNASKED: _("Comments that came unasked wait for an answer"),
    DueKind.NAME_ASKED: _("A name that was kept has been asked for: look with your receipt whether it is yours"),
}

TO_DO_ALONE: dict[str, Text] = {
    "units_received": _("has not received the documents"),
    "units_planned": _("has no adopted plan"),
    "units_studied": _("has not studied"),
    "plan_newer_above": _("the plan above has a newer version, which this plan does not apply yet"),
    "plan_new_above": _("new measures of the plan above wait for an answer"),
}
"""The same of a unit that owes it alone."""

ERRORS: dict[str, Text] = {
    StartError.ALREADY_SET_UP: _("This installation has been set up already. Sign in."),
    StartError.WRONG_CODE: _("This is not the code. It stands in the window where Triển khai was started."),
}
