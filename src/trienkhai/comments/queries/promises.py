"""What the promises above the box say of this very call: names and numbers, so that they are exact."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext

from trienkhai.comments.models import Call, CallSubject, OfficeKeyFile
from trienkhai.comments.queries.opening import holder_names
from trienkhai.comments.queries.subjects import body_name
from trienkhai.comments.rules import About, Promise
from trienkhai.organisation.queries import name_of
from trienkhai.organisation.queries.trees import above, state_of
from trienkhai.organisation.rules import UnitKind
from trienkhai.sealed.queries import RoundStatus, status
from trienkhai.sealed.rules import Custody, KeyState


@dataclass(frozen=True)
class PromiseFacts:
    """What is true of a call's promises.

    ``desk``: the unit whose office reads; ``upper_desk``: the base committee's, whose office reads too, for a call of a
    cell. ``holders``: who open the box; ``one_holder``: one of them alone does, with a key file. ``reviewers``: bodies
    that read, with the name, what is said of persons. ``by_codes``: residents are asked; ``asked`` is how many codes.
    """

    is_sealed: bool
    by_codes: bool
    offered: tuple[Promise, ...]
    desk: str
    upper_desk: str
    holders: tuple[str, ...] = ()
    keepers: tuple[str, ...] = ()
    one_holder: bool = False
    key_is_lost: bool = False
    threshold: int = 0
    wait_days: int = 0
    asked: int = 0
    persons: bool = False
    persons_without_a_name: bool = False
    reviewers: tuple[str, ...] = ()
    closes_on: date | None = None


def promise_facts(call: Call, *, on: date) -> PromiseFacts:
    """The facts above this call's box."""
    reviewing = CallSubject.objects.filter(call=call, about=About.PERSON).order_by("reviewed_by")
    bodies = list(reviewing.values_list("reviewed_by", flat=True).distinct())
    has_persons = reviewing.exists()
    box = status(call.round_key) if call.round_key is not None else None
    limits = call.numbers
    files = set(OfficeKeyFile.objects.filter(owner__in=box.releasers).values_list("owner", flat=True)) if box else set()
    return PromiseFacts(
        is_sealed=call.is_sealed,
        by_codes=call.by_codes,
        offered=call.offered,
        desk=name_of(call.unit_id, on),
        upper_desk=_upper_desk(call.unit_id, on),
        holders=_named([owner for owner in box.releasers if owner not in files], box) if box else (),
        keepers=_named(box.name_keepers, box) if box else (),
        one_holder=bool(box and box.custody is Custody.KEY_FILE),
        key_is_lost=bool(box and box.key_state is KeyState.LOST),
        threshold=limits.threshold,
        wait_days=limits.wait_days,
        asked=call.asked_number,
        persons=has_persons,
        persons_without_a_name=limits.persons_without_a_name,
        reviewers=tuple(body_name(pk, on=on) for pk in bodies),
        closes_on=call.closes_on,
    )


def _named(owners: Sequence[UUID], box: RoundStatus) -> tuple[str, ...]:
    """Holders by name; of one whose passphrase somebody else may have seen being typed, that too."""
    return tuple(
        gettext("%(name)s (typed the passphrase at the office’s sign-in)") % {"name": name}
        if owner in box.typed_elsewhere
        else name
        for owner, name in zip(owners, holder_names(owners), strict=True)
    )


def _upper_desk(unit: int, on: date) -> str:
    """The base committee whose office works at the desk of a unit below it too."""
    state = state_of(unit, on)
    if state is None or state.kind in {UnitKind.BASE, UnitKind.UPPER}:
        return ""
    return next((row.name for row in above(unit, on) if row.kind is UnitKind.BASE), "")
