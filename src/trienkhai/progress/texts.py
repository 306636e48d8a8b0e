"""Words for codes of figures, steps and reports."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from trienkhai.core.pages import Text
from trienkhai.core.templatetags.kit import number, percent
from trienkhai.progress.policies import ProgressReason
from trienkhai.progress.queries.finding import Unfound
from trienkhai.progress.queries.overview import Overview
from trienkhai.progress.rules.figures import COUNTS, FigureValue
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

REASONS: dict[str, Text] = {
    ProgressReason.NOT_YOUR_FIGURES: _("These figures belong to a unit you do not act for."),
    ProgressReason.FROZEN: _("The figures of this report are frozen. Nothing of it changes any more."),
    ProgressReason.NOT_FROZEN: _("Freeze the figures first."),
}


def sentence(shown: Overview) -> str:
    """The state of things in one sentence to be read out on the telephone."""
    parts = [_spoken(line.value) for line in shown.lines if line.value.denominator]
    text = gettext("As of %(day)s, %(unit)s: %(figures)s.") % {
        "day": f"{shown.asked.as_of:%d/%m/%Y}",
        "unit": shown.unit.name,
        "figures": "; ".join(parts) if parts else gettext("nobody owes anything yet"),
    }
    if shown.asked.known_at:
        known = gettext("As recorded by the end of %(day)s.") % {"day": f"{shown.asked.known_at:%d/%m/%Y}"}
        text = f"{text} {known}"
    return text


def _spoken(value: FigureValue) -> str:
    share = f"{number(value.numerator)}/{number(value.denominator)}"
    return f"{share} {FIGURE_NAMES[value.code]} ({percent(value.numerator, value.denominator or 1)})"
