"""Words for kinds and codes of the organisation."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from trienkhai.core.pages import Text
from trienkhai.organisation.rules import (
    BodyKind,
    EndReason,
    Fault,
    MemberKind,
    PostKind,
    Reason,
    Role,
    Standing,
    SuccessionKind,
    Tie,
    UnitKind,
)

UNIT_KINDS: dict[StrEnum, Text] = {
    UnitKind.UPPER: _("Upper Party organisation"),
    UnitKind.BASE: _("Base Party organisation"),
    UnitKind.SECTION: _("Sectional Party organisation"),
    UnitKind.CELL: _("Cell"),
    UnitKind.GROUP: _("Party group"),
    UnitKind.AGENCY: _("Agency or unit"),
}

MEMBER_KINDS: dict[StrEnum, Text] = {
    MemberKind.OFFICIAL: _("Official member"),
    MemberKind.PROBATIONARY: _("Probationary member"),
    MemberKind.OTHER: _("Not a member"),
}

STANDINGS: dict[StrEnum, Text] = {
    Standing.ACTIVE: _("Takes part"),
    Standing.EXEMPT: _("Exempt from work and meetings"),
    Standing.SUSPENDED: _("Suspended"),
    Standing.AWAY: _("Working away"),
}

TIES: dict[StrEnum, Text] = {
    Tie.COUNTING: _("Counts here"),
    Tie.RESIDENCE: _("Residence tie (213)"),
    Tie.TEMPORARY: _("Here for a time"),
}

END_REASONS: dict[StrEnum, Text] = {
    EndReason.MOVED: _("Moved to another unit"),
    EndReason.MOVED_OUT: _("Left for another organisation"),
    EndReason.DIED: _("Died"),
    EndReason.STRUCK_OFF: _("Struck off"),
    EndReason.EXPELLED: _("Expelled"),
    EndReason.CHANGED: _("Went on otherwise"),
    EndReason.REORGANISED: _("Unit reorganised"),
    EndReason.DUPLICATE: _("Entered twice"),
}

POST_KINDS: dict[StrEnum, Text] = {
    PostKind.SECRETARY: _("Secretary"),
    PostKind.DEPUTY_STANDING: _("Standing deputy secretary"),
    PostKind.DEPUTY: _("Deputy secretary"),
    PostKind.STANDING_MEMBER: _("Member of the Standing Committee"),
    PostKind.COMMITTEE_MEMBER: _("Member of the Party committee"),
    PostKind.CELL_COMMITTEE_MEMBER: _("Member of the cell committee"),
    PostKind.INSPECTION_MEMBER: _("Member of the inspection committee"),
    PostKind.GROUP_HEAD: _("Head of a Party group"),
    PostKind.HEAD: _("Head of an agency or unit"),
    PostKind.DEPUTY_HEAD: _("Deputy head"),
    PostKind.OTHER: _("Another post"),
}

BODY_KINDS: dict[StrEnum, Text] = {
    BodyKind.COMMITTEE: _("Party committee"),
    BodyKind.STANDING_COMMITTEE: _("Standing Committee"),
    BodyKind.STANDING: _("Standing members"),
    BodyKind.CELL_COMMITTEE: _("Cell committee"),
    BodyKind.INSPECTION: _("Inspection committee"),
}

ROLES: dict[StrEnum, Text] = {
    Role.OFFICE: pgettext_lazy("role", "Office"),
    Role.SECRETARY: pgettext_lazy("role", "Secretary or deputy"),
    Role.MEMBER: pgettext_lazy("role", "Member"),
}

SUCCESSIONS: dict[StrEnum, Text] = {
    SuccessionKind.MERGE: _("merged"),
    SuccessionKind.SPLIT: _("split"),
}

_WORDS: dict[type[StrEnum], Mapping[StrEnum, Text]] = {
    UnitKind: UNIT_KINDS,
    MemberKind: MEMBER_KINDS,
    Standing: STANDINGS,
    Tie: TIES,
    EndReason: END_REASONS,
    PostKind: POST_KINDS,
    BodyKind: BODY_KINDS,
    Role: ROLES,
    SuccessionKind: SUCCESSIONS,
}


def in_words(value: StrEnum) -> Text:
    """What a kind, standing, tie, reason, post or role is called on screen."""
    return _WORDS[type(value)][value]


ENTRIES: dict[str, Text] = {
    "organisation.open_unit": _("Unit opened"),
    "organisation.open_units": _("Units opened from a list"),
    "organisation.rename_unit": _("Renamed"),
    "organisation.change_unit_kind": _("Made a unit of another kind"),
    "organisation.move_unit": _("Put under another unit"),
    "organisation.correct_unit": _("Entry corrected"),
    "organisation.close_unit": _("Unit closed"),
    "organisation.merge_units": _("Units merged"),
    "organisation.split_unit": _("Unit split"),
    "organisation.make_body": _("Body named"),
    "organisation.end_body": _("Body dissolved"),
    "organisation.add_person": _("Added"),
    "organisation.correct_person": _("Particulars corrected"),
    "organisation.merge_duplicate": _("Found to be entered twice"),
    "organisation.add_membership": _("Tied to a unit"),
    "organisation.move_person": _("Moved"),
    "organisation.change_membership": _("Membership changed"),
    "organisation.end_membership": _("Membership ended"),
    "organisation.give_post": _("Post given"),
    "organisation.end_post": _("Post ended"),
    "organisation.withdraw_post": _("Post taken back: entered by mistake"),
    "organisation.undo": _("Taken back"),
    "web.set_up": _("Set up"),
}

ERRORS: dict[str, Text] = {
    Reason.MAY_NOT_RUN: _("Only the unit’s secretary, deputies and office may do this."),
    Reason.MAY_NOT_SEE_NAMES: _("This page does not exist, or you may not see it."),
    Reason.MAY_NOT_KEEP: _("Only the office of this unit, or of one above it, may change this."),
    Reason.MAY_NOT_KEEP_USER: _(
        "You may not change this sign-in: it reaches further than your office, or it is your own."
    ),
    Reason.UNDO_TOO_LATE: _("Only what was entered today can be taken back. Enter what is right instead."),
    Reason.UNDO_OVERTAKEN: _("Something has been changed since. Take that back first, or enter what is right."),
    Fault.NAME_MISSING: _("Enter a name."),
    Fault.NAME_TOO_LONG: _("This is too long: at most %(limit)s characters."),
    Fault.DAY_TOO_EARLY: _("That day is too long ago. Check the year."),
    Fault.DAY_TOO_FAR: _("That day is more than a year ahead. Check the year."),
    Fault.BIRTH_IMPOSSIBLE: _("This cannot be a date of birth. Write it like 03/02/1958, or the year alone."),
    Fault.UNIT_UNKNOWN: _("There is no such unit."),
    Fault.UNIT_NOT_OPEN: _("The unit is not open on that day."),
    Fault.UNIT_WRONG_LEVEL: _("Such a unit cannot lie under one of that kind."),
    Fault.UNIT_HAS_PEOPLE: _(
        "There are still people in the unit on that day or later. Move them first, or merge the unit."
    ),
    Fault.UNIT_HAS_UNITS: _("There are still units below it on that day or later. Move or close them first."),
    Fault.TREE_CYCLE: _("The unit would lie in itself."),
    Fault.MERGE_NEEDS_TWO: _("Choose at least one other unit to merge."),
    Fault.SPLIT_NEEDS_PARTS: _("Say which unit is split off."),
    Fault.NOT_IN_UNIT: _("Somebody chosen is not in the unit on that day."),
    Fault.PERSON_UNKNOWN: _("There is no such person any more: perhaps they were found to be entered twice."),
    Fault.SAME_PERSON: _("Choose another entry: this is the same one."),
    Fault.COUNTS_ALREADY: _("The person counts in another unit on that day or later. Move them instead."),
    Fault.TIE_ALREADY: _("The person has this tie to the unit already."),
    Fault.NOT_A_MEMBER_THEN: _("The person is not in any unit on that day, so nothing can change then. Check the day."),
    Fault.NOTHING_CHANGES: _("This is how it stands already: nothing would change."),
    Fault.ENDS_BEFORE_START: _("The end must come after the beginning."),
    Fault.POST_ALREADY: _("The person holds this post already."),
    Fault.BODY_UNKNOWN: _("The unit has no such body on that day."),
    Fault.BODY_ALREADY: _("The unit has such a body already."),
    Fault.POST_UNKNOWN: _("This post has been changed meanwhile. Look again."),
    Fault.USERNAME_TAKEN: _("Somebody signs in with this name already. Choose another."),
    Fault.USERNAME_INVALID: _("Use 3 to 60 letters, digits or . _ - @ + without blanks."),
    Fault.PERSON_HAS_SIGN_IN: _("This person has a sign-in already."),
    Fault.DELEGATED_ALREADY: _("This sign-in works for the unit’s office in those days already."),
}
