"""Every public page beside a bare Django view of as many bytes, in the same server and the same run.

Seven ways: drawn for the first time where no process has drawn anything, after the cells of figures were
recounted, after a sync or anything people do here, by a process that knows nothing where another has drawn
before it, drawn anew while the data stay, as kept for all who come without a session, and revalidated. Once
one after the other, and once four at a time. Beside the time by the clock stands how many times the bare
view's processor time the server spent, which other work on the machine changes less.
"""

import asyncio
import contextlib
import csv
import itertools
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pycountry

from bench.house import ROOT, House, house
from mission.embedded import free_port

PAGES = (
    "/", "/nations/", "/nations/?metric=git_pushes&per=people&sort=name", "/nations/IN/", "/nations/TV/",
    "/hi/nations/", "/ar/nations/IN/", "/compare/?n=IN&n=BR&n=US", "/languages/", "/languages/?nation=IN",
    "/commons/", "/awards/", "/calls/", "/compute/", "/give-and-take/",
    "/give-and-take/?nation=IN&months=60", "/search/?q=speech", "/data/", "/methods/", "/bots/",
    "/corrections/", "/indicators/", "/indicators/merged_change/", "/weights/", "/api/", "/status/",
    "/accessibility/", "/privacy/",
)  # fmt: skip
# One of each kind, found by a link of the first page that has one.
FOUND = {
    "/commons/": r'href="(/commons/\d+/)"',
    "/calls/": r'href="(/calls/[^"/?]+/)"',
    "/awards/": r'href="(/awards/[^"/?]+/)"',
    "/nations/IN/": r'href="(/numbers/[^"]+/)"',
}
ROUNDS, EACH, MANY = 5, 8, 24  # rounds of each way in turn, requests a round, and of those that are quick
# What is to be forgotten before a first drawing, by way; see mission/remembered.py.
FIRST = {
    "new": "forgotten/nations",
    "recount": "forgotten/figures",
    "sync": "forgotten/grants",
    "ahead": "begun",
}
HEADS = (
    "nothing drawn", "after a recount", "sync and desk", "drawn ahead", "drawn anew", "kept", "unchanged",
)  # fmt: skip
WANTED_ANEW, WANTED_AGAIN, TIMES = 60.0, 10.0, 4.0  # p95 in ms, and times the bare view
FILES = {name: name for name in ("developers", "git_pushes", "repositories", "organizations")}
MORE_FILES = {
    "licenses": ("num_pushers", "spdx_license"),
    "topics": ("num_pushers", "topic"),
    "economy_collaborators": ("weight", "source", "destination"),
}


@dataclass(frozen=True)
class Took:
    """Milliseconds a request. `cpu`: of the web server alone, without the database's."""

    p50: float
    p95: float
    cpu: float

    @classmethod
    def of(cls, milliseconds: list[float], cpu: float) -> "Took":
        cuts = statistics.quantiles(milliseconds, n=20)
        return cls(cuts[9], cuts[18], 1000 * cpu / len(milliseconds))

    def beside(self, bare: "Took") -> str:
        return f"{self.p50:>7.1f} /{self.p95:>6.1f}{self.cpu / max(bare.cpu, 0.1):>6.1f}x"


def run() -> None:
    with house() as made:
        load_baseline(made)
        with server(made) as (url, process):
            asyncio.run(compare(url, process))


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
def server(made: House) -> Iterator[tuple[str, int]]:
    """One uvicorn process more, with the bare view beside the site, on the house's own services."""
    port = free_port()
    serve = f"-m uvicorn bench.bare:application --host 127.0.0.1 --port {port} --loop uvloop --http httptools"
    process = subprocess.Popen(
        [sys.executable, *serve.split(), "--no-access-log", "--log-level", "warning"],
        cwd=ROOT,
        env=made.environment,
    )
    try:
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait(20)


def spent(process: int) -> float:
    """Seconds of processor time so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def compare(url: str, process: int) -> None:
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        await awake(session, url)
        pages = [*PAGES, *await linked(session, url)]
        for at_once in (1, 4):
            how = "one after the other" if at_once == 1 else f"{at_once} at once"
            print(f"\n{how}: p50 / p95 in ms, and processor's time beside the bare view's")
            print(head(), flush=True)
            beyond: list[str] = []
            for path in pages:
                beyond += await measure(session, url, process, path, at_once)
            if at_once == 1:  # those who wait for each other are not held against it
                report(beyond)


def report(beyond: list[str]) -> None:
    print("\n".join(f"  not as wanted: {told}" for told in beyond) or "  all as wanted")


def head() -> str:
    return f"{'page':<48}{'bytes':>8}{'bare view':>14}{''.join(f'{way:>22}' for way in HEADS)}"


async def awake(session: aiohttp.ClientSession, url: str) -> None:
    for _attempt in range(300):
        with contextlib.suppress(aiohttp.ClientError):
            async with session.get(url + "/healthz") as answer:
                answer.raise_for_status()
                return
        await asyncio.sleep(0.1)
    raise SystemExit("the server did not answer")


async def linked(session: aiohttp.ClientSession, url: str) -> list[str]:
    pages = []
    for path, pattern in FOUND.items():
        async with session.get(url + path, headers={"Accept-Encoding": "identity"}) as answer:
            if found := re.search(pattern, await answer.text()):
                pages.append(found[1])
    return pages


async def measure(
    session: aiohttp.ClientSession, url: str, process: int, path: str, at_once: int
) -> list[str]:
    """Print one page's line; what of it is beyond what is wanted."""
    async with session.get(url + path, headers={"Accept-Encoding": "identity"}) as answer:
        answer.raise_for_status()
        size = len(await answer.read())
    sign = "&" if "?" in path else "?"
    ways: dict[str, tuple[str, dict[str, str]]] = {
        "bare": (f"{url}/bench/{size}", {}),
        **{way: (f"{url}{path}{sign}{way}={{n}}", {}) for way in FIRST},
        "anew": (f"{url}{path}{sign}anew={{n}}", {}),
        "kept": (url + path, {}),
        "unchanged": (url + path, {}),
    }
    took: dict[str, list[float]] = {name: [] for name in ways}
    cpu = dict.fromkeys(ways, 0.0)
    number, gate = itertools.count(), asyncio.Semaphore(at_once)
    for _round in range(ROUNDS):  # in turn, so that other load falls on all
        for name, (address, headers) in ways.items():
            if name == "unchanged":  # what a visitor has who was here a moment ago
                async with session.get(url + path) as answer:
                    headers["If-None-Match"] = answer.headers.get("ETag", "")
            times = EACH if name in {*FIRST, "anew"} else MANY
            asked = [timed(session, gate, address.format(n=next(number)), headers) for _ in range(times)]
            if name in FIRST:
                for one in asked:
                    await forgotten(session, f"{url}/bench/{FIRST[name]}")
                    began = spent(process)
                    took[name].append(await one)
                    cpu[name] += spent(process) - began
                continue
            began = spent(process)
            took[name] += await asyncio.gather(*asked)
            cpu[name] += spent(process) - began
    bare, *others = (Took.of(took[name], cpu[name]) for name in ways)
    shown = "".join(one.beside(bare) for one in others)
    print(f"{path:<48}{size:>8,}{bare.p50:>6.1f} /{bare.p95:>6.1f}{shown}", flush=True)
    return beyond(path, bare, others) if at_once == 1 else []


async def forgotten(session: aiohttp.ClientSession, address: str) -> None:
    async with session.get(address) as answer:
        answer.raise_for_status()


def beyond(path: str, bare: Took, others: list[Took]) -> list[str]:
    """The first two ways are told and not held against a page: what the first reader of all waits for, in
    this state of the data. That is one reader, not five of a hundred; bench/scale_pages.py walks all nations
    and metrics in it."""
    told = []
    for way, one in list(zip(HEADS, others, strict=True))[2:]:
        wanted = WANTED_AGAIN if way == "unchanged" else WANTED_ANEW
        if one.p95 > wanted:
            told.append(f"{path}, {way}: p95 {one.p95:.1f} ms")
        times = min(one.p95 / bare.p95, one.cpu / max(bare.cpu, 0.1))
        if way in {"drawn anew", "kept"} and times > TIMES:
            told.append(f"{path}, {way}: {times:.1f} times the bare view")
    return told


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
