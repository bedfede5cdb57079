"""A real model server and a real web server in front of it, for the official `openai` client."""

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import openai
import pytest
import uvicorn
from django.conf import settings as django_settings

from mission.embedded import free_port
from tests.live import ROOT, status_of
from tests.sandbox.world import Grantee, grantee


@pytest.fixture(scope="session")
def model_server() -> Iterator[str]:
    """The embedded model, as `manage.py up` starts it; its address."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    process = subprocess.Popen([sys.executable, "-m", "sandbox.llm", "--port", str(port)], cwd=ROOT)
    try:
        deadline = time.monotonic() + 60
        while status_of(f"{url}/health") != 200:
            assert process.poll() is None
            assert time.monotonic() < deadline, "the model server did not start"
            time.sleep(0.05)
        yield url
    finally:
        process.terminate()
        process.wait(10)


class Thread(uvicorn.Server):
    """A uvicorn in a thread, on a port of its own."""

    def install_signal_handlers(self) -> None:
        pass

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@pytest.fixture
def gateway(transactional_db: None, settings: django_settings, model_server: str) -> Iterator[str]:
    """The front door (`/v1/` and Django) over HTTP; its address."""
    settings.LLM_URL = model_server
    from mission.asgi import application

    port = free_port()
    config = uvicorn.Config(application, host="127.0.0.1", port=port, log_level="warning", lifespan="on")
    server = Thread(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        assert thread.is_alive()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(20)


@pytest.fixture
def asha(transactional_db: None) -> Grantee:
    """Somebody with an award, a lot of 1,000 GPU-seconds and a key to it."""
    return grantee("asha")


@pytest.fixture
def client(gateway: str, asha: Grantee) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{gateway}/v1", api_key=asha.secret, max_retries=0, timeout=60) as opened:
        yield opened
