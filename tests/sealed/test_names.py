from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from tests.factories.sealed import AT, OpenRound, open_round
from trienkhai.core.decisions import DomainError, Invalid, Refused
from trienkhai.ledger.models import Entry
from trienkhai.sealed import actions, policies, queries
from trienkhai.sealed.models import KeptName
from trienkhai.sealed.rules import NAME_STEPS, Mode, NameState, SealedError, Unlock

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


class Kept:
    """A call with one kept name in it, released."""

    def __init__(self, keepers: int = 3) -> None:
        self.call: OpenRound = open_round(keepers=keepers)
        self.author = self.call.people[0]
        self.receipt = self.call.send(self.author, "góp ý", Mode.KEPT)
        self.call.send(self.call.people[1], "khác", Mode.KEPT)
        release = self.call.release()
        name = next(text.kept_name for text in release.texts if text.content["text"] == "góp ý")
        assert name is not None
        self.name = name
        self.keepers = self.call.keepers

    def ask(self, *forbidden: UUID) -> None:
        actions.ask_to_open(kept_name=self.name, forbidden=forbidden, actor=uuid4(), at=AT, reason="phải xác minh")

    def open(self, *who: int, forbidden: tuple[UUID, ...] = (), days: int = 7) -> str:
        return actions.open_name(
            kept_name=self.name,
            unlocks=[self.keepers[number].unlock for number in who],
            forbidden=forbidden,
            actor=None,
            at=AT + timedelta(days=days),
        )

    @property
    def state(self) -> NameState:
        return queries.name_state(self.name)[0]


def refused(code: SealedError, kept: Kept, *who: int, **more: object) -> None:
    with pytest.raises(DomainError) as error:
        kept.open(*who, **more)  # type: ignore[arg-type]
    assert error.value.code == code
    assert kept.state is not NameState.OPENED


def test_a_name_is_opened_by_two_after_its_author_has_had_time() -> None:
    kept = Kept()
    refused(SealedError.NAME_NOT_ASKED, kept, 0, 1)
    kept.ask()
    assert [asked.kept_name for asked in queries.names_asked(kept.call.key)] == [kept.name]
    refused(SealedError.NAME_TOO_EARLY, kept, 0, 1, days=6)
    refused(SealedError.TWO_NEEDED, kept, 0)
    refused(SealedError.TWO_NEEDED, kept, 0, 0)
    assert kept.open(2, 0) == str(kept.author)
    refused_again = policies.can_open_name(KeptName.objects.get(key=kept.name), on=AT.date() + WEEK)
    assert refused_again.reason is SealedError.NAME_ENDED
    assert bytes(KeptName.objects.get(key=kept.name).envelope) == b""
    actions_recorded = list(Entry.objects.filter(subject=kept.name).order_by("seq").values_list("action", flat=True))
    assert actions_recorded == ["sealed.name_asked", "sealed.name_opened"]


def test_any_two_of_five_and_a_lost_passphrase_leaves_the_others() -> None:
    kept = Kept(keepers=5)
    kept.ask()
    with pytest.raises(Invalid, match=SealedError.PASSPHRASE_WRONG):
        actions.open_name(
            kept_name=kept.name,
            unlocks=[kept.keepers[0].unlock, Unlock(kept.keepers[1].owner, "quên mất rồi còn đâu")],
            forbidden=(),
            actor=None,
            at=AT + WEEK,
        )
    assert kept.open(4, 2) == str(kept.author)


def test_whoever_is_criticised_opens_nothing() -> None:
    kept = Kept()
    head = kept.keepers[1].owner
    kept.ask(head)
    refused(SealedError.HOLDER_FORBIDDEN, kept, 0, 1, forbidden=(head,))
    assert kept.open(0, 2, forbidden=(head,)) == str(kept.author)


def test_where_fewer_than_two_may_open_nobody_may_ask() -> None:
    kept = Kept()
    with pytest.raises(Refused, match=SealedError.TOO_FEW_KEEPERS):
        kept.ask(kept.keepers[0].owner, kept.keepers[1].owner)
    assert kept.state is NameState.SEALED


def test_strangers_open_nothing() -> None:
    kept, other = Kept(), Kept()
    kept.ask()
    with pytest.raises(Refused, match=SealedError.NOT_A_HOLDER):
        actions.open_name(
            kept_name=kept.name,
            unlocks=[kept.keepers[0].unlock, other.keepers[0].unlock],
            forbidden=(),
            actor=None,
            at=AT + WEEK,
        )


def test_the_author_is_told_by_receipt_and_may_agree() -> None:
    kept = Kept()
    with pytest.raises(Refused, match=SealedError.NAME_NOT_ASKED):
        actions.answer_asking(receipt=kept.receipt, consents=True, at=AT)
    kept.ask()
    found = queries.receipt(kept.receipt)
    assert found is not None
    assert (found.kept_name, found.name_state, found.name_opens_on) == (
        kept.name,
        NameState.ASKED,
        AT.date() + WEEK,
    )
    assert actions.answer_asking(receipt=kept.receipt, consents=True, at=AT) is NameState.CONSENTED
    assert queries.names_asked(kept.call.key) == []
    assert kept.open(0, 1, days=0) == str(kept.author)


@pytest.mark.parametrize("is_asked", [True, False])
def test_the_author_may_withdraw_for_good(*, is_asked: bool) -> None:
    kept = Kept()
    if is_asked:
        kept.ask()
        assert actions.answer_asking(receipt=kept.receipt, consents=False, at=AT) is NameState.WITHDRAWN
    else:
        actions.withdraw(receipt=kept.receipt, at=AT)
    refused(SealedError.NAME_ENDED, kept, 0, 1)
    with pytest.raises(Refused, match=SealedError.NAME_ENDED):
        kept.ask()
    with pytest.raises(Refused, match=SealedError.NAME_ENDED):
        actions.withdraw(receipt=kept.receipt, at=AT)
    assert bytes(KeptName.objects.get(key=kept.name).envelope) == b""
    last = Entry.objects.order_by("seq").last()
    assert last is not None
    assert (last.action, last.actor, last.subject) == ("sealed.name_withdrawn", None, kept.name)
    others = KeptName.objects.exclude(key=kept.name)
    assert {name.state for name in others} == {NameState.SEALED}


def test_nobody_asks_twice_or_for_less_than_a_week() -> None:
    kept = Kept()
    opens_on = actions.ask_to_open(kept_name=kept.name, forbidden=(), actor=None, at=AT, wait_days=0)
    assert opens_on == AT.date() + WEEK
    with pytest.raises(Refused, match=SealedError.NAME_ENDED):
        kept.ask()


def test_another_receipt_withdraws_nothing() -> None:
    kept = Kept()
    signed = open_round()
    receipt = signed.send(signed.people[0], "x", Mode.NAMED)
    signed.release()
    for other in (receipt, "A" * 16):
        with pytest.raises(Refused, match=SealedError.RECEIPT_UNKNOWN):
            actions.withdraw(receipt=other, at=AT)
    assert kept.state is NameState.SEALED


def test_a_damaged_envelope_says_so() -> None:
    kept = Kept()
    kept.ask()
    name = KeptName.objects.get(key=kept.name)
    KeptName.objects.filter(pk=name.pk).update(envelope=b"\0" + bytes(name.envelope)[1:])
    refused(SealedError.NAME_DAMAGED, kept, 0, 1)


def test_every_state_has_its_steps() -> None:
    assert set(NAME_STEPS) == set(NameState)
    assert NAME_STEPS[NameState.OPENED] == NAME_STEPS[NameState.WITHDRAWN] == frozenset()
