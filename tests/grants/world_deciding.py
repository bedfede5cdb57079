"""Calls that hold results, offer awards, give money, and know appeals; applications ready to be decided."""

import datetime
import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone

from grants.models import Application, Call
from mission.models import User
from tests.grants.world import gpus, officer, open_call, reviewed, startup, submitted

WITH_OFFER = {
    "route": "review",
    "up_to_gpu_hours": None,
    "up_to_money": None,
    "service_days": None,
    "steps": [
        {"step": "review", "reviews": 2, "blind": False},
        {"step": "decision"},
        {"step": "answer", "days": 14},
    ],
}
TERMS = "Publish under an open licence. Report every quarter."


def with_settings(call: Call, **values: Any) -> Call:
    """What the call form does not reach here: columns set directly, before anybody applies."""
    Call.objects.filter(pk=call.pk).update(**values)
    call.refresh_from_db()
    return call


def deciding_call(actor: User, *, hours: int = 1000, money: int = 0, **values: Any) -> Call:
    call = open_call(actor, hours=hours)
    if money:
        values |= {"budget_money": Decimal(money), "currency": "INR"}
    return with_settings(call, **values)


def offering(actor: User, **values: Any) -> Call:
    return deciding_call(actor, routes=[WITH_OFFER], terms=TERMS, terms_version=3, **values)


def holding(actor: User, days: int = 1, **values: Any) -> Call:
    results_at = timezone.now() + datetime.timedelta(days=days)
    return deciding_call(actor, results_at=results_at, **values)


def ready(call: Call | None = None, *, n: int = 1, **answers: Any) -> list[Application]:
    """`n` reviewed applications to a call, each of a startup of its own: founder0, founder1, …"""
    meera = User.objects.filter(email="officer@example.org").first() or officer()
    call = call or deciding_call(meera)
    gpus()
    if call.budget_money:
        answers = {"money": "20000", **answers}
    made = []
    for number in range(n):
        founder, organisation = startup(f"Lab {number}", f"founder{number}")
        made.append(reviewed(meera, submitted(founder, call, organisation, **answers)))
    return made


def founder_of(application: Application) -> User:
    return User.objects.get(pk=application.started_by_id)


def publication_comes(call: Call) -> None:
    with_settings(call, results_at=timezone.now() - datetime.timedelta(seconds=1))


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Each in a thread with a connection of its own, all let go together; what each gave or raised."""
    gate, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int, act: Callable[[], Any]) -> None:
        gate.wait()
        try:
            results[number] = act()
        except Exception as error:  # noqa: BLE001  (handed to the test)
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results
