"""Changing people: "This person …", each with what it does to the totals before it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trienkhai.core.forms import Form
from trienkhai.core.pages import Text
from trienkhai.ledger.clock import now, today
from trienkhai.organisation import policies
from trienkhai.organisation.actions import Change, NewPerson, NewTie
from trienkhai.organisation.forms import people as forms
from trienkhai.organisation.models import BodyState, Person, Post, held_on
from trienkhai.organisation.queries.people import Record, counting_units, namesakes_of, record_of
from trienkhai.organisation.queries.searching import search
from trienkhai.organisation.queries.trees import state_of
from trienkhai.organisation.queries.users import unit_choices
from trienkhai.organisation.requests import ActorRequest, signed_in
from trienkhai.organisation.rules import BodyKind, EndReason, MemberKind, PostKind, Standing, Tie
from trienkhai.rollouts.actions import organisation as actions
from trienkhai.web.actions import merge_duplicate
from trienkhai.web.views.organisation_changes import changing


@dataclass(frozen=True)
class Choice:
    """One thing that can have happened to a person."""

    what: str
    label: Text
    hint: Text
    url: str = ""


_STANDINGS = {
    "exempt": (
        Standing.EXEMPT,
        gettext_lazy("was made exempt"),
        gettext_lazy("from work and meetings of the Party; stays a member"),
    ),
    "away": (Standing.AWAY, gettext_lazy("works away"), gettext_lazy("stays a member of this cell")),
    "suspended": (Standing.SUSPENDED, gettext_lazy("was suspended"), gettext_lazy("from Party activities")),
    "active": (
        Standing.ACTIVE,
        gettext_lazy("takes part again"),
        gettext_lazy("is back, or no longer exempt or suspended"),
    ),
}
_ENDINGS = {
    "left": (
        EndReason.MOVED_OUT,
        gettext_lazy("left for another organisation"),
        gettext_lazy("one that is not kept in this installation"),
    ),
    "died": (EndReason.DIED, gettext_lazy("has died"), gettext_lazy("all reminders and letters stop at once")),
    "struck-off": (EndReason.STRUCK_OFF, gettext_lazy("was struck off"), gettext_lazy("is no longer a member")),
    "expelled": (EndReason.EXPELLED, gettext_lazy("was expelled"), gettext_lazy("is no longer a member")),
}
_FIRST_DAY_WITHOUT = gettext_lazy("The first day on which the person no longer counts.")


def _kept(request: ActorRequest, key: UUID) -> Person:
    """The person.

    Raises:
        Http404: the reader may not see or not change them.
    """
    day = today()
    person = get_object_or_404(policies.visible_people(request.actor, at=day), key=key)
    if not policies.can_keep_person(request.actor, person.pk, at=day):
        raise Http404
    return person


def _page(person: Person) -> str:
    return reverse("organisation:person", args=[person.key])


@signed_in
def choose(request: ActorRequest, key: UUID) -> HttpResponse:
    """This person …: what can have happened, given how things stand."""
    person = _kept(request, key)
    record = record_of(person.pk)
    context = {
        "person": person,
        "happened": [_with_url(person, c) for c in _happened(record)],
        "mistakes": [_with_url(person, c) for c in _MISTAKES],
    }
    return render(request, "web/person_choices.html", context)


def _with_url(person: Person, choice: Choice) -> Choice:
    url = reverse("web:person_changed", args=[person.key, choice.what])
    return Choice(choice.what, choice.label, choice.hint, url)


_MOVED = Choice("moved", gettext_lazy("moved to another unit"), gettext_lazy("within this installation"))
_OFFICIAL = Choice("official", gettext_lazy("was admitted as an official member"), gettext_lazy("after the probation"))
_ADMITTED = Choice("admitted", gettext_lazy("was admitted to the Party"), gettext_lazy("as a probationary member"))
_POST = Choice("post", gettext_lazy("was given a post"), gettext_lazy("posts end on the person’s page"))
_TIE = Choice("tie", gettext_lazy("has a further tie"), gettext_lazy("residence (213), or in another unit for a time"))
_JOINED = Choice("joined", gettext_lazy("came into a unit"), gettext_lazy("is in no unit now"))
_MISTAKES = (
    Choice("correct", gettext_lazy("name, birth or telephone entered wrongly"), gettext_lazy("mend the particulars")),
    Choice("duplicate", gettext_lazy("was entered twice"), gettext_lazy("this entry and another are one person")),
)


def _happened(record: Record) -> list[Choice]:
    counting = record.counting_on(today())
    if counting is None:
        return [_JOINED, _POST]
    choices = [_MOVED]
    if counting.kind is MemberKind.PROBATIONARY:
        choices.append(_OFFICIAL)
    if counting.kind is MemberKind.OTHER:
        choices.append(_ADMITTED)
    choices += [
        Choice(what, label, hint) for what, (to, label, hint) in _STANDINGS.items() if to is not counting.standing
    ]
    choices += [Choice(what, label, hint) for what, (_reason, label, hint) in _ENDINGS.items()]
    return [*choices, _POST, _TIE]


@signed_in
def change(request: ActorRequest, key: UUID, what: str) -> HttpResponse:
    """One thing that happened: the day, what it changes, confirmed."""
    person = _kept(request, key)
    if what not in _BUILDERS:
        raise Http404
    form, run, title, done = _BUILDERS[what](request, person, what)
    context = {
        "title": f"{person.full_name}: {title}",
        "trail": [(person.full_name, _page(person))],
        "search_url": request.path if what == "duplicate" else "",
        "query": request.GET.get("q", ""),
    }
    back: Any = _page(person)
    if what == "duplicate":
        context["cancel_url"] = _page(person)
        back = lambda _change: _page(Person.objects.get(key=form.cleaned_data["keep"]))  # noqa: E731 - one line
    return changing(request, form, run, context=context, done=done, back=back)


type _Built = tuple[Form, Callable[[], Change], Text, str]


def _units(request: ActorRequest) -> list[tuple[str, str]]:
    return unit_choices(policies.kept_units(request.actor, at=today()), today())


def _moved(request: ActorRequest, person: Person, _what: str) -> _Built:
    form = forms.ToUnitForm(request.POST or None, units=_units(request), initial={"on": today()})
    return (
        form,
        lambda: actions.move_person(person=person.pk, actor=request.actor, at=now(), **form.cleaned_data),
        _MOVED.label,
        _("The person has been moved."),
    )


def _joined(request: ActorRequest, person: Person, _what: str) -> _Built:
    form = forms.JoinForm(request.POST or None, units=_units(request), initial={"on": today()})
    return (
        form,
        lambda: actions.add_membership(
            person=person.pk,
            unit=form.cleaned_data["to_unit"],
            kind=MemberKind(form.cleaned_data["kind"]),
            on=form.cleaned_data["on"],
            actor=request.actor,
            at=now(),
        ),
        _JOINED.label,
        _("The person is in the unit."),
    )


def _further_tie(request: ActorRequest, person: Person, _what: str) -> _Built:
    initial = {"on": today(), "tie": Tie.RESIDENCE}
    form = forms.FurtherTieForm(request.POST or None, units=_units(request), initial=initial)
    return (
        form,
        lambda: actions.add_membership(
            person=person.pk,
            unit=form.cleaned_data["to_unit"],
            tie=Tie(form.cleaned_data["tie"]),
            on=form.cleaned_data["on"],
            actor=request.actor,
            at=now(),
        ),
        _TIE.label,
        _("The tie has been entered."),
    )


def _standing(request: ActorRequest, person: Person, what: str) -> _Built:
    standing, label, _hint = _STANDINGS[what]
    form = forms.DayForm(request.POST or None, initial={"on": today()}, hint=_("The first day on which this holds."))
    return (
        form,
        lambda: actions.change_membership(
            person=person.pk, standing=standing, on=form.cleaned_data["on"], actor=request.actor, at=now()
        ),
        label,
        _("The membership has been changed."),
    )


def _kind(request: ActorRequest, person: Person, what: str) -> _Built:
    kind, label = (
        (MemberKind.OFFICIAL, _OFFICIAL.label) if what == "official" else (MemberKind.PROBATIONARY, _ADMITTED.label)
    )
    form = forms.DayForm(request.POST or None, initial={"on": today()}, hint=_("The first day on which this holds."))
    return (
        form,
        lambda: actions.change_membership(
            person=person.pk, kind=kind, on=form.cleaned_data["on"], actor=request.actor, at=now()
        ),
        label,
        _("The membership has been changed."),
    )


def _ended(request: ActorRequest, person: Person, what: str) -> _Built:
    reason, label, _hint = _ENDINGS[what]
    when = _("Died on") if reason is EndReason.DIED else ""
    form = forms.DayForm(request.POST or None, initial={"on": today()}, label=when, hint=_FIRST_DAY_WITHOUT)
    return (
        form,
        lambda: actions.end_membership(
            person=person.pk, reason=reason, on=form.cleaned_data["on"], actor=request.actor, at=now()
        ),
        label,
        _("The membership has been ended."),
    )


def _post_given(request: ActorRequest, person: Person, _what: str) -> _Built:
    form = forms.PostForm(request.POST or None, units=_units(request), initial={"on": today()})

    def run() -> Change:
        values = form.cleaned_data
        kind = PostKind(values["kind"])
        return actions.give_post(
            person=person.pk,
            unit=values["to_unit"],
            kind=kind,
            title=values["title"],
            body=_body_for(kind, values["to_unit"], values["on"]),
            on=values["on"],
            actor=request.actor,
            at=now(),
        )

    return form, run, _POST.label, _("The post has been given.")


_BODY_OF_POST = {
    PostKind.STANDING_MEMBER: BodyKind.STANDING_COMMITTEE,
    PostKind.COMMITTEE_MEMBER: BodyKind.COMMITTEE,
    PostKind.CELL_COMMITTEE_MEMBER: BodyKind.CELL_COMMITTEE,
    PostKind.INSPECTION_MEMBER: BodyKind.INSPECTION,
}


def _body_for(kind: PostKind, unit: int, on: object) -> int | None:
    """The unit's body a post of this kind is in, when it has been named."""
    wanted = _BODY_OF_POST.get(kind)
    states = BodyState.objects.current().filter(held_on(on), body__unit=unit, body__kind=wanted)
    return states.values_list("body", flat=True).first() if wanted else None


def _corrected(request: ActorRequest, person: Person, _what: str) -> _Built:
    initial = forms.ParticularsForm.initial_of(person)
    form = forms.ParticularsForm(request.POST or None, initial=initial, today=today())
    return (
        form,
        lambda: actions.correct_person(person=person.pk, particulars=form.particulars, actor=request.actor, at=now()),
        _MISTAKES[0].label,
        _("The particulars have been corrected."),
    )


def _duplicate(request: ActorRequest, person: Person, _what: str) -> _Built:
    day = today()
    people = policies.visible_people(request.actor, at=day)
    candidates = namesakes_of(person, people)
    query = request.GET.get("q") or ""
    if query:
        found = search(query, units=policies.visible_units(request.actor, at=day).none(), people=people, day=day)
        candidates = list(people.filter(key__in=[row.key for row in found.people]).exclude(pk=person.pk))
    homes = counting_units(Person.objects.filter(pk__in=[each.pk for each in candidates]), day)
    choices = [
        (
            str(each.key),
            " · ".join(
                part for part in (each.full_name, str(each.birth_year or ""), homes.get(each.pk, (0, ""))[1]) if part
            ),
        )
        for each in candidates
    ]
    form = forms.DuplicateForm(request.POST or None, people=choices)
    return (
        form,
        lambda: merge_duplicate(
            keep=Person.objects.get(key=form.cleaned_data["keep"]).pk, drop=person.pk, actor=request.actor, at=now()
        ),
        _MISTAKES[1].label,
        _("The two entries are one now."),
    )


_BUILDERS: dict[str, Callable[[ActorRequest, Person, str], _Built]] = {
    "moved": _moved,
    "joined": _joined,
    "tie": _further_tie,
    "post": _post_given,
    "official": _kind,
    "admitted": _kind,
    "correct": _corrected,
    "duplicate": _duplicate,
    **dict.fromkeys(_STANDINGS, _standing),
    **dict.fromkeys(_ENDINGS, _ended),
}


@signed_in
def add(request: ActorRequest, key: UUID) -> HttpResponse:
    """Add somebody to a unit."""
    day = today()
    unit = get_object_or_404(policies.kept_units(request.actor, at=day), key=key)
    state = state_of(unit.pk, day)
    if state is None or not policies.can_see_names(request.actor, unit.pk, at=day):
        raise Http404
    form = forms.NewPersonForm(request.POST or None, today=day, initial={"on": day, "kind": MemberKind.OFFICIAL})

    def run() -> Change:
        tie = NewTie(unit=unit.pk, on=form.cleaned_data["on"], kind=MemberKind(form.cleaned_data["kind"]))
        return actions.add_person(person=NewPerson(form.particulars, ties=(tie,)), actor=request.actor, at=now())

    url = reverse("organisation:unit", args=[unit.key])
    context = {"title": _("Add a person"), "trail": [(state.name, url)], "cancel_url": url}
    return changing(
        request,
        form,
        run,
        context=context,
        done=_("The person has been added."),
        back=lambda done: _page(Person.objects.get(pk=done.made[0])),
    )


@signed_in
def end_post(request: ActorRequest, key: UUID, post_key: UUID) -> HttpResponse:
    """A post ends, or was entered by mistake."""
    person = _kept(request, key)
    post = get_object_or_404(Post.objects.current(), key=post_key, person=person)
    form = forms.EndPostForm(request.POST or None, initial={"on": today()})

    def run() -> Change:
        if form.cleaned_data["what"] == "mistake":
            return actions.withdraw_post(post=post.pk, actor=request.actor, at=now())
        return actions.end_post(post=post.pk, on=form.cleaned_data["on"], actor=request.actor, at=now())

    context = {"title": f"{person.full_name}: {_('a post ends')}", "trail": [(person.full_name, _page(person))]}
    return changing(request, form, run, context=context, done=_("The post has been changed."), back=_page(person))
