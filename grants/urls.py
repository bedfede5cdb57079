"""The grant desk's pages."""

from django.urls import URLPattern

app_name = "grants"
urlpatterns: list[URLPattern] = []
