"""The ward while its year is played: its units, people, sign-ins and roll-out, found by the names files give them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings

from trienkhai.accounts.models import User
from trienkhai.directives.models import Directive
from trienkhai.ledger.clock import local_day
from trienkhai.meetings.models import Meeting
from trienkhai.organisation.models import Membership, Person, Unit, UnitState
from trienkhai.organisation.queries import actor_for
from trienkhai.organisation.rules import Actor
from trienkhai.rollouts.models import Obligation, Rollout
from trienkhai.rollouts.queries import obligations
from trienkhai.rollouts.rules import StepKind
from trienkhai.simulation.hoalac.reading import Birth

PROVINCE = "Đảng bộ tỉnh Quảng Ninh"
CITY = "Đảng bộ thành phố Móng Cái"
WARD = "Đảng bộ phường Hoà Lạc"
CELL_5 = "Chi bộ Khu 5"
CLERK, SECRETARY, MEMBER, CITY_CLERK = "vanphong", "bithu-khu5", "nguyet", "thanhuy"
KEEPER, REVIEWER = "bithu-khu2", "thinh"


@dataclass(frozen=True)
class Event:
    """Something done at a moment: what it needs is the moment alone."""

    at: datetime
    do: Callable[[datetime], object]


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """An hour of a day in the installation's time zone."""
    return datetime.combine(day, time(hour, minute), ZoneInfo(settings.TIME_ZONE))


@dataclass
class Ward:
    """What has come to be so far."""

    users: dict[str, User] = field(default_factory=dict)
    directives: dict[str, Directive] = field(default_factory=dict)
    meetings: dict[int, Meeting] = field(default_factory=dict)
    _units: dict[str, Unit] = field(default_factory=dict)
    _rollout: Rollout | None = None

    @property
    def rollout(self) -> Rollout:
        """The roll-out of 2012, once it has been opened."""
        if self._rollout is None:
            raise LookupError("rollout")
        return self._rollout

    @rollout.setter
    def rollout(self, opened: Rollout) -> None:
        self._rollout = opened

    def unit(self, name: str) -> Unit:
        """A unit by its name."""
        if name not in self._units:
            for state in UnitState.objects.current().select_related("unit"):
                self._units[state.name] = state.unit
        return self._units[name]

    def unit_id(self, name: str) -> int | None:
        """A unit's id when the name is one's, as a measure's lead may be."""
        return self.unit(name).pk if self._has(name) else None

    def _has(self, name: str) -> bool:
        return UnitState.objects.current().filter(name=name).exists()

    def actor(self, username: str, at: datetime) -> Actor:
        """Somebody who has signed in."""
        return actor_for(self.users[username], on=local_day(at))

    def clerk(self, at: datetime) -> Actor:
        """The ward's office."""
        return self.actor(CLERK, at)

    def person(self, name: str, birth: Birth, unit: str) -> int:
        """Somebody by name, birth and unit.

        Raises:
            LookupError: nobody, or more than one, is called so.
        """
        tied = Membership.objects.current().filter(unit=self.unit(unit)).values("person")
        found = [person.pk for person in Person.objects.filter(full_name=name, pk__in=tied) if born(person) == birth]
        if len(found) != 1:
            raise LookupError(name, birth, unit)
        return found[0]

    def people_of(self, unit: str) -> dict[tuple[str, Birth], int]:
        """Everybody who was ever in a unit, by name and birth."""
        tied = Membership.objects.current().filter(unit=self.unit(unit)).values("person")
        return {(person.full_name, born(person)): person.pk for person in Person.objects.filter(pk__in=tied)}

    def paper_of(self, person: int) -> Obligation:
        """What somebody owes in writing."""
        return obligations(rollout=self.rollout, step=StepKind.PAPER, people=[person])[person]


def born(person: Person) -> Birth:
    """The birth as far as it is known."""
    return tuple(part for part in (person.birth_year, person.birth_month, person.birth_day) if part is not None)
