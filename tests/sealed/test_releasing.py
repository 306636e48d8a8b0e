from collections import Counter

import pytest

from tests.factories.sealed import open_round
from trienkhai.ledger.models import Entry
from trienkhai.sealed import queries
from trienkhai.sealed.models import SealedBox
from trienkhai.sealed.rules import KeyState, Mode

pytestmark = pytest.mark.django_db(transaction=True)


def test_everything_sent_comes_out_once_and_nothing_else_is_left() -> None:
    call = open_round()
    path = queries.open_batch(call.sealed_round).key_path
    sent = [call.send(person, f"ý kiến {number}") for number, person in enumerate(call.people)]
    assert len(set(sent)) == len(call.people)
    assert SealedBox.objects.count() == len(call.people)
    assert path.stat().st_mode & 0o777 == 0o600
    done = call.release()
    assert call.releases == [done]
    assert Counter(str(text.content["text"]) for text in done.texts) == Counter(
        f"ý kiến {number}" for number in range(len(call.people))
    )
    assert all((text.mode, text.author, text.kept_name) == (Mode.NAMELESS, "", None) for text in done.texts)
    assert not SealedBox.objects.exists()
    assert not path.exists()
    assert queries.key_state(queries.round_by_key(call.key)) is KeyState.DESTROYED
    assert list(Entry.objects.order_by("seq").values_list("action", "count"))[-2:] == [
        ("sealed.opened", 1),
        ("sealed.released", 12),
    ]
