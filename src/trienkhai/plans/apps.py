from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Registers the app and its words."""

    name = "trienkhai.plans"
    label = "plans"

    def ready(self) -> None:
        """Register with the page kit."""
        from trienkhai.core import pages  # noqa: PLC0415 - after the apps are ready
        from trienkhai.plans.texts import SHEET_TEXTS, TASK_TEXTS, TEXTS  # noqa: PLC0415
        from trienkhai.plans.views.programmes import panel  # noqa: PLC0415

        pages.register_panel("programmes.one", "plans", panel, order=10)
        pages.register_texts(TEXTS)
        pages.register_texts({**TASK_TEXTS, **SHEET_TEXTS})
