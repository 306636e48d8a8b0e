"""Shapes of what is typed about directives."""

from collections.abc import Mapping
from typing import Any

from django import forms as django_forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from trienkhai.core import forms
from trienkhai.directives.models import Directive
from trienkhai.directives.rules import DirectiveKind, Facts, Fault, RelationKind
from trienkhai.directives.texts import KIND_NAMES, RELATION_NAMES, TEXTS
from trienkhai.files.rules import LARGEST, MEGABYTE, FileKind
from trienkhai.organisation.models import Unit

ENDINGS = (*(f".{kind}" for kind in FileKind), ".jpeg")
LONGEST_OUTLINE = 600_000


def _required(fault: Fault) -> Any:
    """The sentence for a field left empty."""
    return TEXTS[fault]


class OwnerChoice(forms.KeyChoiceField):
    """The unit whose office keeps the directive."""

    names: Mapping[int, str]

    def label_from_instance(self, obj: Unit) -> str:
        """The unit's name today."""
        return self.names.get(obj.pk, "")


class DirectiveForm(forms.Form):
    """What stands at the head of a directive."""

    kind = django_forms.ChoiceField(
        label=pgettext_lazy("of a directive", "Kind"), choices=[(k.value, name) for k, name in KIND_NAMES.items()]
    )
    number = django_forms.CharField(
        label=pgettext_lazy("of a directive", "Number"),
        max_length=60,
        help_text=_("As it is printed, like 12-NQ/TW."),
        error_messages={"required": _required(Fault.NUMBER_EMPTY)},
    )
    issued_on = forms.DayField(label=_("Issued on"), help_text=_("The day printed on it, like 16/01/2012."))
    issuer = django_forms.CharField(
        label=_("Issued by"), max_length=200, error_messages={"required": _required(Fault.ISSUER_EMPTY)}
    )
    title = django_forms.CharField(
        label=pgettext_lazy("of a directive", "Title"),
        max_length=500,
        widget=django_forms.Textarea(attrs={"rows": 2}),
        help_text=_("What it is about."),
        error_messages={"required": _required(Fault.TITLE_EMPTY)},
    )
    received_on = forms.DayField(
        label=_("Received on"), required=False, help_text=_("The day your office received it.")
    )

    def facts(self) -> Facts:
        """The values typed."""
        values = self.cleaned_data
        return Facts(
            kind=DirectiveKind(values["kind"]),
            number=values["number"],
            issuer=values["issuer"],
            issued_on=values["issued_on"],
            title=values["title"],
            received_on=values["received_on"],
        )


class CreateForm(DirectiveForm):
    """A new directive, with its first file where there is one."""

    owner = OwnerChoice(
        Unit.objects.none(),
        label=_("Kept by"),
        help_text=_("This unit and every unit below it will see the directive."),
    )
    file = forms.FileField(label=_("File"), required=False, kinds=ENDINGS, megabytes=LARGEST // MEGABYTE)

    def __init__(self, *args: Any, owners: QuerySet[Unit], names: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        if not isinstance(owner, OwnerChoice):  # pragma: no cover - says the type
            raise TypeError
        owner.names, owner.queryset = names, owners
        self.only_owner = owners.get() if len(names) == 1 else None
        if self.only_owner is not None:
            del self.fields["owner"]

    def owner_chosen(self) -> Unit:
        """The unit chosen, or the only one there is."""
        chosen: Unit = self.only_owner or self.cleaned_data["owner"]
        return chosen


class CorrectForm(DirectiveForm):
    """A directive that is there already: it stays with its unit. ``seen`` notices somebody else's change."""

    seen = django_forms.IntegerField(widget=django_forms.HiddenInput())


class ProvisionsForm(forms.Form):
    """All provisions as one text."""

    text = forms.LongTextField(
        label=_("Provisions"),
        required=False,
        rows=20,
        max_length=LONGEST_OUTLINE,
        help_text=_(
            "Paste the text. A line that begins with a number (Điều 5., I., 1., a), -) begins a provision; "
            "lines without one belong to the provision before."
        ),
    )
    seen = django_forms.IntegerField(widget=django_forms.HiddenInput())


class FileForm(forms.Form):
    """One more file."""

    file = forms.FileField(label=_("File"), kinds=ENDINGS, megabytes=LARGEST // MEGABYTE)


class DirectiveChoice(forms.KeyChoiceField):
    """One directive, by number and title."""

    def label_from_instance(self, obj: Directive) -> str:
        """Number and title."""
        return f"{obj.number} – {obj.title}"


class RelationForm(forms.Form):
    """What this directive does to another, or the other to it."""

    relation = django_forms.ChoiceField(
        label=_("This directive"),
        choices=[(f"{kind}-{way}", name) for (kind, way), name in RELATION_NAMES.items()],
        initial=f"{RelationKind.GUIDES}-to",
    )
    target = DirectiveChoice(
        label=_("Which directive?"), widget=django_forms.RadioSelect, empty_label=None, blank=False
    )

    def __init__(self, *args: Any, targets: QuerySet[Directive], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        target = self.fields["target"]
        if not isinstance(target, DirectiveChoice):  # pragma: no cover - says the type
            raise TypeError
        target.queryset = targets

    def chosen(self) -> tuple[RelationKind, bool]:
        """The kind, and whether this directive is the one that does it."""
        kind, way = self.cleaned_data["relation"].split("-")
        return RelationKind(kind), way == "to"
