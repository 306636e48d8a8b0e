"""Writing a compared list into the organisation: everything or nothing, with one entry."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import batched, starmap
from typing import NamedTuple
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q, QuerySet

from trienkhai.core.bulk import insert_rows, reserve_ids
from trienkhai.core.decisions import Refused
from trienkhai.core.periods import Period
from trienkhai.imports.models import ImportBatch
from trienkhai.imports.rules.fields import Field, ListKind
from trienkhai.imports.rules.snapshots import from_json
from trienkhai.imports.rules.states import WRITTEN, BatchState, Decision, ImportFault, UnitDecision
from trienkhai.ledger.actions import record
from trienkhai.ledger.clock import local_day
from trienkhai.ledger.models import Entry
from trienkhai.organisation.actions.changes import CHUNK, Change, checked_day
from trienkhai.organisation.actions.importing.comparing import Places
from trienkhai.organisation.actions.importing.naming import check_kinds, locked_batch
from trienkhai.organisation.actions.importing.posting import ListedPosts, whole
from trienkhai.organisation.actions.posts import end_posts
from trienkhai.organisation.actions.states import CHUNK_ROWS, open_days
from trienkhai.organisation.actions.ties import Line, Lines, TieValue, lines_of, write_lines
from trienkhai.organisation.actions.units import NewUnit, add_states
from trienkhai.organisation.models import Membership, Person, Post, Unit
from trienkhai.organisation.policies import kept_units
from trienkhai.organisation.rules import (
    Actor,
    EndReason,
    MemberKind,
    Reason,
    Standing,
    Tie,
    UnitKind,
)
from trienkhai.organisation.rules.timelines import Phase, changed_from, tidy, value_on
from trienkhai.text import fold, name_sort_key

PROBATION = timedelta(days=550)
"""Admitted so recently and no day of official membership given: still probationary (a year, and some months' slack)."""


@transaction.atomic
def import_list(*, key: UUID, actor: Actor, at: datetime) -> Change:
    """Write what was confirmed: new units, people with their ties and posts, moves. One entry for all of it.

    Rows that are faulty, left out or there already are not touched; the faulty ones stay for the file of rejected rows.

    Returns:
        The change: ``people`` whose ties or posts changed, ``units`` made.

    Raises:
        Refused: the actor does not keep a unit concerned; questions are open; the organisation has changed since the
            list was compared (compare again); it is imported already.
        Invalid: what the list says cannot be true here.
    """
    batch, lead = locked_batch(key, actor=actor, at=at, states={BatchState.MATCHED})
    _require_ready(batch)
    _require_kept(batch, lead, actor, at)
    checked_day(batch.holds_from, at=at)
    counts = {each: batch.rows.filter(decision=each.value).count() for each in Decision}
    new_units = batch.units.filter(decision=UnitDecision.NEW.value).count()
    changes = sum(counts[decision] for decision in WRITTEN)
    if not changes and not new_units:
        raise Refused(ImportFault.NOTHING_TO_IMPORT)
    entry = record(
        actor=actor.key,
        action="organisation.import_list",
        subject=batch.key,
        detail={"kind": batch.kind, "units": new_units, **{each.value: counts[each] for each in sorted(WRITTEN)}},
        count=changes + (new_units if batch.kind != ListKind.UNITS else 0),
        file_digest=batch.file_digest,
    )
    units = _open_units(batch, lead, entry)
    people = frozenset[int]()
    if batch.kind != ListKind.UNITS:
        people = _Writer(batch, lead, entry, kept_units(actor, at=local_day(at))).run()
    done = batch.rows.exclude(decision=Decision.FAULTY.value)
    done._raw_delete(done.db)  # noqa: SLF001 - nothing refers to rows
    batch.state, batch.entry_seq = BatchState.DONE.value, entry.seq
    batch.notes = {**batch.notes, "done": {each.value: count for each, count in counts.items()}, "units": new_units}
    if not counts[Decision.FAULTY]:
        batch.file = None
    batch.save(update_fields=["state", "entry_seq", "notes", "file"])
    return Change(entry=entry, people=people, units=frozenset(units))


def _require_ready(batch: ImportBatch) -> None:
    if batch.rows.filter(decision=Decision.ASK.value).exists():
        raise Refused(ImportFault.QUESTIONS_OPEN)
    since = Entry.objects.filter(seq__gt=batch.matched_seq or 0, action__startswith="organisation.")
    if since.exists():
        raise Refused(ImportFault.CHANGED_SINCE)


def _require_kept(batch: ImportBatch, lead: Unit, actor: Actor, at: datetime) -> None:
    existing = batch.units.filter(decision=UnitDecision.EXISTING.value)
    targets = {target for target in existing.values_list("target", flat=True) if target}
    kept = kept_units(actor, at=local_day(at)).filter(key__in=targets | {lead.key}).count()
    if kept < len(targets | {lead.key}):
        raise Refused(Reason.MAY_NOT_KEEP)


def _open_units(batch: ImportBatch, lead: Unit, entry: Entry) -> list[int]:
    """Open the new units, those above first, and note in the batch which ones they have become."""
    named = list(batch.units.order_by("position"))
    check_kinds(named, lead)
    fresh = _above_first([unit for unit in named if unit.decision == UnitDecision.NEW])
    if not fresh:
        return []
    places = {unit.folded: number for number, unit in enumerate(fresh)}
    known = {unit.folded: unit.target for unit in named if unit.decision == UnitDecision.EXISTING}
    ids = dict(Unit.objects.filter(key__in={key for key in known.values() if key}).values_list("key", "pk"))
    days = open_days([lead.pk, *ids.values()])
    opened: list[NewUnit] = []
    for number, unit in enumerate(fresh):
        within = places.get(unit.parent_folded)
        within = within if within is not None and within < number else None
        target = known.get(unit.parent_folded)
        parent = ids.get(target, lead.pk) if target else lead.pk
        on = _first_day(unit.opened, batch.holds_from)
        on = max(on, opened[within].on if within is not None else days[parent].start if parent in days else on)
        opened.append(
            NewUnit(
                name=unit.name,
                kind=UnitKind(unit.kind),
                on=on,
                parent=None if within is not None else parent,
                within=within,
            )
        )
    rows = Unit.objects.bulk_create([Unit() for _unit in fresh], batch_size=CHUNK_ROWS)
    add_states(opened, rows, entry=entry)
    for unit, row in zip(fresh, rows, strict=True):
        unit.decision, unit.target = UnitDecision.EXISTING.value, row.key
    type(fresh[0]).objects.bulk_update(fresh, ["decision", "target"], batch_size=500)
    return [row.pk for row in rows]


def _above_first[T](units: list[T]) -> list[T]:
    ranks = {"upper": 0, "base": 1, "section": 2, "agency": 3, "cell": 3, "group": 4}
    return sorted(units, key=lambda unit: (ranks.get(unit.kind, 3), unit.position))  # type: ignore[attr-defined]


def _first_day(kept: str, otherwise: date) -> date:
    """The day a unit was founded if the list says it whole, else the day from which the list holds."""
    try:
        return date.fromisoformat(kept)
    except ValueError:
        return otherwise


class _Row(NamedTuple):
    """A staged row, as far as it is written."""

    values: dict[str, str]
    target: UUID | None
    moved_on: date | None


@dataclass
class _Writer:
    """Writes the people of a batch in pieces, within the caller's transaction."""

    batch: ImportBatch
    lead: Unit
    entry: Entry
    kept: QuerySet[Unit]
    """Units the actor keeps: nobody leaves another one, and nobody gets a post there."""
    people: set[int] = field(default_factory=set)

    def run(self) -> frozenset[int]:
        """Write everything; returns whose ties or posts changed."""
        self._places = Places.of(self.batch)
        units = {place.unit for place in self._places.by_name.values() if place.unit} | {self.lead.pk}
        self._days = open_days(units)
        self._posts = ListedPosts(self.batch, self.entry, self._places, self._days, self.kept)
        survey = from_json(self.batch.survey)
        fields = {column.field for layout in survey.layouts for column in layout.columns}
        self._tells_official = Field.OFFICIAL_ON in fields
        for rows in self._rows(Decision.NEW):
            self._add(rows)
        for rows in self._rows(Decision.MOVED):
            self._move(rows)
        for rows in self._rows(Decision.ADD):
            self._give(rows)
        self.people.update(self._posts.write())
        return frozenset(self.people)

    def _rows(self, decision: Decision) -> Iterator[tuple[_Row, ...]]:
        rows = self.batch.rows.filter(decision=decision.value).order_by("pk")
        found = rows.values_list("values", "target", "moved_on").iterator(chunk_size=CHUNK)
        yield from batched(starmap(_Row, found), CHUNK)

    def _unit(self, row: _Row) -> int:
        place = self._places.find(row.values)
        return place.unit if place and place.unit else self.lead.pk

    def _add(self, rows: Sequence[_Row]) -> None:
        ids = reserve_ids(Person, len(rows))
        insert_rows(Person, _PERSON, (_person(pk, row.values) for pk, row in zip(ids, rows, strict=True)))
        ties: list[tuple[object, ...]] = []
        for pk, row in zip(ids, rows, strict=True):
            unit = self._unit(row)
            start = max(self.batch.holds_from, self._days[unit].start)
            ties.extend(self._tie(pk, phase) for phase in self._phases(row.values, unit, start))
            self._posts.note(row.values, pk, unit, start)
        insert_rows(Membership, _MEMBERSHIP, ties)
        self.people.update(ids)

    def _tie(self, person: int, phase: Phase[TieValue]) -> tuple[object, ...]:
        """A membership's row, in the order of ``_MEMBERSHIP``."""
        end = phase.period.end_or_none
        value, reason = phase.value, EndReason.CHANGED.value if end else ""
        of_person = (person, value.unit, value.kind.value, value.standing.value, Tie.COUNTING.value, reason)
        return (*of_person, phase.period.start, end, self.entry.seq, self.entry.recorded_on)

    def _phases(self, values: dict[str, str], unit: int, start: date) -> list[Phase[TieValue]]:
        """A membership from the list's day on, or from admission when that is later; official when that is so."""
        standing = Standing.EXEMPT if values.get("exempt") else Standing.ACTIVE
        admitted, official = whole(values.get("admitted_on")), whole(values.get("official_on"))
        begins = max(start, admitted or start)
        end = self._days[unit].end
        kind = values.get("kind", "")
        if not kind:
            recent = admitted is not None and admitted > self.batch.holds_from - PROBATION
            unknown = self._tells_official and official is None and recent
            kind = "probationary" if unknown or (official and official > begins) else "official"
        if kind == "probationary" and official and begins < official < end:
            return [
                Phase(Period(begins, official), TieValue(unit, MemberKind.PROBATIONARY, standing)),
                Phase(Period(official, end), TieValue(unit, MemberKind.OFFICIAL, standing)),
            ]
        return [Phase(Period(begins, end), TieValue(unit, MemberKind(kind), standing))]

    def _move(self, rows: Sequence[_Row]) -> None:
        """Those who are there go to the unit the list names; who counts nowhere that day joins it."""
        ids = dict(Person.objects.filter(key__in=[row.target for row in rows]).values_list("key", "pk"))
        lines = lines_of(ids.values())
        wanted: Lines = {}
        left: list[tuple[int, int, date]] = []
        for row in rows:
            person, unit = ids[row.target] if row.target else 0, self._unit(row)
            on = max(row.moved_on or self.batch.holds_from, self._days[unit].start)
            line = Line.of(person, Tie.COUNTING, unit)
            before = wanted.get(line, lines.get(line, ()))
            value = value_on(before, on)
            if value is None:
                later = [phase for phase in self._phases(row.values, unit, on) if not _meets(phase, before)]
                wanted[line] = tidy((*before, *later))
            elif value.unit != unit:
                left.append((person, value.unit, on))
                wanted[line] = changed_from(before, on, _to(unit), same=lambda value: value.unit)
            self._posts.note(row.values, person, unit, on)
        places = {unit for _person, unit, _on in left}
        if self.kept.filter(pk__in=places).count() < len(places):
            raise Refused(Reason.MAY_NOT_KEEP)
        self.people.update(write_lines(wanted, reason=EndReason.MOVED, entry=self.entry))
        for person, unit, on in left:
            end_posts(Post.objects.filter(person=person, unit=unit), on=on, entry=self.entry)

    def _give(self, rows: Sequence[_Row]) -> None:
        """Posts to those who are there."""
        ids = dict(Person.objects.filter(key__in=[row.target for row in rows]).values_list("key", "pk"))
        here = Membership.objects.current().filter(
            Q(ends_on__isnull=True) | Q(ends_on__gt=self.batch.holds_from),
            person__in=ids.values(),
            tie=Tie.COUNTING.value,
        )
        units = dict(here.order_by("starts_on").values_list("person", "unit"))
        for row in rows:
            person = ids[row.target] if row.target else 0
            place = self._places.find(row.values)
            unit = place.unit if place and place.unit else units.get(person, self.lead.pk)
            if unit not in self._days:
                self._days.update(open_days([unit]))
            start = max(whole(row.values.get("starts_on")) or self.batch.holds_from, self._days[unit].start)
            self._posts.note(row.values, person, unit, start)
            self.people.add(person)


def _to(unit: int) -> Callable[[TieValue], TieValue]:
    return lambda value: replace(value, unit=unit)


def _meets(phase: Phase[TieValue], line: tuple[Phase[TieValue], ...]) -> bool:
    return any(phase.period & other.period for other in line)


def _person(pk: int, values: dict[str, str]) -> tuple[object, ...]:
    """What a row says of a person, in the order of ``_PERSON``; it was checked when it was read."""
    parts = [int(part) for part in values["birth"].split("-")] if "birth" in values else []
    name = values["name"]
    texts = (values.get("phone", "")[:30], values.get("card_number", "")[:30], values.get("note", "")[:250])
    derived = (fold(name)[:160], name_sort_key(name)[:300])
    return (pk, uuid4(), name, *derived, *(*parts, None, None, None)[:3], values.get("sex", ""), *texts)


_PERSON = ("id", "key", "full_name", "folded", "sort_key", "birth_year", "birth_month", "birth_day", "sex", "phone",
           "card_number", "note")  # fmt: skip
_MEMBERSHIP = ("person", "unit", "kind", "standing", "tie", "end_reason", "starts_on", "ends_on", "recorded_seq",
               "recorded_on")  # fmt: skip
