"""What is in a backup made in the middle of a call, and what happens when it is restored."""

import argparse
import tarfile
from pathlib import Path

import pytest
from django.conf import settings

from tests.factories.sealed import AT, open_round
from trienkhai.config.commands import backup
from trienkhai.sealed import actions, queries
from trienkhai.sealed.jobs import keep_keys_destroyed
from trienkhai.sealed.models import SealedBatch

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_backup_in_the_middle_of_a_call_holds_boxes_and_no_key(tmp_path: Path) -> None:
    call = open_round()
    call.send(call.people[0], "chỉ mình tôi biết")
    path = queries.open_batch(call.sealed_round).key_path
    unlocked = actions.unlock(round_key=call.key, unlocks=[one.unlock for one in call.releasers], actor=None, at=AT)
    assert path.is_relative_to(settings.TRIENKHAI_DATA_FOLDER)
    assert backup.run(argparse.Namespace(path=tmp_path / "backup.tar")) == 0
    content = (tmp_path / "backup.tar").read_bytes()
    with tarfile.open(tmp_path / "backup.tar") as archive:
        assert not [name for name in archive.getnames() if "calls" in name or path.stem in name]
    for secret in (path.read_bytes()[40:], unlocked.private, "chỉ mình tôi biết".encode(), "thấm lâu".encode()):
        assert secret not in content
    call.release()


def test_the_worker_destroys_what_a_crash_has_left() -> None:
    call = open_round()
    batch = queries.open_batch(call.sealed_round)
    content = batch.key_path.read_bytes()
    call.release()
    batch.key_path.write_bytes(content)
    assert [fault.code for fault in queries.check_keys()] == ["call_key_left"]
    assert keep_keys_destroyed() == 1
    assert not SealedBatch.objects.get(pk=batch.pk).has_key
