"""To do: what is due from whoever looks."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from trienkhai.ledger.clock import today
from trienkhai.organisation.models import Person
from trienkhai.organisation.policies import runnable_units
from trienkhai.organisation.requests import ActorRequest, signed_in
from trienkhai.rollouts.policies import visible_rollouts
from trienkhai.web.queries import is_set_up, to_do
from trienkhai.web.texts import TO_DO


def home(request: HttpRequest) -> HttpResponse:
    """What is due; before the first start, the way there."""
    if not request.user.is_authenticated and not is_set_up():
        return redirect("web:start")
    return _to_do(request)


@signed_in
def _to_do(request: ActorRequest) -> HttpResponse:
    day = today()
    things = to_do(request.actor, today=day)
    context = {
        "things": [(thing, TO_DO[thing.figure]) for thing in things],
        "today": day,
        "rollouts": list(visible_rollouts(request.actor, at=day).order_by("-opens_on", "-pk")[:5]),
        "can_run": runnable_units(request.actor, at=day).exists(),
        "has_people": Person.objects.exists(),
    }
    return render(request, "web/home.html", context)
