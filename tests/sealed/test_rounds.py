import os
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import settings

from tests.factories.sealed import AT, Holder, holders, open_round
from trienkhai.core.decisions import DomainError, Invalid, Refused
from trienkhai.ledger.models import Entry
from trienkhai.sealed import actions, policies, queries
from trienkhai.sealed.models import Elector, Participation, SealedBox, SealedHolder, SealedRound
from trienkhai.sealed.rules import (
    TRY_HOURS,
    WRONG_TRIES,
    Custody,
    KeyState,
    Mode,
    RoundPlan,
    SealedError,
    Unlock,
)

pytestmark = pytest.mark.django_db(transaction=True)


def state(key: UUID) -> KeyState:
    return queries.key_state(queries.round_by_key(key))


def plan(releasers: list[UUID], **more: object) -> RoundPlan:
    return RoundPlan(owner=uuid4(), releasers=releasers, expected=12, **more)  # type: ignore[arg-type]


def test_what_stands_above_the_box() -> None:
    call = open_round(people=15, keepers=3, threshold=6)
    call.send(call.people[0], "x", Mode.KEPT)
    found = queries.status(call.key)
    assert (found.is_open, found.key_state, found.custody) == (True, KeyState.PRESENT, Custody.TWO_HOLDERS)
    assert (found.threshold, found.eligible, found.participants, found.boxes) == (6, 15, 1, 1)
    assert (found.takes_nameless, found.keeps_names) == (True, True)
    assert set(found.releasers) == {one.owner for one in call.releasers}
    assert set(found.name_keepers) == {one.owner for one in call.keepers}
    assert queries.round_of(found.owner) == call.sealed_round
    assert set(Elector.objects.values_list("participant", flat=True)) == set(call.people)


@pytest.mark.parametrize("number", [1, 6])
def test_two_to_five_release(number: int) -> None:
    with pytest.raises(Invalid, match=SealedError.NUMBER_OF_RELEASERS):
        open_round(releasers=holders(number))


def test_any_two_of_several_release() -> None:
    call = open_round(releasers=holders(3))
    call.send(call.people[0], "x", Mode.NAMED)
    call.releasers = call.releasers[1:]
    assert call.release().counts.named == 1


@pytest.mark.parametrize("number", [1, 2, 6])
def test_three_to_five_keep_names(number: int) -> None:
    with pytest.raises(Invalid, match=SealedError.NUMBER_OF_KEEPERS):
        open_round(keepers=number)


def test_a_stranger_holds_nothing() -> None:
    known = holders(1)[0]
    with pytest.raises(Invalid, match=SealedError.NOT_ENROLLED):
        actions.open_round(plan=plan([known.owner, uuid4()]), actor=None, at=AT)
    with pytest.raises(Invalid, match=SealedError.NUMBER_OF_RELEASERS):
        actions.open_round(plan=plan([known.owner, known.owner]), actor=None, at=AT)
    assert not SealedRound.objects.exists()


@pytest.mark.parametrize("listed", [True, False])
def test_nine_people_are_too_few_for_texts_without_a_name(*, listed: bool) -> None:
    with pytest.raises(Invalid, match=SealedError.TOO_FEW_PEOPLE):
        open_round(people=9, listed=listed)
    assert not open_round(people=9, listed=listed, nameless=False).sealed_round.takes_nameless


def test_an_office_of_one_takes_a_key_file_and_says_so() -> None:
    clerk, file = holders(1)[0], uuid4()
    content = actions.enrol_key_file(owner=file, actor=None, at=AT)
    call = open_round(releasers=[clerk, Holder(file, content)])
    assert queries.status(call.key).custody is Custody.KEY_FILE
    call.send(call.people[0], "x", Mode.NAMED)
    with pytest.raises(Invalid, match=SealedError.PASSPHRASE_WRONG):
        actions.unlock(round_key=call.key, unlocks=[clerk.unlock, Unlock(file, "y" * 56)], actor=None, at=AT)
    assert call.release().counts.named == 1
    other = uuid4()
    actions.enrol_key_file(owner=other, actor=None, at=AT)
    for wrong in ([file, other], [clerk.owner, holders(1)[0].owner, file]):
        with pytest.raises(Invalid, match=SealedError.ONE_KEY_FILE):
            actions.open_round(plan=plan(wrong), actor=None, at=AT)
    keepers = [file, *(one.owner for one in holders(2))]
    with pytest.raises(Invalid, match=SealedError.NUMBER_OF_KEEPERS):
        actions.open_round(plan=plan([clerk.owner, file], name_keepers=keepers), actor=None, at=AT)


def test_a_round_is_given_up_unread() -> None:
    call = open_round()
    call.send(call.people[0], "x")
    path = queries.open_batch(call.sealed_round).key_path
    actions.discard(round_key=call.key, actor=None, at=AT)
    assert (SealedBox.objects.count(), path.exists(), state(call.key)) == (0, False, KeyState.DESTROYED)
    with pytest.raises(Refused, match=SealedError.ROUND_CLOSED):
        actions.discard(round_key=call.key, actor=None, at=AT)
    with pytest.raises(Refused, match=SealedError.ROUND_CLOSED):
        actions.renew_key(round_key=call.key, actor=None, at=AT)
    last = Entry.objects.order_by("seq").last()
    assert last is not None
    assert (last.action, last.subject) == ("sealed.discarded", call.key)


def test_a_restored_database_without_its_key_asks_people_to_send_again() -> None:
    call = open_round(people=20)
    for person in call.people[:10]:
        call.send(person, "vào đợt một")
    call.release(closes=False)
    for person in call.people[10:13]:
        call.send(person, "mất khoá")
    with pytest.raises(Refused, match=SealedError.KEY_THERE):
        actions.renew_key(round_key=call.key, actor=None, at=AT)
    queries.open_batch(queries.round_by_key(call.key)).key_path.unlink()
    assert state(call.key) is KeyState.LOST
    assert [fault.code for fault in queries.check_keys()] == ["call_key_missing"]
    again = policies.can_send(queries.round_by_key(call.key), call.people[15], at=AT)
    assert again.reason is SealedError.KEY_LOST
    for refused in (lambda: call.send(call.people[15]), call.release):
        with pytest.raises(Refused, match=SealedError.KEY_LOST):
            refused()
    actions.renew_key(round_key=call.key, actor=None, at=AT)
    assert state(call.key) is KeyState.PRESENT
    assert set(Participation.objects.values_list("participant", flat=True)) == set(call.people[:10])
    call.send(call.people[10], "gửi lại", Mode.NAMED)
    with pytest.raises(Refused, match=SealedError.ALREADY_SENT):
        call.send(call.people[0])
    assert [text.content["text"] for text in call.release().texts] == ["gửi lại"]
    assert queries.check_keys() == []


def test_keys_that_never_belonged_to_anything_go_after_a_month() -> None:
    call = open_round()
    folder = Path(settings.TRIENKHAI_CALLS)
    young, old = folder / f"{uuid4()}.key", folder / f"{uuid4()}.key"
    for path in (young, old):
        path.write_bytes(b"x" * 100)
    month_ago = time.time() - timedelta(days=31).total_seconds()
    os.utime(old, (month_ago, month_ago))
    os.utime(queries.open_batch(call.sealed_round).key_path, (month_ago, month_ago))
    assert actions.destroy_leftovers() == 1
    assert (young.exists(), old.exists(), state(call.key)) == (True, False, KeyState.PRESENT)
    young.unlink()


def test_a_full_disk_opens_no_round(monkeypatch: pytest.MonkeyPatch) -> None:
    enrolled = holders()

    def full(*_: object) -> None:
        raise OSError

    monkeypatch.setattr("trienkhai.sealed.actions.keys.os.fsync", full)
    with pytest.raises(Refused, match=SealedError.KEY_NOT_SAVED):
        open_round(releasers=enrolled)
    assert not SealedRound.objects.exists()


def test_a_new_pair_opens_what_it_is_for_and_the_old_one_what_it_was_for() -> None:
    office = holders()
    before = open_round(releasers=office)
    actions.enrol(owner=office[0].owner, passphrase="lá lành đùm lá rách", actor=None, at=AT)
    renewed = [Holder(office[0].owner, "lá lành đùm lá rách"), office[1]]
    after = open_round(releasers=renewed)
    assert SealedHolder.objects.filter(owner=office[0].owner).count() == 2
    assert queries.is_enrolled(office[0].owner)
    assert not queries.is_enrolled(uuid4())
    assert before.release().counts.sent == after.release().counts.sent == 0


def test_a_passphrase_is_changed_with_the_old_one() -> None:
    office = holders()
    call = open_round(releasers=office)
    owner, old, new = office[0].owner, office[0].passphrase, "lá lành đùm lá rách"
    wrong: list[tuple[str, str, SealedError]] = [
        ("không phải", new, SealedError.PASSPHRASE_WRONG),
        (old, "ngắn quá", SealedError.PASSPHRASE_SHORT),
    ]
    for given, wanted, code in wrong:
        with pytest.raises(DomainError, match=code):
            actions.change_passphrase(owner=owner, old=given, new=wanted, actor=None, at=AT)
    actions.change_passphrase(owner=owner, old=old, new=new, actor=None, at=AT)
    with pytest.raises(Invalid, match=SealedError.PASSPHRASE_WRONG):
        call.release()
    call.releasers = [Holder(owner, new), office[1]]
    assert call.release().counts.sent == 0
    with pytest.raises(Invalid, match=SealedError.PASSPHRASE_SHORT):
        actions.enrol(owner=uuid4(), passphrase="  ngắn   quá  ", actor=None, at=AT)
    with pytest.raises(Refused, match=SealedError.NOT_A_HOLDER):
        actions.change_passphrase(owner=uuid4(), old=old, new=new, actor=None, at=AT)


def test_wrong_passphrases_are_recorded_and_end_after_ten() -> None:
    office = holders()
    call = open_round(releasers=office)
    first, second = office
    actor = uuid4()
    for _try in range(WRONG_TRIES):
        with pytest.raises(Invalid, match=SealedError.PASSPHRASE_WRONG):
            actions.unlock(
                round_key=call.key, unlocks=[first.unlock, Unlock(second.owner, "đoán mò")], actor=actor, at=AT
            )
    rows = Entry.objects.filter(action="sealed.passphrase_wrong")
    assert set(rows.values_list("subject", "actor", "count")) == {(second.owner, actor, 1)}
    assert rows.count() == WRONG_TRIES
    with pytest.raises(Refused, match=SealedError.TOO_MANY_TRIES):
        call.release()
    with pytest.raises(Refused, match=SealedError.TOO_MANY_TRIES):
        actions.change_passphrase(owner=second.owner, old="đoán mò", new="lá lành đùm lá rách", actor=actor, at=AT)
    assert rows.count() == WRONG_TRIES
    later = rows.latest("seq").recorded_at + timedelta(hours=TRY_HOURS, seconds=1)
    actions.unlock(round_key=call.key, unlocks=[one.unlock for one in office], actor=None, at=later)


def test_a_passphrase_typed_at_somebody_elses_sign_in_is_told_with_the_round() -> None:
    office = holders()
    actions.enrol(owner=office[0].owner, passphrase="lá lành đùm lá rách", actor=None, at=AT, elsewhere=True)
    assert queries.status(open_round(releasers=office).key).typed_elsewhere == {office[0].owner}
    actions.enrol(owner=office[0].owner, passphrase="lá lành đùm lá rách", actor=None, at=AT)
    assert not queries.status(open_round(releasers=office).key).typed_elsewhere
