"""In whose name a unit's documents are issued, and who signs them on a day."""

from datetime import date

from trienkhai.organisation.models import BodyState, Post, UnitState, held_on
from trienkhai.organisation.queries.units import name_of
from trienkhai.organisation.rules import BodyKind, PostKind

_SIGNERS = (PostKind.SECRETARY, PostKind.DEPUTY_STANDING, PostKind.DEPUTY)


def committee_of(unit: int, on: date) -> str:
    """The name of the unit's committee: the organ that issues; empty when it has none."""
    found = BodyState.objects.current().filter(held_on(on), body__unit=unit, body__kind=BodyKind.COMMITTEE)
    return found.order_by("pk").values_list("name", flat=True).first() or ""


def issuer_of(unit: int, on: date) -> str:
    """Who issues: the unit's committee where its name says of which unit it is; else the unit."""
    name, committee = name_of(unit, on), committee_of(unit, on)
    return committee if committee and name.split()[-1:] == committee.split()[-1:] else name


def seat_on(unit: int, on: date) -> str:
    """The place that documents of the unit are dated from: its own, else that of the nearest unit above; or empty."""
    above: int | None = unit
    while above is not None:
        state = UnitState.objects.current().filter(held_on(on), unit=above).values_list("place", "parent").first()
        place, above = state or ("", None)
        if place:
            return place
    return ""


def signer_of(unit: int, on: date) -> tuple[str, PostKind | None]:
    """The secretary, else a deputy: name and post."""
    posts = Post.objects.current().filter(held_on(on), unit=unit, kind__in=_SIGNERS).select_related("person")
    found = sorted(posts, key=lambda post: (_SIGNERS.index(PostKind(post.kind)), post.pk))
    return (found[0].person.full_name, PostKind(found[0].kind)) if found else ("", None)
