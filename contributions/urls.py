"""The contribution engine's doors are for machines; its pages are in dashboards."""

from django.urls import path

from contributions import api

app_name = "contributions"
urlpatterns = [
    path("api/artifacts/", api.artifacts, name="api_artifacts"),
    path("api/metrics/", api.metrics, name="api_metrics"),
]
