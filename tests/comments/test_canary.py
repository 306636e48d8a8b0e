"""No word of a sealed call is anywhere but in the request, until two holders open the box: looked for everywhere."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.views.debug import ExceptionReporter

from tests.comments.test_views import FAR, typed
from tests.factories.comments import PASSPHRASE, SealedCall, make_sealed, unlocks
from tests.factories.organisation import key_of_person, key_of_unit, make_user, make_ward
from trienkhai.comments import actions
from trienkhai.comments.models import Point
from trienkhai.comments.rules import Promise
from trienkhai.ledger.clock import now, today
from trienkhai.organisation.rules import SYSTEM
from trienkhai.sealed import actions as sealed_actions
from trienkhai.sealed.models import KeptName

pytestmark = pytest.mark.django_db
CANARY = "chim sơn ca hót bảy lần"


def everything_kept() -> Iterator[tuple[str, bytes]]:
    """Where something may lie, and what lies there: every column of every table, every session, every file."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - our own tables
            for row in cursor.fetchall():
                for value in row:
                    is_raw = isinstance(value, bytes | memoryview)
                    yield table, bytes(value) if is_raw else str(value).encode()
    for session in Session.objects.all():
        yield "session", str(session.get_decoded()).encode()
    for path in Path(settings.TRIENKHAI_DATA_FOLDER).rglob("*"):
        if path.is_file():
            yield str(path), path.read_bytes()
    yield "cache", str(vars(cache)).encode()


def forms_of(word: str) -> list[bytes]:
    """The word as it may be written: plain, escaped as JSON does, folded as search does."""
    return [word.encode(), word.encode("unicode_escape"), word.encode("utf-16-le"), b"chim son ca hot bay lan"]


def traces() -> list[str]:
    return [where for where, content in everything_kept() if any(form in content for form in forms_of(CANARY))]


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Everything any part logs, SQL with its values included."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "django.db.backends")
    connection.force_debug_cursor = True
    yield caplog
    connection.force_debug_cursor = False


@pytest.fixture
def sealed() -> SealedCall:
    return make_sealed(make_ward(cells=3, members=4), closes_on=FAR, answer_by=FAR)


def client_of(person: int) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(make_user(person=person))
    return client


def said_in(log: pytest.LogCaptureFixture) -> bool:
    """Whether the canary is in a message, its values, or the report that an error would be sent with."""
    formatter = logging.Formatter()
    for record in log.records:
        texts = [formatter.format(record), str(record.args)]
        request = getattr(record, "request", None)
        if record.exc_info and isinstance(request, HttpRequest):
            reporter = ExceptionReporter(request, *record.exc_info)
            texts += [reporter.get_traceback_text(), reporter.get_traceback_html()]
        if any(CANARY in text for text in texts):
            return True
    return False


def test_the_search_finds_what_is_there(sealed: SealedCall) -> None:
    sealed.call.asks = CANARY
    sealed.call.save()
    assert traces() == ["comments_call"]


def test_writing_reading_again_and_sending_leave_no_word(sealed: SealedCall, log: pytest.LogCaptureFixture) -> None:
    client = client_of(sealed.ward.members[0][1])
    url = f"/comments/{sealed.call.key}/write/"
    page = ""
    for step in ("more", "review", "change", "review"):
        page = client.post(url, typed(CANARY, **{step: "1"})).content.decode()
        assert CANARY in page
        assert not traces()
    code = re.search(r'name="receipt" value="([A-Z2-7]{16})"', page)
    assert code
    sent = client.post(url, typed(CANARY, send="1", receipt=code[1]))
    assert b"receipt-code" in sent.content
    assert CANARY not in sent.content.decode()
    assert not traces()
    assert not said_in(log)
    kept = [where for where, content in everything_kept() if code[1].encode() in content]
    assert not kept
    assert not any(code[1] in logging.Formatter().format(record) for record in log.records)


def test_what_comes_back_with_a_fault_leaves_no_word(sealed: SealedCall, log: pytest.LogCaptureFixture) -> None:
    client = client_of(sealed.ward.members[0][1])
    url = f"/comments/{sealed.call.key}/write/"
    assert client.post(url, typed(CANARY * 2_000, send="1")).status_code == 422
    assert client.post(url, {**typed(CANARY, send="1"), "promise": "nonsense"}).status_code == 422
    signed_out = Client().post(url, typed(CANARY, send="1"))
    assert signed_out.status_code == 403
    assert CANARY not in signed_out.content.decode()
    assert not traces()
    assert not said_in(log)


def test_a_view_that_breaks_in_the_middle_reports_no_word(
    sealed: SealedCall, log: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_given: object) -> str:
        message = "the disk went away"
        raise RuntimeError(message)

    monkeypatch.setattr(sealed_actions, "send", broken)
    client = client_of(sealed.ward.members[0][1])
    answer = client.post(f"/comments/{sealed.call.key}/write/", typed(CANARY, send="1"))
    assert answer.status_code == 500
    assert CANARY not in answer.content.decode()
    assert any(record.exc_info for record in log.records)
    assert not said_in(log)
    assert not traces()


def test_entering_for_somebody_and_slips_leave_no_word(sealed: SealedCall, log: pytest.LogCaptureFixture) -> None:
    ward = sealed.ward
    secretary = client_of(ward.members[1][0])
    url = f"/comments/{sealed.call.key}/enter/{key_of_unit(ward.cells[1])}/?person={key_of_person(ward.members[1][2])}"
    told = {"rows": "1", "about-0": "general", "text-0": CANARY, "channel": "telephone", "told_by": ""}
    assert b"receipt-code" in secretary.post(url, told).content
    assert not traces()
    given = [*ward.members[2], ward.members[0][1]]
    actions.hand_out_slips(call=sealed.call, people=given, given=True, actor=SYSTEM, at=today())
    office = Client()
    office.force_login(make_user(office_of=ward.unit))
    slips = {"rows": "1", "about-0": "general", "text-0": CANARY, "below-0": "on"}
    assert office.post(f"/comments/{sealed.call.key}/slips/enter/", slips).status_code == 302
    assert not traces()
    assert not said_in(log)


def test_passphrases_are_nowhere(sealed: SealedCall, log: pytest.LogCaptureFixture) -> None:
    sealed.send(sealed.ward.members[0][1], CANARY)
    actions.close_call(call=sealed.call, reason="Đủ", actor=SYSTEM, at=today())
    office = Client()
    office.force_login(make_user(office_of=sealed.ward.unit))
    first, second = sealed.releasers
    told = {"holder_1": str(first), "holder_2": str(second)}
    told |= {"passphrase_1": PASSPHRASE.format(first), "passphrase_2": "sai hẳn rồi, sai hẳn rồi"}
    wrong = office.post(f"/comments/{sealed.call.key}/release/", told)
    assert wrong.status_code == 422
    right = {**told, "passphrase_2": PASSPHRASE.format(second)}
    assert office.post(f"/comments/{sealed.call.key}/release/", right).status_code == 302
    secret = PASSPHRASE.format(first).encode()
    assert not [where for where, content in everything_kept() if secret in content]
    assert not any(PASSPHRASE.format(first) in logging.Formatter().format(record) for record in log.records)


def test_after_the_release_the_words_are_in_their_points_alone(sealed: SealedCall) -> None:
    sealed.send(sealed.ward.members[0][1], CANARY)
    actions.close_call(call=sealed.call, reason="Đủ", actor=SYSTEM, at=today())

    sealed.call.refresh_from_db()
    actions.release_call(call=sealed.call, unlocks=unlocks(sealed.releasers), actor=SYSTEM, at=now())
    assert Point.objects.get().text == CANARY
    assert set(traces()) <= {"comments_point"} | {where for where in traces() if "sqlite" in where}


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_what_its_author_withdrew_is_in_no_free_place_of_the_database(sealed: SealedCall) -> None:
    code = sealed.send(sealed.ward.members[0][1], CANARY, Promise.NAME_KEPT)
    actions.close_call(call=sealed.call, reason="Đủ", actor=SYSTEM, at=today())
    sealed.call.refresh_from_db()
    actions.release_call(call=sealed.call, unlocks=unlocks(sealed.releasers), actor=SYSTEM, at=now())
    envelope = bytes(KeptName.objects.get().envelope)
    assert traces()
    actions.withdraw(receipt=code, at=now())
    assert not traces()
    assert not [where for where, content in everything_kept() if envelope[:64] in content]
