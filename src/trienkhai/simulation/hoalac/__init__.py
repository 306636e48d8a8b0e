"""The case of Hoà Lạc ward, 2012: an office's files carried into the programme by the actions its people use."""

from trienkhai.simulation.hoalac.loading import SIGN_INS, load

__all__ = ["SIGN_INS", "load"]
