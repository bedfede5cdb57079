"""Pieces of SQL that many metrics share: whose act it was, and how much of it falls to whom."""

# One number for all accounts of one human; nothing for organisations and for addresses nobody knows.
PERSON = "CASE WHEN who.kind = 'person' THEN coalesce(-who.identity_id, who.id) END"
SURE = "CASE WHEN a.grade IN ('A', 'B') THEN a.fraction ELSE 0 END"
IN_MONTH = "c.happened_at >= %(first)s AND c.happened_at < %(after)s"
# For the number of one place cell_rows.py puts there which acts of the month have a share that falls to it,
# which up to the end of the month; which people did some; and which artefacts they published.
IN_ANY_PLACE = "true /* an act in the month, wherever its shares fall */"
IN_ANY_PLACE_TILL_THEN = "true /* an act up to the month, wherever its shares fall */"
BY_ANYBODY = "true /* done by anybody */"
OF_ANYBODY = "true /* published by anybody */"
UP_TO_MONTH = "c.happened_at < %(after)s"
# Bots and coding agents are classes of their own; a mirror, fork or copy is its original's.
COUNTABLE = "coalesce(who.kind, '') NOT IN ('bot', 'agent') AND art.duplicate_of_id IS NULL"


def acts(*, where: str = "", when: str = IN_MONTH, also: str = "", among: str = IN_ANY_PLACE) -> str:
    """Contributions of the metric's kinds with their shares. `where` may use c, a, who and art.
    `also`: further columns of theirs, with a comma before each."""
    more = f"AND {where}" if where else ""
    return f"""
    SELECT a.nation_id, a.international, c.id::text AS subject, {PERSON} AS person,
        a.fraction AS upper, {SURE} AS lower, 'contribution' AS row_kind, c.id AS row_id,
        c.happened_at AS happened_at{also}
    FROM contributions_contribution c
    JOIN contributions_attribution a ON a.contribution_id = c.id
    JOIN contributions_artifact art ON art.id = c.artifact_id
    LEFT JOIN contributions_account who ON who.id = c.account_id
    WHERE c.kind = ANY(%(kinds)s) AND {when} AND {among} AND {COUNTABLE} {more}
    """  # noqa: S608 (our own words only)


def of_people(*, where: str = "", when: str = IN_MONTH) -> str:
    """Acts of people: what `people` is made of."""
    people_too = f"who.kind = 'person' {f'AND {where}' if where else ''}"
    return acts(where=people_too, when=when, among=BY_ANYBODY)


def people(*, where: str = "", when: str = IN_MONTH) -> str:
    """Each person is one, shared over cells as their acts are."""
    return f"""
    SELECT f.nation_id, f.international, f.person::text AS subject, f.person, f.row_kind, f.row_id,
        f.happened_at AS happened_at, f.upper / sum(f.upper) OVER (PARTITION BY f.person) AS upper,
        f.lower / sum(f.upper) OVER (PARTITION BY f.person) AS lower
    FROM ({of_people(where=where, when=when)}) f
    """  # noqa: S608
