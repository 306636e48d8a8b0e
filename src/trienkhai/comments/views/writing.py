"""Writing a comment, reading it again, sending it. What is typed is held in the request alone: never in a session.

The receipt is the answer to the POST itself, so that it is in no address, no cookie and no history of the server.
"""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from trienkhai.comments import actions, policies
from trienkhai.comments.actions import Letter, Told
from trienkhai.comments.forms import EnteringForm, PointsForm, WritingForm
from trienkhai.comments.models import Call
from trienkhai.comments.queries.calls import asked_rows
from trienkhai.comments.queries.promises import promise_facts
from trienkhai.comments.queries.subjects import choices_of
from trienkhai.comments.rules import About, Channel, CommentError, Promise
from trienkhai.comments.texts import PROMISE_NAMES
from trienkhai.comments.views.asking import call_of
from trienkhai.core import pages
from trienkhai.core.decisions import DomainError, Invalid
from trienkhai.ledger.clock import now, today
from trienkhai.organisation.models import Person, Unit
from trienkhai.organisation.queries import name_of
from trienkhai.organisation.requests import ActorRequest, carried_nowhere, signed_in
from trienkhai.sealed.rules import new_receipt, shown


@carried_nowhere
@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@signed_in
def write(request: ActorRequest, key: UUID) -> HttpResponse:
    """One's own comment in a call: choose how, write, read it again, send."""
    call, day = call_of(request, key), today()
    decision = policies.can_write(request.actor, call, at=day)
    context = {**words_of(call, day), "why_not": pages.explain(decision)}
    context["receipt"] = new_receipt() if call.is_sealed else ""
    is_again = decision.reason is CommentError.ALREADY_SENT and is_sending(request)
    if not decision and not is_again:
        return render(request, "comments/write.html", {**context, "title": _("Your comment")})
    if "nothing" in request.POST and request.actor.person_id is not None:
        return _nothing(request, call)
    form = _writing_form(request, call, day)
    if "more" in request.POST or "change" in request.POST or not form.is_bound:
        return render(request, "comments/write.html", {**context, "form": unbound(form), "title": _("Your comment")})
    if form.is_valid() and is_sound(form, call):
        if "send" not in request.POST:
            again = {**context, "form": form, "points": form.titles(), "promise": form.chosen()}
            again["promise_name"] = PROMISE_NAMES[form.chosen()]
            return render(request, "comments/read_again.html", {**again, "title": _("Read it again")})
        try:
            return _sent(request, call, form)
        except DomainError as error:
            pages.form_error(form, error)
    return pages.render_form(request, "comments/write.html", {**context, "title": _("Your comment")}, form)


def is_sending(request: HttpRequest) -> bool:
    """Whether the request sends, with the receipt its form carried: sent once more, it gets that receipt.

    Nothing else is answered once something has been sent: who pages back on the same machine is not shown the words.
    """
    return bool(request.POST.get("receipt")) and not {"send", "nothing"}.isdisjoint(request.POST)


def _writing_form(request: HttpRequest, call: Call, day: date) -> WritingForm:
    return WritingForm(
        request.POST if request.method == "POST" else None,
        choices=choices_of(call, on=day),
        most=call.numbers.most_points,
        longest=call.numbers.longest_text,
        first=request.GET.get("about", ""),
        offered=call.offered,
        threshold=call.numbers.threshold,
        auto_id="%s",
    )


def unbound[F: PointsForm](form: F) -> F:
    """The form with what was typed, without its faults: only another row was wanted."""
    if form.is_bound:
        form.is_valid()
        form.errors.clear()
    return form


@sensitive_variables()
def is_sound(form: WritingForm, call: Call) -> bool:
    """Whether the points can be sent under the promise chosen; else the form says why."""
    said = form.said()
    if not said:
        pages.form_error(form, Invalid(CommentError.NOTHING_SAID, on="text-0"))
        return False
    on_person = any(point.subject.about is About.PERSON for point in said)
    is_barred = form.chosen() is Promise.WITHOUT_A_NAME and not call.numbers.persons_without_a_name
    if on_person and is_barred:
        pages.form_error(form, Invalid(CommentError.PERSON_WITHOUT_A_NAME, on="promise"))
        return False
    return True


@sensitive_variables()
def _sent(request: ActorRequest, call: Call, form: WritingForm) -> HttpResponse:
    person = request.actor.person_id or 0
    if not call.is_sealed:
        actions.write_openly(call=call, person=person, points=form.said(), actor=request.actor, at=now())
        messages.success(request, _("Your comment has been sent. You find here what becomes of it."))
        return redirect("comments:mine")
    letter = Letter(
        form.chosen(), form.said(), form.keys(), form.wanted_below(), receipt=request.POST.get("receipt", "")
    )
    receipt = actions.send(call=call, person=person, letter=letter, actor=request.actor, at=now())
    return _receipt(request, call, receipt, promise=form.chosen())


def _nothing(request: ActorRequest, call: Call) -> HttpResponse:
    """No comment is a submission too."""
    person = request.actor.person_id or 0
    if not call.is_sealed:
        actions.write_openly(call=call, person=person, points=[], actor=request.actor, at=now())
        messages.success(request, _("Noted: you have no comment."))
        return redirect("comments:one", key=call.key)
    letter = Letter(None, receipt=request.POST.get("receipt", ""))
    receipt = actions.send(call=call, person=person, letter=letter, actor=request.actor, at=now())
    return _receipt(request, call, receipt, promise=None)


@sensitive_variables()
def _receipt(
    request: HttpRequest, call: Call, receipt: str, *, promise: Promise | None, author: str = ""
) -> HttpResponse:
    context = {
        "call": call,
        "receipt": shown(receipt),
        "promise": promise,
        "author": author,
        "title": _("Your receipt"),
    }
    return render(request, "comments/receipt.html", context)


def words_of(call: Call, day: date) -> dict[str, object]:
    """What every page for writing says of its call."""
    return {"call": call, "unit_name": name_of(call.unit_id, day), "facts": promise_facts(call, on=day)}


@carried_nowhere
@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@signed_in
def enter(request: ActorRequest, key: UUID, unit: UUID) -> HttpResponse:
    """What somebody of the unit said, typed in for them with their name (``?person=``: who)."""
    call, day = call_of(request, key), today()
    row = get_object_or_404(Unit, key=unit)
    if not policies.can_help(request.actor, call, row.pk, at=day):
        raise Http404
    people = [one.person for one in asked_rows(call, row.pk)]
    wanted = request.GET.get("person", "")
    person = next((one for one in people if str(one.key) == wanted), None)
    context = {
        **words_of(call, day),
        "people": people,
        "person": person,
        "unit": row,
        "of_unit": name_of(row, day),
        "title": _("Enter for somebody"),
    }
    if person is None:
        return render(request, "comments/enter.html", context)
    decision = policies.can_enter_for(request.actor, call, person.pk, at=day)
    is_again = decision.reason is CommentError.ALREADY_SENT and bool(request.POST.get("receipt"))
    context["why_not"] = "" if is_again else pages.explain(decision)
    context["receipt"] = request.POST.get("receipt", "") or (new_receipt() if call.is_sealed else "")
    form = EnteringForm(
        request.POST if request.method == "POST" else None,
        choices=choices_of(call, on=day),
        most=call.numbers.most_points,
        longest=call.numbers.longest_text,
    )
    if "more" in request.POST or not (decision or is_again):
        return render(request, "comments/enter.html", {**context, "form": form})
    if form.is_valid():
        try:
            return _entered(request, call, person, form)
        except DomainError as error:
            pages.form_error(form, error)
    return pages.render_form(request, "comments/enter.html", context, form)


@sensitive_variables()
def _entered(request: ActorRequest, call: Call, person: Person, form: EnteringForm) -> HttpResponse:
    said = form.said()
    if not said:
        raise Invalid(CommentError.NOTHING_SAID, on="text-0")
    told = Told(Channel(form.cleaned_data["channel"]), form.cleaned_data["told_by"])
    if not call.is_sealed:
        actions.write_openly(call=call, person=person.pk, points=said, actor=request.actor, at=now(), told=told)
        messages.success(request, _("Entered in the name of %(name)s.") % {"name": person.full_name})
        return redirect("comments:one", key=call.key)
    letter = Letter(Promise.NAMED, said, form.keys(), told=told, receipt=request.POST.get("receipt", ""))
    receipt = actions.send(call=call, person=person.pk, letter=letter, actor=request.actor, at=now())
    return _receipt(request, call, receipt, promise=Promise.NAMED, author=person.full_name)
