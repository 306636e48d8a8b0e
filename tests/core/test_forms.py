import unicodedata
from datetime import date, time
from uuid import uuid4

import pytest
from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from trienkhai.accounts.models import User
from trienkhai.core import forms


class TextForm(forms.Form):
    title = django_forms.CharField()
    tags = django_forms.MultipleChoiceField(choices=[("Đảng viên", "")], required=False)
    note = forms.LongTextField(required=False)


@pytest.mark.parametrize(
    "typed", ["3/2/2012", "03-02-2012", " 3.2.2012 ", "03022012", "2012-02-03", "2012-2-3", "3 / 2 / 2012", "3 2 2012"]
)
def test_a_day_is_read_day_first_however_it_is_written(typed: str) -> None:
    assert forms.DayField().clean(typed) == date(2012, 2, 3)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("31/2/2012", "impossible"),
        ("2/13/2012", "impossible"),
        ("3/2/0012", "impossible"),
        ("3/2/12", "invalid"),
        ("hôm qua", "invalid"),
        ("", "required"),
        ("   ", "required"),
    ],
)
def test_what_is_not_a_day_is_named(typed: str, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        forms.DayField().clean(typed)
    assert caught.value.code == code


def test_a_day_keeps_within_its_limits() -> None:
    field = forms.DayField(earliest=date(2012, 1, 16), latest=date(2012, 12, 31))
    assert field.clean("16/01/2012") == date(2012, 1, 16)
    with pytest.raises(ValidationError, match="16/01/2012"):
        field.clean("15/01/2012")
    with pytest.raises(ValidationError, match="31/12/2012"):
        field.clean("01/01/2013")


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)))
def test_a_day_shown_is_the_day_read(day: date) -> None:
    field = forms.DayField()
    shown = forms.DayInput().format_value(day)
    assert shown is not None
    assert field.clean(shown) == day
    assert not field.has_changed(day, shown)


def test_a_wrong_day_is_shown_again_as_typed() -> None:
    field = forms.DayField()
    assert forms.DayInput().format_value("31/2/2012") == "31/2/2012"
    assert field.has_changed(date(2012, 2, 28), "31/2/2012")


@pytest.mark.parametrize(
    ("typed", "hour"),
    [("7:30", time(7, 30)), ("07h30", time(7, 30)), ("14g", time(14)), ("19", time(19)), ("7 giờ", None)],
)
def test_an_hour_is_read_as_people_write_it(typed: str, hour: time | None) -> None:
    if hour is None:
        with pytest.raises(ValidationError):
            forms.HourField().clean(typed)
    else:
        assert forms.HourField().clean(typed) == hour


@pytest.mark.parametrize("typed", ["25:00", "7:61", "sáng"])
def test_what_is_not_an_hour_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        forms.HourField().clean(typed)


def test_text_in_pieces_arrives_composed_from_a_request_and_from_a_dictionary() -> None:
    pieces = unicodedata.normalize("NFD", "Đảng uỷ phường Hoà Lạc")
    request_data = QueryDict(mutable=True)
    request_data["title"] = pieces
    request_data.setlist("tags", [unicodedata.normalize("NFD", "Đảng viên")])
    for data in (request_data, {"title": pieces, "tags": [unicodedata.normalize("NFC", "Đảng viên")]}):
        form = TextForm(data)
        assert form.is_valid(), form.errors
        assert form.cleaned_data["title"] == unicodedata.normalize("NFC", pieces)
        assert form.cleaned_data["tags"] == ["Đảng viên"]


def test_long_text_keeps_its_paragraphs() -> None:
    form = TextForm({"title": "x", "note": "Một.\r\n\r\n  Hai."})
    assert form.is_valid()
    assert form.cleaned_data["note"] == "Một.\n\n  Hai."


@pytest.mark.django_db
def test_a_row_is_chosen_by_its_key_and_only_among_those_given() -> None:
    mine, other = User.objects.create_user("mai"), User.objects.create_user("khac")
    field = forms.KeyChoiceField(User.objects.filter(pk=mine.pk))
    assert field.clean(str(mine.key)) == mine
    assert field.prepare_value(mine) == str(mine.key)
    for wrong in (str(other.key), str(uuid4()), "1", str(mine.pk), "no-key"):
        with pytest.raises(ValidationError):
            field.clean(wrong)


def test_a_file_is_checked_for_size_and_kind() -> None:
    field = forms.FileField(megabytes=1, kinds=(".pdf",))
    good = SimpleUploadedFile("Quyet dinh.PDF", b"%PDF-")
    assert field.clean(good) is good
    with pytest.raises(ValidationError) as large:
        field.clean(SimpleUploadedFile("a.pdf", b"x" * (forms.MEGABYTE + 1)))
    assert large.value.code == "too_large"
    with pytest.raises(ValidationError) as kind:
        field.clean(SimpleUploadedFile("a.exe", b"x"))
    assert kind.value.code == "wrong_kind"


def test_required_fields_ask_in_plain_words() -> None:
    form = TextForm({})
    assert form.errors["title"] == [str(forms.FILL_IN)]
