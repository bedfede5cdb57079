"""Contributions by the million. They come to the same as by actions/contributions.py, one way or the other.

The first load copies the rows into tables without indexes and makes those afterwards, in one transaction.
Later ones take slices, each in a transaction of its own: set beside what is there, and what is new or
changed is written. Killed anywhere, the next run goes on: what is there already counts for nothing.
"""

from collections.abc import Iterable, Sequence
from itertools import chain, islice

from django.db import connection, transaction

from contributions.actions.bulk_lines import Lines
from contributions.actions.bulk_shares import lay_out_spans, months_of, share
from contributions.actions.bulk_tables import MEMORY, copy, make_unique, slices, waiting_indexes
from contributions.actions.contributions import Tally
from contributions.actions.rollups import mark_stale
from contributions.found import FoundContribution
from contributions.models import Contribution

SLICE = 50_000  # rows: some 40 MB of Python objects
TABLES = ["contributions_contribution", "contributions_attribution"]
COLUMNS = (
    "external_id, kind, happened_at, platform, evidence_url, revision, account_id, artifact_id, observed_at"
)
STAGE = """
DROP TABLE IF EXISTS bulk_stage, bulk_touched;
CREATE TEMPORARY TABLE bulk_stage (
    external_id text, kind text, happened_at timestamptz, platform text, evidence_url text, revision text,
    account_id bigint, artifact_id bigint, observed_at timestamptz
) ON COMMIT DROP;
CREATE TEMPORARY TABLE bulk_touched (id bigint, is_new boolean) ON COMMIT DROP
"""
# On the Hub whoever published stays: see _keep_publisher. What is there word for word is not staged any
# longer; `bulk_touched` first has what will change.
COMPARE = """
UPDATE bulk_stage s SET account_id = c.account_id FROM contributions_contribution c
WHERE c.external_id = s.external_id AND s.platform = 'huggingface' AND c.account_id IS NOT NULL;
DELETE FROM bulk_stage s USING contributions_contribution c WHERE c.external_id = s.external_id
AND (c.kind, c.happened_at, c.platform, c.evidence_url, c.revision, c.account_id, c.artifact_id)
    IS NOT DISTINCT FROM
    (s.kind, s.happened_at, s.platform, s.evidence_url, s.revision, s.account_id, s.artifact_id);
INSERT INTO bulk_touched
SELECT c.id, false FROM contributions_contribution c JOIN bulk_stage s USING (external_id)
"""
UPSERT = f"""
WITH written AS (
    INSERT INTO contributions_contribution ({COLUMNS})
    SELECT {COLUMNS} FROM bulk_stage ORDER BY external_id
    ON CONFLICT (external_id) DO UPDATE SET kind = excluded.kind, happened_at = excluded.happened_at,
        platform = excluded.platform, evidence_url = excluded.evidence_url, revision = excluded.revision,
        account_id = excluded.account_id, artifact_id = excluded.artifact_id,
        observed_at = excluded.observed_at
    RETURNING id
)
INSERT INTO bulk_touched
SELECT id, true FROM written WHERE NOT EXISTS (SELECT FROM bulk_touched t WHERE t.id = written.id)
"""  # noqa: S608 (our own words only)
COUNT = """
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new)
FROM bulk_touched JOIN contributions_contribution USING (id)
"""
TOUCHED = "JOIN bulk_touched t ON t.id = c.id"
THEIR_AFFILIATIONS = "AND f.account_id IN (SELECT account_id FROM bulk_stage)"
TOUCHED_PAIRS = "AND (p.id IN (SELECT id FROM bulk_touched) OR d.id IN (SELECT id FROM bulk_touched))"
DROP_SHARES = """
DELETE FROM contributions_attribution a USING bulk_touched t WHERE a.contribution_id = t.id AND NOT t.is_new
"""
# A commit that came by a pull request is counted with it, once.
DOUBLES = """
CREATE TEMPORARY TABLE bulk_double ON COMMIT DROP AS
SELECT d.id FROM contributions_contribution d JOIN contributions_contribution p
    ON p.artifact_id = d.artifact_id AND p.revision = d.revision
WHERE d.revision <> '' AND d.kind = 'merged_change' AND d.external_id LIKE 'github:commit:%'
    AND p.external_id LIKE 'github:pull:%' {among};
"""
COUNTED_DOUBLES = """JOIN bulk_double d ON d.id = c.id
WHERE NOT EXISTS (SELECT FROM bulk_touched t WHERE t.id = c.id AND t.is_new)"""
DROP_DOUBLES = """
DELETE FROM contributions_attribution WHERE contribution_id IN (SELECT id FROM bulk_double);
DELETE FROM contributions_contribution WHERE id IN (SELECT id FROM bulk_double);
DROP TABLE bulk_double
"""
# Said twice in a first load: the last one stands.
REPEATED = """
DELETE FROM contributions_contribution c USING (
    SELECT max(id) AS last, external_id FROM contributions_contribution
    GROUP BY external_id HAVING count(*) > 1
) twice WHERE c.external_id = twice.external_id AND c.id <> twice.last
"""


def ingest_contributions(*, rows: Iterable[FoundContribution]) -> Tally:
    """Bring in contributions as they come, with their accounts and shares; their artefacts must be there.

    Memory does not grow with the rows. A row that cannot be right is refused with a sentence that names
    it: of a first load nothing stays then, of a later one the slices before it.
    """
    lines, coming = Lines(), slices(rows, SLICE)
    first = list(islice(coming, 2))
    if len(first) == 2 and not Contribution.objects.exists():
        return _load(lines, chain(first, coming))
    return sum((_take(lines, piece) for piece in chain(first, coming)), Tally())


def _load(lines: Lines, pieces: Iterable[Sequence[FoundContribution]]) -> Tally:
    """The first load: everything or nothing."""
    with transaction.atomic(), waiting_indexes(tables=TABLES) as waiting:
        for piece in pieces:
            copy(into=f"contributions_contribution ({COLUMNS})", lines=lines.of_contributions(piece))
        make_unique(waiting, columns="(external_id)", otherwise=REPEATED)
        _execute(DOUBLES.format(among="") + DROP_DOUBLES)
        lay_out_spans()
        share()
        mark_stale(cells=months_of())
        return Tally(new=Contribution.objects.count())


def _take(lines: Lines, piece: Sequence[FoundContribution]) -> Tally:
    """A slice beside what is there."""
    with transaction.atomic():
        _execute(STAGE)
        copy(into=f"bulk_stage ({COLUMNS})", lines=lines.of_contributions(piece))
        _execute(COMPARE)
        touched = months_of(among=TOUCHED)
        _execute(UPSERT)
        _execute(DROP_SHARES)
        _execute(DOUBLES.format(among=TOUCHED_PAIRS))
        touched |= months_of(among=COUNTED_DOUBLES)
        _execute(DROP_DOUBLES)
        lay_out_spans(among=THEIR_AFFILIATIONS)
        share(among=TOUCHED)
        mark_stale(cells=touched | months_of(among=TOUCHED))
        with connection.cursor() as cursor:
            cursor.execute(COUNT)
            return Tally(*cursor.fetchone())


def lay_in_order() -> None:
    """After a first load, once. It brings acts artefact by artefact; from then on they lie by kind and time,
    as new ones come in anyway, so that a number of a month reads what lies together. Nobody can read acts
    meanwhile: two minutes at ten million. VACUUM afterwards: indexes are read alone only then."""
    with transaction.atomic():
        _execute(f"{MEMORY}; SET CONSTRAINTS ALL IMMEDIATE")
        _execute("CLUSTER contributions_contribution USING contribution_month")
        _execute("ANALYZE contributions_contribution")


def _execute(statements: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statements)
