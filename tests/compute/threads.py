"""Many at once, each thread with a database connection of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from mission.errors import Refused


def at_once(count: int, act: Callable[[int], object]) -> tuple[list[object], list[Refused]]:
    """Run `act(0)`, `act(1)`, … in as many threads, started together; what came back, and the refusals."""
    together = threading.Barrier(count)
    done: list[object] = []
    refused: list[Refused] = []

    def run(number: int) -> None:
        try:
            together.wait(timeout=30)
            done.append(act(number))
        except Refused as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=count) as pool:
        for future in [pool.submit(run, number) for number in range(count)]:
            future.result()
    return done, refused
