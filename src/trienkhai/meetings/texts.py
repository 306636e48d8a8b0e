"""Words for codes of meetings."""

from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from trienkhai.core.pages import Text
from trienkhai.meetings.rules import MeetingFault, MeetingForm, MeetingReason, MeetingState, Presence, Source, Tally

PRESENCE_NAMES: dict[Presence, Text] = {
    Presence.PRESENT: _("present"),
    Presence.LATE: _("came late"),
    Presence.LEFT_EARLY: _("left early"),
    Presence.ABSENT_EXCUSED: _("away, with a reason"),
    Presence.ABSENT: _("away, no reason given"),
}

SOURCE_NAMES: dict[Source, Text] = {
    Source.ROLL_CALL: _("called in the room"),
    Source.SHEET: _("from the signed sheet"),
    Source.TELEPHONE: _("told by telephone"),
    Source.IMPORT: _("from a list"),
}

FORM_NAMES: dict[MeetingForm, Text] = {
    MeetingForm.IN_PERSON: _("in one room"),
    MeetingForm.ONLINE: _("online"),
    MeetingForm.MIXED: _("in the room and online"),
}

STATE_NAMES: dict[MeetingState, tuple[str, Text]] = {
    MeetingState.PLANNED: ("not_due", pgettext_lazy("meeting", "planned")),
    MeetingState.HELD: ("done", pgettext_lazy("meeting", "held")),
    MeetingState.CANCELLED: ("none", pgettext_lazy("meeting", "cancelled")),
}

ERRORS: dict[str, Text] = {
    MeetingReason.CANCELLED: _("The meeting has been cancelled."),
    MeetingReason.NOT_CANCELLED: _("The meeting has not been cancelled."),
    MeetingReason.NOT_YET: _("The day of the meeting has not come yet."),
    MeetingReason.NOT_YOUR_PEOPLE: _("You may call the roll of your own unit’s people only."),
    MeetingReason.SEAT_NOT_YOURS: _(
        "A unit gives seats to units below it. For other units, ask the office of the upper unit to plan the meeting."
    ),
    MeetingReason.ROLLOUT_CLOSED: _("The roll-out is closed; no more meetings are planned in it."),
    MeetingFault.TITLE_MISSING: _("Say what the meeting is about."),
    MeetingFault.BEFORE_OPENING: _("That is before the roll-out began on %(day)s."),
    MeetingFault.UNIT_OUTSIDE: _("One of the units does not belong to this roll-out on that day."),
    MeetingFault.MINUTES: _("Enter the length in minutes, from 1 to %(most)s."),
    MeetingFault.MAKE_UP_OF_ANOTHER: _("The meeting this makes up for belongs to another roll-out."),
    MeetingFault.MAKE_UP_TOO_EARLY: _("A make-up session comes after the meeting of %(day)s it makes up for."),
    MeetingFault.MADE_UP_BEFORE: _("A session that makes up for this meeting was on %(day)s; this must not be later."),
    MeetingFault.STRANGER: _(
        "The roster has changed since this page was shown. What you marked is kept below; check it and save again."
    ),
    MeetingFault.NOT_A_PROGRAMME: _("One of the programmes does not run on that day, or is not of this unit."),
    MeetingFault.TOLD_BY_MISSING: _("Say who told it by telephone."),
    MeetingFault.ALREADY_LISTED: _("This person is on the roster already."),
    MeetingFault.GUEST_NAME_MISSING: _("Enter the guest’s name."),
    MeetingFault.NO_UNIT_THAT_DAY: _("This person belonged to no unit of the roll-out that day. Add them as a guest."),
    MeetingFault.TOO_MANY: _("A roster holds at most %(most)s people. Plan several meetings."),
    MeetingFault.NOTES_CHANGED: _(
        "Somebody else has saved the notes meanwhile. Nothing was overwritten: theirs stand above, yours below."
    ),
    MeetingFault.TWICE_IN_BATCH: _("The same meeting stands twice in the list."),
}


def roll_sentence(tally: Tally) -> str:
    """A roll in words with its denominator: "25 on the roster: 23 there (1 came late), 2 away with a reason"."""
    listed = ngettext("%d on the roster", "%d on the roster", tally.listed) % tally.listed
    if not tally.listed or tally.unmarked == tally.listed:
        return listed
    how = [
        ngettext("%d came late", "%d came late", tally.late) % tally.late if tally.late else "",
        ngettext("%d left early", "%d left early", tally.left_early) % tally.left_early if tally.left_early else "",
    ]
    there = ngettext("%d there", "%d there", tally.attended) % tally.attended
    in_brackets = ", ".join(filter(None, how))
    parts = [
        f"{there} ({in_brackets})" if in_brackets else there,
        ngettext("%d away with a reason", "%d away with a reason", tally.excused) % tally.excused
        if tally.excused
        else "",
        ngettext("%d away, no reason given", "%d away, no reason given", tally.absent) % tally.absent
        if tally.absent
        else "",
        ngettext("%d not marked yet", "%d not marked yet", tally.unmarked) % tally.unmarked if tally.unmarked else "",
    ]
    return gettext("%(listed)s: %(parts)s") % {"listed": listed, "parts": ", ".join(filter(None, parts))}


def took_part(tally: Tally) -> str:
    """People who owe nothing, in words: "3 of 5 took part"."""
    return gettext("%(there)d of %(listed)d took part") % {"there": tally.attended, "listed": tally.listed}
