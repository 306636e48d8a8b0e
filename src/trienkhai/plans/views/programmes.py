"""What a programme's page shows of plans: measures tied to it, and the tasks given for them."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from trienkhai.ledger.clock import today
from trienkhai.organisation.policies import covered_units
from trienkhai.organisation.rules import ANONYMOUS
from trienkhai.plans.policies import visible_plans
from trienkhai.plans.policies.tasks import visible_terms
from trienkhai.plans.queries import tasks as queries
from trienkhai.plans.queries.programmes import measures_tied, tasks_tied, ties_before
from trienkhai.plans.rules.tasks import DONE_STATES, OPEN_STATES
from trienkhai.plans.views.tasks import listed
from trienkhai.programmes.models import Programme

MOST = 50
MOST_TASKS = 20


def panel(request: HttpRequest, programme: Programme) -> str:
    """Measures in effect, their indicators and tasks, and what was tied before, as far as the reader may see them."""
    actor, day = getattr(request, "actor", ANONYMOUS), today()
    terms = visible_terms(actor, at=day)
    plans, covered = visible_plans(actor, at=day), set(covered_units(actor, at=day).values_list("pk", flat=True))
    measures = measures_tied(programme, plans, terms, on=day, covered=covered, valued=MOST)
    before = ties_before(programme, plans, on=day, without=[one.measure_id for one in measures])
    if not measures and not before:
        return ""
    stood = queries.terms_on(tasks_tied(programme, terms, on=day), day)
    still = queries.late_first(queries.in_state(stood, OPEN_STATES))
    done = queries.in_state(stood, DONE_STATES).order_by("-reported_on", "-pk")
    context = {
        "measures": measures[:MOST],
        "count": len(measures),
        "has_more": len(measures) > MOST,
        "given": sum(one.tasks.given for one in measures),
        "done": sum(one.tasks.done for one in measures),
        "rows": listed(queries.task_rows(list(still[:MOST_TASKS]), day=day)),
        "done_rows": listed(queries.task_rows(list(done[:MOST_TASKS]), day=day)),
        "before": before[:MOST_TASKS],
        "today": day,
    }
    return render_to_string("plans/of_programme.html", context, request=request)
