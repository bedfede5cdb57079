"""Public pages of the lower floors that may be kept and revalidated; only a floor above knows when."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

View = Callable[..., HttpResponse]


def fresh(view: View) -> View:
    """As the decorator that settings.FRESH names does it."""

    @cache
    def answering() -> View:
        answered: View = import_string(settings.FRESH)(view)
        return answered

    @wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return answering()(request, *args, **kwargs)

    return told
