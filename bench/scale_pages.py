"""What a reader waits for at scale: each page drawn anew, and as kept."""

import http.client
import os
import statistics
import subprocess
import sys
import time
from urllib.parse import urlsplit

from bench.house import ROOT
from contributions.models import Artifact, Rollup
from mission.embedded import free_port

EACH = 9


def pages() -> dict[str, str]:
    busy = Artifact.objects.order_by("pk").first()
    model = Artifact.objects.filter(kind="model").order_by("pk").first()
    assert busy
    assert model
    sums, people = shown("merged_change"), shown("active_contributors")
    return {
        "front page": "/",
        "nations": "/nations/",
        "a nation": "/nations/IN/",
        "compare": "/compare/?n=IN&n=US",
        "a number, sums": sums,
        "a number, people": people,
        "commons": "/commons/",
        "commons, searched": "/commons/?q=model-1500",
        "an artefact, busy": f"/commons/{busy.pk}/",
        "an artefact, model": f"/commons/{model.pk}/",
        "languages": "/languages/",
        "give and take": "/give-and-take/",
        "bots": "/bots/",
        "methods": "/methods/",
    }


def shown(metric: str) -> str:
    """Where the largest figure of a nation is taken apart."""
    row = Rollup.objects.shown().nations().filter(metric=metric).order_by("-upper").first()
    return f"/numbers/{metric}/{row.nation_id}/{row.month:%Y-%m}/" if row else "/methods/"


def read_pages() -> None:
    port = free_port()
    serve = (
        f"-m uvicorn mission.asgi:application --host 127.0.0.1 --port {port} --loop uvloop --http httptools"
    )
    process = subprocess.Popen(
        [sys.executable, *serve.split(), "--no-access-log", "--log-level", "warning"],
        cwd=ROOT,
        env=os.environ,
    )
    try:
        wait(port)
        print(f"{'page':<24} {'drawn anew p50 ms':>18} {'as kept p50 ms':>15} {'bytes':>9}")
        for name, path in pages().items():
            report(port, name, path)
    finally:
        process.terminate()
        process.wait(20)


def wait(port: int) -> None:
    for _attempt in range(200):
        try:
            ask(port, "/healthz")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server did not answer")


def ask(port: int, path: str) -> tuple[int, int, float]:
    """Status, bytes, milliseconds."""
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", path)
    answer = connection.getresponse()
    size = len(answer.read())
    connection.close()
    return answer.status, size, (time.perf_counter() - began) * 1000


def report(port: int, name: str, path: str) -> None:
    sign = "&" if urlsplit(path).query else "?"
    anew = [ask(port, f"{path}{sign}anew={n}") for n in range(EACH)]
    kept = [ask(port, path) for _n in range(EACH)]
    status = anew[-1][0]
    trouble = "" if status == 200 else f"  answered {status}"
    anew_p50, kept_p50 = (statistics.median(ms for _s, _b, ms in runs) for runs in (anew, kept))
    print(f"{name:<24} {anew_p50:>18.1f} {kept_p50:>15.1f} {anew[-1][1]:>9,}{trouble}", flush=True)
