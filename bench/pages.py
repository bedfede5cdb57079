"""A nation's page beside a bare Django view of the same size, in the same server and the same run.

Three times: drawn anew for every request, as kept for all who come without a session, and revalidated.
"""

import asyncio
import contextlib
import csv
import itertools
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pycountry

from bench.house import ROOT, House, house
from mission.embedded import free_port

PAGE = "/nations/IN/"
ROUNDS, EACH, AT_ONCE = 6, 40, 4  # rounds of each way in turn, requests a round, of them at once
FILES = {
    "developers": "developers",
    "git_pushes": "git_pushes",
    "repositories": "repositories",
    "organizations": "organizations",
}
MORE_FILES = {
    "licenses": ("num_pushers", "spdx_license"),
    "topics": ("num_pushers", "topic"),
    "economy_collaborators": ("weight", "source", "destination"),
}


def run() -> None:
    with house() as made:
        load_baseline(made)
        with server(made) as url:
            asyncio.run(compare(url))


def load_baseline(made: House) -> None:
    """A made-up Innovation Graph of the real one's size: all nations, 23 quarters, four metrics."""
    nations = [nation.alpha_2 for nation in pycountry.countries]
    quarters = [(year, quarter) for year in range(2020, 2026) for quarter in (1, 2, 3, 4)][:23]
    with tempfile.TemporaryDirectory() as folder:
        for name, column in FILES.items():
            rows = [
                (1000 + n * 997 % 90001 * (1 + i), code, year, quarter)
                for i, (year, quarter) in enumerate(quarters)
                for n, code in enumerate(nations)
            ]
            write(Path(folder) / f"{name}.csv", (column, "iso2_code", "year", "quarter"), rows)
        for name, columns in MORE_FILES.items():
            where = () if name == "economy_collaborators" else ("iso2_code",)
            write(Path(folder) / f"{name}.csv", (*columns, *where, "year", "quarter"), [])
        made.manage("import_innovation_graph", folder)


def write(path: Path, header: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([header, *rows])


@contextlib.contextmanager
def server(made: House) -> Iterator[str]:
    """One uvicorn process more, with the bare view beside the site, on the house's own services."""
    port = free_port()
    serve = f"-m uvicorn bench.bare:application --host 127.0.0.1 --port {port} --loop uvloop --http httptools"
    process = subprocess.Popen(
        [sys.executable, *serve.split(), "--no-access-log", "--log-level", "warning"],
        cwd=ROOT,
        env=made.environment,
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


async def compare(url: str) -> None:
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        etag, size = await first(session, url + PAGE)
        ways = {
            "bare Django view": (f"{url}/bench/{size}", {}),
            f"{PAGE} drawn anew": (url + PAGE + "?n={n}", {}),
            f"{PAGE} as kept": (url + PAGE, {}),
            f"{PAGE} unchanged": (url + PAGE, {"If-None-Match": etag}),
        }
        took: dict[str, list[float]] = {name: [] for name in ways}
        spent, number = dict.fromkeys(ways, 0.0), itertools.count()
        for _round in range(ROUNDS):  # in turn, so that other load falls on all
            for name, (address, headers) in ways.items():
                began, gate = time.perf_counter(), asyncio.Semaphore(AT_ONCE)
                took[name] += await asyncio.gather(
                    *(timed(session, gate, address.format(n=next(number)), headers) for _ in range(EACH))
                )
                spent[name] += time.perf_counter() - began
        report(took, spent, size)


async def first(session: aiohttp.ClientSession, address: str) -> tuple[str, int]:
    """Warm the page; its entity tag and its size before compression."""
    for _attempt in range(100):
        with contextlib.suppress(aiohttp.ClientError):
            async with session.get(address, headers={"Accept-Encoding": "identity"}) as answer:
                answer.raise_for_status()
                return answer.headers["ETag"], len(await answer.read())
        await asyncio.sleep(0.1)
    raise SystemExit("the server did not answer")


async def timed(
    session: aiohttp.ClientSession, gate: asyncio.Semaphore, address: str, headers: dict[str, str]
) -> float:
    """Milliseconds of one request, waiting for a turn not counted."""
    async with gate:
        began = time.perf_counter()
        async with session.get(address, headers={"Accept-Encoding": "gzip", **headers}) as answer:
            await answer.read()
            if answer.status not in {200, 304}:
                raise SystemExit(f"{address} answered {answer.status}")
        return (time.perf_counter() - began) * 1000


def report(took: dict[str, list[float]], spent: dict[str, float], size: int) -> None:
    print(f"{size:,} bytes before compression, {AT_ONCE} requests at once")
    print(f"{'way':<26} {'pages/s':>8} {'p50 ms':>8} {'p95 ms':>8}  times the bare view")
    usual = 0.0
    for name, milliseconds in took.items():
        cuts = statistics.quantiles(milliseconds, n=20)
        rate = len(milliseconds) / spent[name]
        usual = usual or rate
        print(f"{name:<26} {rate:8.1f} {cuts[9]:8.1f} {cuts[18]:8.1f}  {usual / rate:.2f}")
