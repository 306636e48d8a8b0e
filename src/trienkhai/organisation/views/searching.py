"""Finding units and people."""

from django.http import HttpResponse
from django.shortcuts import render

from trienkhai.ledger.clock import today
from trienkhai.organisation import policies
from trienkhai.organisation.forms.reading import SearchForm
from trienkhai.organisation.queries.searching import search as find
from trienkhai.organisation.requests import ActorRequest, signed_in


@signed_in
def search(request: ActorRequest) -> HttpResponse:
    """Units and people whose names have every word typed, with or without marks."""
    day = today()
    form = SearchForm(request.GET)
    query = form.cleaned_data["q"] if form.is_valid() else ""
    found = find(
        query,
        units=policies.visible_units(request.actor, at=day),
        people=policies.visible_people(request.actor, at=day),
        day=day,
    )
    return render(request, "organisation/search.html", {"form": form, "query": query, "found": found})
