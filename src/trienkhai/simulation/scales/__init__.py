"""Whole organisations of invented people and a year of their roll-out, for trials and benchmarks."""

from trienkhai.simulation.scales.playing import Told, play
from trienkhai.simulation.scales.sizes import SIZES, Size

__all__ = ["SIZES", "Size", "Told", "play"]
