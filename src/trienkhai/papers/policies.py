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
    return Paper.objects.filter(own | Q(obligation__in=_answered(actor, units, at=at))).select_related(
        "obligation__step__rollout", "obligation__person"
    )


def _answered(actor: Actor, units: frozenset[int], *, at: date) -> list[int]:
    """Obligations with a paper for which :func:`can_answer` holds, by as many statements for one as for hundreds."""
    states = UnitState.objects.current().filter(held_on(at))
    parents = dict(states.filter(Q(parent__in=units) | Q(unit__in=units)).values_list("unit", "parent"))
    current = ObligationPlace.objects.current()
    nearby = current.filter(obligation__paper__isnull=False, unit__in=units | set(parents))
    places = current.filter(obligation__in=nearby.values("obligation")).exclude(obligation__person=actor.person_id)
    rows = places.order_by("starts_on", "pk").values_list("obligation", "obligation__person", "unit", "starts_on")
    where: dict[int, tuple[int | None, int]] = {}
    for obligation, person, unit, starts_on in rows:
        if starts_on <= at or obligation not in where:
            where[obligation] = (person, unit)
    leads = set(
        Post.objects.current()
        .filter(held_on(at), kind__in=SECRETARIES, unit__in={unit for _person, unit in where.values()})
        .values_list("person", "unit")
    )
    return [
        obligation
        for obligation, (person, unit) in where.items()
        if (parents.get(unit) if (person, unit) in leads else unit) in units
    ]
