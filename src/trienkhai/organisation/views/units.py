"""A unit on any day."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from trienkhai.core import pages
from trienkhai.ledger.clock import today
from trienkhai.organisation import policies
from trienkhai.organisation.forms.reading import days_asked
from trienkhai.organisation.queries import trees
from trienkhai.organisation.queries.histories import entries_about
from trienkhai.organisation.queries.people import ties_on
from trienkhai.organisation.requests import ActorRequest, signed_in
from trienkhai.organisation.rules import UnitKind
from trienkhai.organisation.views.trees import day_query

PEOPLE_A_PAGE = 100


@dataclass(frozen=True)
class Way:
    """Something that can be changed, and where."""

    label: str
    hint: str
    url: str


@signed_in
def unit(request: ActorRequest, key: UUID) -> HttpResponse:
    """What the unit is, who is in it, what lies below it, and how it came to be so."""
    day = today()
    visible = policies.visible_units(request.actor, at=day)
    found = get_object_or_404(visible, key=key)
    form, as_of, known_at = days_asked(request.GET, day)
    covered = policies.covered_units(request.actor, at=day)
    may_see_names = bool(policies.can_see_names(request.actor, found.pk, at=day))
    may_keep = bool(policies.can_keep_organisation(request.actor, found.pk, at=day))
    state = trees.state_of(found.pk, as_of, known_at=known_at)
    is_open = state is not None and state.starts_on <= as_of and (state.ends_on is None or state.ends_on > as_of)
    before, after = trees.relatives_of(found.pk, known_at=known_at)
    bodies, posts = trees.leaders_of(found.pk, as_of, known_at=known_at) if may_see_names else ((), ())
    ties = ties_on(found.pk, as_of, known_at=known_at)
    is_covered = covered.filter(pk=found.pk).exists()
    context = {
        "unit": found,
        "state": state,
        "kind": UnitKind(state.kind) if state else None,
        "is_open": is_open,
        "form": form,
        "as_of": as_of,
        "known_at": known_at,
        "is_today": as_of == day and known_at is None,
        "days": day_query(as_of, known_at) if form.is_bound else "",
        "above": trees.above(found.pk, as_of, known_at=known_at),
        "children": trees.children_with_members(found.pk, visible, covered, as_of, known_at=known_at),
        "members": trees.members_under(found.pk, as_of, known_at=known_at) if is_covered else None,
        "may_see_names": may_see_names,
        "may_keep": may_keep,
        "people": pages.paginate(request, ties, per_page=PEOPLE_A_PAGE) if may_see_names else None,
        "bodies": bodies,
        "posts": posts,
        "phases": trees.phases_of(found.pk, known_at=known_at),
        "before": before,
        "after": after,
        "holds_people": state is not None and state.kind in {UnitKind.CELL, UnitKind.GROUP, UnitKind.AGENCY},
        "ways": _ways(found.key) if may_keep and state else (),
        "entries": entries_about(found.key, request.actor, day) if may_keep else (),
    }
    return render(request, "organisation/unit.html", context)


def _ways(key: UUID) -> tuple[Way, ...]:
    """How the unit can be changed."""

    def way(name: str, label: str, hint: str) -> Way:
        return Way(label, hint, reverse(f"web:unit_{name}", args=[key]))

    return (
        way("open", _("Open a unit below"), _("a new cell, group, agency …")),
        way("rename", _("Rename the unit"), _("from a day on")),
        way("merge", _("Merge with others"), _("people go over, the others close")),
        way("split", _("Split the unit"), _("some go into a new unit")),
        way("move", _("Put under another unit"), _("with everything below it")),
        way("kind", _("Make it a unit of another kind"), _("a cell becomes a base organisation …")),
        way("close", _("Close the unit"), _("when nobody is in it any more")),
        way("body", _("Name a leading body"), _("committee, Standing Committee, cell committee")),
        way("correct", _("Correct the entry"), _("what was typed wrongly, on all days")),
    )
