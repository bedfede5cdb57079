"""A database connection goes back to the pool in the thread that took it, whatever becomes of the visitor.
One to Valkey serves whoever comes next."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import redis
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache, caches
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from mission.connections import SharedPool
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


def valkey_calls_me() -> int:
    """The number Valkey gives the connection that this thread asks by."""
    return int(cache._cache.get_client().client_id())


def in_its_own_thread() -> int:
    """As every request has one, and with it a cache that knew nothing before."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(valkey_calls_me).result()


def test_requests_share_a_connection_to_valkey() -> None:
    assert len({in_its_own_thread() for _ in range(20)}) == 1


def test_who_finds_every_connection_in_use_waits_for_one() -> None:
    most = cache._cache._get_connection_pool(write=False).max_connections
    start = Barrier(most + 10)

    def ask(number: int) -> int:
        start.wait()
        cache.set(f"asked-{number}", number, 60)
        return int(cache.get(f"asked-{number}"))

    with ThreadPoolExecutor(most + 10) as threads:
        assert list(threads.map(ask, range(most + 10))) == list(range(most + 10))


def test_a_connection_that_valkey_closed_is_opened_again() -> None:
    closed = in_its_own_thread()
    with redis.Redis.from_url(settings.REDIS_URL) as other:
        other.client_kill_filter(_id=str(closed))
    assert in_its_own_thread() != closed


def test_every_thread_asks_valkey_by_one_client() -> None:
    """Django has a cache for each thread, and would make a client for each command."""

    def client() -> int:
        return id(caches["default"]._cache.get_client("any", write=True))

    with ThreadPoolExecutor(2) as threads:
        assert {client(), client(), *threads.map(lambda _n: client(), range(2))} == {client()}


def test_every_address_has_a_pool_of_its_own() -> None:
    one, other = "redis://127.0.0.1:1/0", "redis://127.0.0.1:2/0"
    assert SharedPool.from_url(one) is SharedPool.from_url(one) is not SharedPool.from_url(other)
