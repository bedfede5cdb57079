"""Doors for machines, and the rooms where people say whose something is. Public figures are in dashboards."""

from django.urls import path

from contributions import api
from contributions.views import corrections

app_name = "contributions"
urlpatterns = [
    path("api/artifacts/", api.artifacts, name="api_artifacts"),
    path("api/metrics/", api.metrics, name="api_metrics"),
    path("corrections/new/", corrections.contest, name="contest"),
]
