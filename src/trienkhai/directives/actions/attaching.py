"""Files and relations of a directive."""

from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from trienkhai.core.decisions import Invalid
from trienkhai.directives import policies
from trienkhai.directives.actions.locking import locked, noted
from trienkhai.directives.models import Directive, DirectiveFile, Relation
from trienkhai.directives.rules import Fault, RelationKind
from trienkhai.files.actions import Upload, store
from trienkhai.ledger.clock import local_day
from trienkhai.organisation.rules import Actor

MOST_FILES = 20


@transaction.atomic
def add_file(
    *, directive: Directive, content: bytes | BinaryIO | Upload, name: str, actor: Actor, at: datetime
) -> DirectiveFile:
    """Keep a file with the directive.

    Raises:
        Invalid: the file cannot be taken (see ``files``), or there are ``MOST_FILES`` already.
        Refused: the actor may not.
    """
    held = locked(directive, actor=actor, at=at)
    if held.files.count() >= MOST_FILES:
        raise Invalid(Fault.TOO_MANY_FILES, on="file", limit=MOST_FILES)
    stored = store(content=content, name=name, actor_key=actor.key, at=at)
    last = held.files.aggregate(last=Max("position"))["last"]
    added = DirectiveFile.objects.create(directive=held, file=stored, position=0 if last is None else last + 1)
    noted(held, actor=actor, verb="add_file", detail={"name": stored.name}, file_digest=stored.sha256)
    held.save(update_fields=["changed_seq"])
    return added


@transaction.atomic
def remove_file(*, directive: Directive, key: UUID, actor: Actor, at: datetime) -> None:
    """Take a file away from the directive; its bytes are collected later."""
    held = locked(directive, actor=actor, at=at)
    gone = held.files.select_related("file").filter(key=key).first()
    if gone is None:
        return
    noted(held, actor=actor, verb="remove_file", detail={"name": gone.file.name}, file_digest=gone.file.sha256)
    gone.delete()
    held.save(update_fields=["changed_seq"])


@transaction.atomic
def relate(*, source: Directive, target: Directive, kind: RelationKind, actor: Actor, at: datetime) -> Relation:
    """Note what ``source`` does to ``target``. The actor keeps one of the two and can see the other.

    Raises:
        Refused: the actor may not.
        Invalid: both are the same, or this has been noted already.
    """
    kept, other = _kept_and_other(source, target, actor=actor, at=at)
    held = locked(kept, actor=actor, at=at)
    policies.can_see(actor, other, at=local_day(at)).require()
    if source.pk == target.pk:
        raise Invalid(Fault.RELATED_TO_ITSELF, on="target")
    if Relation.objects.filter(source=source, target=target, kind=kind).exists():
        raise Invalid(Fault.ALREADY_RELATED, on="target")
    relation = Relation.objects.create(source=source, target=target, kind=kind)
    noted(held, actor=actor, verb="relate", detail=_detail(relation))
    held.save(update_fields=["changed_seq"])
    return relation


@transaction.atomic
def unrelate(*, relation: Relation, actor: Actor, at: datetime) -> None:
    """Take a relation back."""
    kept, _other = _kept_and_other(relation.source, relation.target, actor=actor, at=at)
    held = locked(kept, actor=actor, at=at)
    noted(held, actor=actor, verb="unrelate", detail=_detail(relation))
    held.save(update_fields=["changed_seq"])
    relation.delete()


def _kept_and_other(source: Directive, target: Directive, *, actor: Actor, at: datetime) -> tuple[Directive, Directive]:
    if policies.can_keep(actor, source, at=local_day(at)):
        return source, target
    return target, source


def _detail(relation: Relation) -> dict[str, str]:
    return {"source": str(relation.source.key), "target": str(relation.target.key), "kind": relation.kind}
