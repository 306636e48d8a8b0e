"""Joining a transaction under way, and statements written by hand."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from trienkhai.accounts.models import User
from trienkhai.core.joining import joining
from trienkhai.core.sql import as_day, as_key, fetched, listed


@joining
def make(name: str, *, fail: bool = False) -> int:
    """Write something, and perhaps fail afterwards."""
    user = User.objects.create_user(name)
    if fail:
        raise ZeroDivisionError
    return int(user.pk)


@pytest.mark.django_db
def test_inside_a_transaction_no_savepoint_is_set() -> None:
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        make("first")
    assert not [query["sql"] for query in asked if "SAVEPOINT" in query["sql"]]


@pytest.mark.django_db
def test_whoever_began_the_transaction_undoes_everything() -> None:
    @transaction.atomic
    def both() -> None:
        make("first")
        make("second", fail=True)

    with pytest.raises(ZeroDivisionError):
        both()
    assert not User.objects.filter(username__in=["first", "second"]).exists()


@pytest.mark.django_db(transaction=True)
def test_alone_it_is_a_transaction_of_its_own() -> None:
    with pytest.raises(ZeroDivisionError):
        make("alone", fail=True)
    assert not User.objects.filter(username="alone").exists()
    make("alone")
    assert User.objects.filter(username="alone").exists()


@pytest.mark.django_db
def test_rows_come_back_as_what_they_are() -> None:
    pk = make("somebody")
    user = User.objects.get(pk=pk)
    by_id = "SELECT id, key FROM accounts_user WHERE id IN ({ids}) AND username = %s"
    rows = fetched(by_id.format(ids=listed([pk, pk + 1])), ["somebody"])
    assert [(found, as_key(key)) for found, key in rows] == [(pk, user.key)]
    assert fetched(by_id.format(ids=listed([])), ["somebody"]) == []


def test_values_are_read_whichever_database_gave_them() -> None:
    key = uuid4()
    assert as_key(key) == as_key(key.hex) == key
    assert as_day(date(2012, 3, 27)) == as_day("2012-03-27") == date(2012, 3, 27)
