"""People: who is active, who is new, who stays, and how much hangs on how few."""

from django.utils.translation import gettext_lazy as _

from contributions.measures.facts import COUNTABLE, PERSON, acts, people
from contributions.measures.metric import EVER, Amount, Metric
from contributions.measures.publishing import ROWS
from contributions.models.contributions import ContributionKind

EVERY_KIND = tuple(ContributionKind.values)


def _back(months: int) -> str:
    """The first moment of the month that many before."""
    return f"(((%(first)s AT TIME ZONE 'UTC') - interval '{months} months') AT TIME ZONE 'UTC')"


def _somebody(begin: str, end: str) -> str:
    """The people with a contribution between two moments. Walks contribution_month (kind, happened_at)."""
    return f"""
    SELECT DISTINCT {PERSON} AS person
    FROM contributions_contribution c
    JOIN contributions_artifact art ON art.id = c.artifact_id
    JOIN contributions_account who ON who.id = c.account_id AND who.kind = 'person'
    WHERE c.kind = ANY(%(kinds)s) AND c.happened_at >= {begin} AND c.happened_at < {end} AND {COUNTABLE}
    """  # noqa: S608 (our own words only)


def _newcomers(begin: str, end: str) -> str:
    """Those of them without any earlier contribution, by whichever of their accounts, on whatever we have
    looked at. One look into contribution_account (account, happened_at) an account."""
    return f"""
    SELECT one.person FROM ({_somebody(begin, end)}) one
    WHERE (
        SELECT min((SELECT min(e.happened_at) FROM contributions_contribution e WHERE e.account_id = same.id))
        FROM contributions_account same WHERE same.id = one.person OR same.identity_id = -one.person
    ) >= {begin}
    """  # noqa: S608


NEW = f"{PERSON} IN ({_newcomers('%(first)s', '%(after)s')})"
STAYED = f"""{PERSON} IN ({_newcomers(_back(6), _back(5))})
    AND {PERSON} IN ({_somebody(_back(5), _back(2))})"""
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
