"""Names and sentences for this app's codes."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from trienkhai.core.pages import Text
from trienkhai.programmes.policies import Reason
from trienkhai.programmes.rules import Fault, ProgrammeKind

KIND_NAMES: dict[ProgrammeKind, Text] = {
    ProgrammeKind.MOVEMENT: _("Movement"),
    ProgrammeKind.CAMPAIGN: _("Campaign"),
    ProgrammeKind.EXAMPLE: _("Studying and following an example"),
    ProgrammeKind.SCHEME: _("Scheme or programme of work"),
    ProgrammeKind.OTHER: pgettext_lazy("kind of programme", "Another subject"),
}
TEXTS: dict[str, Text] = {
    Reason.NOT_THE_OFFICE: _("Only the office or the secretary of the unit that leads this programme may change it."),
    Fault.NAME_EMPTY: _("Enter the name."),
    Fault.TOO_LONG: _("This is too long: at most %(limit)s characters."),
    Fault.DAYS_OUT_OF_ORDER: _("The last day lies before the first."),
    Fault.ALREADY_THERE: _("“%(name)s” is already in the list for these days."),
    Fault.CHANGED_MEANWHILE: _(
        "Somebody else has changed this programme meanwhile. Nothing was saved; what you typed is still here. "
        "Open the programme in another window, compare, and save again."
    ),
    Fault.IN_USE: _("It cannot be removed: measures or meetings are tied to it. Enter its last day instead."),
}
