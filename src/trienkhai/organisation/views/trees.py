"""The tree on any day."""

from django.http import HttpResponse
from django.shortcuts import render

from trienkhai.ledger.clock import today
from trienkhai.organisation import policies
from trienkhai.organisation.forms.reading import SearchForm, days_asked
from trienkhai.organisation.queries.trees import tree_on
from trienkhai.organisation.requests import ActorRequest, signed_in


@signed_in
def tree(request: ActorRequest) -> HttpResponse:
    """Every unit the reader can see, one inside the other, on the day asked for."""
    day = today()
    form, as_of, known_at = days_asked(request.GET, day)
    visible = policies.visible_units(request.actor, at=day)
    found = tree_on(visible, policies.covered_units(request.actor, at=day), as_of, known_at=known_at)
    context = {
        "tree": found,
        "form": form,
        "as_of": as_of,
        "known_at": known_at,
        "is_today": as_of == day and known_at is None,
        "days": day_query(as_of, known_at) if form.is_bound else "",
        "search_form": SearchForm(),
        "can_open_top": request.actor.is_installer,
        "can_keep": policies.kept_units(request.actor, at=day).exists(),
    }
    return render(request, "organisation/tree.html", context)


def day_query(as_of: object, known_at: object | None) -> str:
    """The days, for the addresses of links onwards."""
    return f"?as_of={as_of}" + (f"&known_at={known_at}" if known_at else "")
