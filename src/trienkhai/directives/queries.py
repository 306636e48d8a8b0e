"""Listing, finding and reading directives."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Literal

from django.db import connection
from django.db.models import FETCH_RAISE, Case, F, IntegerField, Q, QuerySet, Value, When, Window
from django.db.models.expressions import RawSQL
from django.db.models.functions import RowNumber

from trienkhai.directives.models import Directive, DirectiveFile, Provision, Relation
from trienkhai.directives.rules import DirectiveKind, Entry, Node, RelationKind, outline_of, tree_of
from trienkhai.text import Rank, fold, snippet
from trienkhai.text.folding import spelling

LONGEST_QUERY = 200

_MATCHING = {
    "sqlite": "SELECT rowid FROM directives_words WHERE directives_words MATCH %s",
    "postgresql": (
        "SELECT id FROM directives_directive WHERE to_tsvector('simple', folded) @@ to_tsquery('simple', %s)"
    ),
}

type Pieces = list[tuple[str, bool]]


@dataclass(frozen=True)
class Hit:
    """Where a directive answers a query: its title in pieces (text, whether found), and its best provision."""

    title: Pieces
    label: str
    anchor: str
    text: Pieces


@dataclass(frozen=True)
class RelationRow:
    """A relation as seen from one of its two directives. ``way``: what this one does, or what is done to it."""

    key: str
    kind: RelationKind
    way: Literal["to", "from"]
    other: Directive


@dataclass(frozen=True)
class ProvisionNode:
    """A provision with what is under it."""

    key: str
    label: str
    text: str
    children: tuple["ProvisionNode", ...]


def find_directives(directives: QuerySet[Directive], query: str = "", kind: str = "") -> QuerySet[Directive]:
    """Those of ``directives`` that hold every word of ``query``, exact accents first, then the newest.

    Words are compared folded and as whole words, the last one as the beginning of a word. Signs in a query mean
    nothing, so none can be wrong; a query without any word finds everything.
    """
    found = directives.defer("folded", "spelt").fetch_mode(FETCH_RAISE)
    if kind in set(DirectiveKind):
        found = found.filter(kind=kind)
    words = fold(query[:LONGEST_QUERY]).split()
    if not words:
        return found.order_by("-issued_on", "-pk")
    matching = RawSQL(_MATCHING[connection.vendor], [_full_text(words)])  # noqa: S611 - the words are a parameter
    return found.filter(pk__in=matching).annotate(rank=_rank(query)).order_by("rank", "-issued_on", "-pk")


def hits(directives: Iterable[Directive], query: str) -> Mapping[int, Hit]:
    """Where each directive answers the query: ``{id: hit}``; empty without a word to look for."""
    words = fold(query[:LONGEST_QUERY]).split()
    if not words:
        return {}
    shown = list(directives)
    best = _best_provisions([directive.pk for directive in shown], query, words)
    return {directive.pk: _hit(directive, best.get(directive.pk), query) for directive in shown}


def provisions_of(directive: Directive) -> QuerySet[Provision]:
    """The provisions in reading order."""
    return directive.provisions.defer("folded", "spelt").order_by("position")


def outline(directive: Directive) -> str:
    """The provisions as the text they were read from."""
    return outline_of(_entries(provisions_of(directive)))


def provision_tree(directive: Directive) -> list[ProvisionNode]:
    """The provisions as a tree."""
    rows = list(provisions_of(directive))
    return [_node(node, rows) for node in tree_of(_entries(rows))]


def preview(entries: Sequence[Entry]) -> list[ProvisionNode]:
    """What :func:`provision_tree` would give were these the provisions."""
    return [_node(node, None) for node in tree_of(entries)]


def files_of(directive: Directive) -> QuerySet[DirectiveFile]:
    """The files in the order they came."""
    return directive.files.select_related("file").order_by("position", "pk")


def relations_of(directive: Directive, visible: QuerySet[Directive]) -> list[RelationRow]:
    """Relations both ways, to directives among ``visible``."""
    to = directive.relations.filter(target__in=visible).select_related("target")
    back = directive.related.filter(source__in=visible).select_related("source")
    rows = [_relation(row, "to", row.target) for row in to] + [_relation(row, "from", row.source) for row in back]
    return sorted(rows, key=lambda row: (list(RelationKind).index(row.kind), row.way, row.other.issued_on, row.key))


def _relation(row: Relation, way: Literal["to", "from"], other: Directive) -> RelationRow:
    return RelationRow(str(row.key), RelationKind(row.kind), way, other)


def _entries(provisions: Iterable[Provision]) -> list[Entry]:
    return [Entry(provision.label, provision.text, provision.depth) for provision in provisions]


def _node(node: Node, rows: Sequence[Provision] | None) -> ProvisionNode:
    children = tuple(_node(child, rows) for child in node.children)
    key = str(rows[node.position].key) if rows is not None else ""
    return ProvisionNode(key, node.entry.label, node.entry.text, children)


def _full_text(words: Sequence[str]) -> str:
    """The words as the database's own query, each quoted; folding has left letters and digits only."""
    *whole, last = words
    if connection.vendor == "sqlite":
        return " ".join([*(f'"{word}"' for word in whole), f'"{last}"*'])
    return " & ".join([*(f"'{word}'" for word in whole), f"'{last}':*"])


def _rank(query: str) -> Case:
    """How well a row's ``spelt`` and ``folded`` text answers, as :class:`trienkhai.text.Rank` says it.

    Both are kept between blanks, so that a blank before a word asks for its beginning.
    """
    spelt, folded = spelling(query[:LONGEST_QUERY]), fold(query[:LONGEST_QUERY])
    every_word = reduce(and_, (Q(spelt__contains=f" {word}") for word in spelt.split()), Q())
    return Case(
        When(spelt__contains=f" {spelt}", then=Value(int(Rank.PHRASE_AS_SPELT))),
        When(every_word, then=Value(int(Rank.WORDS_AS_SPELT))),
        When(folded__contains=f" {folded}", then=Value(int(Rank.PHRASE_FOLDED))),
        default=Value(int(Rank.WORDS_FOLDED)),
        output_field=IntegerField(),
    )


def _best_provisions(directives: Collection[int], query: str, words: Sequence[str]) -> dict[int, Provision]:
    """The provision of each directive that answers best, the first of equals."""
    every_word = reduce(and_, (Q(folded__contains=f" {word}") for word in words), Q())
    first = Window(RowNumber(), partition_by=[F("directive")], order_by=[F("rank").asc(), F("position").asc()])
    found = (
        Provision.objects.filter(every_word, directive__in=directives)
        .annotate(rank=_rank(query))
        .annotate(place=first)
        .filter(place=1)
    )
    return {provision.directive_id: provision for provision in found.only("directive_id", "key", "label", "text")}


def _hit(directive: Directive, provision: Provision | None, query: str) -> Hit:
    title = snippet(query, directive.title, len(directive.title) + 1)
    if provision is None:
        return Hit(title, "", "", [])
    return Hit(title, provision.label, str(provision.key), snippet(query, provision.text))
