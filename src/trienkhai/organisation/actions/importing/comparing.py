"""Which rows are new, which are people already there, and which somebody has to say."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import batched
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from trienkhai.core.decisions import Invalid, Refused
from trienkhai.imports.models import ImportBatch, ImportRow
from trienkhai.imports.rules.days import may_be_same
from trienkhai.imports.rules.doubles import same_name_key
from trienkhai.imports.rules.fields import ListKind
from trienkhai.imports.rules.problems import Fault as RowProblem
from trienkhai.imports.rules.problems import RowFault
from trienkhai.imports.rules.states import BatchState, Decision, ImportFault, UnitDecision
from trienkhai.imports.rules.unit_names import unit_key
from trienkhai.ledger.clock import local_day
from trienkhai.ledger.models import Entry
from trienkhai.organisation.actions.changes import CHUNK
from trienkhai.organisation.actions.importing.naming import locked_batch
from trienkhai.organisation.models import Membership, Person, Post, Unit, UnitState
from trienkhai.organisation.policies import visible_people
from trienkhai.organisation.rules import Actor, Fault, PostKind, Tie, UnitKind
from trienkhai.organisation.rules.matching import Finding, Known, Listed, Verdict, compare
from trienkhai.organisation.rules.post_names import Level, NamedPost, posts_named
from trienkhai.text import fold

_FOLDED = 160
PENDING = frozenset({BatchState.READ, BatchState.MATCHED})


@dataclass(frozen=True)
class Place:
    """Where a row belongs: an existing unit's id, or none yet; ``is_left_out`` when its unit is not taken in."""

    unit: int | None
    kind: UnitKind
    is_left_out: bool = False


@dataclass
class Places:
    """The units of a batch by the names rows give them."""

    by_name: dict[tuple[str, str], Place] = field(default_factory=dict)

    @classmethod
    def of(cls, batch: ImportBatch) -> "Places":
        """As suggested or confirmed."""
        named = list(batch.units.order_by("position"))
        keys = {unit.target for unit in named if unit.target}
        ids = dict(Unit.objects.filter(key__in=keys).values_list("key", "pk"))
        kinds = dict(UnitState.objects.current().filter(unit__key__in=keys).values_list("unit__key", "kind"))
        places = cls()
        for unit in named:
            known = unit.target if unit.decision == UnitDecision.EXISTING else None
            places.by_name[unit.folded, unit.parent_folded] = Place(
                ids.get(known) if known else None,
                UnitKind(kinds.get(known, unit.kind) if known else unit.kind),
                is_left_out=unit.decision == UnitDecision.SKIP,
            )
        return places

    @property
    def are_some_left_out(self) -> bool:
        """Whether any unit is not taken in."""
        return any(place.is_left_out for place in self.by_name.values())

    def find(self, values: dict[str, str]) -> Place | None:
        """The place a row names."""
        return self.by_name.get((unit_key(values.get("unit", ""))[:300], unit_key(values.get("parent_unit", ""))[:300]))


@transaction.atomic
def compare_rows(*, key: UUID, actor: Actor, at: datetime) -> ImportBatch:
    """Decide for every row what it would change. What somebody has answered stays answered. Changes nothing itself.

    Raises:
        Refused: the actor does not keep the lead unit, or the list is not at this point.
        Invalid: a unit has neither been found nor confirmed.
    """
    batch, _lead = locked_batch(key, actor=actor, at=at, states=set(PENDING))
    if batch.units.filter(decision="").exists():
        raise Invalid(ImportFault.UNITS_OPEN, on="units")
    rows = batch.rows.exclude(decision=Decision.FAULTY.value).filter(is_decided=False)
    if batch.kind == ListKind.UNITS:
        _compare_units(batch, rows)
    else:
        earlier = rows.exclude(decision=Decision.NEW.value)
        earlier.update(decision=Decision.NEW.value, target=None, candidates=[], moved_on=None)
        _Comparison(batch, actor, at).run()
    batch.state = BatchState.MATCHED.value
    batch.matched_seq = Entry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    batch.save(update_fields=["state", "matched_seq"])
    return batch


def _compare_units(batch: ImportBatch, rows: QuerySet[ImportRow]) -> None:
    decisions = {(unit.folded, unit.parent_folded): unit.decision for unit in batch.units.all()}
    of_unit = {
        UnitDecision.EXISTING.value: Decision.SAME,
        UnitDecision.NEW.value: Decision.NEW,
        UnitDecision.SKIP.value: Decision.SKIP,
    }
    changed = []
    for row in rows.order_by("pk"):
        key = (unit_key(row.values.get("unit", ""))[:300], unit_key(row.values.get("parent_unit", ""))[:300])
        row.decision = of_unit[decisions.get(key, UnitDecision.SKIP.value)].value
        changed.append(row)
    ImportRow.objects.bulk_update(changed, ["decision"], batch_size=500)


class _Comparison:
    """People of a list against people on record."""

    def __init__(self, batch: ImportBatch, actor: Actor, at: datetime) -> None:
        self._batch = batch
        self._places = Places.of(batch)
        self._people = Register(batch.holds_from, visible_people(actor, at=local_day(at)))
        self._posts = batch.kind == ListKind.POSTS

    def run(self) -> None:
        """Go through the rows in pieces; only rows that are not plainly new are written to."""
        rows = self._batch.rows.filter(decision=Decision.NEW.value, is_decided=False).order_by("pk")
        if self._people.is_empty and not self._posts and not self._places.are_some_left_out:
            rows = rows.exclude(faults=[])  # nobody is there yet: only the list itself can raise questions
        for chunk in batched(rows.values_list("pk", "values", "faults").iterator(chunk_size=CHUNK), CHUNK):
            same: list[int] = []
            left_out: list[int] = []
            told: list[ImportRow] = []
            self._people.load({same_name_key(values["name"]) for _pk, values, _faults in chunk})
            for pk, values, faults in chunk:
                self._one(ImportRow(pk=pk, values=values, faults=faults), same, left_out, told)
            ImportRow.objects.filter(pk__in=same).update(decision=Decision.SAME.value)
            ImportRow.objects.filter(pk__in=left_out).update(decision=Decision.SKIP.value)
            fields = ["decision", "target", "candidates", "moved_on", "faults"]
            ImportRow.objects.bulk_update(told, fields, batch_size=200)

    def _one(self, row: ImportRow, same: list[int], left_out: list[int], told: list[ImportRow]) -> None:
        place = self._places.find(row.values)
        if (place is None and not self._posts) or (place and place.is_left_out):
            left_out.append(row.pk)
            return
        unclear = any(fault[0] == RowFault.NAMESAKE_UNCLEAR for fault in row.faults)
        namesakes = self._people.namesakes(row.values["name"])
        if not namesakes and not self._posts and not unclear:
            return
        listed = Listed(row.values.get("birth", ""), place.unit if place else None, row.values.get("card_number", ""))
        finding = self._of_post(listed, namesakes) if self._posts else compare(listed, namesakes)
        row.decision = Decision.NEW.value
        self._decide(row, finding, place)
        if unclear and row.decision == Decision.NEW:
            row.decision = Decision.ASK.value
        if row.decision == Decision.SAME:
            same.append(row.pk)
        elif row.decision != Decision.NEW:
            told.append(row)

    def _of_post(self, listed: Listed, namesakes: list[Known]) -> Finding:
        """A post is given to somebody there: by name and birth, wherever they are; by name alone within the unit."""
        births = [each for each in namesakes if listed.birth and each.birth == listed.birth]
        if not listed.birth:
            births = [each for each in namesakes if each.unit == listed.unit] or namesakes
        near = [each for each in births if each.unit == listed.unit] or births
        if len(near) == 1:
            return Finding(Verdict.SAME, (near[0].id,))
        unclear = near or [e for e in namesakes if e.birth.startswith(listed.birth) or listed.birth.startswith(e.birth)]
        return Finding(Verdict.ASK if unclear else Verdict.NEW, tuple(each.id for each in unclear))

    def _decide(self, row: ImportRow, finding: Finding, place: Place | None) -> None:
        keys = self._people.keys(finding.people)
        match finding.verdict:
            case Verdict.NEW if self._posts:
                fault = RowProblem(RowFault.PERSON_UNKNOWN, "name", {"value": row.values["name"]})
                row.decision, row.faults = Decision.FAULTY.value, [fault.as_json()]
            case Verdict.NEW:
                pass
            case Verdict.ASK | Verdict.MOVED:  # a move needs its day: it is never made unasked
                row.decision, row.candidates = Decision.ASK.value, [str(key) for key in keys]
            case Verdict.SAME:
                adds = self._people.lacks_posts(
                    finding.people[0], posts_of(row.values, place, listed=self._posts), place
                )
                row.decision, row.target = (Decision.ADD if adds else Decision.SAME).value, keys[0]


def posts_of(values: dict[str, str], place: Place | None, *, listed: bool) -> tuple[NamedPost, ...]:
    """The posts a row names; in a list of posts also those that no rule knows, under their own words."""
    text = values.get("party_post", "")
    named = posts_named(text, unit_kind=place.kind if place else UnitKind.CELL)
    return named or ((NamedPost(PostKind.OTHER, Level.OWN, text[:150]),) if listed and text else ())


class Register:
    """People on record by name, loaded as names come up."""

    def __init__(self, day: date, people: QuerySet[Person]) -> None:
        self._day = day
        self._people = people
        self.is_empty = not Person.objects.exists()
        self._by_name: dict[str, list[Known]] = {}
        self._keys: dict[int, UUID] = {}
        self._posts: dict[int, set[tuple[int, str, str]]] = {}

    def load(self, names: Iterable[str]) -> None:
        """Make ready for these names."""
        if self.is_empty:
            return
        folded = {fold(name)[:_FOLDED] for name in names}
        rows = list(
            self._people.filter(folded__in=folded)
            .order_by("pk")
            .values_list("pk", "key", "full_name", "birth_year", "birth_month", "birth_day", "card_number")
        )
        ids = [row[0] for row in rows]
        units = units_of(ids, self._day)
        self._posts = self._posts_of(ids)
        found: dict[str, list[Known]] = defaultdict(list)
        for pk, key, name, year, month, day, card in rows:
            self._keys[pk] = key
            found[same_name_key(name)].append(Known(pk, born(year, month, day), units.get(pk), card))
        self._by_name = dict(found)

    def namesakes(self, name: str) -> list[Known]:
        """People of exactly this name."""
        return self._by_name.get(same_name_key(name), [])

    def keys(self, ids: Iterable[int]) -> list[UUID]:
        """Their opaque keys."""
        return [self._keys[pk] for pk in ids]

    def lacks_posts(self, person: int, posts: Iterable[NamedPost], place: Place | None) -> bool:
        """Whether the person does not hold one of the posts."""
        held = self._posts.get(person, set())
        unit = place.unit if place else None
        for post in posts:
            anywhere = post.level is Level.BASE or place is None
            kinds = {(kind, title) for in_unit, kind, title in held if anywhere or in_unit == unit}
            if not any(post.kind == kind and (kind != PostKind.OTHER or title == post.title) for kind, title in kinds):
                return True
        return False

    def _posts_of(self, ids: list[int]) -> dict[int, set[tuple[int, str, str]]]:
        rows = Post.objects.current().filter(Q(ends_on__isnull=True) | Q(ends_on__gt=self._day), person__in=ids)
        held: dict[int, set[tuple[int, str, str]]] = defaultdict(set)
        for person, unit, kind, title in rows.values_list("person", "unit", "kind", "title"):
            held[person].add((unit, kind, title))
        return held


def units_of(people: list[int], day: date) -> dict[int, int]:
    """The unit each person counts in on the day or later."""
    rows = Membership.objects.current().filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=day), person__in=people, tie=Tie.COUNTING.value
    )
    return dict(rows.order_by("starts_on").values_list("person", "unit"))


def born(year: int | None, month: int | None, day: int | None) -> str:
    """A birth as lists keep it."""
    known = [f"{part:02}" for part in (month, day) if part]
    return "-".join([f"{year:04}", *known]) if year else ""


@transaction.atomic
def answer_row(
    *,
    key: UUID,
    row: int,
    decision: Decision,
    actor: Actor,
    at: datetime,
    person: UUID | None = None,
    moved_on: date | None = None,
) -> ImportRow:
    """Say who a row is: a new person, one of the candidates (there already, or moved on a day), or leave it out.

    Raises:
        Refused: the actor does not keep the lead unit, or the list is not at this point.
        Invalid: the row is no open question, or the person is none of the candidates.
    """
    batch, _lead = locked_batch(key, actor=actor, at=at, states={BatchState.MATCHED})
    found = batch.rows.filter(pk=row).first()
    if found is None or not (found.candidates or found.decision == Decision.ASK or found.is_decided):
        raise Refused(ImportFault.NOT_NOW)
    if decision not in {Decision.NEW, Decision.SAME, Decision.MOVED, Decision.SKIP}:
        raise Refused(ImportFault.NOT_NOW)
    needs_person = decision in {Decision.SAME, Decision.MOVED}
    if needs_person and str(person) not in found.candidates:
        raise Invalid(Fault.PERSON_UNKNOWN, on="person")
    found.target = person if needs_person else None
    found.moved_on = (moved_on or batch.holds_from) if decision is Decision.MOVED else None
    found.decision, found.is_decided, found.decided_by = decision.value, True, actor.key
    found.save(update_fields=["target", "moved_on", "decision", "is_decided", "decided_by"])
    return found


def alike(batch: ImportBatch) -> list[ImportRow]:
    """Open rows that fit one person alone: of that name, in the very unit, of a birth that says less or more.

    Lists often give the year where another gave the day. Nobody wants to be asked that two hundred times.
    """
    rows = [row for row in batch.rows.filter(decision=Decision.ASK.value).order_by("pk") if _fits_one(row)]
    people = {
        str(key): (pk, born(*birth))
        for pk, key, *birth in Person.objects.filter(key__in=[row.candidates[0] for row in rows]).values_list(
            "pk", "key", "birth_year", "birth_month", "birth_day"
        )
    }
    units = units_of([pk for pk, _birth in people.values()], batch.holds_from)
    places = Places.of(batch)

    def is_alike(row: ImportRow) -> bool:
        person, birth = people.get(row.candidates[0], (0, ""))
        place = places.find(row.values)
        is_here = place is not None and place.unit is not None and units.get(person) == place.unit
        return is_here and may_be_same(birth, row.values.get("birth", ""))

    return [row for row in rows if is_alike(row)]


def _fits_one(row: ImportRow) -> bool:
    return len(row.candidates) == 1 and all(fault[0] != RowFault.NAMESAKE_UNCLEAR for fault in row.faults)


@transaction.atomic
def answer_alike(*, key: UUID, actor: Actor, at: datetime) -> int:
    """Say of every row of :func:`alike` that it is the person it fits; returns how many.

    Raises:
        Refused: the actor does not keep the lead unit, or the list is not at this point.
    """
    batch, _lead = locked_batch(key, actor=actor, at=at, states={BatchState.MATCHED})
    rows = alike(batch)
    for row in rows:
        row.target, row.decision, row.is_decided, row.decided_by = (
            UUID(row.candidates[0]),
            Decision.SAME.value,
            True,
            actor.key,
        )
    ImportRow.objects.bulk_update(rows, ["target", "decision", "is_decided", "decided_by"], batch_size=500)
    return len(rows)


@transaction.atomic
def reject_open(*, key: UUID, actor: Actor, at: datetime) -> int:
    """Put the rows nobody has answered among the rejected ones, to be mended in the file; returns how many.

    Raises:
        Refused: the actor does not keep the lead unit, or the list is not at this point.
    """
    batch, _lead = locked_batch(key, actor=actor, at=at, states={BatchState.MATCHED})
    fault = RowProblem(RowFault.NOT_SAID, "name").as_json()
    return batch.rows.filter(decision=Decision.ASK.value).update(decision=Decision.FAULTY.value, faults=[fault])
