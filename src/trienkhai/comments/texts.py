"""Words for codes of comments."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from trienkhai.comments.rules import (
    About,
    Addressed,
    AuthorKind,
    CallState,
    Channel,
    CommentError,
    DispositionKind,
    Promise,
    RegroupingKind,
)
from trienkhai.comments.rules.grouping import DeskError, Outcome
from trienkhai.core.pages import Text

PROMISE_NAMES: dict[Promise, Text] = {
    Promise.NAMED: _("With your name"),
    Promise.NAME_KEPT: _("Name kept"),
    Promise.WITHOUT_A_NAME: _("Without a name"),
}

STATE_NAMES: dict[CallState, Text] = {
    CallState.COMING: _("not open yet"),
    CallState.OPEN: _("open"),
    CallState.CLOSED: _("closed, waiting to be released"),
    CallState.ANSWERING: _("being answered"),
    CallState.FINISHED: _("everything answered"),
}

ABOUT_NAMES: dict[About, Text] = {
    About.PLAN: _("the plan as a whole"),
    About.MEASURE: _("a measure"),
    About.BODY: _("a body"),
    About.PERSON: _("a person"),
    About.FREE: _("something else"),
}

CHANNEL_NAMES: dict[Channel, Text] = {
    Channel.SCREEN: _("on screen"),
    Channel.LETTER: _("by letter"),
    Channel.BOX: _("from the comment box"),
    Channel.TELEPHONE: _("by telephone"),
    Channel.MEETING: _("in a meeting"),
}

AUTHOR_NAMES: dict[AuthorKind, Text] = {
    AuthorKind.MEMBER: _("a member"),
    AuthorKind.OTHER: _("a person who is not a member"),
    AuthorKind.UNIT: _("a unit"),
    AuthorKind.RESIDENT: _("a resident"),
    AuthorKind.NOT_SAID: pgettext_lazy("comments", "not said"),
}

ADDRESSED_NAMES: dict[Addressed, Text] = {
    Addressed.ALL_BELOW: _("everybody in the unit and below it"),
    Addressed.CHOSEN_UNITS: _("the units chosen"),
    Addressed.RESIDENTS: _("residents, by codes they draw from a bowl"),
}

ERRORS: dict[str, Text] = {
    CommentError.NOT_THE_DESK: _("Only those who act for the unit’s office may do this with comments."),
    CommentError.NOT_ASKED: _("You are not among those this call asks."),
    CommentError.NOT_OPEN: _("This call is not open. Nothing was sent."),
    CommentError.ALREADY_CLOSED: _("This call is closed already."),
    CommentError.NOT_CLOSED: _("This call is still open. It can be released when it has closed."),
    CommentError.NOT_SEALED: _("This call has no sealed box: its comments are read as they come."),
    CommentError.IS_SEALED: _("In this call everything goes into the sealed box."),
    CommentError.ALREADY_RELEASED: _("This call has been released already."),
    CommentError.ALREADY_SENT: _("You have sent your comment in this call. It cannot be changed or sent again."),
    CommentError.HAS_A_SLIP: _("A slip of paper was handed out here. Comment on it, and put it into the box."),
    CommentError.NO_SLIP: _("No slip was handed out."),
    CommentError.MORE_THAN_SLIPS: _("There are more slips here (%(found)s) than were handed out (%(given)s)."),
    CommentError.PROMISE_NOT_OFFERED: _("This call does not offer that."),
    CommentError.PERSON_WITHOUT_A_NAME: _(
        "Comments on a named person are signed, or the name is kept. "
        "Without a name you can comment on plans and bodies."
    ),
    CommentError.NO_PROMISE: _("Choose how people may comment."),
    CommentError.NO_SUBJECT: _("Choose what the call asks about."),
    CommentError.NOBODY_ASKED: _("This would ask nobody. Choose units that have people."),
    CommentError.TOO_FEW_ASKED: _(
        "Only %(asked)s people would be asked. Comments without a name need at least %(at_least)s: among fewer, "
        "a text gives its author away."
    ),
    CommentError.NOT_ADOPTED: _("Only an adopted plan can be commented on."),
    CommentError.NO_KEEPERS: _("Choose at least three people who keep the names."),
    CommentError.SENT_BY_AUTHOR: _("Its author sent it: it cannot be taken back here."),
    CommentError.NO_REVIEWER: _("Say which body reviews this person: it and the person are the only ones to read it."),
    CommentError.NO_CODES: _("Say how many codes there are to be: as many residents can comment."),
    CommentError.OPENS_TOO_EARLY: _("The first day is today or later: before that nobody could comment."),
    CommentError.CLOSES_TOO_EARLY: _("The last day must not lie before the first, nor before today."),
    CommentError.ANSWER_TOO_EARLY: _("Answers cannot be due before the call closes."),
    CommentError.NOT_LATER: _("More time means a later day than %(day)s."),
    CommentError.NO_REASON: _("Say why."),
    CommentError.NOTHING_SAID: _("Nothing has been written yet."),
    CommentError.TOO_LONG: _("One of the points is too long: at most %(at_most)s letters each."),
    CommentError.TOO_MANY_POINTS: _("At most %(at_most)s points fit into one submission."),
    CommentError.NOT_A_SUBJECT: _("This call does not ask about that."),
    CommentError.IN_THE_FUTURE: _("That day has not come yet."),
    CommentError.BEFORE_OPENING: _("That day lies before the call was opened."),
    CommentError.NO_AUTHOR: _("Say whose comment this is."),
    CommentError.SEVERAL_OF_THAT_NAME: _(
        "%(n)s people have that name. Enter it as of a resident with name and place, or correct the list first."
    ),
    CommentError.ASKED_BY_BOX: _(
        "This person is asked by a call that is under way and whose comments go into a sealed box: enter it there."
    ),
    CommentError.NOT_KEPT: _("No name was kept here."),
    CommentError.NAME_GONE: _("This name can no longer be opened."),
    CommentError.ALREADY_WITHDRAWN: _("This has been withdrawn already."),
    CommentError.CODES_WITHOUT_A_NAME: _(
        "Residents who draw a code comment without a name, or sign with the name they write. "
        "Names are not kept for them."
    ),
    CommentError.TOO_MANY_CODES: _("One call gives out at most %(at_most)s codes."),
    CommentError.CODE_MALFORMED: _("That is no code: it has twelve signs, letters and the digits 2 to 7."),
    CommentError.CODE_UNKNOWN: _("This code is not known here. Compare it with your slip, sign by sign."),
    CommentError.CODE_USED: _("A comment has been sent with this code. It cannot be changed or sent again."),
    CommentError.CODES_DRAWN: _(
        "The codes have been drawn already, in another window or before this page was loaded again. "
        "Those on the newest sheet hold."
    ),
    CommentError.CODES_USED_UP: _("Every code has been used."),
    CommentError.NO_SIGNATURE: _("To sign, write your name; or choose “without a name”."),
    CommentError.IS_THE_PASSWORD: _("This is the password for signing in. Choose other words for the passphrase."),
    CommentError.SLIPS_ENTERED: _("These slips are in the box already. Nothing was entered a second time."),
    CommentError.TOO_FEW_SLIPS: _(
        "Too few slips were handed out: whoever types them in could guess whose they are. None can be entered."
    ),
    CommentError.RECEIPT_TWICE: _("This code stands on two slips here. Compare it sign by sign."),
    CommentError.RECEIPT_USED: _(
        "The receipt code %(receipt)s has been used already. Compare it with the slip, sign by sign. "
        "Nothing was entered."
    ),
    CommentError.HAS_SUBMISSIONS: _("Comments have come already."),
    CommentError.CHANGED_MEANWHILE: _("This was changed meanwhile. Look at it again before you go on."),
    "comment_rules_unreadable": _("The rule file %(file)s cannot be read."),
    "comment_rules_without_meaning": _("In the rule file, “%(name)s” means nothing, or goes below what is promised."),
}

DISPOSITION_NAMES: dict[DispositionKind, Text] = {
    DispositionKind.ACCEPTED: pgettext_lazy("comments", "accepted"),
    DispositionKind.EXPLAINED: _("explained"),
    DispositionKind.PASSED_ON: _("passed on to the body in charge"),
    DispositionKind.OUTSIDE: _("outside the question"),
}

OUTCOME_NAMES: dict[Outcome, Text] = {
    Outcome.CHANGED: _("changed by the version in force"),
    Outcome.DRAFTED: _("changed in the draft of the next version"),
    Outcome.NOT_YET: _("not changed in the draft so far"),
    Outcome.UNCHANGED: _("not changed: the version was adopted with it as it was"),
    Outcome.GONE: _("not changed: it was new in the draft and was taken out again"),
}

REGROUPING_NAMES: dict[RegroupingKind, Text] = {
    RegroupingKind.FOUND_ALIKE: _("found to say the same"),
    RegroupingKind.MERGED: pgettext_lazy("comments", "merged"),
    RegroupingKind.SPLIT: _("split off"),
    RegroupingKind.MOVED: pgettext_lazy("comments", "moved"),
    RegroupingKind.UNDONE: _("undone"),
}

DESK_ERRORS: dict[str, Text] = {
    DeskError.NOTHING_CHOSEN: _("Tick something first."),
    DeskError.TOO_MANY: _("At most %(at_most)s at once."),
    DeskError.OTHER_PERSON: _("Comments on a person stay with those on the same person."),
    DeskError.ANSWERED: _("One of those to be merged has an answer. Take the answer back first."),
    DeskError.NOT_ANSWERED: _("This has not been answered."),
    DeskError.WHOLE_GROUP: _("That would leave nothing behind. Leave at least one comment."),
    DeskError.MOVED_SINCE: _("Something was done with these comments since. Look at them again."),
    DeskError.FINISHED: _("Everything was answered and the call is finished."),
    DeskError.UNANSWERED_LEFT: _("Some comments are not answered yet."),
    DeskError.STILL_OPEN: _("The call is not over, or its box has not been opened."),
    DeskError.NO_ANSWER: _("Write the answer."),
    DeskError.NO_SUMMARY: _("Say in your own words what was said. This is what others read."),
    DeskError.VERBATIM: _("This repeats an author’s words. Others read it, so say it in your own."),
    DeskError.NO_CLAUSE: _("Choose the measure of the draft that changes."),
    DeskError.NO_DRAFT: _("To accept this, begin the next version of the plan first."),
    DeskError.OTHER_CLAUSE: _("That measure is not in the draft of this plan."),
    DeskError.NO_RECEIVER: _("Say to whom it was passed on."),
    DeskError.IN_THE_FUTURE: _("That day has not come yet."),
    DeskError.NO_TITLE: _("Give the theme a name."),
    DeskError.BUSY: _("A search is under way already."),
    DeskError.SEARCH_FAILED: _("Something went wrong in the program. All comments are where they were."),
}
