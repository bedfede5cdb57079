"""The files of a table: CSV straight out of PostgreSQL, and Parquet from that CSV. Memory stays flat.

PostgreSQL streams the rows of a COPY as it finds them, so nothing is ever held but a buffer and one batch.
CSV lies there plain, and packed beside it for sending: browsers unpack it by themselves, so everybody gets
a file that a spreadsheet opens and whose checksum is the one in SHA256SUMS.
"""

import gzip
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from django.db import connection, transaction

from dashboards.releases.places import packed
from dashboards.releases.table import Kind, Table

BUFFER = 256 * 1024  # bytes
BATCH = 8 * 1024**2  # bytes of CSV that become one row group of Parquet
TYPES = {
    Kind.CODE: pa.string(),
    Kind.TEXT: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.BOUND: pa.decimal128(20, 4),
    Kind.SHARE: pa.decimal128(6, 5),
    Kind.MONEY: pa.decimal128(16, 2),
    Kind.HOURS: pa.decimal128(24, 6),
    Kind.DATE: pa.date32(),
    Kind.MOMENT: pa.timestamp("s", tz="UTC"),
    Kind.BOOLEAN: pa.bool_(),
}


@dataclass(frozen=True, slots=True)
class Written:
    """A file that is there, whole. `packed_size`: bytes of its packed copy, where there is one."""

    name: str
    media_type: str
    size: int
    sha256: str
    table: str = ""
    rows: int | None = None
    packed_size: int | None = None


@contextmanager
def snapshot() -> Iterator[None]:
    """All tables as of one moment, so that whatever refers to a row finds it."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:  # inside another transaction, that one's moment is the moment
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


class Sink:
    """Bytes go to a file, to its packed copy, and into a checksum."""

    def __init__(self, path: Path) -> None:
        self.path, self.digest, self.size = path, hashlib.sha256(), 0

    def __enter__(self) -> "Sink":
        self.plain: BinaryIO = self.path.open("xb")
        self.raw: BinaryIO = packed(self.path).open("xb")
        # Neither name nor time in it: the same rows are the same bytes.
        self.gzip = gzip.GzipFile(filename="", mode="wb", fileobj=self.raw, mtime=0, compresslevel=6)
        return self

    def write(self, piece: bytes | bytearray) -> None:
        self.digest.update(piece)
        self.size += len(piece)
        self.plain.write(piece)
        self.gzip.write(piece)

    def __exit__(self, *_trouble: object) -> None:
        for each in (self.gzip, self.raw, self.plain):
            each.close()

    def written(self, media_type: str, *, table: str = "", rows: int | None = None) -> Written:
        size = packed(self.path).stat().st_size
        name, digest = self.path.name, self.digest.hexdigest()
        return Written(name, media_type, self.size, digest, table, rows, size)


def write_table(folder: Path, table: Table) -> list[Written]:
    """Its CSV and its Parquet, in the snapshot around it."""
    parameters = table.parameters() or None
    buffer = bytearray()
    with Sink(folder / table.csv) as sink, connection.cursor() as cursor:
        with cursor.copy(table.statement, parameters) as copying:
            for piece in copying:
                buffer += piece
                if len(buffer) > BUFFER:
                    sink.write(buffer)
                    buffer.clear()
        sink.write(buffer)
        rows = cursor.rowcount
    csv = sink.written("text/csv", table=table.name, rows=rows)
    return [csv, write_parquet(folder, table, rows)]


def arrow_schema(table: Table) -> Any:
    return pa.schema([pa.field(f.name, TYPES[f.kind], nullable=f.optional) for f in table.fields])


def write_parquet(folder: Path, table: Table, rows: int) -> Written:
    """The same rows as the CSV: read from it, batch by batch, into the types of the columns."""
    path, schema = folder / table.parquet, arrow_schema(table)
    with pa.parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        if rows:
            for batch in _batches(folder / table.csv, schema):
                writer.write_batch(batch.cast(schema))
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    size = path.stat().st_size
    return Written(table.parquet, "application/vnd.apache.parquet", size, digest, table.name, rows)


def _batches(path: Path, schema: Any) -> Iterator[Any]:
    """Empty is absent. A word such as NA is a word: it is Namibia."""
    options = pa.csv.ConvertOptions(
        column_types=schema,
        null_values=[""],
        true_values=["true"],
        false_values=["false"],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
    )
    reading = pa.csv.ReadOptions(block_size=BATCH, use_threads=False)
    parsing = pa.csv.ParseOptions(newlines_in_values=True)
    with pa.csv.open_csv(path, reading, parsing, options) as reader:
        yield from reader


def write_text(folder: Path, name: str, media_type: str, text: str) -> Written:
    with Sink(folder / name) as sink:
        sink.write(text.encode())
    return sink.written(media_type)
