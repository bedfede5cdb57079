"""The sharing rule of actions/attribution.py once more, in SQL: for millions of acts at a time.

tests/contributions/test_bulk_shares.py holds the two to be one.
"""

from django.db import connection

from contributions.actions.rollups import Cell
from contributions.models.attribution import ATTRIBUTION_RULE

# Between two days on which something begins or ends an account's affiliations do not change. For each
# such span: who shares in what falls into it, and how much. The first by number takes the remainder.
SPANS = """
CREATE TEMPORARY TABLE bulk_span ON COMMIT DROP AS
WITH held AS (
    SELECT f.id, f.account_id, f.organisation_id, coalesce(o.nation_id, f.nation_id) AS nation_id,
        f.international, f.grade, f.valid_from, coalesce(f.valid_to, 'infinity') AS valid_to
    FROM contributions_affiliation f LEFT JOIN mission_organisation o ON o.id = f.organisation_id
    WHERE f.revoked_at IS NULL {among}
), edges AS (
    SELECT account_id, valid_from AS day FROM held UNION SELECT account_id, valid_to FROM held
), spans AS (
    SELECT account_id, day AS since, lead(day) OVER (PARTITION BY account_id ORDER BY day) AS until FROM edges
), together AS (
    SELECT h.*, s.since, s.until,
        bool_or(h.organisation_id IS NOT NULL) OVER (PARTITION BY s.account_id, s.since) AS organised
    FROM spans s JOIN held h USING (account_id) WHERE h.valid_from <= s.since AND h.valid_to >= s.until
), chosen AS (
    SELECT *, row_number() OVER (PARTITION BY account_id, since ORDER BY id) AS place,
        trunc(1::numeric / count(*) OVER (PARTITION BY account_id, since), 8) AS part,
        count(*) OVER (PARTITION BY account_id, since) AS parts
    FROM together WHERE organisation_id IS NOT NULL OR NOT organised
)
SELECT account_id, since::timestamp AT TIME ZONE 'UTC' AS since, until::timestamp AT TIME ZONE 'UTC' AS until,
    id AS affiliation_id, organisation_id, nation_id, international, grade,
    CASE WHEN place = 1 THEN 1 - part * (parts - 1) ELSE part END AS fraction
FROM chosen
"""
SHARE = f"""
INSERT INTO contributions_attribution
    (contribution_id, kind, happened_at, affiliation_id, organisation_id, nation_id, international, fraction,
    grade, rule_version)
SELECT c.id, c.kind, c.happened_at, s.affiliation_id, s.organisation_id, s.nation_id,
    coalesce(s.international, false), coalesce(s.fraction, 1), coalesce(s.grade, ''), {ATTRIBUTION_RULE}
FROM contributions_contribution c {{among}}
LEFT JOIN bulk_span s ON s.account_id = c.account_id AND c.happened_at >= s.since AND c.happened_at < s.until
"""  # noqa: S608 (our own words only)
# A month of a metric is recomputed whole, so one cell stands for it: the one of what nobody knows.
MONTHS = """
SELECT DISTINCT date_trunc('month', c.happened_at AT TIME ZONE 'UTC')::date, c.kind
FROM contributions_contribution c {among}
"""


def lay_out_spans(*, among: str = "") -> None:
    """Make the temporary table the others read. `among` narrows the affiliations, called f."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bulk_span")
        cursor.execute(SPANS.format(among=among))
        cursor.execute("ANALYZE bulk_span")


def share(*, among: str = "") -> int:
    """Write the shares of contributions that have none yet. `among` narrows them, called c."""
    with connection.cursor() as cursor:
        cursor.execute(SHARE.format(among=among))
        return int(cursor.rowcount)


def months_of(*, among: str = "") -> set[Cell]:
    """The months these contributions fall into, by kind: to be marked stale."""
    with connection.cursor() as cursor:
        cursor.execute(MONTHS.format(among=among))
        return {Cell(None, False, month, kind) for month, kind in cursor.fetchall()}
