"""Words for codes of roll-outs."""

from django.utils.translation import gettext_lazy as _

from trienkhai.core.pages import Text
from trienkhai.organisation.rules import UnitKind
from trienkhai.organisation.texts import UNIT_KINDS
from trienkhai.rollouts.rules import (
    ATTENDANCES,
    MEETINGS_HELD,
    OTHERS_STUDIED,
    Owing,
    PaperForm,
    RolloutError,
    StepKind,
)

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

PAPER_FORM_NAMES: dict[PaperForm, Text] = {
    PaperForm.HANDWRITTEN: _("written by hand, on paper"),
    PaperForm.SPOKEN: _("spoken in the cell"),
    PaperForm.TYPED: _("typed here"),
    PaperForm.FILE: _("a file"),
}

WHO_ELSE: list[tuple[str, Text]] = [
    ("probationary", _("probationary members")),
    ("exempt", _("members exempt from work and meetings")),
    ("away", _("members working away")),
    ("temporary", _("members here temporarily")),
    ("suspended", _("suspended members")),
    ("others", _("people who are not members")),
]
"""Who may owe a step besides official members, by the fields of :class:`Owing`."""


def owed_by(kind: StepKind, owing: Owing) -> list[Text]:
    """Who owes a step: kinds of units, then sorts of people."""
    units = [UNIT_KINDS[unit_kind] for unit_kind in UnitKind if unit_kind in owing.unit_kinds]
    if kind not in {StepKind.STUDY, StepKind.PAPER}:
        return units
    return [*units, _("official members"), *(words for name, words in WHO_ELSE if getattr(owing, name))]


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
