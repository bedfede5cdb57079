"""/account/: who you are here, what you may do, and how your account is protected."""

from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mission.access import requires
from mission.models import Invitation
from mission.people_of import person


@requires("home.open")
def account(request: HttpRequest) -> HttpResponse:
    user = person(request)
    context = {
        "invitations": Invitation.objects.for_person(user).select_related("organisation", "invited_by"),
        "memberships": user.memberships.current().select_related("organisation__nation").order_by("since"),
        "role_grants": user.role_grants.order_by("-granted_at"),
        "second_factors": Authenticator.objects.filter(user=user).exclude(
            type=Authenticator.Type.RECOVERY_CODES
        ),
    }
    return render(request, "account/home.html", context)
