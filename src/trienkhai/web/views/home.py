"""To do: what is due from whoever looks."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from trienkhai.core.pages import Text
from trienkhai.ledger.clock import today
from trienkhai.organisation.models import Person
from trienkhai.organisation.policies import runnable_units
from trienkhai.organisation.requests import ActorRequest, signed_in
from trienkhai.rollouts.policies import visible_rollouts
from trienkhai.web.queries import is_set_up, to_do
from trienkhai.web.rules import ToDo
from trienkhai.web.texts import TO_DO, TO_DO_ALONE


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
        "things": [(thing, _words(thing), _is_alone(thing)) for thing in things],
        "today": day,
        "rollouts": list(visible_rollouts(request.actor, at=day).order_by("-opens_on", "-pk")[:5]),
        "can_run": runnable_units(request.actor, at=day).exists(),
        "has_people": Person.objects.exists(),
    }
    return render(request, "web/home.html", context)


def _is_alone(thing: ToDo) -> bool:
    """Whether it is the unit itself that owes it, and nobody besides."""
    return thing.owed == 1 and thing.figure in TO_DO_ALONE


def _words(thing: ToDo) -> Text:
    if thing.text:
        return thing.text
    return TO_DO_ALONE[thing.figure] if _is_alone(thing) else TO_DO[thing.figure]
