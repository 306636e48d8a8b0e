"""What a programme's page shows of meetings."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from trienkhai.ledger.clock import today
from trienkhai.meetings.policies import visible_meetings
from trienkhai.meetings.queries.pages import names_on
from trienkhai.meetings.rules import MeetingState
from trienkhai.meetings.texts import STATE_NAMES
from trienkhai.organisation.rules import ANONYMOUS
from trienkhai.programmes.models import Programme

MOST = 50


def panel(request: HttpRequest, programme: Programme) -> str:
    """The meetings tied to it that the reader may see, newest first; empty when there is none."""
    actor = getattr(request, "actor", ANONYMOUS)
    found = visible_meetings(actor, at=today()).filter(ties__programme=programme).order_by("-held_on", "-pk")
    meetings = list(found[: MOST + 1])
    if not meetings:
        return ""
    names = names_on({meeting.host_id for meeting in meetings}, today())
    rows = [
        (meeting, names.get(meeting.host_id, ""), *STATE_NAMES[MeetingState(meeting.state)])
        for meeting in meetings[:MOST]
    ]
    context = {"rows": rows, "has_more": len(meetings) > MOST, "held": found.filter(state=MeetingState.HELD).count()}
    return render_to_string("meetings/of_programme.html", context, request=request)
