"""The house's doors. Each floor keeps its own list; names are `floor:page`."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from mission.views import account, health, home, organisations

urlpatterns = [
    path("", include("contributions.urls")),
    path("", include("dashboards.urls")),  # what the public reads is looked for early
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("home/", home.home_for_role, name="home_for_role"),
    path("organisations/new/", organisations.create_organisation, name="create_organisation"),
    path("organisations/<int:pk>/", organisations.organisation, name="organisation"),
    path("invitations/<int:pk>/", organisations.invitation, name="invitation"),
    path("account/", account.account, name="account"),
    path("account/", include("allauth.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("sandbox/", include("sandbox.urls")),
    path("", include("grants.urls")),
]
handler403 = "mission.views.errors.forbidden"
handler404 = "mission.views.errors.not_found"
handler500 = "mission.views.errors.server_error"
