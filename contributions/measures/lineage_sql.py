"""Pieces of SQL about artefacts: by which act one was published, and what it was made from."""

from contributions.measures.facts import COUNTABLE, IN_ANY_PLACE, PERSON

BUILT_ON = "('base', 'finetune', 'adapter', 'quantized', 'merge')"
# Link kinds that make a model a derivative: there is another model underneath.
DERIVED = f"EXISTS (SELECT 1 FROM contributions_artifactlink up WHERE up.child_id = art.id AND up.kind IN {BUILT_ON})"  # noqa: E501, S608
# Whose act brought an artefact into the world: the first one that published it. Walks the index
# contribution_artifact (artifact, happened_at), one entry an artefact.
FIRST_PUBLISHED = """
    SELECT act.id, act.account_id FROM contributions_contribution act
    WHERE act.artifact_id = {artifact} AND act.kind IN ('model', 'dataset', 'benchmark', 'application')
    ORDER BY act.happened_at, act.id LIMIT 1
"""
# The artefact a link leads to; a mirror or copy leads to its original.
ROOT = "coalesce(named.duplicate_of_id, named.id)"
GIVER = PERSON.replace("who.", "giver.")
# A step of lineage of what was published in the month: a is the share of whoever took, ga of whoever
# gave. Where nobody has looked at the parent, or nobody published it that we know, the giver is unknown.
# Walks contribution_month for the month's publications, then link_once (child, kind, parent_name).
STEPS = f"""
    FROM contributions_contribution c
    JOIN contributions_attribution a ON a.contribution_id = c.id
    JOIN contributions_artifact art ON art.id = c.artifact_id
    LEFT JOIN contributions_account who ON who.id = c.account_id
    JOIN contributions_artifactlink l ON l.child_id = art.id
    LEFT JOIN contributions_artifact named ON named.id = l.parent_id
    LEFT JOIN LATERAL ({FIRST_PUBLISHED.format(artifact=ROOT)}) gift ON true
    LEFT JOIN contributions_account giver ON giver.id = gift.account_id
    LEFT JOIN contributions_attribution ga ON ga.contribution_id = gift.id
    WHERE {{child}} AND c.happened_at >= %(first)s AND c.happened_at < %(after)s AND {COUNTABLE}
        AND coalesce(giver.kind, '') NOT IN ('bot', 'agent') AND {ROOT} IS DISTINCT FROM art.id
"""
PIECE = "a.fraction * coalesce(ga.fraction, 1)"
SURE_PIECE = f"CASE WHEN a.grade IN ('A', 'B') AND ga.grade IN ('A', 'B') THEN {PIECE} ELSE 0 END"
ELSEWHERE = """(a.nation_id IS NOT NULL OR a.international)
        AND (a.nation_id, a.international)
            IS DISTINCT FROM (ga.nation_id, coalesce(ga.international, false))"""


def given(*, child: str, links: str, part: str = "1") -> str:
    """What others built in the month on what people of the cell had published: credited to the giver."""
    return f"""
    SELECT ga.nation_id, coalesce(ga.international, false) AS international,
        coalesce({ROOT}::text, l.parent_name) AS subject, {GIVER} AS person,
        {PIECE} / {part} AS upper, {SURE_PIECE} / {part} AS lower, 'link' AS row_kind, l.id AS row_id
    {STEPS.format(child=child)} AND l.kind IN {links} AND {ELSEWHERE}
    """


def taken(*, child: str) -> str:
    """Every step of lineage of what people of the cell published in the month: credited to the taker."""
    return f"""
    SELECT a.nation_id, a.international, art.id::text AS subject, {PERSON} AS person,
        {PIECE} AS upper, {SURE_PIECE} AS lower, 'link' AS row_kind, l.id AS row_id
    {STEPS.format(child=child)} AND {IN_ANY_PLACE}
    """
