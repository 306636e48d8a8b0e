"""Words for codes of simulations."""

from django.utils.translation import gettext_lazy as _

from trienkhai.core.pages import Text
from trienkhai.simulation.rules import SimulationError

ERRORS: dict[str, Text] = {
    SimulationError.NOT_EMPTY: _(
        "Something has been recorded here already. Sample cases and simulations begin in an empty data folder."
    ),
}
