"""Chat through /v1 beside the model server asked directly: the same questions, turn by turn, in one run."""

import asyncio
import statistics
import time

import aiohttp

from bench.house import House, house

MAKE_KEY = """
from grants.models import Award
from mission.models import User
from sandbox.actions.keys import make_key
owner = User.objects.get(email="startup@demo.example")
award = Award.objects.get(organisation__memberships__user=owner)
print("KEY", make_key(actor=owner, award=award, label="bench")[1])
"""
ROUNDS, EACH, TOKENS = 9, 8, 8  # rounds of each way in turn, requests a round, tokens an answer
BUDGET_SECONDS = 15  # for one number of streams: on a busy machine there are fewer rounds
STREAMS = (1, 4, 8)


def run() -> None:
    with house() as made:
        printed = made.manage("shell", "-c", MAKE_KEY)
        key = next(line.split()[1] for line in printed.splitlines() if line.startswith("KEY"))
        asyncio.run(compare(made, key))


async def compare(made: House, key: str) -> None:
    ways = {
        "model server": (made.services["LLM_URL"] + "/v1", ""),
        "through /v1": (made.url + "/v1", key),
    }
    print(f"{'streams':>7}  {'way':<13} {'requests/s':>10} {'p50 ms':>8} {'p95 ms':>8}  ratio of requests/s")
    async with aiohttp.ClientSession() as session:
        for way in ways.values():  # both warm
            await ask(session, *way)
        for streams in STREAMS:
            report(streams, await measure(session, ways, streams))


async def measure(
    session: aiohttp.ClientSession, ways: dict[str, tuple[str, str]], streams: int
) -> dict[str, tuple[float, list[float]]]:
    """Both ways in turn, so that other load falls on both. Gives (seconds, milliseconds each)."""
    spent, took = dict.fromkeys(ways, 0.0), {name: list[float]() for name in ways}
    deadline = time.perf_counter() + BUDGET_SECONDS
    for number in range(ROUNDS):
        if number and time.perf_counter() > deadline:
            break
        for name, way in ways.items():
            began, gate = time.perf_counter(), asyncio.Semaphore(streams)
            took[name] += await asyncio.gather(*(timed(session, gate, way) for _ in range(EACH)))
            spent[name] += time.perf_counter() - began
    return {name: (spent[name], took[name]) for name in ways}


async def timed(session: aiohttp.ClientSession, gate: asyncio.Semaphore, way: tuple[str, str]) -> float:
    async with gate:
        began = time.perf_counter()
        await ask(session, *way)
        return (time.perf_counter() - began) * 1000


async def ask(session: aiohttp.ClientSession, base: str, key: str) -> None:
    body = {
        "model": "smollm2-135m-instruct",
        "messages": [{"role": "user", "content": "Count to five."}],
        "max_tokens": TOKENS,
        "temperature": 0,
    }
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    async with session.post(f"{base}/chat/completions", json=body, headers=headers) as answer:
        said = await answer.json()
        assert answer.status == 200, said


def report(streams: int, measured: dict[str, tuple[float, list[float]]]) -> None:
    direct = None
    for name, (seconds, each) in measured.items():
        rate = len(each) / seconds
        p95 = statistics.quantiles(each, n=20)[-1]
        direct = direct or rate
        middle = statistics.median(each)
        print(f"{streams:>7}  {name:<13} {rate:>10.1f} {middle:>8.1f} {p95:>8.1f}  {rate / direct:.2f}")
