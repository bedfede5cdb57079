"""People: who is active, who is new, who stays, and how much hangs on how few."""

from django.utils.translation import gettext_lazy as _

from contributions.measures.facts import BY_ANYBODY, PERSON, acts, of_people, people
from contributions.measures.metric import EVER, Amount, Metric
from contributions.measures.publishing import ROWS
from contributions.models.contributions import ContributionKind

EVERY_KIND = tuple(ContributionKind.values)


def _back(months: int) -> str:
    """The first moment of the month that many before."""
    return f"(((%(first)s AT TIME ZONE 'UTC') - interval '{months} months') AT TIME ZONE 'UTC')"


def _newcomers(begin: str, end: str, before: str) -> str:
    """Accounts (id, identity_id) of people with a contribution between two moments and none earlier, by
    whichever of their accounts, on whatever we have looked at.

    Walks contribution_month (kind, happened_at) over the months since `before`: most who are active in a
    month were in the last ones too. Who is left is looked up in contribution_account, one by one.
    """
    return f"""
    SELECT who.id, who.identity_id
    FROM (
        SELECT c.account_id FROM contributions_contribution c
        WHERE c.kind = ANY(%(kinds)s) AND c.happened_at >= {begin} AND c.happened_at < {end}
            AND {BY_ANYBODY}
        EXCEPT
        SELECT c.account_id FROM contributions_contribution c
        WHERE c.kind = ANY(%(kinds)s) AND c.happened_at >= {before} AND c.happened_at < {begin}
            AND {BY_ANYBODY}
    ) fresh
    JOIN contributions_account who ON who.id = fresh.account_id AND who.kind = 'person'
    WHERE (SELECT e.happened_at FROM contributions_contribution e
        WHERE e.account_id = who.id ORDER BY e.happened_at LIMIT 1) >= {begin}
    AND (who.identity_id IS NULL OR NOT EXISTS (
        SELECT FROM contributions_account same JOIN contributions_contribution e ON e.account_id = same.id
        WHERE same.identity_id = who.identity_id AND e.happened_at < {begin}))
    """  # noqa: S608 (our own words only)


NEW_ACCOUNTS = _newcomers("%(first)s", "%(after)s", _back(2))
# An array, because newcomers are few: their acts are found by contribution_account (account, happened_at).
NEW = f"c.account_id = ANY(ARRAY(SELECT fresh.id FROM ({NEW_ACCOUNTS}) fresh))"  # noqa: S608
# Of those who came six months before, all accounts; of these the people who contributed again.
STAYED_ACCOUNTS = f"""
    WITH new AS MATERIALIZED (
        SELECT fresh.id, fresh.identity_id FROM ({_newcomers(_back(6), _back(5), _back(8))}) fresh
        WHERE EXISTS (SELECT FROM contributions_contribution c
            JOIN contributions_artifact art ON art.id = c.artifact_id
            WHERE c.account_id = fresh.id AND c.kind = ANY(%(kinds)s) AND art.duplicate_of_id IS NULL
                AND c.happened_at >= {_back(6)} AND c.happened_at < {_back(5)})
    ), own AS MATERIALIZED (
        SELECT who.id, {PERSON} AS person FROM contributions_account who
        WHERE who.kind = 'person' AND (who.id = ANY(ARRAY(SELECT id FROM new))
            OR who.identity_id = ANY(ARRAY(SELECT identity_id FROM new WHERE identity_id IS NOT NULL)))
    ), again AS MATERIALIZED (
        SELECT DISTINCT own.person FROM contributions_contribution c
        JOIN own ON own.id = c.account_id
        JOIN contributions_artifact art ON art.id = c.artifact_id
        WHERE c.account_id = ANY(ARRAY(SELECT id FROM own)) AND c.kind = ANY(%(kinds)s)
            AND c.happened_at >= {_back(5)} AND c.happened_at < {_back(2)} AND art.duplicate_of_id IS NULL
    )
    SELECT own.id FROM own WHERE own.person IN (SELECT person FROM again)
"""  # noqa: S608
STAYED = f"c.account_id = ANY(ARRAY({STAYED_ACCOUNTS}))"
LAST_QUARTER = f"c.happened_at >= {_back(2)} AND c.happened_at < %(after)s"

ACTIVE = Metric(
    "active_contributors",
    _("Active contributors"),
    _("people"),
    _(
        "People with at least one contribution of any kind in the month. Accounts of one person are "
        "one. Who has several nations counts in each by share."
    ),
    ROWS,
    _("One small change a month from many accounts."),
    people(),
    EVERY_KIND,
    people=True,
    rows=of_people(),
    each_one=True,
    group="talent",
)
METRICS: tuple[Metric, ...] = (
    ACTIVE,
    Metric(
        "new_contributors",
        _("New contributors"),
        _("people"),
        _(
            "People whose first contribution of any kind, by any of their accounts, was in the month. First "
            "is the first we know of: where looking began lately, many seem new."
        ),
        ROWS,
        _("A new account for an old hand."),
        people(where=NEW),
        EVERY_KIND,
        people=True,
        part_of=ACTIVE,
        rows=of_people(where=NEW),
        each_one=True,
        reach=EVER,
        group="talent",
    ),
    Metric(
        "retained_contributors",
        _("New contributors who stayed"),
        _("people"),
        _(
            "Of the people whose first contribution was six months before this month: those who contributed "
            "again in the first three months after it, and again in the three months that end with this "
            "one. They count where they belonged in these last three months."
        ),
        ROWS,
        _("One small change each quarter."),
        people(where=STAYED, when=LAST_QUARTER),
        EVERY_KIND,
        people=True,
        rows=of_people(where=STAYED, when=LAST_QUARTER),
        each_one=True,
        reach=EVER,
        group="talent",
    ),
    Metric(
        "half_of_the_work",
        _("People doing half of the work"),
        _("people"),
        _(
            "The smallest number of people who together made half of the month's merged changes that are "
            "known to be some person's. The smaller, the more depends on few."
        ),
        ROWS,
        _("Sharing one person's work among several accounts."),
        acts(where="who.kind = 'person'"),
        (str(ContributionKind.MERGED_CHANGE),),
        amount=Amount.HALF,
        people=True,
        group="talent",
    ),
)
