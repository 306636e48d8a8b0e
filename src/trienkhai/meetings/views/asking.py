"""Finding what an address names, through what the reader may see."""

from uuid import UUID

from django.shortcuts import get_object_or_404

from trienkhai.ledger.clock import today
from trienkhai.meetings import policies
from trienkhai.meetings.models import Meeting
from trienkhai.organisation.models import Unit
from trienkhai.organisation.requests import ActorRequest
from trienkhai.rollouts.models import Rollout
from trienkhai.rollouts.policies import visible_rollouts


def visible_meeting(request: ActorRequest, key: UUID) -> Meeting:
    """The meeting, or 404."""
    return get_object_or_404(policies.visible_meetings(request.actor, at=today()), key=key)


def visible_rollout(request: ActorRequest, key: UUID) -> Rollout:
    """The roll-out, or 404."""
    return get_object_or_404(visible_rollouts(request.actor, at=today()), key=key)


def chosen_unit(request: ActorRequest) -> Unit | None:
    """The unit named by ``?unit=``, among those whose counts the reader may see; ``None`` when none is named."""
    asked = request.GET.get("unit") or request.POST.get("unit")
    if not asked:
        return None
    return get_object_or_404(policies.counted_units(request.actor, at=today()), key=_key(asked))


def key_asked(request: ActorRequest, name: str) -> UUID:
    """The key posted under a name; what is no key is nobody's."""
    return _key(request.POST.get(name, ""))


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
