from django.apps import AppConfig

from trienkhai.core import pages


class SimulationConfig(AppConfig):
    """Registers the app and its words."""

    name = "trienkhai.simulation"
    label = "simulation"

    def ready(self) -> None:
        """Register with the page kit."""
        from trienkhai.simulation.texts import ERRORS  # noqa: PLC0415 - once translations can be looked up

        pages.register_texts(ERRORS)
