"""Shapes of what is typed about meetings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from trienkhai.core import forms
from trienkhai.meetings.queries.pages import RosterRow
from trienkhai.meetings.rules import LONGEST_MINUTES, Mark, MaterialKind, MeetingForm, Presence, RosterGroup, Source
from trienkhai.meetings.texts import FORM_NAMES, SOURCE_NAMES
from trienkhai.organisation.models import Unit

PICTURES = (".jpg", ".jpeg", ".png")
DOCUMENTS = (".pdf", ".docx", ".doc", ".odt", ".xlsx", ".txt", *PICTURES)
BY_HAND = (Source.ROLL_CALL, Source.SHEET, Source.TELEPHONE)
"""Sources somebody at a form can name."""


class NamedUnits(django_forms.ModelMultipleChoiceField[Unit]):
    """Units by key, shown under the names they have on a day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Unit.objects.none(), to_field_name="key", widget=django_forms.CheckboxSelectMultiple, **kwargs)

    def offer(self, names: Mapping[UUID, str], units: QuerySet[Unit]) -> None:
        """Set what may be chosen, in the order of ``names``."""
        self.queryset = units
        self.choices = [(str(key), name) for key, name in names.items()]


@dataclass(frozen=True)
class Choices:
    """What a reader may choose: hosts and units with seats, by key, under their names."""

    hosts: Mapping[UUID, str]
    guests: Mapping[UUID, str]
    units: QuerySet[Unit]
    programmes: Mapping[UUID, str] = field(default_factory=dict)


class MeetingForm_(forms.Form):  # noqa: N801 - MeetingForm is how people meet
    """A meeting planned or changed."""

    key = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)
    host = django_forms.ChoiceField(label=_("Which unit holds it"))
    title = django_forms.CharField(label=_("What it is about"), max_length=300)
    held_on = forms.DayField(label=_("Day"), help_text=_("For example 27/03/2012"))
    begins_at = forms.HourField(label=_("Hour"), required=False)
    minutes = django_forms.IntegerField(
        label=_("Length in minutes"), required=False, min_value=1, max_value=LONGEST_MINUTES
    )
    form = django_forms.ChoiceField(label=_("How people meet"), widget=django_forms.RadioSelect)
    venue = django_forms.CharField(label=_("Where"), max_length=250, required=False)
    presenter = django_forms.CharField(label=_("Who presents"), max_length=200, required=False)
    all_below = django_forms.BooleanField(label=_("Seats for every unit below"), required=False)
    seats = NamedUnits(label=_("Units with seats"), required=False)
    programmes = django_forms.MultipleChoiceField(
        label=_("Tied to"),
        required=False,
        widget=django_forms.CheckboxSelectMultiple,
        help_text=_("Movements and campaigns the meeting is part of; it then stands on their pages."),
    )

    def __init__(self, *args: Any, offered: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        host, form, seats = self.fields["host"], self.fields["form"], self.fields["seats"]
        assert isinstance(host, django_forms.ChoiceField)  # noqa: S101 - narrows the type
        assert isinstance(form, django_forms.ChoiceField)  # noqa: S101 - narrows the type
        assert isinstance(seats, NamedUnits)  # noqa: S101 - narrows the type
        host.choices = [(str(key), name) for key, name in offered.hosts.items()]
        form.choices = [(value, FORM_NAMES[value]) for value in MeetingForm]
        seats.offer(offered.guests, offered.units)
        self.has_seats = bool(offered.guests)
        programmes = self.fields["programmes"]
        assert isinstance(programmes, django_forms.MultipleChoiceField)  # noqa: S101 - narrows the type
        programmes.choices = [(str(key), name) for key, name in offered.programmes.items()]
        self.has_programmes = bool(offered.programmes)
        if len(offered.hosts) == 1:
            host.widget = django_forms.HiddenInput()
            host.initial = str(next(iter(offered.hosts)))

    def facts(self) -> dict[str, Any]:
        """What was typed of the meeting itself."""
        names = ("title", "held_on", "begins_at", "minutes", "venue", "presenter")
        said = {name: self.cleaned_data[name] for name in names}
        return {**said, "form": MeetingForm(self.cleaned_data["form"])}


class SourceForm(forms.Form):
    """How the roll came here, and on which day the meeting was."""

    source = django_forms.ChoiceField(
        label=_("How the roll came here"),
        widget=django_forms.RadioSelect,
        choices=[(s, SOURCE_NAMES[s]) for s in BY_HAND],
    )
    told_by = django_forms.CharField(label=_("Who told it"), max_length=150, required=False)
    held_on = forms.DayField(label=_("Day the meeting was held"), required=False)
    seen = django_forms.IntegerField(widget=django_forms.HiddenInput, min_value=0)
    sending = django_forms.UUIDField(widget=django_forms.HiddenInput)


class GuestForm(forms.Form):
    """A guest, by name."""

    key = django_forms.UUIDField(widget=django_forms.HiddenInput)
    name = django_forms.CharField(label=_("Guest’s name"), max_length=150)


class NotesForm(forms.Form):
    """Discussion notes."""

    seen = django_forms.IntegerField(widget=django_forms.HiddenInput, min_value=0)
    notes = forms.LongTextField(label=_("Discussion notes"), rows=16, required=False, strip=False, max_length=200_000)


class MaterialForm(forms.Form):
    """A file of the meeting."""

    file = forms.FileField(label=_("File"), kinds=DOCUMENTS, megabytes=20)
    caption = django_forms.CharField(label=_("What it shows"), max_length=250, required=False)

    def kind(self) -> MaterialKind:
        """Pictures by their ending."""
        name = str(self.cleaned_data["file"].name).lower()
        return MaterialKind.PICTURE if name.endswith(PICTURES) else MaterialKind.DOCUMENT


class CancelForm(forms.Form):
    """Why a meeting is cancelled."""

    because = django_forms.CharField(label=_("Why"), max_length=250)


class MakeUpForm(forms.Form):
    """The day of a make-up session."""

    key = django_forms.UUIDField(widget=django_forms.HiddenInput)
    held_on = forms.DayField(label=_("Day of the make-up session"), help_text=_("For example 27/03/2012"))


# --- the roll itself ------------------------------------------------------------------------------------------------

AWAY = (Presence.ABSENT, Presence.ABSENT_EXCUSED, Presence.LATE, Presence.LEFT_EARLY)
"""What somebody not simply present can be, in the order offered."""


@dataclass(frozen=True)
class RollRow:
    """A row of the roll: who, whether ticked as present, and what instead."""

    row: RosterRow
    here: bool
    what: Presence
    why: str

    @classmethod
    def first(cls, row: RosterRow, *, preset: bool) -> "RollRow":
        """As the page opens: what the roll says; with ``preset`` members nobody has marked are ticked."""
        mark = row.mark
        if row.group is not RosterGroup.MEMBER:
            return cls(row, here=bool(mark and mark.attended), what=Presence.ABSENT, why="")
        if mark is None:
            return cls(row, here=preset, what=Presence.ABSENT, why="")
        is_here = mark.presence is Presence.PRESENT
        return cls(row, here=is_here, what=Presence.ABSENT if is_here else mark.presence, why=mark.reason)

    @classmethod
    def typed(cls, row: RosterRow, data: QueryDict) -> "RollRow":
        """As it was sent. A reason typed for somebody away means away with a reason."""
        here = f"here-{row.key}" in data
        typed = data.get(f"what-{row.key}", "")
        what = Presence(typed) if typed in {one.value for one in AWAY} else Presence.ABSENT
        why = data.get(f"why-{row.key}", "").strip()[:200]
        return cls(row, here, Presence.ABSENT_EXCUSED if what is Presence.ABSENT and why else what, why)

    def mark(self) -> Mark | None:
        """What it says of the person; ``None`` to leave them as they are.

        Somebody who is no member owes nothing: unticked and unmarked they are simply not spoken of.
        """
        if self.row.group is RosterGroup.MEMBER:
            return Mark(Presence.PRESENT) if self.here else Mark(self.what, self.why)
        before = self.row.mark
        if self.here:
            return before if before and before.attended else Mark(Presence.PRESENT)
        return Mark(Presence.ABSENT) if before and before.attended else None


def first_rows(rows: Iterable[RosterRow], *, preset: bool = True) -> list[RollRow]:
    """The roll as the page opens."""
    return [RollRow.first(row, preset=preset) for row in rows]


def typed_rows(rows: Iterable[RosterRow], data: QueryDict) -> list[RollRow]:
    """The roll as sent; rows that were not on the sent page are left as they are."""
    sent = set(data.getlist("place"))
    return [RollRow.typed(row, data) if str(row.key) in sent else RollRow.first(row, preset=False) for row in rows]


def marks_of(rows: Iterable[RollRow], data: QueryDict) -> dict[UUID, Mark]:
    """The marks sent, by place. Places no longer on the roster are among them, so that the action can say so."""
    by_key = {str(row.row.key): row for row in rows}
    marks: dict[UUID, Mark] = {}
    for place in data.getlist("place"):
        if place in by_key:
            mark = by_key[place].mark()
            if mark is not None:
                marks[by_key[place].row.key] = mark
        elif key := _uuid(place):
            marks[key] = Mark(Presence.PRESENT)
    return marks


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def default_source(held_on: date, today: date) -> Source:
    """Called in the room on the day itself; afterwards most likely from the sheet."""
    return Source.ROLL_CALL if held_on >= today else Source.SHEET
