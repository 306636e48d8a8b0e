"""Tying meetings to programmes."""

from collections.abc import Collection

from trienkhai.core.decisions import Invalid
from trienkhai.meetings.models import Meeting, MeetingProgramme
from trienkhai.meetings.rules import MeetingFault
from trienkhai.programmes.queries import programmes_for


def tie(meeting: Meeting, programmes: Collection[int] | None) -> None:
    """Tie the meeting to these programmes and to no others; ``None`` changes nothing.

    Raises:
        Invalid: one that does not run on the meeting's day, or is neither the host's nor of a unit above it.
    """
    if programmes is None:
        return
    there = set(meeting.ties.values_list("programme", flat=True))
    added = set(programmes) - there
    if added and not added <= set(programmes_for(meeting.host_id, meeting.held_on).values_list("pk", flat=True)):
        raise Invalid(MeetingFault.NOT_A_PROGRAMME, on="programmes")
    meeting.ties.exclude(programme__in=programmes).delete()
    MeetingProgramme.objects.bulk_create(
        [MeetingProgramme(meeting=meeting, programme_id=programme) for programme in sorted(added)]
    )
