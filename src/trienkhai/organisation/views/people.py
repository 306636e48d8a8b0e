"""A person through time."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from trienkhai.ledger.clock import today
from trienkhai.organisation import policies
from trienkhai.organisation.forms.people import birth_of
from trienkhai.organisation.models import Person
from trienkhai.organisation.queries.histories import entries_about
from trienkhai.organisation.queries.people import has_sign_in, record_of
from trienkhai.organisation.requests import ActorRequest, signed_in


@signed_in
def person(request: ActorRequest, key: UUID) -> HttpResponse:
    """Posts and memberships through time; somebody found to be entered twice leads to the entry kept."""
    day = today()
    people = policies.visible_people(request.actor, at=day)
    kept = Person.objects.filter(key=key, merged_into__isnull=False).values_list("merged_into__key", flat=True).first()
    if kept is not None:
        get_object_or_404(people, key=kept)
        return redirect("organisation:person", key=kept)
    found = get_object_or_404(people, key=key)
    record = record_of(found.pk)
    may_keep = bool(policies.can_keep_person(request.actor, found.pk, at=day))
    context = {
        "person": found,
        "birth": birth_of(found),
        "record": record,
        "counting": record.counting_on(day),
        "others": record.others_on(day),
        "posts": record.posts_on(day),
        "may_keep": may_keep,
        "is_self": found.pk == request.actor.person_id,
        "has_sign_in": has_sign_in(found.pk),
        "entries": entries_about(found.key, request.actor, day) if may_keep else (),
        "today": day,
    }
    return render(request, "organisation/person.html", context)
