"""Who may write, enter, read and answer papers."""

from datetime import date

from django.db.models import Q, QuerySet

from trienkhai.core.decisions import ALLOW, Decision
from trienkhai.organisation.models import Post, UnitState, held_on
from trienkhai.organisation.policies import can_run
from trienkhai.organisation.rules import SECRETARIES, Actor, Role
from trienkhai.papers.models import Paper
from trienkhai.papers.rules import PaperError
from trienkhai.rollouts.models import Obligation, ObligationPlace


def place_of(obligation: Obligation, *, at: date) -> int | None:
    """The unit the obligation belongs to on a day; the last one it had when it has ended."""
    places = ObligationPlace.objects.current().filter(obligation=obligation)
    on_day = places.filter(starts_on__lte=at).order_by("-starts_on").values_list("unit", flat=True).first()
    return on_day or places.order_by("starts_on").values_list("unit", flat=True).first()


def can_write(actor: Actor, obligation: Obligation) -> Decision:
    """Whether the actor is the author."""
    is_author = actor.person_id is not None and actor.person_id == obligation.person_id
    return ALLOW if is_author else Decision(PaperError.NOT_THE_AUTHOR)


def can_enter(actor: Actor, unit_id: int, *, at: date) -> Decision:
    """Whether the actor may tick papers of the unit's people as handed in: whoever may act for the unit."""
    return can_run(actor, unit_id, at=at)


def can_answer(actor: Actor, obligation: Obligation, *, at: date) -> Decision:
    """Whether the actor is the paper's reader: reads, returns, accepts.

    The unit's own secretary and deputies, by post; for a paper of theirs, those of the unit above. Never an office by
    delegation, never a level further up, never the author.
    """
    reader = Decision(PaperError.NOT_THE_READER)
    unit = place_of(obligation, at=at)
    if unit is None or actor.person_id is None or actor.person_id == obligation.person_id:
        return reader
    return ALLOW if readers_unit(obligation, unit, at=at) in actor.units(Role.SECRETARY) else reader


def readers_unit(obligation: Obligation, unit: int, *, at: date) -> int | None:
    """The unit whose secretary reads the paper: the author's own, or the one above when the author leads it."""
    leads = Post.objects.current().filter(held_on(at), person=obligation.person_id, unit=unit, kind__in=SECRETARIES)
    if not leads.exists():
        return unit
    return UnitState.objects.current().filter(held_on(at), unit=unit).values_list("parent", flat=True).first()


def can_read(actor: Actor, paper: Paper, *, at: date) -> Decision:
    """Whether the actor may see the paper's words: its author and its reader."""
    return can_write(actor, paper.obligation) or can_answer(actor, paper.obligation, at=at)


def visible_papers(actor: Actor, *, at: date) -> QuerySet[Paper]:
    """Papers whose words the actor may see."""
    if actor.person_id is None:
        return Paper.objects.none()
    own = Q(obligation__person=actor.person_id)
    units = actor.units(Role.SECRETARY)
    if not units:
        return Paper.objects.filter(own).select_related("obligation__step__rollout", "obligation__person")
    children = UnitState.objects.current().filter(held_on(at), parent__in=units).values_list("unit", flat=True)
    nearby = ObligationPlace.objects.current().filter(obligation__paper__isnull=False, unit__in=units | set(children))
    candidates = Obligation.objects.filter(pk__in=nearby.values("obligation")).exclude(person=actor.person_id)
    answered = [o.pk for o in candidates.order_by("pk") if can_answer(actor, o, at=at)]
    return Paper.objects.filter(own | Q(obligation__in=answered)).select_related(
        "obligation__step__rollout", "obligation__person"
    )
