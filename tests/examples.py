"""How many examples a property is tried on: few in every run, many when asked for."""

import os

IS_THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"


def examples(usual: int, *, thorough: int) -> int:
    """``usual`` in every run, where other runs try others; ``thorough`` with ``HYPOTHESIS_PROFILE=thorough``."""
    return thorough if IS_THOROUGH else usual
