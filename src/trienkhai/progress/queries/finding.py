"""Roll-outs and units by what a person types: a key, a name, or part of one."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from trienkhai.core.decisions import Invalid
from trienkhai.figures.queries import keys_under
from trienkhai.organisation.models import Unit, UnitState
from trienkhai.rollouts.models import Rollout
from trienkhai.rollouts.queries import newest_rollout
from trienkhai.text import fold

MOST_NAMED = 5


class Unfound(StrEnum):
    """Why nothing was found."""

    NO_ROLLOUT_YET = "progress_no_rollout_yet"
    NO_SUCH_ROLLOUT = "progress_no_such_rollout"
    SEVERAL_ROLLOUTS = "progress_several_rollouts"
    NO_SUCH_UNIT = "progress_no_such_unit"
    SEVERAL_UNITS = "progress_several_units"


def find_rollout(typed: str = "") -> Rollout:
    """The roll-out with that key, or whose title holds what was typed; the newest when nothing was.

    Raises:
        Invalid: none, or several.
    """
    if not typed.strip():
        if newest := newest_rollout():
            return newest
        raise Invalid(Unfound.NO_ROLLOUT_YET)
    every = Rollout.objects.select_related("lead", "scope").order_by("-opens_on", "-pk")
    if key := _key(typed):
        found = list(every.filter(key=key))
    else:
        wanted = fold(typed)
        titled = [(rollout, fold(rollout.title)) for rollout in every]
        found = [r for r, title in titled if title == wanted] or [r for r, title in titled if wanted in title]
    if not found:
        raise Invalid(Unfound.NO_SUCH_ROLLOUT, typed=typed)
    if len(found) > 1:
        raise Invalid(Unfound.SEVERAL_ROLLOUTS, typed=typed, found=_named([r.title for r in found]))
    return found[0]


def find_unit(rollout: Rollout, typed: str = "", *, on: date) -> Unit:
    """The unit with that key, or of that name (or part of it) under the lead; the lead when nothing is typed.

    Names it bears today and those it ever bore are both looked at; exact ones first.

    Raises:
        Invalid: none, or several.
    """
    if not typed.strip():
        return rollout.lead
    if key := _key(typed):
        if unit := Unit.objects.filter(key=key).first():
            return unit
        raise Invalid(Unfound.NO_SUCH_UNIT, typed=typed)
    wanted = fold(typed)
    below = keys_under(rollout.lead_id, on)
    states = UnitState.objects.current().filter(unit__in=below, folded__contains=wanted).order_by("sort_key", "pk")
    rows = list(states.values_list("unit", "name", "short_name"))
    exact = {unit for unit, name, short in rows if wanted in {fold(name), fold(short)}}
    found = exact or {unit for unit, _name, _short in rows}
    if not found:
        raise Invalid(Unfound.NO_SUCH_UNIT, typed=typed)
    if len(found) > 1:
        names = list(dict.fromkeys(name for unit, name, _short in rows if unit in found))
        raise Invalid(Unfound.SEVERAL_UNITS, typed=typed, found=_named(names))
    return Unit.objects.get(pk=found.pop())


def _key(typed: str) -> UUID | None:
    try:
        return UUID(typed.strip())
    except ValueError:
        return None


def _named(names: list[str]) -> str:
    shown = "; ".join(names[:MOST_NAMED])
    return f"{shown}; …" if len(names) > MOST_NAMED else shown
