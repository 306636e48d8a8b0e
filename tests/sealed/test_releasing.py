import os
import threading
from collections import Counter
from uuid import uuid4

import pytest
from django.db import DatabaseError, connections, transaction

from tests.factories.sealed import AT, OpenRound, open_round
from trienkhai.core.decisions import Invalid, Refused
from trienkhai.ledger.models import Entry
from trienkhai.sealed import actions, queries
from trienkhai.sealed.actions import Release
from trienkhai.sealed.models import Participation, SealedBatch, SealedBox, SealedHolder, SealedReceipt, SealedRound
from trienkhai.sealed.rules import (
    Below,
    Counts,
    Fate,
    KeyState,
    Mode,
    SealedError,
    Submission,
    Unlock,
    new_pair,
    new_receipt,
    wrap_for_pairs,
)

pytestmark = pytest.mark.django_db(transaction=True)


def texts(release: Release) -> Counter[str]:
    return Counter(str(text.content.get("text")) for text in release.texts)


def state(call: OpenRound) -> KeyState:
    return queries.key_state(queries.round_by_key(call.key))


def test_everything_sent_comes_out_once_and_nothing_else_is_left() -> None:
    call = open_round()
    path = queries.open_batch(call.sealed_round).key_path
    sent = [call.send(person, f"ý kiến {number}") for number, person in enumerate(call.people)]
    assert len(set(sent)) == len(call.people)
    assert os.name == "nt" or path.stat().st_mode & 0o777 == 0o600
    done = call.release()
    assert call.releases == [done]
    assert texts(done) == Counter(f"ý kiến {number}" for number in range(12))
    assert all((text.mode, text.author, text.kept_name) == (Mode.NAMELESS, "", None) for text in done.texts)
    assert not SealedBox.objects.exists()
    assert not path.exists()
    assert state(call) is KeyState.DESTROYED
    assert list(Entry.objects.order_by("seq").values_list("action", "count"))[-2:] == [
        ("sealed.opened", 1),
        ("sealed.released", 12),
    ]
    with pytest.raises(Refused, match=SealedError.ROUND_CLOSED):
        call.release()


def test_what_comes_out_is_in_no_order() -> None:
    orders = set()
    for _ in range(3):
        call = open_round()
        for number, person in enumerate(call.people):
            call.send(person, str(number))
        orders.add(tuple(str(text.content["text"]) for text in call.release().texts))
    assert len(orders | {tuple(str(number) for number in range(12))}) == 4


def test_each_mode_comes_out_with_what_it_promised() -> None:
    call = open_round(keepers=3)
    modes = [Mode.NAMED, Mode.KEPT, Mode.NOTHING, *[Mode.NAMELESS] * 5]
    receipts = [
        call.send(person, "" if mode is Mode.NOTHING else f"{mode}", mode)
        for mode, person in zip(modes, call.people, strict=False)
    ]
    done = call.release()
    assert done.counts == Counts(sent=8, named=1, kept=1, nameless=5, nothing=1)
    assert queries.status(call.key).counts == done.counts
    by_mode = {text.mode: text for text in done.texts}
    assert by_mode[Mode.NAMED].author == str(call.people[0])
    assert by_mode[Mode.KEPT].author == by_mode[Mode.NAMELESS].author == ""
    assert by_mode[Mode.KEPT].kept_name is not None
    assert Mode.NOTHING not in by_mode
    found = [queries.receipt(receipt) for receipt in receipts]
    assert [one.fate if one else None for one in found] == [
        Fate.RELEASED,
        Fate.RELEASED,
        Fate.NO_COMMENT,
        *[Fate.RELEASED] * 5,
    ]
    assert found[0] is not None
    assert found[0].answer == by_mode[Mode.NAMED].answer
    assert found[1] is not None
    assert found[1].kept_name == by_mode[Mode.KEPT].kept_name
    assert queries.receipt("A" * 16) is None


def test_below_the_threshold_each_author_has_chosen() -> None:
    call = open_round()
    chosen = [Below.RELEASE, Below.DESTROY, Below.RELEASE, Below.DESTROY]
    receipts = [call.send(call.people[n], f"{below} {n}", below=below) for n, below in enumerate(chosen)]
    done = call.release()
    assert texts(done) == Counter({"release 0": 1, "release 2": 1})
    assert done.counts == Counts(sent=4, nameless=4, destroyed=2)
    found = [queries.receipt(receipt) for receipt in receipts]
    assert [one.fate if one else None for one in found] == [
        Fate.DESTROYED if below is Below.DESTROY else Fate.RELEASED for below in chosen
    ]


def test_a_receipt_used_before_holds_up_nobody() -> None:
    receipt = new_receipt()
    calls = [open_round(keepers=3) for _ in range(2)]
    for call, text in zip(calls, ("trước", "sau"), strict=True):
        for person, mode in zip(call.people, (Mode.NAMED, Mode.KEPT), strict=False):
            call.send(person, "khác", mode)
        actions.send(
            round_key=call.key,
            participant=call.people[3],
            submission=Submission(Mode.NAMED, {"text": text}, "ai đó"),
            at=AT,
            receipt=receipt,
        )
        assert texts(call.release()) == Counter({"khác": 2, text: 1})
        assert sum(one.kept_name is not None for one in call.releases[0].texts) == 1
    found = queries.receipt(receipt)
    assert found is not None
    assert found.round_key == calls[0].key


def test_an_empty_box_is_released() -> None:
    done = open_round().release()
    assert (done.texts, done.counts) == ((), Counts())


def test_a_damaged_box_does_not_hold_up_the_others() -> None:
    call = open_round()
    for person in call.people[:6]:
        call.send(person, "x")
    box = SealedBox.objects.order_by("id").first()
    assert box is not None
    SealedBox.objects.filter(pk=box.pk).update(content=bytes(box.content)[:-1] + b"\0")
    assert call.release().counts == Counts(sent=6, nameless=5, unreadable=1)


@pytest.mark.parametrize("who", ["one", "the same twice", "a stranger", "wrong passphrase"])
def test_two_holders_are_needed(who: str) -> None:
    call = open_round(keepers=3)
    call.send(call.people[0], "x")
    first, second = (holder.unlock for holder in call.releasers)
    unlocks = {
        "one": [first],
        "the same twice": [first, first],
        "a stranger": [first, call.keepers[0].unlock],
        "wrong passphrase": [first, Unlock(second.holder, "không phải mật khẩu")],
    }[who]
    with pytest.raises((Refused, Invalid)) as error:
        actions.unlock(round_key=call.key, unlocks=unlocks, actor=None, at=AT)
    assert error.value.code in {SealedError.TWO_NEEDED, SealedError.NOT_A_HOLDER, SealedError.PASSPHRASE_WRONG}
    assert state(call) is KeyState.PRESENT


def test_a_key_of_another_box_opens_nothing() -> None:
    call, other = open_round(), open_round()
    with pytest.raises(Refused, match=SealedError.BATCH_CHANGED):
        actions.release(
            round_key=call.key,
            unlocked=actions.unlock(
                round_key=other.key, unlocks=[one.unlock for one in other.releasers], actor=None, at=AT
            ),
            write=call.releases.append,
            actor=None,
            at=AT,
        )
    path = queries.open_batch(call.sealed_round).key_path
    path.write_bytes(queries.open_batch(other.sealed_round).key_path.read_bytes())
    with pytest.raises(Refused, match=SealedError.KEY_LOST):
        call.release()
    holders = SealedHolder.objects.filter(owner__in=[one.owner for one in call.releasers])
    path.write_bytes(wrap_for_pairs(new_pair()[0], {one.key: bytes(one.public_key) for one in holders}))
    with pytest.raises(Refused, match=SealedError.KEY_LOST):
        call.release()


def test_what_the_writer_refuses_undoes_everything() -> None:
    call = open_round()
    call.send(call.people[0], "x", below=Below.RELEASE)
    unlocked = actions.unlock(round_key=call.key, unlocks=[one.unlock for one in call.releasers], actor=None, at=AT)

    def write(release: Release) -> None:
        raise DatabaseError(str(release.number))

    with pytest.raises(DatabaseError):
        actions.release(round_key=call.key, unlocked=unlocked, write=write, actor=None, at=AT)
    assert state(call) is KeyState.PRESENT
    assert not SealedReceipt.objects.exists()
    assert texts(call.release()) == Counter({"x": 1})


def test_a_batch_is_released_and_the_box_goes_on_under_another_key() -> None:
    call = open_round(people=20)
    for person in call.people[:9]:
        call.send(person, "đợt một")
    with pytest.raises(Refused, match=SealedError.BATCH_SMALL):
        call.release(closes=False)
    call.send(call.people[9], "đợt một")
    first = queries.open_batch(call.sealed_round)
    assert texts(call.release(closes=False)) == Counter({"đợt một": 10})
    assert not first.has_key
    second = queries.open_batch(queries.round_by_key(call.key))
    assert (second.number, second.has_key) == (2, True)
    assert bytes(second.public_key) != bytes(first.public_key)
    with pytest.raises(Refused, match=SealedError.ALREADY_SENT):
        call.send(call.people[0], "hai lần")
    for person in call.people[10:16]:
        call.send(person, "đợt hai")
    assert texts(call.release()) == Counter({"đợt hai": 6})
    assert queries.status(call.key).counts.sent == 16
    assert not any(batch.has_key for batch in call.sealed_round.batches.all())


def test_sending_while_a_box_is_released_is_in_it_or_refused() -> None:
    """Whoever got a receipt is in what came out; who did not, has not been counted."""
    call = open_round(people=30)
    accepted: list[str] = []
    begun = threading.Event()

    def send() -> None:
        try:
            for number, person in enumerate(call.people):
                if number == 10:
                    begun.set()
                call.send(person, f"{number}")
                accepted.append(f"{number}")
        except Refused:
            pass
        finally:
            begun.set()
            connections.close_all()

    thread = threading.Thread(target=send)
    thread.start()
    begun.wait(20)
    done = call.release()
    thread.join(30)
    assert texts(done) == Counter(accepted)
    assert Participation.objects.count() == len(accepted)
    assert not SealedBox.objects.exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no process can be cut off here")
@pytest.mark.parametrize("is_committed", [False, True], ids=["before", "after"])
def test_a_crash_before_the_commit_loses_nothing_and_after_it_leaves_a_key_that_is_destroyed(
    *, is_committed: bool
) -> None:
    call = open_round()
    for person in call.people[:6]:
        call.send(person, "x")
    connections.close_all()
    child = os.fork()
    if not child:
        try:
            actions.release(
                round_key=call.key,
                unlocked=actions.unlock(
                    round_key=call.key, unlocks=[one.unlock for one in call.releasers], actor=None, at=AT
                ),
                write=lambda _: transaction.on_commit(lambda: os._exit(9)) if is_committed else os._exit(9),
                actor=None,
                at=AT,
            )
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    if not is_committed:
        assert state(call) is KeyState.PRESENT
        assert len(call.release().texts) == 6
    else:
        assert state(call) is KeyState.LEFT
        assert [fault.code for fault in queries.check_keys()] == ["call_key_left"]
        assert actions.destroy_leftovers() == 1
    assert state(call) is KeyState.DESTROYED
    assert SealedReceipt.objects.count() == 6
    assert queries.check_keys() == []


def test_a_key_that_cannot_be_destroyed_now_does_not_undo_the_release(monkeypatch: pytest.MonkeyPatch) -> None:
    call = open_round()
    path = queries.open_batch(call.sealed_round).key_path

    def fails(*args: object) -> None:
        raise OSError(str(args))

    with monkeypatch.context() as patch:
        patch.setattr("trienkhai.sealed.actions.keys.os.fsync", fails)
        call.release()
    assert state(call) is KeyState.LEFT
    assert path.exists()
    open_round()
    assert state(call) is KeyState.DESTROYED


def test_a_release_that_is_undone_further_up_leaves_its_key() -> None:
    """Whatever else happens in the transaction it is part of."""
    call, other = open_round(), open_round()
    call.send(call.people[0], "x", Mode.NAMED)

    def undone() -> None:
        with transaction.atomic():
            call.release()
            other.release()
            raise DatabaseError

    with pytest.raises(DatabaseError):
        undone()
    assert state(call) is state(other) is KeyState.PRESENT
    assert call.release().counts.named == 1
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        actions.destroy_leftovers()


def test_what_overwrites_a_key_reaches_every_byte() -> None:
    call = open_round()
    path = queries.open_batch(call.sealed_round).key_path
    kept = path.read_bytes()
    copy = path.with_suffix(".copy")
    os.link(path, copy)
    call.release()
    assert not path.exists()
    overwritten = copy.read_bytes()
    copy.unlink()
    assert len(overwritten) == len(kept)
    assert sum(a == b for a, b in zip(kept, overwritten, strict=True)) < 12


def test_the_key_lies_in_no_table() -> None:
    call = open_round()
    batch = queries.open_batch(call.sealed_round)
    unlocked = actions.unlock(round_key=call.key, unlocks=[one.unlock for one in call.releasers], actor=None, at=AT)
    assert unlocked.private not in batch.key_path.read_bytes()
    assert unlocked.private.hex() not in repr(unlocked)
    rows = str([bytes(value) for value in SealedBatch.objects.values_list("public_key", flat=True)])
    assert str(unlocked.private) not in rows
    with pytest.raises(SealedRound.DoesNotExist):
        actions.unlock(round_key=uuid4(), unlocks=[one.unlock for one in call.releasers], actor=None, at=AT)
