from django.apps import AppConfig


class SimulationConfig(AppConfig):
    """Registers the app."""

    name = "trienkhai.simulation"
    label = "simulation"
