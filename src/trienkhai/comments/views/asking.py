"""What several pages load: calls and desks the reader may see."""

from uuid import UUID

from django.shortcuts import get_object_or_404

from trienkhai.comments import policies
from trienkhai.comments.models import Call, Submission
from trienkhai.ledger.clock import today
from trienkhai.organisation.models import Unit
from trienkhai.organisation.requests import ActorRequest


def call_of(request: ActorRequest, key: UUID) -> Call:
    """A call the actor may see."""
    return get_object_or_404(policies.visible_calls(request.actor, at=today()), key=key)


def managed_call(request: ActorRequest, key: UUID) -> Call:
    """A call of a desk the actor works at."""
    return get_object_or_404(policies.managed_calls(request.actor, at=today()), key=key)


def desk_unit(request: ActorRequest, key: UUID) -> Unit:
    """A unit whose desk the actor works at."""
    return get_object_or_404(policies.desk_units(request.actor, at=today()), key=key)


def desk_submission(request: ActorRequest, key: UUID) -> Submission:
    """A submission the desk sees."""
    return get_object_or_404(policies.desk_submissions(request.actor, at=today()), key=key)
