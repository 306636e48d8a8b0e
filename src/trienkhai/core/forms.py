"""Fields and the form base every page uses. Input becomes NFC here and is otherwise left as typed."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, time
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import Model, QuerySet
from django.template.defaultfilters import filesizeformat
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

_DAY_FIRST = re.compile(r"(\d{1,2})[\s/.\-]+(\d{1,2})[\s/.\-]+(\d{4})\Z")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\Z")
_DIGITS = re.compile(r"(\d{2})(\d{2})(\d{4})\Z")
_HOUR = re.compile(r"(\d{1,2})(?:\s*[:hHgG.]\s*(\d{2})?)?\s*(?:phút)?\Z")
_EARLIEST_YEAR, _LATEST_YEAR = 1900, 2199
MEGABYTE = 1024 * 1024
FILL_IN, CHOOSE = _("Fill this in."), _("Choose one of the list.")
ProhibitNullCharactersValidator.message = _("There is a sign in it that cannot be kept. Type it anew.")

NOT_CLASSIFIED = _("Do not upload classified papers (Mật, Tối mật, Tuyệt mật): this software never holds them.")


class Form(forms.Form):
    """A form whose texts come back in NFC, without blanks around them."""

    use_required_attribute = False  # our own messages, in the reader's language, instead of the browser's
    template_name = "kit/fields.html"

    def __init__(self, data: Mapping[str, Any] | None = None, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(None if data is None else in_nfc(data), *args, **kwargs)
        for field in self.fields.values():
            if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                is_choice = isinstance(field, forms.ChoiceField)
                field.error_messages["required"] = CHOOSE if is_choice else FILL_IN


def in_nfc(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same values, every text composed: phones and Macs send Vietnamese letters in pieces."""
    if isinstance(data, MultiValueDict):
        return MultiValueDict({name: [_composed(value) for value in values] for name, values in data.lists()})
    return {name: _composed(value) for name, value in data.items()}


def _composed(value: Any) -> Any:
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


class DayInput(forms.TextInput):
    """A text input: browsers' own date inputs follow the browser's language, not the page's."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "numeric", "autocomplete": "off", "maxlength": "20", **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        """dd/mm/yyyy; what was typed stays as typed."""
        return f"{value:%d/%m/%Y}" if isinstance(value, date) else super().format_value(value)


class DayField(forms.Field):
    """A day: 3/2/2012, 03-02-2012, 3.2.2012, 03022012 or 2012-02-03; shown as 03/02/2012."""

    widget = DayInput
    kind = "day"
    default_error_messages = {
        "required": _("Enter the day, like 27/03/2012."),
        "invalid": _("“%(value)s” is not a day. Write it like 27/03/2012."),
        "impossible": _("There is no such day as %(value)s."),
        "too_early": _("The day must not be before %(limit)s."),
        "too_late": _("The day must not be after %(limit)s."),
    }

    def __init__(self, *, earliest: date | None = None, latest: date | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.earliest, self.latest = earliest, latest

    def to_python(self, value: Any) -> date | None:
        """The day, or ``None`` when empty."""
        if value in self.empty_values or isinstance(value, date):
            return value or None
        text = str(value).strip()
        if not text:
            return None
        if found := _YEAR_FIRST.match(text):
            year, month, day = (int(part) for part in found.groups())
        elif found := _DAY_FIRST.match(text) or _DIGITS.match(text):
            day, month, year = (int(part) for part in found.groups())
        else:
            raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": text})
        try:
            found_day = date(year, month, day)
        except ValueError:
            found_day = None
        if found_day is None or not _EARLIEST_YEAR <= year <= _LATEST_YEAR:
            raise ValidationError(self.error_messages["impossible"], code="impossible", params={"value": text})
        return found_day

    def validate(self, value: date | None) -> None:
        """Check the limits."""
        super().validate(value)
        if value is None:
            return
        if self.earliest and value < self.earliest:
            limit = f"{self.earliest:%d/%m/%Y}"
            raise ValidationError(self.error_messages["too_early"], code="too_early", params={"limit": limit})
        if self.latest and value > self.latest:
            limit = f"{self.latest:%d/%m/%Y}"
            raise ValidationError(self.error_messages["too_late"], code="too_late", params={"limit": limit})

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another day was typed, however it was written."""
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


class HourInput(forms.TextInput):
    """A text input for an hour of the day."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", "maxlength": "12", **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        """HH:MM; what was typed stays as typed."""
        return f"{value:%H:%M}" if isinstance(value, time) else super().format_value(value)


class HourField(forms.Field):
    """An hour: 7:30, 07h30, 14g, 19; shown as 07:30."""

    widget = HourInput
    kind = "hour"
    default_error_messages = {
        "required": _("Enter the hour, like 07:30."),
        "invalid": _("“%(value)s” is not an hour. Write it like 07:30."),
    }

    def to_python(self, value: Any) -> time | None:
        """The hour, or ``None`` when empty."""
        if value in self.empty_values or isinstance(value, time):
            return value or None
        text = str(value).strip()
        if not text:
            return None
        if found := _HOUR.match(text):
            try:
                return time(int(found[1]), int(found[2] or 0))
            except ValueError:
                pass
        raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": text})


class KeyChoiceField(forms.ModelChoiceField[Any]):
    """One row of a queryset, chosen by its ``key``; give only what the actor may choose."""

    default_error_messages = {
        "required": _("Choose one of the list."),
        "invalid_choice": _("Choose one of the list."),
    }

    def __init__(self, queryset: QuerySet[Any] | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", _("Choose …"))
        super().__init__(queryset, to_field_name="key", **kwargs)

    def to_python(self, value: Any) -> Model | None:
        """The row."""
        if value in self.empty_values:
            return None
        try:
            key = value.key if isinstance(value, Model) else UUID(str(value))  # type: ignore[attr-defined]
        except ValueError:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from None
        return super().to_python(key)

    def prepare_value(self, value: Any) -> Any:
        """The key, as a string."""
        return str(value.key) if isinstance(value, Model) else (str(value) if isinstance(value, UUID) else value)  # type: ignore[attr-defined]


class LongTextField(forms.CharField):
    """Text of several lines, kept as typed: blanks inside, paragraphs and line ends stay."""

    widget = forms.Textarea
    kind = "long"

    def __init__(self, *, rows: int = 6, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs["rows"] = rows

    def to_python(self, value: Any) -> str:
        """The text with the line ends of this system rather than of the browser."""
        return (super().to_python(value) or "").replace("\r\n", "\n")


class FileField(forms.FileField):
    """A file up to ``megabytes``; its hint always says that classified papers must not be uploaded."""

    kind = "file"
    default_error_messages = {
        "required": _("Choose a file."),
        "too_large": _("The file is too large: %(size)s. The limit is %(limit)s."),
        "wrong_kind": _("This kind of file cannot be taken here. Choose one of: %(kinds)s."),
        "empty": _("The file is empty."),
    }

    def __init__(self, *, megabytes: int = 20, kinds: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.megabytes, self.kinds = megabytes, kinds
        if kinds:
            self.widget.attrs["accept"] = ",".join(kinds)

    @property
    def limit_bytes(self) -> int:
        """The largest size taken."""
        return self.megabytes * MEGABYTE

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The file, checked for size and ending."""
        file = super().clean(data, initial)
        if not isinstance(file, UploadedFile):
            return file
        if (file.size or 0) > self.limit_bytes:
            params = {"size": filesizeformat(file.size or 0), "limit": filesizeformat(self.limit_bytes)}
            raise ValidationError(self.error_messages["too_large"], code="too_large", params=params)
        if self.kinds and not (file.name or "").lower().endswith(self.kinds):
            kinds = ", ".join(self.kinds)
            raise ValidationError(self.error_messages["wrong_kind"], code="wrong_kind", params={"kinds": kinds})
        return file
