"""What every change of a directive does first and last."""

from datetime import datetime

from trienkhai.core.decisions import Refused
from trienkhai.directives import policies
from trienkhai.directives.models import Directive
from trienkhai.directives.rules import Fault
from trienkhai.ledger.actions import record
from trienkhai.ledger.clock import local_day
from trienkhai.ledger.models import Entry
from trienkhai.organisation.rules import Actor
from trienkhai.text import fold
from trienkhai.text.folding import spelling


def locked(directive: Directive, *, actor: Actor, at: datetime, seen: int | None = None) -> Directive:
    """The directive as it stands now, held until the transaction ends.

    ``seen``: its ``changed_seq`` when the actor looked at it; ``None`` where overwriting is harmless.

    Raises:
        Refused: the actor may not keep it, or somebody has changed it since it was seen.
    """
    held = Directive.objects.select_for_update().get(pk=directive.pk)
    policies.can_keep(actor, held, at=local_day(at)).require()
    if seen is not None and seen != held.changed_seq:
        raise Refused(Fault.CHANGED_MEANWHILE)
    return held


def noted(
    directive: Directive, *, actor: Actor, verb: str, detail: object, count: int = 1, file_digest: str = ""
) -> Entry:
    """Record the change and stamp the directive with it; the caller saves it with :func:`index` or by itself."""
    entry = record(
        actor=actor.key,
        action=f"directives.{verb}",
        subject=directive.key,
        detail=detail,
        count=count,
        file_digest=file_digest,
    )
    directive.changed_seq = entry.seq
    return entry


def index(directive: Directive) -> None:
    """Save the directive with its whole text as search compares it."""
    parts = [directive.number, directive.issuer, directive.title]
    if directive.pk:
        parts += [
            f"{label} {text}" for label, text in directive.provisions.order_by("position").values_list("label", "text")
        ]
    whole = "\n".join(parts)
    directive.folded, directive.spelt = f" {fold(whole)} ", f" {spelling(whole)} "
    directive.save()
