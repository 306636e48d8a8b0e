from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms as django_forms
from django.template import engines
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from trienkhai.core import forms
from trienkhai.core.templatetags import kit


def rendered(source: str, **context: object) -> str:
    return engines["django"].from_string(source).render(context, RequestFactory().get("/kit/"))


@pytest.mark.parametrize(
    ("numerator", "denominator", "vi", "en"),
    [
        (187, 187, "100%", "100%"),
        (186, 187, "99,5%", "99.5%"),
        (2999, 3000, "99,9%", "99.9%"),
        (1, 5_600_000, "0,1%", "0.1%"),
        (0, 24, "0%", "0%"),
        (1, 2, "50%", "50%"),
    ],
)
def test_per_cent_is_written_as_the_language_does(numerator: int, denominator: int, vi: str, en: str) -> None:
    with translation.override("vi"):
        assert kit.percent(numerator, denominator) == vi
    with translation.override("en"):
        assert kit.percent(numerator, denominator) == en


@given(st.integers(1, 10**7), st.data())
def test_only_all_is_a_hundred_and_only_none_is_nothing(denominator: int, data: st.DataObject) -> None:
    numerator = data.draw(st.integers(0, denominator))
    with translation.override("en"):
        written = kit.percent(numerator, denominator)
    assert (written == "100%") == (numerator == denominator)
    assert (written == "0%") == (numerator == 0)


def test_a_share_says_its_fraction_and_opens() -> None:
    with translation.override("en"):
        html = kit.share(17, 23, "late", url="/facts/", label="Studied")
    assert 'href="/facts/"' in html
    assert "17/23" in html
    assert "Studied: 17 of 23, 73.9%" in html
    assert 'class="share share-late"' in html
    assert "style" not in html


@pytest.mark.parametrize(("numerator", "denominator", "words"), [(0, 0, "nobody owes this"), (3, None, "not known")])
def test_a_share_without_a_denominator_says_why(numerator: int, denominator: int | None, words: str) -> None:
    with translation.override("en"):
        html = kit.share(numerator, denominator)
    assert words in html
    assert "%" not in html


def test_names_in_tags_are_escaped() -> None:
    assert "<script>" not in kit.state("late", "<script>")
    assert "<script>" not in kit.share(1, 2, label="<script>", url='"><script>')
    assert "<script>" not in rendered("{% notice 'late' name %}{{ name }}{% endnotice %}", name="<script>")
    assert "<script>" not in rendered(
        "{% key_values %}{% kv name %}{{ name }}{% endkv %}{% endkey_values %}", name="<script>"
    )
    assert "<script>" not in rendered("{% copy_text name %}", name="</textarea><script>")


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (date(2012, 2, 3), date(2012, 11, 1), "03/02/2012 to 31/10/2012"),
        (date(2012, 2, 3), date(2012, 2, 4), "03/02/2012"),
        (date(2012, 2, 3), None, "since 03/02/2012"),
        (None, date(2012, 11, 1), "until 31/10/2012"),
        (None, None, "always"),
    ],
)
def test_a_period_is_shown_with_its_last_day(start: date | None, end: date | None, words: str) -> None:
    with translation.override("en"):
        html = str(kit.period(start, end))
    text = "".join(part.split(">")[-1] for part in html.split("<"))
    assert text == words


def test_a_moment_is_shown_in_local_time() -> None:
    assert ">07:30 28/10/2012<" in str(kit.moment(datetime(2012, 10, 28, 0, 30, tzinfo=UTC)))
    assert ">28/10/2012<" in str(kit.day(datetime(2012, 10, 27, 18, 0, tzinfo=UTC)))
    assert kit.day(None) == "–"


@pytest.mark.parametrize(("deadline", "words"), [(31, "3 days left"), (28, "today"), (27, "1 day late")])
def test_a_deadline_says_how_far_off_it_is(deadline: int, words: str) -> None:
    with translation.override("en"):
        assert words in str(kit.deadline(date(2012, 10, deadline), date(2012, 10, 28)))


def test_numbers_are_grouped() -> None:
    with translation.override("vi"):
        assert kit.number(5_600_000) == "5.600.000"
        assert kit.number(Decimal("1234.5")) == "1.234,5"
    assert kit.number(None) == "–"


def test_every_icon_can_be_drawn() -> None:
    icons = sorted(path.stem for path in (Path(kit.__file__).parent.parent / "icons").glob("*.svg"))
    assert len(icons) > 50
    for name in icons:
        assert kit.icon(name).endswith("</svg>")
    assert 'aria-label="Gọi"' in kit.icon("phone", "Gọi")
    with pytest.raises(ValueError, match="No icon"):
        kit.icon("../storage")


class SampleForm(forms.Form):
    day = forms.DayField(label="Ngày", help_text="Như trên văn bản")
    way = django_forms.ChoiceField(label="Cách", choices=[("a", "A"), ("b", "B")], widget=django_forms.RadioSelect)
    scan = forms.FileField(label="Bản quét", required=False)
    hidden = django_forms.CharField(widget=django_forms.HiddenInput, required=False)


def test_a_faulty_form_links_each_fault_to_its_input() -> None:
    form = SampleForm({"day": "31/2/2012"})
    html = rendered("{% post_form form=form %}{% fields form %}{% endpost_form %}", form=form)
    assert 'role="alert"' in html
    assert '<a href="#id_day">' in html
    assert '<a href="#id_way_0">' in html
    assert 'aria-describedby="id_day_helptext id_day_error"' in html
    assert 'id="id_day_error"' in html
    assert 'enctype="multipart/form-data"' in html
    assert "csrfmiddlewaretoken" in html
    assert 'value="31/2/2012"' in html
    assert html.count('name="hidden"') == 1


def test_a_fresh_form_has_no_summary_and_warns_of_classified_papers() -> None:
    html = rendered("{% post_form form=form guard=True %}{% fields form %}{% endpost_form %}", form=SampleForm())
    assert 'role="alert"' not in html
    assert str(forms.NOT_CLASSIFIED) in html
    assert "data-guard" in html
    assert "<fieldset" in html


def test_a_hint_given_in_the_template_is_named_by_its_input() -> None:
    html = rendered('{% field form.day hint="Ngày ký" %}', form=SampleForm())
    assert "Ngày ký" in html
    assert 'aria-describedby="id_day_helptext"' in html


def test_a_refused_button_is_shown_with_its_reason_and_posts_nothing() -> None:
    html = rendered('{% post_button "/x/" "Chốt" refused="Còn 3 chi bộ" %}')
    assert "disabled" in html
    assert "Còn 3 chi bộ" in html
    assert "<form" not in html
    assert "<form" in rendered('{% post_button "/x/" "Chốt" sign="check" name="way" value="all" %}')
