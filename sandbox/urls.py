"""The sandbox in a browser. Its API, `/v1/`, is answered before Django: see `sandbox.gateway`."""

from django.urls import path

from sandbox import views

app_name = "sandbox"
urlpatterns = [
    path("", views.home, name="home"),
    path("keys/", views.make_key, name="make_key"),
    path("keys/<int:pk>/revoke/", views.revoke_key, name="revoke_key"),
    path("playground/", views.playground, name="playground"),
    path("playground/pass/", views.playground_pass, name="pass"),
]
