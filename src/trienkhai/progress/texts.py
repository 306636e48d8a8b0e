"""Words for codes of figures, steps and reports."""

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from trienkhai.core.pages import Text
from trienkhai.core.templatetags.kit import number, percent
from trienkhai.meetings.rules import Presence
from trienkhai.papers.rules import PaperEventKind
from trienkhai.papers.texts import FORM_NAMES
from trienkhai.progress.actions import ReportError
from trienkhai.progress.policies import ProgressReason
from trienkhai.progress.queries.finding import Unfound
from trienkhai.progress.queries.overview import Overview
from trienkhai.progress.rules.figures import COUNTS, FigureValue
from trienkhai.progress.rules.process import Before, Item, Verdict
from trienkhai.progress.rules.prose import Ask
from trienkhai.rollouts.texts import FIGURE_NAMES as ROLLOUT_FIGURE_NAMES

FIGURE_NAMES: dict[str, Text] = {
    **{code: text for code, text in ROLLOUT_FIGURE_NAMES.items() if "." not in code},
    **{code: ROLLOUT_FIGURE_NAMES[series] for code, series in COUNTS.items()},
}

SHORT_NAMES: dict[str, Text] = {
    "units_received": _("Received"),
    "units_planned": _("Planned"),
    "units_studied": _("Cells studied"),
    "persons_studied": _("Studied"),
    "papers_submitted": _("Papers"),
    "papers_on_time": _("On time"),
    "papers_accepted": _("Accepted"),
    "others_studied": _("Not members"),
    "attendances": _("Attendances"),
    "meetings_held": _("Meetings"),
}

UNFOUND: dict[str, Text] = {
    Unfound.NO_ROLLOUT_YET: _("There is no roll-out yet."),
    Unfound.NO_SUCH_ROLLOUT: _("No roll-out is called “%(typed)s”."),
    Unfound.SEVERAL_ROLLOUTS: _(
        "Several roll-outs are called “%(typed)s”: %(found)s. Give more of the title, or the key."
    ),
    Unfound.NO_SUCH_UNIT: _("No unit of this roll-out is called “%(typed)s”."),
    Unfound.SEVERAL_UNITS: _("Several units are called “%(typed)s”: %(found)s. Give more of the name, or the key."),
}

REASONS: dict[str, Text] = {
    ProgressReason.NOT_YOUR_FIGURES: _("These figures belong to a unit you do not act for."),
    ProgressReason.FROZEN: _("The figures of this report are frozen. Nothing of it changes any more."),
    ProgressReason.NOT_FROZEN: _("Freeze the figures first."),
}


def sentence(shown: Overview) -> str:
    """The state of things in one sentence to be read out on the telephone."""
    parts = [_spoken(line.value) for line in shown.lines if line.value.denominator]
    text = gettext("As of %(day)s, %(unit)s: %(figures)s.") % {
        "day": f"{shown.asked.as_of:%d/%m/%Y}",
        "unit": shown.unit.name,
        "figures": "; ".join(parts) if parts else gettext("nobody owes anything yet"),
    }
    if shown.asked.known_at:
        known = gettext("As recorded by the end of %(day)s.") % {"day": f"{shown.asked.known_at:%d/%m/%Y}"}
        text = f"{text} {known}"
    return text


def _spoken(value: FigureValue) -> str:
    share = f"{number(value.numerator)}/{number(value.denominator)}"
    return f"{share} {FIGURE_NAMES[value.code]} ({percent(value.numerator, value.denominator or 1)})"


MISSING_NAMES: dict[str, Text] = {
    "units_received": _("units that have not received the documents"),
    "units_planned": _("units without a plan"),
    "units_studied": _("cells that have not studied"),
    "persons_studied": _("people who have not studied"),
    "papers_submitted": _("papers not handed in"),
    "papers_on_time": _("papers not handed in on time"),
    "papers_accepted": _("papers not accepted"),
}

DETAIL_NAMES: dict[str, Text] = {
    Presence.PRESENT: _("present"),
    Presence.LATE: _("came late"),
    Presence.LEFT_EARLY: _("left early"),
    Presence.ABSENT_EXCUSED: _("away with a reason"),
    Presence.ABSENT: _("away without a reason"),
    PaperEventKind.RETURNED: _("returned with a note"),
    PaperEventKind.ACCEPTED: _("accepted"),
    **{str(form): name for form, name in FORM_NAMES.items()},
}

DEFINITIONS: dict[str, tuple[Text, Text]] = {
    "units_received": (
        _("Units for which a day of receiving the roll-out’s documents has been entered, by that day."),
        _("All units that owe it: Party organisations from the lead unit down to the cells that are open on the day."),
    ),
    "units_planned": (
        _("Units that have adopted a plan of their own for this roll-out, by its day of adoption."),
        _("All units that owe a plan and are open on the day."),
    ),
    "units_studied": (
        _("Cells that have studied, under the rule set for the roll-out (see below)."),
        _("All cells that owe it and are open on the day. A merged cell has studied when every cell before it had."),
    ),
    "persons_studied": (
        _(
            "People who were at one study meeting of the roll-out at least: present, late or gone early. "
            "Each counts once."
        ),
        _(
            "Everybody who owes it on the day, in the unit they belong to on that day. Those who died, "
            "left or were made exempt owe nothing from then on; those who move take it along."
        ),
    ),
    "papers_submitted": (
        _(
            "People whose paper has been handed in, by the day it was first handed in. A return does not "
            "take that away."
        ),
        _("Everybody who owes a paper on the day, in the unit they belong to on that day."),
    ),
    "papers_on_time": (
        _(
            "Papers first handed in no later than the deadline, which is the end of its day; all of them "
            "when there is no deadline."
        ),
        _("Everybody who owes a paper on the day, in the unit they belong to on that day."),
    ),
    "papers_accepted": (
        _("Papers whose last word is that they were accepted."),
        _("Everybody who owes a paper on the day, in the unit they belong to on that day."),
    ),
    "others_studied": (
        _("People who are not members and were at a study meeting; each counts once, in their unit of that day."),
        _("None: they owe nothing."),
    ),
    "attendances": (
        _(
            "Places taken at study meetings by members and others, not by guests. One person at two "
            "meetings counts twice."
        ),
        _("None: it is a count of attendances, not of people."),
    ),
    "meetings_held": (
        _("Study meetings that took place, each counted in the unit that held it."),
        _("None."),
    ),
}

TOKEN_NAMES: dict[Ask, Text] = {
    Ask.FRACTION: _("how many of how many"),
    Ask.NUMERATOR: _("how many have"),
    Ask.DENOMINATOR: _("how many owe it"),
    Ask.MISSING: _("how many are missing"),
    Ask.PERCENT: _("per cent"),
    Ask.LEADERS: _("leaders alone"),
    Ask.LEADERS_PERCENT: _("leaders alone, per cent"),
    Ask.DECLARED: _("what units declare"),
}

WORD_NAMES: dict[str, Text] = {
    "as_of": _("the day the report speaks of"),
    "unit": _("the unit’s name"),
    "unit_count": _("how many units are directly below"),
    "units_table": _("the table of the units directly below, on a line of its own"),
}

ERRORS: dict[str, Text] = {
    ReportError.NO_SUBJECT: _("Give the report a subject."),
    ReportError.NO_BODY: _("The report has no text yet."),
    ReportError.TOO_LONG: _("The text is longer than %(limit)s characters."),
    ReportError.UNKNOWN_TOKEN: _(
        "These are no figures: %(tokens)s. Choose from the list of figures, or take the double braces "
        "away. Your text is still here."
    ),
    ReportError.CHANGED_MEANWHILE: _(
        "Somebody else has changed the report since you opened it. Your text is still here and nothing "
        "has been overwritten: compare it with theirs below, then save again to keep yours."
    ),
    ReportError.AS_OF_IN_THE_FUTURE: _("That day has not come yet."),
    ReportError.AS_OF_BEFORE_OPENING: _("The roll-out opened on %(day)s; choose that day or a later one."),
    "profile-unreadable": _("The rule file %(file)s in the data folder cannot be read: %(detail)s"),
    "profile-key-unknown": _("A rule file in the data folder has a key that means nothing: %(key)s"),
    "profile-key-missing": _("A rule file in the data folder lacks the key %(key)s"),
    "profile-value-wrong": _("A rule file in the data folder has a wrong value at %(key)s: %(value)s"),
}

ACTION_NAMES: dict[str, Text] = {
    "organisation.add_person": _("a person was added"),
    "organisation.add_people": _("people were added"),
    "organisation.add_membership": _("a membership was added"),
    "organisation.add_memberships": _("memberships were added"),
    "organisation.move_person": _("a person moved"),
    "organisation.move_people": _("people moved"),
    "organisation.change_membership": _("a membership changed"),
    "organisation.end_membership": _("a membership ended"),
    "organisation.end_memberships": _("memberships ended"),
    "organisation.merge_duplicate": _("a person entered twice was made one"),
    "organisation.give_post": _("a post was given"),
    "organisation.give_posts": _("posts were given"),
    "organisation.end_post": _("a post ended"),
    "organisation.withdraw_post": _("a post entered by mistake was taken back"),
    "organisation.move_unit": _("a unit moved"),
    "organisation.merge_units": _("units merged"),
    "organisation.split_unit": _("a unit was split"),
    "organisation.close_unit": _("a unit was closed"),
    "organisation.open_unit": _("a unit was opened"),
    "organisation.open_units": _("units were opened"),
    "organisation.correct_unit": _("a unit was corrected"),
    "organisation.change_unit_kind": _("a unit became one of another kind"),
    "rollouts.open": _("the roll-out was opened"),
    "rollouts.close": _("the roll-out was closed"),
    "rollouts.reopen": _("the roll-out was opened again"),
    "rollouts.change_deadline": _("a deadline was changed"),
    "rollouts.receive": _("a receipt was entered"),
    "rollouts.withdraw_receipt": _("a receipt was taken back"),
    "rollouts.declare": _("a unit declared figures"),
}

_AREAS: dict[str, Text] = {
    "organisation": _("a change of the organisation"),
    "rollouts": _("an entry in the roll-out"),
    "meetings": _("a meeting or its roll call was entered or corrected"),
    "papers": _("papers were entered or corrected"),
    "plans": _("a plan was entered or corrected"),
}


def action_name(action: str) -> str:
    """What an entry of the record did, in words."""
    area = action.partition(".")[0]
    return str(ACTION_NAMES.get(action) or _AREAS.get(area) or action)


COMMAND: dict[str, Text] = {
    "when": _("as of %(as_of)s, as known %(known_at)s"),
    "now": _("now"),
    "counted": _("counted"),
    "declared": _("declared"),
}

PROCESS_ITEMS: dict[Item, Text] = {
    Item.DIRECTIVE: _("The directive is registered"),
    Item.GUIDANCE: _("Guidance on how to carry it out"),
    Item.RECEIVED: _("Units have received the documents"),
    Item.PLAN: _("The leading unit has adopted its plan"),
    Item.PLANS_BELOW: _("Units below have adopted theirs"),
    Item.STUDIED: _("People have studied it"),
    Item.PAPERS: _("Papers have been handed in"),
    Item.COMMENTS_ASKED: _("Comments were asked for"),
    Item.COMMENTS_ANSWERED: _("Calls for comments are answered in full"),
    Item.PLAN_REVISED: _("The plan was revised after the comments"),
    Item.REPORTED: _("A report was frozen after the last deadline"),
}
EARLY_FOR: dict[str, Text] = {
    Item.DIRECTIVE: pgettext_lazy("came before", "the directive"),
    Item.RECEIVED: pgettext_lazy("came before", "the documents were received"),
    Item.PLAN: pgettext_lazy("came before", "the plan of the leading unit"),
    Item.PLANS_BELOW: pgettext_lazy("came before", "the plans of the units below"),
    Item.STUDIED: pgettext_lazy("came before", "the study"),
    Item.COMMENTS_ASKED: pgettext_lazy("came before", "the comments were in"),
    Item.COMMENTS_ANSWERED: pgettext_lazy("came before", "the comments were answered"),
    Before.LAST_DEADLINE: pgettext_lazy("came before", "the last deadline"),
}
VERDICTS: dict[Verdict, tuple[str, Text]] = {
    Verdict.THERE: ("done", pgettext_lazy("of the process", "There")),
    Verdict.UNDER_WAY: ("running", pgettext_lazy("of the process", "Under way")),
    Verdict.MISSING: ("late", pgettext_lazy("of the process", "Missing")),
    Verdict.OUT_OF_ORDER: ("late", pgettext_lazy("of the process", "Out of order")),
    Verdict.NOT_DUE: ("not_due", pgettext_lazy("of the process", "Not yet due")),
    Verdict.NOT_DONE: ("none", pgettext_lazy("of the process", "Not done")),
    Verdict.NOTHING_ASKED: ("none", pgettext_lazy("of the process", "Nothing asked here")),
}
