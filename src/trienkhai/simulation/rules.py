"""Why a simulation does not begin."""

from enum import StrEnum


class SimulationError(StrEnum):
    """Why a simulation does not begin."""

    NOT_EMPTY = "simulation_not_empty"
