"""The numbered parts of a directive, replaced as one text."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, ProtectedError

from trienkhai.core.decisions import Invalid
from trienkhai.directives.actions.locking import index, locked, noted
from trienkhai.directives.models import Directive, Provision
from trienkhai.directives.rules import MOST_PROVISIONS, Entry, Fault, parse_outline
from trienkhai.directives.rules.outline import paths_of
from trienkhai.organisation.rules import Actor
from trienkhai.text import clean_text, fold
from trienkhai.text.folding import spelling

_ASIDE = 1_000_000  # positions move out of the way before they are given anew


@transaction.atomic
def set_provisions(
    *, directive: Directive, text: str, actor: Actor, at: datetime, seen: int | None = None
) -> list[Provision]:
    """Replace all provisions by those read from ``text``; an empty text takes them all away.

    A provision whose number stays where it was in the tree keeps its key, so what refers to it still does.

    Raises:
        Refused: the actor may not, or the directive has been changed since it was ``seen``.
        Invalid: too many, or one would go that a plan carries out (``params``: its ``label``).
    """
    held = locked(directive, actor=actor, at=at, seen=seen)
    entries = parse_outline(clean_text(text))
    if len(entries) > MOST_PROVISIONS:
        raise Invalid(Fault.TOO_MANY_PROVISIONS, on="text", limit=MOST_PROVISIONS)
    before = list(held.provisions.order_by("position"))
    if entries == entries_of(before):
        return before
    noted(
        held,
        actor=actor,
        verb="set_provisions",
        detail={"before": _outline(entries_of(before)), "after": _outline(entries)},
        count=max(len(entries), 1),
    )
    placed = _placed(held, before, entries)
    index(held)
    return placed


def entries_of(provisions: list[Provision]) -> list[Entry]:
    """Provisions, in reading order, as the outline has them."""
    return [Entry(provision.label, provision.text, provision.depth) for provision in provisions]


def _outline(entries: list[Entry]) -> list[list[object]]:
    return [[entry.depth, entry.label, entry.text] for entry in entries]


def _placed(directive: Directive, before: list[Provision], entries: list[Entry]) -> list[Provision]:
    """Write the entries over the provisions that had their place, add the new ones, remove the rest."""
    kept = dict(zip(paths_of(entries_of(before)), before, strict=True))
    directive.provisions.update(position=F("position") + _ASIDE)
    path: list[Provision] = []
    placed: list[Provision] = []
    for position, (entry, where) in enumerate(zip(entries, paths_of(entries), strict=True)):
        provision = kept.pop(where, None) or Provision(directive=directive)
        del path[entry.depth :]
        provision.parent = path[-1] if path else None
        provision.position, provision.depth = position, entry.depth
        provision.label, provision.text = entry.label, entry.text
        words = f"{entry.label} {entry.text}"
        provision.folded, provision.spelt = f" {fold(words)} ", f" {spelling(words)} "
        provision.save()
        path.append(provision)
        placed.append(provision)
    _remove(directive, list(kept.values()))
    return placed


def _remove(directive: Directive, gone: list[Provision]) -> None:
    try:
        directive.provisions.filter(pk__in=[provision.pk for provision in gone]).delete()
    except ProtectedError as error:
        protected = {getattr(row, "provision_id", None) for row in error.protected_objects}
        label = next((provision.label for provision in gone if provision.pk in protected), "")
        raise Invalid(Fault.PROVISION_IN_USE, on="text", label=label) from error
