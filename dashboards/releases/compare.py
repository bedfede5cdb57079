"""What changed between two releases of a table: both lie in the order of their key, side by side."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet

from dashboards.releases.table import Table

BATCH = 20_000  # rows
Row = tuple[tuple[Any, ...], tuple[Any, ...]]  # key, and the rest


class Changes(NamedTuple):
    added: int
    changed: int
    gone: int


def compare(table: Table, before: Path, now: Path) -> Changes | None:
    """Over the columns both have. None where the earlier file is not here, or has another key."""
    if not before.is_file():
        return None
    there = set(pa.parquet.read_schema(before).names)
    if not there >= set(table.key):
        return None
    rest = [f.name for f in table.fields if f.name in there and f.name not in table.key]
    return walk(_rows(before, table.key, rest), _rows(now, table.key, rest))


def walk(before: Iterator[Row], now: Iterator[Row]) -> Changes:
    added = changed = gone = 0
    old, new = next(before, None), next(now, None)
    while old or new:
        if old is None or (new is not None and new[0] < old[0]):
            added, new = added + 1, next(now, None)
        elif new is None or old[0] < new[0]:
            gone, old = gone + 1, next(before, None)
        else:
            changed += old[1] != new[1]
            old, new = next(before, None), next(now, None)
    return Changes(added, changed, gone)


def _rows(path: Path, key: tuple[str, ...], rest: list[str]) -> Iterator[Row]:
    with pa.parquet.ParquetFile(path) as file:
        for batch in file.iter_batches(BATCH, columns=[*key, *rest]):
            keys = zip(*(batch.column(name).to_pylist() for name in key), strict=True)
            others = zip(*(batch.column(name).to_pylist() for name in rest), strict=True)
            yield from zip(keys, others if rest else iter([()] * batch.num_rows), strict=True)
