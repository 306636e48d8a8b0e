"""The attack: who said what, from everything that is left after a call has been released.

The attacker has the whole write-ahead log, a snapshot after each submission, all tables after the release, the
holders' passphrases and the data folder. Each way of guessing names a text for each person; by chance one of them is
right in every call, however many people there are.
"""

import bisect
import contextlib
import hashlib
import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, product
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from nacl.public import PrivateKey

from tests.factories.sealed import AT, Holder, OpenRound
from tests.sealed.spying import Spy, dead_and_living, rows_of, run, spy
from trienkhai.sealed import actions, queries
from trienkhai.sealed.actions import Release
from trienkhai.sealed.models import SealedBox, SealedHolder, random_id
from trienkhai.sealed.rules import (
    CannotOpen,
    Mode,
    RoundPlan,
    Submission,
    answer_of,
    open_as_pair,
    proof_of,
    unseal,
    unwrap,
)

PEOPLE = 40
WATCHED = ("sealed_participation", "sealed_sealedbox", "attack_text", "attack_naive", "attack_tally", "attack_turnout")
EXACT = ("words or signs seen when sending", "a key that opens", "written by the same transaction")
TOGETHER = "everything together"
"""One guess for each person: what is certain where something is, else the order of sending and of the texts."""
type Guess = dict[UUID, str]
type Row = tuple[object, ...]


# --- Ways of collecting: ours, and those that must be caught ----------------------------------------------------------


class Scheme:
    """A way of collecting texts from people."""

    name = ""

    def __init__(self, holders: Sequence[Holder] = ()) -> None:
        self.holders = holders

    def asked(self, rng: random.Random, people: int) -> list[UUID]:
        """Who is asked."""
        return [UUID(int=rng.getrandbits(128), version=4) for _ in range(people)]

    def open(self, people: Sequence[UUID]) -> None:
        """Begin."""

    def send(self, person: UUID, text: str) -> None:
        """One person sends one text."""
        raise NotImplementedError

    def release(self) -> None:
        """End, and write the texts."""
        raise NotImplementedError

    def texts(self) -> list[Row]:
        """The released texts as they lie: place, who wrote it, number, text, sign."""
        return rows_of("attack_text")

    def orders(self) -> dict[str, list[str]]:
        """The texts in whatever further orders there are."""
        return {}


class Ours(Scheme):
    """What the program does; texts are written in the order they are given, under counted numbers."""

    name = "sealed boxes"
    proofs: dict[str, str]

    def open(self, people: Sequence[UUID]) -> None:
        """Open the box."""
        plan = RoundPlan(
            owner=UUID(int=1), releasers=[one.owner for one in self.holders], electorate=people, box_bytes=1024
        )
        self.call = OpenRound(actions.open_round(plan=plan, actor=None, at=AT), self.holders, people)
        self.proofs = {}

    def send(self, person: UUID, text: str) -> None:
        """Send one."""
        submission = Submission(Mode.NAMELESS, {"text": text})
        receipt = actions.send(round_key=self.call.key, participant=person, submission=submission, at=AT)
        self.proofs[answer_of(receipt)] = proof_of(receipt)

    def release(self) -> None:
        """Both holders unlock."""
        unlocked = actions.unlock(
            round_key=self.call.key, unlocks=[one.unlock for one in self.holders], actor=None, at=AT
        )
        actions.release(round_key=self.call.key, unlocked=unlocked, write=self.write, actor=None, at=AT)

    def write(self, release: Release) -> None:
        """Store what came out."""
        for text in release.texts:
            store(str(text.content["text"]), self.sign(text.answer))

    def sign(self, answer: str) -> str:
        """What stands beside a text."""
        return answer


class SharedSign(Ours):
    """The same hash of the receipt with the box and with the text."""

    name = "shared receipt hash"

    def sign(self, answer: str) -> str:
        return self.proofs[answer]


class KeyKept(Ours):
    """The key is not destroyed."""

    name = "key kept"

    def release(self) -> None:
        path = queries.open_batch(self.call.sealed_round).key_path
        content = path.read_bytes()
        super().release()
        path.write_bytes(content)


class Unshuffled(Ours):
    """Boxes are numbered as they come, and released by number."""

    name = "counted boxes, not shuffled"

    def open(self, people: Sequence[UUID]) -> None:
        super().open(people)
        self.sent: dict[str, int] = {}

    def send(self, person: UUID, text: str) -> None:
        super().send(person, text)
        self.sent[text] = len(self.sent)

    def write(self, release: Release) -> None:
        for text in sorted(release.texts, key=lambda one: self.sent[str(one.content["text"])]):
            store(str(text.content["text"]), text.answer)


class TwoTables(Scheme):
    """Who has sent in one table, what in another, shuffled at the end: the design everybody thinks of first."""

    name = "naive two tables"

    def send(self, person: UUID, text: str) -> None:
        """One row in each, in one transaction."""
        with transaction.atomic():
            run("INSERT INTO attack_turnout (id, participant) VALUES (%s, %s)", [random_id(), str(person)])
            self.put(text)

    def put(self, text: str) -> None:
        """The text, tied to nobody."""
        run("INSERT INTO attack_naive (id, text) VALUES (%s, %s)", [random_id(), text])

    def release(self) -> None:
        """Shuffle, then forget where it came from."""
        with transaction.atomic():
            texts = [str(row[0]) for row in run("SELECT text FROM attack_naive ORDER BY id")]
            for text in texts:
                store(text, answer_of(text))
            run("DELETE FROM attack_naive")


class Counters(TwoTables):
    """No text is ever written on sending: only the number of those who chose it goes up."""

    name = "counters"

    def prepare(self, texts: Sequence[str]) -> None:
        """The choices there are."""
        for text in texts:
            run("INSERT INTO attack_tally (id, text, votes) VALUES (%s, %s, 0)", [random_id(), text])

    def put(self, text: str) -> None:
        run("UPDATE attack_tally SET votes = votes + 1 WHERE text = %s", [text])

    def release(self) -> None:
        for row in run("SELECT text FROM attack_tally WHERE votes > 0 ORDER BY id"):
            store(str(row[0]), answer_of(str(row[0])))


CONTROLS = (TwoTables, Counters, Unshuffled, SharedSign, KeyKept)


def store(text: str, sign: str) -> None:
    """The released text, in a table that counts its rows."""
    run("INSERT INTO attack_text (text, sign) VALUES (%s, %s)", [text, sign])


def make_tables() -> None:
    """Tables of the app above, and of the controls."""
    counted = "integer PRIMARY KEY AUTOINCREMENT" if connection.vendor == "sqlite" else "bigserial PRIMARY KEY"
    run(f"CREATE TABLE attack_text (id {counted}, text text NOT NULL, sign text NOT NULL)")
    run("CREATE TABLE attack_naive (id bigint PRIMARY KEY, text text NOT NULL)")
    run("CREATE TABLE attack_turnout (id bigint PRIMARY KEY, participant text NOT NULL)")
    run("CREATE TABLE attack_tally (id bigint PRIMARY KEY, text text NOT NULL, votes integer NOT NULL)")
    if connection.vendor == "postgresql":
        run("CREATE EXTENSION IF NOT EXISTS pageinspect")


def drop_tables() -> None:
    """Take them away."""
    for table in ("attack_text", "attack_naive", "attack_turnout", "attack_tally"):
        run(f"DROP TABLE IF EXISTS {table}")


def empty_tables() -> None:
    """Between calls: what one call left must not help to guess another."""
    for table in ("attack_text", "attack_naive", "attack_turnout", "attack_tally"):
        run(f"DELETE FROM {table}")  # noqa: S608 - our own names


# --- One call, watched ------------------------------------------------------------------------------------------------


@dataclass
class Seen:
    """Everything the attacker holds of one call."""

    steps: list[bytes]  # what was written to the log in each submission
    appeared: list[list[tuple[str, Row]]]  # rows that were new or changed after each submission
    texts: list[Row]  # released texts, as they lie
    receipts: list[Row]
    passphrases: Mapping[UUID, str]
    truth: Guess
    orders: dict[str, list[str]]
    dead: list[Row] = field(default_factory=list)


def watch(scheme: Scheme, seed: int, watcher: Spy, people: int = PEOPLE) -> Seen:
    """Play a call of that seed and keep everything an attacker could have kept."""
    rng = random.Random(seed)  # noqa: S311 - a played call, not a secret
    persons = scheme.asked(rng, people)
    truth = {one: f"ý kiến {rng.getrandbits(64):016x} {'x' * rng.randrange(150)}" for one in persons}
    empty_tables()
    scheme.open(persons)
    if isinstance(scheme, Counters):
        scheme.prepare(rng.sample(list(truth.values()), people))
    before = snapshot()
    receipts_before = set(rows_of("sealed_sealedreceipt"))
    dead_before = {row[1] for row in buried()}
    appeared = []
    watcher.begin()
    for person in rng.sample(persons, people):
        scheme.send(person, truth[person])
        watcher.step()
        after = snapshot()
        appeared.append([(table, row) for table in WATCHED for row in after[table] - before[table]])
        before = after
    steps = watcher.read()
    scheme.release()
    return Seen(
        steps=steps,
        appeared=appeared,
        texts=scheme.texts(),
        receipts=[row for row in rows_of("sealed_sealedreceipt") if row not in receipts_before],
        passphrases={one.owner: one.passphrase for one in scheme.holders},
        truth=truth,
        orders=scheme.orders(),
        dead=[row for row in buried() if row[1] not in dead_before],
    )


def snapshot() -> dict[str, set[Row]]:
    """The rows of every table that changes while people send."""
    return {table: {plain(row) for row in rows_of(table)} for table in WATCHED}


def buried() -> list[Row]:
    """Boxes deleted long ago that still lie in their pages (PostgreSQL; in SQLite the log has them)."""
    if connection.vendor == "sqlite":
        return []
    return [plain(row) for row in dead_and_living("sealed_sealedbox")]


def plain(row: Row) -> Row:
    """Values that can be compared."""
    return tuple(bytes(value) if isinstance(value, memoryview | bytearray) else value for value in row)


# --- Guessing ---------------------------------------------------------------------------------------------------------


def guesses(seen: Seen) -> dict[str, Guess]:
    """A text for each person, by every way there is."""
    who = senders(seen)
    boxes = [next((row for table, row in rows if table == "sealed_sealedbox"), None) for rows in seen.appeared]
    found = {
        EXACT[0]: by_what_was_written(seen, who),
        EXACT[1]: by_opening(seen, who, boxes),
        EXACT[2]: by_transaction(seen, who),
    }
    for (one, steps), (other, texts) in product(step_orders(boxes).items(), text_orders(seen).items()):
        if one == "sent" and other in {"words", "length"}:
            continue  # both are the game's own and say nothing of the program
        found[f"{one} : {other}"] = {who[step]: text for step, text in zip(steps, texts, strict=False) if step in who}
    certain = {person: text for way in EXACT for person, text in found[way].items()}
    found[TOGETHER] = found["sent : number"] | certain
    return found


def senders(seen: Seen) -> dict[int, UUID]:
    """Who sent in which step: their key stands in what was written then."""
    found: dict[int, UUID] = {}
    for step, content in enumerate(seen.steps):
        values = b" ".join(encoded(value) for _, row in seen.appeared[step] for value in row)
        for person in seen.truth:
            if person not in found.values() and any(form in content or form in values for form in forms(person)):
                found[step] = person
                break
    return found


def by_what_was_written(seen: Seen, who: Mapping[int, UUID]) -> Guess:
    """A text's words, or what stands beside it, had been written when somebody sent."""
    log = b"".join(seen.steps)
    ends = list(accumulate(len(step) for step in seen.steps))
    known = {encoded(v): step for step, rows in enumerate(seen.appeared) for _, row in rows for v in row[2:]}
    beside = {str(row[3]): row for row in seen.receipts}
    found = {}
    for row in seen.texts:
        text, sign = str(row[3]), str(row[4])
        signs = [text.encode(), sign.encode(), *(encoded(value) for value in beside.get(sign, ())[2:3])]
        for one in signs:
            found_at = log.find(one)
            step = bisect.bisect_right(ends, found_at) if found_at >= 0 else None
            for known_as in (one, *(made(one) for made in HASHES)):
                step = known.get(known_as, step)
            if step is not None and step in who:
                found[who[step]] = text
    return found


HASHES: tuple[Callable[[bytes], bytes], ...] = (
    lambda value: hashlib.sha256(value).hexdigest().encode(),
    lambda value: hashlib.blake2b(value, digest_size=32).hexdigest().encode(),
    lambda value: hashlib.blake2b(value, digest_size=32, person=b"trienkhai box").hexdigest().encode(),
    lambda value: hashlib.blake2b(value, digest_size=32, person=b"trienkhai answer").hexdigest().encode(),
)


def by_opening(seen: Seen, who: Mapping[int, UUID], boxes: Sequence[Row | None]) -> Guess:
    """A key that is left somewhere opens the boxes the snapshots show."""
    first = next((box for box in boxes if box is not None), None)
    if first is None:
        return {}
    for key in keys_left(seen.passphrases):
        if content(first, key) is not None:
            return {
                who[step]: str(content(box, key)) for step, box in enumerate(boxes) if box is not None and step in who
            }
    return {}


def content(box: Row, key: bytes) -> str | None:
    """The text in a box, when the key opens it."""
    sealed = max((value for value in box if isinstance(value, bytes)), key=len)
    try:
        return str(unseal(sealed, PrivateKey(key)).content["text"])
    except CannotOpen:
        return None


def keys_left(passphrases: Mapping[UUID, str]) -> Iterable[bytes]:
    """Everything that could be a key: the holders' own, what they unwrap, and 32 bytes anywhere in small files."""
    pairs = {}
    for holder in SealedHolder.objects.filter(owner__in=passphrases).order_by("id"):
        pairs[holder.key] = unwrap(bytes(holder.wrapped), passphrases[holder.owner])
        yield pairs[holder.key]
        yield bytes(holder.public_key)
    for folder in (Path(settings.TRIENKHAI_CALLS), Path(settings.TRIENKHAI_DATA_FOLDER) / "secrets"):
        for path in sorted(folder.glob("*")):
            kept = path.read_bytes()
            with contextlib.suppress(CannotOpen):
                yield open_as_pair(kept, pairs)
            yield from (kept[at : at + 32] for at in range(max(0, min(len(kept), 200) - 31)))


def by_transaction(seen: Seen, who: Mapping[int, UUID]) -> Guess:
    """A count went up in the same transaction; or a released text was written by it (PostgreSQL says by which)."""
    writers = {str(row[1]): step for step, rows in enumerate(seen.appeared) for _, row in rows if row[1]}
    counted = [
        (step, str(row[3])) for step, rows in enumerate(seen.appeared) for table, row in rows if table == "attack_tally"
    ]
    written = [(writers[str(row[1])], str(row[3])) for row in seen.texts if str(row[1]) in writers]
    return {who[step]: text for step, text in counted + written if step in who}


def step_orders(boxes: Sequence[Row | None]) -> dict[str, list[int]]:
    """The submissions, by whatever could have an order."""
    steps = list(range(len(boxes)))
    orders = {"sent": steps}
    if all(box is not None for box in boxes):
        known = [box for box in boxes if box is not None]
        orders |= {
            "place of the box": sorted(steps, key=lambda step: place(known[step])),
            "number of the box": sorted(steps, key=lambda step: int(str(known[step][2]))),
            "sign of the box": sorted(steps, key=lambda step: str(known[step][3])),
            "bytes of the box": sorted(steps, key=lambda step: encoded(known[step][4])),
        }
    return orders


def text_orders(seen: Seen) -> dict[str, list[str]]:
    """The texts, by whatever could have an order."""
    receipts = {str(row[3]): row for row in seen.receipts}
    rows = seen.texts
    orders = seen.orders | {
        "place": [str(row[3]) for row in rows],
        "number": [str(row[3]) for row in sorted(rows, key=lambda row: int(str(row[2])))],
        "sign": [str(row[3]) for row in sorted(rows, key=lambda row: str(row[4]))],
        "words": sorted(str(row[3]) for row in rows),
        "length": sorted((str(row[3]) for row in rows), key=len),
    }
    if all(str(row[4]) in receipts for row in rows):
        by_place = {str(row[3]): number for number, row in enumerate(seen.receipts)}
        orders["place of the receipt"] = [str(row[3]) for row in sorted(rows, key=lambda row: by_place[str(row[4])])]
        orders["number of the receipt"] = [
            str(row[3]) for row in sorted(rows, key=lambda row: int(str(receipts[str(row[4])][2])))
        ]
    return orders


def place(row: Row) -> tuple[int, ...]:
    """Where a row lies: SQLite's row number, PostgreSQL's block and place in it."""
    return tuple(int(part) for part in str(row[0]).strip("()").split(","))


def forms(person: UUID) -> tuple[bytes, ...]:
    """How a database writes a key."""
    return person.bytes, person.hex.encode(), str(person).encode()


def encoded(value: object) -> bytes:
    """The bytes of a value as a database writes it."""
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    if isinstance(value, int):
        return value.to_bytes(8, "little", signed=True)
    return value.bytes if isinstance(value, UUID) else str(value).encode()


# --- Counting ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Result:
    """Matches by each way of guessing, over so many calls."""

    calls: int
    people: int
    matches: Counter[str]

    @property
    def chance(self) -> float:
        """What guessing at random finds: one a call."""
        return float(self.calls)

    @property
    def bound(self) -> float:
        """Chance and three times its deviation: a call's variance is one."""
        return self.calls + 3 * math.sqrt(self.calls)

    @property
    def beyond(self) -> dict[str, int]:
        """Ways that found more than chance allows."""
        return {way: found for way, found in self.matches.items() if found > self.bound}


def attack(scheme: Scheme, seeds: Iterable[int], people: int = PEOPLE) -> Result:
    """Play a call for each seed, guess in every way, and count who was found."""
    matches: Counter[str] = Counter()
    calls = 0
    watcher = spy()
    try:
        for seed in seeds:
            seen = watch(scheme, seed, watcher, people)
            calls += 1
            for way, guess in guesses(seen).items():
                matches[way] += sum(seen.truth[person] == text for person, text in guess.items())
            forget()
    finally:
        watcher.end()
    return Result(calls, people, matches)


def repeated(scheme: Scheme, first: Result, seeds: Iterable[int]) -> dict[str, int]:
    """Ways that go beyond chance a second time too: three deviations are passed by chance once in five hundred."""
    if not first.beyond:
        return {}
    second = attack(scheme, seeds, first.people)
    return {way: found for way, found in second.beyond.items() if way in first.beyond}


def forget() -> None:
    """Remove what a call has left, so that the next one is as quick."""
    for path in Path(settings.TRIENKHAI_CALLS).glob("*.key"):
        path.unlink()
    SealedBox.objects.all().delete()
    for table in ("keptname", "sealedreceipt", "participation", "elector"):
        run(f"DELETE FROM sealed_{table}")  # noqa: S608 - our own names
    if connection.vendor == "postgresql":
        run("VACUUM sealed_sealedbox, sealed_participation, sealed_sealedreceipt, sealed_elector, attack_text")
