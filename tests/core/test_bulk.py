from datetime import date
from uuid import uuid4

import pytest
from django.db import transaction

from trienkhai.core.bulk import insert_rows, reserve_ids
from trienkhai.imports.models import ImportBatch, ImportRow
from trienkhai.organisation.models import Person

pytestmark = pytest.mark.django_db


def test_rows_come_back_as_a_model_would_have_kept_them() -> None:
    batch = ImportBatch.objects.create(
        file_name="a", kind="members", state="read", unit=uuid4(), holds_from=date(2026, 1, 1),
        uploaded_at="2026-01-01T00:00:00Z",
    )  # fmt: skip
    target = uuid4()
    fields = (
        "batch",
        "sheet",
        "line",
        "values",
        "faults",
        "decision",
        "target",
        "candidates",
        "moved_on",
        "is_decided",
    )
    values = {"name": "Nguyễn “An” \\ \t\n'", "birth": "1968"}
    rows = [
        (batch.pk, "S", 1, values, [["x", "", {}]], "moved", target, [str(target)], date(2026, 2, 1), True),
        (batch.pk, "", 2, {}, [], "new", None, [], None, False),
    ]
    assert insert_rows(ImportRow, fields, rows) == 2
    first, second = ImportRow.objects.order_by("line")
    assert (first.values, first.faults, first.target, first.moved_on) == (
        values,
        [["x", "", {}]],
        target,
        date(2026, 2, 1),
    )
    assert first.candidates == [str(target)]
    assert first.is_decided is True
    assert (second.target, second.moved_on, second.is_decided) == (None, None, False)


def test_reserved_keys_are_given_to_nobody_else() -> None:
    def one(pk: int) -> tuple[object, ...]:
        return (pk, uuid4(), f"Người {pk}", "", "", "", "", "", "")

    fields = ("id", "key", "full_name", "folded", "sort_key", "sex", "phone", "card_number", "note")
    with transaction.atomic():
        before = Person.objects.create(full_name="Trước")
        ids = reserve_ids(Person, 3)
        insert_rows(Person, fields, map(one, ids))
        after = Person.objects.create(full_name="Sau")
    assert before.pk < ids[0] < ids[-1] < after.pk
    assert len(set(ids)) == 3


def test_nothing_is_nothing() -> None:
    assert insert_rows(ImportRow, ("batch",), []) == 0
    assert reserve_ids(Person, 0) == []
