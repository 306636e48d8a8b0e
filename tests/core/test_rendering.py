"""Fields written at once are the ones Django writes."""

from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from trienkhai.core.rendering import Renderer

HARD = '"Đỗ" & <b>Lê</b>\'s'
CHOICES: list[tuple[Any, Any]] = [("", _("None")), ("a", HARD), ("b", mark_safe("<i>b</i>")), (3, "drei")]
GROUPED: list[tuple[Any, Any]] = [("", "–"), (HARD, [("x", "X"), ("y", HARD)]), ("z", "Z")]
NUMBERED: list[tuple[Any, Any]] = [(1, 1234567), (2, "two")]
ATTRIBUTES: list[dict[str, Any]] = [
    {},
    {
        "id": "id_f",
        "class": HARD,
        "required": True,
        "disabled": False,
        "maxlength": 1500,
        "data-x": mark_safe("a&amp;b"),
    },
]
WIDGETS: list[tuple[forms.Widget, list[Any]]] = [
    (forms.TextInput(), ["", None, HARD, 1234567, mark_safe("a &amp; b")]),
    (forms.HiddenInput(), ["", HARD, 7]),
    (forms.NumberInput(), [None, 1234567, "1,5"]),
    (forms.EmailInput(), [HARD]),
    (forms.PasswordInput(), [HARD, None]),
    (forms.CheckboxInput(), [True, False, "yes"]),
    (forms.Select(choices=CHOICES), [None, "a", "3", HARD]),
    (forms.Select(choices=GROUPED), [None, "y", "z"]),
    (forms.Select(choices=NUMBERED), [None, 1]),
    (forms.NullBooleanSelect(), [None, True]),
    (forms.SelectMultiple(choices=CHOICES), [[], ["a", "b"]]),
    (forms.RadioSelect(choices=CHOICES), ["a"]),
    (forms.CheckboxSelectMultiple(choices=GROUPED), [["x"]]),
    (forms.Textarea(), [HARD]),
    (forms.DateInput(), ["27/03/2012"]),
    (forms.ClearableFileInput(), [None]),
]


@pytest.mark.parametrize(("widget", "values"), WIDGETS, ids=[type(widget).__name__ for widget, _values in WIDGETS])
def test_markup_is_the_same_to_the_letter(widget: forms.Widget, values: list[Any]) -> None:
    for value in values:
        for attributes in ATTRIBUTES:
            ours = widget.render("field", value, attrs=dict(attributes), renderer=Renderer())
            theirs = widget.render("field", value, attrs=dict(attributes), renderer=DjangoTemplates())
            assert ours == theirs
            assert hasattr(ours, "__html__")


def test_forms_use_it() -> None:
    assert isinstance(forms.Form().renderer, Renderer)
