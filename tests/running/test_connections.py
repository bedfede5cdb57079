"""A database connection goes back to the pool in the thread that took it, whatever becomes of the visitor."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from mission.observe import RequestLogMiddleware
from mission.views.errors import not_found

pytestmark = pytest.mark.django_db(transaction=True)


def held_after(answer: Callable[[HttpRequest], HttpResponse]) -> bool:
    """Whether a thread of its own still has a connection when it has answered."""

    def answered() -> bool:
        request = RequestFactory().get("/nowhere/")
        request.user = AnonymousUser()
        connection.ensure_connection()
        answer(request)
        return connection.connection is not None

    with ThreadPoolExecutor(1) as threads:
        return threads.submit(answered).result()


def test_a_page_that_is_not_there_keeps_no_connection() -> None:
    """Django draws it in a thread of its own choosing, and closes nothing there."""
    assert not held_after(not_found)


def test_an_answer_keeps_no_connection_also_where_nobody_waits_for_it() -> None:
    assert not held_after(RequestLogMiddleware(lambda request: HttpResponse("here")))
