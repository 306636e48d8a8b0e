from enum import StrEnum

import pytest
from django import forms as django_forms
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.utils import translation

from trienkhai.accounts.models import User
from trienkhai.core import forms, pages
from trienkhai.core.decisions import Decision, Invalid, Refused


class Reason(StrEnum):
    TOO_SOON = "test_too_soon"
    UNSAID = "test_unsaid"


@pytest.fixture(autouse=True)
def texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        pages, "_texts", {**pages._texts, "test_too_soon": "Not before %(day)s.", "test_plain": "100% wrong"}
    )
    monkeypatch.setattr(pages, "_statuses", dict(pages._statuses))


def test_a_code_is_explained_in_words() -> None:
    assert pages.explain(Refused(Reason.TOO_SOON, day="01/02/2012")) == "Not before 01/02/2012."
    assert pages.explain(Refused("test_plain")) == "100% wrong"
    assert pages.explain(Decision()) == ""
    with translation.override("vi"):
        assert pages.explain(Refused(Reason.TOO_SOON, day=500_000)) == "Not before 500.000."
    with translation.override("en"):
        assert "test_unsaid" in pages.explain(Decision(Reason.UNSAID))


def test_a_status_follows_the_kind_of_error_unless_registered() -> None:
    assert pages.status_of(Refused(Reason.UNSAID)) == 403
    assert pages.status_of(Invalid(Reason.UNSAID)) == 422
    assert pages.status_of(Refused("not_visible")) == 404
    assert pages.status_of(Refused("clock_set_back")) == 503


class DayForm(forms.Form):
    ends_on = forms.DayField()
    name = django_forms.CharField(required=False)


def test_a_fault_is_shown_at_the_field_it_names() -> None:
    form = DayForm({"ends_on": "1/2/2012"})
    assert form.is_valid()
    pages.form_error(form, Invalid(Reason.TOO_SOON, on="ends_on", day="x"))
    pages.form_error(form, Invalid(Reason.UNSAID, on="not_there"))
    pages.form_error(form, Refused("test_plain"))
    assert form.errors["ends_on"] == ["Not before x."]
    assert len(form.non_field_errors()) == 2


def test_pages_of_a_list() -> None:
    request = RequestFactory().get("/?q=ho%C3%A0&page=2")
    page = pages.paginate(request, list(range(101)), per_page=50)
    assert list(page) == list(range(50, 100))
    assert (page.number, page.last, page.total) == (2, 3, 101)
    assert page.previous_url == "?q=ho%C3%A0&page=1"
    assert page.next_url == "?q=ho%C3%A0&page=3"


@pytest.mark.parametrize(("asked", "number"), [("0", 1), ("-1", 1), ("x", 1), ("999", 3), ("٣", 1)])
def test_a_page_out_of_range_gives_the_nearest(asked: str, number: int) -> None:
    page = pages.paginate(RequestFactory().get("/", {"page": asked}), list(range(101)), per_page=50)
    assert page.number == number


@pytest.mark.parametrize("asked", ["1", "٣", "x", "0"])
def test_an_uncounted_list_knows_only_what_follows(asked: str) -> None:
    page = pages.paginate(RequestFactory().get("/", {"page": asked}), list(range(101)), per_page=50, counted=False)
    assert (len(page), page.last, page.has_next, page.previous_url) == (50, None, True, "")
    last = pages.paginate(RequestFactory().get("/?page=3"), list(range(101)), per_page=50, counted=False)
    assert (list(last), last.next_url) == ([100], "")


@pytest.mark.urls("tests.core.urls")
def test_the_navigation_shows_what_is_open_and_marks_the_nearest() -> None:
    pages.register_navigation("b", "Sign-in", "account_login", order=20, visible=lambda _request: True)
    pages.register_navigation("a", "Password", "account_reset_password", order=10, visible=lambda _request: True)
    pages.register_navigation("c", "Mine", "account_change_password", order=5)
    request = RequestFactory().get("/accounts/login/")
    request.user = AnonymousUser()
    links = pages.navigation_for(request)
    assert [(str(link.label), link.is_current) for link in links] == [("Password", False), ("Sign-in", True)]
    request.user = User(username="mai")
    assert len(pages.navigation_for(request)) == 3


@pytest.mark.parametrize("typed", ["", "x", "-1", "²", "٣", "9" * 30, "9" * 5_000, "1\x00"])
def test_a_page_that_is_no_number_is_a_page_there_is(rf: RequestFactory, typed: str) -> None:
    request = rf.get("/", {"page": typed})
    assert pages.paginate(request, list(range(120))).number in {1, 3}
    assert pages.paginate(request, list(range(120)), counted=False).number in {1, 1_000_000}
    assert pages.whole_number(typed, default=-1) == -1
