"""Shapes of what is typed about comments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from trienkhai.comments.forms.finding import Found, find, is_long, shortened, with_value
from trienkhai.comments.queries.subjects import Choice
from trienkhai.comments.rules import (
    About,
    AuthorKind,
    Channel,
    Promise,
    Said,
    Subject,
)
from trienkhai.comments.texts import (
    AUTHOR_NAMES,
    CHANNEL_NAMES,
    PROMISE_NAMES,
)
from trienkhai.core import forms
from trienkhai.sealed.rules import Below, Unlock

SHORTEST_ROWS = 3
LONGEST_OPTION = 110
FIND = "find-"
"""Before the number of a row, in the button that looks for measures in it."""
GROUPS = {
    About.PLAN: _("Plan"),
    About.MEASURE: _("Measures of the plan"),
    About.BODY: _("Bodies"),
    About.PERSON: _("Persons"),
    About.FREE: _("Something else"),
}


def options(choices: Sequence[Choice]) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be commented on, as a list in parts; measures under their plan where there are several."""
    plans = {choice.within for choice in choices if choice.about is About.MEASURE}
    parts: dict[str, list[tuple[str, str]]] = {}
    for choice in choices:
        part = str(GROUPS[choice.about])
        if choice.about is About.MEASURE and len(plans) > 1:
            part = f"{part}: {cut(choice.within)}"
        parts.setdefault(part, []).append((choice.key, cut(choice.title or gettext("Nothing in particular"))))
    return list(parts.items())


def cut(title: str) -> str:
    """A title as long as an option can be."""
    return title if len(title) <= LONGEST_OPTION else f"{title[:LONGEST_OPTION].rsplit(' ', 1)[0]} …"


@dataclass(frozen=True)
class PointFields:
    """One point's fields. ``find``: to look for a measure, where there are too many for a list; ``found``: of it.

    ``more``: what a form asks besides, of each.
    """

    number: str
    about: BoundField
    text: BoundField
    find: BoundField | None
    found: Found
    more: tuple[BoundField, ...] = ()


class PointsForm(forms.Form):
    """Points: for each, what it is about and the words; rows left empty do not count.

    Of a plan with very many measures the list shows those chosen and those looked for; any of them can be sent.
    """

    words = _("Your comment")
    more_words = _("Another comment")
    rows = django_forms.IntegerField(widget=django_forms.HiddenInput, min_value=1, max_value=100)

    def __init__(
        self, *args: Any, choices: Sequence[Choice], most: int, longest: int, first: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.choices_by_key = {choice.key: choice for choice in choices}
        self.measures = {choice.key: choice.title for choice in choices if choice.about is About.MEASURE}
        self.found: dict[int, Found] = {}
        asked = str(self.data.get("rows", "")) if self.is_bound else ""
        wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 1  # noqa: PLR2004 - digits
        self.number = min(max(1, wanted + (self.data.get("more") == "1")), most)
        if self.is_bound:  # the hidden number is shown as it was sent, unless that is put right
            self.data = with_value(self.data, "rows", str(self.number))
        start = first if first in self.choices_by_key else (choices[0].key if choices else "")
        if self.is_bound and self.data.get("more", "").startswith(FIND):
            self._look_for(self.data["more"].removeprefix(FIND))
        for n in range(self.number):
            self.fields[f"about-{n}"] = self._about(n, start)
            if is_long(self.measures):
                self.fields[f"find-{n}"] = django_forms.CharField(
                    label=_("Find a measure"), help_text=_("Its number, or words in it"), required=False, max_length=80
                )
            self.fields[f"text-{n}"] = forms.LongTextField(
                label=self.more_words if n else self.words,
                required=False,
                strip=False,
                rows=6,
                max_length=longest,
            )
            # Browsers have spelling looked at elsewhere.
            self.fields[f"text-{n}"].widget.attrs |= {"spellcheck": "false", "autocomplete": "off"}

    def _look_for(self, row: str) -> None:
        """Look for the measures asked for in a row, and choose the first of them there."""
        found = find(self.measures, self.data.get(f"find-{row}", "")[:80])
        if row.isascii() and row.isdecimal():
            self.found[int(row[:3])] = found
        if found.keys:
            self.data = with_value(self.data, f"about-{row}", found.keys[0])

    def _about(self, row: int, start: str) -> django_forms.ChoiceField:
        """What a row can be about: anything may be sent, the list shows what it can hold."""
        everything = list(self.choices_by_key.values())
        field = django_forms.ChoiceField(label=_("About"), choices=options(everything), initial=start, required=False)
        found = self.found.get(row, Found())
        chosen = self.data.get(f"about-{row}", "") if self.is_bound else start
        shown = shortened(self.measures, kept=[chosen, *found.keys])
        few = [one for one in everything if one.about is not About.MEASURE or one.key in shown]
        field.widget.choices = options(few)
        return field

    def points(self) -> list[PointFields]:
        """The bound fields, row by row."""
        return [
            PointFields(
                str(n + 1),
                self[f"about-{n}"],
                self[f"text-{n}"],
                self[f"find-{n}"] if f"find-{n}" in self.fields else None,
                self.found.get(n, Found()),
            )
            for n in range(self.number)
        ]

    def said(self) -> list[Said]:
        """The points that have words."""
        return [said for n in range(self.number) if (said := self.said_in(n)) is not None]

    def said_in(self, row: int) -> Said | None:
        """The point of a row, where it has words."""
        text = self.cleaned_data.get(f"text-{row}") or ""
        choice = self.choices_by_key.get(self.cleaned_data.get(f"about-{row}") or "")
        return Said(choice.subject, text.strip("\n")) if text.strip() and choice is not None else None

    def keys(self) -> dict[Subject, str]:
        """The opaque key of each subject."""
        return {choice.subject: choice.key for choice in self.choices_by_key.values()}

    def titles(self) -> list[tuple[str, str]]:
        """The points that have words, with what each is about, to be read again."""
        titles = {choice.subject: choice.title for choice in self.choices_by_key.values()}
        return [(titles[point.subject] or gettext("Nothing in particular"), point.text) for point in self.said()]


class WritingForm(PointsForm):
    """One's own comment: the promise, then the points, then what is to happen among too few."""

    promise = django_forms.ChoiceField(label=_("How do you want to say it?"), widget=django_forms.RadioSelect)
    below = django_forms.ChoiceField(label=_("If too few people write without a name"), widget=django_forms.RadioSelect)

    def __init__(self, *args: Any, offered: Sequence[Promise], threshold: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        promise, below = self.fields["promise"], self.fields["below"]
        assert isinstance(promise, django_forms.ChoiceField)  # noqa: S101 - narrows the type
        assert isinstance(below, django_forms.ChoiceField)  # noqa: S101 - likewise
        promise.choices = [(one.value, PROMISE_NAMES[one]) for one in offered]
        if len(offered) == 1:
            promise.initial = offered[0].value
        if Promise.WITHOUT_A_NAME not in offered:
            del self.fields["below"]
        else:
            few = {"n": threshold}
            below.choices = [
                (Below.DESTROY.value, _("Fewer than %(n)s: destroy mine unread") % few),
                (Below.RELEASE.value, _("Fewer than %(n)s: hand it over all the same; it might be guessed") % few),
            ]
            below.initial = Below.DESTROY.value

    def chosen(self) -> Promise:
        """The promise chosen."""
        return Promise(self.cleaned_data["promise"])

    def wanted_below(self) -> Below:
        """What is to happen among too few; destroying unless its author said otherwise."""
        return Below(self.cleaned_data.get("below") or Below.DESTROY)


class EnteringForm(PointsForm):
    """What somebody said who has no screen: how it came, who told it."""

    words = _("What was said")
    more_words = _("What else was said")
    channel = django_forms.ChoiceField(
        label=_("How it came"),
        choices=[(one.value, CHANNEL_NAMES[one]) for one in Channel if one is not Channel.SCREEN],
    )
    told_by = django_forms.CharField(label=_("Who told it, if not the author"), max_length=150, required=False)


class IntakeForm(EnteringForm):
    """An entry of the intake book."""

    received_on = forms.DayField(label=_("Received on"))
    author_kind = django_forms.ChoiceField(
        label=_("Whose comment is it?"),
        choices=[(one.value, AUTHOR_NAMES[one]) for one in AuthorKind],
        widget=django_forms.RadioSelect,
    )
    person = django_forms.CharField(
        label=_("Name of the person"),
        help_text=_("For a member, or somebody else in your lists: as it is written there."),
        required=False,
        max_length=120,
    )
    unit = forms.KeyChoiceField(label=_("The unit that speaks"), required=False, empty_label=_("none of the tree"))
    author = django_forms.CharField(
        label=_("Name and place as written"),
        help_text=_("For residents, and for units that are not in the tree."),
        required=False,
        max_length=200,
    )
    people_behind = django_forms.IntegerField(
        label=_("How many people stand behind it"), required=False, min_value=0, max_value=1_000_000
    )
    call = forms.KeyChoiceField(label=_("In answer to"), required=False, empty_label=_("nothing: it came unasked"))
    reviewed_by = forms.KeyChoiceField(
        label=_("When it is about a person: the body that reviews them"), required=False, empty_label=_("–")
    )


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = django_forms.CharField(label=_("Why"), max_length=250)


class PassphraseForm(forms.Form):
    """A holder's passphrase, typed twice; ``old`` when there is one already."""

    old = django_forms.CharField(
        label=_("The passphrase you have now"),
        required=False,
        strip=False,
        widget=django_forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    passphrase = django_forms.CharField(
        label=_("Passphrase"),
        help_text=_("Four or five words nobody would guess. It is not your password, and nobody can reset it."),
        strip=False,
        widget=django_forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = django_forms.CharField(
        label=_("The same again"),
        strip=False,
        widget=django_forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        """Both are the same."""
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("passphrase", again):
            raise django_forms.ValidationError(_("The two are not the same."))
        return again


class UnlockForm(forms.Form):
    """Two holders, each with a passphrase; a key file is pasted or chosen as a file."""

    def __init__(self, *args: Any, holders: Mapping[str, str], files: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key_files = set(files)
        shown = [("", _("Choose …")), *holders.items()]
        keys = list(holders)
        for n in (1, 2):
            self.fields[f"holder_{n}"] = django_forms.ChoiceField(
                label=_("First holder") if n == 1 else _("Second holder"),
                choices=shown,
                initial=keys[n - 1] if len(keys) >= n else "",
            )
            self.fields[f"passphrase_{n}"] = django_forms.CharField(
                label=_("Passphrase"),
                strip=False,
                required=not files,
                widget=django_forms.PasswordInput(attrs={"autocomplete": "off"}),
            )
        if files:
            self.fields["key_file"] = django_forms.FileField(
                label=_("Key file of the office"),
                required=False,
                widget=django_forms.FileInput(attrs={"accept": ".txt"}),
            )

    def unlocks(self) -> list[Unlock]:
        """What the two typed."""
        upload = self.cleaned_data.get("key_file")
        content = upload.read(10_000).decode("utf-8", "replace").strip() if upload else ""
        found = []
        for n in (1, 2):
            holder = self.cleaned_data[f"holder_{n}"]
            typed = self.cleaned_data[f"passphrase_{n}"]
            found.append(Unlock(UUID(holder), content if holder in self.key_files and content else typed))
        return found


class ReceiptForm(forms.Form):
    """A receipt: sixteen signs, however they are typed."""

    code = django_forms.CharField(
        label=_("Your receipt"),
        max_length=40,
        help_text=_("Sixteen signs, for example ABCD-EFGH-IJKL-MNOP."),
        widget=django_forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
