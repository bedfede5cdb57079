"""The three addresses for machines, asked with real services, some of them missing."""

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries, Settings

from mission import observe
from mission.tasks import heartbeat
from tests.live import ROOT


@pytest.fixture
def model_server(settings: Settings) -> Iterator[None]:
    class Models(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Models)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.LLM_URL = f"http://127.0.0.1:{server.server_port}"
    yield
    server.shutdown()
    server.server_close()


@pytest.mark.django_db(transaction=True)
def test_ready_when_everything_answers(client: Client, model_server: None) -> None:
    heartbeat()
    answer = client.get("/readyz")
    assert answer.json()["checks"] == {
        name: {"ok": True} for name in ("database", "broker", "worker", "model")
    }
    assert answer.status_code == 200


@pytest.mark.django_db(transaction=True)
def test_not_ready_says_which_part_is_missing(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    checks = answer.json()["checks"]
    assert checks["database"] == checks["broker"] == {"ok": True}
    assert "60 seconds" in checks["worker"]["wrong"]
    assert checks["model"]["ok"] is False
    assert "127.0.0.1" not in answer.content.decode()


def test_a_lost_database_and_broker_answer_503_soon() -> None:
    program = (
        "import django, json; django.setup()\n"
        "from django.test import Client\n"
        "answer = Client().get('/readyz'); print(answer.status_code, answer.content.decode())\n"
        "assert Client().get('/healthz').status_code == 200\n"
    )
    lost = {"DATABASE_URL": "postgres://x:y@127.0.0.1:9/z", "REDIS_URL": "redis://127.0.0.1:9/0"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, **lost, "DJANGO_SETTINGS_MODULE": "mission.settings"},
        capture_output=True,
        text=True,
        timeout=25,
        check=False,
    )
    assert done.stdout.startswith("503"), done.stderr
    assert "secret" not in done.stdout
    assert done.stdout.count('"ok": false') == 4


def test_alive_asks_nothing_of_the_database(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, db: None
) -> None:
    with django_assert_num_queries(0):
        assert client.get("/healthz").json() == {"status": "ok"}


def test_metrics_only_with_the_token(client: Client, settings: Settings) -> None:
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "open-sesame"
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    client.get("/healthz")
    heartbeat()
    text = client.get("/metrics", headers={"Authorization": "Bearer open-sesame"}).content.decode()
    assert 'http_requests_total{method="GET",status="200",view="healthz"}' in text
    assert "celery_queue_length" in text
    assert "worker_heartbeat_age_seconds" in text
    assert "broker_up 1.0" in text


def test_every_log_line_carries_the_id_of_its_request(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.handler.addFilter(observe.RequestIdFilter())
    with caplog.at_level(logging.INFO, logger="mission.requests"):
        answer = client.get("/healthz?name=secret")
    line = caplog.records[-1].__dict__
    assert line["request_id"] == answer["X-Request-Id"]
    assert (line["path"], line["status"]) == ("/healthz", 200)
