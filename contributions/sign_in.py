"""Where signing in on a platform leads: to the page where the person says that the account is theirs."""

from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest
from django.urls import reverse


class SignInAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("contributions:own_accounts")
