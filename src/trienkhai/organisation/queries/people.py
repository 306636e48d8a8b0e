"""People of a unit, and a person through time."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from trienkhai.organisation.models import Membership, Person, Post, SignIn, UnitState, held_on
from trienkhai.organisation.rules import EndReason, MemberKind, PostKind, Standing, Tie


def ties_on(unit: int, day: date, *, known_at: date | None = None) -> QuerySet[Membership]:
    """Ties to the unit on ``day``, members before others, by given name."""
    rows = Membership.objects.known_at(known_at).filter(held_on(day), unit=unit)
    return rows.select_related("person").order_by("person__sort_key", "person_id", "pk")


@dataclass(frozen=True)
class TieRow:
    """A person's tie to a unit for some days."""

    unit: int
    unit_key: UUID
    unit_name: str
    kind: MemberKind
    standing: Standing
    tie: Tie
    starts_on: date
    ends_on: date | None
    end_reason: EndReason | None
    recorded_on: date
    superseded_on: date | None


@dataclass(frozen=True)
class HeldPost:
    """A person's post for some days."""

    id: int
    key: UUID
    unit: int
    unit_key: UUID
    unit_name: str
    kind: PostKind
    title: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class Record:
    """A person through time, newest first. ``corrected``: what was recorded once and no longer holds."""

    ties: tuple[TieRow, ...]
    posts: tuple[HeldPost, ...]
    corrected: tuple[TieRow, ...]

    def counting_on(self, day: date) -> TieRow | None:
        """Where the person counts on ``day``."""
        return next((t for t in self.ties if t.tie is Tie.COUNTING and _holds(t.starts_on, t.ends_on, day)), None)

    def posts_on(self, day: date) -> tuple[HeldPost, ...]:
        """Posts held on ``day``."""
        return tuple(post for post in self.posts if _holds(post.starts_on, post.ends_on, day))

    def others_on(self, day: date) -> tuple[TieRow, ...]:
        """Ties that do not count, on ``day``."""
        return tuple(t for t in self.ties if t.tie is not Tie.COUNTING and _holds(t.starts_on, t.ends_on, day))


def record_of(person: int) -> Record:
    """Everything known of a person's ties and posts."""
    ties = list(
        Membership.objects.filter(person=person).select_related("unit").order_by("-starts_on", "-recorded_seq", "-pk")
    )
    posts = list(Post.objects.current().filter(person=person).select_related("unit").order_by("-starts_on", "-pk"))
    names = _Names({row.unit_id for row in (*ties, *posts)})
    return Record(
        ties=tuple(_tie(row, names) for row in ties if row.superseded_seq is None),
        posts=tuple(_post(row, names) for row in posts),
        corrected=tuple(_tie(row, names) for row in ties if row.superseded_on not in {None, row.recorded_on}),
    )


class _Names:
    """What units were called on a day, nearest when they were not open."""

    def __init__(self, units: set[int]) -> None:
        self._states: dict[int, list[UnitState]] = {}
        for state in UnitState.objects.current().filter(unit__in=units).order_by("starts_on"):
            self._states.setdefault(state.unit_id, []).append(state)

    def on(self, unit: int, day: date) -> str:
        states = self._states.get(unit, [])
        names = [state.name for state in states if state.starts_on <= day] or [state.name for state in states[:1]]
        return names[-1] if names else ""


def _tie(row: Membership, names: _Names) -> TieRow:
    return TieRow(
        unit=row.unit_id,
        unit_key=row.unit.key,
        unit_name=names.on(row.unit_id, row.starts_on),
        kind=MemberKind(row.kind),
        standing=Standing(row.standing),
        tie=Tie(row.tie),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        end_reason=EndReason(row.end_reason) if row.end_reason else None,
        recorded_on=row.recorded_on,
        superseded_on=row.superseded_on,
    )


def _post(row: Post, names: _Names) -> HeldPost:
    return HeldPost(
        id=row.pk,
        key=row.key,
        unit=row.unit_id,
        unit_key=row.unit.key,
        unit_name=names.on(row.unit_id, row.starts_on),
        kind=PostKind(row.kind),
        title=row.title,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
    )


def _holds(start: date, end: date | None, day: date) -> bool:
    return start <= day and (end is None or end > day)


def namesakes_of(person: Person, people: QuerySet[Person]) -> list[Person]:
    """Others among ``people`` whose name folds alike: perhaps the same person."""
    found = people.filter(folded=person.folded).exclude(pk=person.pk)
    return list(found.order_by("sort_key", "pk")[:20])


def has_sign_in(person: int) -> bool:
    """Whether the person can sign in."""
    return SignIn.objects.filter(person=person).exists()


def counting_units(people: QuerySet[Person], day: date) -> dict[int, tuple[int, str]]:
    """Where each of the persons counts on ``day``: ``{person: (unit, name)}``."""
    rows = Membership.objects.current().filter(held_on(day), person__in=people, tie=Tie.COUNTING)
    units = dict(rows.values_list("person", "unit"))
    states = UnitState.objects.current().filter(held_on(day), unit__in=set(units.values()))
    names = dict(states.values_list("unit", "name"))
    return {person: (unit, names.get(unit, "")) for person, unit in units.items()}
