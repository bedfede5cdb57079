"""What a reader waits for at scale: every public page beside a bare view, as in bench/pages.py."""

import asyncio
import contextlib
import os
import random
import subprocess
import sys
from collections.abc import Iterator

import aiohttp

from bench import pages
from bench.house import ROOT
from contributions.models import Artifact, Rollup
from dashboards.figures.indicators import INDICATORS
from dashboards.figures.places import KOSOVO, places
from grants.models import Award, Call
from mission.embedded import free_port


def read_pages() -> None:
    found = of_this_world()
    walked = {
        "nations' pages": [f"/nations/{code}/" for code in places() if code != KOSOVO[0]],
        "metrics' pages": [one.url for one in INDICATORS.values()],
    }
    strange = {what: chosen(addresses) for what, addresses in of_many().items()}
    with server() as (url, process):
        asyncio.run(compare(url, process, found, walked, strange))


def of_this_world() -> list[str]:
    """An artefact with very many acts, a model, a search, a call, an award, and the largest figures taken
    apart."""
    busy = Artifact.objects.order_by("pk").first()
    model = Artifact.objects.filter(kind="model").order_by("pk").first()
    call = Call.objects.public().order_by("-closes_at").first()
    award = Award.objects.public().order_by("-pk").first()
    if busy is None or model is None or call is None or award is None:
        return []
    items = [
        f"/commons/{busy.pk}/",
        f"/commons/{model.pk}/",
        "/commons/?q=model-1500",
        "/search/?q=model-1500",
        f"/calls/{call.slug}/",
        f"/awards/{award.reference}/",
    ]
    return [*items, shown("merged_change"), shown("active_contributors")]


@contextlib.contextmanager
def server() -> Iterator[tuple[str, int]]:
    """With connections that stay open, as the house serves; the bench itself has none to spare."""
    port = free_port()
    serve = f"-m uvicorn bench.bare:application --host 127.0.0.1 --port {port} --loop uvloop --http httptools"
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_NO_POOL"}
    process = subprocess.Popen(
        [sys.executable, *serve.split(), "--no-access-log", "--log-level", "warning"],
        cwd=ROOT,
        env=environment,
    )
    try:
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait(20)


async def compare(
    url: str, process: int, found: list[str], walked: dict[str, list[str]], strange: dict[str, list[str]]
) -> None:
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        await pages.awake(session, url)
        print("\npages, one after the other: p50 / p95 in ms, and processor's time beside the bare view's")
        print(pages.head(), flush=True)
        told: list[str] = []
        for path in [*pages.PAGES, *found]:
            told += await pages.measure(session, url, process, path, 1)
        print()
        for what, addresses in walked.items():
            told += await walk(session, url, what, addresses)
        for what, addresses in strange.items():
            await each_once(session, url, process, f"{what}, opened at random", addresses)
            again = [f"{one}{'&' if '?' in one else '?'}again=1" for one in addresses]
            told += await each_once(session, url, process, f"{what}, their rows in memory", again)
        pages.report(told)


async def walk(session: aiohttp.ClientSession, url: str, what: str, addresses: list[str]) -> list[str]:
    """Each once, by a process that knew nothing before the first of them: where nobody has drawn them yet,
    and where they were drawn ahead."""
    slow = []
    for way, drawn in (("forgotten/nations", "for the first time"), ("begun", "drawn ahead")):
        await pages.forgotten(session, f"{url}/bench/{way}")
        gate = asyncio.Semaphore(1)
        took = [await pages.timed(session, gate, f"{url}{one}?walk={way}", {}) for one in addresses]
        slow += reported(f"{len(addresses)} {what}, {drawn}", pages.Took.of(took, 0))
    return slow


def reported(what: str, took: pages.Took) -> list[str]:
    print(f"  {what}: p50 {took.p50:.1f} ms, p95 {took.p95:.1f}")
    return [f"{what}: p95 {took.p95:.1f} ms"] if took.p95 > pages.WANTED_ANEW else []


async def each_once(
    session: aiohttp.ClientSession, url: str, process: int, what: str, addresses: list[str]
) -> list[str]:
    """Each drawn for the first time, by a process that has served others of its kind: hardly anybody opens
    one that somebody has opened before. After every second one a bare page of as many bytes."""
    gate, plain = asyncio.Semaphore(1), {"Accept-Encoding": "identity"}
    took: dict[str, list[float]] = {"own": [], "bare": []}
    cpu = dict.fromkeys(took, 0.0)

    async def timed(name: str, address: str) -> None:
        began = pages.spent(process)
        took[name].append(await pages.timed(session, gate, f"{url}{address}", {}))
        cpu[name] += pages.spent(process) - began

    for n, address in enumerate(addresses):
        await timed("own", address)
        if n % 2:
            async with session.get(f"{url}{address}", headers=plain) as answer:
                size = len(await answer.read())
            await timed("bare", f"/bench/{size}?beside={n}")
    own, bare = (pages.Took.of(took[name], cpu[name]) for name in took)
    slow = reported(f"{len(addresses)} {what}", own)
    print(f"    beside {bare.p50:.1f} and {bare.p95:.1f}, {own.cpu / bare.cpu:.1f} times its processor time")
    return slow


def chosen(addresses: list[str], count: int = 250) -> list[str]:
    """The same in every run."""
    return random.Random(5).sample(addresses, min(count, len(addresses)))


def of_many() -> dict[str, list[str]]:
    """Pages of which there are so many that who opens one is mostly the first."""
    cells = Rollup.objects.shown().nations().order_by("pk").values_list("metric", "nation_id", "month")
    artifacts = Artifact.objects.order_by("pk").values_list("pk", flat=True)
    awards = Award.objects.public().order_by("pk").values_list("reference", flat=True)
    words = ["speech", "model", "compute", "house", "translation", "name"]
    return {
        "numbers of nations": [f"/numbers/{slug}/{code}/{month:%Y-%m}/" for slug, code, month in cells],
        "artefacts": [f"/commons/{pk}/" for pk in artifacts],
        "models that most is built on": [
            f"/commons/{pk}/" for pk in artifacts.filter(kind="model")[: len(artifacts) // 100]
        ],
        "awards": [f"/awards/{reference}/" for reference in awards],
        "searches": [f"/search/?q={word}-{number}" for number in range(1000) for word in words],
    }


def shown(metric: str) -> str:
    """Where the largest figure of a nation is taken apart."""
    row = Rollup.objects.shown().nations().filter(metric=metric).order_by("-upper").first()
    return f"/numbers/{metric}/{row.nation_id}/{row.month:%Y-%m}/" if row else "/methods/"
