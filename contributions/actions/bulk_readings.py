"""Daily readings by the million. They come to the same as by actions/artifacts.py, one way or the other."""

import datetime
from collections.abc import Iterable, Sequence
from itertools import chain, islice

from django.db import connection, transaction

from contributions.actions.bulk_lines import Lines
from contributions.actions.bulk_tables import copy, make_unique, slices, waiting_indexes
from contributions.actions.contributions import Tally
from contributions.actions.rollups import mark_readings_stale
from contributions.found import ArtifactKey, FoundReading
from contributions.models import Reading

SLICE = 50_000
COLUMNS = "artifact_id, day, downloads, downloads_all_time, likes, stars"
STAGE = """
DROP TABLE IF EXISTS bulk_reading;
CREATE TEMPORARY TABLE bulk_reading (
    artifact_id bigint, day date, downloads bigint, downloads_all_time bigint, likes int, stars int
) ON COMMIT DROP
"""
# `xmax` is zero where no row was there before.
UPSERT = f"""
WITH written AS (
    INSERT INTO contributions_reading AS r ({COLUMNS})
    SELECT {COLUMNS} FROM bulk_reading ORDER BY artifact_id, day
    ON CONFLICT (artifact_id, day) DO UPDATE SET downloads = excluded.downloads,
        downloads_all_time = excluded.downloads_all_time, likes = excluded.likes, stars = excluded.stars
    WHERE (r.downloads, r.downloads_all_time, r.likes, r.stars)
        IS DISTINCT FROM (excluded.downloads, excluded.downloads_all_time, excluded.likes, excluded.stars)
    RETURNING xmax = 0 AS is_new
)
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM written
"""  # noqa: S608 (our own words only)
REPEATED = """
DELETE FROM contributions_reading r USING (
    SELECT max(id) AS last, artifact_id, day FROM contributions_reading
    GROUP BY artifact_id, day HAVING count(*) > 1
) twice WHERE r.artifact_id = twice.artifact_id AND r.day = twice.day AND r.id <> twice.last
"""

Said = tuple[ArtifactKey, FoundReading]


def ingest_readings(*, rows: Iterable[Said]) -> Tally:
    """Bring in readings as they come; their artefacts must be there. Memory does not grow with the rows."""
    lines, coming = Lines(), slices(rows, SLICE)
    first = list(islice(coming, 2))
    if len(first) == 2 and not Reading.objects.exists():
        return _load(lines, chain(first, coming))
    return sum((_take(lines, piece) for piece in chain(first, coming)), Tally())


def _load(lines: Lines, pieces: Iterable[Sequence[Said]]) -> Tally:
    """The first load: everything or nothing."""
    days: set[datetime.date] = set()
    with transaction.atomic(), waiting_indexes(tables=["contributions_reading"]) as waiting:
        for piece in pieces:
            copy(into=f"contributions_reading ({COLUMNS})", lines=lines.of_readings(piece))
            days.update(said.day for _key, said in piece)
        repeated = make_unique(waiting, columns="(artifact_id, day)", otherwise=REPEATED)
        mark_readings_stale(days=days)
    return Tally(new=lines.count - lines.repeated - repeated)


def _take(lines: Lines, piece: Sequence[Said]) -> Tally:
    """A slice beside what is there."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(STAGE)
        copy(into=f"bulk_reading ({COLUMNS})", lines=lines.of_readings(piece))
        cursor.execute(UPSERT)
        tally = Tally(*cursor.fetchone())
        if tally != Tally():
            mark_readings_stale(days={said.day for _key, said in piece})
        return tally
