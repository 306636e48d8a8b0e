"""The attack on sealed boxes (tests/sealed) on what comments make of them: who wrote which comment stays unknown."""

import random
from collections.abc import Iterator, Sequence
from uuid import UUID

import pytest
from django.db import connection

from tests.factories.comments import AT, FREE, PASSPHRASE, SealedCall, make_sealed
from tests.factories.organisation import Ward, make_ward
from tests.factories.sealed import Holder
from tests.sealed import attacking
from tests.sealed.attacking import EXACT, Row, Scheme
from tests.sealed.spying import run
from trienkhai.comments import actions
from trienkhai.comments.actions import Letter
from trienkhai.comments.models import DrawnCode
from trienkhai.comments.queries.subjects import GENERAL
from trienkhai.comments.rules import Addressed, Promise, Said
from trienkhai.organisation.models import Person
from trienkhai.organisation.rules import SYSTEM
from trienkhai.sealed.rules import Below

pytestmark = pytest.mark.django_db(transaction=True)
CALLS, PEOPLE = 12, 40


class Comments(Scheme):
    """A call of the ward for comments without a name, through the actions behind the pages."""

    name = "comments"

    def __init__(self, ward: Ward) -> None:
        super().__init__()
        self.ward = ward
        self.people = {person.key: person.pk for person in Person.objects.filter(pk__in=sum(ward.members, ()))}
        self.call: SealedCall

    def asked(self, rng: random.Random, people: int) -> list[UUID]:
        return rng.sample(sorted(self.people), people)

    def open(self, people: Sequence[UUID]) -> None:
        assert set(people) == set(self.people)
        self.call = make_sealed(self.ward)
        self.holders = [Holder(key, PASSPHRASE.format(key)) for key in self.call.releasers + self.call.keepers]

    def send(self, person: UUID, text: str) -> None:
        self.call.send(self.people[person], text)

    def release(self) -> None:
        self.call.release()

    def texts(self) -> list[Row]:
        seen = "p.rowid, ''" if connection.vendor == "sqlite" else "p.ctid::text, p.xmin::text"
        return self.rows(f"{seen}, p.id, p.text, s.answer", "p.id")

    def orders(self) -> dict[str, list[str]]:
        columns = ("s.id", "s.key", "g.id", "g.key", "p.key")
        return {column: [str(row[0]) for row in self.rows("p.text", column)] for column in columns}

    def rows(self, what: str, order: str) -> list[Row]:
        return run(
            f"SELECT {what} FROM comments_point p JOIN comments_submission s ON s.id = p.submission_id"  # noqa: S608
            f" JOIN comments_group g ON g.id = p.group_id WHERE s.call_id = %s ORDER BY {order}",
            [self.call.call.pk],
        )


class Residents(Comments):
    """The same for residents; the attacker even knows who drew which code."""

    name = "residents"

    def asked(self, rng: random.Random, people: int) -> list[UUID]:
        told = {"addressed": Addressed.RESIDENTS, "codes": people}
        promises = frozenset({Promise.NAMED, Promise.WITHOUT_A_NAME})
        self.call = make_sealed(self.ward, promises=promises, **told)
        self.holders = [Holder(key, PASSPHRASE.format(key)) for key in self.call.releasers]
        drawn = actions.draw_codes(call=self.call.call, sheet=0, actor=SYSTEM, at=AT)
        places = DrawnCode.objects.filter(call=self.call.call).order_by("pk").values_list("key", flat=True)
        self.codes = dict(zip(places, drawn, strict=True))
        return rng.sample(sorted(self.codes), people)

    def open(self, people: Sequence[UUID]) -> None:
        assert set(people) == set(self.codes)

    def send(self, person: UUID, text: str) -> None:
        letter = Letter(Promise.WITHOUT_A_NAME, [Said(FREE, text)], {FREE: GENERAL}, Below.RELEASE)
        actions.send_by_code(code=self.codes[person], letter=letter, at=AT)


@pytest.fixture
def ward() -> Iterator[Ward]:
    attacking.make_tables()
    yield make_ward(cells=4, members=PEOPLE // 4)
    attacking.drop_tables()


@pytest.mark.parametrize("kind", [Comments, Residents], ids=["members", "residents"])
def test_matches_stay_within_chance(ward: Ward, kind: type[Comments]) -> None:
    scheme = kind(ward)
    result = attacking.attack(scheme, range(CALLS), PEOPLE)
    assert {way: result.matches[way] for way in EXACT} == dict.fromkeys(EXACT, 0)
    assert len(result.matches) >= 60
    assert attacking.repeated(scheme, result, range(CALLS, 2 * CALLS)) == {}
