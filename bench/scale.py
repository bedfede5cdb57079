"""Ten million contributions: how fast they come in, what a month of a metric costs, what readers feel.

`make bench ARGS=scale`, smaller by `SCALE=0.01 make bench ARGS=scale`. Wants 25 GB of disk at SCALE=1;
SCALE_DIR says where, else the temporary folder.
"""

import datetime
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from typing import Any

from bench.scale_house import Memory, services


def run() -> None:
    scale = float(os.environ.get("SCALE", "1"))
    with services() as postgres:
        from bench import grants_world
        from bench.scale_pages import read_pages
        from bench.scale_world import World

        world = World(scale)
        print(f"SCALE={scale:g}: {world.contributions:,} contributions, {world.artifacts:,} artefacts,")
        print(f"{len(world.accounts):,} accounts, {world.counted:,} artefacts read off daily for five years")
        load(world, postgres)
        grants_world.seed(
            applications=max(400, round(20_000 * scale)), reviews=max(1200, round(60_000 * scale))
        )
        one_month()
        everything(postgres)
        read_pages()


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    came = work()
    return time.perf_counter() - began, came


def say(what: str, seconds: float, rows: int = 0) -> None:
    rate = f"{rows:>12,} rows {rows / seconds:>10,.0f}/s" if rows else ""
    print(f"{what:<52} {seconds:>9.2f} s {rate}", flush=True)


def load(world: Any, postgres: int) -> None:
    from bench.scale_world import seed, settle
    from contributions.actions.bulk import ingest_contributions, lay_in_order
    from contributions.actions.bulk_readings import ingest_readings

    seconds, _none = timed(lambda: seed(world))
    say("accounts, affiliations, artefacts, links: the ground", seconds)
    with Memory(postgres) as memory:
        seconds, tally = timed(lambda: ingest_contributions(rows=world.acts()))
    shares = count("contributions_attribution")
    say("INGEST contributions with their shares, first load", seconds, tally.new + shares)
    print(f"  peak memory: {memory}")
    beside_bare_tables(world, seconds, tally.new + shares)
    seconds, _none = timed(lay_in_order)
    say("acts laid in the order of kind and time (CLUSTER)", seconds, tally.new)
    with Memory(postgres) as memory:
        seconds, tally = timed(lambda: ingest_readings(rows=world.readings()))
    say("readings, first load", seconds, tally.new)
    print(f"  peak memory: {memory}")
    seconds, _none = timed(settle)
    say("VACUUM ANALYZE", seconds)
    sizes()


def count(table: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def beside_bare_tables(world: Any, ingested: float, rows: int) -> None:
    """The same rows into tables without index, constraint or key: from Python as ingest has them, and as
    bytes that lie ready. Shares are ready bytes both times: without ingest nobody would know them."""
    from django.db import connection

    acts = ready_bytes("contributions_contribution")
    shares = ready_bytes("contributions_attribution")
    from_python, _none = timed(lambda: row_by_row(world))
    say("COPY of the same rows into bare tables, from Python", from_python + shares, rows)
    say("COPY of the same rows into bare tables, ready bytes", acts + shares, rows)
    print(f"  ingest has {(from_python + shares) / ingested:.2f} of the speed of the first (wanted: 0.33),")
    print(f"  {(acts + shares) / ingested:.2f} of the second", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bare_contributions_contribution, bare_contributions_attribution")


def row_by_row(world: Any) -> None:
    """psycopg's own way of copying rows; who and what are given as numbers, so that none is looked up."""
    from django.db import connection

    columns = "id, external_id, kind, happened_at, platform, evidence_url, revision, account_id, artifact_id"
    into = f"COPY bare_contributions_contribution ({columns}, observed_at) FROM STDIN"
    now = datetime.datetime.now(datetime.UTC)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE bare_contributions_contribution")
        with cursor.copy(into) as copying:
            for number, row in enumerate(world.acts()):
                copying.write_row(
                    (
                        number, row.external_id, row.kind, row.happened_at, row.artifact.platform,
                        row.evidence_url, row.revision, row.account and int(row.account.platform_id),
                        int(row.artifact.platform_id), now,
                    )
                )  # fmt: skip


def ready_bytes(table: str) -> float:
    """Seconds of COPY … FROM STDIN of the table's own rows into a bare twin of it."""
    from django.db import connection

    with tempfile.TemporaryFile(dir=os.environ.get("SCALE_DIR")) as file, connection.cursor() as cursor:
        with cursor.copy(f"COPY {table} TO STDOUT") as out:
            for block in out:
                file.write(block)
        cursor.execute(f"CREATE TABLE bare_{table} (LIKE {table})")
        cursor.execute(NO_CHECKS.format(table=table))
        file.seek(0)
        began = time.perf_counter()
        with cursor.copy(f"COPY bare_{table} FROM STDIN") as into:
            for block in iter(lambda: file.read(1 << 20), b""):
                into.write(block)
        return time.perf_counter() - began


NO_CHECKS = """
DO $$ DECLARE c record; BEGIN
    FOR c IN SELECT attname FROM pg_attribute
        WHERE attrelid = 'bare_{table}'::regclass AND attnum > 0 AND attnotnull
    LOOP EXECUTE format('ALTER TABLE bare_{table} ALTER %I DROP NOT NULL', c.attname); END LOOP;
END $$
"""
SIZES = """
SELECT relname, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class
WHERE relkind = 'r' AND relname LIKE 'contributions_%' AND pg_total_relation_size(oid) > 1e6
ORDER BY pg_total_relation_size(oid) DESC LIMIT 6
"""


def sizes() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(SIZES)
        for name, table, indexes in cursor.fetchall():
            print(f"  {name:<36} {table / 1e6:>8,.0f} MB, its indexes {indexes / 1e6:>8,.0f} MB")


def one_month() -> None:
    """The last full month of each metric: all nations at once, as it is stored, and the figure of the nation
    with most rows alone, as it is proved where a number is opened."""
    from contributions.actions.rollups import recompute
    from contributions.cell_rows import total
    from contributions.measures import METRICS
    from contributions.measures.metric import later, month_of
    from contributions.models import Rollup

    month, largest = later(month_of(datetime.datetime.now(datetime.UTC)), -1), most_accounts()
    took: dict[str, tuple[float, float]] = {}
    for slug, metric in METRICS.items():
        everybody, alone = [], []
        for _again in range(3):
            Rollup.objects.filter(metric=slug, month__lt=month).update(stale=False)
            stale(slug, month)
            everybody.append(timed(lambda metric=metric: recompute(metric=metric, month=month))[0])
            alone.append(timed(lambda metric=metric: total(metric, month, largest, people=True))[0])
        took[slug] = statistics.median(everybody), statistics.median(alone)
    print("one month of a metric recomputed, seconds, median of 3:   all nations   one nation")
    for slug, (everyone, one) in sorted(took.items(), key=lambda pair: -pair[1][0]):
        print(f"  {slug:<52} {everyone:>11.3f} {one:>12.3f}")
    for place, what in enumerate(("all nations at once", "one nation")):
        values = sorted(pair[place] for pair in took.values())
        over = sum(value >= 1 for value in values)
        told = f"median {statistics.median(values):.3f} s, slowest {values[-1]:.3f} s, {over} over one second"
        print(f"  {what}: {told}", flush=True)


def most_accounts() -> tuple[str, bool]:
    """The place that most accounts belong to."""
    from django.db.models import Count

    from contributions.models import Affiliation

    tied = Affiliation.objects.exclude(nation=None).order_by().values_list("nation")
    (nation, _accounts) = tied.annotate(accounts=Count("pk")).order_by("-accounts")[0]
    return str(nation), False


def stale(slug: str, month: datetime.date) -> None:
    from contributions.actions.rollups import mark_months_stale
    from contributions.measures import METRICS

    mark_months_stale(metrics=[METRICS[slug]], months=[month])


def everything(postgres: int) -> None:
    """All metrics, all months: marked stale and recomputed, as after a change of rule."""
    from contributions.actions.holdings import count_holdings
    from contributions.actions.rollups import recompute_stale
    from contributions.models import Rollup

    Rollup.objects.update(stale=True)

    def all_of_it() -> int:
        return sum(iter(lambda: recompute_stale(limit=500), 0))

    with Memory(postgres) as memory:
        seconds, done = timed(all_of_it)
    cells = Rollup.objects.fresh().count()
    counted, languages = timed(count_holdings)
    print(f"what the commons holds for {languages:,} languages, counted: {counted:.3f} s")
    print(f"full recompute: {done:,} months of metrics, {cells:,} cells, {seconds:.1f} s")
    print(f"  peak memory: {memory}", flush=True)
