"""The embedded model server as a process."""

import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from mission.embedded import free_port
from tests.live import ROOT, status_of
from tests.sandbox.world import soon


def test_it_says_when_it_is_ready_and_goes_at_once_when_told():
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox.llm", "--port", str(port), "--slots", "1"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == f"model server ready on http://127.0.0.1:{port}\n"
    assert soon(lambda: status_of(f"http://127.0.0.1:{port}/health") == 200)
    began = time.monotonic()
    process.terminate()
    assert process.wait(10) == 0
    assert time.monotonic() - began < 2


def test_it_shows_no_web_page_nor_what_others_ask(model_server: str):
    for path in ("/", "/slots"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(model_server + path)
        assert refused.value.code in {404, 501}
    with urllib.request.urlopen(f"{model_server}/v1/models") as answer:
        assert answer.headers["Access-Control-Allow-Origin"] in {None, ""}
