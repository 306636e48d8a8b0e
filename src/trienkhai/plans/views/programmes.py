"""What a programme's page shows of plans: measures tied to it, and the tasks given for them."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from trienkhai.ledger.clock import today
from trienkhai.organisation.rules import ANONYMOUS
from trienkhai.plans.policies import visible_plans
from trienkhai.plans.policies.tasks import visible_terms
from trienkhai.plans.queries import tasks as queries
from trienkhai.plans.queries.programmes import measures_tied
from trienkhai.plans.rules.tasks import OPEN_STATES
from trienkhai.plans.views.tasks import listed
from trienkhai.programmes.models import Programme

MOST = 50
MOST_TASKS = 20


def panel(request: HttpRequest, programme: Programme) -> str:
    """Measures of plans in force and their open tasks, as far as the reader may see them; empty without a measure."""
    actor, day = getattr(request, "actor", ANONYMOUS), today()
    terms = visible_terms(actor, at=day)
    measures = measures_tied(programme, visible_plans(actor, at=day), terms, on=day)
    if not measures:
        return ""
    of_them = terms.filter(task__measure__in=[one.measure_id for one in measures])
    still = queries.late_first(queries.in_state(queries.terms_on(of_them, day), OPEN_STATES))
    context = {
        "measures": measures[:MOST],
        "count": len(measures),
        "has_more": len(measures) > MOST,
        "given": sum(one.tasks.given for one in measures),
        "done": sum(one.tasks.done for one in measures),
        "rows": listed(queries.task_rows(list(still[:MOST_TASKS]), day=day)),
        "today": day,
    }
    return render_to_string("plans/of_programme.html", context, request=request)
