from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "dashboards"

    def ready(self) -> None:
        """A file of boundaries that can't be drawn is told of at the start, not by the first visitor."""
        from dashboards.charts.boundaries import world

        world()
