import logging
import threading
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, connections
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter
from django_tasks_db.models import DBTaskResult

from tests.factories.sealed import AT, OpenRound, open_round
from trienkhai.core.decisions import DomainError, Invalid, Refused
from trienkhai.ledger.models import Detail, Entry
from trienkhai.sealed import actions, policies, queries
from trienkhai.sealed.models import Participation, SealedBox
from trienkhai.sealed.rules import Below, Fate, Mode, SealedError, Submission, new_receipt, seal, shown

pytestmark = pytest.mark.django_db
SECRET = "điều không ai được thấy trước khi mở hộp"


def test_who_and_what_stand_in_one_transaction_that_says_no_more() -> None:
    call = open_round()
    before = Entry.objects.count(), Detail.objects.count(), Session.objects.count(), DBTaskResult.objects.count()
    receipt = call.send(call.people[3], SECRET)
    assert queries.participants(call.key) == {call.people[3]}
    assert {field.name for field in Participation._meta.fields} == {"id", "sealed_round", "batch", "participant"}
    assert {field.name for field in SealedBox._meta.fields} == {"id", "batch", "proof", "content"}
    assert (
        Entry.objects.count(),
        Detail.objects.count(),
        Session.objects.count(),
        DBTaskResult.objects.count(),
    ) == before
    state = queries.receipt(receipt)
    assert state is not None
    assert (state.round_key, state.fate, state.answer) == (call.key, Fate.WAITING, "")


def test_every_mode_looks_the_same() -> None:
    call = open_round(keepers=3)
    for mode, person in zip(Mode, call.people, strict=False):
        call.send(person, "" if mode is Mode.NOTHING else SECRET, mode)
    sizes = {len(bytes(content)) for content in SealedBox.objects.values_list("content", flat=True)}
    assert sizes == {4096 + 48}
    assert SealedBox.objects.count() == len(Mode)


def test_numbers_do_not_count() -> None:
    call = open_round()
    for person in call.people:
        call.send(person)
    for model in (Participation, SealedBox):
        numbers = list(model.objects.order_by("id").values_list("pk", flat=True))
        assert min(b - a for a, b in pairwise(numbers)) > 1000
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM sealed_sealedbox WHERE rowid <> id")
            assert cursor.fetchone()[0] == 0  # the row lies where its number says, not where its turn was


@pytest.mark.parametrize("mode", Mode)
def test_no_statement_and_no_log_holds_what_is_sent(mode: Mode, caplog: pytest.LogCaptureFixture) -> None:
    call = open_round(keepers=3)
    author = call.people[0]
    with caplog.at_level(logging.DEBUG), CaptureQueriesContext(connection) as statements:
        receipt = call.send(author, SECRET, mode)
        with pytest.raises(Refused):
            call.send(author, SECRET, mode)
    said = " ".join(str(query["sql"]) for query in statements) + caplog.text
    for hidden in (SECRET, receipt, "không ai được"):
        assert hidden not in said
    assert len(statements) < 24


def test_an_error_report_holds_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    call = open_round()

    def breaks(*_args: object, **_more: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(SealedBox, "save", breaks)
    request = RequestFactory().get("/")
    with pytest.raises(RuntimeError) as raised:
        call.send(call.people[0], SECRET)
    report = ExceptionReporter(request, raised.type, raised.value, raised.tb)
    frames = [frame for frame in report.get_traceback_frames() if "trienkhai/sealed" in str(frame["filename"])]
    assert isinstance(report.filter, SafeExceptionReporterFilter)
    assert len(frames) >= 2
    assert all("*****" in str(value) for frame in frames for _, value in frame["vars"])
    assert SECRET not in str([frame["vars"] for frame in frames])


def test_whoever_never_saw_the_answer_sends_again_and_gets_the_receipt() -> None:
    call = open_round()
    first, other = new_receipt(), new_receipt()
    submission = Submission(Mode.NAMELESS, {"text": "x"})

    def send(person: UUID, receipt: str) -> str:
        return actions.send(round_key=call.key, participant=person, submission=submission, at=AT, receipt=receipt)

    assert send(call.people[0], first) == first
    assert send(call.people[0], shown(first).lower()) == first
    assert (Participation.objects.count(), SealedBox.objects.count()) == (1, 1)
    for person, receipt in ((call.people[0], other), (call.people[1], first)):
        with pytest.raises(Refused, match=SealedError.ALREADY_SENT):
            send(person, receipt)
    with pytest.raises(Invalid, match=SealedError.RECEIPT_MALFORMED):
        send(call.people[1], "abc")
    assert (Participation.objects.count(), SealedBox.objects.count()) == (1, 1)


def test_nothing_is_sent_twice() -> None:
    call = open_round()
    call.send(call.people[0], "một")
    with pytest.raises(Refused, match=SealedError.ALREADY_SENT):
        call.send(call.people[0], "hai")
    assert (Participation.objects.count(), SealedBox.objects.count()) == (1, 1)


@pytest.mark.parametrize("batches", [1, 3])
def test_what_was_sealed_for_a_batch_released_meanwhile_is_sealed_again(
    monkeypatch: pytest.MonkeyPatch, batches: int
) -> None:
    call = open_round(people=50)
    others = iter(call.people[1:])
    left = [None] * batches

    def seal_slowly(submission: Submission, **more: Any) -> bytes:
        box = seal(submission, **more)
        if left and submission.content == {"text": SECRET}:
            left.pop()
            for _ in range(10):
                call.send(next(others))
            call.release(closes=False)
        return box

    monkeypatch.setattr("trienkhai.sealed.actions.sending.seal", seal_slowly)
    if batches < 3:
        assert call.send(call.people[0], SECRET, below=Below.RELEASE)
        assert [text.content.get("text") for text in call.release().texts] == [SECRET]
    else:
        with pytest.raises(Refused, match=SealedError.BATCH_CHANGED):
            call.send(call.people[0], SECRET)
        assert not queries.has_sent(call.key, call.people[0])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("receipt", ["", new_receipt()], ids=["six windows", "one button pressed six times"])
def test_the_same_person_at_the_same_moment_sends_once(receipt: str) -> None:
    call = open_round()
    submission = Submission(Mode.NAMELESS, {"text": SECRET})
    outcomes: list[str] = []
    gate = threading.Barrier(6)

    def send() -> None:
        gate.wait(10)
        try:
            got = actions.send(
                round_key=call.key, participant=call.people[0], submission=submission, at=AT, receipt=receipt
            )
            outcomes.append("" if got == (receipt or got) else "?")
        except DomainError as error:
            outcomes.append(error.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ([""] * 6 if receipt else ["", *["already_sent"] * 5])
    assert (Participation.objects.count(), SealedBox.objects.count()) == (1, 1)


def refused(call: OpenRound, person: UUID, mode: Mode = Mode.NAMELESS) -> str:
    decision = policies.can_send(queries.round_by_key(call.key), person, at=AT, mode=mode)
    with pytest.raises(Refused) as error:
        call.send(person, "x", mode)
    assert error.value.code == decision.reason
    return error.value.code


def test_who_may_not_send() -> None:
    call = open_round()
    assert refused(call, uuid4()) == SealedError.NOT_IN_ELECTORATE
    assert refused(call, call.people[0], Mode.KEPT) == SealedError.NAMES_NOT_KEPT
    signed = open_round(people=3, nameless=False)
    assert refused(signed, signed.people[0]) == SealedError.NAMELESS_NOT_ALLOWED
    assert signed.send(signed.people[0], "ký tên", Mode.NAMED)
    ended = open_round(until=AT)
    assert refused(ended, ended.people[0]) == SealedError.ROUND_CLOSED
    last = open_round(until=AT + timedelta(seconds=1))
    assert last.send(last.people[0])
    actions.discard(round_key=call.key, actor=None, at=AT)
    assert refused(call, call.people[0]) == SealedError.ROUND_CLOSED
    assert Participation.objects.count() == 2


def test_an_open_electorate_is_the_app_aboves_affair() -> None:
    call = open_round(listed=False)
    assert call.send(uuid4(), "ai cũng được")
    assert queries.status(call.key).eligible == 12


def test_what_does_not_fit_leaves_no_trace() -> None:
    call = open_round()
    with pytest.raises(Invalid, match=SealedError.TOO_LONG):
        call.send(call.people[0], "x" * 2000)
    with pytest.raises(Invalid, match=SealedError.UNREADABLE):
        actions.send(
            round_key=call.key,
            participant=call.people[0],
            submission=Submission(Mode.NAMELESS, {"text": "\0"}, below=Below.RELEASE),
            at=AT,
        )
    assert not queries.has_sent(call.key, call.people[0])
    assert not SealedBox.objects.exists()
