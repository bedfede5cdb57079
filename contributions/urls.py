"""Doors for machines, and the rooms where people say whose something is. Public figures are in dashboards."""

from django.urls import path

from contributions.views import (
    corrections,
    desk_accounts,
    desk_accounts_changing,
    desk_corrections,
    desk_sources,
    own_accounts,
    webhooks,
)
from mission.languages import in_every_language

app_name = "contributions"
urlpatterns = [
    path("hooks/github/", webhooks.github, name="github_hook"),
    path("hooks/huggingface/", webhooks.huggingface, name="huggingface_hook"),
    in_every_language(path("corrections/new/", corrections.contest, name="contest")),
    path("account/accounts/", own_accounts.own_accounts, name="own_accounts"),
    path("account/accounts/claim/", own_accounts.own_accounts_claim, name="own_accounts_claim"),
    path("account/accounts/<int:pk>/declare/", own_accounts.own_account_declare, name="own_account_declare"),
    path("account/accounts/<int:pk>/give-up/", own_accounts.own_account_release, name="own_account_release"),
    path("account/affiliations/<int:pk>/", own_accounts.own_affiliation, name="own_affiliation"),
    path("desk/corrections/", desk_corrections.desk_corrections, name="desk_corrections"),
    path("desk/corrections/<slug:reference>/", desk_corrections.desk_correction, name="desk_correction"),
    path("desk/sources/", desk_sources.desk_sources, name="desk_sources"),
    path("desk/sources/new/", desk_sources.desk_source_new, name="desk_source_new"),
    path("desk/sources/<int:pk>/", desk_sources.desk_source, name="desk_source"),
    path("desk/sources/<int:pk>/role/", desk_sources.desk_source_role, name="desk_source_role"),
    path("desk/sources/<int:pk>/hurry/", desk_sources.desk_source_hurry, name="desk_source_hurry"),
    path("desk/sources/<int:pk>/stop/", desk_sources.desk_source_stop, name="desk_source_stop"),
    path("desk/accounts/", desk_accounts.desk_accounts, name="desk_accounts"),
    path("desk/accounts/<int:pk>/", desk_accounts.desk_account, name="desk_account"),
    path(
        "desk/accounts/<int:pk>/undo/<int:operation>/",
        desk_accounts_changing.desk_account_reverse,
        name="desk_account_reverse",
    ),
    path(
        "desk/accounts/<int:pk>/<slug:act>/",
        desk_accounts_changing.desk_account_change,
        name="desk_account_change",
    ),
]
