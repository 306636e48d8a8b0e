"""Words for codes of figures, steps and reports."""

from django.utils.translation import gettext_lazy as _

from trienkhai.core.pages import Text
from trienkhai.progress.queries.finding import Unfound
from trienkhai.progress.rules.figures import COUNTS
from trienkhai.rollouts.texts import FIGURE_NAMES as ROLLOUT_FIGURE_NAMES

FIGURE_NAMES: dict[str, Text] = {
    **{code: text for code, text in ROLLOUT_FIGURE_NAMES.items() if "." not in code},
    **{code: ROLLOUT_FIGURE_NAMES[series] for code, series in COUNTS.items()},
}

SHORT_NAMES: dict[str, Text] = {
    "units_received": _("Received"),
    "units_planned": _("Planned"),
    "units_studied": _("Cells studied"),
    "persons_studied": _("Studied"),
    "papers_submitted": _("Papers"),
    "papers_on_time": _("On time"),
    "papers_accepted": _("Accepted"),
    "others_studied": _("Not members"),
    "attendances": _("Attendances"),
    "meetings_held": _("Meetings"),
}

UNFOUND: dict[str, Text] = {
    Unfound.NO_ROLLOUT_YET: _("There is no roll-out yet."),
    Unfound.NO_SUCH_ROLLOUT: _("No roll-out is called “%(typed)s”."),
    Unfound.SEVERAL_ROLLOUTS: _(
        "Several roll-outs are called “%(typed)s”: %(found)s. Give more of the title, or the key."
    ),
    Unfound.NO_SUCH_UNIT: _("No unit of this roll-out is called “%(typed)s”."),
    Unfound.SEVERAL_UNITS: _("Several units are called “%(typed)s”: %(found)s. Give more of the name, or the key."),
}
