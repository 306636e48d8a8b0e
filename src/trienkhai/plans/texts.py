"""Sentences for this app's codes."""

from django.utils.translation import gettext_lazy as _

from trienkhai.core.pages import Text
from trienkhai.plans.rules import PlanError, Remark

TEXTS: dict[str, Text] = {
    PlanError.ADOPTED: _("The plan has been adopted and is frozen. Take the adoption back first if it was a slip."),
    PlanError.NOT_ADOPTED: _("The plan has not been adopted yet."),
    PlanError.WAS_ADOPTED: _("The plan was adopted once, so it stays as a draft and cannot be thrown away."),
    PlanError.CHANGED_MEANWHILE: _(
        "Somebody else has changed this plan meanwhile. Nothing was saved; what you typed is still here. "
        "Open the plan in another window, compare, and save again."
    ),
    PlanError.ALREADY_THERE: _("This unit has a plan already."),
    PlanError.TITLE_EMPTY: _("Give the plan a title."),
    PlanError.TOO_LONG: _("This is too long: at most %(limit)s characters."),
    PlanError.MEASURE_EMPTY: _("Say what is to be done."),
    PlanError.TOO_MANY_MEASURES: _("These are too many measures. At most %(limit)s can be kept."),
    PlanError.NOT_ITS_PROVISION: _("A measure names a provision that is not part of this roll-out."),
    PlanError.NOT_ITS_MEASURE: _("The form does not fit this plan. Open the page again."),
    PlanError.IN_THE_FUTURE: _("That day has not come yet."),
    PlanError.BEFORE_ISSUED: _("The plan cannot be older than the directive, which was issued on %(earliest)s."),
    PlanError.REASON_EMPTY: _("Say why it is taken back."),
    PlanError.NOTHING_ENTERED: _("Enter at least one day."),
}
REMARKS: dict[Remark, Text] = {
    Remark.NO_MEASURE: _("The plan has no measure yet."),
    Remark.NO_LEAD: _("nobody leads it"),
    Remark.NO_DEADLINE: _("it has no deadline"),
    Remark.AFTER_LAST_STEP: _("its deadline lies after the last step of the roll-out"),
    Remark.BEFORE_ROLLOUT: _("its deadline lies before the roll-out begins"),
}
