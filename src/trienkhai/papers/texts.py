"""Words for codes of papers."""

from django.utils.translation import gettext_lazy as _

from trienkhai.core.pages import Text
from trienkhai.papers.rules import PaperError, PaperState
from trienkhai.rollouts.rules import PaperForm

STATE_NAMES: dict[PaperState, Text] = {
    PaperState.OWED: _("not yet handed in"),
    PaperState.DRAFT: _("being written"),
    PaperState.SUBMITTED: _("handed in"),
    PaperState.RETURNED: _("returned with a note"),
    PaperState.ACCEPTED: _("accepted"),
}

FORM_NAMES: dict[PaperForm, Text] = {
    PaperForm.HANDWRITTEN: _("on paper"),
    PaperForm.SPOKEN: _("spoken in the cell"),
    PaperForm.TYPED: _("typed"),
    PaperForm.FILE: _("as a file"),
}

ERRORS: dict[str, Text] = {
    PaperError.NOT_THE_AUTHOR: _("Only its author may do this with a paper."),
    PaperError.NOT_THE_READER: _("Only the unit’s reader may read, return and accept papers."),
    PaperError.OWES_NONE: _("This person owes no paper in this roll-out."),
    PaperError.FORM_NOT_ALLOWED: _("This roll-out does not take papers of that form."),
    PaperError.EMPTY: _("Nothing has been written yet."),
    PaperError.NO_FILE: _("Choose a file first."),
    PaperError.NOT_SUBMITTED: _("The paper has not been handed in."),
    PaperError.ALREADY_SUBMITTED: _("The paper has been handed in already."),
    PaperError.NO_NOTE: _("Say in a note what is to be mended."),
    PaperError.IN_THE_FUTURE: _("That day has not come yet."),
    PaperError.BEFORE_OPENING: _("That day lies before the first day of the roll-out."),
    PaperError.BEFORE_LAST_EVENT: _("That day lies before the last thing recorded of this paper."),
    PaperError.CHANGED_MEANWHILE: _(
        "The paper was changed in another window meanwhile. What you typed is kept below; compare before saving."
    ),
    PaperError.TOO_LONG: _("This is longer than an answer may be. Put it into a file."),
}
