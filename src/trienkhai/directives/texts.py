"""Names and sentences for this app's codes."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from trienkhai.core.pages import Text
from trienkhai.directives.policies import Reason
from trienkhai.directives.rules import DirectiveKind, Fault, RelationKind

KIND_NAMES: dict[DirectiveKind, Text] = {
    DirectiveKind.RESOLUTION: _("Resolution"),
    DirectiveKind.INSTRUCTION: _("Instruction"),
    DirectiveKind.CONCLUSION: _("Conclusion"),
    DirectiveKind.REGULATION: _("Regulation"),
    DirectiveKind.GUIDANCE: _("Guidance"),
    DirectiveKind.PLAN: pgettext_lazy("kind of directive", "Plan"),
    DirectiveKind.PROGRAMME: pgettext_lazy("kind of directive", "Programme"),
    DirectiveKind.NOTICE: pgettext_lazy("kind of directive", "Notice"),
    DirectiveKind.OFFICIAL_LETTER: _("Official letter"),
    DirectiveKind.OTHER: _("Other document"),
}
RELATION_NAMES: dict[tuple[RelationKind, str], Text] = {
    (RelationKind.GUIDES, "to"): _("Guides how to carry out"),
    (RelationKind.GUIDES, "from"): _("Guided by"),
    (RelationKind.IMPLEMENTS, "to"): _("Carries out"),
    (RelationKind.IMPLEMENTS, "from"): _("Carried out by"),
    (RelationKind.REPLACES, "to"): _("Replaces"),
    (RelationKind.REPLACES, "from"): _("Replaced by"),
}
TEXTS: dict[str, Text] = {
    Reason.NOT_THE_OFFICE: _("Only the office of the unit that keeps this directive may change it."),
    Fault.ALREADY_THERE: _("%(number)s of this day is already in the list: “%(title)s”."),
    Fault.NUMBER_EMPTY: _("Enter the number, like 12-NQ/TW."),
    Fault.ISSUER_EMPTY: _("Say who issued it."),
    Fault.TITLE_EMPTY: _("Enter the title."),
    Fault.TOO_LONG: _("This is too long: at most %(limit)s characters."),
    Fault.ISSUED_IN_FUTURE: _("The day of issue lies in the future."),
    Fault.RECEIVED_IN_FUTURE: _("The day of receipt lies in the future."),
    Fault.RECEIVED_BEFORE_ISSUED: _("It cannot have been received before it was issued."),
    Fault.TOO_MANY_PROVISIONS: _("These are too many provisions. At most %(limit)s can be kept."),
    Fault.PROVISION_IN_USE: _("“%(label)s” cannot be left out: a plan carries it out."),
    Fault.RELATED_TO_ITSELF: _("A directive cannot be related to itself."),
    Fault.ALREADY_RELATED: _("This has been noted already."),
    Fault.TOO_MANY_FILES: _("There are enough files: at most %(limit)s."),
    Fault.CHANGED_MEANWHILE: _(
        "Somebody else has changed this directive meanwhile. Nothing was saved; what you typed is still here. "
        "Open the directive in another window, compare, and save again."
    ),
    Fault.IN_USE: _("It cannot be removed: a roll-out or a plan uses it."),
}
