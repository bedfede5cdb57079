"""Public calls, the rooms of applicants, reviewers and the desk, and the API."""

from django.urls import path

from grants import api
from grants.views import (
    applications,
    calls,
    decisions,
    desk,
    desk_application,
    desk_calls,
    desk_reviews,
    messages,
    notifications,
    reviews,
)

app_name = "grants"
urlpatterns = [
    path("calls/", calls.calls, name="calls"),
    path("calls/<slug:slug>/", calls.call, name="call"),
    path("calls/<slug:slug>/start/", applications.start, name="start"),
    path("apply/", applications.apply, name="apply"),
    path("apply/<slug:reference>/", applications.application, name="application"),
    path("apply/<slug:reference>/save/", applications.save, name="application_save"),
    path("apply/<slug:reference>/check/", applications.check, name="application_check"),
    path("apply/<slug:reference>/receipt/", applications.receipt, name="application_receipt"),
    path("apply/<slug:reference>/withdraw/", applications.withdraw, name="application_withdraw"),
    path("apply/<slug:reference>/messages/", messages.application_messages, name="application_messages"),
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/<int:pk>/", reviews.review, name="review"),
    path("reviews/<int:pk>/declare/", reviews.declare, name="review_declare"),
    path("desk/", desk.desk, name="desk"),
    path("desk/calls/", desk_calls.desk_calls, name="desk_calls"),
    path("desk/calls/new/", desk_calls.desk_call_new, name="desk_call_new"),
    path("desk/calls/<slug:slug>/", desk_calls.desk_call, name="desk_call"),
    path("desk/calls/<slug:slug>/edit/", desk_calls.desk_call_edit, name="desk_call_edit"),
    path("desk/calls/<slug:slug>/publish/", desk_calls.desk_call_publish, name="desk_call_publish"),
    path("desk/applications/<slug:reference>/", desk_application.desk_application, name="desk_application"),
    path("desk/applications/<slug:reference>/reviews/", desk_reviews.desk_reviews, name="desk_reviews"),
    path("desk/applications/<slug:reference>/assign/", desk_reviews.desk_assign, name="desk_assign"),
    path("desk/applications/<slug:reference>/decide/", decisions.desk_decide, name="desk_decide"),
    path("desk/applications/<slug:reference>/messages/", messages.desk_messages, name="desk_messages"),
    path(
        "desk/applications/<slug:reference>/messages/write/",
        messages.desk_message_write,
        name="desk_message_write",
    ),
    path(
        "desk/applications/<slug:reference>/messages/read/",
        messages.desk_message_read,
        name="desk_message_read",
    ),
    path("desk/applications/<slug:reference>/notes/", messages.desk_note_write, name="desk_note_write"),
    path("desk/reviews/<int:pk>/release/", desk_reviews.desk_release, name="desk_release"),
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/read/", notifications.notifications_read, name="notifications_read"),
    path("notifications/<int:pk>/", notifications.notification, name="notification"),
    path("notifications/<int:pk>/read/", notifications.notification_read, name="notification_read"),
    path("api/calls/", api.calls, name="api_calls"),
    path("api/calls/<slug:slug>/", api.call, name="api_call"),
    path("api/awards/", api.awards, name="api_awards"),
]
