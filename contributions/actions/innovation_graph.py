"""Importing a release of the GitHub Innovation Graph: all of it, or nothing."""

from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions.innovation_graph import PUBLISHER, Row, checksum, read
from contributions.models import Baseline, BaselineRelease
from mission.actions.audit import record
from mission.errors import Refused
from mission.models import Nation, User

INCOMING = """
DROP TABLE IF EXISTS pg_temp.incoming;
CREATE TEMPORARY TABLE incoming (
    metric text, economy text, year int, quarter int, dimension text, value bigint
) ON COMMIT DROP
"""
WITHDRAW = """
DELETE FROM contributions_baseline b WHERE NOT EXISTS (
    SELECT FROM incoming i WHERE (i.metric, i.economy, i.year, i.quarter, i.dimension)
        = (b.metric, b.economy, b.year, b.quarter, b.dimension))
"""
UPSERT = """
INSERT INTO contributions_baseline AS b
    (metric, economy, nation_id, year, quarter, dimension, value, release_id)
SELECT i.metric, i.economy, n.code, i.year, i.quarter, i.dimension, i.value, %s
FROM incoming i LEFT JOIN mission_nation n ON n.code = i.economy
ORDER BY i.metric, i.economy, i.year, i.quarter, i.dimension
ON CONFLICT (metric, economy, year, quarter, dimension) DO UPDATE
SET value = excluded.value, nation_id = excluded.nation_id, release_id = excluded.release_id
WHERE (b.value, b.nation_id) IS DISTINCT FROM (excluded.value, excluded.nation_id)
"""


@dataclass(frozen=True)
class Imported:
    release: BaselineRelease
    rows: int
    changed: int  # new, different or withdrawn


def _take_in(folder: Path) -> tuple[int, Row]:
    """COPY the files into the temporary table; how many rows, and the newest of them."""
    count, newest = 0, None
    with connection.cursor() as cursor:
        cursor.execute(INCOMING)
        with cursor.copy("COPY incoming FROM STDIN") as copy:
            for row in read(folder):
                copy.write_row(row)
                count += 1
                if newest is None or (row.year, row.quarter) > (newest.year, newest.quarter):
                    newest = row
        cursor.execute("ANALYZE incoming")
    if newest is None:
        raise Refused(_("The files hold no rows. Nothing was imported."), status=422)
    return count, newest


def import_innovation_graph(*, actor: User | None, folder: Path, source_url: str = PUBLISHER) -> Imported:
    """Load the seven CSV files in `folder`. What they no longer hold is withdrawn: it was suppressed.

    Importing the same files again changes nothing. Raises Refused, naming file and line, and then nothing
    was imported.
    """
    if not Nation.objects.exists():
        raise Refused(_("There are no nations yet. Run manage.py load_reference first."))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('import_innovation_graph'))")
        rows, newest = _take_in(folder)
        release, fresh = BaselineRelease.objects.get_or_create(
            checksum=checksum(folder),
            defaults={
                "name": f"{newest.year} Q{newest.quarter}",
                "source_url": source_url,
                "rows": rows,
                "retrieved_at": timezone.now(),
            },
        )
        with connection.cursor() as cursor:
            cursor.execute(WITHDRAW)
            changed = cursor.rowcount
            cursor.execute(UPSERT, [release.pk])
            changed += cursor.rowcount
        if fresh or changed:
            record(actor=actor, verb="baseline.imported", target=release, rows=rows, changed=changed)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {Baseline._meta.db_table}")
    return Imported(release, rows, changed)
