"""Planning meetings, drawing rosters, calling rolls; each change recounts what it touches."""

from trienkhai.meetings.actions.batches import BatchMeeting, record_meetings
from trienkhai.meetings.actions.counting import refresh
from trienkhai.meetings.actions.duplicates import give_back, lock_rolls, take_over
from trienkhai.meetings.actions.keeping import add_material, remove_material, set_notes
from trienkhai.meetings.actions.planning import (
    MeetingFacts,
    cancel_meeting,
    change_meeting,
    hold_meeting,
    plan_make_up,
    plan_meeting,
    restore_meeting,
)
from trienkhai.meetings.actions.rolls import Conflict, RollResult, call_roll
from trienkhai.meetings.actions.rosters import add_guest, add_person, draw_roster, remove_from_roster

__all__ = [
    "BatchMeeting",
    "Conflict",
    "MeetingFacts",
    "RollResult",
    "add_guest",
    "add_material",
    "add_person",
    "call_roll",
    "cancel_meeting",
    "change_meeting",
    "draw_roster",
    "give_back",
    "hold_meeting",
    "lock_rolls",
    "plan_make_up",
    "plan_meeting",
    "record_meetings",
    "refresh",
    "remove_from_roster",
    "remove_material",
    "restore_meeting",
    "set_notes",
    "take_over",
]
