"""Who may act for a unit, see its names, and keep the organisation.

Rights follow the tree on the day. A unit that is not open that day is treated as on its nearest day: its last one when
it has been closed, its first one when it has not begun.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL

from trienkhai.accounts.models import User
from trienkhai.core.decisions import ALLOW, Decision
from trienkhai.core.sql import fetched, listed
from trienkhai.ledger.models import Entry
from trienkhai.organisation.models import Delegation, Membership, Person, Post, Unit, held_on
from trienkhai.organisation.rules import Actor, Reason, Role, UnitKind


def can_run(actor: Actor, unit_id: int, *, at: date) -> Decision:
    """Whether the actor may act for the unit: its office or one above it, its secretary and deputies, the installer."""
    is_own = actor.is_installer or unit_id in actor.units(Role.SECRETARY)
    may = is_own or _lies_in(_below(actor.units(Role.OFFICE), at), unit_id)
    return ALLOW if may else Decision(Reason.MAY_NOT_RUN)


def can_see_names(actor: Actor, unit_id: int, *, at: date) -> Decision:
    """Whether the actor may see the names of the unit's people.

    Its own secretary and deputies, its own office, and offices above up to the nearest base committee; an upper
    unit's office sees counts only.
    """
    is_own = actor.is_installer or unit_id in actor.units(Role.OFFICE, Role.SECRETARY)
    may = is_own or _lies_in(_below_lower(actor.units(Role.OFFICE), at), unit_id)
    return ALLOW if may else Decision(Reason.MAY_NOT_SEE_NAMES)


def can_keep_organisation(actor: Actor, unit_id: int, *, at: date) -> Decision:
    """Whether the actor may change the unit and what is in it: its office or one above it, the installer."""
    may = actor.is_installer or _lies_in(_below(actor.units(Role.OFFICE), at), unit_id)
    return ALLOW if may else Decision(Reason.MAY_NOT_KEEP)


def covers(actor: Actor, unit_id: int, *, at: date) -> bool:
    """Whether the unit is one of :func:`covered_units`."""
    own = actor.units(Role.OFFICE, Role.SECRETARY, Role.MEMBER)
    return actor.is_installer or _lies_in(_below(own, at), unit_id)


def visible_units(actor: Actor, *, at: date) -> QuerySet[Unit]:
    """Units the actor may know of: their own, everything below, and the units above; never siblings."""
    if actor.is_installer:
        return Unit.objects.all()
    own = actor.units(Role.OFFICE, Role.SECRETARY, Role.MEMBER)
    return _units(_below(own, at), _above(own, at))


def covered_units(actor: Actor, *, at: date) -> QuerySet[Unit]:
    """Units the actor sees with everything below them: their own and what lies below those."""
    if actor.is_installer:
        return Unit.objects.all()
    return _units(_below(actor.units(Role.OFFICE, Role.SECRETARY, Role.MEMBER), at))


def runnable_units(actor: Actor, *, at: date) -> QuerySet[Unit]:
    """Units for which :func:`can_run` holds."""
    if actor.is_installer:
        return Unit.objects.all()
    return _units(_below(actor.units(Role.OFFICE), at), _themselves(actor.units(Role.SECRETARY)))


def kept_units(actor: Actor, *, at: date) -> QuerySet[Unit]:
    """Units for which :func:`can_keep_organisation` holds."""
    if actor.is_installer:
        return Unit.objects.all()
    return _units(_below(actor.units(Role.OFFICE), at))


def named_units(actor: Actor, *, at: date) -> QuerySet[Unit]:
    """Units for which :func:`can_see_names` holds.

    Levels descend strictly (``may_hang_under``): whatever office is not an upper unit's lies in or below one base
    committee, so "up to the nearest base committee" is "any office above that is not an upper unit's".
    """
    if actor.is_installer:
        return Unit.objects.all()
    own = actor.units(Role.OFFICE, Role.SECRETARY)
    return _units(_themselves(own), _below_lower(actor.units(Role.OFFICE), at))


def visible_people(actor: Actor, *, at: date) -> QuerySet[Person]:
    """People of units whose names the actor may see, and oneself.

    A person belongs to the units of the ties and posts held on the day; somebody who has none then, to the units of
    their last ties (so that those who have died or left are still found where they were).
    """
    people = Person.objects.filter(merged_into__isnull=True)
    if actor.is_installer:
        return people
    named = list(named_units(actor, at=at).values_list("pk", flat=True))
    return people.filter(Q(pk=actor.person_id or 0) | (Q(pk__in=_belonging(named, at)) if named else Q()))


def can_see_person(actor: Actor, person_id: int, *, at: date) -> Decision:
    """Whether the actor may see the person's page."""
    if actor.is_installer or person_id == actor.person_id:
        return ALLOW
    found = named_units(actor, at=at).filter(pk__in=_units_of_person(person_id, at)).exists()
    return ALLOW if found else Decision(Reason.MAY_NOT_SEE_NAMES)


def can_keep_person(actor: Actor, person_id: int, *, at: date) -> Decision:
    """Whether the actor may change the person's particulars, ties and posts: the office of a unit they belong to."""
    if actor.is_installer:
        return ALLOW
    found = kept_units(actor, at=at).filter(pk__in=_units_of_person(person_id, at)).exists()
    return ALLOW if found else Decision(Reason.MAY_NOT_KEEP)


def can_speak_for_person(actor: Actor, person_id: int, *, at: date) -> Decision:
    """Whether the actor may say who signs in as the person: as :func:`can_keep_person`, and nothing lies outside.

    Whoever signs in as a person has the rights of all their posts and ties: an office gives none it does not have.
    """
    decision = can_keep_person(actor, person_id, at=at)
    if not decision or actor.is_installer:
        return decision
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gt=at)
    return _all_kept(actor, _units_in_facts(lasting, person=person_id), at=at)


def can_drop_person(actor: Actor, person_id: int, *, at: date) -> Decision:
    """Whether the actor may say that the person is somebody else: everything ever recorded of them lies under it."""
    decision = can_keep_person(actor, person_id, at=at)
    if not decision or actor.is_installer:
        return decision
    return _all_kept(actor, _units_in_facts(person=person_id), at=at)


def _all_kept(actor: Actor, units: set[int], *, at: date) -> Decision:
    is_inside = kept_units(actor, at=at).filter(pk__in=units).count() == len(units)
    return ALLOW if is_inside else Decision(Reason.MAY_NOT_KEEP_USER)


def _units_in_facts(*conditions: Q, **lookups: object) -> set[int]:
    """Units of the ties and posts known now that fulfil the conditions."""
    found: set[int] = set()
    for model in (Membership, Post):
        found.update(model.objects.current().filter(*conditions, **lookups).values_list("unit", flat=True))
    return found


UNDOABLE = frozenset(
    f"organisation.{verb}"
    for verb in (
        "add_membership",
        "add_person",
        "change_membership",
        "change_unit_kind",
        "correct_person",
        "correct_unit",
        "end_membership",
        "end_post",
        "give_post",
        "merge_duplicate",
        "merge_units",
        "move_person",
        "move_unit",
        "open_unit",
        "rename_unit",
        "split_unit",
        "withdraw_post",
    )
)
"""What can be taken back on the day it was done; access, bodies and lists cannot."""


def can_undo(actor: Actor, entry: Entry, *, at: date) -> Decision:
    """Whether the actor may take back what an entry did: their own, of the same day, of a sort that can be."""
    if entry.action not in UNDOABLE or entry.recorded_on != at:
        return Decision(Reason.UNDO_TOO_LATE)
    is_own = entry.actor == actor.key and actor.key is not None
    return ALLOW if is_own or actor.is_installer else Decision(Reason.MAY_NOT_KEEP)


def can_keep_user(actor: Actor, user: User, *, at: date) -> Decision:
    """Whether the actor may change a sign-in: an office everything of whose reach lies under its own."""
    if actor.is_installer:
        return ALLOW
    if user.is_superuser or not actor.units(Role.OFFICE):
        return Decision(Reason.MAY_NOT_KEEP_USER)
    reach = units_of_user(user, at=at)
    inside = reach and kept_units(actor, at=at).filter(pk__in=reach).count() == len(reach)
    return ALLOW if inside else Decision(Reason.MAY_NOT_KEEP_USER)


def visible_users(actor: Actor, *, at: date) -> QuerySet[User]:
    """Sign-ins the office keeps or shares a unit with: delegates, and people it sees by name, of the units it keeps."""
    users = User.objects.all()
    if actor.is_installer:
        return users
    kept = kept_units(actor, at=at).values("pk")
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gt=at)
    delegated = Delegation.objects.filter(lasting, unit__in=kept).values("user")
    named = kept_units(actor, at=at).filter(pk__in=named_units(actor, at=at).values("pk")).values("pk")
    ties = Membership.objects.current().filter(lasting, unit__in=named).values("person")
    posts = Post.objects.current().filter(lasting, unit__in=named).values("person")
    by_person = Q(sign_in__person__in=ties) | Q(sign_in__person__in=posts)
    return users.filter(Q(pk__in=delegated) | by_person, is_superuser=False)


def units_of_user(user: User, *, at: date) -> set[int]:
    """Every unit the user acts for, or will: by delegation, post or membership not yet ended."""
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gt=at)
    delegated = set(Delegation.objects.filter(lasting, user=user).values_list("unit", flat=True))
    return delegated | _units_in_facts(lasting, person__sign_in__user=user)


def _units_of_person(person_id: int, at: date) -> set[int]:
    """The units a person belongs to on the day: of ties and posts held, else of the last tie."""
    ties = Membership.objects.current().filter(person=person_id)
    units = set(ties.filter(held_on(at)).values_list("unit", flat=True))
    if not units:
        units.update(ties.order_by(*_LATEST_FIRST).values_list("unit", flat=True)[:1])
    posts = Post.objects.current().filter(held_on(at), person=person_id)
    return units | set(posts.values_list("unit", flat=True))


_LATEST_FIRST = (F("ends_on").desc(nulls_first=True), "-starts_on", "-pk")


_BELONGING = """
    SELECT held.person_id FROM organisation_membership held
    WHERE held.unit_id IN ({units}) AND held.superseded_seq IS NULL
      AND held.starts_on <= %s AND (held.ends_on IS NULL OR held.ends_on > %s)
    UNION ALL
    SELECT post.person_id FROM organisation_post post
    WHERE post.unit_id IN ({units}) AND post.superseded_seq IS NULL
      AND post.starts_on <= %s AND (post.ends_on IS NULL OR post.ends_on > %s)
    UNION ALL
    SELECT last.person_id FROM organisation_membership last
    WHERE last.unit_id IN ({units}) AND last.superseded_seq IS NULL AND (last.starts_on > %s OR last.ends_on <= %s)
      AND NOT EXISTS (
        SELECT 1 FROM organisation_membership held
        WHERE held.person_id = last.person_id AND held.superseded_seq IS NULL
          AND held.starts_on <= %s AND (held.ends_on IS NULL OR held.ends_on > %s))
      AND last.id = (
        SELECT latest.id FROM organisation_membership latest
        WHERE latest.person_id = last.person_id AND latest.superseded_seq IS NULL
        ORDER BY latest.ends_on DESC NULLS FIRST, latest.starts_on DESC, latest.id DESC LIMIT 1)
"""


def _belonging(units: Collection[int], at: date) -> RawSQL:
    """Persons for whom :func:`_units_of_person` gives one of ``units``, for ``pk__in``; there is at least one unit."""
    return RawSQL(_BELONGING.format(units=listed(units)), [at.isoformat()] * 8)  # noqa: S611 - our own words and whole numbers


# The paths that decide about rights on a day: those that hold, and of closed or coming units the nearest ones. Written
# as SQL because every page asks several times, and putting the conditions together costs more than answering them.
_DECIDING = """
    SELECT deciding.{wanted} FROM figures_path deciding
    WHERE deciding.{given} IN ({units}) AND deciding.superseded_seq IS NULL AND (
        (deciding.starts_on <= %s AND deciding.ends_on > %s)
        OR (deciding.ends_on <= %s AND NOT EXISTS (
            SELECT 1 FROM organisation_unitstate later
            WHERE later.unit_id = deciding.descendant AND later.superseded_seq IS NULL
              AND (later.ends_on IS NULL OR later.ends_on > deciding.ends_on)))
        OR (deciding.starts_on > %s AND NOT EXISTS (
            SELECT 1 FROM organisation_unitstate earlier
            WHERE earlier.unit_id = deciding.descendant AND earlier.superseded_seq IS NULL
              AND earlier.starts_on < deciding.starts_on)))
"""


# States that make a unit an upper one on the day, with the same reading of units not open then.
_UPPER = """
    SELECT upper.unit_id FROM organisation_unitstate upper
    WHERE upper.unit_id IN ({units}) AND upper.kind = '{kind}' AND upper.superseded_seq IS NULL AND (
        (upper.starts_on <= %s AND (upper.ends_on IS NULL OR upper.ends_on > %s))
        OR (upper.ends_on <= %s AND NOT EXISTS (
            SELECT 1 FROM organisation_unitstate later
            WHERE later.unit_id = upper.unit_id AND later.superseded_seq IS NULL
              AND (later.ends_on IS NULL OR later.ends_on > upper.ends_on)))
        OR (upper.starts_on > %s AND NOT EXISTS (
            SELECT 1 FROM organisation_unitstate earlier
            WHERE earlier.unit_id = upper.unit_id AND earlier.superseded_seq IS NULL
              AND earlier.starts_on < upper.starts_on)))
"""


@dataclass(frozen=True)
class _Keys:
    """A statement that gives keys of units; an empty one gives none."""

    statement: str = ""
    values: tuple[str, ...] = ()


def _units(*keys: _Keys) -> QuerySet[Unit]:
    """The units with any of these keys.

    One list of all: of several, one or the other, PostgreSQL would read the whole of each to find a single unit.
    """
    asked = [each for each in keys if each.statement]
    if not asked:
        return Unit.objects.filter(pk__in=())
    statement, values = " UNION ALL ".join(each.statement for each in asked), [v for each in asked for v in each.values]
    return Unit.objects.filter(pk__in=RawSQL(statement, values))  # noqa: S611 - our own words and whole numbers


def _themselves(units: frozenset[int]) -> _Keys:
    return _Keys(f"SELECT own.id FROM organisation_unit own WHERE own.id IN ({listed(units)})") if units else _Keys()  # noqa: S608


def _below(units: frozenset[int], at: date) -> _Keys:
    """The keys in or below ``units``."""
    return _deciding("descendant", "ancestor", units, at)


def _below_lower(units: frozenset[int], at: date) -> _Keys:
    """The keys in or below those of ``units`` that are not upper ones."""
    if not units:
        return _Keys()
    upper = _UPPER.format(units=listed(units), kind=UnitKind.UPPER)
    own = _themselves(units).statement
    below = _DECIDING.format(wanted="descendant", given="ancestor", units=f"{own} AND own.id NOT IN ({upper})")
    return _Keys(below, (at.isoformat(),) * 8)


def _lies_in(below: _Keys, unit_id: int) -> bool:
    """Whether the unit is one of the keys in or below some units."""
    one = f"{below.statement} AND deciding.descendant = {unit_id:d} LIMIT 1"
    return bool(below.statement and fetched(one, below.values))


def _above(units: frozenset[int], at: date) -> _Keys:
    """The keys ``units`` lie in, themselves included."""
    return _deciding("ancestor", "descendant", units, at)


def _deciding(wanted: str, given: str, units: frozenset[int], at: date) -> _Keys:
    if not units:
        return _Keys()
    return _Keys(_DECIDING.format(wanted=wanted, given=given, units=listed(units)), (at.isoformat(),) * 4)
