"""Charged once, for what was produced, never above the lot: whoever leaves, breaks off or dies."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import openai
import pytest
import redis
from django.db import connection
from django.utils import timezone

from grants.actions.compute import end_lot
from grants.models import Lease
from mission.embedded import free_port
from sandbox import balance
from sandbox.actions.usage import LEASE_SECONDS, REQUEST_SECONDS, close_leases, settle_pending
from sandbox.models import Usage, UsageStatus
from tests.live import ROOT, status_of
from tests.sandbox.world import ASK, MODEL, Grantee, grantee, model, soon


def opened(gateway: str, who: Grantee) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{gateway}/v1", api_key=who.secret, max_retries=0, timeout=60)


def charged() -> int:
    return sum(Usage.objects.values_list("gpu_ms", flat=True))


def valkey() -> redis.Redis:
    return redis.Redis.from_url(os.environ["REDIS_URL"], decode_responses=True)


def told(model_server: str, metric: str) -> int:
    with urllib.request.urlopen(f"{model_server}/metrics") as answer:
        lines = answer.read().decode().splitlines()
    return int(float(next(line for line in lines if line.startswith(f"llamacpp:{metric} ")).split()[1]))


def running_at(model_server: str) -> int:
    """How many answers the model server is writing now."""
    return told(model_server, "requests_processing")


def leave_while_it_is_written(client: openai.OpenAI, who: Grantee, model_server: str) -> None:
    """Ask for a long answer as a whole, and hang up when some words are written: each is a step."""
    steps = told(model_server, "n_decode_total")
    gateway = client.base_url
    line = http.client.HTTPConnection(gateway.host, gateway.port)
    body = {"model": MODEL, "messages": ASK, "max_tokens": 1500, "logit_bias": {"2": -100}}
    line.request(
        "POST",
        f"{gateway.path}chat/completions",
        json.dumps(body),
        {"Authorization": f"Bearer {who.secret}", "Content-Type": "application/json"},
    )
    assert soon(lambda: told(model_server, "n_decode_total") > steps + 10, 60)
    line.close()


@pytest.mark.parametrize("stream", [True, False], ids=["stream", "whole"])
def test_a_client_that_leaves_pays_for_what_was_written_and_the_model_stops(
    client: openai.OpenAI, asha: Grantee, model_server: str, stream: bool
):
    if stream:
        long = {"max_tokens": 1500, "extra_body": {"logit_bias": {"2": -100}}}
        answer = client.chat.completions.create(model=MODEL, messages=ASK, stream=True, **long)
        for _chunk, _five in zip(answer, range(5), strict=False):
            pass
        answer.close()
    else:
        leave_while_it_is_written(client, asha, model_server)
    assert soon(Usage.objects.exists)
    assert soon(lambda: running_at(model_server) == 0, 3)
    usage = Usage.objects.get()
    assert usage.status == UsageStatus.LEFT
    assert 3 <= usage.completion_tokens < 400
    assert usage.prompt_tokens > 20
    assert asha.used() == usage.gpu_ms > 0


def test_40_at_once_on_a_tiny_lot_never_spend_more_than_it_holds(gateway: str):
    model(prompt_ms_per_ktoken=0)
    someone = grantee("ravi", granted_ms=150)
    model(prompt_ms_per_ktoken=0)
    together = threading.Barrier(40)

    def ask(number: int) -> str:
        with opened(gateway, someone) as client:
            together.wait(30)
            try:
                client.chat.completions.create(model=MODEL, messages=ASK, max_tokens=8, stream=False)
            except openai.RateLimitError as refused:
                return str(refused.code)
            return "answered"

    with ThreadPoolExecutor(40) as pool:
        said = list(pool.map(ask, range(40)))
    assert soon(lambda: Usage.objects.count() == said.count("answered"))
    assert set(said) <= {"answered", "insufficient_quota", "rate_limit_exceeded"}
    assert someone.used() == charged() <= 150
    assert said.count("answered") >= 150 // 8
    someone.lot.refresh_from_db()
    assert someone.lot.used_ms + someone.lot.held_ms <= 150


def test_an_emptied_redis_never_makes_anybody_spend_more(gateway: str):
    someone = grantee("ravi", granted_ms=400)
    stop = threading.Event()

    def ask(number: int) -> int:
        answered = 0
        with opened(gateway, someone) as client:
            while not stop.is_set():
                try:
                    for _chunk in client.chat.completions.create(
                        model=MODEL, messages=ASK, max_tokens=6, stream=True
                    ):
                        pass
                    answered += 1
                except openai.RateLimitError:
                    time.sleep(0.05)
        return answered

    with ThreadPoolExecutor(6) as pool, valkey() as store:
        asked = [pool.submit(ask, number) for number in range(6)]
        for _again in range(8):
            time.sleep(0.25)
            store.flushdb()
        time.sleep(0.25)
        stop.set()
        answered = sum(future.result() for future in asked)
    assert soon(lambda: Usage.objects.count() == answered)
    someone.lot.refresh_from_db()
    assert someone.lot.used_ms == charged() > 0
    assert someone.lot.used_ms + someone.lot.held_ms <= 400
    # What the lost leases held comes back, once nothing can settle on them any more.
    Lease.objects.update(
        expires_at=timezone.now() - timezone.timedelta(seconds=REQUEST_SECONDS + LEASE_SECONDS + 1)
    )
    close_leases()
    someone.lot.refresh_from_db()
    assert (someone.lot.held_ms, someone.lot.used_ms) == (0, charged())


def test_a_web_process_killed_in_the_middle_charges_nothing_it_cannot_prove(
    transactional_db: None, asha: Grantee, model_server: str
):
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    database = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + "/" + connection.settings_dict["NAME"]
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "mission.asgi:application", "--port", str(port)],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": database, "LLM_URL": model_server},
        stderr=subprocess.DEVNULL,
    )
    assert soon(lambda: status_of(f"{url}/healthz") == 200, 30)
    with opened(url, asha) as client:
        answer = client.chat.completions.create(model=MODEL, messages=ASK, max_tokens=1500, stream=True)
        next(iter(answer))
        assert settle_pending() == 0  # it lives
        process.send_signal(signal.SIGKILL)
        process.wait()
    with valkey() as store:
        assert store.hlen(balance.PENDING) == 1
        assert settle_pending() == 0  # it may only be slow
        store.delete(*store.scan_iter(f"{balance.ALIVE}*"))  # as its key does by itself, 20 seconds later
        assert settle_pending() == 1
        assert settle_pending() == 0
        assert store.hlen(balance.PENDING) == 0
    lost = Usage.objects.get()
    assert (lost.status, lost.gpu_ms) == (UsageStatus.LOST, 0)
    Lease.objects.update(expires_at=timezone.now())
    assert close_leases() == 1
    asha.lot.refresh_from_db()
    assert (asha.lot.used_ms, asha.lot.held_ms) == (0, 0)


def test_what_was_used_but_not_settled_is_settled_by_the_clock(client: openai.OpenAI, asha: Grantee):
    """The web process told Redis what was used, and could not reach the database."""
    client.chat.completions.create(model=MODEL, messages=ASK, max_tokens=4)
    done = Usage.objects.get()
    with valkey() as store:
        balance.reserve(
            store,
            asha.award.pk,
            "req_x",
            100,
            100,
            {"key": asha.key.pk, "deployment": done.deployment_id, "instance": "dead"},
        )
        used = {"prompt_tokens": 30, "completion_tokens": 4, "gpu_ms": 7, "status": "done"}
        balance.finish(store, "req_x", 7, used)
    assert settle_pending() == 1
    assert asha.used() == done.gpu_ms + 7 == charged()


def test_idle_leases_go_back_to_their_lot_and_busy_ones_stay(client: openai.OpenAI, asha: Grantee):
    stream = client.chat.completions.create(model=MODEL, messages=ASK, max_tokens=60, stream=True)
    next(iter(stream))
    Lease.objects.update(expires_at=timezone.now())
    assert close_leases() == 0
    for _chunk in stream:
        pass
    assert close_leases() == 1
    asha.lot.refresh_from_db()
    assert (asha.lot.held_ms, asha.lot.used_ms) == (0, charged())
    client.chat.completions.create(model=MODEL, messages=ASK, max_tokens=4)  # on a new lease
    assert asha.used() == charged()
    assert Lease.objects.count() == 2


def test_a_lot_that_is_ended_stops_when_its_lease_runs_out(client: openai.OpenAI, asha: Grantee):
    client.chat.completions.create(model=MODEL, messages=ASK, max_tokens=4)
    end_lot(actor=asha.user, lot_id=asha.lot.pk, reason="Terminated")
    with valkey() as store:
        store.hset(f"{balance.LEASE}{Lease.objects.get().pk}", "until", 0)  # as a minute later
    with pytest.raises(openai.RateLimitError, match="expired") as refused:
        client.chat.completions.create(model=MODEL, messages=ASK, max_tokens=4)
    assert refused.value.code == "insufficient_quota"


def test_when_a_lot_is_spent_the_awards_next_one_is_used(gateway: str):
    from tests.compute.lots import lot

    someone = grantee("ravi", granted_ms=20)
    more = lot(1_000, to=someone.award, expires=60)
    with opened(gateway, someone) as client:
        for _again in range(4):
            client.chat.completions.create(model=MODEL, messages=ASK, max_tokens=8)
    more.refresh_from_db()
    assert more.used_ms > 0
    assert someone.used() <= 20
    assert someone.lot.used_ms + more.used_ms == charged()
