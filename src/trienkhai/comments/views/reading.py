"""What one has said, what is said of one, what one's body reviews; kept names."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from trienkhai.comments import actions, policies
from trienkhai.comments.forms import ReasonForm, UnlockForm
from trienkhai.comments.models import Point, Submission
from trienkhai.comments.queries.answers import answers_to
from trienkhai.comments.queries.book import PointRow, own_rows, person_point_rows, point_rows, words_in
from trienkhai.comments.queries.names import forbidden_keepers, kept_rows
from trienkhai.comments.rules import Promise
from trienkhai.comments.texts import PROMISE_NAMES
from trienkhai.comments.views.asking import call_of
from trienkhai.comments.views.releasing import holder_choices
from trienkhai.core import pages
from trienkhai.core.decisions import DomainError
from trienkhai.ledger.clock import now, today
from trienkhai.organisation.requests import ActorRequest, carried_nowhere, signed_in
from trienkhai.sealed.queries import name_state
from trienkhai.sealed.rules import NameState
from trienkhai.sealed.texts import NAME_STATE_NAMES


@signed_in
def mine(request: ActorRequest) -> HttpResponse:
    """What one has said with one's name, what one's units have said, and what became of it."""
    day = today()
    letters = policies.unit_submissions(request.actor)
    if request.actor.person_id is None and not letters.exists():
        raise Http404
    rows = own_rows(policies.own_submissions(request.actor), on=day)
    answers = answers_to([row.submission for row in rows], on=day)
    of_units = own_rows(letters, on=day, on_persons=False)
    to_units = answers_to([row.submission for row in of_units], on=day, on_persons=False)
    context = {
        "rows": [(row, answers.get(row.submission.pk, [])) for row in rows],
        "of_units": [(row, to_units.get(row.submission.pk, [])) for row in of_units],
    }
    return render(request, "comments/mine.html", context)


@signed_in
def on_me(request: ActorRequest) -> HttpResponse:
    """What is said of the reader as a person: the words, never who wrote them."""
    if request.actor.person_id is None:
        raise Http404
    rows = point_rows(policies.points_on_me(request.actor), on=today())
    return render(request, "comments/on_me.html", {"rows": rows})


@signed_in
def to_review(request: ActorRequest) -> HttpResponse:
    """What is said of persons whom the reader's bodies review."""
    day = today()
    if not policies.reviewed_bodies(request.actor, at=day).exists():
        raise Http404
    rows = person_point_rows(policies.points_to_review(request.actor, at=day), on=day)
    shown = [
        (row, PROMISE_NAMES[row.promise], bool(policies.can_ask_for_name(request.actor, row.submission, at=day)))
        for row in rows
    ]
    return render(request, "comments/to_review.html", {"rows": shown})


@signed_in
def names(request: ActorRequest, key: UUID) -> HttpResponse:
    """Kept names of a call the reader may ask for, or holds, and where each stands."""
    call, day = call_of(request, key), today()
    if Promise.NAME_KEPT not in call.offered:
        raise Http404
    found = kept_rows(Submission.objects.current().filter(call=call).select_related("call"))
    rows = [row for row in found if policies.can_see_kept_name(request.actor, row.submission, at=day)]
    if not rows and not policies.can_desk(request.actor, call.unit_id, at=day):
        raise Http404
    words = _words_behind(request, [row.submission for row in rows])
    shown = [(row, NAME_STATE_NAMES[row.state], words.get(row.submission.pk, [])) for row in rows]
    return render(request, "comments/names.html", {"call": call, "rows": shown})


def _words_behind(request: ActorRequest, submissions: Sequence[Submission]) -> Mapping[int, list[PointRow]]:
    """By submission: the points this reader may read anyhow, so that the reason for asking can be judged."""
    day = today()
    readable = Point.objects.filter(
        Q(pk__in=policies.desk_points(request.actor, at=day).values("pk"))
        | Q(pk__in=policies.points_to_review(request.actor, at=day).values("pk"))
    )
    return words_in(submissions, readable, on=day)


def _kept(request: ActorRequest, key: UUID) -> Submission:
    row: Submission = get_object_or_404(
        Submission.objects.current().select_related("call"), key=key, kept_name__isnull=False
    )
    if not policies.can_see_kept_name(request.actor, row, at=today()):
        raise Http404
    return row


@carried_nowhere
@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@signed_in
def name(request: ActorRequest, key: UUID) -> HttpResponse:
    """One kept name: ask for it; or, once that is allowed, two keepers open it. Shown once, kept nowhere."""
    row, day = _kept(request, key), today()
    call = row.call
    if call is None or row.kept_name is None:
        raise Http404
    state, opens_on = name_state(row.kept_name)
    keepers, _files = holder_choices(call, keepers=True)
    barred = {str(one) for one in forbidden_keepers(row, on=day)}
    form = UnlockForm(
        request.POST if "open" in request.POST else None,
        holders={owner: shown for owner, shown in keepers.items() if owner not in barred},
    )
    asking = ReasonForm(request.POST if "ask" in request.POST else None)
    context = {
        "call": call,
        "row": row,
        "points": _words_behind(request, [row]).get(row.pk, []),
        "state": state,
        "state_name": NAME_STATE_NAMES[state],
        "opens_on": opens_on,
        "asking": asking,
        "wait_days": call.numbers.wait_days,
        "can_ask": state is NameState.SEALED and bool(policies.can_ask_for_name(request.actor, row, at=day)),
        "can_open": state is NameState.CONSENTED or (state is NameState.ASKED and opens_on and day >= opens_on),
        "title": _("A kept name"),
    }
    if asking.is_bound and asking.is_valid():
        try:
            actions.ask_for_name(submission=row, reason=asking.cleaned_data["reason"], actor=request.actor, at=now())
        except DomainError as error:
            pages.form_error(asking, error)
        else:
            messages.success(request, _("Asked. The author is told by the receipt page and has time to answer."))
            return redirect("comments:name", key=row.key)
    if form.is_bound and form.is_valid():
        try:
            person = actions.open_name(submission=row, unlocks=form.unlocks(), actor=request.actor, at=now())
        except DomainError as error:
            pages.form_error(form, error)
        else:
            return render(request, "comments/name_open.html", {**context, "person": person})
    wrong = (form.is_bound and form.errors) or (asking.is_bound and asking.errors)
    return render(request, "comments/name.html", {**context, "form": form}, status=422 if wrong else 200)
