"""The signed-in person behind a request, with the type a view needs."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from mission.models import User


def person(request: HttpRequest) -> User:
    """The user; AccessMiddleware has let in nobody else, and should it have, this refuses."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
