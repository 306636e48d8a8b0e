"""The intake book: the list, an entry, adding one, taking one back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from trienkhai.comments import actions, policies
from trienkhai.comments.forms import IntakeForm, ReasonForm
from trienkhai.comments.models import Call, Submission
from trienkhai.comments.queries.book import book_of, book_rows, point_rows, strike_reason, typist
from trienkhai.comments.queries.intake import book_choices, people_called
from trienkhai.comments.queries.numbers import numbers
from trienkhai.comments.rules import About, AuthorKind, Channel, CommentError, Intake, Said, Subject
from trienkhai.comments.texts import AUTHOR_NAMES, CHANNEL_NAMES, PROMISE_NAMES
from trienkhai.comments.views.asking import desk_submission, desk_unit
from trienkhai.core import pages
from trienkhai.core.decisions import DomainError, Invalid
from trienkhai.ledger.clock import now, today
from trienkhai.organisation.models import Body, Unit
from trienkhai.organisation.queries import name_of
from trienkhai.organisation.requests import ActorRequest, signed_in


@signed_in
def book(request: ActorRequest, unit: UUID) -> HttpResponse:
    """The unit's intake book, newest first."""
    row, day = desk_unit(request, unit), today()
    page = pages.paginate(request, book_of(row))
    readable = policies.desk_submissions(request.actor, at=day)
    context = {
        "unit": row,
        "unit_name": name_of(row, day),
        "page": page,
        "rows": [
            (one, CHANNEL_NAMES[one.channel], AUTHOR_NAMES[one.author_kind])
            for one in book_rows(list(page), readable, on=day)
        ],
    }
    return render(request, "comments/book.html", context)


@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@signed_in
def add(request: ActorRequest, unit: UUID) -> HttpResponse:
    """Enter what came by letter, from the box, by telephone, in a meeting."""
    row, day = desk_unit(request, unit), today()
    limits = numbers()
    form = IntakeForm(
        request.POST if request.method == "POST" else None,
        choices=book_choices(row.pk, request.actor, on=day),
        most=limits.most_points,
        longest=limits.longest_text,
        initial={"received_on": day, "author_kind": AuthorKind.RESIDENT.value},
    )
    form.fields["unit"].queryset = policies.desk_units(request.actor, at=day)  # type: ignore[attr-defined]
    form.fields["unit"].label_from_instance = lambda one: name_of(one, day)  # type: ignore[attr-defined]
    form.fields["call"].queryset = Call.objects.filter(unit=row, finished_seq=None).order_by("-pk")  # type: ignore[attr-defined]
    form.fields["reviewed_by"].queryset = Body.objects.filter(unit=row).order_by("pk")  # type: ignore[attr-defined]
    names = {choice.subject.body: choice.title for choice in book_choices(row.pk, request.actor, on=day)}
    form.fields["reviewed_by"].label_from_instance = lambda one: names.get(one.pk, "")  # type: ignore[attr-defined]
    context = {"unit": row, "unit_name": name_of(row, day), "title": _("Enter a comment")}
    if "more" in request.POST:
        form.is_valid()
        form.errors.clear()
        return render(request, "comments/add.html", {**context, "form": form})
    if form.is_valid():
        try:
            submission = _entered(request, row, form)
        except DomainError as error:
            pages.form_error(form, error)
        else:
            number = f"{submission.number}/{submission.year}"
            messages.success(request, _("Entered under number %(number)s.") % {"number": number})
            return redirect("comments:book", unit=row.key)
    return pages.render_form(request, "comments/add.html", context, form)


@sensitive_variables()
def _entered(request: ActorRequest, book: Unit, form: IntakeForm) -> Submission:
    told = form.cleaned_data
    kind = AuthorKind(told["author_kind"])
    reviewing = told["reviewed_by"].pk if told["reviewed_by"] else None
    intake = Intake(
        channel=Channel(told["channel"]),
        author_kind=kind,
        points=[_aimed(point, reviewing) for point in form.said()],
        received_on=told["received_on"],
        person=_person(request, kind, told["person"]),
        unit=told["unit"].pk if told["unit"] and kind is AuthorKind.UNIT else None,
        author="" if kind in {AuthorKind.MEMBER, AuthorKind.OTHER} else told["author"],
        people_behind=told["people_behind"] or 0,
        told_by=told["told_by"],
    )
    return actions.enter(book=book.pk, intake=intake, call=told["call"], actor=request.actor, at=now())


def _aimed(point: Said, reviewing: int | None) -> Said:
    """A point on a person goes to the body that reviews them."""
    if point.subject.about is not About.PERSON:
        return point
    return Said(Subject(About.PERSON, person=point.subject.person, reviewed_by=reviewing), point.text)


def _person(request: ActorRequest, kind: AuthorKind, name: str) -> int | None:
    """The one person of that name whom the desk sees."""
    if kind not in {AuthorKind.MEMBER, AuthorKind.OTHER}:
        return None
    found = people_called(name, request.actor, on=today())
    if len(found) == 1:
        return found[0]
    if not found:
        raise Invalid(CommentError.NO_AUTHOR, on="person")
    raise Invalid(CommentError.SEVERAL_OF_THAT_NAME, on="person", n=len(found))


@signed_in
def submission(request: ActorRequest, key: UUID) -> HttpResponse:
    """One entry with its points, as the desk reads it."""
    row, day = desk_submission(request, key), today()
    readable = policies.desk_points(request.actor, at=day).filter(submission=row)
    context = {
        "row": row,
        "points": point_rows(readable, on=day),
        "book_name": name_of(row.book_id, day),
        "unit_name": name_of(row.unit_id, day) if row.unit_id else "",
        "channel": CHANNEL_NAMES[Channel(row.channel)],
        "author_kind": AUTHOR_NAMES[AuthorKind(row.author_kind)],
        "promise": PROMISE_NAMES.get(row.promise, ""),  # type: ignore[call-overload]
        "typed_by": typist(row),
        "can_strike": bool(policies.can_strike(request.actor, row, at=day)),
        "struck_because": strike_reason(row),
        "can_ask_for_name": row.kept_name is not None and bool(policies.can_ask_for_name(request.actor, row, at=day)),
    }
    return render(request, "comments/submission.html", context)


@signed_in
def strike(request: ActorRequest, key: UUID) -> HttpResponse:
    """Take an entry back, and say why."""
    row = desk_submission(request, key)
    policies.can_strike(request.actor, row, at=today()).require()
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            actions.strike(submission=row, reason=form.cleaned_data["reason"], actor=request.actor, at=now())
        except DomainError as error:
            pages.form_error(form, error)
        else:
            messages.success(request, _("Taken back. Its number stays in the book, with the reason."))
            return redirect("comments:book", unit=row.book.key)
    context = {
        "title": _("Entered by mistake"),
        "intro": _("The number stays in the book. The words are no longer read, answered or counted."),
        "submit": _("Take it back"),
        "cancel_url": f"/comments/submissions/{row.key}/",
    }
    return pages.render_form(request, "comments/small_form.html", context, form)
