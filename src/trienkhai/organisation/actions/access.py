"""Sign-ins: which person a user is, for whose office they work, and new passwords."""

import re
import secrets
import unicodedata
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from trienkhai.accounts.models import User
from trienkhai.core.decisions import Invalid, Refused
from trienkhai.ledger.actions import record
from trienkhai.ledger.clock import local_day
from trienkhai.organisation.actions.changes import Change, checked_day, locked_people, locked_units
from trienkhai.organisation.actions.states import held_from
from trienkhai.organisation.models import Delegation, SignIn
from trienkhai.organisation.policies import can_keep_organisation, can_keep_user, can_speak_for_person
from trienkhai.organisation.rules import Actor, Fault, Reason, Role

_USERNAME = re.compile(r"[\w.@+-]{3,60}\Z")


@transaction.atomic
def open_sign_in(
    *,
    username: str,
    password: str,
    actor: Actor,
    at: datetime,
    person: int | None = None,
    office_of: int | None = None,
) -> Change:
    """Make a sign-in for a person, or for somebody who works for a unit's office, or both. ``made``: the user's id.

    Raises:
        Refused: the actor keeps neither everything the person is in nor the office; only the installer makes one for
            nobody.
        Invalid: the name cannot be used, or the person has a sign-in.
    """
    name = unicodedata.normalize("NFKC", username.strip())
    if not _USERNAME.match(name):
        raise Invalid(Fault.USERNAME_INVALID, on="username")
    if User.objects.filter(username__iexact=name).exists():
        raise Invalid(Fault.USERNAME_TAKEN, on="username")
    if person is None and office_of is None and not actor.is_installer:
        raise Refused(Reason.MAY_NOT_KEEP_USER)
    user = User.objects.create_user(name, password)
    entry = record(actor=actor.key, action="organisation.open_sign_in", subject=user.key, detail={"username": name})
    if person is not None:
        _link(user, person, actor=actor, at=at)
    if office_of is not None:
        locked_units([office_of])
        can_keep_organisation(actor, office_of, at=local_day(at)).require()
        Delegation.objects.create(user=user, unit_id=office_of, role=Role.OFFICE.value, starts_on=local_day(at))
    return Change(entry=entry, people=frozenset(), made=(user.pk,))


@transaction.atomic
def link_sign_in(*, user: int, person: int | None, actor: Actor, at: datetime) -> Change:
    """Say which person a user is; ``None``: nobody any more.

    Raises:
        Refused: the actor does not keep the user and everything the person is in, or it is their own sign-in.
        Invalid: the person has another sign-in.
    """
    found = _kept_user(user, actor=actor, at=at)
    _refuse_own(found, actor)
    detail = {"linked": person is not None}
    entry = record(actor=actor.key, action="organisation.link_sign_in", subject=found.key, detail=detail)
    SignIn.objects.filter(user=found).delete()
    if person is not None:
        _link(found, person, actor=actor, at=at)
    return Change(entry=entry)


@transaction.atomic
def delegate(
    *, user: int, unit: int, starts_on: date, actor: Actor, at: datetime, ends_on: date | None = None
) -> Change:
    """Let a user work for a unit's office from a day on. ``made``: the delegation's id.

    Raises:
        Refused: the actor does not keep the unit, or it is their own sign-in.
        Invalid: days out of order, or the user has this already.
    """
    checked_day(starts_on, at=at, on="starts_on")
    if ends_on is not None and ends_on <= starts_on:
        raise Invalid(Fault.ENDS_BEFORE_START, on="ends_on", day=starts_on)
    found = User.objects.select_for_update().get(pk=user)
    _refuse_own(found, actor)
    units = locked_units([unit])
    can_keep_organisation(actor, unit, at=local_day(at)).require()
    before_end = Q(starts_on__lt=ends_on) if ends_on else Q()
    if Delegation.objects.filter(held_from(starts_on), before_end, user=found, unit=unit).exists():
        raise Invalid(Fault.DELEGATED_ALREADY, on="unit")
    detail = {
        "unit": str(units[unit].key),
        "starts_on": starts_on.isoformat(),
        "ends_on": ends_on.isoformat() if ends_on else None,
    }
    entry = record(actor=actor.key, action="organisation.delegate", subject=found.key, detail=detail)
    row = Delegation.objects.create(
        user=found, unit_id=unit, role=Role.OFFICE.value, starts_on=starts_on, ends_on=ends_on
    )
    return Change(entry=entry, made=(row.pk,))


@transaction.atomic
def end_delegation(*, delegation: int, on: date, actor: Actor, at: datetime) -> Change:
    """A user no longer works for the office from ``on`` on.

    Raises:
        Refused: the actor does not keep the unit.
        Delegation.DoesNotExist: there is none.
    """
    row = Delegation.objects.select_for_update().select_related("user", "unit").get(pk=delegation)
    can_keep_organisation(actor, row.unit_id, at=local_day(at)).require()
    if row.ends_on is not None and row.ends_on <= on:
        raise Invalid(Fault.NOTHING_CHANGES)
    detail = {"unit": str(row.unit.key), "on": on.isoformat()}
    entry = record(actor=actor.key, action="organisation.end_delegation", subject=row.user.key, detail=detail)
    if on <= row.starts_on:
        row.delete()
    else:
        row.ends_on = on
        row.save(update_fields=["ends_on"])
    return Change(entry=entry)


@transaction.atomic
def reset_password(*, user: int, password: str, actor: Actor, at: datetime) -> Change:
    """Give a user another password; whoever was signed in with the old one no longer is.

    Raises:
        Refused: the actor does not keep the user, or it is their own: that is changed with the old one.
    """
    found = _kept_user(user, actor=actor, at=at)
    if found.key == actor.key:
        raise Refused(Reason.MAY_NOT_KEEP_USER)
    entry = record(actor=actor.key, action="organisation.reset_password", subject=found.key)
    found.set_password(password)
    found.save(update_fields=["password"])
    return Change(entry=entry)


@transaction.atomic
def set_active(*, user: int, is_active: bool, actor: Actor, at: datetime) -> Change:
    """Stop a sign-in, or let it go on.

    Raises:
        Refused: the actor does not keep the user, or it is their own.
        Invalid: it is so already.
    """
    found = _kept_user(user, actor=actor, at=at)
    if found.key == actor.key:
        raise Refused(Reason.MAY_NOT_KEEP_USER)
    if found.is_active is is_active:
        raise Invalid(Fault.NOTHING_CHANGES)
    verb = "resume_sign_in" if is_active else "stop_sign_in"
    entry = record(actor=actor.key, action=f"organisation.{verb}", subject=found.key)
    found.is_active = is_active
    found.save(update_fields=["is_active"])
    return Change(entry=entry)


def _kept_user(user: int, *, actor: Actor, at: datetime) -> User:
    found = User.objects.select_for_update().get(pk=user)
    can_keep_user(actor, found, at=local_day(at)).require()
    return found


def _refuse_own(user: User, actor: Actor) -> None:
    """Nobody gives themselves rights: an upper office would come to see names, a clerk to read papers."""
    if user.key == actor.key and not actor.is_installer:
        raise Refused(Reason.MAY_NOT_KEEP_USER)


def _link(user: User, person: int, *, actor: Actor, at: datetime) -> None:
    locked_people([person])
    can_speak_for_person(actor, person, at=local_day(at)).require()
    if SignIn.objects.filter(person=person).exists():
        raise Invalid(Fault.PERSON_HAS_SIGN_IN, on="person")
    SignIn.objects.create(user=user, person_id=person)


_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is mistaken for something else on paper
_GROUPS, _GROUP = 3, 4


def fresh_password() -> str:
    """A password nobody can guess, easy to read out and to copy from paper: three groups of four."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _sign in range(_GROUP)) for _group in range(_GROUPS))
