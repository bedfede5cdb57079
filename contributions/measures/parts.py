"""Shares of something in all acts of a cell: the SELECT of a ratio."""

from contributions.measures.facts import COUNTABLE, IN_ANY_PLACE, IN_MONTH, PERSON, SURE


def share_of(condition: str) -> str:
    """How much of the month's acts meets a condition over c, a, who and art; walks contribution_month."""
    return f"""
    SELECT a.nation_id, a.international, c.id::text AS subject, {PERSON} AS person,
        CASE WHEN {condition} THEN a.fraction ELSE 0 END AS upper,
        CASE WHEN {condition} THEN {SURE} ELSE 0 END AS lower,
        'contribution' AS row_kind, c.id AS row_id, c.happened_at AS happened_at, a.fraction AS per
    FROM contributions_contribution c
    JOIN contributions_attribution a ON a.contribution_id = c.id
    JOIN contributions_artifact art ON art.id = c.artifact_id
    LEFT JOIN contributions_account who ON who.id = c.account_id
    WHERE c.kind = ANY(%(kinds)s) AND {IN_MONTH} AND {IN_ANY_PLACE} AND {COUNTABLE}
    """  # noqa: S608 (our own words only)
