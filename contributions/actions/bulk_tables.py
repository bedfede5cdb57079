"""What the bulk paths do with whole tables: rows by COPY, and indexes that wait until the rows are in."""

import contextlib
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import TypeVar

from django.db import IntegrityError, connection, transaction

Row = TypeVar("Row")
# Building an index of ten million rows sorts them: in memory, for this transaction only.
MEMORY = "SET LOCAL maintenance_work_mem = '512MB'; SET LOCAL work_mem = '64MB'"
# Lines given to COPY together: few enough that the database reads some while the next are written.
AT_ONCE = 500
CONSTRAINTS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = %s::regclass AND contype IN ('f', 'u', 'x') ORDER BY contype = 'f', conname
"""
INDEXES = """
SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = %s::regclass ORDER BY i.indisunique DESC, c.relname
"""


def slices(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """Lists of at most `size`, as they come: never more than one of them in memory."""
    coming = iter(rows)
    while piece := list(islice(coming, size)):
        yield piece


def copy(*, into: str, lines: Iterable[str]) -> None:
    """`into`: table (columns). `lines`: rows in COPY's text format, each without its end."""
    coming = iter(lines)
    with connection.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copying:
        while some := list(islice(coming, AT_ONCE)):
            copying.write("\n".join(some) + "\n")


@contextlib.contextmanager
def waiting_indexes(*, tables: Collection[str]) -> Iterator[list[str]]:
    """Inside a transaction: the tables are without secondary indexes and foreign keys, and have them again.

    Gives the statements that will make them, for who needs one earlier: `make` it. Nobody else sees the
    tables meanwhile. Who is killed in between leaves nothing behind: in PostgreSQL indexes are made and
    dropped in transactions, as rows are.
    """
    with connection.cursor() as cursor:
        cursor.execute(MEMORY)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # checks that wait would stand in our way
        cursor.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
    waiting = [statement for table in tables for statement in _drop(table)]
    yield waiting
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    while waiting:
        make(waiting, waiting[0])


def make(waiting: list[str], statement: str) -> None:
    """One of the waiting indexes, now."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    waiting.remove(statement)


def _drop(table: str) -> list[str]:
    """Returns what makes them again: indexes first, since the foreign keys are checked with them."""
    with connection.cursor() as cursor:
        cursor.execute(CONSTRAINTS, [table])
        constraints = [(name, definition) for name, definition in cursor.fetchall()]
        for name, _definition in constraints:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        cursor.execute(INDEXES, [table])
        indexes = [(name, made) for name, made in cursor.fetchall() if not name.endswith("_pkey")]
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
    added = [f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {made}' for name, made in constraints]
    return [made for _name, made in indexes] + added


def make_unique(waiting: list[str], *, columns: str, otherwise: str) -> int:
    """The unique index over `columns`, which may hold others beside them. What was said twice stands out by
    it, and goes by `otherwise`.

    Returns how many rows went."""
    over = [each.partition(" INCLUDE")[0] for each in waiting]
    unique = next(
        each for each, keys in zip(waiting, over, strict=True) if "UNIQUE" in keys and keys.endswith(columns)
    )
    try:
        make(waiting, unique)
    except IntegrityError:
        with connection.cursor() as cursor:
            cursor.execute(otherwise)
            repeated = int(cursor.rowcount)
        make(waiting, unique)
        return repeated
    return 0
